// Pictures without a collection: what is in them, and whether two of them show one person.
#include <vultus/identity/verify.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/liveness_policy.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/api/server_log.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply detect(Call& call) {
  LookWanted wanted{.depth = engine::Depth::detect, .quality = call.flag("quality")};
  if (call.flag("liveness")) {
    VULTUS_TRY(wanted.liveness, liveness_policy_of(call, LivenessNeeds::passive));
  }
  VULTUS_TRY(const engine::SeenPicture seen, look_at(call, "image", wanted));
  return answer(seen_picture_json(seen));
}

Reply embed(Call& call) {
  VULTUS_TRY(const engine::SeenPicture seen,
             look_at(call, "image", {.depth = engine::Depth::embed_all, .quality = call.flag("quality")}));
  Json object = seen_picture_json(seen);
  object["model"] = call.service.faces().engine().preset().template_model().text();
  for (std::size_t i = 0; i < seen.faces.size(); ++i)
    if (seen.faces[i].embedding) object["faces"][i]["embedding"] = template_json(*seen.faces[i].embedding);
  return answer(object);
}

Reply compare(Call& call) {
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, nullptr));
  VULTUS_TRY(const engine::SeenPicture a, look_at(call, "image_a", {.quality = call.flag("quality")}));
  VULTUS_TRY(const engine::SeenPicture b, look_at(call, "image_b", {.quality = call.flag("quality")}));
  Json pairs = Json::array();
  for (std::size_t i = 0; i < a.faces.size(); ++i)
    for (std::size_t k = 0; k < b.faces.size(); ++k) {
      VULTUS_TRY(const auto pair, identity::verify(*a.faces[i].embedding, *b.faces[k].embedding, at));
      const auto probability = at.probability(pair.similarity);
      pairs.push_back({{"a", i + 1},
                       {"b", k + 1},
                       {"match", pair.match},
                       {"similarity", cli::score_json(pair.similarity.value())},
                       {"probability", probability ? cli::probability_json(*probability) : Json(nullptr)}});
    }
  Json object;
  add_operating_point(object, at);
  object["a"] = seen_picture_json(a);
  object["b"] = seen_picture_json(b);
  object["pairs"] = std::move(pairs);
  return answer(object);
}

Checked<engine::SeenPicture> main_face(Call& call, const std::string& name) {
  VULTUS_TRY(engine::SeenPicture seen, look_at(call, name, {.depth = engine::Depth::embed_main}));
  if (seen.faces.empty()) return problem("no_face", name + ": no face was found");
  return seen;
}

Json main_face_json(const engine::SeenPicture& seen) {
  Json object;
  cli::add_face(object, seen.faces.front().face);
  object["faces"] = seen.faces.size();
  return object;
}

Reply verify_two(Call& call) {
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, nullptr));
  VULTUS_TRY(const engine::SeenPicture a, main_face(call, "image_a"));
  VULTUS_TRY(const engine::SeenPicture b, main_face(call, "image_b"));
  VULTUS_TRY(const auto pair, identity::verify(*a.faces.front().embedding, *b.faces.front().embedding, at));
  Json object;
  object["match"] = pair.match;
  object["similarity"] = cli::score_json(pair.similarity.value());
  object["threshold"] = cli::score_json(at.threshold.value());
  object["fmr"] = cli::fmr_json(at);
  cli::add_calibration(object, at, at.probability(pair.similarity));
  object["a"] = main_face_json(a);
  object["b"] = main_face_json(b);
  return answer(object);
}

constexpr const char* kOneFace =
    R"({"face": 1, "box": [100.0, 80.0, 120.0, 150.0], "detection": 0.9987, "face_flag": 0.98,
        "keypoints": [[130.0, 140.0], [190.0, 140.0], [160.0, 170.0], [140.0, 200.0], [180.0, 200.0]],
        "inter_eye_px": 60.0})";

std::string one_picture() { return std::string(R"({"width": 640, "height": 480, "faces": [)") + kOneFace + "]}"; }

