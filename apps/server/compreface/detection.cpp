// /api/v1/detection: which faces does a picture show?
#include <apps/server/api/server_log.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/picture.hpp>

namespace vultus::server::compreface {
namespace {

Reply detect(Call& call) {
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "file", query, {.templates = false}));
  Json result = Json::array();
  for (const engine::SeenFace& face : seen.faces) result.push_back(face_json(face, seen, query));
  return pretty_answer({{"result", std::move(result)}, {"plugins_versions", plugins_versions(call, query)}});
}

}  // namespace

std::vector<Row> detection_rows() {
  return {{Method::post, "/detection/detect", "comprefaceDetect", ServiceKind::detection, Body::picture,
           in_server_log("detect", &detect)}};
}

}  // namespace vultus::server::compreface
