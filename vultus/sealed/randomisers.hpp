// Factors that hide messages, made from a table of powers of one base and kept in stock. Private to this room.
//
// With a fixed base, no squaring is left: a table holds base^(e 2^(6 i)) for every six bits i of an exponent, and a
// randomiser is the product of one entry of each. For Paillier and Damgard-Jurik the base is h^(n^s) with h = -y^2 mod
// n for a random y, and exponents have half as many bits as n; for Okamoto-Uchiyama it is h, and exponents are those of
// its definition, below n.
// @source Damgard, Jurik, Nielsen, "A generalization of Paillier's public-key system with applications to electronic
//         voting", IJIS 9 (2010), section 4.2; fixed-base windows: Brickell, Gordon, McCurley, Wilson, EUROCRYPT 1992
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/lanes.hpp>
#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {

/// Each factor is handed out once. Thread-compatible; Move-only.
class Randomisers {
 public:
  /// A table for a base of its own.
  explicit Randomisers(const PublicKey& key, const ComputeOptions& options = {});
  ~Randomisers();
  Randomisers(Randomisers&&) noexcept;
  Randomisers& operator=(Randomisers&&) noexcept;

  /// Makes sure that so many are in stock.
  void prepare(std::size_t count);
  /// The next `count`, from the stock as far as it goes.
  [[nodiscard]] std::vector<Number> take(std::size_t count);

 private:
  struct Table;
  std::unique_ptr<Table> table_;
  std::vector<Number> stock_;
};

/// True where the arithmetic of lanes serves this key: modulo n^2.
[[nodiscard]] bool lanes_serve(const KeyKind& kind, Instructions instructions);

}  // namespace vultus::sealed
