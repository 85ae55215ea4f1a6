#include <vultus/gallery/gallery.hpp>

#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include <vultus/gallery/index/template_index.hpp>
#include <vultus/gallery/store.hpp>
#include <vultus/gallery/subject_name.hpp>

namespace vultus {

using gallery::Store;
using sqlite::Transaction;

/// Two locks: `file_` for the file, `memory_` for what is searched. A search takes only the second, and a change takes
/// it only for the moment in which it puts rows into memory, so a search never waits for the disk.
class Gallery::Impl {
 public:
  Impl(Store store, GalleryOptions options)
      : store_(std::move(store)),
        options_(std::move(options)),
        index_(std::make_unique<gallery::TemplateIndex>(store_.model().id,
                                                        static_cast<std::size_t>(store_.model().dimension))) {}

  Status load();
  Result<UtcTime> now() const;
  GalleryInfo info() const;
  Result<std::vector<EnrolOutcome>> enrol(std::span<const NewFace> faces);
  Result<SubjectId> rename(SubjectId id, std::string_view to, IfNameTaken if_taken);
  template <class Id>
  Result<Removal> remove(Id id);
  Status change(const std::function<Status(Store&)>& what);
  Result<bool> refresh();
  Result<std::vector<std::vector<Candidate>>> search(std::span<const Embedding> probes,
                                                     const SearchOptions& options) const;

  /// Reads the file in one view of it.
  template <class Read>
  auto read(const Read& what) const -> std::invoke_result_t<Read, Store&> {
    const std::scoped_lock lock(file_);
    VULTUS_TRY(Transaction view, store_.begin(Transaction::Kind::read));
    auto answer = what(store_);
    VULTUS_CHECK(view.commit());
    return answer;
  }

 private:
  Result<Transaction> begin_change();
  Result<bool> take_in_changes();

  mutable std::mutex file_;
  mutable Store store_;  // guarded by file_
  GalleryOptions options_;
  std::int64_t seen_ = 0;  // data_version that memory shows; guarded by file_

  mutable std::shared_mutex memory_;
  std::unique_ptr<SearchIndex> index_;                // guarded by memory_
  std::unordered_map<SubjectId, std::string> names_;  // guarded by memory_; every subject of the index is here
};

Status Gallery::Impl::load() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(Transaction view, store_.begin(Transaction::Kind::read));
  VULTUS_TRY(seen_, store_.data_version());
  VULTUS_TRY(const auto names, store_.names());
  for (const auto& [id, name] : names) names_.emplace(id, name);
  VULTUS_CHECK(store_.each_template([this](FaceId face, SubjectId subject, std::span<const float> values) -> Status {
    if (!names_.contains(subject))
      return store_.file().fail(ErrorCode::corrupt_data, "damaged gallery: face " + std::to_string(face.number()) +
                                                             " belongs to subject " + std::to_string(subject.number()) +
                                                             ", who is not there");
    const IndexedFace one{face, subject, values};
    return index_->add({&one, 1});
  }));
  return view.commit();
}

GalleryInfo Gallery::Impl::info() const {
  // What is asked of the store does not change while it is open, so this waits for no disk.
  const std::shared_lock memory(memory_);
  return {.path = store_.file().name(),
          .model = store_.model(),
          .version = store_.file().version(),
          .created = store_.created(),
          .subjects = static_cast<std::int64_t>(names_.size()),
          .faces = static_cast<std::int64_t>(index_->size()),
          .writable = options_.access != GalleryAccess::read_only,
          .frozen = store_.file().is_frozen()};
}

Result<UtcTime> Gallery::Impl::now() const {
  const UtcTime time = options_.now();
  VULTUS_CHECK(gallery::check_time("the clock of the gallery says", time));
  return time;
}

/// Takes the lock of writers and then everything that others have written, so that memory shows the file exactly.
Result<Transaction> Gallery::Impl::begin_change() {
  if (options_.access == GalleryAccess::read_only)
    return store_.file().fail(ErrorCode::invalid_argument, "opened for reading only");
  VULTUS_TRY(Transaction transaction, store_.begin(Transaction::Kind::write));
  if (const Result<bool> changed = take_in_changes(); !changed) return changed.error();
  return transaction;
}

