// What is asked of all shards, but for the search: looking things up.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>
#include <unordered_set>

#include <vultus/gallery/shards/each_part.hpp>

namespace vultus::gallery {
namespace {

/// Each once; a subject that is being moved is in two lists.
template <class Row, class Key>
void keep_first(std::vector<Row>& rows, const Key& key) {
  std::unordered_set<std::int64_t> seen;
  std::erase_if(rows, [&](const Row& row) { return !seen.insert(key(row)).second; });
}

/// A search finds in each shard what that one's cells promise, so the worst of them holds for all.
void add_cells(GalleryInfo& sum, const GalleryInfo& one) {
  if (one.search != sum.search) sum.search = SearchMethod::automatic;
  if (!one.cells) return;
  if (!sum.cells) {
    sum.cells = one.cells;
    return;
  }
  sum.cells->cells += one.cells->cells;
  sum.cells->looked_at += one.cells->looked_at;
  sum.cells->probes += one.cells->probes;
  sum.cells->share = std::max(sum.cells->share, one.cells->share);
  sum.cells->recall_at_1 = std::min(sum.cells->recall_at_1, one.cells->recall_at_1);
  sum.cells->recall_at_10 = std::min(sum.cells->recall_at_10, one.cells->recall_at_10);
}

}  // namespace

bool ShardedGallery::Parts::complete() const {
  return std::ranges::all_of(all, [](const Part& part) { return part.gallery != nullptr; });
}

std::vector<std::shared_ptr<LocalGallery>> ShardedGallery::Parts::open() const {
  std::vector<std::shared_ptr<LocalGallery>> open;
  for (const Part& part : all)
    if (part.gallery) open.push_back(part.gallery);
  return open;
}

std::vector<const ShardedGallery::Part*> ShardedGallery::Parts::searched() const {
  std::vector<const Part*> some;
  for (const Part& part : all)
    if (part.gallery && !(part.nodes && part.nodes->is_left_out())) some.push_back(&part);
  return some;
}

ShardedGallery::Shared ShardedGallery::parts() const {
  const std::shared_lock lock(lock_);
  return parts_;
}

Error ShardedGallery::missing(const Parts& parts) const {
  std::string text;
  for (const Part& part : parts.all)
    if (!part.gallery) text += "; shard \"" + part.shard.name + "\": " + (part.why ? part.why->message : "not open");
  return fail(ErrorCode::resource_limit, std::to_string(parts.open().size()) + " of " +
                                             std::to_string(parts.all.size()) + " shards answer" + text);
}

Result<ShardedGallery::Shared> ShardedGallery::answering() const {
  Shared now = parts();
  if (options_.partial == PartialAnswers::allow || now->complete()) return now;
  return missing(*now);
}

Result<ShardedGallery::Shared> ShardedGallery::whole() const {
  Shared now = parts();
  if (now->complete()) return now;
  return missing(*now);
}

GalleryInfo ShardedGallery::info() const {
  const Shared now = parts();
  const auto searched = now->searched();
  GalleryInfo sum = now->open().front()->info();
  sum.path = options_.path.string();
  sum.subjects = 0;
  sum.faces = 0;
  sum.templates_here = 0;
  sum.cells.reset();
  for (const Part* const part : searched) {
    const GalleryInfo one = part->gallery->info();
    add_cells(sum, one);
    sum.templates_here += one.templates_here;
    sum.subjects += one.subjects;
    sum.faces += one.faces;
    sum.created = std::min(sum.created, one.created);
  }
  sum.shards = static_cast<int>(now->all.size());
  sum.shards_answered = static_cast<int>(searched.size());
  return sum;
}

GalleryModel ShardedGallery::model() const { return parts()->open().front()->model(); }

Result<std::vector<Subject>> ShardedGallery::subjects(const ListOptions& options) {
  VULTUS_TRY(const Shared now, answering());
  const auto open = now->open();
  auto lists = each_at_once(open.size(), [&](std::size_t i) { return open[i]->subjects(options); });
  std::vector<Subject> all;
  for (auto& list : lists) {
    if (!list) return list.error();
    all.insert(all.end(), list->begin(), list->end());
  }
  std::ranges::stable_sort(all, {}, &Subject::name);
  keep_first(all, [](const Subject& one) { return one.id.number(); });
  if (all.size() > options.limit) all.resize(options.limit);
  return all;
}

template <class Ask>
auto ShardedGallery::first_found(const Ask& ask) -> std::invoke_result_t<Ask, LocalGallery&> {
  const Shared now = parts();
  std::optional<Error> last;
  for (const auto& gallery : now->open()) {
    auto answer = ask(*gallery);
    if (answer || answer.error().code != ErrorCode::not_found) return answer;
    last = answer.error();
  }
  // It may be in a shard that is not there.
  if (!now->complete()) return missing(*now);
  return *last;
}

Result<Subject> ShardedGallery::subject(SubjectId id) {
  return first_found([&](LocalGallery& one) { return one.subject(id); });
}

Result<std::vector<EnrolledFace>> ShardedGallery::faces(SubjectId id) {
  return first_found([&](LocalGallery& one) { return one.faces(id); });
}

Result<EnrolledFace> ShardedGallery::face(FaceId id) {
  return first_found([&](LocalGallery& one) { return one.face(id); });
}

Result<std::vector<Embedding>> ShardedGallery::templates(SubjectId id) {
  return first_found([&](LocalGallery& one) { return one.templates(id); });
}

Result<std::optional<Thumbnail>> ShardedGallery::thumbnail(FaceId id) {
  return first_found([&](LocalGallery& one) { return one.thumbnail(id); });
}

Result<std::optional<Subject>> ShardedGallery::find_subject(const std::string& name) {
  VULTUS_TRY(const Shared now, answering());
  VULTUS_TRY(auto place, place_of(*now, name));
  if (!place) return std::optional<Subject>();
  return std::optional(std::move(place->second));
}

Result<std::vector<EnrolledFace>> ShardedGallery::faces_of_source(std::string_view sha256) {
  VULTUS_TRY(const Shared now, answering());
  const auto open = now->open();
  const auto lists = each_at_once(open.size(), [&](std::size_t i) { return open[i]->faces_of_source(sha256); });
  std::vector<EnrolledFace> all;
  for (const auto& list : lists) {
    if (!list) return list.error();
    all.insert(all.end(), list->begin(), list->end());
  }
  std::ranges::sort(all, {}, [](const EnrolledFace& one) { return one.id; });
  keep_first(all, [](const EnrolledFace& one) { return one.id.number(); });
  return all;
}

Result<std::vector<Calibration>> ShardedGallery::calibrations() {
  VULTUS_TRY(const Shared now, answering());
  std::vector<Calibration> all;
  for (const auto& gallery : now->open()) {
    VULTUS_TRY(const auto some, gallery->calibrations());
    for (const Calibration& one : some) {
      // Every shard has its own row of the same measurement, with its own share of the subjects.
      const auto same = std::ranges::find_if(all, [&](Calibration other) {
        other.subjects = one.subjects;
        return other == one;
      });
      if (same == all.end())
        all.push_back(one);
      else
        same->subjects += one.subjects;
    }
  }
  std::ranges::stable_sort(all, {}, &Calibration::made);
  return all;
}

Result<GalleryCheck> ShardedGallery::check() {
  VULTUS_TRY(const Shared now, answering());
  GalleryCheck sum;
  for (const Part& part : now->all) {
    if (!part.gallery) continue;
    VULTUS_TRY(const GalleryCheck one, part.gallery->check());
    sum.subjects += one.subjects;
    sum.faces += one.faces;
    if (one.sealed_values_checked) sum.sealed_values_checked = one.sealed_values_checked;
    for (const std::string& finding : one.findings) sum.findings.push_back("shard " + part.shard.name + ": " + finding);
    for (const std::string& note : one.notes) sum.notes.push_back("shard " + part.shard.name + ": " + note);
  }
  return sum;
}

}  // namespace vultus::gallery
