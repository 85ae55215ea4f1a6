// Where the server may connect to: the allow-list of whoever runs it, held against every address before it is used.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

#include <apps/server/live/ip_address.hpp>
#include <apps/server/live/target_url.hpp>

namespace vultus::server {

/// Immutable; any thread. Nothing listed = nothing is allowed.
class Targets {
 public:
  Targets() = default;
  /// Each rule is a host name, an address or a range, with or without a port behind it: "cameras.example.org",
  /// "192.168.1.0/24:554", "[fd00::]/8:443"; "camera:0" is a device of this machine.
  /// @error invalid_argument  a rule that is none
  static Result<Targets> from(std::span<const std::string> rules);
  /// Every host, also of private networks: for addresses that whoever runs the program has written down, and no caller.
  static Targets everywhere();

  /// Before anything is resolved: could this host be allowed at all?
  /// @error invalid_argument  the host and its port are not listed, and no range is that could hold it
  [[nodiscard]] Status check_host(std::string_view host, std::uint16_t port) const;

  /// Whether the server may connect to an address under which a host was found. A name on the list leads to public
  /// addresses alone: what is loopback, link-local, private or reserved must be listed itself, as a range that lies in
  /// the special one. So 0.0.0.0/0 allows the public internet and no private network.
  /// @error invalid_argument  it may not: names host and reason, not the address, which may be nobody's business
  [[nodiscard]] Status check_address(std::string_view host, const IpAddress& address, std::uint16_t port) const;

  [[nodiscard]] Status check_device(std::string_view name) const;  ///< "camera:0"

 private:
  struct Rule {
    std::string host;              ///< a name; empty: see range
    std::optional<IpRange> range;  ///< of addresses
    std::optional<std::uint16_t> port;
  };
  static Result<Rule> rule_from(std::string_view text);
  bool everywhere_ = false;
  std::vector<Rule> rules_;
  std::vector<std::string> devices_;
};

}  // namespace vultus::server
