// Templates instead of pictures: /api/v1/recognition/embeddings and /api/v1/verification/embeddings.
#include <algorithm>

#include <vultus/engine/enrol.hpp>

#include <apps/server/api/server_log.hpp>
#include <apps/server/compreface/example.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/query.hpp>
#include <apps/server/compreface/similar.hpp>

namespace vultus::server::compreface {
namespace {

constexpr std::size_t kMostTemplates = 1000;

Checked<Embedding> template_in(const Call& call, const Json& json) {
  if (!json.is_array() || !std::ranges::all_of(json, [](const Json& value) { return value.is_number(); }))
    return not_valid("An embedding must be a list of numbers");
  const engine::Engine& engine = call.service.faces().engine();
  const GalleryModel model = engine::gallery_model(engine);
  if (json.size() != static_cast<std::size_t>(model.dimension))
    return bad(Code::embedding_length, std::to_string(model.dimension) + " embeddings were expected, but " +
                                           std::to_string(json.size()) + " were provided");
  std::vector<float> values;
  for (const Json& value : json) values.push_back(value.get<float>());
  auto embedding = Embedding::normalised(model.id, std::move(values));
  if (!embedding) return not_valid(embedding.error().message);
  return *std::move(embedding);
}

/// A list of templates of the body.
Checked<std::vector<Embedding>> templates_in(const Call& call, const char* member) {
  if (!call.body.is_object() || !call.body.contains(member) || !call.body.at(member).is_array() ||
      call.body.at(member).empty())
    return not_valid(std::string(member) + " must be a list of at least one embedding");
  const Json& list = call.body.at(member);
  if (list.size() > kMostTemplates)
    return not_valid(std::string(member) + " must have at most " + std::to_string(kMostTemplates) +
                     " embeddings, got " + std::to_string(list.size()));
  std::vector<Embedding> templates;
  for (const Json& one : list) {
    VULTUS_TRY(Embedding read, template_in(call, one));
    templates.push_back(std::move(read));
  }
  return templates;
}

/// {"result": [{"embedding", "similarity"}, ...]}, the most similar first; embeddings as they were sent.
Reply compared_json(const Call& call, const Json& sent, const std::vector<Cosine>& cosines, const OperatingPoint& at) {
  const SimilarityScale scale = SimilarityScale::of(at);
  std::vector<std::size_t> order(cosines.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return cosines[a] > cosines[b]; });
  Json result = Json::array();
  for (const std::size_t i : order) {
    Json one{{"embedding", sent.at(i)}, {"similarity", scale(cosines[i])}};
    if (wants_more(call)) add_decision(one, cosines[i], scale, at);
    result.push_back(std::move(one));
  }
  return pretty_answer({{"result", std::move(result)}});
}

Reply recognize_templates(Call& call) {
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const auto probes, templates_in(call, "embeddings"));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  const SimilarityScale scale = SimilarityScale::of(at);
  VULTUS_TRY(const auto similar, similar_examples(gallery, probes, query.predictions, at));
  Json result = Json::array();
  for (std::size_t i = 0; i < probes.size(); ++i) {
    Json one{{"embedding", call.body.at("embeddings").at(i)}, {"similarities", similar_json(similar[i], scale)}};
    if (wants_more(call)) add_decision(one, similar[i], scale, at);
    result.push_back(std::move(one));
  }
  return pretty_answer({{"result", std::move(result)}});
}

Reply verify_templates_with_example(Call& call) {
  VULTUS_TRY(const auto probes, templates_in(call, "embeddings"));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), gallery));
  VULTUS_TRY(const ChosenExample example, example_of(call, gallery));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, &gallery));
  VULTUS_TRY(const auto cosines, compared(gallery, example, probes, at));
  return compared_json(call, call.body.at("embeddings"), cosines, at);
}

Reply verify_templates(Call& call) {
  if (!call.body.is_object() || !call.body.contains("source")) return not_valid("source must be an embedding");
  VULTUS_TRY(const Embedding source, template_in(call, call.body.at("source")));
  VULTUS_TRY(const auto targets, templates_in(call, "targets"));
  VULTUS_TRY(const OperatingPoint at, operating_point_of(call, nullptr));
  std::vector<Cosine> cosines;
  for (const Embedding& target : targets) {
    VULTUS_TRY(const Cosine cosine, similarity(source, target));
    cosines.push_back(cosine);
  }
  call.faces_seen = 1 + std::ssize(targets);
  return compared_json(call, call.body.at("targets"), cosines, at);
}

}  // namespace

std::vector<Row> embedding_rows() {
  return {{Method::post, "/recognition/embeddings/recognize", "comprefaceRecognizeEmbeddings", ServiceKind::recognition,
           Body::json, &recognize_templates},
          {Method::post, "/recognition/embeddings/faces/{image_id}/verify", "comprefaceVerifyFaceEmbeddings",
           ServiceKind::recognition, Body::json, &verify_templates_with_example},
          {Method::post, "/verification/embeddings/verify", "comprefaceVerifyEmbeddings", ServiceKind::verification,
           Body::json, in_server_log("compare", &verify_templates)}};
}

}  // namespace vultus::server::compreface
