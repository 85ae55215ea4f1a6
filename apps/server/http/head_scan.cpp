#include <apps/server/http/head_scan.hpp>

#include <algorithm>
#include <string>

#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kAroundUrl = 64;  // longest method, blanks and version of a request line

Problem unreadable_head(std::string detail) {
  return {400, "malformed_request", "The head of the request does not follow HTTP", std::move(detail), {}};
}

// A line that ends with a lone LF would never end for us, and may for a proxy.
bool has_lone_line_feed(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1))
    if (at == 0 || bytes[at - 1] != '\r') return true;
  return false;
}

}  // namespace

HeadScan scan_head(std::string_view bytes, const ListenerLimits& limits) {
  HeadScan scan;
  while (bytes.starts_with("\r\n")) {
    bytes.remove_prefix(2);
    scan.skip += 2;
  }
  if (bytes.empty() || bytes == "\r") return scan;
  if (!is_token_char(bytes.front())) {
    const bool tls = bytes.front() == '\x16';
    scan.refusal = unreadable_head(tls ? "plain HTTP is spoken here, not TLS" : "it does not begin with a method");
    return scan;
  }
  const std::size_t end = bytes.find("\r\n\r\n");
  const std::string_view head = bytes.substr(0, end == std::string_view::npos ? end : end + 4);
  const std::string_view line = head.substr(0, head.find("\r\n"));
  if (line.size() > limits.url_bytes + kAroundUrl || (line.size() == head.size() && head.size() > limits.head_bytes))
    scan.refusal = Problem{
        414, "url_too_long", "The URL is too long", "at most " + std::to_string(limits.url_bytes) + " bytes", {}};
  else if (head.size() > limits.head_bytes)
    scan.refusal = Problem{431,
                           "head_too_large",
                           "The head of the request is too large",
                           "at most " + std::to_string(limits.head_bytes) + " bytes",
                           {}};
  else if (has_lone_line_feed(head))
    scan.refusal = unreadable_head("a line ends without CR");
  else if (end != std::string_view::npos)
    scan.size = head.size();
  return scan;
}

}  // namespace vultus::server
