#include <apps/server/nodes/node_client.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <vultus/core/version.hpp>

#include <apps/server/live/outbound.hpp>
#include <apps/server/nodes/node_routes.hpp>
#include <apps/server/nodes/node_token.hpp>

namespace vultus::server {
namespace {

namespace beast_http = boost::beast::http;
using NodeClock = std::chrono::steady_clock;
using NodeRequest = beast_http::request<beast_http::string_body>;
using NodeAnswer = beast_http::response<beast_http::string_body>;

constexpr std::uint32_t kMostHead = 16U << 10U;
constexpr std::uint64_t kMostAnswer = std::uint64_t{64} << 20U;
constexpr std::size_t kKeptConnections = 16;  // of one node

/// Connections that wait for the next question. Thread-safe.
class Idle {
 public:
  std::unique_ptr<Outbound> take(const std::string& node) {
    const std::scoped_lock lock(lock_);
    auto& some = all_[node];
    if (some.empty()) return nullptr;
    auto one = std::move(some.back());
    some.pop_back();
    return one;
  }
  void give(const std::string& node, std::unique_ptr<Outbound> connection) {
    const std::scoped_lock lock(lock_);
    auto& some = all_[node];
    if (some.size() < kKeptConnections) some.push_back(std::move(connection));
  }

 private:
  std::mutex lock_;
  std::map<std::string, std::vector<std::unique_ptr<Outbound>>> all_;
};

/// What is left of the time; at least a moment, so that what runs out is told as that.
std::chrono::milliseconds left(NodeClock::time_point until) {
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(until - NodeClock::now());
  return std::max(rest, std::chrono::milliseconds(1));
}

Result<NodeAnswer> exchange(Outbound& connection, const NodeRequest& request, NodeClock::time_point until) {
  VULTUS_TRY(const std::size_t sent, connection.run("sending", left(until), [&](auto& stream, auto handler) {
    beast_http::async_write(stream, request, std::move(handler));
  }));
  static_cast<void>(sent);
  boost::beast::flat_buffer buffer;
  beast_http::response_parser<beast_http::string_body> parser;
  parser.header_limit(kMostHead);
  parser.body_limit(kMostAnswer);
  VULTUS_TRY(const std::size_t read,
             connection.run("waiting for the answer", left(until), [&](auto& stream, auto handler) {
               beast_http::async_read(stream, buffer, parser, std::move(handler));
             }));
  static_cast<void>(read);
  return parser.release();
}

Result<NodeAnswer> ask_over(Idle& idle, const NodeCall& call, const TargetUrl& url, const NodeRequest& request) {
  const auto until = NodeClock::now() + call.deadline;
  const auto finish = [&](std::unique_ptr<Outbound> connection, NodeAnswer answer) {
    if (answer.keep_alive()) idle.give(call.node, std::move(connection));
    return answer;
  };
  // One that waited may have been closed by the node meanwhile, which is found out when it is used. A question changes
  // nothing, so it may be asked twice.
  while (auto kept = idle.take(call.node)) {
    auto answer = exchange(*kept, request, until);
    if (answer) return finish(std::move(kept), *std::move(answer));
    if (answer.error().code == ErrorCode::resource_limit) return answer;
  }
  const OutboundRules rules{.targets = Targets::everywhere(), .ca_file = call.access.ca_file.string()};
  VULTUS_TRY(auto connection, Outbound::connect(url, rules, left(until), {}));
  VULTUS_TRY(NodeAnswer answer, exchange(*connection, request, until));
  return finish(std::move(connection), std::move(answer));
}

Result<std::string> ask_node(Idle& idle, const NodeCall& call) {
  VULTUS_TRY(const NodeToken token, NodeToken::read(call.access.token_file));
  VULTUS_TRY(const TargetUrl url, target_url_from(call.node));
  NodeRequest request(beast_http::verb::post, kAskPath, 11);
  request.set(beast_http::field::host, url.host_header());
  request.set(beast_http::field::user_agent, std::string("Vultus/") + std::string(kVersion));
  request.set(beast_http::field::content_type, "application/octet-stream");
  request.set(beast_http::field::authorization, token.authorization());
  request.body() = call.question;
  request.prepare_payload();
  VULTUS_TRY(NodeAnswer answer, ask_over(idle, call, url, request));
  if (answer.result_int() == 401)
    return fail(ErrorCode::invalid_argument,
                "it does not take the secret of " + call.access.token_file.filename().string());
  if (answer.result_int() != 200)
    return fail(ErrorCode::unsupported, "it answers with the status " + std::to_string(answer.result_int()));
  return std::move(answer.body());
}

}  // namespace

AskNode node_client() {
  return [idle = std::make_shared<Idle>()](const NodeCall& call) { return ask_node(*idle, call); };
}

}  // namespace vultus::server
