// One message to one webhook, over HTTP.
#include <apps/server/live/webhooks.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <vultus/core/version.hpp>

#include <apps/server/live/outbound.hpp>
#include <apps/server/live/webhook_signature.hpp>

namespace vultus::server {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t kMostAnswerHead = 16U << 10U;

}  // namespace

Status send_webhook(const Webhook& webhook, const std::string& message_id, std::int64_t timestamp,
                    const std::string& body, const OutboundRules& rules, std::chrono::milliseconds patience,
                    const std::stop_token& stop) {
  VULTUS_TRY(const TargetUrl url, target_url_from(webhook.url));
  const auto signature = webhook_signature(webhook.secret, message_id, timestamp, body);
  if (!signature) return fail(ErrorCode::internal, "the secret of a webhook is none");
  http::request<http::string_body> request(http::verb::post, url.path, 11);
  request.set(http::field::host, url.host_header());
  request.set(http::field::user_agent, std::string("Vultus/") + std::string(kVersion));
  request.set(http::field::content_type, "application/json");
  request.set(http::field::connection, "close");
  request.set("webhook-id", message_id);
  request.set("webhook-timestamp", std::to_string(timestamp));
  request.set("webhook-signature", *signature);
  request.body() = body;
  request.prepare_payload();
  VULTUS_TRY(const auto connection, Outbound::connect(url, rules, patience, stop));
  VULTUS_TRY(const std::size_t sent, connection->run("sending", patience, [&](auto& stream, auto handler) {
    http::async_write(stream, request, std::move(handler));
  }));
  static_cast<void>(sent);
  // The status is all that counts: a body is not read, however long it is.
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.header_limit(kMostAnswerHead);
  VULTUS_TRY(const std::size_t read,
             connection->run("waiting for the answer", patience, [&](auto& stream, auto handler) {
               http::async_read_header(stream, buffer, parser, std::move(handler));
             }));
  static_cast<void>(read);
  const unsigned status = parser.get().result_int();
  if (status >= 200 && status < 300) return {};
  return fail(ErrorCode::unsupported, url.host + " answers with the status " + std::to_string(status) +
                                          (status >= 300 && status < 400 ? ": redirects are not followed" : ""));
}

}  // namespace vultus::server
