// The signed end of the log.
#include <sodium.h>

#include <nlohmann/json.hpp>

#include <vultus/gallery/audit/audit_log.hpp>

namespace vultus {
namespace {

constexpr int kHeadFormat = 1;
// A head has some 400 bytes.
constexpr std::size_t kMaxHeadBytes = 4096;

}  // namespace

namespace gallery {
namespace {

static_assert(crypto_sign_SEEDBYTES == kKeyBytes);

using PublicKey = std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES>;
using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;

}  // namespace

std::string text_of(const AuditHead& head) {
  return "vultus audit head 1\n" + head.gallery + "\n" + std::to_string(head.number) + "\n" + to_iso8601(head.at) +
         "\n" + head.mac + "\n";
}

bool is_signed(const AuditHead& head) {
  PublicKey key{};
  Signature signature{};
  if (!bytes_from_hex(head.public_key, key) || !bytes_from_hex(head.signature, signature)) return false;
  const std::string text = text_of(head);
  return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                     key.data()) == 0;
}

Result<AuditHead> AuditLog::head(Store& store, UtcTime now) const {
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  AuditHead head{.gallery = text_of(keyring_.gallery()), .number = last ? last->number : 0, .at = now};
  head.mac = hex_of(Hash{});
  if (last) head.mac = hex_of({reinterpret_cast<const std::uint8_t*>(last->mac.data()), last->mac.size()});
  PublicKey key{};
  VULTUS_TRY(Secret secret, Secret::of_size(crypto_sign_SECRETKEYBYTES, Guarding::light));
  crypto_sign_seed_keypair(key.data(), secret.writable().data(), keyring_.key(KeyUse::signing).data());
  Signature signature{};
  const std::string text = text_of(head);
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                       secret.bytes().data());
  head.public_key = hex_of(key);
  head.signature = hex_of(signature);
  return head;
}

}  // namespace gallery

std::string audit_head_to_json(const AuditHead& head) {
  nlohmann::ordered_json json;
  json["vultus_audit_head"] = kHeadFormat;
  json["gallery"] = head.gallery;
  json["number"] = head.number;
  json["at"] = to_iso8601(head.at);
  json["mac"] = head.mac;
  json["public_key"] = head.public_key;
  json["signature"] = head.signature;
  return json.dump();
}

Result<AuditHead> audit_head_from_json(std::string_view text) {
  const auto refuse = [](const std::string& why) {
    return fail(ErrorCode::corrupt_data, "no head of an audit log: " + why);
  };
  if (text.size() > kMaxHeadBytes) return refuse("more than " + std::to_string(kMaxHeadBytes) + " bytes");
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return refuse("not a JSON object");
  const auto format = json.find("vultus_audit_head");
  if (format == json.end() || !format->is_number_integer() || *format != kHeadFormat) return refuse("not of format 1");
  AuditHead head;
  for (const auto& [name, value] :
       {std::pair("gallery", &head.gallery), std::pair("mac", &head.mac), std::pair("public_key", &head.public_key),
        std::pair("signature", &head.signature)}) {
    const auto at = json.find(name);
    if (at == json.end() || !at->is_string()) return refuse(std::string("no text \"") + name + "\"");
    *value = at->get<std::string>();
  }
  const auto number = json.find("number");
  const auto at = json.find("at");
  if (number == json.end() || !number->is_number_integer() || *number < 0) return refuse("no number of a record");
  head.number = number->get<std::int64_t>();
  const auto time = at != json.end() && at->is_string() ? from_iso8601(at->get<std::string>()) : std::nullopt;
  if (!time) return refuse("no time");
  head.at = *time;
  if (!gallery::is_signed(head)) return refuse("its signature does not belong to it");
  return head;
}

}  // namespace vultus
