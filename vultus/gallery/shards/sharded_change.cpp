// What changes a gallery of shards: each change happens in the one shard that has the subject.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>
#include <map>

#include <vultus/gallery/shards/each_part.hpp>
#include <vultus/gallery/subject_name.hpp>

namespace vultus::gallery {

Result<std::size_t> ShardedGallery::home(const Parts& parts, const std::string& name) const {
  VULTUS_TRY(const std::string key, parts.open().front()->name_key(name));
  const Shard& wanted = parts.map.shards[home_of(key, parts.map.shards)];
  for (std::size_t i = 0; i < parts.all.size(); ++i)
    if (parts.all[i].shard.name == wanted.name) return i;
  return fail(ErrorCode::internal, "no shard \"" + wanted.name + "\"");
}

Result<std::optional<std::pair<std::size_t, Subject>>> ShardedGallery::place_of(const Parts& parts,
                                                                                const std::string& name) const {
  VULTUS_TRY(const std::size_t first, home(parts, name));
  std::vector<std::size_t> order{first};
  for (std::size_t i = 0; i < parts.all.size(); ++i)
    if (i != first) order.push_back(i);
  for (const std::size_t i : order) {
    if (!parts.all[i].gallery) continue;
    VULTUS_TRY(auto found, parts.all[i].gallery->find_subject(name));
    if (found) return std::optional(std::pair(i, *std::move(found)));
  }
  return std::optional<std::pair<std::size_t, Subject>>();
}

Status ShardedGallery::move(const Parts& parts, std::size_t from, std::size_t to, std::span<const SubjectId> subjects) {
  const Part& low = parts.all[std::min(from, to)];
  const Part& high = parts.all[std::max(from, to)];
  std::vector<SubjectId> all;
  const auto moved = low.gallery->with_guard([&](Store& first, Guard& first_guard) {
    return high.gallery->with_guard([&](Store& second, Guard& second_guard) -> Result<std::int64_t> {
      const ShardStore a{low.shard, &first, &first_guard};
      const ShardStore b{high.shard, &second, &second_guard};
      const ShardStore& here = from < to ? a : b;
      VULTUS_TRY(const LinkedGroups groups, LinkedGroups::of(*here.store));
      for (const SubjectId id : subjects)
        for (const SubjectId one : groups.with(id))
          if (std::ranges::find(all, one) == all.end()) all.push_back(one);
      return move_subjects(here, from < to ? b : a, all, parts.map.version);
    });
  });
  if (!moved) return moved.error();
  // First where they are now, so that no search misses them.
  for (const std::size_t i : {to, from})
    if (const auto seen = parts.all[i].gallery->refresh_keeping_gone(); !seen) return seen.error();
  return parts.all[from].gallery->drop_gone(parts.all[from].gallery->gone(all));
}

Result<std::size_t> ShardedGallery::settled(const Parts& parts, SubjectId id) {
  std::vector<std::size_t> found;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < parts.all.size(); ++i) {
    VULTUS_TRY(const auto row, parts.all[i].gallery->with_store([&](Store& store) { return store.subject(id); }));
    if (!row) continue;
    const Shard& wanted = parts.map.shards[home_of(row->name_key, parts.map.shards)];
    if (found.empty() || wanted.name == parts.all[i].shard.name) kept = i;
    found.push_back(i);
  }
  if (found.empty()) return fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  for (const std::size_t i : found)
    if (i != kept) VULTUS_CHECK(move(parts, i, kept, {&id, 1}));
  return kept;
}

Result<ShardedGallery::Places> ShardedGallery::places_of(const Parts& parts,
                                                         const std::vector<std::string>& keys) const {
  const auto found = each_at_once(parts.all.size(), [&](std::size_t i) {
    return parts.all[i].gallery->with_store([&](Store& store) { return store.find_subjects(keys); });
  });
  Places places(keys.size());
  for (std::size_t i = 0; i < parts.all.size(); ++i) {
    if (!found[i]) return found[i].error();
    for (std::size_t k = 0; k < keys.size(); ++k)
      if (const auto& row = (*found[i])[k]) places[k].emplace_back(i, row->id);
  }
  return places;
}

