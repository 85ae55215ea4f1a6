#include <apps/server/live/targets.hpp>

#include <algorithm>
#include <charconv>

#include <vultus/media/video.hpp>

namespace vultus::server {
namespace {

std::optional<std::uint16_t> port_from(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (failed != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

Error not_allowed(std::string_view host, std::uint16_t port, const std::string& why) {
  return fail(ErrorCode::invalid_argument,
              std::string(host) + " port " + std::to_string(port) + ": " + why + " (--allow-target)");
}

}  // namespace

Result<Targets::Rule> Targets::rule_from(std::string_view text) {
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, "allowed target \"" + std::string(text) + "\": " + why);
  };
  Rule rule;
  std::string host(text);
  // An address of version 6 stands in brackets where a port follows.
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.rfind(':');
  const bool plain_v6 = bracket == std::string_view::npos && text.find(':') != colon;
  if (colon != std::string_view::npos && !plain_v6 && (bracket == std::string_view::npos || colon > bracket)) {
    rule.port = port_from(text.substr(colon + 1));
    if (!rule.port) return refuse("its port must be from 1 to 65535");
    host = std::string(text.substr(0, colon));
  }
  std::erase_if(host, [](char c) { return c == '[' || c == ']'; });
  const std::string address = host.substr(0, host.find('/'));
  if (host.find('/') != std::string::npos || ip_address_from(address)) {
    VULTUS_TRY(rule.range, ip_range_from(host));
    return rule;
  }
  VULTUS_TRY(rule.host, host_name_from(host));
  return rule;
}

Result<Targets> Targets::from(std::span<const std::string> rules) {
  Targets targets;
  for (const std::string& text : rules) {
    if (media::is_camera_name(text)) {
      targets.devices_.push_back(text);
      continue;
    }
    VULTUS_TRY(Rule rule, rule_from(text));
    targets.rules_.push_back(std::move(rule));
  }
  return targets;
}

Targets Targets::everywhere() {
  Targets targets;
  targets.everywhere_ = true;
  return targets;
}

Status Targets::check_host(std::string_view host, std::uint16_t port) const {
  if (everywhere_) return {};
  if (const auto address = ip_address_from(host)) return check_address(host, *address, port);
  for (const Rule& rule : rules_)
    if ((rule.range || rule.host == host) && (!rule.port || rule.port == port)) return {};
  return not_allowed(host, port, "is not on the list of allowed targets");
}

Status Targets::check_address(std::string_view host, const IpAddress& address, std::uint16_t port) const {
  if (everywhere_) return {};
  const auto special = special_range_of(address);
  const bool listed = std::ranges::any_of(rules_, [&](const Rule& rule) {
    if (rule.port && rule.port != port) return false;
    if (rule.range) return rule.range->holds(address) && (!special || rule.range->bits >= special->bits);
    return !special && rule.host == host;
  });
  if (listed) return {};
  return not_allowed(host, port,
                     special
                         ? "leads to a loopback, link-local, private or reserved address that is not on the list of "
                           "allowed targets"
                         : "is not on the list of allowed targets");
}

Status Targets::check_device(std::string_view name) const {
  if (std::ranges::find(devices_, name) != devices_.end()) return {};
  return fail(ErrorCode::invalid_argument,
              std::string(name) + ": is not on the list of allowed targets (--allow-target)");
}

}  // namespace vultus::server
