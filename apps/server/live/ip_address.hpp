// Addresses of the internet protocol and ranges of them, and which are no public ones.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::server {

/// Version 4 addresses are kept as those of version 6 that are mapped to them, so both spellings are one address.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] std::string text() const;  ///< "192.0.2.1", "2001:db8::1"
  auto operator<=>(const IpAddress&) const = default;
};

/// Four decimal numbers without leading zeros, or an address of version 6 without brackets and zone.
[[nodiscard]] std::optional<IpAddress> ip_address_from(std::string_view text);

struct IpRange {
  IpAddress first;
  int bits = 128;  ///< that are fixed, of the 128: of a version 4 range 96 more than it says

  [[nodiscard]] bool holds(const IpAddress& address) const;
  bool operator==(const IpRange&) const = default;
};

/// "192.168.1.0/24", "fd00::/8", or one address.
/// @error invalid_argument  no range; bits behind the mask that are set
[[nodiscard]] Result<IpRange> ip_range_from(std::string_view text);

/// The range of the registries of special addresses in which it lies: loopback, link-local, private, shared, multicast,
/// documentation, translation and tunnels to version 4, and what is reserved. None = a public address.
/// @source IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890); RFC 4291 2.5 and 2.7, RFC 6052, RFC 3056
[[nodiscard]] std::optional<IpRange> special_range_of(const IpAddress& address);

}  // namespace vultus::server
