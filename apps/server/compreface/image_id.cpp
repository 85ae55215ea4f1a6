#include <apps/server/compreface/image_id.hpp>

#include <array>

#include <apps/server/http/ascii.hpp>
#include <apps/server/keys/key_text.hpp>

namespace vultus::server::compreface {
namespace {

// Of the 128 bits of a UUID, 4 are the version and 2 the variant: 0xxxxxxxxxxx8xxx 10xx...
constexpr std::uint64_t kProofBits = (std::uint64_t{1} << 58U) - 1;
constexpr unsigned kMaskedBehindVersion = 12;  // bits of the masked number behind the version
constexpr unsigned kInSecondHalf = 4;          // and in the second half: 48 + 12 + 4

std::uint64_t first_bits(const Digest& digest) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8U | std::to_integer<std::uint64_t>(digest.at(i));
  return bits;
}

void put(std::span<std::byte> into, std::uint64_t bits) {
  for (std::size_t i = 0; i < 8; ++i) into[i] = static_cast<std::byte>(bits >> (56 - 8 * i));
}

std::uint64_t taken(std::span<const std::byte> from) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8U | std::to_integer<std::uint64_t>(from[i]);
  return bits;
}

}  // namespace

ImageIds::Half ImageIds::proof_of(Half face) const {
  return first_bits(secret_.hash("image", collection_ + "/" + std::to_string(face))) & kProofBits;
}

ImageIds::Half ImageIds::mask_of(Half proof) const {
  return first_bits(secret_.hash("image mask", collection_ + "/" + std::to_string(proof)));
}

std::string ImageIds::of(FaceId face) const {
  const auto number = static_cast<Half>(face.number());
  const Half proof = proof_of(number);
  const Half masked = number ^ mask_of(proof);
  // First half: 48 bits of the masked number, the version 8, 12 more; second half: the variant 10, the last 4 bits,
  // and the proof.
  const Half high =
      masked >> (kMaskedBehindVersion + kInSecondHalf) << 16U | Half{8} << 12U | (masked >> kInSecondHalf & 0xFFFU);
  const Half low = Half{2} << 62U | (masked & 0xFU) << 58U | proof;
  std::array<std::byte, 16> bytes{};
  put(std::span(bytes).first(8), high);
  put(std::span(bytes).subspan(8), low);
  return uuid_text(bytes);
}

std::optional<FaceId> ImageIds::face_of(std::string_view uuid) const {
  const auto bytes = uuid_bytes(uuid);
  if (!bytes) return std::nullopt;
  const Half high = taken(std::span(*bytes).first(8));
  const Half low = taken(std::span(*bytes).subspan(8));
  const Half proof = low & kProofBits;
  const Half masked =
      high >> 16U << (kMaskedBehindVersion + kInSecondHalf) | (high & 0xFFFU) << kInSecondHalf | (low >> 58U & 0xFU);
  const Half number = masked ^ mask_of(proof);
  const FaceId face(static_cast<std::int64_t>(number));
  // Version and variant are compared with the rest.
  if (face.number() < 1 || !ascii_equal(of(face), uuid)) return std::nullopt;
  return face;
}

}  // namespace vultus::server::compreface
