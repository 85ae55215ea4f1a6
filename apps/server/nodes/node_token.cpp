#include <apps/server/nodes/node_token.hpp>

#include <algorithm>
#include <array>
#include <fstream>

#include <sodium.h>

#include <apps/server/http/private_file.hpp>

namespace vultus::server {
namespace {

/// Of one length for every text, so that comparing tells nothing of it.
std::array<unsigned char, crypto_generichash_BYTES> hash_of(std::string_view text) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     nullptr, 0);
  return hash;
}

}  // namespace

Result<NodeToken> NodeToken::read(const std::filesystem::path& file) {
  if (::sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  if (file.empty())
    return fail(ErrorCode::invalid_argument,
                "the secret of the search nodes is in no file: \"token_file\" of \"search_nodes\", or --token-file");
  VULTUS_CHECK(check_private_file(file.string()));
  std::ifstream in(file, std::ios::binary);
  // A byte more than is taken, so that a longer line is seen to be one.
  std::string text(kMostLength + 2, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  text = text.substr(0, text.find_first_of("\r\n"));
  const bool plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!plain || text.size() < kLeastLength || text.size() > kMostLength)
    return fail(ErrorCode::invalid_argument, file.string() + ": its first line must be a secret of " +
                                                 std::to_string(kLeastLength) + " to " + std::to_string(kMostLength) +
                                                 " letters, digits and signs, without spaces");
  return NodeToken(std::move(text));
}

bool NodeToken::is_authorized(std::string_view authorization) const {
  const auto given = hash_of(authorization);
  const auto wanted = hash_of(this->authorization());
  return sodium_memcmp(given.data(), wanted.data(), given.size()) == 0;
}

}  // namespace vultus::server
