#include <vultus/gallery/vault/master_key.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include <sodium.h>

#include <vultus/gallery/vault/private_file.hpp>
#include <vultus/gallery/vault/sealing.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kMaxPassphrase = 1024;
constexpr std::size_t kMaxKeyFile = 4096;
static_assert(std::tuple_size_v<Salt> == crypto_pwhash_SALTBYTES);

std::string_view view_of(const Secret& secret, std::size_t length) {
  return {reinterpret_cast<const char*>(secret.bytes().data()), length};
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

/// @param where  for messages; the value itself is never part of one
Result<Secret> key_from_hex(std::string_view text, const std::string& where) {
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
  std::size_t length = 0;
  const char* end = nullptr;
  const bool read =
      text.size() == 2 * kKeyBytes &&
      sodium_hex2bin(key.writable().data(), kKeyBytes, text.data(), text.size(), nullptr, &length, &end) == 0 &&
      length == kKeyBytes && end == text.data() + text.size();
  if (!read)
    return fail(ErrorCode::invalid_argument,
                where + " holds no key: 64 hex digits are wanted (vultus gallery new-key FILE makes one)");
  return key;
}

Result<Secret> from_passphrase_text(std::string_view text, const std::string& where, const PassphraseRule& rule) {
  if (text.empty()) return fail(ErrorCode::invalid_argument, where + " is empty");
  if (text.size() > kMaxPassphrase)
    return fail(ErrorCode::invalid_argument, where + " has " + std::to_string(text.size()) + " bytes, the limit is " +
                                                 std::to_string(kMaxPassphrase));
  return key_from_passphrase({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, rule);
}

}  // namespace

Status check_cost(const PassphraseCost& cost) {
  if (cost.passes < 1 || cost.passes > PassphraseCost::kMaxPasses)
    return fail(ErrorCode::invalid_argument, "Argon2id with " + std::to_string(cost.passes) + " passes, 1 to " +
                                                 std::to_string(PassphraseCost::kMaxPasses) + " is allowed");
  if (cost.memory_bytes < PassphraseCost::kMinMemory || cost.memory_bytes > PassphraseCost::kMaxMemory)
    return fail(ErrorCode::invalid_argument, "Argon2id with " + std::to_string(cost.memory_bytes) + " bytes, " +
                                                 std::to_string(PassphraseCost::kMinMemory) + " to " +
                                                 std::to_string(PassphraseCost::kMaxMemory) + " is allowed");
  return {};
}

Result<PassphraseRule> new_passphrase_rule(const PassphraseCost& cost) {
  VULTUS_CHECK(check_cost(cost));
  VULTUS_CHECK(start_sodium());
  PassphraseRule rule{.cost = cost};
  randombytes_buf(rule.salt.data(), rule.salt.size());
  return rule;
}

Result<Secret> key_from_passphrase(std::span<const std::uint8_t> passphrase, const PassphraseRule& rule) {
  VULTUS_CHECK(check_cost(rule.cost));
  VULTUS_TRY(Secret key, Secret::of_size(kKeyBytes));
  if (crypto_pwhash(key.writable().data(), kKeyBytes, reinterpret_cast<const char*>(passphrase.data()),
                    passphrase.size(), rule.salt.data(), rule.cost.passes,
                    static_cast<std::size_t>(rule.cost.memory_bytes), crypto_pwhash_ALG_ARGON2ID13) != 0)
    return fail(ErrorCode::resource_limit,
                "no memory for Argon2id, which needs " + std::to_string(rule.cost.memory_bytes) + " bytes");
  return key;
}

Result<Secret> read_master_key(const KeySource& source, const PassphraseRule& rule) {
  VULTUS_CHECK(start_sodium());
  switch (source.kind) {
    case KeySource::Kind::file: {
      std::size_t length = 0;
      VULTUS_TRY(const Secret text, read_private(source.path, "key file", kMaxKeyFile, length));
      return key_from_hex(without_line_end(view_of(text, length)), "key file " + source.path.string());
    }
    case KeySource::Kind::variable: {
      // Read once, before anything else changes the environment: the library itself never does.
      const char* const text = std::getenv(source.variable.c_str());  // NOLINT(concurrency-mt-unsafe)
      if (text == nullptr)
        return fail(ErrorCode::not_found, "the environment variable " + source.variable + " is not set");
      return key_from_hex(text, "the environment variable " + source.variable);
    }
    case KeySource::Kind::passphrase_file: {
      std::size_t length = 0;
      VULTUS_TRY(const Secret text, read_private(source.path, "passphrase file", kMaxKeyFile, length));
      const std::string_view all = view_of(text, length);
      return from_passphrase_text(without_line_end(all.substr(0, std::min(all.find('\n'), all.size() - 1) + 1)),
                                  "the passphrase in " + source.path.string(), rule);
    }
    case KeySource::Kind::passphrase: break;
  }
  if (!source.ask) return fail(ErrorCode::invalid_argument, "nobody can be asked for the passphrase");
  VULTUS_TRY(std::string text, source.ask());
  Result<Secret> key = from_passphrase_text(text, "the passphrase", rule);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return key;
}

}  // namespace vultus::gallery

namespace vultus {

Status make_key_file(const std::filesystem::path& path) {
  VULTUS_TRY(const gallery::Secret key, gallery::Secret::random());
  VULTUS_TRY(gallery::Secret text, gallery::Secret::of_size(2 * gallery::kKeyBytes + 1));
  sodium_bin2hex(reinterpret_cast<char*>(text.writable().data()), text.bytes().size(), key.bytes().data(),
                 gallery::kKeyBytes);
  text.writable().back() = '\n';
  VULTUS_TRY(const gallery::FileHandle file, gallery::make_private(path, "key file"));
  VULTUS_CHECK(gallery::write_at(file, text.bytes(), 0));
  VULTUS_CHECK(gallery::make_durable(file));
  return gallery::make_name_durable(path);
}

}  // namespace vultus
