// The key holder's side: reads what a searcher computed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/search.hpp>

namespace vultus::sealed {

/// A row and what it scored.
struct ScoredRow {
  std::int64_t row = 0;
  std::string name;
  std::int64_t product = 0;  ///< of whole numbers
  double cosine = 0;         ///< product / (sealed scale * plain scale)
};

/// The products of whole numbers, exactly: of every row, or of the one row of a comparison.
/// @error model_mismatch  the result is for another key
/// @error corrupt_data    a ciphertext was altered: its message does not keep the layout, or its check slot disagrees
/// @cost two exponentiations a pack, four packs at once
[[nodiscard]] Result<std::vector<std::int64_t>> open_products(const SecretKey& key, const SealedResult& result,
                                                              const ComputeOptions& options = {});

/// The `count` best rows, best first; of equal ones the lower row first. Only their names are opened.
/// @error as open_products(); corrupt_data  a name does not open
[[nodiscard]] Result<std::vector<ScoredRow>> open_best(const SecretKey& key, const SealedResult& result,
                                                       std::size_t count, const ComputeOptions& options = {});

}  // namespace vultus::sealed
