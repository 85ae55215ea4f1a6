#include <apps/server/live/target_url.hpp>

#include <algorithm>
#include <array>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <apps/server/live/ip_address.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kMostUrlBytes = 2048;

Error no_target(const std::string& why) { return fail(ErrorCode::invalid_argument, "the URL " + why); }

/// As browsers do (WHATWG URL, "ends in a number"): such a host is an address or nothing.
bool ends_in_a_number(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  const bool hex = last.starts_with("0x");
  return !last.empty() && std::ranges::all_of(hex ? last.substr(2) : last, [&](char c) {
    return (c >= '0' && c <= '9') || (hex && c >= 'a' && c <= 'f');
  });
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

}  // namespace

std::uint16_t usual_port_of(std::string_view scheme) {
  if (scheme == "http") return 80;
  if (scheme == "https") return 443;
  return scheme == "rtsps" ? 322 : 554;
}

Result<std::string> host_name_from(std::string_view text) {
  std::string host(text);
  std::ranges::transform(host, host.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (const auto address = ip_address_from(host)) return address->text();
  if (host.ends_with('.')) host.pop_back();
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, "host \"" + std::string(text.substr(0, 300)) + "\": " + why);
  };
  if (host.empty() || host.size() > 253) return refuse("it must have 1 to 253 characters");
  if (!std::ranges::all_of(host, is_name_character)) return refuse("a name has letters, digits, - and _ alone");
  if (host.starts_with('.') || host.find("..") != std::string::npos) return refuse("a part of the name is empty");
  if (ends_in_a_number(host)) return refuse("no address such as 192.168.1.20, and names do not end in a number");
  return host;
}

std::string TargetUrl::host_in_url() const { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string TargetUrl::host_header() const {
  return host_in_url() + (port == usual_port_of(scheme) ? "" : ":" + std::to_string(port));
}

std::string TargetUrl::shown() const {
  const std::size_t query = path.find('?');
  return scheme + "://" + (user.empty() && password.empty() ? "" : "***@") + host_header() + path.substr(0, query) +
         (query == std::string::npos ? "" : "?***");
}

Result<TargetUrl> target_url_from(std::string_view text) {
  if (text.size() > kMostUrlBytes)
    return no_target("has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(kMostUrlBytes) +
                     " are allowed");
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return no_target("is none: " + parsed.error().message());
  const boost::urls::url_view& url = *parsed;
  TargetUrl target;
  target.scheme = std::string(url.scheme());
  std::ranges::transform(target.scheme, target.scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::array<std::string_view, 4> kSchemes{"rtsp", "rtsps", "http", "https"};
  if (std::ranges::find(kSchemes, target.scheme) == kSchemes.end())
    return no_target("has the scheme \"" + target.scheme.substr(0, 20) + "\"; known are rtsp, rtsps, http and https");
  if (url.has_fragment()) return no_target("has a fragment (#), which means nothing here");
  if (!url.has_authority()) return no_target("has no host");
  VULTUS_TRY(target.host, host_name_from(std::string(url.encoded_host())));
  target.port = url.has_port() ? url.port_number() : usual_port_of(target.scheme);
  if (target.port == 0) return no_target("has no port from 1 to 65535");
  target.user = url.user();
  target.password = url.password();
  for (const std::string* part : {&target.user, &target.password})
    if (std::ranges::any_of(*part, [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
      return no_target("has control characters in user name or password");
  target.path = std::string(url.encoded_path());
  // Boost.URL 1.81 reads "http://127.0.0.1.5/" as an address and a path that begins with ".5".
  if (!target.path.empty() && !target.path.starts_with('/')) return no_target("has a host that is none");
  if (target.path.empty()) target.path = "/";
  if (url.has_query()) target.path += "?" + std::string(url.encoded_query());
  return target;
}

}  // namespace vultus::server