Status ShardedGallery::bring_home(const Parts& parts, std::map<std::string, std::size_t>& homes) {
  std::vector<std::string> keys;
  std::vector<std::size_t*> places;
  for (auto& [name, home] : homes) {
    VULTUS_TRY(std::string key, parts.all.front().gallery->name_key(name));
    keys.push_back(std::move(key));
    places.push_back(&home);
  }
  VULTUS_TRY(Places found, places_of(parts, keys));
  // What an interrupted move has left in two shards is made one first: a face that is added to the copy that goes would
  // be lost.
  bool settled_some = false;
  for (const auto& copies : found)
    for (const auto& [shard, id] : copies) {
      if (std::ranges::count(copies, id, &std::pair<std::size_t, SubjectId>::second) < 2) continue;
      const auto settled_in = settled(parts, id);
      if (!settled_in && settled_in.error().code != ErrorCode::not_found) return settled_in.error();
      settled_some = true;
    }
  if (settled_some) {
    VULTUS_TRY(found, places_of(parts, keys));
  }
  std::map<std::pair<std::size_t, std::size_t>, std::vector<SubjectId>> journeys;
  std::map<std::size_t, LinkedGroups> groups;
  for (std::size_t k = 0; k < keys.size(); ++k)
    for (const auto& [shard, id] : found[k]) {
      if (shard == *places[k]) continue;
      if (!groups.contains(shard)) {
        VULTUS_TRY(auto linked, parts.all[shard].gallery->with_store([](Store& s) { return LinkedGroups::of(s); }));
        groups.emplace(shard, std::move(linked));
      }
      if (groups.at(shard).is_linked(id))
        *places[k] = shard;  // who is linked stays with whom it is linked to
      else
        journeys[{shard, *places[k]}].push_back(id);
    }
  for (const auto& [way, subjects] : journeys) VULTUS_CHECK(move(parts, way.first, way.second, subjects));
  return {};
}

Result<std::vector<EnrolOutcome>> ShardedGallery::enrol(std::span<const NewFace> faces) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  std::map<std::string, std::size_t> homes;
  std::vector<std::string> names;
  for (const NewFace& one : faces) {
    VULTUS_TRY(std::string name, checked_name(one.subject));
    if (!homes.contains(name)) {
      VULTUS_TRY(homes[name], home(*now, name));
    }
    names.push_back(std::move(name));
  }
  VULTUS_CHECK(bring_home(*now, homes));
  std::vector<std::vector<NewFace>> shares(now->all.size());
  std::vector<std::vector<std::size_t>> places(now->all.size());
  for (std::size_t i = 0; i < faces.size(); ++i) {
    const std::size_t at = homes.at(names[i]);
    shares[at].push_back(faces[i]);
    places[at].push_back(i);
  }
  const auto done = each_at_once(shares.size(), [&](std::size_t i) -> Result<std::vector<EnrolOutcome>> {
    if (shares[i].empty()) return std::vector<EnrolOutcome>();
    return now->all[i].gallery->enrol(shares[i]);
  });
  std::vector<EnrolOutcome> outcomes(faces.size());
  std::size_t kept = 0;
  std::optional<Error> failed;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!done[i] && !failed)
      failed = fail(done[i].error().code, "shard \"" + now->all[i].shard.name + "\": " + done[i].error().message);
    if (!done[i]) continue;
    kept += shares[i].size();
    for (std::size_t k = 0; k < places[i].size(); ++k) outcomes[places[i][k]] = (*done[i])[k];
  }
  if (!failed) return outcomes;
  failed->message +=
      "; of " + std::to_string(faces.size()) + " faces the other shards have kept " + std::to_string(kept);
  return *failed;
}

Result<SubjectOutcome> ShardedGallery::add_subject(const std::string& name) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const auto taken, place_of(*now, name));
  if (taken) return SubjectOutcome{.subject = taken->second.id, .already_there = true};
  VULTUS_TRY(const std::size_t at, home(*now, name));
  return now->all[at].gallery->add_subject(name);
}

Result<SubjectId> ShardedGallery::rename(SubjectId id, const std::string& to, IfNameTaken if_taken) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t at, settled(*now, id));
  VULTUS_TRY(const auto taken, place_of(*now, to));
  const bool other = taken && taken->second.id != id;
  if (other && if_taken == IfNameTaken::refuse)
    return fail(ErrorCode::invalid_argument, called(*now->all[at].gallery, id) + " cannot be renamed to \"" + to +
                                                 "\": somebody has that name, and merging was not asked for");
  // First to the shard that will have the name, where the database itself keeps names apart.
  VULTUS_TRY(const std::size_t target, other ? Result<std::size_t>(taken->first) : home(*now, to));
  if (target != at) VULTUS_CHECK(move(*now, at, target, {&id, 1}));
  return now->all[target].gallery->rename(id, to, if_taken);
}

Status ShardedGallery::describe(SubjectId id, const SubjectDetails& details) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t at, settled(*now, id));
  return now->all[at].gallery->describe(id, details);
}

Result<Removal> ShardedGallery::remove(SubjectId id) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t at, settled(*now, id));
  VULTUS_TRY(const Removal gone, now->all[at].gallery->remove(id));
  VULTUS_CHECK(destroy_left_keys(*now, at, {&id, 1}));
  return gone;
}

Result<Removal> ShardedGallery::remove(FaceId id) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) {
    VULTUS_TRY(const auto row, part.gallery->with_store([&](Store& store) { return store.face(id); }));
    if (!row) continue;
    VULTUS_TRY(const std::size_t at, settled(*now, row->subject));
    return now->all[at].gallery->remove(id);
  }
  return fail(ErrorCode::not_found, "no face " + std::to_string(id.number()));
}

Status ShardedGallery::add_calibration(const Calibration& measured) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) VULTUS_CHECK(part.gallery->add_calibration(measured));
  return {};
}

}  // namespace vultus::gallery
