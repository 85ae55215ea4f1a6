// A gallery over several servers, behind the same class as one in a file. Private to this room.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include <vultus/gallery/gallery_impl.hpp>
#include <vultus/gallery/local_gallery.hpp>
#include <vultus/gallery/shards/asked_once.hpp>
#include <vultus/gallery/shards/remote_shard.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>

namespace vultus::gallery {

/// Each shard is a LocalGallery with the rows on its server and its own index in memory; or, where search nodes hold
/// its templates, with names and ids alone. A search asks the indexes and nodes of all shards at once and merges; a
/// subject that is in two shards, because it is being moved, is told once.
///
/// A shard that could not be reached when the gallery was opened has no index: a search, and whatever else must see all
/// subjects, is refused, unless partial answers are allowed. A shard whose server is lost later still answers searches
/// from memory. refresh() tries again to reach what is missing.
///
/// A subject belongs to the shard that home_of its name tells. Where it lies elsewhere, because shards were added and
/// it has not been moved yet, it is found there, and moved before it is changed by name.
class ShardedGallery final : public Gallery::Impl {
 public:
  /// @param options  path is that of the configuration
  static Result<std::unique_ptr<ShardedGallery>> open(GalleryOptions options);

  [[nodiscard]] Error fail(ErrorCode code, std::string_view message) const override {
    return vultus::fail(code, options_.path.string() + ": " + std::string(message));
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
  Status begin_model_move(const GalleryModel& to) override;
  Result<std::optional<ModelMove>> model_move() override;
  Result<std::vector<EnrolledFace>> faces_to_move(FaceId after, std::size_t limit) override;
  Result<std::int64_t> add_moved_templates(std::span<const MovedTemplate> templates) override;
  Result<ModelSwitch> switch_model(IfNotMoved if_not_moved) override;
  Status drop_model_move() override;
  Result<std::int64_t> write_snapshot() override;
  Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                     const SearchOptions& options) override;
  Result<bool> refresh() override;
  Status add_calibration(const Calibration& measured) override;
  Result<std::vector<Calibration>> calibrations() override;
  Result<GalleryCheck> check() override;

  // Each shard has a keyring and a log of its own. What concerns certain people is written into the logs of their
  // shards, anything else into all.
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
  struct Part {
    Shard shard;                            ///< weight as the gallery stores it, URLs as the configuration says
    bool is_new = false;                    ///< is to be made
    std::shared_ptr<LocalGallery> gallery;  ///< empty = not reached
    std::shared_ptr<RemoteShard> nodes;     ///< that search it; empty = it is searched here
    std::optional<Error> why;               ///< of the last try
  };
  /// What is open at one moment; a search holds on to it while refresh() makes another one.
  struct Parts {
    ShardMap map;
    std::string id;     ///< of the gallery
    NodeAccess access;  ///< to search nodes
    std::vector<Part> all;
    [[nodiscard]] bool complete() const;
    /// Those that are open and searched: without shards that are left out because no search node answers.
    [[nodiscard]] std::vector<const Part*> searched() const;
    [[nodiscard]] std::vector<std::shared_ptr<LocalGallery>> open() const;
  };
  using Shared = std::shared_ptr<const Parts>;

  explicit ShardedGallery(GalleryOptions options);
  [[nodiscard]] Shared parts() const;
  void publish(Parts next);

  // ---- Opening
  struct Probe;
  [[nodiscard]] Probe probe(const Shard& shard) const;
  Result<Parts> plan() const;
  Result<std::shared_ptr<LocalGallery>> open_part(const Shard& shard, const Parts& of) const;
  /// Opens what is not open yet, and makes what is new.
  Status open_missing(Parts& parts);
  void open_some(Parts& parts, bool are_new) const;
  /// Holds the keys that a shard has in common with the others to those that are known.
  Status compare_keys(Part& part);
  /// Listens to the shards that are open.
  Status follow(const Parts& parts);
  /// Opens what was missing and what another process has added to the map.
  Status keep_up();
  /// Reads all shards once more, after which memory may drop who had gone before, and numbers say so. Where one cannot
  /// be read, everybody is kept.
  Status settle(const Parts& parts);
  /// As refresh(), but shards that are left out stay so.
  Result<bool> read_again();

