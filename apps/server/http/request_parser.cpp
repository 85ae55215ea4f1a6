#include <apps/server/http/request_parser.hpp>

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <apps/server/http/head_rules.hpp>

namespace vultus::server {
namespace {

namespace http = boost::beast::http;
using HeadOrProblem = std::variant<RequestHead, Problem>;

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

Problem malformed_head(std::string detail) {
  return {400, "malformed_request", "The head of the request does not follow HTTP", std::move(detail), {}};
}

Problem problem_of_head(boost::beast::error_code error, const HeadLimits& limits) {
  if (error == http::error::bad_version)
    return {505, "version_not_supported", "Only HTTP/1.0 and HTTP/1.1 are spoken here", {}, {}};
  if (error == http::error::header_limit)
    return {431,
            "head_too_large",
            "The head of the request is too large",
            "at most " + std::to_string(limits.fields) + " fields",
            {}};
  return malformed_head(error.message());
}

}  // namespace

struct RequestParser::Parts {
  http::request_parser<http::string_body> parser;
  boost::beast::error_code error;
};

RequestParser::RequestParser() : parts_(std::make_unique<Parts>()) {
  parts_->parser.body_limit(boost::none);  // the listener counts
}

RequestParser::~RequestParser() = default;

HeadOrProblem RequestParser::read_head(std::string_view head, const HeadLimits& limits) {
  auto& parser = parts_->parser;
  parser.header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(head.size() + 1, UINT32_MAX)));
  const std::size_t taken = parser.put(boost::asio::buffer(head.data(), head.size()), parts_->error);
  if (parts_->error) return problem_of_head(parts_->error, limits);
  if (!parser.is_header_done() || taken != head.size())
    return malformed_head("the head does not end where it seems to");

  RequestHead result;
  const auto& message = parser.get();
  for (const auto& field : message)
    result.request.headers.add(std::string(view_of(field.name_string())), std::string(view_of(field.value())));
  if (result.request.headers.fields().size() > limits.fields)
    return problem_of_head(make_error_code(http::error::header_limit), limits);
  result.old_version = message.version() < 11;
  result.keep_alive = message.keep_alive();
  const auto refused = apply_head_rules(view_of(message.method_string()), view_of(message.target()), limits, result);
  if (refused) return *refused;
  return result;
}

std::size_t RequestParser::read_body(std::string_view bytes) {
  std::size_t taken = 0;
  // A body in chunks always ends with five bytes or more. Given fewer, Beast 1.81 fails an assertion
  // (boostorg/beast#2861).
  const std::size_t least = parts_->parser.chunked() ? 5 : 1;
  while (bytes.size() - taken >= least && !parts_->error && !parts_->parser.is_done()) {
    const std::size_t now =
        parts_->parser.put(boost::asio::buffer(bytes.data() + taken, bytes.size() - taken), parts_->error);
    taken += now;
    if (parts_->error == http::error::need_more) {
      parts_->error = {};
      break;
    }
    if (now == 0) break;
  }
  return taken;
}

bool RequestParser::is_done() const { return !parts_->error && parts_->parser.is_done(); }

std::optional<Problem> RequestParser::problem() const {
  if (!parts_->error) return std::nullopt;
  return Problem{400, "malformed_body", "The body of the request does not follow HTTP", parts_->error.message(), {}};
}

std::size_t RequestParser::body_bytes() const { return parts_->parser.get().body().size(); }

std::string RequestParser::take_body() { return std::move(parts_->parser.get().body()); }

}  // namespace vultus::server
