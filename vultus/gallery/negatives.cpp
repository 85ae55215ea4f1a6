#include <vultus/gallery/negatives.hpp>

#include <algorithm>
#include <utility>

namespace vultus::gallery {
namespace {

/// @source methods/gallery.md section 2: a probe whose cosine to a negative exceeds its best positive is rejected
bool is_rejected(const Negatives::BySubject& samples, const Embedding& probe, const SearchHit& hit) {
  const auto at = samples.find(hit.subject);
  if (at == samples.end()) return false;
  return std::ranges::any_of(at->second, [&](const Embedding& negative) {
    const Result<Cosine> cosine = similarity(probe, negative);
    return cosine && *cosine > hit.similarity;
  });
}

}  // namespace

void Negatives::set(BySubject samples) {
  auto fresh = std::make_shared<const BySubject>(std::move(samples));
  const std::scoped_lock lock(lock_);
  samples_.swap(fresh);
}

std::shared_ptr<const Negatives::BySubject> Negatives::get() const {
  const std::scoped_lock lock(lock_);
  return samples_;
}

Result<Negatives::Hits> Negatives::search(std::span<const Embedding> probes, const SearchOptions& options,
                                          const Search& search) const {
  const auto samples = get();
  VULTUS_TRY(Hits answers, search(probes, options));
  if (samples->empty()) return answers;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    SearchOptions wider = options;
    for (;;) {
      const std::size_t found = answers[i].size();
      std::erase_if(answers[i], [&](const SearchHit& hit) { return is_rejected(*samples, probes[i], hit); });
      const bool all_seen = found < wider.top_k || wider.top_k == SearchOptions::kMaxTopK;
      if (answers[i].size() >= options.top_k || all_seen) break;
      wider.top_k = std::min(2 * wider.top_k + 1, SearchOptions::kMaxTopK);
      VULTUS_TRY(Hits more, search(probes.subspan(i, 1), wider));
      answers[i] = std::move(more.front());
    }
    if (answers[i].size() > options.top_k) answers[i].resize(options.top_k);
  }
  return answers;
}

}  // namespace vultus::gallery
