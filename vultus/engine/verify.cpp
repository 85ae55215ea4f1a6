#include <vultus/engine/verify.hpp>

#include <vultus/identity/verify.hpp>

namespace vultus::engine {
namespace {

Result<SeenPicture> main_face_of(Looker& looker, const media::Input& input, const LookOptions& options) {
  SeenPicture seen = looker.look(input, options);
  if (seen.error) return *seen.error;
  if (seen.faces.empty()) return fail(ErrorCode::not_found, input.path + ": no face was found");
  return seen;
}

}  // namespace

Result<VerifiedPictures> verify_pictures(const Engine& engine, const media::Input& a, const media::Input& b,
                                         const OperatingPoint& at, const media::DecodeLimits& limits) {
  VULTUS_TRY(Looker looker, engine.make_looker());
  const LookOptions look{.depth = Depth::embed_main, .limits = limits};
  VULTUS_TRY(const SeenPicture first, main_face_of(looker, a, look));
  VULTUS_TRY(const SeenPicture second, main_face_of(looker, b, look));
  VULTUS_TRY(const auto answer, identity::verify(*first.faces[0].embedding, *second.faces[0].embedding, at));
  return VerifiedPictures{.match = answer.match,
                          .similarity = answer.similarity,
                          .at = answer.at,
                          .face_a = first.faces[0].face,
                          .face_b = second.faces[0].face,
                          .faces_a = static_cast<int>(first.faces.size()),
                          .faces_b = static_cast<int>(second.faces.size())};
}

}  // namespace vultus::engine
