#include <vultus/sealed/sealed_probe.hpp>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <utility>

#include <vultus/sealed/lanes.hpp>
#include <vultus/sealed/multi_power.hpp>
#include <vultus/sealed/pack_powers.hpp>
#include <vultus/sealed/parallel.hpp>
#include <vultus/sealed/randomisers.hpp>
#include <vultus/sealed/room.hpp>
#include <vultus/sealed/slots.hpp>

namespace vultus::sealed {
namespace {

using Row = std::vector<std::int32_t>;

/// A table of powers pays from so many templates on, and may not be larger than so many words.
constexpr std::size_t kTableFrom = 64;
constexpr std::size_t kMaxTableWords = std::size_t{128} << 20U;

std::int32_t largest_of(std::span<const Row> rows) {
  std::int32_t largest = 0;
  for (const Row& row : rows)
    for (const std::int32_t value : row) largest = std::max(largest, std::abs(value));
  return largest;
}

/// All powers c_d^e with |e| <= largest; a product of powers is one multiplication a value then.
class PowerTable {
 public:
  /// @param ciphertexts  units
  PowerTable(const PublicKey& key, std::span<const Number> ciphertexts, std::int32_t largest, int threads)
      : ring_(*ifma_kernels(), key.parts().n),
        dimension_(ciphertexts.size()),
        largest_(largest),
        entries_(2 * static_cast<std::size_t>(largest) + 1),
        words_(dimension_ * entries_ * ring_.lane_words()) {
    std::vector<Number> inverses(ciphertexts.begin(), ciphertexts.end());
    if (!invert_all(inverses, key.parts().modulus)) throw std::logic_error("a ciphertext was not checked");
    for_each_number((dimension_ + kLanes - 1) / kLanes, threads, [&](std::size_t group) {
      fill(ciphertexts, group, 1);
      fill(inverses, group, -1);
    });
  }

  /// The products of at most eight rows.
  void products(std::span<const Row> rows, std::span<Number> out) const {
    LaneWords running = ring_.element();
    LaneWords chosen = ring_.element();
    std::memcpy(running.data(), ring_.one(), ring_.words() * sizeof(std::uint64_t));
    for (std::size_t d = 0; d < dimension_; ++d) {
      for (std::size_t lane = 0; lane < rows.size(); ++lane) {
        const std::uint64_t* const from = words_.data() + place(d, rows[lane][d]);
        for (std::size_t w = 0; w < ring_.lane_words(); ++w) chosen.data()[w * kLanes + lane] = from[w];
      }
      ring_.multiply(running.data(), running.data(), chosen.data());
    }
    ring_.leave(running.data());
    for (std::size_t lane = 0; lane < rows.size(); ++lane)
      out[lane] = ring_.get(running.data(), static_cast<int>(lane));
  }

 private:
  [[nodiscard]] std::size_t place(std::size_t d, std::int32_t exponent) const {
    return (d * entries_ + static_cast<std::size_t>(exponent + largest_)) * ring_.lane_words();
  }
  /// Powers of eight bases side by side.
  void fill(std::span<const Number> bases, std::size_t group, std::int32_t sign) {
    LaneWords base = ring_.element();
    LaneWords running = ring_.element();
    const std::size_t first = group * kLanes;
    const std::size_t count = std::min<std::size_t>(kLanes, dimension_ - first);
    for (std::size_t lane = 0; lane < count; ++lane)
      ring_.put(base.data(), static_cast<int>(lane), bases[first + lane]);
    ring_.enter(base.data());
    std::memcpy(running.data(), ring_.one(), ring_.words() * sizeof(std::uint64_t));
    for (std::int32_t e = 0; e <= largest_; ++e) {
      if (e > 0) ring_.multiply(running.data(), running.data(), base.data());
      for (std::size_t lane = 0; lane < count; ++lane) {
        std::uint64_t* const to = words_.data() + place(first + lane, sign * e);
        for (std::size_t w = 0; w < ring_.lane_words(); ++w) to[w] = running.data()[w * kLanes + lane];
      }
    }
  }

