#include <apps/server/data/random_hex.hpp>

#include <vector>

#include <sodium.h>

namespace vultus::server {

std::string random_hex(std::size_t bytes) {
  std::vector<unsigned char> bits(bytes);
  randombytes_buf(bits.data(), bits.size());
  std::string text(2 * bytes + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bits.data(), bits.size());
  text.pop_back();
  return text;
}

}  // namespace vultus::server
