#include <apps/server/compreface/similar.hpp>

#include <algorithm>

#include <apps/cli/json_lines.hpp>

namespace vultus::server::compreface {
namespace {

// The best N examples are of the N subjects whose best examples are the best: every other subject has N before it.
Result<SimilarExamples> with_examples(const Gallery& gallery, const Embedding& probe, std::vector<Candidate> subjects,
                                      std::size_t count) {
  SimilarExamples found;
  if (count == 1) {
    for (const Candidate& one : subjects) found.examples.emplace_back(one.name, one.similarity);
    found.subjects = std::move(subjects);
    return found;
  }
  for (const Candidate& one : subjects) {
    const auto templates = gallery.templates(one.subject);
    if (!templates && templates.error().code == ErrorCode::not_found) continue;  // removed meanwhile
    if (!templates) return templates.error();
    for (const Embedding& example : *templates) {
      VULTUS_TRY(const Cosine similar, similarity(probe, example));
      found.examples.emplace_back(one.name, similar);
    }
  }
  std::ranges::stable_sort(found.examples, [](const auto& a, const auto& b) { return a.second > b.second; });
  if (found.examples.size() > count) found.examples.resize(count);
  found.subjects = std::move(subjects);
  return found;
}

void add_point(Json& object, bool match, const SimilarityScale& scale, const OperatingPoint& at) {
  object["threshold"] = scale(at.threshold);
  object["fmr_estimate"] = cli::fmr_json(at);
  object["decision"] = match ? "match" : "no match";
}

}  // namespace

Result<std::vector<SimilarExamples>> similar_examples(const Gallery& gallery, std::span<const Embedding> probes,
                                                      std::size_t count, const OperatingPoint& at) {
  SearchOptions search;
  search.top_k = count;
  VULTUS_TRY(auto candidates, gallery.search(probes, search));
  AuditNote act{.what = "decision", .count = static_cast<std::int64_t>(probes.size())};
  std::vector<SimilarExamples> all;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    VULTUS_TRY(SimilarExamples one, with_examples(gallery, probes[i], std::move(candidates[i]), count));
    if (!one.subjects.empty() && one.subjects.front().similarity >= at.threshold)
      act.subjects.push_back(one.subjects.front().subject);
    all.push_back(std::move(one));
  }
  act.detail = act.subjects.empty() ? "unknown" : "match";
  VULTUS_CHECK(gallery.note(act));
  return all;
}

Json similar_json(const SimilarExamples& similar, const SimilarityScale& scale) {
  Json list = Json::array();
  for (const auto& [subject, similarity] : similar.examples)
    list.push_back({{"subject", subject}, {"similarity", scale(similarity)}});
  return list;
}

void add_decision(Json& object, const SimilarExamples& similar, const SimilarityScale& scale,
                  const OperatingPoint& at) {
  add_point(object, !similar.subjects.empty() && similar.subjects.front().similarity >= at.threshold, scale, at);
  Json subjects = Json::array();
  for (const Candidate& one : similar.subjects)
    subjects.push_back({{"subject", one.name}, {"similarity", scale(one.similarity)}});
  object["subject_level"] = std::move(subjects);
}

void add_decision(Json& object, Cosine similarity, const SimilarityScale& scale, const OperatingPoint& at) {
  add_point(object, similarity >= at.threshold, scale, at);
}

}  // namespace vultus::server::compreface
