// A gallery in one store, searched in memory. Private to this room.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <vultus/gallery/as_shard.hpp>
#include <vultus/gallery/gallery_impl.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/index/published.hpp>
#include <vultus/gallery/memory.hpp>
#include <vultus/gallery/negatives.hpp>
#include <vultus/gallery/open_rows.hpp>
#include <vultus/gallery/store/change_follower.hpp>
#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/undo_steps.hpp>
#include <vultus/gallery/who_is_whom.hpp>

namespace vultus::gallery {

/// What a search found in one shard, and in which state of it.
struct ShardHits {
  std::vector<std::vector<SearchHit>> lists;  ///< one for each probe
  Sequence seen = 0;                          ///< everything up to this change was searched
  Sequence lost = 0;                          ///< who is missing went at this change or before
};

/// One lock: `file_` for the store, the codec and changes of what is searched. A search takes no lock, so it waits
/// neither for the disk nor for a change, however long that takes; but where the snapshot is found to be damaged.
class LocalGallery final : public Gallery::Impl {
 public:
  /// Opens the store and loads what is searched.
  static Result<std::unique_ptr<LocalGallery>> open(GalleryOptions options);
  static Result<std::unique_ptr<LocalGallery>> open_shard(GalleryOptions options, AsShard shard);

  // ---- For the router of a gallery of shards. It sees to it that a subject which moves from one shard to another is
  // at no time in neither: what others took away stays in memory until drop_gone.
  Result<bool> refresh_keeping_gone();
  /// What is kept in memory, though others have taken it away.
  [[nodiscard]] Gone gone() const;
  [[nodiscard]] Gone gone(std::span<const SubjectId> of) const;  ///< of these subjects alone
  Status drop_gone(const Gone& gone);
  /// The key that decides where a name belongs.
  Result<std::string> name_key(const std::string& name);
  /// The number of the last change that memory shows.
  [[nodiscard]] Sequence seen() const { return seen_; }
  /// Who went from here up to this change, and may be in another shard now, is settled: the others were read since.
  /// Never beyond seen(), if that is asked for afterwards.
  [[nodiscard]] Sequence settled() const { return settled_; }
  [[nodiscard]] Holding holding() const { return shard_.holding; }
  /// Gives hits their names, as memory shows them now. @return false where somebody has none
  bool name(const std::vector<std::vector<SearchHit>>& hits, std::vector<std::vector<Candidate>>& named) const;
  [[nodiscard]] std::size_t bytes_of_templates() const { return searched_.get()->index->view()->bytes_of_templates(); }
  /// True where memory shows the subject, or the face. Takes no lock.
  [[nodiscard]] bool holds(SubjectId id) const { return searched_.get()->index->view()->name_of(id).has_value(); }
  [[nodiscard]] bool holds(FaceId id) const { return searched_.get()->index->view()->subject_of(id).has_value(); }
  /// A search that is not written into the log: that is left to the router.
  Result<std::vector<std::vector<Candidate>>> search_unnoted(std::span<const Embedding> probes,
                                                             const SearchOptions& options);
  /// The same, as hits, with what it was found in.
  Result<ShardHits> search_counted(std::span<const Embedding> probes, const SearchOptions& options);
  [[nodiscard]] bool logs_searches() const { return logs_all_; }
  /// The key of the name that taking back a change would bring back; nothing if it brings none back.
  Result<std::optional<std::string>> name_key_of_undo(std::int64_t number);
  /// Destroys the key that an interrupted move has left here of a subject that lies elsewhere.
  /// @return true if there was one
  Result<bool> destroy_key(SubjectId id);
  /// Uses store and guard alone, outside a transaction.
  template <class Use>
  auto with_guard(const Use& use) -> std::invoke_result_t<Use, Store&, Guard&> {
    const std::scoped_lock lock(file_);
    return use(*store_, *guard_);
  }
  /// Uses the store alone, outside a transaction.
  template <class Use>
  auto with_store(const Use& use) -> std::invoke_result_t<Use, Store&> {
    const std::scoped_lock lock(file_);
    return use(*store_);
  }

  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const override {
    return store_->fail(code, message);
  }
  [[nodiscard]] GalleryInfo info() const override;
  [[nodiscard]] GalleryModel model() const override;
  Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces) override;
  Result<SubjectOutcome> add_subject(const std::string& name) override;
  Result<std::vector<Subject>> subjects(const ListOptions& options) override;
  Result<std::optional<Subject>> find_subject(const std::string& name) override;
  Result<Subject> subject(SubjectId id) override;
  Result<std::vector<EnrolledFace>> faces(SubjectId id) override;
  Result<EnrolledFace> face(FaceId id) override;
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
  Result<std::int64_t> write_snapshot() override;
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

  Status note(const AuditNote& note) override;
  Status note_change(const AuditNote& note) override;
  Status set_audit(AuditLevel level) override;
  Status each_audit(std::int64_t after, const std::function<Status(const AuditEntry&)>& take) override;
  Result<AuditHead> audit_head() override;
  Result<AuditVerdict> verify_audit(const std::optional<AuditHead>& known) override;
  std::string pseudonym(SubjectId id) override;
  Status encrypt(const KeySource& key, const PassphraseCost& cost) override;
  Status decrypt() override;
  Status rotate_key(const KeySource& to, const PassphraseCost& cost, RenewKeys which) override;
  Result<ForgetProof> forget(SubjectId id) override;
  Result<Expired> expire(ExpiryRun run) override;
  Result<bool> allows_bulk_export() override;
  Status allow_bulk_export(BulkExport allowed) override;

 private:
  LocalGallery(std::unique_ptr<Store> store, std::unique_ptr<Guard> guard, GalleryOptions options, AsShard shard)
      : store_(std::move(store)),
        guard_(std::move(guard)),
        options_(std::move(options)),
        shard_(std::move(shard)),
        logs_all_(guard_->level() == AuditLevel::all) {}

