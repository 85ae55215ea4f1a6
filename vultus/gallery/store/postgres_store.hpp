// A gallery in a PostgreSQL database. Private to this room.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vultus/gallery/store/store.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery {

enum class PostgresAccess : std::uint8_t { read_only, read_write, create_or_open };

/// Whether plain SQL clients can search the vectors. That needs templates in plain.
enum class Searchable : std::uint8_t { no, exact, hnsw };

struct PostgresOptions {
  std::string url;  ///< several hosts: the first that can be written (or read) is taken
  PostgresAccess access = PostgresAccess::read_only;
  std::chrono::milliseconds deadline{10'000};   ///< of every call
  std::chrono::milliseconds busy_wait{5'000};   ///< for another writer
  std::function<Result<NewStore>()> fill = {};  ///< asked when a new gallery is made; needed for create_or_open
  Searchable searchable = Searchable::no;       ///< of a new gallery
  std::int64_t shard = 0;                       ///< of a new gallery: the upper 16 bits of its ids
};

/// One gallery in one schema of a database: `vultus`, unless the URL names another (use_schema). A connection that was
/// lost is made anew when the next transaction or reading outside of one begins, at the first host of the URL that
/// serves; what was running is an error.
///
/// Every write transaction locks the one row of `counter` until its commit, so numbers appear in the order of commits,
/// and sends its number to the channel <schema>_changes.
class PostgresStore final : public Store {
 public:
  /// Opens or makes a gallery in a database that is there. One of an older version is brought up to date, where it may
  /// be written.
  /// @error not_found       no such database, or no gallery in it
  /// @error resource_limit  no server can be reached, or it does not let this user in
  /// @error unsupported     made by a newer version, or by an older one and not to be written; pgvector is missing
  static Result<std::unique_ptr<PostgresStore>> open(const PostgresOptions& options);
  ~PostgresStore() override;

  /// The shard that the ids of this gallery name.
  Result<std::int64_t> shard();
  [[nodiscard]] Result<Searchable> searchable();
  /// Subjects and faces.
  Result<std::pair<std::int64_t, std::int64_t>> counts();
  /// Waits until somebody commits a change, however the connection fares meanwhile.
  /// @return true if there may be something behind `seen`
  Result<bool> wait_for_change(Sequence seen, std::chrono::milliseconds wait);
  /// The session's number at the server, 0 without one. For tests that end it.
  [[nodiscard]] int process() const;

  [[nodiscard]] const std::string& name() const override { return name_; }
  [[nodiscard]] int version() const override { return version_; }
  [[nodiscard]] bool writable() const override { return options_.access != PostgresAccess::read_only; }
  [[nodiscard]] bool frozen() const override { return false; }
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
  /// PostgreSQL keeps old bytes in dead rows until a vacuum, and in its log: nothing can be promised.
  Result<bool> empty_log() override { return false; }
  Status backup(const BackupOptions& options) override;

 private:
  class OpenTransaction;
  class Findings;
  PostgresStore(postgres::Connection connection, PostgresOptions options);

  /// The connection; made anew where it was lost, unless a transaction went with it.
  Result<postgres::Connection*> connection();
  Status connect();
  /// Sets the session up, and notes which history of the database this is: a standby that took over may lack what was
  /// committed last.
  Status begin_session();
  Result<postgres::Answer> run(std::string_view sql, const postgres::Parameters& parameters = {});
  Result<postgres::Answer> run(std::string_view sql, std::initializer_list<std::int64_t> numbers);
  Status copy(const char* sql, postgres::CopyRows& rows);
  Status create();
  /// What became of a transaction whose commit was not answered.
  Status outcome_of(std::int64_t transaction, const Error& loss);

  [[nodiscard]] std::string channel() const;
  Result<Sequence> take_number();
  Status set_number(std::string_view key, std::int64_t value);
  Status links_changed();
  Status write_faces(std::span<const WholeFace> faces, Sequence number);
  Status write_templates(std::span<const TemplateRow> rows);
  Result<std::vector<std::int64_t>> expired(std::string_view table, UtcTime now, std::size_t limit);
  Result<std::optional<ModelRow>> searched_model();
  Result<std::vector<ThresholdRow>> calibration_rows(std::int64_t calibration);
  Status check_subjects(const CheckVisitor& look, GalleryCheck& result, Findings& findings);
  Status check_faces(const CheckVisitor& look, GalleryCheck& result, Findings& findings);
  Status check_templates(const CheckVisitor& look, Findings& findings);
  Status check_thumbnails(const CheckVisitor& look, Findings& findings);
  Status check_vectors(Findings& findings);
  Status check_rest(Findings& findings);
  [[nodiscard]] Error damaged(const std::string& what) const {
    return fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }

  std::optional<postgres::Connection> connection_;
  PostgresOptions options_;
  std::string name_;
  std::string schema_;
  int version_ = 0;
  Searchable searchable_ = Searchable::no;
  bool listening_ = false;
  bool in_transaction_ = false;
  std::string timeline_;          ///< of the server that answered last; empty = a standby, or not asked yet
  bool another_history_ = false;  ///< the timeline has changed since the last changes_after
  Sequence number_ = 0;           ///< of the running write transaction; 0 = none taken
  std::int64_t transaction_ = 0;  ///< PostgreSQL's number of it
};

}  // namespace vultus::gallery
