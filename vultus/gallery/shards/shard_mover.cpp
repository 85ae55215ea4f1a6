#include <vultus/gallery/shards/shard_mover.hpp>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <vultus/gallery/undo_steps.hpp>

namespace vultus::gallery {

namespace {

/// The numbers that the models of one shard have in another one; a model that is missing there is added.
Result<std::unordered_map<ModelRowId, ModelRowId>> model_numbers(Store& from, Store& to) {
  VULTUS_TRY(const std::vector<ModelRow> here, from.models());
  VULTUS_TRY(const std::vector<ModelRow> there, to.models());
  std::unordered_map<ModelRowId, ModelRowId> numbers;
  for (const ModelRow& one : here) {
    const auto same =
        std::ranges::find_if(there, [&](const ModelRow& other) { return other.model.id == one.model.id; });
    if (same != there.end()) {
      if (same->model.dimension != one.model.dimension)
        return to.fail(ErrorCode::model_mismatch, "its model " + one.model.id.text() + " has another dimension");
      numbers[one.id] = same->id;
    } else {
      VULTUS_TRY(numbers[one.id], to.add_model(one.model, one.added));
    }
  }
  return numbers;
}

/// The faces of a subject as they are to lie there.
Result<std::vector<WholeFace>> whole_faces(const ShardStore& from, const ShardStore& to, SubjectId subject,
                                           const std::unordered_map<ModelRowId, ModelRowId>& models) {
  Codec& here = from.guard->codec();
  Codec& there = to.guard->codec();
  VULTUS_TRY(const std::vector<FaceRow> rows, from.store->faces_of(subject));
  std::vector<WholeFace> faces;
  for (const FaceRow& row : rows) {
    WholeFace whole{.face = row, .templates = {}};
    VULTUS_CHECK(here.open(whole.face));
    VULTUS_CHECK(there.seal(whole.face));
    for (const auto& [model_here, model_there] : models) {
      VULTUS_TRY(std::optional<TemplateRow> one, from.store->face_template(row.id, model_here));
      if (!one) continue;
      VULTUS_CHECK(here.open(*one, subject));
      one->model = model_there;
      VULTUS_CHECK(there.seal(*one, subject));
      whole.templates.push_back(*std::move(one));
    }
    VULTUS_TRY(whole.thumbnail, from.store->thumbnail(row.id));
    if (whole.thumbnail) {
      VULTUS_CHECK(here.open(*whole.thumbnail, subject));
      VULTUS_CHECK(there.seal(*whole.thumbnail, subject));
    }
    faces.push_back(std::move(whole));
  }
  return faces;
}

/// What was found here, and what of it was copied.
struct Journey {
  std::vector<SubjectId> found;
  std::vector<SubjectId> copied;
};

/// Copies the subjects that are here and not there.
Result<Journey> copy_subjects(const ShardStore& from, const ShardStore& to, std::span<const SubjectId> subjects) {
  Journey journey;
  std::vector<SubjectRow> rows;
  for (const SubjectId id : subjects) {
    VULTUS_TRY(std::optional<SubjectRow> row, from.store->subject(id));
    if (!row) continue;  // removed meanwhile, or moved by somebody else
    journey.found.push_back(id);
    VULTUS_TRY(const std::optional<SubjectRow> copy, to.store->subject(id));
    if (copy) continue;
    journey.copied.push_back(id);
    rows.push_back(*std::move(row));
  }
  if (rows.empty()) return journey;
  VULTUS_TRY(const auto models, model_numbers(*from.store, *to.store));
  // Their keys are durable there before anything is sealed with them.
  VULTUS_CHECK(to.guard->codec().add_subjects(journey.copied));
  std::vector<WholeFace> faces;
  for (SubjectRow& row : rows) {
    VULTUS_CHECK(from.guard->codec().open(row));
    VULTUS_CHECK(to.guard->codec().seal(row));
    VULTUS_TRY(auto whole, whole_faces(from, to, row.id, models));
    std::ranges::move(whole, std::back_inserter(faces));
  }
  VULTUS_CHECK(to.store->add_subjects(rows));
  VULTUS_CHECK(to.store->add_faces(faces));
  std::unordered_set<std::int64_t> moved_faces;
  for (const WholeFace& one : faces) moved_faces.insert(one.face.id.number());
  VULTUS_TRY(const std::vector<LinkRow> links, from.store->links());
  for (const LinkRow& link : links) {
    const bool ours = moved_faces.contains(link.a) || (link.kind == LinkKind::not_face && moved_faces.contains(link.b));
    if (!ours) continue;
    // One end may be damaged or gone: the other one is moved all the same.
    const Status linked = to.store->add_link(link);
    if (!linked && linked.error().code != ErrorCode::invalid_argument) return linked.error();
  }
  return journey;
}

Status note_move(const ShardStore& at, const ShardStore& other, const char* what, const std::vector<SubjectId>& moved) {
  if (moved.empty()) return {};
  return at.guard->note(*at.store, {.what = what, .subjects = moved, .detail = "shard " + other.shard.name},
                        AuditKind::change);
}

/// Takes the rows away, and what could bring them back.
Status remove_moved(Store& store, UndoSteps& steps, const std::vector<SubjectId>& moved) {
  for (const SubjectId id : moved) {
    if (const auto dropped = steps.drop_of(id); !dropped) return dropped.error();
    if (const auto gone = store.remove_subject(id); !gone) return gone.error();
  }
  return {};
}

/// No copy of this shard opens what has left it.
Status drop_keys(Guard& guard, const std::vector<SubjectId>& moved) {
  if (!guard.sealed() || moved.empty()) return {};
  std::vector<std::int64_t> numbers;
  numbers.reserve(moved.size());
  for (const SubjectId id : moved) numbers.push_back(id.number());
  return guard.drop_keys(numbers);
}

}  // namespace

Result<ShardMap> map_of(Store& store) {
  VULTUS_TRY(const std::optional<std::string> text, store.meta(kMetaShards));
  if (!text) return store.fail(ErrorCode::corrupt_data, "a gallery of its own, no shard of a larger one");
  Result<ShardMap> map = map_from_stored(*text);
  if (!map) return store.fail(map.error().code, map.error().message);
  return map;
}

Status require_map(Store& store, std::int64_t version) {
  VULTUS_TRY(const ShardMap map, map_of(store));
  if (map.version == version) return {};
  return store.fail(ErrorCode::cancelled, "the map of shards has version " + std::to_string(map.version) +
                                              " now, it was opened with version " + std::to_string(version) +
                                              "; nothing was changed, open the gallery again");
}

Status publish_map(std::span<const ShardStore> shards, const ShardMap& map) {
  for (const ShardStore& one : shards) {
    VULTUS_TRY(const auto transaction, one.store->begin(Store::Kind::write));
    const auto there = map_of(*one.store);
    if (there && there->version > map.version)
      return one.store->fail(ErrorCode::cancelled, "another process has just changed the map of shards");
    VULTUS_CHECK(one.store->set_meta(kMetaShards, stored_map(map)));
    VULTUS_CHECK(transaction->commit());
  }
  return {};
}

Result<std::int64_t> move_subjects(const ShardStore& from, const ShardStore& to, std::span<const SubjectId> subjects,
                                   std::int64_t map_version, const std::function<void()>& between) {
  // Locks are taken in the order of numbers, so that two that move in opposite directions do not wait for each other.
  const bool here_first = from.shard.number < to.shard.number;
  VULTUS_TRY(auto first, (here_first ? from : to).store->begin(Store::Kind::write));
  VULTUS_TRY(auto second, (here_first ? to : from).store->begin(Store::Kind::write));
  auto& here = here_first ? first : second;
  auto& there = here_first ? second : first;
  VULTUS_CHECK(require_map(*from.store, map_version));
  VULTUS_CHECK(require_map(*to.store, map_version));
  VULTUS_TRY(const Journey journey, copy_subjects(from, to, subjects));
  VULTUS_CHECK(note_move(to, from, "move-in", journey.copied));
  VULTUS_CHECK(there->commit());
  if (between) between();
  const OpenRows rows(*from.store, *from.guard);
  UndoSteps steps(*from.store, rows);
  VULTUS_CHECK(remove_moved(*from.store, steps, journey.found));
  VULTUS_CHECK(note_move(from, to, "move-out", journey.found));
  VULTUS_CHECK(here->commit());
  VULTUS_CHECK(steps.forget_unused());
  VULTUS_CHECK(drop_keys(*from.guard, journey.found));
  return static_cast<std::int64_t>(journey.found.size());
}

Result<LinkedGroups> LinkedGroups::of(Store& store) {
  LinkedGroups made;
  VULTUS_TRY(const std::vector<LinkRow> links, store.links());
  const auto owner = [&](std::int64_t face) -> Result<std::optional<SubjectId>> {
    VULTUS_TRY(const std::optional<FaceRow> row, store.face(FaceId(face)));
    return row ? std::optional(row->subject) : std::nullopt;
  };
  const auto group = [&](SubjectId id) {
    const auto [at, fresh] = made.group_of_.try_emplace(id, made.groups_.size());
    if (fresh) made.groups_.push_back({id});
    return at->second;
  };
  for (const LinkRow& link : links) {
    VULTUS_TRY(const auto a, owner(link.a));
    std::optional<SubjectId> b = SubjectId(link.b);
    if (link.kind == LinkKind::not_face) {
      VULTUS_TRY(b, owner(link.b));
    }
    if (!a || !b || *a == *b) continue;
    std::size_t into = group(*a);
    std::size_t other = group(*b);
    if (into == other) continue;
    if (made.groups_[into].size() < made.groups_[other].size()) std::swap(into, other);
    for (const SubjectId id : std::exchange(made.groups_[other], {})) {
      made.group_of_[id] = into;
      made.groups_[into].push_back(id);
    }
  }
  for (auto& one : made.groups_) std::ranges::sort(one);
  return made;
}

std::vector<SubjectId> LinkedGroups::with(SubjectId id) const {
  const auto at = group_of_.find(id);
  return at == group_of_.end() ? std::vector<SubjectId>{id} : groups_[at->second];
}

Result<std::map<std::size_t, std::vector<std::vector<SubjectId>>>> misplaced_groups(Store& store, std::size_t here,
                                                                                    const ShardMap& map) {
  std::map<std::size_t, std::vector<std::vector<SubjectId>>> away;
  VULTUS_TRY(const auto view, store.begin(Store::Kind::read));
  VULTUS_TRY(const LinkedGroups groups, LinkedGroups::of(store));
  VULTUS_CHECK(store.each_subject([&](const SubjectRow& row) -> Status {
    const std::vector<SubjectId> group = groups.with(row.id);
    if (group.front() != row.id) return {};
    const std::size_t wanted = home_of(row.name_key, map.shards);
    if (wanted != here) away[wanted].push_back(group);
    return {};
  }));
  VULTUS_CHECK(view->commit());
  return away;
}

}  // namespace vultus::gallery
