// A gallery in one store, searched in memory. Private to this room.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <vultus/gallery/codec.hpp>
#include <vultus/gallery/gallery_impl.hpp>
#include <vultus/gallery/index/published.hpp>
#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {

/// One lock: `file_` for the store, the codec and changes of what is searched. A search takes no lock, so it waits
/// neither for the disk nor for a change, however long that takes; but where the snapshot is found to be damaged.
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
  Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                     const SearchOptions& options) override;
  Result<std::int64_t> write_snapshot() override;
  Result<bool> refresh() override;
  Status add_calibration(const Calibration& measured) override;
  Result<std::vector<Calibration>> calibrations() override;
  Result<GalleryCheck> check() override;

 private:
  LocalGallery(std::unique_ptr<Store> store, std::unique_ptr<Codec> codec, GalleryOptions options)
      : store_(std::move(store)), codec_(std::move(codec)), options_(std::move(options)) {}

  /// What is searched. Every subject of a face in the index has a name there.
  struct Memory {
    ModelRow model;
    std::shared_ptr<TemplateIndex> index;
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
  /// Makes searches see it.
  void publish(Memory memory);
  Result<UtcTime> now() const;
  /// Takes the lock of writers and then everything that others have written, so that memory shows the store exactly.
  Result<std::unique_ptr<StoreTransaction>> begin_change();
  /// Commits what memory will show next.
  Status commit(StoreTransaction& transaction);
  /// Brings memory to the state of the store. Needs a transaction.
  Result<bool> take_in_changes();
  Status take_in(const Changes& changes, const Memory& memory);

  // The snapshot of the index: local_snapshot.cpp
  [[nodiscard]] bool keeps_snapshot() const;
  /// Where it lies, and what it must belong to.
  Result<SnapshotOptions> snapshot_options(const GalleryModel& model);
  /// The newest snapshot with what has changed since; nothing if there is none that may be believed.
  /// @param except  not this one, which was found to be damaged
  std::optional<Memory> from_snapshot(const ModelRow& model, const SnapshotFile* except = nullptr);
  /// Begins to write one if enough has changed since the last. What is gone since `before` is overwritten in it.
  void after_change(const std::shared_ptr<const TemplateView>& before);
  void snapshot_if_due();
  void erase_gone(const Memory& memory, const TemplateView* before);
  /// Needs file_ not held.
  Result<std::int64_t> snapshot(const TemplateView& view, const std::shared_ptr<TemplateIndex>& index,
                                const SnapshotOptions& options);
  /// Everything again, without a snapshot that was found to be damaged. Needs file_ not held.
  Status recover();

  [[nodiscard]] Error damaged(const std::string& what) const {
    return store_->fail(ErrorCode::corrupt_data, "damaged gallery: " + what);
  }
  Result<SubjectRow> require_subject(SubjectId id);  ///< opened
  Result<Subject> opened(SubjectRow row) const;
  Result<std::vector<EnrolledFace>> opened(std::vector<FaceRow> rows) const;
  Result<std::vector<float>> values_of(TemplateRow row, SubjectId owner, const GalleryModel& model) const;
  Result<std::vector<Subject>> list_by_memory(const ListOptions& options);
  Result<WholeFace> sealed_for(FaceRow row, SubjectId owner);
  Status move_faces(const std::vector<FaceRow>& rows, SubjectId to);
  Status merge_subjects(SubjectId from, SubjectId into);

  class Enrolment;

  mutable std::mutex file_;
  std::unique_ptr<Store> store_;  // guarded by file_, but for what does not change while it is open
  std::unique_ptr<Codec> codec_;  // guarded by file_
  GalleryOptions options_;
  UtcTime created_{};
  Sequence seen_ = 0;  // what memory shows; guarded by file_

  Memory memory_;                                                 // guarded by file_
  Published<Memory> searched_{std::make_shared<const Memory>()};  // the same, for those who hold no lock

  std::mutex snapshot_;  // held while one is written; before file_
  std::atomic<bool> snapshotting_ = false;
  std::jthread snapshot_writer_;  // guarded by file_; the last member: it uses the others
};

/// What is wrong with a snapshot; nothing if there is none, or it is of something else, or sound.
[[nodiscard]] std::optional<std::string> finding_in_snapshot(const SnapshotOptions& options);

}  // namespace vultus::gallery
