// A gallery in one SQLite file. Private to this room.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vultus/gallery/store/store.hpp>
#include <vultus/sqlite/database.hpp>
#include <vultus/sqlite/statement_pool.hpp>

namespace vultus::gallery {

struct SqliteOptions {
  std::filesystem::path path;
  sqlite::Access access = sqlite::Access::read_only;
  std::chrono::milliseconds busy_wait{5000};
  std::int64_t max_bytes = 0;                   ///< rounded up to a page; 0 = no limit but the disk's
  std::function<Result<NewStore>()> fill = {};  ///< asked when a new file is made; needed for create_or_open
};

class SqliteStore final : public Store {
 public:
  /// Opens or makes a file. One of an older version is brought up to date, also for reading, where it may be written.
  /// @error as sqlite::Database::open
  static Result<std::unique_ptr<SqliteStore>> open(const SqliteOptions& options);

  [[nodiscard]] const std::string& name() const override { return file_.name(); }
  [[nodiscard]] int version() const override { return file_.version(); }
  [[nodiscard]] bool writable() const override { return writable_; }
  [[nodiscard]] bool frozen() const override { return file_.is_frozen(); }
  Result<std::unique_ptr<StoreTransaction>> begin(Kind kind) override;
  Result<Sequence> sequence() override;
  Result<Changes> changes_after(Sequence seen) override;
  Result<std::optional<std::string>> meta(std::string_view key) override;
  Status set_meta(std::string_view key, std::string_view value) override;

  Result<std::vector<ModelRow>> models() override;
  Result<ModelRowId> add_model(const GalleryModel& model, UtcTime now) override;
  Status remove_model(ModelRowId id) override;

  Result<ReservedIds> reserve_ids(std::int64_t subjects, std::int64_t faces) override;
  Status add_subjects(std::span<const SubjectRow> rows) override;
  Status update_subject(const SubjectRow& row) override;
  Result<std::int64_t> remove_subject(SubjectId id) override;
  Result<std::optional<SubjectRow>> subject(SubjectId id) override;
  Result<std::vector<std::optional<SubjectRow>>> find_subjects(std::span<const std::string> name_keys) override;
  Result<std::vector<SubjectRow>> subjects(std::string_view after, std::size_t limit) override;
  Status each_subject(const Take<SubjectRow>& take) override;

  Status add_faces(std::span<const WholeFace> faces) override;
  Status update_faces(std::span<const WholeFace> faces) override;
  Status move_faces(std::span<const FaceId> faces, SubjectId to) override;
  Status remove_face(FaceId id) override;
  Status each_owner(const TakeOwner& take) override;
  Result<std::optional<FaceRow>> face(FaceId id) override;
  Result<std::vector<FaceRow>> faces_of(SubjectId id) override;
  Result<std::vector<std::vector<FaceRow>>> faces_of_sources(std::span<const std::string> source_keys) override;
  Result<std::optional<ThumbnailRow>> thumbnail(FaceId id) override;

  Status add_templates(std::span<const TemplateRow> rows) override;
  Result<std::optional<TemplateRow>> face_template(FaceId face, ModelRowId model) override;
  Status each_template(ModelRowId model, FaceId after, const TakeTemplate& take) override;
  Result<std::vector<FaceId>> faces_without_template(ModelRowId model, FaceId after, std::size_t limit) override;
  Result<std::int64_t> count_without_template(ModelRowId model) override;

  Result<std::vector<SubjectId>> expired_subjects(UtcTime now, std::size_t limit) override;
  Result<std::vector<FaceId>> expired_faces(UtcTime now, std::size_t limit) override;

  Status add_link(const LinkRow& link) override;
  Status remove_link(const LinkRow& link) override;
  Result<std::vector<LinkRow>> links() override;
  Result<std::int64_t> add_undo(const UndoRow& row) override;
  Result<std::vector<UndoRow>> undo_rows() override;
  Status remove_undo(std::int64_t number) override;
  Status append_audit(std::span<const AuditRow> rows) override;
  Result<std::optional<AuditRow>> last_audit() override;
  Status each_audit(std::int64_t after, const Take<AuditRow>& take) override;

  Status add_calibration(ModelRowId model, const Calibration& measured, UtcTime now) override;
  Result<std::vector<Calibration>> calibrations(ModelRowId model) override;

  Result<GalleryCheck> check(const CheckVisitor& look) override;
  Result<bool> empty_log() override { return file_.empty_log(); }
  Status raw_bytes(const std::function<void(const std::string& file, std::span<const std::byte>)>& take) override {
    return file_.raw_bytes(take);
  }
  Result<bool> write_anew() override { return file_.write_anew(); }
  Status backup(const BackupOptions& options) override;

 private:
  class OpenTransaction;
  class Findings;
  explicit SqliteStore(sqlite::Database file, const SqliteOptions& options)
      : file_(std::move(file)), pool_(file_), writable_(options.access != sqlite::Access::read_only) {}

  /// The number of the running write transaction, which is taken with its first change.
  Result<Sequence> take_number();
  /// Runs SQL whose parameters from 1 on are `numbers`.
  Status run(std::string_view sql, std::initializer_list<std::int64_t> numbers);
  Status set_number(std::string_view key, std::int64_t value);
  Status write_face(const WholeFace& whole, Sequence number);
  Status write_templates(std::span<const TemplateRow> rows);
  Status write_thumbnail(const ThumbnailRow& row);
  Status links_changed();
  Result<std::vector<std::int64_t>> expired(std::string_view table, UtcTime now, std::size_t limit);
  Status check_keys(Findings& findings);
  Status check_subjects(const CheckVisitor& look, GalleryCheck& result, Findings& findings);
  Status check_faces(const CheckVisitor& look, GalleryCheck& result, Findings& findings);
  Status check_templates(const CheckVisitor& look, Findings& findings);
  Status check_thumbnails(const CheckVisitor& look, Findings& findings);
  Status check_rest(Findings& findings);
  [[nodiscard]] Error damaged(const std::string& what) const {
    return file_.fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }

  sqlite::Database file_;
  sqlite::StatementPool pool_;
  bool writable_;
  Sequence number_ = 0;  ///< of the running write transaction; 0 = none taken
};

}  // namespace vultus::gallery
