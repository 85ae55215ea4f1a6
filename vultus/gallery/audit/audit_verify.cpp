// Looking through the log.
#include <algorithm>
#include <charconv>

#include <sodium.h>

#include <vultus/gallery/audit/audit_log.hpp>

namespace vultus::gallery {
namespace {

constexpr std::size_t kMaxFindings = 100;
// A gallery that an older version made has no head before its first record.
constexpr std::string_view kNothingThere =
    "the log is empty and has no head: it was taken out as a whole, or nothing was ever written into it";

std::string name_of_record(std::int64_t number) { return "record " + std::to_string(number); }

std::string hex_of_mac(const Bytes& mac) {
  return hex_of({reinterpret_cast<const std::uint8_t*>(mac.data()), mac.size()});
}

Hash hash_from(const Bytes& mac) {
  Hash hash{};
  if (mac.size() == hash.size())
    std::ranges::transform(mac, hash.begin(), [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
  return hash;
}

struct StoredHead {
  std::int64_t number = 0;
  std::string mac;
  std::string seal;
};

/// "<number> <mac> <seal>".
std::optional<StoredHead> stored_head_from(std::string_view text) {
  StoredHead head;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), head.number);
  if (failed != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  constexpr std::size_t kHex = 64;
  if (text.size() != 2 + 2 * kHex || text[0] != ' ' || text[1 + kHex] != ' ') return std::nullopt;
  head.mac = text.substr(1, kHex);
  head.seal = text.substr(2 + kHex);
  return head;
}

}  // namespace

void RecordedLevel::take(const AuditEntry& entry) {
  if (entry.what == kSetAudit) {
    set = audit_level_from(entry.detail);
    number = entry.number;
    return;
  }
  // These are written at any level.
  if (set || entry.what == kNewKeyring || entry.what == kLogBroken) return;
  if (least == AuditLevel::all) return;
  least = entry.what == kSearchAct ? AuditLevel::all : AuditLevel::changes;
  number = entry.number;
}

std::string RecordedLevel::against(AuditLevel level) const {
  const std::string now = "the level of the log is \"" + std::string(name_of(level)) + "\" now, ";
  const std::string after = ": it was changed past the log, and what was done since need not stand in it";
  if (set)
    return *set == level ? std::string()
                         : now + name_of_record(number) + " set it to \"" + std::string(name_of(*set)) + "\"" + after;
  if (!least || level >= *least) return {};
  return now + "no record sets it, and " + name_of_record(number) + " was written at \"" +
         std::string(name_of(*least)) + "\"" + (*least == AuditLevel::all ? "" : " or \"all\"") + after;
}

Result<std::string> AuditLog::level_against(Store& store, AuditLevel level) const {
  RecordedLevel recorded;
  VULTUS_CHECK(store.each_audit(0, [&](const AuditRow& row) -> Status {
    if (const Result<AuditEntry> read = entry(row)) recorded.take(*read);
    return {};
  }));
  return recorded.against(level);
}

Result<std::string> AuditLog::broken_head(Store& store, const std::optional<AuditRow>& last) const {
  const auto stored = store.meta(kMetaAuditHead);
  if (!stored && stored.error().code != ErrorCode::corrupt_data) return stored.error();
  const std::int64_t number = last ? last->number : 0;
  if (stored && !*stored) return std::string(last ? "the head that the gallery keeps is missing" : kNothingThere);
  const std::optional<StoredHead> head = stored ? stored_head_from(**stored) : std::nullopt;
  if (!head || hex_of(seal_of_head(head->number, head->mac)) != head->seal)
    return std::string("the head that the gallery keeps was changed");
  if (head->number > number)
    return "the log was cut off behind " + name_of_record(number) + ": the head that the gallery keeps says " +
           std::to_string(head->number) + " records";
  if (head->number < number || (last && head->mac != hex_of_mac(last->mac)))
    return "the head that the gallery keeps belongs to " + name_of_record(head->number) +
           ", the log ends otherwise at " + name_of_record(number);
  return std::string();
}

void AuditLog::verify_known_head(const AuditHead& known, const std::optional<AuditRow>& there, std::int64_t last,
                                 AuditVerdict& verdict) const {
  std::array<std::uint8_t, crypto_sign_PUBLICKEYBYTES> mine{};
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};
  crypto_sign_seed_keypair(mine.data(), secret.data(), keyring_.key(KeyUse::signing).data());
  wipe(secret);
  if (known.shard != shard_ || known.gallery != text_of(keyring_.gallery()) || known.public_key != hex_of(mine) ||
      !is_signed(known)) {
    verdict.findings.emplace_back("the exported head was not made by this gallery");
    return;
  }
  if (known.number == 0) return;
  if (!there)
    verdict.findings.push_back((last < known.number ? "the log was cut off behind " + name_of_record(last)
                                                    : name_of_record(known.number) + " is missing") +
                               ": the exported head of " + to_iso8601(known.at) + " says " +
                               std::to_string(known.number) + " records");
  else if (hex_of_mac(there->mac) != known.mac)
    verdict.findings.push_back("the log was written anew: " + name_of_record(known.number) +
                               " is not the one of the exported head of " + to_iso8601(known.at));
}

Result<AuditVerdict> AuditLog::verify(Store& store, const std::optional<AuditHead>& known) const {
  AuditVerdict verdict;
  const auto find = [&](std::string line) {
    if (verdict.findings.size() < kMaxFindings) verdict.findings.push_back(std::move(line));
  };
  const KeyView key = keyring_.key(KeyUse::audit);
  std::optional<AuditRow> last;
  std::optional<AuditRow> at_known;
  RecordedLevel recorded;
  VULTUS_CHECK(store.each_audit(0, [&](const AuditRow& row) -> Status {
    ++verdict.records;
    const std::int64_t expected = (last ? last->number : 0) + 1;
    if (row.number > expected)
      find((row.number == expected + 1
                ? name_of_record(expected) + " is missing"
                : "records " + std::to_string(expected) + " to " + std::to_string(row.number - 1) + " are missing"));
    const Hash before = last ? hash_from(last->mac) : beginning();
    // What stood before a gap cannot be known, so only the record behind an unbroken chain can be held to its hash.
    if (row.number == expected && hex_of(mac_of(row, before, key)) != hex_of_mac(row.mac))
      find(name_of_record(row.number) + " was changed, or stands in another place than it was written");
    const Result<AuditEntry> read = entry(row);
    if (!read) find(read.error().message);
    if (read) recorded.take(*read);
    if (read && read->what == kNewKeyring) verdict.first_of_keyring = row.number;
    if (read && read->what == kNewKeyring && verdict.records > 1) {
      // What stands before it cannot be held to keys that are not there any more.
      verdict.findings = {"records 1 to " + std::to_string(row.number - 1) +
                          " were written with a keyring that is not there any more: they cannot be verified"};
    }
    if (read && read->what == kLogBroken && read->detail == kNothingThere)
      verdict.not_proven.push_back("that " + name_of_record(row.number) + " is the first: when it was written, " +
                                   read->detail);
    else if (read && read->what == kLogBroken)
      find("when " + name_of_record(row.number) + " was written, " + read->detail);
    if (known && row.number == known->number) at_known = row;
    last = row;
    return {};
  }));
  VULTUS_TRY(std::string broken, broken_head(store, last));
  if (!broken.empty()) verdict.findings.push_back(std::move(broken));
  VULTUS_TRY(const std::optional<std::string> level_name, store.meta(kMetaAudit));
  const std::optional<AuditLevel> level = level_name ? audit_level_from(*level_name) : std::nullopt;
  if (level)
    if (std::string differs = recorded.against(*level); !differs.empty())
      verdict.findings.push_back(std::move(differs));
  if (known) verify_known_head(*known, at_known, last ? last->number : 0, verdict);

  if (verdict.sound())
    verdict.proven.emplace_back("no record was changed, taken out or moved by anyone without the keys of the gallery");
  if (verdict.sound() && known)
    verdict.proven.push_back("the records up to " + std::to_string(known->number) + " are those of the head of " +
                             to_iso8601(known->at) + ", even if someone had the keys since");
  else
    verdict.not_proven.emplace_back(
        "that the whole file was not replaced by an older copy of itself: compare with an exported head (--head)");
  verdict.not_proven.emplace_back(
      keyring_.kind() == KeyringKind::open
          ? "anything against someone who could read the keyring, which is not encrypted: they could write the log anew"
          : "anything against someone who has the key of the gallery: they could write the records behind the last "
            "exported head anew");
  verdict.not_proven.emplace_back(
      "that every act was written: the level of the log lies in the gallery without a key, and is held against the " +
      std::string(recorded.set ? "last record that set it" : "kinds of the records alone, for none sets it") +
      "; who may write the file can lower it, act, and put it back");
  verdict.not_proven.emplace_back("that the named persons acted: who they are is what they said");
  verdict.not_proven.emplace_back("what was done with a copy of the gallery by other programs");
  return verdict;
}

}  // namespace vultus::gallery
