#include <vultus/sealed/gallery.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include <vultus/sealed/parallel.hpp>
#include <vultus/sealed/randomisers.hpp>
#include <vultus/sealed/room.hpp>
#include <vultus/sealed/slots.hpp>

namespace vultus::sealed {
namespace {

constexpr int kMaxThreads = 256;

}  // namespace

std::string new_id() {
  std::array<std::uint8_t, 16> bytes{};
  fill_random(bytes);
  std::string text;
  for (const std::uint8_t byte : bytes)
    for (const unsigned digit : {unsigned{byte} >> 4U, unsigned{byte} & 15U}) text += "0123456789abcdef"[digit];
  return text;
}

Status check_compute(const ComputeOptions& options) {
  if (options.threads < 0 || options.threads > kMaxThreads)
    return fail(ErrorCode::invalid_argument, std::to_string(options.threads) + " threads: 0 to 256 are possible");
  return {};
}

Result<SealedGallery> make_gallery(const PublicKey& key, std::string model, int dimension, const Precision& precision) {
  VULTUS_TRY(const Layout layout, layout_for(key, dimension, precision));
  return SealedGallery{
      .key = key, .model = std::move(model), .id = new_id(), .layout = layout, .names = {}, .ciphertexts = {}};
}

struct Enroller::Parts {
  PublicKey key;
  ComputeOptions options;
  Randomisers randomisers;
};

Enroller::Enroller(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Enroller::~Enroller() = default;
Enroller::Enroller(Enroller&&) noexcept = default;
Enroller& Enroller::operator=(Enroller&&) noexcept = default;

Result<Enroller> Enroller::make(const PublicKey& key, const ComputeOptions& options) {
  VULTUS_CHECK(check_compute(options));
  return Enroller(
      std::make_unique<Parts>(Parts{.key = key, .options = options, .randomisers = Randomisers(key, options)}));
}

void Enroller::prepare(std::size_t packs, int dimension) {
  parts_->randomisers.prepare(packs * static_cast<std::size_t>(dimension));
}

Status Enroller::add(SealedGallery& gallery, std::span<const NamedTemplate> templates) {
  const PublicKey& key = parts_->key;
  const Layout& layout = gallery.layout;
  if (gallery.key.id() != key.id())
    return fail(ErrorCode::model_mismatch, "the gallery is of key " + gallery.key.id() + ", this is key " + key.id());
  if (gallery.rows() + static_cast<std::int64_t>(templates.size()) > kMaxRows)
    return fail(ErrorCode::resource_limit, "a sealed gallery takes " + std::to_string(kMaxRows) + " rows");
  std::vector<std::vector<std::int32_t>> whole;
  std::vector<std::vector<std::uint8_t>> names;
  for (const NamedTemplate& one : templates) {
    const std::string which = "template " + std::to_string(whole.size() + 1);
    if (one.values.size() != static_cast<std::size_t>(layout.dimension))
      return fail(ErrorCode::invalid_argument, which + " has " + std::to_string(one.values.size()) +
                                                   " values, the gallery's have " + std::to_string(layout.dimension));
    VULTUS_TRY(auto values, quantise(one.values, layout.precision.sealed).with_context(which));
    VULTUS_CHECK(check_norm(values, layout.sealed_norm_bound).with_context(which));
    whole.push_back(std::move(values));
    VULTUS_TRY(auto name, seal_name(key, one.name).with_context(which));
    names.push_back(std::move(name));
  }
  const auto dimension = static_cast<std::size_t>(layout.dimension);
  const std::size_t bytes = key.ciphertext_bytes();
  for (std::size_t done = 0; done < whole.size();) {
    const auto row = static_cast<std::size_t>(gallery.rows());
    const auto slots = static_cast<std::size_t>(layout.slots);
    const std::size_t first = row % slots;
    const std::size_t count = std::min(whole.size() - done, slots - first);
    std::vector<Number> fresh = parts_->randomisers.take(dimension);
    if (first == 0) gallery.ciphertexts.resize(gallery.ciphertexts.size() + dimension * bytes);
    const std::size_t pack_begin = row / slots * dimension * bytes;
    for_each_number(dimension, parts_->options.threads, [&](std::size_t d) {
      std::vector<std::int64_t> values(count);
      for (std::size_t i = 0; i < count; ++i) values[i] = whole[done + i][d];
      Number c =
          bare(key.parts(), slot_message(layout, values, static_cast<int>(first))) * fresh[d] % key.parts().modulus;
      const auto place = std::span(gallery.ciphertexts).subspan(pack_begin + d * bytes, bytes);
      if (first > 0) c = c * number_from(place) % key.parts().modulus;
      put_number(place, c);
    });
    for (std::size_t i = 0; i < count; ++i) gallery.names.push_back(std::move(names[done + i]));
    done += count;
  }
  return {};
}

}  // namespace vultus::sealed
