// /register, /search and /build/index: the collection of the caller's key.
#include <algorithm>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/identify.hpp>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operating_point.hpp>
#include <apps/server/deepface/front.hpp>
#include <apps/server/deepface/wanted.hpp>

namespace vultus::server::deepface {
namespace {

constexpr std::int64_t kMostRows = 100;

Checked<std::string> image_name(const Call& call) {
  VULTUS_TRY(std::string name, text_in(call.body, "img_name", ""));
  if (!name.empty()) return name;
  const auto file = std::ranges::find(call.form, "img", &FormPart::name);
  if (file != call.form.end() && file->file_name && !file->file_name->empty()) return *file->file_name;
  return refusal("img_name is missing: it is what a search will answer");
}

Reply enrol(Call& call) {
  if (auto wrong = refuse_unknown_options(call.body)) return *std::move(wrong);
  VULTUS_CHECK(flag_in(call.body, "l2_normalize", true));  // templates always are
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  VULTUS_TRY(const std::string name, image_name(call));
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), collection->gallery()));
  VULTUS_TRY(engine::SeenPicture seen, look_at(call, "img", {.for_enrolment = true}));
  if (seen.faces.empty()) return answer({{"inserted", 0}});
  if (seen.faces.size() > 1)
    return refusal("img shows " + std::to_string(seen.faces.size()) + " faces; one name is of one person");
  std::vector<engine::SeenEnrolment> faces;
  faces.push_back({.seen = std::move(seen), .subject = name});
  engine::EnrolOptions options;
  options.force = true;  // the original takes whatever shows a face
  const std::scoped_lock lock(collection->changing());
  std::optional<Error> refused;
  VULTUS_TRY(const engine::EnrolReport report,
             engine::enrol_seen(call.service.faces().engine(), collection->gallery(), std::move(faces), options,
                                [&](const engine::EnrolStep& step) { refused = step.error; }));
  if (refused) return *refused;
  return answer({{"inserted", report.enrolled}});
}

Result<Json> row_json(const Gallery& gallery, const Candidate& candidate, const FaceObservation& probe, Metric metric,
                      const OperatingPoint& at) {
  VULTUS_TRY(const EnrolledFace face, gallery.face(candidate.face));
  Json row{{"identity", candidate.name}, {"hash", face.details.source_sha256}};
  const auto add_box = [&](const std::string& prefix, const RectF& box) {
    for (const auto& [name, value] : {std::pair("x", box.x), {"y", box.y}, {"w", box.width}, {"h", box.height}})
      row[prefix + name] = std::llround(value);
  };
  add_box("target_", face.details.box.value_or(RectF{}));
  add_box("source_", probe.box);
  row["threshold"] = cli::score_json(distance(metric, at.threshold));
  row["distance"] = cli::score_json(distance(metric, candidate.similarity));
  row["confidence"] = confidence_json(candidate.probability);
  return row;
}

Reply search(Call& call) {
  if (auto wrong = refuse_unknown_options(call.body)) return *std::move(wrong);
  VULTUS_TRY(const Metric metric, metric_in(call.body));
  VULTUS_TRY(const std::int64_t most, number_in(call.body, "k", 1, kMostRows, kMostRows));
  VULTUS_TRY(const bool similar, flag_in(call.body, "similarity_search", false));
  VULTUS_TRY(const std::string method, text_in(call.body, "search_method", "exact"));
  if (method != "exact" && method != "ann")
    return refusal("search_method must be exact or ann, got " + method.substr(0, 32));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  VULTUS_TRY(engine::SeenPicture seen, look_at(call, "img", {}));
  VULTUS_TRY(const auto found,
             engine::identify_seen(std::move(seen), gallery, {.at = at, .top_k = static_cast<std::size_t>(most)}));
  Json results = Json::array();
  for (const engine::IdentifiedFace& face : found.faces) {
    Json rows = Json::array();
    for (const Candidate& candidate : face.candidates) {
      if (!similar && candidate.similarity < at.threshold) break;
      auto row = row_json(gallery, candidate, face.face, metric, at);
      if (row)
        rows.push_back(*std::move(row));
      else if (row.error().code != ErrorCode::not_found)  // else it was removed meanwhile
        return row.error();
    }
    results.push_back(std::move(rows));
  }
  return answer({{"results", std::move(results)}});
}

Reply build_index(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  // The index follows every change by itself.
  return answer({{"message", "the index is up to date"}, {"faces", collection->gallery().info().faces}});
}

}  // namespace

std::vector<Row> people_rows() {
  return {{"/register", "deepfaceRegister", Scope::enrol, &enrol},
          {"/search", "deepfaceSearch", Scope::identify, &search},
          {"/build/index", "deepfaceBuildIndex", Scope::enrol, &build_index}};
}

}  // namespace vultus::server::deepface
