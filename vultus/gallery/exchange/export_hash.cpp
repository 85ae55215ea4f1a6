#include <vultus/gallery/exchange/export_hash.hpp>

#include <sodium.h>

#include <vultus/gallery/vault/sealing.hpp>

namespace vultus::gallery {

struct RunningHash::State {
  crypto_generichash_state hash{};
};

std::string sum_of_line(std::string_view before_sum) {
  const Hash hash = plain_hash({reinterpret_cast<const std::uint8_t*>(before_sum.data()), before_sum.size()});
  return hex_of(std::span(hash).first<8>());
}

RunningHash::RunningHash() : state_(std::make_unique<State>()) {
  crypto_generichash_init(&state_->hash, nullptr, 0, std::tuple_size_v<Hash>);
}

RunningHash::~RunningHash() = default;

void RunningHash::add(std::string_view bytes) {
  crypto_generichash_update(&state_->hash, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string RunningHash::hex() const {
  crypto_generichash_state copy = state_->hash;
  Hash hash{};
  crypto_generichash_final(&copy, hash.data(), hash.size());
  return hex_of(hash);
}

}  // namespace vultus::gallery
