// The packs of a gallery in the form that products of powers are computed from. Private to this room.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/lanes.hpp>
#include <vultus/sealed/multi_power.hpp>
#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {

/// Immutable; any thread.
class PackPowers {
 public:
  /// @param ciphertexts  [pack][dimension], checked by the caller
  /// @param stop  where it is asked, the object is of no use: the caller looks at it afterwards
  PackPowers(const PublicKey& key, std::vector<Number> ciphertexts, std::size_t dimension,
             const ComputeOptions& options, const std::stop_token& stop = {});

  /// prod_d c_d^(exponents_d) of every pack. Eight packs share each step.
  /// @error corrupt_data  a ciphertext without an inverse; cancelled
  [[nodiscard]] Result<std::vector<Number>> of_all(std::span<const std::int32_t> exponents,
                                                   const std::stop_token& stop = {}) const;
  /// The same of one pack, whose dimensions are dealt to the eight lanes.
  [[nodiscard]] Result<Number> of_one(std::span<const std::int32_t> exponents, std::size_t pack) const;

  [[nodiscard]] bool has_lanes() const { return ring_.has_value(); }
  [[nodiscard]] std::size_t packs() const { return packs_; }

 private:
  using Steps = std::vector<std::vector<std::size_t>>;
  [[nodiscard]] std::vector<Number> follow_all(const Steps& steps, std::size_t group) const;
  [[nodiscard]] Number follow_one(const Steps& steps, std::size_t pack) const;
  [[nodiscard]] const std::uint64_t* at(std::size_t group, std::size_t d) const {
    return lanes_.data() + (group * dimension_ + d) * ring_->words();
  }

  PublicKey key_;
  std::size_t dimension_;
  std::size_t packs_;
  int threads_;
  std::vector<Number> ciphertexts_;  ///< without lanes
  std::optional<LaneRing> ring_;
  LaneWords lanes_;  ///< [group of eight packs][dimension], in Montgomery's form
};

/// Turns each number into its inverse, with one inversion for all.
/// @error corrupt_data  one has none
/// @source P. Montgomery, Math. Comp. 48 (1987), section 10.3.1
[[nodiscard]] Status invert_all(std::span<Number> numbers, const Number& modulus);

}  // namespace vultus::sealed
