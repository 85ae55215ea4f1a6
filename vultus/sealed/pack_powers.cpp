#include <vultus/sealed/pack_powers.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include <vultus/sealed/parallel.hpp>
#include <vultus/sealed/randomisers.hpp>
#include <vultus/sealed/room.hpp>

namespace vultus::sealed {
namespace {

void copy_element(const LaneRing& ring, std::uint64_t* to, const std::uint64_t* from) {
  std::memcpy(to, from, ring.words() * sizeof(std::uint64_t));
}

}  // namespace

Status invert_all(std::span<Number> numbers, const Number& modulus) {
  if (numbers.empty()) return {};
  std::vector<Number> before{1};
  for (const Number& number : numbers) before.push_back(before.back() * number % modulus);
  VULTUS_TRY(Number inverse, inverse_mod(before.back(), modulus));
  for (std::size_t i = numbers.size(); i-- > 0;) {
    Number its = inverse * before[i] % modulus;
    inverse = inverse * numbers[i] % modulus;
    numbers[i] = std::move(its);
  }
  return {};
}

PackPowers::PackPowers(const PublicKey& key, std::vector<Number> ciphertexts, std::size_t dimension,
                       const ComputeOptions& options, const std::stop_token& stop)
    : key_(key), dimension_(dimension), packs_(ciphertexts.size() / dimension), threads_(options.threads) {
  if (!lanes_serve(key.kind(), options.instructions)) {
    ciphertexts_ = std::move(ciphertexts);
    return;
  }
  ring_.emplace(*ifma_kernels(), key.parts().n);
  const std::size_t groups = (packs_ + kLanes - 1) / kLanes;
  lanes_ = LaneWords(groups * dimension_ * ring_->words());
  const auto fill = [&](std::size_t i) {
    const std::size_t group = i / dimension_;
    std::uint64_t* const element = lanes_.data() + i * ring_->words();
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const std::size_t pack = group * kLanes + lane;
      ring_->put(element, static_cast<int>(lane),
                 pack < packs_ ? ciphertexts[pack * dimension_ + i % dimension_] : Number(1));
    }
    ring_->enter(element);
  };
  for_each_number(groups * dimension_, threads_, fill, stop);
}

std::vector<Number> PackPowers::follow_all(const Steps& steps, std::size_t group) const {
  std::vector<Number> products(std::min<std::size_t>(kLanes, packs_ - group * kLanes), Number(1));
  if (steps.empty()) return products;
  LaneWords running = ring_->element();
  LaneWords total = ring_->element();
  bool begun = false;
  for (std::size_t j = steps.size(); j-- > 0;) {
    const bool first_step = j + 1 == steps.size();  // it is never empty: the largest exponent
    for (const std::size_t d : steps[j]) {
      if (begun)
        ring_->multiply(running.data(), running.data(), at(group, d));
      else
        copy_element(*ring_, running.data(), at(group, d));
      begun = true;
    }
    if (first_step)
      copy_element(*ring_, total.data(), running.data());
    else
      ring_->multiply(total.data(), total.data(), running.data());
  }
  ring_->leave(total.data());
  for (std::size_t lane = 0; lane < products.size(); ++lane)
    products[lane] = ring_->get(total.data(), static_cast<int>(lane));
  return products;
}

Number PackPowers::follow_one(const Steps& steps, std::size_t pack) const {
  if (steps.empty()) return 1;
  const std::size_t group = pack / kLanes;
  const std::size_t its_lane = pack % kLanes;
  LaneWords running = ring_->element();
  LaneWords total = ring_->element();
  LaneWords dealt = ring_->element();
  copy_element(*ring_, running.data(), ring_->one());
  copy_element(*ring_, total.data(), ring_->one());
  for (std::size_t j = steps.size(); j-- > 0;) {
    for (std::size_t begin = 0; begin < steps[j].size(); begin += kLanes) {
      const std::size_t count = std::min<std::size_t>(kLanes, steps[j].size() - begin);
      if (count < kLanes) copy_element(*ring_, dealt.data(), ring_->one());
      for (std::size_t lane = 0; lane < count; ++lane) {
        const std::uint64_t* const from = at(group, steps[j][begin + lane]) + its_lane;
        for (std::size_t w = 0; w < ring_->lane_words(); ++w) dealt.data()[w * kLanes + lane] = from[w * kLanes];
      }
      ring_->multiply(running.data(), running.data(), dealt.data());
    }
    ring_->multiply(total.data(), total.data(), running.data());
  }
  ring_->leave(total.data());
  Number product = 1;
  for (int lane = 0; lane < kLanes; ++lane) product = product * ring_->get(total.data(), lane) % key_.parts().modulus;
  return product;
}

Result<std::vector<Number>> PackPowers::of_all(std::span<const std::int32_t> exponents,
                                               const std::stop_token& stop) const {
  const Number& modulus = key_.parts().modulus;
  std::vector<Number> up(packs_);
  if (!ring_) {
    std::vector<std::optional<Error>> errors(packs_);
    const auto follow_pack = [&](std::size_t pack) {
      auto product = multi_power(std::span(ciphertexts_).subspan(pack * dimension_, dimension_), exponents, modulus);
      if (product)
        up[pack] = *std::move(product);
      else
        errors[pack] = product.error();
    };
    for_each_number(packs_, threads_, follow_pack, stop);
    VULTUS_CHECK(check_stop(stop));
    for (const auto& error : errors)
      if (error) return *error;
    return up;
  }
  const PowerPlan plan = plan_of(exponents);
  std::vector<Number> down(packs_);
  const auto follow_group = [&](std::size_t group) {
    std::ranges::move(follow_all(plan.positive, group), up.begin() + static_cast<std::ptrdiff_t>(group * kLanes));
    std::ranges::move(follow_all(plan.negative, group), down.begin() + static_cast<std::ptrdiff_t>(group * kLanes));
  };
  for_each_number((packs_ + kLanes - 1) / kLanes, threads_, follow_group, stop);
  VULTUS_CHECK(check_stop(stop));
  VULTUS_CHECK(invert_all(down, modulus));
  for (std::size_t pack = 0; pack < packs_; ++pack) up[pack] = up[pack] * down[pack] % modulus;
  return up;
}

Result<Number> PackPowers::of_one(std::span<const std::int32_t> exponents, std::size_t pack) const {
  const Number& modulus = key_.parts().modulus;
  if (!ring_) return multi_power(std::span(ciphertexts_).subspan(pack * dimension_, dimension_), exponents, modulus);
  const PowerPlan plan = plan_of(exponents);
  VULTUS_TRY(const Number down, inverse_mod(follow_one(plan.negative, pack), modulus));
  return follow_one(plan.positive, pack) * down % modulus;
}

}  // namespace vultus::sealed