/// Brings memory to the state of the file. Needs file_ and a transaction.
Result<bool> Gallery::Impl::take_in_changes() {
  VULTUS_TRY(const std::int64_t version, store_.data_version());
  if (version == seen_) return false;
  VULTUS_TRY(const auto names, store_.names());
  VULTUS_TRY(const auto owners, store_.owners());
  std::unordered_map<SubjectId, std::string> fresh_names(names.begin(), names.end());
  // The file's lock keeps every other writer away, so the index does not change while it is only read here.
  std::unordered_map<FaceId, SubjectId> there(owners.begin(), owners.end());
  std::vector<FaceId> gone;
  for (const FaceId face : index_->faces())
    if (!there.contains(face)) gone.push_back(face);
  std::vector<std::vector<float>> values;
  std::vector<IndexedFace> added;
  for (const auto& [face, subject] : owners) {
    if (!fresh_names.contains(subject))
      return store_.file().fail(ErrorCode::corrupt_data,
                                "damaged gallery: face " + std::to_string(face.number()) + " belongs to nobody");
    if (index_->subject_of(face)) continue;
    VULTUS_CHECK(store_.one_template(face, [&](FaceId id, SubjectId owner, std::span<const float> row) -> Status {
      values.emplace_back(row.begin(), row.end());
      added.push_back({id, owner, values.back()});
      return {};
    }));
  }
  const std::unique_lock lock(memory_);
  VULTUS_CHECK(index_->add(added));
  for (const FaceId face : gone) index_->remove(face);
  for (const auto& [face, subject] : owners) index_->move(face, subject);
  names_.swap(fresh_names);
  seen_ = version;
  return true;
}

Result<bool> Gallery::Impl::refresh() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(Transaction view, store_.begin(Transaction::Kind::read));
  VULTUS_TRY(const bool changed, take_in_changes());
  VULTUS_CHECK(view.commit());
  return changed;
}

Result<std::vector<EnrolOutcome>> Gallery::Impl::enrol(std::span<const NewFace> faces) {
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const std::string which = "face " + std::to_string(i + 1) + " of " + std::to_string(faces.size());
    if (const Status fits = gallery::check_new_face(faces[i], store_.model()); !fits)
      return store_.file().fail(fits.error().code, which + ": " + fits.error().message);
  }
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  VULTUS_TRY(Transaction transaction, begin_change());
  VULTUS_TRY(const auto outcomes, store_.enrol(faces, time));
  VULTUS_CHECK(transaction.commit());

  std::vector<IndexedFace> added;
  const std::unique_lock memory(memory_);
  for (std::size_t i = 0; i < faces.size(); ++i) {
    if (!names_.contains(outcomes[i].subject))
      names_.emplace(outcomes[i].subject, gallery::checked_name(faces[i].subject).value());
    if (!outcomes[i].already_there)
      added.push_back({outcomes[i].face, outcomes[i].subject, faces[i].embedding.values()});
  }
  VULTUS_CHECK(index_->add(added));
  return outcomes;
}

Result<SubjectId> Gallery::Impl::rename(SubjectId id, std::string_view to, IfNameTaken if_taken) {
  VULTUS_TRY(const std::string name, gallery::checked_name(to));
  const std::scoped_lock lock(file_);
  VULTUS_TRY(Transaction transaction, begin_change());
  VULTUS_TRY(const Subject known, store_.subject(id));
  if (known.name == name) return id;
  VULTUS_TRY(const std::optional<Subject> taken, store_.find_subject(name));
  if (taken && if_taken == IfNameTaken::refuse)
    return store_.file().fail(ErrorCode::invalid_argument, "\"" + known.name + "\" cannot be renamed to \"" + name +
                                                               "\": subject " + std::to_string(taken->id.number()) +
                                                               " has that name, and merging was not asked for");
  if (taken) {
    VULTUS_CHECK(store_.merge(id, taken->id));
  } else {
    VULTUS_CHECK(store_.rename(id, name));
  }
  VULTUS_CHECK(transaction.commit());
  const std::unique_lock memory(memory_);
  if (!taken) {
    names_[id] = name;
    return id;
  }
  index_->move(id, taken->id);
  names_.erase(id);
  return taken->id;
}

template <class Id>
Result<Removal> Gallery::Impl::remove(Id id) {
  const std::scoped_lock lock(file_);
  Removal removal{.faces = 1};
  {
    VULTUS_TRY(Transaction transaction, begin_change());
    if constexpr (std::is_same_v<Id, SubjectId>) {
      VULTUS_TRY(removal.faces, store_.remove(id));
    } else {
      VULTUS_CHECK(store_.remove(id));
    }
    VULTUS_CHECK(transaction.commit());
  }
  {
    const std::unique_lock memory(memory_);
    index_->remove(id);
    if constexpr (std::is_same_v<Id, SubjectId>) names_.erase(id);
  }
  // The removal itself is done; a log that cannot be emptied now is told, not an error.
  removal.bytes_gone = store_.empty_log().value_or(false);
  return removal;
}

Status Gallery::Impl::change(const std::function<Status(Store&)>& what) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(Transaction transaction, begin_change());
  VULTUS_CHECK(what(store_));
  return transaction.commit();
}

