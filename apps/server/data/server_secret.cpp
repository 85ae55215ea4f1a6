#include <apps/server/data/server_secret.hpp>

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <vultus/media/file.hpp>

#include <apps/server/http/private_file.hpp>

namespace vultus::server {
namespace {

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
template <class Bytes>
auto* raw_bytes(Bytes& bytes) {
  return reinterpret_cast<std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(bytes.data())>>,
                                             const unsigned char, unsigned char>*>(bytes.data());
}

Error secret_error(ErrorCode code, const std::filesystem::path& path, const std::string& why) {
  return fail(code, path.string() + ": " + why);
}

}  // namespace

Digest keyed_hash(std::span<const std::byte> key, std::string_view text) {
  Digest digest{};
  crypto_generichash(raw_bytes(digest), digest.size(), raw(text), text.size(), raw_bytes(key), key.size());
  return digest;
}

bool same_digest(const Digest& a, const Digest& b) { return sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

Status write_private_file(const std::filesystem::path& path, std::string_view bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0)
    return secret_error(errno == EEXIST ? ErrorCode::invalid_argument : ErrorCode::resource_limit, path,
                        std::error_code(errno, std::generic_category()).message());
  const bool whole =
      ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) && ::fsync(file) == 0;
  const bool closed = ::close(file) == 0;
  if (whole && closed && sync_folder_of(path.string())) return {};
  ::unlink(path.c_str());
  return secret_error(ErrorCode::resource_limit, path, "cannot be written");
}

Result<ServerSecret> ServerSecret::open(const std::filesystem::path& path) {
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium does not start");
  Digest bytes{};
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    randombytes_buf(bytes.data(), bytes.size());
    VULTUS_CHECK(write_private_file(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
    return ServerSecret(bytes);
  }
  VULTUS_CHECK(check_private_file(path.string()));
  VULTUS_TRY(const auto read, media::read_file(path.string(), bytes.size()));
  if (read.size() != bytes.size())
    return secret_error(ErrorCode::corrupt_data, path,
                        std::to_string(read.size()) + " bytes, " + std::to_string(bytes.size()) + " are wanted");
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = std::byte{read[i]};
  return ServerSecret(bytes);
}

Digest ServerSecret::hash(std::string_view purpose, std::string_view text) const {
  const Digest key = keyed_hash(bytes_, purpose);
  return keyed_hash(key, text);
}

}  // namespace vultus::server
