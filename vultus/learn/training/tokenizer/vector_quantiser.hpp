// Vectors replaced by the nearest entry of a codebook that learns. Not installed: shows libtorch. Shapes: n = batch,
// d = numbers of an entry, k = entries, h and w = places.
#pragma once

#include <cstdint>
#include <string>

#include <vultus/learn/training/blocks/block.hpp>

namespace vultus::learn {

struct Quantised {
  torch::Tensor values;      ///< [n, d, h, w]: entries; their gradient is that of what was quantised (straight through)
  torch::Tensor codes;       ///< [n, h, w]: places in the codebook, whole numbers
  torch::Tensor commitment;  ///< mean square of what was quantised less its entries, which get no gradient from it
};

/// The number of the nearest row of a codebook, by Euclidean distance; of equally near ones any.
/// @param rows  [m, d]. @param codebook  [k, d]. @return [m], whole numbers
[[nodiscard]] torch::Tensor nearest_entries(const torch::Tensor& rows, const torch::Tensor& codebook);

/// Entries are running means of what was assigned to them, so they need no gradient. The first batch that is trained on
/// gives them their places; an entry that hardly any vector is near to moves to a vector of the batch (our own: without
/// it most entries of a small run are never used).
/// @source A. van den Oord, O. Vinyals, K. Kavukcuoglu, Neural Discrete Representation Learning, NeurIPS 2017:
///         equations 1 to 3, appendix A.1
class VectorQuantiser : public blocks::Composed {
 public:
  struct Options {
    std::int64_t entries = 256;
    std::int64_t width = 16;  ///< numbers of an entry
    double decay = 0.97;      ///< of the running means, [0, 1); the paper has 0.99, for longer runs
    bool revive = true;       ///< whether unused entries move
  };
  explicit VectorQuantiser(const Options& options);

  /// Quantises; after train() the codebook learns from what it saw. @param z  [n, d, h, w]
  Quantised forward(const torch::Tensor& z);

  struct Written {
    std::string values, codes;  ///< names of tensors: [n, d, h, w] and [n, h, w], codes as floats
  };
  [[nodiscard]] Written write(const blocks::Exporter& to, const std::string& z) const;

  /// Moves the running means by one step. @param rows  [m, d]. @param codes  [m]
  void learn(const torch::Tensor& rows, const torch::Tensor& codes);

  torch::Tensor codebook;  ///< [k, d]

 private:
  void begin(const torch::Tensor& rows);
  Options options_;
  torch::Tensor counts_, sums_;  // running, of each entry: vectors, and their sum
  torch::Tensor begun_;          // 1 once the entries have their places
};

/// exp of the entropy of the codes: 1 where one entry is used, k where all are used alike.
[[nodiscard]] double perplexity_of(const torch::Tensor& codes, std::int64_t entries);

}  // namespace vultus::learn
