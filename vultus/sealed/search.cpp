#include <vultus/sealed/search.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

#include <vultus/sealed/pack_powers.hpp>
#include <vultus/sealed/randomisers.hpp>
#include <vultus/sealed/room.hpp>

namespace vultus::sealed {

Result<std::vector<Number>> ciphertexts_from(const PublicKey& key, std::span<const std::uint8_t> bytes,
                                             const std::string& what, const std::stop_token& stop) {
  const std::size_t size = key.ciphertext_bytes();
  std::vector<Number> ciphertexts;
  ciphertexts.reserve(bytes.size() / size);
  Number product = 1;  // a factor in common with n shows in the product of all: one gcd
  for (std::size_t i = 0; i + size <= bytes.size(); i += size) {
    VULTUS_CHECK(check_stop(stop));
    ciphertexts.push_back(number_from(bytes.subspan(i, size)));
    if (ciphertexts.back().sign() == 0 || ciphertexts.back() >= key.parts().modulus)
      return fail(ErrorCode::corrupt_data,
                  what + ": ciphertext " + std::to_string(i / size) + " is not in [1, modulus) of its key");
    product = product * ciphertexts.back() % key.parts().n;
  }
  if (gcd(product, key.parts().n) == Number(1)) return ciphertexts;
  for (std::size_t i = 0; i < ciphertexts.size(); ++i)
    VULTUS_CHECK(
        check_ciphertext(key.parts(), ciphertexts[i]).with_context(what + ": ciphertext " + std::to_string(i)));
  return fail(ErrorCode::corrupt_data, what + ": the ciphertexts are none of this key");
}

Status check_stop(const std::stop_token& stop) {
  if (!stop.stop_requested()) return {};
  return fail(ErrorCode::cancelled, "the encrypted search was given up");
}

struct Searcher::Parts {
  PublicKey key;
  std::string model;
  std::string id;
  Layout layout;
  std::vector<std::vector<std::uint8_t>> names;
  SearchOptions options;
  PackPowers powers;
  std::optional<Randomisers> randomisers;
  std::mutex drawing{};  ///< of randomisers

  [[nodiscard]] Result<std::vector<std::int32_t>> exponents_of(std::span<const float> probe) const {
    if (probe.size() != static_cast<std::size_t>(layout.dimension))
      return fail(ErrorCode::invalid_argument, "the probe has " + std::to_string(probe.size()) +
                                                   " values, the gallery's templates have " +
                                                   std::to_string(layout.dimension));
    return quantise(probe, layout.precision.plain).with_context("the probe");
  }

  [[nodiscard]] SealedResult result_of(std::span<Number> products, std::optional<std::int64_t> row) {
    const std::size_t bytes = key.ciphertext_bytes();
    SealedResult result{.key = key,
                        .model = model,
                        .source = id,
                        .layout = layout,
                        .rows = static_cast<std::int64_t>(names.size()),
                        .row = row,
                        .names = {},
                        .ciphertexts = std::vector<std::uint8_t>(products.size() * bytes)};
    if (row)
      result.names.push_back(names[static_cast<std::size_t>(*row)]);
    else
      result.names = names;
    std::vector<Number> fresh;
    if (randomisers) {
      const std::scoped_lock turn(drawing);
      fresh = randomisers->take(products.size());
    }
    for (std::size_t i = 0; i < products.size(); ++i) {
      if (randomisers) products[i] = products[i] * fresh[i] % key.parts().modulus;
      put_number(std::span(result.ciphertexts).subspan(i * bytes, bytes), products[i]);
    }
    return result;
  }
};

Searcher::Searcher(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Searcher::~Searcher() = default;
Searcher::Searcher(Searcher&&) noexcept = default;
Searcher& Searcher::operator=(Searcher&&) noexcept = default;

Result<Searcher> Searcher::make(const SealedGallery& gallery, const SearchOptions& options,
                                const std::stop_token& stop) {
  VULTUS_CHECK(check_compute(options.compute));
  const auto dimension = static_cast<std::size_t>(gallery.layout.dimension);
  VULTUS_TRY(auto ciphertexts, ciphertexts_from(gallery.key, gallery.ciphertexts, "sealed gallery", stop));
  if (ciphertexts.size() != static_cast<std::size_t>(gallery.packs()) * dimension)
    return fail(ErrorCode::corrupt_data, "sealed gallery: " + std::to_string(ciphertexts.size()) + " ciphertexts for " +
                                             std::to_string(gallery.rows()) + " rows of " + std::to_string(dimension) +
                                             " values");
  std::optional<Randomisers> randomisers;
  if (options.hide_probe) randomisers.emplace(gallery.key, options.compute);
  PackPowers powers(gallery.key, std::move(ciphertexts), dimension, options.compute, stop);
  VULTUS_CHECK(check_stop(stop));
  // NOLINTNEXTLINE(modernize-make-unique): it holds a mutex, which does not move
  return Searcher(std::unique_ptr<Parts>(new Parts{.key = gallery.key,
                                                   .model = gallery.model,
                                                   .id = gallery.id,
                                                   .layout = gallery.layout,
                                                   .names = gallery.names,
                                                   .options = options,
                                                   .powers = std::move(powers),
                                                   .randomisers = std::move(randomisers)}));
}

const Layout& Searcher::layout() const { return parts_->layout; }
std::string Searcher::arithmetic() const { return parts_->powers.has_lanes() ? "AVX-512 IFMA" : "GMP"; }
void Searcher::prepare(std::size_t searches) {
  if (!parts_->randomisers) return;
  const std::scoped_lock turn(parts_->drawing);
  parts_->randomisers->prepare(searches * parts_->powers.packs());
}

Result<SealedResult> Searcher::search(std::span<const float> probe, const std::stop_token& stop) {
  VULTUS_TRY(const auto exponents, parts_->exponents_of(probe));
  return search_whole(exponents, stop);
}

Result<SealedResult> Searcher::search_whole(std::span<const std::int32_t> probe, const std::stop_token& stop) {
  if (probe.size() != static_cast<std::size_t>(parts_->layout.dimension))
    return fail(ErrorCode::invalid_argument, "the probe has " + std::to_string(probe.size()) + " values");
  VULTUS_CHECK(check_norm(probe, parts_->layout.plain_norm_bound).with_context("the probe"));
  VULTUS_TRY(auto products, parts_->powers.of_all(probe, stop));
  return parts_->result_of(products, std::nullopt);
}

Result<SealedResult> Searcher::compare(std::span<const float> probe, std::int64_t row) {
  if (row < 0 || row >= static_cast<std::int64_t>(parts_->names.size()))
    return fail(ErrorCode::not_found, "no row " + std::to_string(row) + ": the gallery has " +
                                          std::to_string(parts_->names.size()) + ", from 0 on");
  VULTUS_TRY(const auto exponents, parts_->exponents_of(probe));
  VULTUS_CHECK(check_norm(exponents, parts_->layout.plain_norm_bound).with_context("the probe"));
  const auto pack = static_cast<std::size_t>(row / parts_->layout.slots);
  VULTUS_TRY(Number product, parts_->powers.of_one(exponents, pack));
  return parts_->result_of(std::span(&product, 1), row);
}

}  // namespace vultus::sealed
