#include <vultus/learn/label_noise.hpp>

#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <utility>

namespace vultus::learn {

Result<NoisyLabels> plant_noise(std::span<const std::int64_t> labels, std::int64_t classes, const LabelNoise& noise,
                                std::uint64_t seed) {
  const auto refuse = [](const std::string& what) { return fail(ErrorCode::invalid_argument, "label noise: " + what); };
  if (!(noise.rate >= 0 && noise.rate <= 0.9))
    return refuse("rate " + std::to_string(noise.rate) + " is not in [0, 0.9]");
  if (classes < 2) return refuse("fewer than 2 classes");
  if (!noise.becomes.empty() && std::cmp_not_equal(noise.becomes.size(), classes))
    return refuse(std::to_string(noise.becomes.size()) + " classes become others, there are " +
                  std::to_string(classes));
  for (std::size_t c = 0; c < noise.becomes.size(); ++c)
    if (noise.becomes[c] < 0 || noise.becomes[c] >= classes || std::cmp_equal(noise.becomes[c], c))
      return refuse("class " + std::to_string(c) + " cannot become " + std::to_string(noise.becomes[c]));
  for (const std::int64_t label : labels)
    if (label < 0 || label >= classes)
      return refuse("label " + std::to_string(label) + " is outside 0 to " + std::to_string(classes - 1));
  NoisyLabels noisy{{labels.begin(), labels.end()}, std::vector<bool>(labels.size())};
  std::mt19937_64 engine(seed);
  std::vector<std::size_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[engine() % i]);
  const auto wrong = static_cast<std::size_t>(std::llround(noise.rate * static_cast<double>(labels.size())));
  for (std::size_t k = 0; k < wrong; ++k) {
    std::int64_t& label = noisy.labels[order[k]];
    noisy.flipped[order[k]] = true;
    if (noise.kind == NoiseKind::symmetric) {
      label = (label + 1 + static_cast<std::int64_t>(engine() % static_cast<std::uint64_t>(classes - 1))) % classes;
    } else {
      label = noise.becomes.empty() ? (label + 1) % classes : noise.becomes[static_cast<std::size_t>(label)];
    }
  }
  return noisy;
}

}  // namespace vultus::learn
