// Requests of HTTP as they come over a connection: where a head ends, what it says, where its body ends.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <apps/server/http/head_scan.hpp>
#include <apps/server/http/request_parser.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;
using vultus::server::RequestHead;

// What is left behind the first request, and what was understood of it.
struct Seen {
  std::optional<int> refused;
  bool whole = false;
  std::string body;
  std::string rest;
  bool operator==(const Seen&) const = default;
};

void check_head(const RequestHead& head) {
  require(!(head.chunked && head.content_length), "a body is framed in one way");
  require(head.for_server || head.request.path.starts_with('/'), "a path begins with a slash");
  require(head.request.path.find('?') == std::string::npos, "a path holds no query");
  require(head.old_version || !head.host.empty(), "a request names its host");
  for (const auto& [name, value] : head.request.headers.fields())
    require(value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos, "a field has one line");
}

// As a connection reads it, in pieces of so many bytes.
Seen read_in_pieces(std::string_view bytes, std::size_t piece) {
  vultus::server::ListenerLimits limits;
  limits.head_bytes = 1000;
  limits.url_bytes = 500;
  limits.header_fields = 20;
  vultus::server::RequestParser parser;
  Seen seen;
  bool in_body = false;
  std::string input;
  while (true) {
    if (!in_body) {
      const auto scan = vultus::server::scan_head(input, limits);
      if (scan.refusal) return {.refused = scan.refusal->status};
      input.erase(0, scan.skip);
      if (scan.size) {
        const auto outcome = parser.read_head(std::string_view(input).substr(0, *scan.size),
                                              {.url_bytes = limits.url_bytes, .fields = limits.header_fields});
        input.erase(0, *scan.size);
        if (const auto* problem = std::get_if<vultus::server::Problem>(&outcome)) return {.refused = problem->status};
        check_head(std::get<RequestHead>(outcome));
        in_body = true;
        if (!std::get<RequestHead>(outcome).has_body()) break;
      }
    }
    if (in_body) {
      input.erase(0, parser.read_body(input));
      if (const auto problem = parser.problem()) return {.refused = problem->status};
      if (parser.is_done()) break;
    }
    if (bytes.empty()) return {};
    input += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  return {.whole = true, .body = parser.take_body(), .rest = input + std::string(bytes)};
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Seen at_once = read_in_pieces(bytes, size + 1);
  require(read_in_pieces(bytes, 1).whole == at_once.whole, "pieces of one byte make the same request");
  if (at_once.whole) {
    require(read_in_pieces(bytes, 1) == at_once, "pieces of one byte leave the same rest");
    require(read_in_pieces(bytes, 7) == at_once, "pieces of seven bytes leave the same rest");
  }
  return 0;
}
