#include <vultus/gallery/shards/shard_mover.hpp>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

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

Result<std::vector<WholeFace>> whole_faces(Store& from, SubjectId subject,
                                           const std::unordered_map<ModelRowId, ModelRowId>& models) {
  VULTUS_TRY(const std::vector<FaceRow> rows, from.faces_of(subject));
  std::vector<WholeFace> faces;
  for (const FaceRow& row : rows) {
    WholeFace whole{.face = row, .templates = {}};
    for (const auto& [here, there] : models) {
      VULTUS_TRY(std::optional<TemplateRow> one, from.face_template(row.id, here));
      if (!one) continue;
      one->model = there;
      whole.templates.push_back(*std::move(one));
    }
    VULTUS_TRY(whole.thumbnail, from.thumbnail(row.id));
    faces.push_back(std::move(whole));
  }
  return faces;
}

/// Copies the subjects that are here and not there.
/// @return those that are to be deleted here
Result<std::vector<SubjectId>> copy_subjects(Store& from, Store& to, std::span<const SubjectId> subjects) {
  std::vector<SubjectId> found;
  std::vector<SubjectRow> rows;
  std::vector<WholeFace> faces;
  std::unordered_set<std::int64_t> moved_faces;
  VULTUS_TRY(const auto models, model_numbers(from, to));
  for (const SubjectId id : subjects) {
    VULTUS_TRY(std::optional<SubjectRow> row, from.subject(id));
    if (!row) continue;  // removed meanwhile, or moved by somebody else
    found.push_back(id);
    VULTUS_TRY(const std::optional<SubjectRow> copy, to.subject(id));
    if (copy) continue;
    rows.push_back(*std::move(row));
    VULTUS_TRY(auto whole, whole_faces(from, id, models));
    for (WholeFace& one : whole) {
      moved_faces.insert(one.face.id.number());
      faces.push_back(std::move(one));
    }
  }
  if (rows.empty()) return found;
  VULTUS_CHECK(to.add_subjects(rows));
  VULTUS_CHECK(to.add_faces(faces));
  VULTUS_TRY(const std::vector<LinkRow> links, from.links());
  for (const LinkRow& link : links) {
    const bool ours = moved_faces.contains(link.a) || (link.kind == LinkKind::not_face && moved_faces.contains(link.b));
    if (!ours) continue;
    const Status linked = to.add_link(link);
    if (!linked && linked.error().code != ErrorCode::invalid_argument) return linked.error();
  }
  return found;
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
  VULTUS_TRY(const std::vector<SubjectId> found, copy_subjects(*from.store, *to.store, subjects));
  VULTUS_CHECK(there->commit());
  if (between) between();
  for (const SubjectId id : found) {
    const auto gone = from.store->remove_subject(id);
    if (!gone) return gone.error();
  }
  VULTUS_CHECK(here->commit());
  return static_cast<std::int64_t>(found.size());
}

}  // namespace vultus::gallery
