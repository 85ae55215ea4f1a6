#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include <apps/server/http/connection.hpp>
#include <apps/server/http/request_id.hpp>

namespace vultus::server {
namespace {

Response route_answer(const Route& route, const Request& request, const ListenerState& state) {
  try {
    return route.handle(request);
  } catch (const std::exception& thrown) {
    state.report_fault(request.id, thrown.what());
  } catch (...) {
    state.report_fault(request.id, "unknown exception");
  }
  return problem_response(problem_of({ErrorCode::internal, {}}), request.id);
}

Admission admitted(const ListenerState& state, const Route& route, Request& request) {
  if (!state.hooks.before_body) return {};
  try {
    return state.hooks.before_body(request, route);
  } catch (const std::exception& thrown) {
    state.report_fault(request.id, thrown.what());
    return {.refusal = problem_response(problem_of({ErrorCode::internal, {}}), request.id)};  // nobody is let through
  }
}

}  // namespace

Problem Connection::too_large_body(std::size_t limit) {
  return {
      413, "body_too_large", "The body of the request is too large", "at most " + std::to_string(limit) + " bytes", {}};
}

void Connection::on_head(RequestHead head) {
  ++requests_;
  exchange_.request = std::make_shared<Request>(std::move(head.request));
  Request& request = *exchange_.request;
  const std::string_view id = request.headers.find("X-Request-Id").value_or("");
  exchange_.id = request.id = is_sane_request_id(id) ? std::string(id) : make_request_id();
  request.peer = peer_;
  request.secure = wire_.is_secure();
  request.stop = state_->give_up.get_token();
  exchange_.has_body = head.has_body();
  exchange_.old_version = head.old_version;
  exchange_.keep = head.keep_alive && requests_ < state_->options.limits.requests_per_connection;
  if (auto refusal = refusal_of(head)) {
    exchange_.keep = exchange_.keep && !exchange_.has_body;  // a body that is not read would be taken for a request
    return answer(*std::move(refusal));
  }
  if (!exchange_.has_body) return dispatch();
  phase_ = Phase::body;
  transfer_begun_ = Clock::now();
  transferred_ = 0;
  if (head.expect.empty() || !input_.empty() || head.old_version) return read_body();
  output_.emplace_back("HTTP/1.1 100 Continue\r\n\r\n");
  send([this] {
    transferred_ = 0;
    read_body();
  });
}

// The answer to a request whose body need not be read; nothing where a route is to answer.
std::optional<Response> Connection::refusal_of(RequestHead& head) {
  Request& request = *exchange_.request;
  const auto& hosts = state_->options.hosts;
  if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), head.host) == hosts.end())
    return refusal_by_us({421, "host_not_served", "This host is not served here", head.host, {}});
  if (!head.expect.empty() && head.expect != "100-continue")
    return refusal_by_us({417, "expectation_failed", "The only expectation met here is 100-continue", {}, {}});
  if (head.for_server) {
    Response methods;
    methods.status = 204;
    methods.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return methods;
  }
  auto match = state_->router->match(request);
  if (match.route == nullptr) {
    exchange_.refusal = match.code;
    return std::move(match.refusal);
  }
  exchange_.route = match.route;
  exchange_.body_limit = match.route->body_limit != 0 ? match.route->body_limit : state_->options.limits.body_bytes;
  Admission admission = admitted(*state_, *match.route, request);
  if (admission.refusal) return std::move(admission.refusal);
  exchange_.body_limit = admission.body_limit.value_or(exchange_.body_limit);
  if (head.content_length.value_or(0) > exchange_.body_limit)
    return refusal_by_us(too_large_body(exchange_.body_limit));
  return std::nullopt;
}

void Connection::dispatch() {
  phase_ = Phase::work;
  deadline_.clear();
  exchange_.request->body = parser_->take_body();
  exchange_.bytes_in += exchange_.request->body.size();
  parser_.reset();
  auto task = [self = shared_from_this(), request = exchange_.request, route = exchange_.route] {
    auto response = std::make_shared<Response>(route_answer(*route, *request, *self->state_));
    boost::asio::post(self->strand_, [self, response] {
      if (self->phase_ == Phase::work) self->answer(std::move(*response));
    });
  };
  WorkerPool& pool = exchange_.route->watches ? state_->watch_pool : state_->pool;
  if (pool.submit(std::move(task))) return;
  constexpr int kRetrySeconds = 1;
  answer(refusal_by_us({429, "too_many_requests", "So many requests wait that this one cannot",
                        "at most " + std::to_string(state_->options.queue), kRetrySeconds}));
}

}  // namespace vultus::server
