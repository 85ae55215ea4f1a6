// Who is whom in a gallery of shards: people who are linked lie in one shard, and there it is done.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>

#include <vultus/gallery/store/postgres_schema.hpp>

namespace vultus::gallery {

Result<std::size_t> ShardedGallery::settled_owner(const Parts& parts, FaceId face, SubjectId& owner) {
  for (const Part& part : parts.all) {
    VULTUS_TRY(const auto row, part.gallery->with_store([&](Store& store) { return store.face(face); }));
    if (!row) continue;
    owner = row->subject;
    return settled(parts, row->subject);
  }
  return fail(ErrorCode::not_found, "no face " + std::to_string(face.number()));
}

std::string ShardedGallery::called(LocalGallery& gallery, SubjectId id) {
  const Result<Subject> subject = gallery.subject(id);
  return subject ? "\"" + subject->name + "\"" : "subject " + std::to_string(id.number());
}

Status ShardedGallery::merge(SubjectId from, SubjectId into) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const std::size_t here, settled(*now, from));
  if (from == into)
    return fail(ErrorCode::invalid_argument, called(*now->all[here].gallery, from) + " cannot be merged with itself");
  VULTUS_TRY(const std::size_t there, settled(*now, into));
  if (here != there) VULTUS_CHECK(move(*now, here, there, {&from, 1}));
  return now->all[there].gallery->merge(from, into);
}

Result<SubjectId> ShardedGallery::split(std::span<const FaceId> faces, const std::string& name) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  VULTUS_TRY(const auto taken, place_of(*now, name));
  if (taken)
    return fail(ErrorCode::invalid_argument,
                "the faces are not split off: somebody is called \"" + name + "\" already");
  SubjectId owner;
  VULTUS_TRY(const std::size_t at, settled_owner(*now, faces.front(), owner));
  // To the shard that will have the name, where the database itself keeps names apart; the two are linked then.
  VULTUS_TRY(const std::size_t target, home(*now, name));
  if (target != at) VULTUS_CHECK(move(*now, at, target, {&owner, 1}));
  return now->all[target].gallery->split(faces, name);
}

Status ShardedGallery::not_this_person(FaceId face, SubjectId subject, Say say) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  SubjectId owner;
  VULTUS_TRY(const std::size_t here, settled_owner(*now, face, owner));
  VULTUS_TRY(const std::size_t there, settled(*now, subject));
  if (here != there && say == Say::no_longer) return {};  // it was never said: they would lie in one shard
  if (here != there) VULTUS_CHECK(move(*now, here, there, {&owner, 1}));
  return now->all[there].gallery->not_this_person(face, subject, say);
}

Status ShardedGallery::not_same_person(FaceId a, FaceId b, Say say) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  SubjectId first;
  SubjectId second;
  VULTUS_TRY(const std::size_t here, settled_owner(*now, a, first));
  VULTUS_TRY(const std::size_t there, settled_owner(*now, b, second));
  if (here != there && say == Say::no_longer) return {};
  if (here != there) VULTUS_CHECK(move(*now, here, there, {&first, 1}));
  return now->all[there].gallery->not_same_person(a, b, say);
}

Result<std::vector<NotSame>> ShardedGallery::not_same() {
  VULTUS_TRY(const Shared now, answering());
  std::vector<NotSame> all;
  for (const auto& gallery : now->open()) {
    VULTUS_TRY(const auto some, gallery->not_same());
    for (const NotSame& one : some)  // people who are being moved are in two shards
      if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  return all;
}

Result<std::vector<UndoEntry>> ShardedGallery::undoable() {
  VULTUS_TRY(const Shared now, answering());
  std::vector<UndoEntry> all;
  for (const Part& part : now->all) {
    if (!part.gallery) continue;
    VULTUS_TRY(const auto some, part.gallery->undoable());
    for (UndoEntry one : some) {
      one.number += part.shard.number * kIdsOfShard;
      all.push_back(std::move(one));
    }
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &UndoEntry::at);
  return all;
}

Result<UndoEntry> ShardedGallery::undo(std::optional<std::int64_t> number) {
  if (!number) {
    VULTUS_TRY(const auto all, undoable());
    if (all.empty()) return fail(ErrorCode::not_found, "no change that can be taken back");
    number = all.front().number;
  }
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) {
    if (part.shard.number != *number / kIdsOfShard) continue;
    const std::int64_t mine = *number % kIdsOfShard;
    VULTUS_TRY(const auto back, part.gallery->name_key_of_undo(mine));
    for (const Part& other : now->all) {
      if (!back || &other == &part) continue;
      VULTUS_TRY(const auto taken, other.gallery->with_store([&](Store& store) {
        return store.find_subjects({&*back, 1});
      }));
      if (taken.front())
        return fail(ErrorCode::invalid_argument, "the merge is not taken back: somebody else is called " +
                                                     called(*other.gallery, taken.front()->id) +
                                                     " now; rename them first");
    }
    VULTUS_TRY(UndoEntry entry, part.gallery->undo(mine));
    entry.number = *number;
    return entry;
  }
  return fail(ErrorCode::not_found, "no change " + std::to_string(*number) + " that can be taken back");
}

Status ShardedGallery::forget_undo() {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  for (const Part& part : now->all) VULTUS_CHECK(part.gallery->forget_undo());
  return {};
}

Result<std::int64_t> ShardedGallery::write_snapshot() {
  VULTUS_TRY(const Shared now, whole());
  std::int64_t bytes = 0;
  for (const auto& gallery : now->open()) {
    VULTUS_TRY(const std::int64_t one, gallery->write_snapshot());
    bytes += one;
  }
  return bytes;
}

}  // namespace vultus::gallery
