// What a gallery of shards does not do yet, and its snapshots.
#include <vultus/gallery/shards/sharded_gallery.hpp>

namespace vultus::gallery {

Error ShardedGallery::not_yet(std::string_view what) const {
  return fail(ErrorCode::unsupported, "a gallery of shards cannot " + std::string(what) + " yet");
}

Status ShardedGallery::merge(SubjectId /*from*/, SubjectId /*into*/) { return not_yet("merge by number"); }
Result<SubjectId> ShardedGallery::split(std::span<const FaceId> /*faces*/, const std::string& /*name*/) {
  return not_yet("split people");
}
Status ShardedGallery::not_this_person(FaceId /*face*/, SubjectId /*subject*/, Say /*say*/) {
  return not_yet("keep who somebody is not");
}
Status ShardedGallery::not_same_person(FaceId /*a*/, FaceId /*b*/, Say /*say*/) {
  return not_yet("keep who somebody is not");
}
Result<std::vector<NotSame>> ShardedGallery::not_same() { return std::vector<NotSame>(); }
Result<std::vector<UndoEntry>> ShardedGallery::undoable() { return std::vector<UndoEntry>(); }
Result<UndoEntry> ShardedGallery::undo(std::optional<std::int64_t> /*number*/) { return not_yet("take changes back"); }
Status ShardedGallery::forget_undo() { return {}; }

// All shards would have to switch in one moment.
Status ShardedGallery::begin_model_move(const GalleryModel& /*to*/) { return not_yet("move to another model"); }
Result<std::optional<ModelMove>> ShardedGallery::model_move() { return std::optional<ModelMove>(); }
Result<std::vector<EnrolledFace>> ShardedGallery::faces_to_move(FaceId /*after*/, std::size_t /*limit*/) {
  return not_yet("move to another model");
}
Result<std::int64_t> ShardedGallery::add_moved_templates(std::span<const MovedTemplate> /*templates*/) {
  return not_yet("move to another model");
}
Result<ModelSwitch> ShardedGallery::switch_model(IfNotMoved /*if_not_moved*/) {
  return not_yet("move to another model");
}
Status ShardedGallery::drop_model_move() { return not_yet("move to another model"); }

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
