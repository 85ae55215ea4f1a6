// Who is in these pictures, when nobody has told: faces in clusters, those that the collection knows with their names.
#include <algorithm>
#include <functional>
#include <map>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/photo_clusters.hpp>
#include <vultus/engine/photo_set.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

/// The pictures of the request, in its order; an error: the bytes are not as they should be.
std::vector<Result<std::string>> sent_pictures(const Call& call) {
  const std::size_t most = call.service.faces().limits().decode.max_bytes;
  std::vector<Result<std::string>> sent;
  for (const FormPart& part : call.form)
    if (part.name == "images") sent.emplace_back(std::string(part.content));
  if (!call.form.empty()) return sent;
  for (const Json& image : call.body.at("images"))
    sent.push_back(bytes_of_base64(image.get_ref<const std::string&>(), most));
  return sent;
}

/// What was seen in all pictures of the request, and why some were not read.
struct Gathered {
  library::Content content;
  std::vector<std::size_t> image_of;  ///< number in the request of each photo
  Json skipped = Json::array();
};

Checked<Gathered> gather(Call& call) {
  Gathered all;
  std::int64_t next_face = 1;
  std::size_t image = 0;
  for (const Result<std::string>& bytes : sent_pictures(call)) {
    const std::string name = "image " + std::to_string(++image);
    const auto skip = [&](const Error& error) {
      const Problem why = picture_problem(error);
      all.skipped.push_back({{"image", image}, {"reason", why.code}, {"message", why.detail}});
    };
    if (!bytes) {
      skip(fail(ErrorCode::invalid_argument, name + ": " + bytes.error().message));
      continue;
    }
    VULTUS_TRY(engine::SeenPicture seen, look_at_bytes(call, *bytes, name, {.quality = true}));
    if (seen.error) {
      skip(*seen.error);
      continue;
    }
    library::Photo photo = engine::photo_of(std::move(seen));
    for (library::PhotoFace& face : photo.faces) face.id = next_face++;
    all.content.photos.push_back(std::move(photo));
    all.image_of.push_back(image);
  }
  return all;
}

Json face_json(const Gathered& all, const engine::FaceOfPhoto& at) {
  const library::PhotoFace& face = all.content.photos[at.first].faces[at.second];
  Json object;
  object["image"] = all.image_of[at.first];
  object["face"] = face.number;
  object["box"] = cli::box_json(face.box);
  object["quality"] = face.quality ? cli::number_json(*face.quality, 1) : Json(nullptr);
  return object;
}

/// The faces of each person that the collection knows, most faces first.
Json known_json(const Gathered& all, const engine::KnownFaces& known) {
  std::map<std::int64_t, Json> people;
  for (const auto& [at, candidate] : known) {
    Json& person = people[candidate.subject.number()];
    if (person.is_null())
      person = {{"subject", candidate.name}, {"subject_id", candidate.subject.number()}, {"faces", Json::array()}};
    Json face = face_json(all, at);
    face["similarity"] = cli::score_json(candidate.similarity.value());
    person["faces"].push_back(std::move(face));
  }
  std::vector<Json> list;
  list.reserve(people.size());
  for (auto& [id, person] : people) list.push_back(std::move(person));
  std::ranges::stable_sort(list, std::greater(), [](const Json& person) { return person.at("faces").size(); });
  return list;
}

Reply cluster(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const engine::Engine& engine = call.service.faces().engine();
  VULTUS_CHECK(engine::require_model(engine, collection->gallery()));
  const std::size_t images = call.form.empty() ? call.body.at("images").size() : call.form.size();
  if (const std::size_t most = call.service.faces().limits().max_pictures; images > most)
    return problem("body_not_valid", std::to_string(images) + " pictures, at most " + std::to_string(most));
  // Strangers are told apart more strictly than a person is named: one wrong link joins two people.
  const bool chosen = call.number("fmr") || call.number("threshold");
  auto strict = engine.operating_point(engine::kClusterFmr);
  OperatingPoint joining;
  if (!chosen && strict) {
    joining = *strict;
  } else {
    VULTUS_TRY(joining, operating_point_of(call, nullptr));
  }
  VULTUS_TRY(const OperatingPoint naming, or_problem(engine.operating_point(collection->gallery(), {}),
                                                     ErrorCode::invalid_argument, "rate_not_measured"));
  const auto least_quality = static_cast<float>(call.number("least_quality").value_or(engine::kClusterLeastQuality));
  VULTUS_TRY(Gathered all, gather(call));
  VULTUS_TRY(const engine::KnownFaces known, engine::known_faces(all.content, collection->gallery(), naming));
  VULTUS_TRY(
      const auto changes,
      engine::cluster_photos(all.content, known, {.threshold = joining.threshold, .least_quality = least_quality},
                             call.request.stop));
  static_cast<void>(changes);
  Json clusters = Json::array();
  for (const engine::PhotoCluster& one : engine::clusters_of(all.content)) {
    Json faces = Json::array();
    for (const engine::FaceOfPhoto& at : one.faces) faces.push_back(face_json(all, at));
    clusters.push_back({{"cluster", clusters.size() + 1}, {"faces", std::move(faces)}});
  }
  return answer({{"threshold", cli::score_json(joining.threshold.value())},
                 {"fmr", cli::fmr_json(joining)},
                 {"clusters", std::move(clusters)},
                 {"known", known_json(all, known)},
                 {"skipped", std::move(all.skipped)}});
}

constexpr const char* kTwoOfGrace =
    R"({"threshold": 0.6, "fmr": 1e-05,
        "clusters": [{"cluster": 1, "faces": [{"image": 2, "face": 1, "box": [100.0, 80.0, 120.0, 150.0], "quality": 93.1}]}],
        "known": [{"subject": "Ada Lovelace", "subject_id": 1,
                   "faces": [{"image": 1, "face": 1, "box": [100.0, 80.0, 120.0, 150.0], "quality": 95.2,
                              "similarity": 0.71}]}],
        "skipped": []})";

}  // namespace

std::vector<Operation> cluster_operations() {
  Route clustering{
      .method = Method::post,
      .path = "/v1/collections/{collection}/clusters",
      .operation = "clusterFaces",
      .tag = "identity",
      .summary = "Who is in these pictures, when nobody has told",
      .description =
          "Faces that the collection knows are named; all others are put into clusters, each of one person as far as "
          "can "
          "be told. Two faces of one picture are never one person; a face that resembles no other is a cluster of one. "
          "Clusters and their faces come largest and best first. Nothing is kept: enrol the faces of a cluster with "
          "`box` of POST /v1/collections/{collection}/faces.",
      .scope = Scope::identify,
      .parameters = {collection_parameter(), fmr_parameter(), threshold_parameter(),
                     query_parameter(
                         "least_quality",
                         "Faces of a lower quality found no cluster; they join the one they are closest to.",
                         R"({"type": "number", "minimum": 0, "maximum": 100, "default": 90})"),
                     purpose_parameter()},
      .request_type = kPictureBody,
      .request_schema = schema_ref("Photos"),
      .response_schema = schema_ref("Clusters"),
      .problems = {"collection_not_found", "collection_not_usable", "model_mismatch", "rate_not_measured",
                   "server_busy"},
      .examples = {{"one known, one not",
                    std::string(R"({"images": [")") + kExampleAda + R"(", ")" + kExampleGrace + R"("]})",
                    kTwoOfGrace}}};
  return {{std::move(clustering), &cluster}};
}

}  // namespace vultus::server
