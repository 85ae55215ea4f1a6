// The searcher's side: encrypted products of a plain probe with every row of a sealed gallery. It never holds a secret
// key, and cannot read what it computes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/sealed/gallery.hpp>

namespace vultus::sealed {

/// Encrypted scores, for the key holder alone.
struct SealedResult {
  PublicKey key;
  std::string model;
  std::string source;  ///< id of the gallery, or of the sealed probe
  Layout layout;
  std::int64_t rows = 0;                         ///< of all that was searched
  std::optional<std::int64_t> row;               ///< of a comparison with one row alone: that one
  std::vector<std::vector<std::uint8_t>> names;  ///< one a row, sealed; of a comparison with one row that one's
  std::vector<std::uint8_t> ciphertexts;         ///< one a pack; of a comparison with one row that of its pack

  [[nodiscard]] std::int64_t packs() const { return row ? 1 : (rows + layout.slots - 1) / layout.slots; }
};

struct SearchOptions {
  ComputeOptions compute;
  /// Multiply every result with a fresh encryption of 0. Without it, the key holder can tell the probe from the result,
  /// and everybody who has the gallery can check a guess of the probe.
  bool hide_probe = true;
};

/// A gallery made ready for searches. Thread-safe: searches run side by side, and take turns where they draw from the
/// stock of randomisers. Move-only.
class Searcher {
 public:
  /// @error corrupt_data      a ciphertext that is none of this key: the message names its row and value
  /// @error invalid_argument  threads outside their range; cancelled  stop was asked for
  /// @cost one pass over all ciphertexts: 0.3 s for 10,000 rows of 512 values
  static Result<Searcher> make(const SealedGallery& gallery, const SearchOptions& options = {},
                               const std::stop_token& stop = {});
  ~Searcher();
  Searcher(Searcher&&) noexcept;
  Searcher& operator=(Searcher&&) noexcept;

  /// All rows.
  /// @param probe  a unit vector of the gallery's model
  /// @param stop   looked at after every few packs
  /// @error invalid_argument  another dimension, a value that is not finite, or too long a vector; cancelled
  [[nodiscard]] Result<SealedResult> search(std::span<const float> probe, const std::stop_token& stop = {});
  /// The same for a probe in whole numbers, |probe|^2 <= layout.plain_norm_bound.
  [[nodiscard]] Result<SealedResult> search_whole(std::span<const std::int32_t> probe,
                                                  const std::stop_token& stop = {});
  /// One row. The result's message also holds the products of the rows of the same pack.
  /// @error not_found  no such row; else as search()
  [[nodiscard]] Result<SealedResult> compare(std::span<const float> probe, std::int64_t row);

  [[nodiscard]] const Layout& layout() const;
  /// Computes ahead what hides the results of so many searches.
  void prepare(std::size_t searches);
  /// "AVX-512 IFMA" or "GMP".
  [[nodiscard]] std::string arithmetic() const;

 private:
  struct Parts;
  explicit Searcher(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace vultus::sealed
