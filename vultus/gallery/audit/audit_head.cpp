// The signed end of the log.
#include <sodium.h>

#include <nlohmann/json.hpp>

#include <vultus/gallery/audit/audit_log.hpp>

namespace vultus {
namespace {

constexpr int kHeadFormat = 1;
// A head has some 500 bytes, and one of shards as many for each of at most a thousand.
constexpr std::size_t kMaxHeadBytes = 1 << 20;

}  // namespace

namespace gallery {
namespace {

static_assert(crypto_sign_SEEDBYTES == kKeyBytes);

using PublicKey = std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES>;
using Signature = std::array<std::uint8_t, crypto_sign_BYTES>;

}  // namespace

std::string text_of(const AuditHead& head) {
  return "vultus audit head 1\n" + head.gallery + "\n" + std::to_string(head.number) + "\n" + to_iso8601(head.at) +
         "\n" + head.mac + "\n" + (head.shard.empty() ? "" : "shard " + head.shard + "\n");
}

std::string mac_of_shards(const AuditHead& head) {
  std::string all = "vultus audit heads of shards 1\n";
  for (const AuditHead& one : head.shards) all += text_of(one);
  Hash hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const std::uint8_t*>(all.data()), all.size(), nullptr,
                     0);
  return hex_of(hash);
}

Status sign(AuditHead& head, KeyView seed) {
  PublicKey key{};
  VULTUS_TRY(Secret secret, Secret::of_size(crypto_sign_SECRETKEYBYTES, Guarding::light));
  crypto_sign_seed_keypair(key.data(), secret.writable().data(), seed.data());
  Signature signature{};
  const std::string text = text_of(head);
  crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                       secret.bytes().data());
  head.public_key = hex_of(key);
  head.signature = hex_of(signature);
  return {};
}

bool is_signed(const AuditHead& head) {
  PublicKey key{};
  Signature signature{};
  if (!bytes_from_hex(head.public_key, key) || !bytes_from_hex(head.signature, signature)) return false;
  for (const AuditHead& one : head.shards)
    if (one.shard.empty() || one.gallery != head.gallery || one.public_key != head.public_key || !one.shards.empty() ||
        !is_signed(one))
      return false;
  if (!head.shards.empty() && head.mac != mac_of_shards(head)) return false;
  const std::string text = text_of(head);
  return crypto_sign_verify_detached(signature.data(), reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                     key.data()) == 0;
}

Result<AuditHead> AuditLog::head(Store& store, UtcTime now) const {
  VULTUS_TRY(const std::optional<AuditRow> last, store.last_audit());
  AuditHead head{.gallery = text_of(keyring_.gallery()), .number = last ? last->number : 0, .at = now};
  head.shard = shard_;
  head.mac = hex_of(beginning());
  if (last) head.mac = hex_of({reinterpret_cast<const std::uint8_t*>(last->mac.data()), last->mac.size()});
  VULTUS_CHECK(sign(head, keyring_.key(KeyUse::signing)));
  return head;
}

}  // namespace gallery

namespace {

nlohmann::ordered_json json_of_head(const AuditHead& head) {
  nlohmann::ordered_json json;
  json["vultus_audit_head"] = kHeadFormat;
  json["gallery"] = head.gallery;
  if (!head.shard.empty()) json["shard"] = head.shard;
  json["number"] = head.number;
  json["at"] = to_iso8601(head.at);
  json["mac"] = head.mac;
  json["public_key"] = head.public_key;
  json["signature"] = head.signature;
  for (const AuditHead& one : head.shards) json["shards"].push_back(json_of_head(one));
  return json;
}

Error no_head(const std::string& why) { return fail(ErrorCode::corrupt_data, "no head of an audit log: " + why); }

/// @param inner  a head of a shard, inside that of its gallery
Result<AuditHead> head_from(const nlohmann::json& json, bool inner) {
  if (!json.is_object()) return no_head("not a JSON object");
  const auto format = json.find("vultus_audit_head");
  if (format == json.end() || !format->is_number_integer() || *format != kHeadFormat) return no_head("not of format 1");
  AuditHead head;
  for (const auto& [name, value] :
       {std::pair("gallery", &head.gallery), std::pair("mac", &head.mac), std::pair("public_key", &head.public_key),
        std::pair("signature", &head.signature), std::pair("shard", &head.shard)}) {
    const auto at = json.find(name);
    if (at == json.end() && value == &head.shard && !inner) continue;
    if (at == json.end() || !at->is_string()) return no_head(std::string("no text \"") + name + "\"");
    *value = at->get<std::string>();
  }
  const auto number = json.find("number");
  const auto at = json.find("at");
  if (number == json.end() || !number->is_number_integer() || *number < 0) return no_head("no number of a record");
  head.number = number->get<std::int64_t>();
  const auto time = at != json.end() && at->is_string() ? from_iso8601(at->get<std::string>()) : std::nullopt;
  if (!time) return no_head("no time");
  head.at = *time;
  const auto shards = json.find("shards");
  if (shards == json.end() || inner) return head;
  if (!shards->is_array() || shards->empty()) return no_head("\"shards\" is no list");
  for (const nlohmann::json& one : *shards) {
    VULTUS_TRY(AuditHead part, head_from(one, true));
    head.shards.push_back(std::move(part));
  }
  return head;
}

}  // namespace

std::string audit_head_to_json(const AuditHead& head) { return json_of_head(head).dump(); }

Result<AuditHead> audit_head_from_json(std::string_view text) {
  if (text.size() > kMaxHeadBytes) return no_head("more than " + std::to_string(kMaxHeadBytes) + " bytes");
  VULTUS_TRY(AuditHead head, head_from(nlohmann::json::parse(text, nullptr, false), false));
  if (!gallery::is_signed(head)) return no_head("its signature does not belong to it");
  return head;
}

}  // namespace vultus
