// Encrypted search: a probe against a sealed gallery, and a sealed probe against a collection. Either way the answer is
// a file for whoever has the secret key; the server cannot read it.
#include <algorithm>
#include <utility>

#include <vultus/engine/enrol.hpp>
#include <vultus/sealed/sealed_probe.hpp>

#include <apps/server/api/operation.hpp>
#include <apps/server/api/pictures.hpp>
#include <apps/server/api/sealed_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr int kRetryWhenTurnTaken = 2;  // seconds

/// What is searched for.
struct PlainProbe {
  std::string model;  ///< empty = not told
  std::vector<float> values;
};

Checked<PlainProbe> probe_of_template(const Call& call) {
  PlainProbe probe{.model = call.body.value("model", ""), .values = {}};
  for (const Json& value : call.body.at("template")) probe.values.push_back(value.get<float>());
  return probe;
}

/// The template of a picture's main face. A picture is not looked at where its template would be of no use.
Checked<PlainProbe> probe_of_picture(Call& call, const SealedFacts& facts) {
  if (call.body.is_object() && call.body.contains("model"))
    return problem("body_not_valid", "/model: is that of a template; a picture has that of the server");
  PlainProbe probe{.model = call.service.faces().engine().preset().template_model().text(), .values = {}};
  if (auto wrong = check_sealed_model(facts.model, probe.model)) return *std::move(wrong);
  VULTUS_TRY(const std::string bytes, picture_bytes(call, "image"));
  const sealed::ByteView view(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (auto secret = refuse_secret_key(view)) return *std::move(secret);
  VULTUS_TRY(const engine::SeenPicture seen, look_at_bytes(call, bytes, "image", {.depth = engine::Depth::embed_main}));
  if (seen.error) return Refusal{.problem = picture_problem(*seen.error), .for_log = seen.error->message};
  if (seen.faces.empty() || !seen.faces.front().embedding) return problem("no_face", "image: no face was found");
  const auto values = seen.faces.front().embedding->values();
  probe.values.assign(values.begin(), values.end());
  return probe;
}

Checked<PlainProbe> plain_probe(Call& call, const SealedFacts& facts) {
  const bool has_template = call.body.contains("template");
  if (has_template == call.body.contains("image"))
    return problem("body_not_valid", "either image or template is wanted");
  return has_template ? probe_of_template(call) : probe_of_picture(call, facts);
}

Problem row_problem(std::int64_t row, std::int64_t rows) {
  return problem("sealed_row_not_found",
                 "no row " + std::to_string(row) + ": the gallery has " + std::to_string(rows) + ", from 0 on");
}

Reply search_sealed(Call& call) {
  VULTUS_TRY(SealedStore* const store, sealed_store(call));
  VULTUS_TRY(const SealedFacts facts, sealed_facts(call));
  const std::optional<std::int64_t> row = call.integer("row");
  if (row && *row >= facts.rows) return row_problem(*row, facts.rows);
  VULTUS_TRY(const PlainProbe probe, plain_probe(call, facts));
  VULTUS_TRY(const LookerPool::Loan worker, worker_for(call));
  auto lease = store->use(facts.name, call.request.stop);
  if (!lease) return sealed_refusal(lease.error());
  // Asked of what is searched: it may have been replaced since it was looked at.
  const SealedFacts& open = (*lease)->facts;
  if (auto wrong = check_sealed_model(open.model, probe.model)) return *std::move(wrong);
  if (row && *row >= open.rows) return row_problem(*row, open.rows);
  sealed::Searcher& searcher = (*lease)->searcher;
  auto result = row ? searcher.compare(probe.values, *row) : searcher.search(probe.values, call.request.stop);
  if (!result && result.error().code == ErrorCode::invalid_argument)
    return problem("body_not_valid", result.error().message);
  if (!result) return result.error();
  const std::int64_t compared = row ? 1 : open.rows;
  VULTUS_CHECK(note_sealed(call, {.what = "sealed-search",
                                  .count = compared,
                                  .detail = (row ? "row " + std::to_string(*row) + ", id " : "id ") + open.id}));
  call.service.counters().searched_sealed(static_cast<std::size_t>(compared));
  return sealed_response(sealed::encode(*result), open.name + ".result");
}

/// All templates of a collection, by the names of their subjects.
Checked<std::vector<sealed::NamedTemplate>> templates_of(const Gallery& gallery, const std::stop_token& stop) {
  constexpr std::size_t kSubjectsAtOnce = 1000;
  std::vector<sealed::NamedTemplate> rows;
  ListOptions page{.after = "", .limit = kSubjectsAtOnce};
  for (;;) {
    VULTUS_TRY(const auto subjects, gallery.subjects(page));
    for (const Subject& subject : subjects) {
      if (stop.stop_requested()) return fail(ErrorCode::cancelled, "the server stops");
      const auto templates = gallery.templates(subject.id);
      if (!templates && templates.error().code == ErrorCode::not_found) continue;  // removed meanwhile
      if (!templates) return templates.error();
      for (const Embedding& one : *templates)
        rows.push_back({.name = subject.name, .values = {one.values().begin(), one.values().end()}});
    }
    if (subjects.size() < kSubjectsAtOnce) return rows;
    page.after = subjects.back().name;
  }
}

Checked<sealed::SealedProbe> probe_sent(const Call& call) {
  const sealed::ByteView bytes = bytes_of_body(call);
  if (auto secret = refuse_secret_key(bytes)) return *std::move(secret);
  const SealedLimits& limits = call.service.options().sealed;
  if (bytes.size() > limits.max_probe_bytes)
    return problem("body_too_large", std::to_string(bytes.size()) + " bytes, at most " +
                                         std::to_string(limits.max_probe_bytes) + " are allowed");
  auto probe = sealed::decode_probe(bytes);
  if (!probe) return problem("sealed_not_valid", probe.error().message);
  if (probe->layout.precision.plain > limits.max_plain_scale)
    return problem("sealed_not_valid", "the plain scale is " + std::to_string(probe->layout.precision.plain) +
                                           ", this server takes at most " + std::to_string(limits.max_plain_scale));
  return *std::move(probe);
}

Reply search_with_sealed_probe(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const sealed::SealedProbe probe, probe_sent(call));
  const Gallery& gallery = collection->gallery();
  const GalleryInfo info = gallery.info();
  if (auto wrong = check_sealed_model(info.model.id.text(), probe.model)) return *std::move(wrong);
  const std::size_t most = call.service.options().sealed.max_compared;
  if (info.faces == 0) return problem("collection_empty", "");
  if (static_cast<std::size_t>(info.faces) > most)
    return problem("collection_too_large",
                   std::to_string(info.faces) + " faces, at most " + std::to_string(most) + " are compared");
  auto turn = call.service.sealed_turn().take(call.service.faces().limits().max_wait, call.request.stop);
  if (!turn && turn.error().code == ErrorCode::resource_limit)
    return problem("server_busy", turn.error().message, kRetryWhenTurnTaken);
  if (!turn) return turn.error();
  VULTUS_TRY(const LookerPool::Loan worker, worker_for(call));
  VULTUS_TRY(const auto templates, templates_of(gallery, call.request.stop));
  if (templates.empty()) return problem("collection_empty", "");
  auto result = sealed::search_with(probe, templates, {}, call.request.stop);
  // The templates are the server's own: what does not fit or compute is the probe.
  if (!result && (result.error().code == ErrorCode::invalid_argument || result.error().code == ErrorCode::corrupt_data))
    return problem("sealed_not_valid", result.error().message);
  if (!result) return result.error();
  VULTUS_CHECK(gallery.note({.what = "sealed-search",
                             .count = static_cast<std::int64_t>(templates.size()),
                             .detail = "for key " + probe.key.id()}));
  call.service.counters().searched_sealed(templates.size());
  return sealed_response(sealed::encode(*result), collection->name() + ".result");
}

