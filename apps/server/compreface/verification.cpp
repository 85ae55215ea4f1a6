// /api/v1/verification: do two pictures show one person?
#include <algorithm>

#include <apps/server/api/server_log.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/picture.hpp>
#include <apps/server/compreface/similar.hpp>

namespace vultus::server::compreface {
namespace {

Reply verify_two(Call& call) {
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, nullptr));
  const SimilarityScale scale = SimilarityScale::of(at);
  // Both are asked for before one is looked at.
  for (const char* part : {"source_image", "target_image"}) VULTUS_CHECK(sent_picture(call, part));
  FaceQuery of_source = query;
  of_source.limit = 0;
  VULTUS_TRY(const engine::SeenPicture source, look_at(call, "source_image", of_source, {}));
  if (source.faces.size() > 1) return several_faces();
  VULTUS_TRY(const engine::SeenPicture target, look_at(call, "target_image", query, {}));
  std::vector<std::pair<Cosine, Json>> matches;
  for (const engine::SeenFace& face : target.faces) {
    VULTUS_TRY(const Cosine cosine, similarity(*source.faces.front().embedding, *face.embedding));
    Json match = face_json(face, target, query);
    match["similarity"] = scale(cosine);
    if (wants_more(call)) add_decision(match, cosine, scale, at);
    matches.emplace_back(cosine, std::move(match));
  }
  std::ranges::stable_sort(matches, [](const auto& a, const auto& b) { return a.first > b.first; });
  Json list = Json::array();
  for (auto& [cosine, match] : matches) list.push_back(std::move(match));
  Json element{{"source_image_face", face_json(source.faces.front(), source, query)},
               {"face_matches", std::move(list)},
               {"plugins_versions", plugins_versions(call, query)}};
  return pretty_answer({{"result", Json::array({std::move(element)})}});
}

}  // namespace

std::vector<Row> verification_rows() {
  return {{Method::post, "/verification/verify", "comprefaceVerify", ServiceKind::verification, Body::picture,
           in_server_log("verify", &verify_two)}};
}

}  // namespace vultus::server::compreface
