#include <apps/server/deepface/wanted.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/parameters.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/http/ascii.hpp>

namespace vultus::server::deepface {
namespace {

constexpr std::array<const char*, 4> kMetricNames{"cosine", "euclidean", "euclidean_l2", "angular"};

const Json* given(const Json& body, const char* name) {
  const auto at = body.find(name);
  return at == body.end() || at->is_null() ? nullptr : &*at;
}

Json point_json(const Point2f& point) { return {std::llround(point.x), std::llround(point.y)}; }

Checked<std::string> picture_in(const Call& call, const std::string& name) {
  const auto file = std::ranges::find(call.form, name, &FormPart::name);
  if (file != call.form.end()) return std::string(file->content);
  const Json* const value = given(call.body, name.c_str());
  if (value == nullptr || !value->is_string()) return refusal(name + " is missing: a file, or a data URI with base64");
  const auto& text = value->get_ref<const std::string&>();
  // The original opens paths and addresses that its callers name. Nothing here does.
  if (!text.starts_with("data:image/"))
    return refusal(name + " must be a file or a data URI; paths and addresses are not opened");
  auto bytes = bytes_of_base64(text, call.service.faces().limits().decode.max_bytes);
  if (!bytes) return refusal(name + ": " + bytes.error().message);
  return *std::move(bytes);
}

}  // namespace

std::string metric_name(Metric metric) { return kMetricNames.at(static_cast<std::size_t>(metric)); }

double distance(Metric metric, Cosine similarity) {
  const double cosine = std::clamp(static_cast<double>(similarity.value()), -1.0, 1.0);
  switch (metric) {
    case Metric::cosine: return 1 - cosine;
    case Metric::euclidean:
    case Metric::euclidean_l2: return std::sqrt(2 - 2 * cosine);
    case Metric::angular: break;
  }
  return std::acos(cosine) / std::numbers::pi;
}

Checked<bool> flag_in(const Json& body, const char* name, bool usual) {
  const Json* const value = given(body, name);
  if (value == nullptr) return usual;
  if (value->is_boolean()) return value->get<bool>();
  const std::string text = value->is_string() ? ascii_lowered(value->get<std::string>()) : value->dump();
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return refusal(std::string(name) + " must be true, false, 1 or 0");
}

Checked<std::int64_t> number_in(const Json& body, const char* name, std::int64_t low, std::int64_t high,
                                std::int64_t usual) {
  const Json* const value = given(body, name);
  if (value == nullptr) return usual;
  const auto number = integer_of(value->is_string() ? value->get<std::string>() : value->dump());
  if (number && *number >= low && *number <= high) return *number;
  return refusal(std::string(name) + " must be a whole number from " + std::to_string(low) + " to " +
                 std::to_string(high));
}

Checked<std::string> text_in(const Json& body, const char* name, const std::string& usual) {
  const Json* const value = given(body, name);
  if (value == nullptr) return usual;
  if (!value->is_string()) return refusal(std::string(name) + " must be a text");
  return value->get<std::string>();
}

Checked<Metric> metric_in(const Json& body) {
  VULTUS_TRY(const std::string name, text_in(body, "distance_metric", "cosine"));
  const auto* const at = std::ranges::find(kMetricNames, name);
  if (at != kMetricNames.end()) return static_cast<Metric>(at - kMetricNames.begin());
  return refusal("distance_metric must be cosine, euclidean, euclidean_l2 or angular, got " + name.substr(0, 32));
}

std::optional<Problem> refuse_unknown_options(const Json& body) {
  const auto align = flag_in(body, "align", true);
  if (!align) return align.error().problem;
  if (!*align) return refusal("align: templates are made of aligned faces only");
  const auto spoofing = flag_in(body, "anti_spoofing", false);
  if (!spoofing) return spoofing.error().problem;
  if (*spoofing) return refusal("anti_spoofing: this interface does not judge it; /v1/detect?liveness=true does");
  return std::nullopt;
}

Checked<engine::SeenPicture> look_at(Call& call, const std::string& name, const LookWanted& wanted) {
  VULTUS_TRY(const bool enforced, flag_in(call.body, "enforce_detection", true));
  VULTUS_TRY(const std::string bytes, picture_in(call, name));
  VULTUS_TRY(engine::SeenPicture seen, look_at_bytes(call, bytes, "request " + call.request.id + ", " + name, wanted));
  if (seen.error) return Refusal{.problem = refusal(seen.error->message), .for_log = seen.error->message};
  if (enforced && seen.faces.empty())
    return refusal("Face could not be detected in " + name + ". To go on without one, set enforce_detection to false.");
  return seen;
}

Json confidence_json(const std::optional<double>& probability) {
  constexpr int kDigits = 9;
  if (!probability) return nullptr;
  return cli::number_json(100 * cli::probability_json(*probability).get<double>(), kDigits);
}

Json area_json(const FaceObservation& face) {
  const auto at = [&](Keypoint point) { return point_json(face.keypoints.at(static_cast<std::size_t>(point))); };
  return {{"x", std::llround(face.box.x)},      {"y", std::llround(face.box.y)},
          {"w", std::llround(face.box.width)},  {"h", std::llround(face.box.height)},
          {"left_eye", at(Keypoint::left_eye)}, {"right_eye", at(Keypoint::right_eye)}};
}

}  // namespace vultus::server::deepface
