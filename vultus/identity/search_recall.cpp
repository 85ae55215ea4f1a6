#include <vultus/identity/search_recall.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

namespace vultus::identity {
namespace {

constexpr std::size_t kTop = 10;

using Answers = std::vector<std::vector<Candidate>>;

std::vector<std::size_t> drawn_rows(std::size_t all, std::size_t count, std::mt19937_64& random) {
  std::vector<std::size_t> rows(all);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = i;
  count = std::min(count, rows.size());
  for (std::size_t i = 0; i < count; ++i) std::swap(rows[i], rows[i + random() % (rows.size() - i)]);
  rows.resize(count);
  std::ranges::sort(rows);
  return rows;
}

Result<std::vector<Embedding>> draw(const Gallery& gallery, const GalleryScan& scan, Cosine match, std::size_t count,
                                    std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  const std::vector<std::size_t> rows = drawn_rows(scan.faces.size(), count, random);
  std::vector<Embedding> probes;
  auto at = rows.begin();
  for (const ScannedSubject& subject : scan.subjects) {
    if (at == rows.end()) break;
    if (*at >= subject.first_face + subject.faces) continue;
    VULTUS_TRY(const auto faces, templates_of(gallery, subject));
    for (; at != rows.end() && *at < subject.first_face + subject.faces; ++at) {
      const FaceStanding& face = scan.standing[*at];
      const bool mate = face.own && *face.own > match.value();
      const auto near = faces[mate ? face.own_face : *at - subject.first_face].values();
      std::vector<float> noise(near.size());
      for (float& value : noise) value = normal(random);
      VULTUS_TRY(Embedding probe,
                 Embedding::normalised(faces.front().model(),
                                       at_cosine(near, double{mate ? *face.own : match.value()}, std::move(noise))));
      probes.push_back(std::move(probe));
    }
  }
  return probes;
}

SearchRecall compare(SearchMethod method, const Answers& exact, const Answers& found) {
  std::size_t first = 0;
  std::size_t all = 0;
  std::size_t wanted = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    wanted += exact[i].size();
    for (const Candidate& one : exact[i])
      all += std::ranges::find(found[i], one.subject, &Candidate::subject) == found[i].end() ? 0 : 1;
    if (!found[i].empty() && exact[i].front().subject == found[i].front().subject) ++first;
  }
  return {.method = method,
          .at_1 = static_cast<double>(first) / static_cast<double>(exact.size()),
          .at_10 = static_cast<double>(all) / static_cast<double>(wanted)};
}

std::optional<SearchMethod> used_by(const GalleryInfo& gallery, SearchMethod method) {
  if (method != SearchMethod::automatic) return method;
  if (gallery.shards > 0 || gallery.search == SearchMethod::automatic) return std::nullopt;
  return gallery.search;
}

}  // namespace

std::vector<float> at_cosine(std::span<const float> to, double cosine, std::vector<float> noise) {
  const float along = inner_product(to, noise);
  for (std::size_t t = 0; t < noise.size(); ++t) noise[t] -= along * to[t];
  const double length = std::sqrt(double{inner_product(noise, noise)});
  const double across = length > 0 ? std::sqrt(std::max(0.0, 1 - cosine * cosine)) / length : 0;
  for (std::size_t t = 0; t < noise.size(); ++t)
    noise[t] = static_cast<float>(cosine * double{to[t]} + across * double{noise[t]});
  return noise;
}

Result<std::vector<SearchRecall>> measure_recall(const Gallery& gallery, const GalleryScan& scan, Cosine match,
                                                 std::size_t probes, std::uint64_t seed) {
  std::vector<SearchRecall> measured;
  const auto people = std::ranges::count_if(scan.subjects, [](const ScannedSubject& s) { return s.faces > 0; });
  if (people < 2) return measured;
  VULTUS_TRY(const auto sample, draw(gallery, scan, match, probes, seed));
  VULTUS_TRY(const Answers exact, gallery.search(sample, {.top_k = kTop, .method = SearchMethod::floats}));
  std::vector<SearchMethod> methods{SearchMethod::automatic, SearchMethod::bytes, SearchMethod::cascade};
  if (const GalleryInfo info = gallery.info(); info.cells || info.search == SearchMethod::cells)
    methods.push_back(SearchMethod::cells);
  for (const SearchMethod method : methods) {
    // So many probes at once may be searched otherwise than one; what one meets is to be measured.
    const std::optional<SearchMethod> used = used_by(gallery.info(), method);
    VULTUS_TRY(const Answers found, gallery.search(sample, {.top_k = kTop, .method = used.value_or(method)}));
    measured.push_back(compare(method, exact, found));
    measured.back().used = used;
  }
  return measured;
}

}  // namespace vultus::identity
