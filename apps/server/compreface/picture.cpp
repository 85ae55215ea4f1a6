#include <apps/server/compreface/picture.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/compreface/errors.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/http/ascii.hpp>
#include <apps/server/service.hpp>

namespace vultus::server::compreface {
namespace {

constexpr std::array<std::string_view, 9> kExtensions{"jpeg", "jpg", "ico", "png", "bmp", "gif", "tif", "tiff", "webp"};
constexpr int kProbabilityDecimals = 5;
constexpr int kTemplateDecimals = 7;
constexpr int kAngleDecimals = 2;
constexpr int kMillisecondDecimals = 1;
constexpr double kMilliseconds = 1000;

bool has_known_extension(std::string_view file) {
  const auto dot = file.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string extension = ascii_lowered(file.substr(dot + 1));
  return std::ranges::find(kExtensions, extension) != kExtensions.end();
}

Problem too_large(const std::string& what) {
  return bad(Code::other,
             what + " has more than " + std::to_string(kMaxFileBytes) + " bytes, which is the most allowed");
}

double degrees(Radians angle) { return static_cast<double>(angle.value()) * 180 / std::numbers::pi; }

std::int64_t pixel(float value) { return std::llround(value); }

Json box_of(const FaceObservation& face) {
  return {{"probability", cli::number_json(face.detection.value(), kProbabilityDecimals)},
          {"x_max", pixel(face.box.right())},
          {"y_max", pixel(face.box.bottom())},
          {"x_min", pixel(face.box.x)},
          {"y_min", pixel(face.box.y)}};
}

Json pose_of(const engine::SeenFace& face) {
  const auto& pose = face.quality ? face.quality->pose : face.face.pose;
  if (!pose) return nullptr;
  return {{"pitch", cli::number_json(degrees(pose->pitch), kAngleDecimals)},
          {"roll", cli::number_json(degrees(pose->roll), kAngleDecimals)},
          {"yaw", cli::number_json(degrees(pose->yaw), kAngleDecimals)}};
}

}  // namespace

Checked<std::string> sent_picture(const Call& call, const std::string& part) {
  const Problem missing = bad(Code::part_missing, "Required part " + part + " is missing");
  if (!call.form.empty() || call.body.is_null()) {
    const auto at =
        std::ranges::find_if(call.form, [&](const FormPart& one) { return one.name == part && one.file_name; });
    if (at == call.form.end()) return missing;
    if (!has_known_extension(*at->file_name))
      return bad(Code::file_not_usable, "File [" + *at->file_name + "] has an unavailable extension");
    if (at->content.size() > kMaxFileBytes) return too_large("File [" + *at->file_name + "]");
    return std::string(at->content);
  }
  if (!call.body.is_object() || !call.body.contains(part) || call.body.at(part).is_null()) return missing;
  const Problem no_base64 = bad(Code::file_not_usable, "Provided value is not Base64");
  if (!call.body.at(part).is_string()) return no_base64;
  auto bytes = bytes_of_base64(call.body.at(part).get_ref<const std::string&>(), kMaxFileBytes);
  if (bytes) return *std::move(bytes);
  if (bytes.error().code == ErrorCode::resource_limit) return too_large("The picture " + part);
  return no_base64;
}

Checked<engine::SeenPicture> look_at(Call& call, const std::string& part, const FaceQuery& query,
                                     const Wanted& wanted) {
  VULTUS_TRY(const std::string bytes, sent_picture(call, part));
  const LookWanted look{
      .depth = wanted.templates || query.calculator ? engine::Depth::embed_all : engine::Depth::detect,
      .quality = query.pose,
      .for_enrolment = wanted.for_enrolment};
  const std::string name = "request " + call.request.id + ", " + part;
  VULTUS_TRY(engine::SeenPicture seen, look_at_bytes(call, bytes, name, look));
  if (seen.error) return Refusal{.problem = picture_problem(*seen.error), .for_log = seen.error->message};
  if (query.least_detection)
    std::erase_if(seen.faces, [&](const engine::SeenFace& face) {
      return static_cast<double>(face.face.detection.value()) < *query.least_detection;
    });
  if (seen.faces.empty()) return no_face();
  if (!query.detect_faces) seen.faces.erase(seen.faces.begin() + 1, seen.faces.end());
  std::ranges::stable_sort(seen.faces, std::ranges::greater(),
                           [](const engine::SeenFace& face) { return face.face.box.area(); });
  if (query.limit > 0 && seen.faces.size() > query.limit)
    seen.faces.erase(seen.faces.begin() + static_cast<std::ptrdiff_t>(query.limit), seen.faces.end());
  return seen;
}

Json face_json(const engine::SeenFace& face, const engine::SeenPicture& seen, const FaceQuery& query) {
  Json object;
  if (query.pose) object["pose"] = pose_of(face);
  object["box"] = box_of(face.face);
  if (query.landmarks) {
    Json points = Json::array();
    for (const Point2f& point : face.face.keypoints) points.push_back({pixel(point.x), pixel(point.y)});
    object["landmarks"] = std::move(points);
  }
  if (query.calculator && face.embedding) {
    Json values = Json::array();
    for (const float value : face.embedding->values()) values.push_back(cli::number_json(value, kTemplateDecimals));
    object["embedding"] = std::move(values);
  }
  if (!query.status) return object;
  const auto told = [](double seconds) { return cli::number_json(seconds * kMilliseconds, kMillisecondDecimals); };
  Json times;
  if (query.pose) times["pose"] = told(seen.stages.quality);
  times["detector"] = told(seen.stages.detect + seen.stages.describe);
  if (face.embedding) times["calculator"] = told(seen.stages.embed);
  object["execution_time"] = std::move(times);
  return object;
}

Json plugins_versions(const Call& call, const FaceQuery& query) {
  if (!query.status) return nullptr;
  const engine::Preset& preset = call.service.faces().engine().preset();
  Json versions;
  if (query.pose) versions["pose"] = preset.landmarks.text();
  versions["detector"] = preset.detector.text();
  versions["calculator"] = preset.template_model().text();
  return versions;
}

}  // namespace vultus::server::compreface
