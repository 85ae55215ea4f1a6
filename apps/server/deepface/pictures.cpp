// /represent, /verify and /analyze.
#include <algorithm>
#include <chrono>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/server_log.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/deepface/wanted.hpp>

namespace vultus::server::deepface {
namespace {

constexpr std::int64_t kMostFaces = 10'000;

Reply represent(Call& call) {
  if (auto wrong = refuse_unknown_options(call.body)) return *std::move(wrong);
  VULTUS_TRY(const std::int64_t most, number_in(call.body, "max_faces", 1, kMostFaces, kMostFaces));
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "img", {}));
  Json results = Json::array();
  for (const engine::SeenFace& face : seen.faces) {
    if (std::ssize(results) == most) break;
    results.push_back({{"embedding", template_json(*face.embedding)},
                       {"facial_area", area_json(face.face)},
                       {"face_confidence", cli::score_json(face.face.detection.value())}});
  }
  return answer({{"results", std::move(results)}});
}

/// The two faces of two pictures that are the most similar.
struct NearestPair {
  const engine::SeenFace* a = nullptr;
  const engine::SeenFace* b = nullptr;
  Cosine similarity{-1};
};

Result<NearestPair> nearest_pair(const engine::SeenPicture& one, const engine::SeenPicture& other) {
  NearestPair nearest;
  for (const engine::SeenFace& a : one.faces)
    for (const engine::SeenFace& b : other.faces) {
      VULTUS_TRY(const Cosine cosine, similarity(*a.embedding, *b.embedding));
      if (nearest.a == nullptr || cosine > nearest.similarity) nearest = {&a, &b, cosine};
    }
  return nearest;
}

Reply verify(Call& call) {
  const auto began = std::chrono::steady_clock::now();
  if (auto wrong = refuse_unknown_options(call.body)) return *std::move(wrong);
  VULTUS_TRY(const Metric metric, metric_in(call.body));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, nullptr));
  VULTUS_TRY(const engine::SeenPicture one, look_at(call, "img1", {}));
  VULTUS_TRY(const engine::SeenPicture other, look_at(call, "img2", {}));
  VULTUS_TRY(const NearestPair pair, nearest_pair(one, other));
  if (pair.a == nullptr) return refusal("there is no face to compare");
  const auto probability = at.probability(pair.similarity);
  const engine::Preset& preset = call.service.faces().engine().preset();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  return answer({{"verified", pair.similarity >= at.threshold},
                 {"distance", cli::score_json(distance(metric, pair.similarity))},
                 {"threshold", cli::score_json(distance(metric, at.threshold))},
                 {"confidence", confidence_json(probability)},
                 {"model", preset.template_model().text()},
                 {"detector_backend", preset.detector.text()},
                 {"distance_metric", metric_name(metric)},
                 {"similarity_metric", metric_name(metric)},
                 {"facial_areas", {{"img1", area_json(pair.a->face)}, {"img2", area_json(pair.b->face)}}},
                 {"time", cli::number_json(took.count(), 2)}});
}

/// The actions of a list, or of a text with commas.
std::vector<std::string> actions_in(const Json& body) {
  const Json usual{"emotion", "age", "gender", "race"};
  const Json actions = body.value("actions", usual);
  std::vector<std::string> list;
  if (actions.is_array())
    for (const Json& one : actions) list.push_back(one.is_string() ? one.get<std::string>() : one.dump());
  if (!actions.is_string()) return list;
  std::string name;
  for (const char letter : actions.get<std::string>() + ",") {
    if (letter != ',') {
      name += letter;
    } else if (!name.empty()) {
      list.push_back(std::exchange(name, {}));
    }
  }
  return list;
}

Reply analyze(Call& call) {
  if (auto wrong = refuse_unknown_options(call.body)) return *std::move(wrong);
  const auto actions = actions_in(call.body);
  if (!actions.empty()) {
    std::string names;
    for (const std::string& one : actions) names += (names.empty() ? "" : ", ") + one.substr(0, 32);
    return refusal("actions " + names +
                   ": this interface guesses none of them (the program vultus guesses age, gender and expression, and "
                   "never race); an empty list tells where faces are");
  }
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "img", {.depth = engine::Depth::detect}));
  Json results = Json::array();
  for (const engine::SeenFace& face : seen.faces)
    results.push_back(
        {{"region", area_json(face.face)}, {"face_confidence", cli::score_json(face.face.detection.value())}});
  return answer({{"results", std::move(results)}});
}

}  // namespace

std::vector<Row> picture_rows() {
  return {{"/represent", "deepfaceRepresent", Scope::identify, in_server_log("embed", &represent)},
          {"/verify", "deepfaceVerify", Scope::identify, in_server_log("verify", &verify)},
          {"/analyze", "deepfaceAnalyze", Scope::identify, in_server_log("detect", &analyze)}};
}

}  // namespace vultus::server::deepface
