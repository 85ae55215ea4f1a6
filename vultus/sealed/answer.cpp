#include <vultus/sealed/answer.hpp>

#include <algorithm>
#include <array>
#include <numeric>

#include <vultus/sealed/lanes.hpp>
#include <vultus/sealed/parallel.hpp>
#include <vultus/sealed/room.hpp>
#include <vultus/sealed/slots.hpp>

namespace vultus::sealed {
namespace {

/// Lanes 0 to 3 compute modulo p^2, lanes 4 to 7 modulo q^2; of Okamoto-Uchiyama all modulo p^2.
class DecryptingLanes {
 public:
  explicit DecryptingLanes(const SecretKey& key)
      : key_(key),
        both_(key.public_key().kind().scheme != Scheme::okamoto_uchiyama),
        ring_(*ifma_kernels(), per_lane(key.parts().p, key.parts().q)),
        exponents_(per_lane(key.parts().p - Number(1), key.parts().q - Number(1))),
        bits_(std::max(exponents_.front().bits(), exponents_.back().bits())) {}

  [[nodiscard]] std::size_t at_once() const { return both_ ? kLanes / 2 : kLanes; }

  /// @param ciphertexts  at most at_once()
  void decrypt(std::span<const Number> ciphertexts, std::span<Number> messages) const {
    LaneWords x = ring_.element();
    for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
      ring_.put(x.data(), static_cast<int>(i), ciphertexts[i]);
      if (both_) ring_.put(x.data(), static_cast<int>(i) + kLanes / 2, ciphertexts[i]);
    }
    ring_.enter(x.data());
    ring_.power(x.data(), x.data(), exponents_, bits_);
    ring_.leave(x.data());
    for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
      const Number of_p = ring_.get(x.data(), static_cast<int>(i));
      const Number of_q = both_ ? ring_.get(x.data(), static_cast<int>(i) + kLanes / 2) : of_p;
      messages[i] = with_sign(key_, message_of(key_, of_p, of_q));
    }
  }

 private:
  [[nodiscard]] std::array<Number, kLanes> per_lane(const Number& p, const Number& q) const {
    std::array<Number, kLanes> all;
    for (int lane = 0; lane < kLanes; ++lane) all[static_cast<std::size_t>(lane)] = both_ && lane >= kLanes / 2 ? q : p;
    return all;
  }
  SecretKey key_;
  bool both_;
  LaneRing ring_;
  std::array<Number, kLanes> exponents_;
  std::size_t bits_;
};

Result<std::string> name_of_row(const SecretKey& key, const SealedResult& result, std::int64_t row) {
  if (result.names.empty()) return std::string();
  const auto at = static_cast<std::size_t>(result.row ? 0 : row);
  if (at >= result.names.size())
    return fail(ErrorCode::corrupt_data, "the result has no name for row " + std::to_string(row));
  return open_name(key, result.names[at]).with_context("row " + std::to_string(row));
}

}  // namespace

std::vector<Number> decrypt_all(const SecretKey& key, std::span<const Number> ciphertexts,
                                const ComputeOptions& options) {
  std::vector<Number> messages(ciphertexts.size());
  const bool lanes =
      options.instructions == Instructions::best && ifma_kernels() != nullptr && key.public_key().kind().s == 1;
  if (!lanes) {
    for_each_number(ciphertexts.size(), options.threads,
                    [&](std::size_t i) { messages[i] = decrypt(key, ciphertexts[i]); });
    return messages;
  }
  const DecryptingLanes by_lanes(key);
  const std::size_t step = by_lanes.at_once();
  for_each_number((ciphertexts.size() + step - 1) / step, options.threads, [&](std::size_t group) {
    const std::size_t first = group * step;
    const std::size_t count = std::min(step, ciphertexts.size() - first);
    by_lanes.decrypt(ciphertexts.subspan(first, count), std::span(messages).subspan(first, count));
  });
  return messages;
}

Result<std::vector<std::int64_t>> open_products(const SecretKey& key, const SealedResult& result,
                                                const ComputeOptions& options) {
  VULTUS_CHECK(check_compute(options));
  if (result.key.id() != key.public_key().id())
    return fail(ErrorCode::model_mismatch,
                "the result is for key " + result.key.id() + ", this is key " + key.public_key().id());
  VULTUS_TRY(const auto ciphertexts, ciphertexts_from(key.public_key(), result.ciphertexts, "sealed result"));
  if (ciphertexts.size() != static_cast<std::size_t>(result.packs()))
    return fail(ErrorCode::corrupt_data, "sealed result: " + std::to_string(ciphertexts.size()) + " ciphertexts for " +
                                             std::to_string(result.packs()) + " packs");
  const std::vector<Number> messages = decrypt_all(key, ciphertexts, options);
  const std::int64_t slots = result.layout.slots;
  const std::int64_t first_pack = result.row ? *result.row / slots : 0;
  std::vector<std::int64_t> products;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::int64_t pack = first_pack + static_cast<std::int64_t>(i);
    const auto used = static_cast<int>(std::min(slots, result.rows - pack * slots));
    VULTUS_TRY(const auto values, slots_of(result.layout, messages[i], used)
                                      .with_context("sealed result, rows from " + std::to_string(pack * slots)));
    if (result.row) return std::vector<std::int64_t>{values.at(static_cast<std::size_t>(*result.row % slots))};
    products.insert(products.end(), values.begin(), values.end());
  }
  return products;
}

Result<std::vector<ScoredRow>> open_best(const SecretKey& key, const SealedResult& result, std::size_t count,
                                         const ComputeOptions& options) {
  VULTUS_TRY(const auto products, open_products(key, result, options));
  std::vector<std::size_t> order(products.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::size_t a, std::size_t b) { return products[a] != products[b] ? products[a] > products[b] : a < b; });
  std::vector<ScoredRow> best;
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = result.row.value_or(static_cast<std::int64_t>(order[i]));
    VULTUS_TRY(std::string name, name_of_row(key, result, row));
    best.push_back({.row = row,
                    .name = std::move(name),
                    .product = products[order[i]],
                    .cosine = result.layout.cosine(products[order[i]])});
  }
  return best;
}

}  // namespace vultus::sealed