  // All below need file_ held.
  /// Reads in one view of the store.
  template <class Read>
  auto read(const Read& what) -> std::invoke_result_t<Read> {
    const std::scoped_lock lock(file_);
    VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
    VULTUS_CHECK(guard_->require_same_rows(*store_));
    auto answer = what();
    VULTUS_CHECK(view->commit());
    return answer;
  }
  Status load();
  Status load_rows();
  /// Makes searches see what was read as a whole.
  /// @param number  of the last change that it shows
  void publish(Memory memory, Sequence number);
  /// Behind a change of memory that shows everything up to a number.
  void shows(Sequence number);
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
  std::optional<Memory> from_snapshot(const ModelRow& model, const SnapshotFile* except);
  /// From the snapshot, but not from `except`; else from the store.
  Status fill_memory(const ModelRow& model, const SnapshotFile* except);
  /// Begins to write one if enough has changed since the last. What is gone since `before` is overwritten in it.
  void after_change(const std::shared_ptr<const TemplateView>& before);
  void snapshot_if_due();
  // The cells of the index: local_cells.cpp
  /// Begins to make them where the gallery is large enough, and has none or outgrew them.
  void cells_if_due();
  /// Makes them for a search that asks for them. Needs no lock.
  Status require_cells(TemplateIndex& index) const;
  /// What follows a change of what is searched.
  void tend_index() {
    snapshot_if_due();
    cells_if_due();
  }
  void erase_gone(const Memory& memory, const TemplateView* before);
  /// Writes one of what memory shows now. Needs file_ not held.
  Result<std::int64_t> snapshot();
  /// Everything again, without a snapshot that was found to be damaged. Needs file_ not held.
  Status recover();

  Result<std::vector<Subject>> list_by_memory(const ListOptions& options);
  Result<std::vector<std::vector<SearchHit>>> search_hits(std::span<const Embedding> probes,
                                                          const SearchOptions& options,
                                                          std::shared_ptr<const TemplateView>& view);
  /// Commits, and memory shows what was changed. What fails after the commit is made up for at the next look.
  void show_changes();
  Status commit_and_show(StoreTransaction& transaction);
  Status load_negatives();
  /// After a removal, which takes samples with it.
  void reload_negatives();
  [[nodiscard]] Codec& codec() const { return guard_->codec(); }
  /// As begin_change, but also where the gallery was opened for reading only: its log goes on.
  Result<std::unique_ptr<StoreTransaction>> begin_record();
  Status note_search(const std::vector<std::vector<Candidate>>& answers);
  Result<std::int64_t> destroy_subject(SubjectId id, const char* what, ForgetProof* proof);
  Status finish_forgetting();
  /// Whose older key alone was destroyed, by a version that did so before it left a mark, and was killed in between:
  /// the one person of whom nothing opens. They are forgotten from then on.
  /// @return true if there is one
  Result<bool> take_up_forgetting();
  /// After a removal: memory, snapshot and samples show it no more.
  Status drop_from_memory(const IndexChanges& gone);
  /// The snapshot of the index shows what is not there any more. Its bytes are overwritten where nobody uses it.
  /// @param wait  so long for those who still use it
  /// @return false where its bytes may be left on the disk
  bool drop_snapshot(std::chrono::milliseconds wait = {}) const;
  /// The same, after memory was read from the store and lies on the snapshot no longer. Needs no transaction.
  Result<bool> leave_snapshot();
  /// Refuses a snapshot whose options are of another key than the gallery has now.
  Status require_key_of(const SnapshotOptions& options) const;
  Status seal_all(const KeySource& key, const PassphraseCost& cost, bool& committing);
  /// Behind seal_all, where it failed before the commit.
  Status undo_sealing();
  /// The gallery's and all subjects' keys.
  Status renew_all_keys(const KeySource& to, const PassphraseCost& cost);
  static Result<std::unique_ptr<LocalGallery>> finish(std::unique_ptr<Store> store, std::unique_ptr<Guard> guard,
                                                      GalleryOptions options, AsShard shard);

  class Enrolment;

  mutable std::mutex file_;
  std::unique_ptr<Store> store_;  // guarded by file_, as all below, but for what does not change while it is open
  std::unique_ptr<Guard> guard_;
  GalleryOptions options_;
  AsShard shard_;
  std::atomic<bool> logs_all_;  // searches are written into the log
  OpenRows rows_{*store_, *guard_};
  UndoSteps steps_{*store_, rows_};
  WhoIsWhom whom_{*store_, rows_, steps_};
  KeptGone gone_;
  UtcTime created_{};
  bool sql_searchable_ = false;  // never changes
  // What memory shows. It is set behind the change of memory, and lost_ before it, so that a search which asks for the
  // one before it looks and for the other afterwards has seen at least so much and lost at most so much.
  std::atomic<Sequence> seen_ = 0;
  std::atomic<Sequence> settled_ = 0;
  std::atomic<Sequence> lost_ = 0;  // up to here memory has dropped subjects or faces

  Negatives negatives_;
  Memory memory_;                                                 // guarded by file_
  Published<Memory> searched_{std::make_shared<const Memory>()};  // the same, for those who hold no lock

  std::atomic<bool> making_cells_ = false;
  std::jthread cells_maker_;  // guarded by file_; before the snapshot's writer, which may begin it
  std::mutex snapshot_;       // held while one is written, and while its key changes; before file_
  std::atomic<bool> snapshotting_ = false;
  std::jthread snapshot_writer_;            // guarded by file_; it uses the members above
  std::optional<ChangeFollower> follower_;  // the last member: it uses all others
};

}  // namespace vultus::gallery
