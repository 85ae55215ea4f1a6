// Moving a gallery of shards to another model: side by side in each shard, then each shard switches.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>
#include <map>

#include <vultus/gallery/shards/each_part.hpp>

namespace vultus::gallery {

Status ShardedGallery::begin_model_move(const GalleryModel& to) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  // One that began it before, because this was interrupted, has nothing to do.
  for (const Part& part : now->all) VULTUS_CHECK(part.gallery->begin_model_move(to));
  return {};
}

Result<std::optional<ModelMove>> ShardedGallery::model_move() {
  VULTUS_TRY(const Shared now, answering());
  std::optional<ModelMove> sum;
  for (const auto& gallery : now->open()) {
    VULTUS_TRY(const auto one, gallery->model_move());
    if (!one) continue;  // it has switched, or not begun
    if (!sum) sum = ModelMove{.to = one->to};
    sum->missing += one->missing;
    sum->faces += one->faces;
  }
  return sum;
}

Result<std::vector<EnrolledFace>> ShardedGallery::faces_to_move(FaceId after, std::size_t limit) {
  VULTUS_TRY(const Shared now, whole());
  std::vector<EnrolledFace> all;
  bool moves = false;
  for (const auto& gallery : now->open()) {
    VULTUS_TRY(const auto move, gallery->model_move());
    if (!move) continue;
    moves = true;
    VULTUS_TRY(const auto some, gallery->faces_to_move(after, limit));
    all.insert(all.end(), some.begin(), some.end());
  }
  if (!moves) return fail(ErrorCode::not_found, "does not move to another model");
  std::ranges::sort(all, {}, [](const EnrolledFace& one) { return one.id; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

Result<std::int64_t> ShardedGallery::add_moved_templates(std::span<const MovedTemplate> templates) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  std::int64_t added = 0;
  for (const Part& part : now->all) {
    // Who is being moved lies in two shards: both get the template.
    std::vector<MovedTemplate> mine;
    for (const MovedTemplate& one : templates) {
      VULTUS_TRY(const auto row, part.gallery->with_store([&](Store& store) { return store.face(one.face); }));
      if (row) mine.push_back(one);
    }
    if (mine.empty()) continue;
    VULTUS_TRY(const std::int64_t some, part.gallery->add_moved_templates(mine));
    added += some;
  }
  return added;
}

Result<ModelSwitch> ShardedGallery::switch_model(IfNotMoved if_not_moved) {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  std::vector<const Part*> moving;
  std::int64_t missing = 0;
  for (const Part& part : now->all) {
    VULTUS_TRY(const auto move, part.gallery->model_move());
    if (!move) continue;  // it has switched already: this was interrupted
    moving.push_back(&part);
    missing += move->missing;
  }
  if (moving.empty()) return fail(ErrorCode::not_found, "does not move to another model");
  // Looked at in all shards before the first of them switches.
  if (missing > 0 && if_not_moved == IfNotMoved::refuse)
    return fail(ErrorCode::invalid_argument, std::to_string(missing) + " faces have no template of the new model");
  ModelSwitch sum{.bytes_gone = true};
  std::size_t done = 0;
  for (const Part* part : moving) {
    const auto one = part->gallery->switch_model(if_not_moved);
    if (!one)
      return fail(one.error().code, std::to_string(done) + " of " + std::to_string(moving.size()) +
                                        " shards have switched, the same again switches the others: shard \"" +
                                        part->shard.name + "\": " + one.error().message);
    sum.from = one->from;
    sum.to = one->to;
    sum.removed += one->removed;
    sum.bytes_gone = sum.bytes_gone && one->bytes_gone;
    ++done;
  }
  return sum;
}

Status ShardedGallery::drop_model_move() {
  const std::scoped_lock lock(changes_);
  VULTUS_TRY(const Shared now, whole());
  bool moves = false;
  for (const Part& part : now->all) {
    VULTUS_TRY(const auto move, part.gallery->model_move());
    if (!move) continue;
    moves = true;
    VULTUS_CHECK(part.gallery->drop_model_move());
  }
  return moves ? Status() : Status(fail(ErrorCode::not_found, "does not move to another model"));
}

}  // namespace vultus::gallery
