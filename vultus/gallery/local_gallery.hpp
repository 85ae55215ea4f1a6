// A gallery in one store, searched in memory. Private to this room.
#pragma once

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/gallery_impl.hpp>
#include <vultus/gallery/negatives.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// Two locks: `file_` for the store and the codec, `memory_` for what is searched. A search takes only the second, and
/// a change takes it only for the moment in which it puts rows into memory, so a search never waits for the disk.
class LocalGallery final : public Gallery::Impl {
 public:
  /// Opens the store and loads what is searched.
  static Result<std::unique_ptr<LocalGallery>> open(GalleryOptions options);

  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const override {
    return store_->fail(code, message);
  }
  [[nodiscard]] GalleryInfo info() const override;
  [[nodiscard]] GalleryModel model() const override;
  Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces) override;
  Result<std::vector<Subject>> subjects(const ListOptions& options) override;
  Result<std::optional<Subject>> find_subject(const std::string& name) override;
  Result<Subject> subject(SubjectId id) override;
  Result<std::vector<EnrolledFace>> faces(SubjectId id) override;
  Result<std::vector<EnrolledFace>> faces_of_source(std::string_view sha256) override;
  Result<std::vector<Embedding>> templates(SubjectId id) override;
  Result<std::optional<Thumbnail>> thumbnail(FaceId id) override;
  Result<SubjectId> rename(SubjectId id, const std::string& to, IfNameTaken if_taken) override;
  Status describe(SubjectId id, const SubjectDetails& details) override;
  Result<Removal> remove(SubjectId id) override;
  Result<Removal> remove(FaceId id) override;
  Status merge(SubjectId from, SubjectId into) override;
  Result<SubjectId> split(std::span<const FaceId> faces, const std::string& name) override;
  Status not_this_person(FaceId face, SubjectId subject, Say say) override;
  Status not_same_person(FaceId a, FaceId b, Say say) override;
  Result<std::vector<NotSame>> not_same() override;
  Result<std::vector<UndoEntry>> undoable() override;
  Result<UndoEntry> undo(std::optional<std::int64_t> number) override;
  Status forget_undo() override;
  Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                     const SearchOptions& options) override;
  Result<bool> refresh() override;
  Status add_calibration(const Calibration& measured) override;
  Result<std::vector<Calibration>> calibrations() override;
  Status begin_model_move(const GalleryModel& to) override;
  Result<std::optional<ModelMove>> model_move() override;
  Result<std::vector<EnrolledFace>> faces_to_move(FaceId after, std::size_t limit) override;
  Result<std::int64_t> add_moved_templates(std::span<const MovedTemplate> templates) override;
  Result<ModelSwitch> switch_model(IfNotMoved if_not_moved) override;
  Status drop_model_move() override;
  Result<GalleryCheck> check() override;

 private:
  LocalGallery(std::unique_ptr<Store> store, std::unique_ptr<Codec> codec, GalleryOptions options)
      : store_(std::move(store)), codec_(std::move(codec)), options_(std::move(options)) {}

  /// What is searched. Every subject of the index is among the names.
  struct Memory {
    ModelRow model;
    std::unique_ptr<SearchIndex> index;
    std::unordered_map<SubjectId, std::string> names;
  };

  // All below need file_ held.
  /// Reads in one view of the store.
  template <class Read>
  auto read(const Read& what) -> std::invoke_result_t<Read> {
    const std::scoped_lock lock(file_);
    VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
    auto answer = what();
    VULTUS_CHECK(view->commit());
    return answer;
  }
  Status load();
  Result<Memory> loaded();
  Result<UtcTime> now() const;
  /// Takes the lock of writers and then everything that others have written, so that memory shows the store exactly.
  Result<std::unique_ptr<StoreTransaction>> begin_change();
  /// Commits what memory will show next.
  Status commit(StoreTransaction& transaction);
  /// Brings memory to the state of the store. Needs a transaction.
  Result<bool> take_in_changes();

  [[nodiscard]] Error damaged(const std::string& what) const {
    return store_->fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }
  Result<std::optional<ModelRow>> next_model();  ///< that the gallery moves to
  Result<ModelRow> require_next_model();
  Result<SubjectRow> require_subject(SubjectId id);  ///< opened
  Result<Subject> opened(SubjectRow row) const;
  Result<std::vector<EnrolledFace>> opened(std::vector<FaceRow> rows) const;
  Result<std::vector<float>> values_of(TemplateRow row, SubjectId owner, const GalleryModel& model) const;
  Result<std::vector<Subject>> list_by_memory(const ListOptions& options);
  Result<WholeFace> sealed_for(FaceRow row, SubjectId owner);
  Status move_faces(const std::vector<FaceRow>& rows, SubjectId to);
  Status merge_subjects(SubjectId from, SubjectId into);
  /// Refuses to put together what was said to be two people.
  Status require_mergeable(const std::vector<FaceRow>& from, SubjectId from_id, SubjectId into);
  Result<SubjectId> add_subject(const std::string& name);
  Status say(const LinkRow& link, Say say);
  /// Commits, and memory shows what was changed. What fails after the commit is made up for at the next look.
  void show_changes();
  Status commit_and_show(StoreTransaction& transaction);
  Status load_negatives();
  /// After a removal, which takes samples with it.
  void reload_negatives();
  Status write_undo(std::string_view kind, std::string body);
  /// Takes out what would bring a subject back to light that is removed.
  Status purge_undo(SubjectId subject);
  Status drop_undo(const UndoRow& row);
  Status undo_merge(const UndoRow& row);
  Status undo_split(const UndoRow& row);
  Status undo_link(const UndoRow& row);
  Result<UndoEntry> told(const UndoRow& row);
  [[nodiscard]] std::string name_of(SubjectId id);
  /// The faces that are still with `owner`.
  Result<std::vector<FaceRow>> still_with(const std::vector<FaceId>& faces, SubjectId owner);

  class Enrolment;

  mutable std::mutex file_;
  std::unique_ptr<Store> store_;  // guarded by file_, but for what does not change while it is open
  std::unique_ptr<Codec> codec_;  // guarded by file_
  GalleryOptions options_;
  UtcTime created_{};
  Sequence seen_ = 0;                   // what memory shows; guarded by file_
  std::vector<SubjectId> forget_next_;  // whose keys are of no use once the running change is committed

  Negatives negatives_;
  mutable std::shared_mutex memory_lock_;
  Memory memory_;  // written under file_ and memory_lock_; read under either
};

}  // namespace vultus::gallery