constexpr const char* kSealedResult =
    R"({"type": "string", "contentMediaType": "application/octet-stream",
        "description": "An encrypted result, for `vultus sealed answer`."})";

Route sealed_search_route(std::string path, std::string operation, std::string summary, std::string description) {
  return {.method = Method::post,
          .path = std::move(path),
          .operation = std::move(operation),
          .tag = "sealed",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::identify,
          .response_type = kBytesBody,
          .response_schema = kSealedResult};
}

}  // namespace

std::vector<Operation> sealed_search_operations() {
  Route searching =
      sealed_search_route("/v1/sealed/{sealed}/search", "searchSealed", "Compare a probe with a sealed gallery",
                          "The probe is a picture, whose main face counts, or a template. The answer holds the "
                          "encrypted scores of all rows, "
                          "and their sealed names, for whoever has the secret key: the server sees the probe, and "
                          "neither names nor scores. "
                          "With `row` one row is compared.");
  searching.parameters = {sealed_parameter(),
                          query_parameter("row",
                                          "Only this row, from 0 on. The key holder can then read the scores of "
                                          "the rows of its pack, too.",
                                          R"({"type": "integer", "minimum": 0, "maximum": 10000000})"),
                          purpose_parameter()};
  searching.request_type = kPictureBody;
  searching.request_schema = schema_ref("SealedSearch");
  searching.problems = {
      "sealed_not_found",     "sealed_not_usable", "sealed_on_one_server",      "sealed_row_not_found",
      "model_mismatch",       "no_face",           "secret_key_refused",        "server_busy",
      "picture_not_readable", "picture_too_large", "picture_type_not_supported"};
  searching.examples = {{"a picture", std::string(R"({"image": ")") + kExampleAda + "\"}", ""}};
  Route probing = sealed_search_route(
      "/v1/collections/{collection}/sealed-search", "searchWithSealedProbe", "Compare a sealed probe with a collection",
      "The body is what `vultus sealed probe` makes. The answer holds the encrypted scores of all faces and the names "
      "of their subjects, sealed for whoever has the secret key: the server sees neither probe nor scores. It must "
      "trust "
      "the caller to have sealed an honest template: other values can carry the collection's templates out.");
  probing.scope = Scope::admin;  // like everything else that can carry templates out
  probing.parameters = {collection_parameter(), purpose_parameter()};
  probing.request_type = kBytesBody;
  probing.request_schema = schema_ref("SealedProbeFile");
  probing.problems = {"collection_not_found", "collection_not_usable", "collection_empty",   "collection_too_large",
                      "model_mismatch",       "sealed_not_valid",      "secret_key_refused", "server_busy"};
  return {{std::move(searching), &search_sealed}, {std::move(probing), &search_with_sealed_probe}};
}

}  // namespace vultus::server