  LaneRing ring_;
  std::size_t dimension_;
  std::int32_t largest_;
  std::size_t entries_;
  LaneWords words_;
};

Result<std::vector<Number>> products_of(const SealedProbe& probe, std::span<const Number> ciphertexts,
                                        std::span<const Row> rows, const ComputeOptions& options,
                                        const std::stop_token& stop) {
  std::vector<Number> products(rows.size());
  const std::int32_t largest = largest_of(rows);
  const std::size_t table_words = ciphertexts.size() * (2 * static_cast<std::size_t>(largest) + 1) *
                                  static_cast<std::size_t>(probe.key.kind().bits) / 20;
  if (rows.size() >= kTableFrom && table_words <= kMaxTableWords &&
      lanes_serve(probe.key.kind(), options.instructions)) {
    const PowerTable table(probe.key, ciphertexts, largest, options.threads);
    const auto some = [&](std::size_t group) {
      const std::size_t first = group * kLanes;
      const std::size_t count = std::min<std::size_t>(kLanes, rows.size() - first);
      table.products(rows.subspan(first, count), std::span(products).subspan(first, count));
    };
    for_each_number((rows.size() + kLanes - 1) / kLanes, options.threads, some, stop);
    VULTUS_CHECK(check_stop(stop));
    return products;
  }
  std::vector<std::optional<Error>> errors(rows.size());
  const auto one = [&](std::size_t i) {
    auto product = multi_power(ciphertexts, rows[i], probe.key.parts().modulus);
    if (product)
      products[i] = *std::move(product);
    else
      errors[i] = product.error();
  };
  for_each_number(rows.size(), options.threads, one, stop);
  VULTUS_CHECK(check_stop(stop));
  for (const auto& error : errors)
    if (error) return *error;
  return products;
}

/// E(sum_k s_k (2^(w k) + 2^(w K))) of E(s_k).
Number packed(const SealedProbe& probe, std::span<const Number> products) {
  const Number& modulus = probe.key.parts().modulus;
  const auto slot_bits = static_cast<std::size_t>(probe.layout.slot_bits);
  const Number shift = power_of_two(slot_bits);
  Number slots = 1;
  Number all = 1;
  for (std::size_t k = products.size(); k-- > 0;) {
    slots = power_mod(slots, shift, modulus) * products[k] % modulus;
    all = all * products[k] % modulus;
  }
  return slots * power_mod(all, power_of_two(slot_bits * static_cast<std::size_t>(probe.layout.slots)), modulus) %
         modulus;
}

}  // namespace

Result<SealedProbe> seal_probe(const PublicKey& key, const std::string& model, std::span<const float> values,
                               const Precision& precision, const ComputeOptions& options) {
  VULTUS_CHECK(check_compute(options));
  VULTUS_TRY(const Layout layout, layout_for(key, static_cast<int>(values.size()), precision));
  VULTUS_TRY(const Row whole, quantise(values, precision.sealed).with_context("the probe"));
  VULTUS_CHECK(check_norm(whole, layout.sealed_norm_bound).with_context("the probe"));
  const std::size_t bytes = key.ciphertext_bytes();
  SealedProbe probe{.key = key, .model = model, .id = new_id(), .layout = layout, .ciphertexts = {}};
  probe.ciphertexts.resize(whole.size() * bytes);
  Randomisers randomisers(key, options);
  const std::vector<Number> fresh = randomisers.take(whole.size());
  for (std::size_t d = 0; d < whole.size(); ++d)
    put_number(std::span(probe.ciphertexts).subspan(d * bytes, bytes),
               bare(key.parts(), Number(whole[d])) * fresh[d] % key.parts().modulus);
  return probe;
}

Result<SealedResult> search_with(const SealedProbe& probe, std::span<const NamedTemplate> templates,
                                 const ComputeOptions& options, const std::stop_token& stop) {
  VULTUS_CHECK(check_compute(options));
  const Layout& layout = probe.layout;
  if (templates.empty()) return fail(ErrorCode::invalid_argument, "there is no template to compare the probe with");
  std::vector<Row> rows;
  for (const NamedTemplate& one : templates) {
    const std::string which = "template " + std::to_string(rows.size() + 1);
    if (one.values.size() != static_cast<std::size_t>(layout.dimension))
      return fail(ErrorCode::invalid_argument, which + " has " + std::to_string(one.values.size()) +
                                                   " values, the probe has " + std::to_string(layout.dimension));
    VULTUS_TRY(Row whole, quantise(one.values, layout.precision.plain).with_context(which));
    VULTUS_CHECK(check_norm(whole, layout.plain_norm_bound).with_context(which));
    rows.push_back(std::move(whole));
  }
  VULTUS_TRY(const auto ciphertexts, ciphertexts_from(probe.key, probe.ciphertexts, "sealed probe"));
  if (ciphertexts.size() != static_cast<std::size_t>(layout.dimension))
    return fail(ErrorCode::corrupt_data, "sealed probe: " + std::to_string(ciphertexts.size()) + " ciphertexts for " +
                                             std::to_string(layout.dimension) + " values");
  VULTUS_TRY(const auto products, products_of(probe, ciphertexts, rows, options, stop));
  SealedResult result{.key = probe.key,
                      .model = probe.model,
                      .source = probe.id,
                      .layout = layout,
                      .rows = static_cast<std::int64_t>(rows.size()),
                      .row = std::nullopt,
                      .names = {},
                      .ciphertexts = {}};
  for (const NamedTemplate& one : templates) {
    VULTUS_TRY(auto name, seal_name(probe.key, one.name));
    result.names.push_back(std::move(name));
  }
  const std::size_t bytes = probe.key.ciphertext_bytes();
  const auto packs = static_cast<std::size_t>(result.packs());
  const auto slots = static_cast<std::size_t>(layout.slots);
  result.ciphertexts.resize(packs * bytes);
  Randomisers randomisers(probe.key, options);
  const std::vector<Number> fresh = randomisers.take(packs);
  const auto pack_up = [&](std::size_t pack) {
    const std::size_t first = pack * slots;
    const auto its = std::span(products).subspan(first, std::min(slots, products.size() - first));
    put_number(std::span(result.ciphertexts).subspan(pack * bytes, bytes),
               packed(probe, its) * fresh[pack] % probe.key.parts().modulus);
  };
  for_each_number(packs, options.threads, pack_up, stop);
  VULTUS_CHECK(check_stop(stop));
  return result;
}

}  // namespace vultus::sealed