  // ---- Asking
  /// All shards, or the error that names those which are missing; with partial answers allowed, those that are there.
  Result<Shared> answering() const;
  /// All shards: nothing is changed while one is missing.
  Result<Shared> whole() const;
  [[nodiscard]] Error missing(const Parts& parts) const;
  /// Writes who was searched for into the log of every shard that was asked.
  static Status note_search(const std::vector<const Part*>& asked, const std::vector<std::vector<Candidate>>& answers);

  // ---- Searching: sharded_search.cpp
  struct Answer;
  /// What an answer of each shard has to show.
  struct Bounds;
  using Answers = std::map<const LocalGallery*, Answer>;
  static std::vector<Bounds> bounds_of(const std::vector<const Part*>& parts);
  static Result<Answer> ask(const Part& part, const Bounds& bounds, std::span<const Embedding> probes,
                            const SearchOptions& options);
  /// Asks those whose answer is missing or older than it has to be; leaves out who does not answer where that is
  /// allowed.
  /// @return false where it has to be asked once more
  Result<bool> ask_some(const std::vector<const Part*>& parts, const std::vector<Bounds>& bounds,
                        std::span<const Embedding> probes, const SearchOptions& options, Answers& answers);
  static bool are_complete(const std::vector<const Part*>& parts, const std::vector<Bounds>& bounds, Answers& answers,
                           bool& behind);
  using Write = Status (LocalGallery::*)(const AuditNote&);
  Status write_note(const Parts& parts, const AuditNote& note, Write how) const;
  /// The first answer that is not "not found".
  template <class Ask>
  auto first_found(const Ask& ask) -> std::invoke_result_t<Ask, LocalGallery&>;

  // ---- Changing; all below need changes_ held
  Result<std::size_t> home(const Parts& parts, const std::string& name) const;
  /// The shard that has a subject of the name.
  Result<std::optional<std::pair<std::size_t, Subject>>> place_of(const Parts& parts, const std::string& name) const;
  /// The one shard in which a subject is; where an interrupted move has left it in two, the other copy is deleted.
  /// @error not_found  no such subject
  Result<std::size_t> settled(const Parts& parts, SubjectId id);
  /// A subject as messages call it: by the name, else by the number.
  static std::string called(LocalGallery& gallery, SubjectId id);
  /// The one shard in which the owner of a face is.
  /// @error not_found  no such face
  Result<std::size_t> settled_owner(const Parts& parts, FaceId face, SubjectId& owner);
  /// With whom they are linked.
  Status move(const Parts& parts, std::size_t from, std::size_t to, std::span<const SubjectId> subjects);
  /// Of each name, the shards that have a subject of it, and its id there.
  using Places = std::vector<std::vector<std::pair<std::size_t, SubjectId>>>;
  Result<Places> places_of(const Parts& parts, const std::vector<std::string>& keys) const;
  /// Moves subjects of these names that lie elsewhere to the shards that are their homes; who is linked with others
  /// stays, and that is its home then.
  Status bring_home(const Parts& parts, std::map<std::string, std::size_t>& homes);
  /// Destroys what an interrupted move may have left of the keys of subjects of one shard in the others.
  Status destroy_left_keys(const Parts& parts, std::size_t at, std::span<const SubjectId> subjects);

  GalleryOptions options_;
  std::shared_ptr<const Secret> common_;                ///< keys that all shards have; guarded by changes_
  std::shared_ptr<std::atomic<std::int64_t>> version_;  ///< of the map that writers hold on to
  std::mutex changes_;                                  ///< one change, or one refresh, at a time
  mutable std::shared_mutex lock_;
  Shared parts_;  // guarded by lock_
  /// By the names of the shards; guarded by changes_. The last member: they use the others.
  std::map<std::string, ChangeFollower> followers_;
};

}  // namespace vultus::gallery
