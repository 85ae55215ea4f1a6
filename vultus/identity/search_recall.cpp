#include <vultus/identity/search_recall.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

namespace vultus::identity {
namespace {

constexpr std::size_t kTop = 10;

using Answers = std::vector<std::vector<Candidate>>;

struct Sample {
  std::vector<Embedding> probes;
  std::vector<SubjectId> owner;
};

Result<Sample> draw(const Gallery& gallery, const GalleryScan& scan, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> rows(scan.faces.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  std::mt19937_64 random(seed);
  count = std::min(count, rows.size());
  for (std::size_t i = 0; i < count; ++i) std::swap(rows[i], rows[i + random() % (rows.size() - i)]);
  rows.resize(count);
  std::ranges::sort(rows);
  Sample sample;
  std::size_t at = 0;
  for (const ScannedSubject& subject : scan.subjects) {
    if (at == rows.size()) break;
    if (rows[at] >= subject.first_face + subject.faces) continue;
    VULTUS_TRY(auto faces, templates_of(gallery, subject));
    for (; at < rows.size() && rows[at] < subject.first_face + subject.faces; ++at) {
      sample.probes.push_back(std::move(faces[rows[at] - subject.first_face]));
      sample.owner.push_back(subject.id);
    }
  }
  return sample;
}

/// The nearest other subjects of each probe.
Result<Answers> strangers(const Gallery& gallery, const Sample& sample, SearchMethod method) {
  VULTUS_TRY(Answers answers, gallery.search(sample.probes, {.top_k = kTop + 1, .method = method}));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    std::erase_if(answers[i], [&](const Candidate& one) { return one.subject == sample.owner[i]; });
    answers[i].resize(std::min(answers[i].size(), kTop));
  }
  return answers;
}

SearchRecall compare(SearchMethod method, const Answers& exact, const Answers& found) {
  std::size_t first = 0;
  std::size_t all = 0;
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    wanted += exact[i].size();
    for (const Candidate& one : exact[i])
      all += std::ranges::find(found[i], one.subject, &Candidate::subject) == found[i].end() ? 0 : 1;
    if (!exact[i].empty() && !found[i].empty() && exact[i].front().subject == found[i].front().subject) ++first;
  }
  return {.method = method,
          .at_1 = static_cast<double>(first) / static_cast<double>(exact.size()),
          .at_10 = static_cast<double>(all) / static_cast<double>(wanted)};
}

}  // namespace

Result<std::vector<SearchRecall>> measure_recall(const Gallery& gallery, const GalleryScan& scan, std::size_t probes,
                                                 std::uint64_t seed) {
  std::vector<SearchRecall> measured;
  const auto people = std::ranges::count_if(scan.subjects, [](const ScannedSubject& s) { return s.faces > 0; });
  if (people < 2) return measured;
  VULTUS_TRY(const Sample sample, draw(gallery, scan, probes, seed));
  VULTUS_TRY(const Answers exact, strangers(gallery, sample, SearchMethod::floats));
  for (const SearchMethod method : {SearchMethod::automatic, SearchMethod::bytes, SearchMethod::cascade}) {
    VULTUS_TRY(const Answers found, strangers(gallery, sample, method));
    measured.push_back(compare(method, exact, found));
  }
  return measured;
}

}  // namespace vultus::identity
