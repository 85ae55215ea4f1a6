// Training FA3-CLIP and SLIP on a file of faces. Installed programs use it through vultus-learn. Shows no libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/learn/presentations.hpp>
#include <vultus/learn/spoof_config.hpp>
#include <vultus/learn/training_log.hpp>

namespace vultus::learn {

/// What was said about a face that was not trained on.
struct FaceScore {
  std::int64_t face = 0;   ///< in the file
  double score = 0;        ///< higher = more like an attack: fake less live of FA3-CLIP, mean of the map of SLIP
  double by_words = 0;     ///< of SLIP: by the cosines to its sentences alone
  std::vector<float> map;  ///< of SLIP: 32 x 32 levels, 0 to 255
};

struct SpoofResult {
  std::vector<FaceScore> scores;  ///< of validation and test
  std::vector<EpochRecord> epochs;
  std::string onnx;
};

/// Sentences as numbers (liveness::WordTokenizer).
struct SpoofWords {
  std::int64_t vocabulary = 0;
  std::vector<std::int64_t> fake{}, live{};  ///< of FA3-CLIP: words behind the learnt ones
  std::vector<std::vector<std::int64_t>> slip_live{}, slip_content{};
  std::vector<std::vector<std::int64_t>> slip_spoof{};  ///< 8 places x objects, each place with every object in turn
  std::function<std::vector<float>(std::size_t place, double sigma, int row, int column)> target{};  ///< the map taught
};

struct SpoofRunOptions {
  std::filesystem::path folder;  ///< gets checkpoint.pt, log.jsonl, index.html
  std::function<void(const EpochRecord&)> told{};
  std::stop_token stop{};
};

/// Trains on faces of Part::train. A run that was stopped or killed goes on behind its last checkpoint.
/// @error invalid_argument  too few live faces or attacks; model_mismatch  the folder holds a checkpoint of another
///        configuration; internal  a loss that is not finite: the last checkpoint stays; cancelled  stop was requested
/// @thread one at a time: the library's random numbers are seeded
Result<SpoofResult> train_fa3(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words,
                              const SpoofRunOptions& options);
/// The same. Only live faces are trained on: any other among `trained_on` is an error.
/// @param trained_on  faces of Part::train; empty = all that are live
Result<SpoofResult> train_slip(const SpoofConfig& config, const Presentations& faces, const SpoofWords& words,
                               const SpoofRunOptions& options, std::vector<std::int64_t> trained_on = {});

}  // namespace vultus::learn
