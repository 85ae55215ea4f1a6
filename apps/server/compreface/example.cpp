#include <apps/server/compreface/example.hpp>

#include <algorithm>

#include <apps/server/compreface/front.hpp>

namespace vultus::server::compreface {
namespace {

Result<Embedding> template_of(const Gallery& gallery, const EnrolledFace& face) {
  VULTUS_TRY(const auto faces, gallery.faces(face.subject));
  VULTUS_TRY(auto templates, gallery.templates(face.subject));
  for (std::size_t i = 0; i < std::min(faces.size(), templates.size()); ++i)
    if (faces[i].id == face.id) return std::move(templates[i]);
  return fail(ErrorCode::not_found, "no template of face " + std::to_string(face.id.number()));
}

Result<ChosenExample> chosen(const Gallery& gallery, FaceId id) {
  VULTUS_TRY(EnrolledFace face, gallery.face(id));
  VULTUS_TRY(Subject subject, gallery.subject(face.subject));
  VULTUS_TRY(Embedding embedding, template_of(gallery, face));
  return ChosenExample{.face = std::move(face), .subject = std::move(subject.name), .embedding = std::move(embedding)};
}

}  // namespace

Checked<ChosenExample> example_of(const Call& call, const Gallery& gallery) {
  const auto id = image_ids_of(call).face_of(call.path_text("image_id"));
  if (!id) return image_not_found();
  auto example = chosen(gallery, *id);
  if (example) return *std::move(example);
  if (example.error().code == ErrorCode::not_found) return image_not_found();
  return example.error();
}

Result<std::vector<Cosine>> compared(const Gallery& gallery, const ChosenExample& example,
                                     std::span<const Embedding> probes, const OperatingPoint& at) {
  std::vector<Cosine> cosines;
  for (const Embedding& probe : probes) {
    VULTUS_TRY(const Cosine cosine, similarity(probe, example.embedding));
    cosines.push_back(cosine);
  }
  const bool match = std::ranges::any_of(cosines, [&](Cosine one) { return one >= at.threshold; });
  VULTUS_CHECK(gallery.note({.what = "verification",
                             .subjects = {example.face.subject},
                             .faces = {example.face.id},
                             .count = static_cast<std::int64_t>(probes.size()),
                             .detail = match ? "match" : "no match"}));
  return cosines;
}

}  // namespace vultus::server::compreface
