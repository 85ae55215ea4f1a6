#include <apps/server/http/answer_text.hpp>

#include <algorithm>
#include <array>
#include <ctime>
#include <string_view>

#include <boost/beast/http/status.hpp>

#include <apps/server/http/ascii.hpp>

namespace vultus::server {
namespace {

// As RFC 9110, 5.6.7 has it, in English whatever the locale.
std::string http_date_text(std::time_t now) {
  constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  gmtime_r(&now, &utc);
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::string(kDays[static_cast<std::size_t>(utc.tm_wday)]) + ", " + two(utc.tm_mday) + " " +
         kMonths[static_cast<std::size_t>(utc.tm_mon)] + " " + std::to_string(1900 + utc.tm_year) + " " +
         two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" + two(utc.tm_sec) + " GMT";
}

bool is_safe_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return (c >= '\0' && c < ' ' && c != '\t') || c == '\x7F'; });
}

bool is_framing_field(std::string_view name) {
  for (const std::string_view framing : {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
    if (ascii_equal(name, framing)) return true;
  return false;
}

void add_unless_there(Headers& headers, const char* name, const std::string& value) {
  if (!value.empty() && !headers.find(name)) headers.add(name, value);
}

}  // namespace

void add_security_headers(Response& response, const SecurityHeaders& headers, bool secure) {
  const std::string_view type = response.headers.find("Content-Type").value_or("");
  const bool page = ascii_equal(type.substr(0, 9), "text/html");
  add_unless_there(response.headers, "X-Content-Type-Options", "nosniff");
  add_unless_there(response.headers, "Referrer-Policy", headers.referrer_policy);
  add_unless_there(response.headers, "Cache-Control", headers.cache_control);
  add_unless_there(response.headers, "Content-Security-Policy", page ? headers.page_policy : headers.api_policy);
  if (secure && headers.strict_transport.count() > 0)
    add_unless_there(response.headers, "Strict-Transport-Security",
                     "max-age=" + std::to_string(headers.strict_transport.count()));
}

std::string answer_head(const Response& response, const AnswerFrame& frame) {
  const auto reason = boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status));
  std::string text =
      "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason.data(), reason.size()) + "\r\n";
  text += "Date: " + http_date_text(std::time(nullptr)) + "\r\n";
  for (const auto& [name, value] : response.headers.fields())
    if (is_token(name) && is_safe_value(value) && !is_framing_field(name))
      text.append(name).append(": ").append(value).append("\r\n");
  if (response.stream) {
    if (!frame.old_version) text += "Transfer-Encoding: chunked\r\n";
  } else if (may_have_body(response.status)) {
    text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  }
  if (frame.close)
    text += "Connection: close\r\n";
  else if (frame.old_version)
    text += "Connection: keep-alive\r\n";
  return text + "\r\n";
}

}  // namespace vultus::server
