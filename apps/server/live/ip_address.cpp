#include <apps/server/live/ip_address.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

#include <arpa/inet.h>

namespace vultus::server {
namespace {

constexpr int kMappedBits = 96;
constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool bit_of(const IpAddress& address, int at) {
  return (address.bytes.at(static_cast<std::size_t>(at / 8)) >> (7 - at % 8) & 1) != 0;
}

}  // namespace

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin()); }

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* made = is_v4() ? ::inet_ntop(AF_INET, bytes.data() + kMappedPrefix.size(), text.data(), INET6_ADDRSTRLEN)
                             : ::inet_ntop(AF_INET6, bytes.data(), text.data(), INET6_ADDRSTRLEN);
  return made == nullptr ? std::string() : std::string(made);
}

std::optional<IpAddress> ip_address_from(std::string_view text) {
  const std::string whole(text);  // inet_pton reads up to a NUL
  if (whole.find('\0') != std::string::npos) return std::nullopt;
  IpAddress address;
  std::ranges::copy(kMappedPrefix, address.bytes.begin());
  // It takes neither octal nor hexadecimal numbers, nor fewer than four.
  if (::inet_pton(AF_INET, whole.c_str(), address.bytes.data() + kMappedPrefix.size()) == 1) return address;
  if (::inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool IpRange::holds(const IpAddress& address) const {
  for (int at = 0; at < bits; ++at)
    if (bit_of(address, at) != bit_of(first, at)) return false;
  return true;
}

Result<IpRange> ip_range_from(std::string_view text) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, "range " + std::string(text) + ": " + why);
  };
  const std::size_t slash = text.find('/');
  const auto address = ip_address_from(text.substr(0, slash));
  if (!address) return refuse("no address such as 192.168.1.20 or fd00::20");
  IpRange range{.first = *address};
  if (slash == std::string_view::npos) return range;
  // A range written as one of version 6 counts from its beginning, even where it is mapped.
  const int base = address->is_v4() && text.find(':') == std::string_view::npos ? kMappedBits : 0;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), range.bits);
  if (failed != std::errc() || end != digits.data() + digits.size() || range.bits < 0 || range.bits > 128 - base)
    return refuse("its length must be from 0 to " + std::to_string(128 - base));
  range.bits += base;
  for (int at = range.bits; at < 128; ++at)
    if (bit_of(range.first, at)) return refuse("bits behind its length are set");
  return range;
}

std::optional<IpRange> special_range_of(const IpAddress& address) {
  static const std::vector<IpRange> kRanges = [] {
    std::vector<IpRange> ranges;
    for (const char* text :
         {"0.0.0.0/8",      "10.0.0.0/8",     "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
          "192.0.0.0/24",   "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
          "203.0.113.0/24", "224.0.0.0/4",    "240.0.0.0/4",    "::/128",         "::1/128",        "::/96",
          "64:ff9b::/96",   "64:ff9b:1::/48", "100::/64",       "2001::/23",      "2001:db8::/32",  "2002::/16",
          "fc00::/7",       "fe80::/10",      "fec0::/10",      "ff00::/8"})
      ranges.push_back(ip_range_from(text).value());
    return ranges;
  }();
  for (const IpRange& range : kRanges)
    if (range.holds(address)) return range;
  return std::nullopt;
}

}  // namespace vultus::server