std::string two_pictures_request(const std::string& second) {
  return std::string(R"({"image_a": ")") + kExampleAda + R"(", "image_b": ")" + second + R"("})";
}

Route picture_route(std::string path, std::string operation, std::string summary, std::string description) {
  return {.method = Method::post,
          .path = std::move(path),
          .operation = std::move(operation),
          .tag = "pictures",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::identify,
          .parameters = {quality_parameter(), purpose_parameter()},
          .request_type = kPictureBody,
          .request_schema = schema_ref("Picture"),
          .problems = {"picture_not_readable", "picture_type_not_supported", "picture_too_large", "server_busy"}};
}

}  // namespace

std::vector<Operation> picture_operations() {
  const std::string request = std::string(R"({"image": ")") + kExampleAda + R"("})";
  Route detecting =
      picture_route("/v1/detect", "detectFaces", "Find the faces of a picture",
                    "Most prominent (large and central) first. A picture without a face is an answer, not an error.");
  detecting.parameters.push_back(query_parameter("liveness", "Also judge whether each face is that of a person.",
                                                 R"({"type": "boolean", "default": false})"));
  detecting.parameters.push_back(liveness_camera_parameter());
  detecting.problems.emplace_back("liveness_not_available");
  detecting.response_schema = schema_ref("SeenPicture");
  detecting.examples = {{"one face", request, one_picture()}};

  Route embedding =
      picture_route("/v1/embed", "embedFaces", "Make a template of every face of a picture",
                    "Templates are biometric data. They can be compared with templates of the same `model` alone.");
  embedding.response_schema = schema_ref("EmbeddedPicture");
  std::string embedded = one_picture();
  embedded.insert(embedded.rfind("}]}"), R"(, "embedding": [0.6, 0.8])");
  embedded.insert(embedded.size() - 1, R"(, "model": "mobilefacenet192+mirror")");
  embedding.examples = {{"one face (template cut short)", request, embedded}};

  Route comparing = picture_route("/v1/compare", "compareFaces", "Compare all faces of two pictures",
                                  "Every face of the one with every face of the other.");
  comparing.request_schema = schema_ref("TwoPictures");
  comparing.parameters = {fmr_parameter(), threshold_parameter(), quality_parameter(), purpose_parameter()};
  comparing.problems.emplace_back("rate_not_measured");
  comparing.response_schema = schema_ref("Comparison");
  comparing.examples = {
      {"one face each", two_pictures_request(kExampleAdaAgain),
       R"({"threshold": 0.443, "fmr": 0.0001, "calibration": "preset", "a": )" + one_picture() + R"(, "b": )" +
           one_picture() +
           R"(, "pairs": [{"a": 1, "b": 1, "match": true, "similarity": 0.71, "probability": 0.9998}]})"}};

  Route verifying = picture_route("/v1/verify", "verifyPictures", "Do two pictures show one person?",
                                  "The main face of each counts.");
  verifying.request_schema = schema_ref("TwoPictures");
  verifying.parameters = {fmr_parameter(), threshold_parameter(), purpose_parameter()};
  verifying.problems.insert(verifying.problems.end(), {"rate_not_measured", "no_face"});
  verifying.response_schema = schema_ref("PictureVerification");
  std::string face = kOneFace;
  face.replace(face.find(R"("face": 1, )"), 11, "").insert(face.rfind('}'), R"(, "faces": 1)");
  verifying.examples = {
      {"one person", two_pictures_request(kExampleAdaAgain),
       R"({"match": true, "similarity": 0.71, "threshold": 0.443, "fmr": 0.0001, "probability": 0.9998,
                             "calibration": "preset", "a": )" +
           face + R"(, "b": )" + face + "}"}};
  return {{std::move(detecting), in_server_log("detect", &detect)},
          {std::move(embedding), in_server_log("embed", &embed)},
          {std::move(comparing), in_server_log("compare", &compare)},
          {std::move(verifying), in_server_log("verify", &verify_two)}};
}

}  // namespace vultus::server