Result<std::vector<std::vector<Candidate>>> Gallery::Impl::search(std::span<const Embedding> probes,
                                                                  const SearchOptions& options) const {
  const std::shared_lock lock(memory_);
  VULTUS_TRY(const auto hits, index_->search(probes, options));
  std::vector<std::vector<Candidate>> answers(hits.size());
  for (std::size_t i = 0; i < hits.size(); ++i)
    for (const SearchHit& hit : hits[i])
      answers[i].push_back({hit.subject, names_.at(hit.subject), hit.face, hit.similarity});
  return answers;
}

Gallery::Gallery(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Gallery::Gallery(Gallery&&) noexcept = default;
Gallery& Gallery::operator=(Gallery&&) noexcept = default;
Gallery::~Gallery() = default;

Result<Gallery> Gallery::open(GalleryOptions options) {
  if (!options.now)
    options.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  VULTUS_TRY(Store store, Store::open(options));
  auto impl = std::make_unique<Impl>(std::move(store), std::move(options));
  VULTUS_CHECK(impl->load());
  return Gallery(std::move(impl));
}

GalleryInfo Gallery::info() const { return impl_->info(); }
Result<std::vector<EnrolOutcome>> Gallery::enrol(std::span<const NewFace> faces) { return impl_->enrol(faces); }
Result<bool> Gallery::refresh() { return impl_->refresh(); }
Result<Removal> Gallery::remove(SubjectId id) { return impl_->remove(id); }
Result<Removal> Gallery::remove(FaceId id) { return impl_->remove(id); }

Result<SubjectId> Gallery::rename(SubjectId id, std::string_view to, IfNameTaken if_taken) {
  return impl_->rename(id, to, if_taken);
}

Result<std::vector<Subject>> Gallery::subjects(const ListOptions& options) const {
  return impl_->read([&](Store& store) { return store.subjects(options); });
}

Result<std::optional<Subject>> Gallery::find_subject(std::string_view name) const {
  VULTUS_TRY(const std::string checked, gallery::checked_name(name));
  return impl_->read([&](Store& store) { return store.find_subject(checked); });
}

Result<Subject> Gallery::subject(SubjectId id) const {
  return impl_->read([&](Store& store) { return store.subject(id); });
}

Result<std::vector<EnrolledFace>> Gallery::faces(SubjectId id) const {
  return impl_->read([&](Store& store) { return store.faces(id); });
}

Result<std::vector<EnrolledFace>> Gallery::faces_of_source(std::string_view sha256) const {
  return impl_->read([&](Store& store) { return store.faces_of_source(sha256); });
}

Result<std::vector<Embedding>> Gallery::templates(SubjectId id) const {
  return impl_->read([&](Store& store) -> Result<std::vector<Embedding>> {
    VULTUS_TRY(const auto faces, store.faces(id));
    std::vector<Embedding> all;
    for (const EnrolledFace& face : faces)
      VULTUS_CHECK(store.one_template(face.id, [&](FaceId, SubjectId, std::span<const float> values) -> Status {
        VULTUS_TRY(Embedding one, Embedding::normalised(store.model().id, {values.begin(), values.end()}));
        all.push_back(std::move(one));
        return {};
      }));
    return all;
  });
}

Result<std::optional<Thumbnail>> Gallery::thumbnail(FaceId id) const {
  return impl_->read([&](Store& store) { return store.thumbnail(id); });
}

Status Gallery::describe(SubjectId id, const SubjectDetails& details) {
  return impl_->change([&](Store& store) { return store.describe(id, details); });
}

Result<std::vector<Candidate>> Gallery::search(const Embedding& probe, const SearchOptions& options) const {
  VULTUS_TRY(auto answers, impl_->search({&probe, 1}, options));
  return std::move(answers.front());
}

Result<std::vector<std::vector<Candidate>>> Gallery::search(std::span<const Embedding> probes,
                                                            const SearchOptions& options) const {
  return impl_->search(probes, options);
}

Status Gallery::add_calibration(const Calibration& measured) {
  VULTUS_TRY(const UtcTime time, impl_->now());
  return impl_->change([&](Store& store) { return store.add_calibration(measured, time); });
}

Result<std::vector<Calibration>> Gallery::calibrations() const {
  return impl_->read([](Store& store) { return store.calibrations(); });
}

Result<GalleryCheck> Gallery::check() const {
  return impl_->read([](Store& store) { return store.check(); });
}

Result<GalleryCheck> check_gallery(const std::filesystem::path& path) {
  VULTUS_TRY(Store store, Store::open({.path = path}));
  return store.check();
}

}  // namespace vultus
