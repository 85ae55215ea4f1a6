// Training a small autoencoder with a codebook on pictures. Programs use it through vultus-learn; shows no libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

struct TokenizerRun {
  std::vector<Image> pictures;  ///< rgb8, trained on; at least two, both sides at least `side`
  std::vector<Image> tested;    ///< rgb8, never trained on; at least one, in the same way
  std::string identity;  ///< what the pictures are and which of them are tested on, such as sums of both parts: a
                         ///< checkpoint belongs to them
  std::filesystem::path folder;  ///< gets checkpoint.pt, log.jsonl, index.html
  int side = 64;                 ///< of the crops, pixels: a multiple of 2^halvings
  int crops = 2000;              ///< an epoch, at least `batch`
  double leaves = 0;             ///< share of the crops that are drawn (dead_leaves()) instead, [0, 1]
  int width = 32;                ///< channels of the first layer
  int halvings = 2;              ///< the picture's sides over those of its codes: 2^halvings
  int depth = 2;                 ///< residual blocks on each side
  int entries = 256;             ///< of the codebook, [1, 65536]
  int code_width = 16;           ///< numbers of an entry
  double commitment = 0.25;      ///< weight of the second loss
  int epochs = 20;
  int batch = 16;
  double learning_rate = 1e-3;
  std::uint64_t seed = 1;
  std::function<void(const EpochRecord&)> told;
  std::stop_token stop;
};

struct TokenizerScores {
  /// Of the middles of the tested pictures: "error" and "mean_picture_error" (mean squares of levels, the second of the
  /// mean of the middles that were trained on), "psnr", "perplexity" and "used" (entries).
  std::map<std::string, double> measures;
  std::vector<EpochRecord> epochs;
  std::string onnx;          ///< input "picture", outputs "reconstruction" and "codes"
  std::int64_t stride = 0;   ///< pixels a side that one code stands for
  double bits_per_code = 0;  ///< logarithm of the entries, at least 1
  std::int64_t side = 0;     ///< of the input in the file
};

/// Loss: squared error over the variance of the training pictures, and commitment. A run that was stopped goes on.
/// @error invalid_argument  options outside their ranges, too few or too small pictures; as run_loop()
/// @thread one at a time: the library's random numbers are seeded
[[nodiscard]] Result<TokenizerScores> train_tokenizer(const TokenizerRun& run);

}  // namespace vultus::learn
