// Scores by the size of what was scored: small words and small faces are lost first.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

enum class ScaledThing : std::uint8_t { text, face };

/// Edges of buckets, and what they are called: numbers of different edges cannot be compared.
struct ScaleBins {
  std::string protocol;       ///< e.g. "tokbench-2, face, 256"
  std::vector<double> edges;  ///< ascending; bucket i holds edge_i <= ratio < edge_(i + 1)
  bool operator==(const ScaleBins&) const = default;
};

/// The edges of TokBench.
/// @param setting   256, 512 or 1024: pixels that pictures are tokenized at
/// @param revision  "tokbench-2", or "tokbench-1" for the face edges of an earlier revision of the published script
/// @error invalid_argument  another setting or revision
/// @source TokBench, published aggregation script
[[nodiscard]] Result<ScaleBins> tokbench_bins(ScaledThing thing, int setting, std::string_view revision = "tokbench-2");

/// A score and the relative size of its thing.
struct ScaledScore {
  double ratio = 0;  ///< side of the thing / larger side of the picture
  double value = 0;
};

struct ScaleBucket {
  double from = 0;
  double to = 0;
  std::size_t items = 0;
  std::optional<double> mean;  ///< empty: nothing is so large
  bool operator==(const ScaleBucket&) const = default;
};

struct BinnedMean {
  std::vector<ScaleBucket> buckets;
  std::size_t items = 0;                  ///< in all
  std::size_t outside = 0;                ///< below the first edge, or from the last one on: in no bucket
  double mean = 0;                        ///< of all items
  std::optional<double> mean_of_buckets;  ///< empty where a bucket is
  bool operator==(const BinnedMean&) const = default;
};

/// @error invalid_argument  no scores, or a ratio or value that is not finite
/// @thread no state
[[nodiscard]] Result<BinnedMean> binned_mean(std::span<const ScaledScore> scores, const ScaleBins& bins);

}  // namespace vultus::evaluation
