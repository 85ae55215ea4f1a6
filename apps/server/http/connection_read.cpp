#include <algorithm>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>

#include <apps/server/http/connection.hpp>
#include <apps/server/http/head_scan.hpp>
#include <apps/server/http/request_id.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kHeadChunk = 4UL << 10U;
constexpr std::size_t kBodyChunk = 64UL << 10U;
constexpr std::size_t kStreamInput = 64UL << 10U;  // a caller may send so much while it listens to a stream
constexpr std::size_t kChunkFraming = 8UL << 10U;  // size line and extensions of a chunk, trailer fields

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

Problem too_large_body(std::size_t limit) {
  return {
      413, "body_too_large", "The body of the request is too large", "at most " + std::to_string(limit) + " bytes", {}};
}

}  // namespace

void Connection::await_head() {
  phase_ = Phase::head;
  exchange_ = {};
  parser_.reset();
  const auto& times = state_->options.times;
  if (!input_.empty()) {
    set_deadline(Clock::now() + times.head);
    return read_head();
  }
  if (state_->stopping) return close_politely();
  input_.shrink_to_fit();
  set_deadline(Clock::now() + (requests_ == 0 ? times.head : times.idle));
  read_more();
}

void Connection::read_more() {
  if (reading_) return;
  reading_ = true;
  const std::size_t wanted = phase_ == Phase::body ? kBodyChunk : kHeadChunk;
  if (chunk_.size() != wanted) {
    chunk_.resize(wanted);
    chunk_.shrink_to_fit();
  }
  wire_.read_some(
      boost::asio::buffer(chunk_),
      [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(boost::system::error_code error, std::size_t bytes) {
  reading_ = false;
  if (phase_ == Phase::closing || phase_ == Phase::closed) return;
  if (error) return on_peer_end(error == boost::asio::error::eof || error == boost::asio::ssl::error::stream_truncated);
  const bool first = input_.empty();
  input_.append(chunk_, 0, bytes);
  switch (phase_) {
    case Phase::head:
      if (first) set_deadline(Clock::now() + state_->options.times.head);
      return read_head();
    case Phase::body: transferred_ += bytes; return read_body();
    case Phase::stream:
      if (input_.size() < kStreamInput) read_more();
      return;
    default: return;  // what is answered already
  }
}

// The caller sends no more. Where it waits for an answer it still gets one: it may have closed its half alone.
void Connection::on_peer_end(bool orderly) {
  switch (phase_) {
    case Phase::head:
      if (!orderly) return abort();
      if (input_.empty()) return close_politely();
      return answer_and_close({400, "malformed_request", "The request is not complete", "its head ends too early", {}});
    case Phase::body:
      if (!orderly) return abort();
      return answer_and_close({400, "malformed_body", "The request is not complete", "its body ends too early", {}});
    case Phase::stream: return abort();
    default: return;
  }
}

void Connection::read_head() {
  const HeadScan scan = scan_head(input_, state_->options.limits);
  input_.erase(0, scan.skip);
  if (scan.refusal) return answer_and_close(*scan.refusal);
  if (!scan.size) return read_more();
  const auto& limits = state_->options.limits;
  parser_ = std::make_unique<RequestParser>();
  exchange_.begun = Clock::now();
  exchange_.bytes_in = *scan.size;
  exchange_.reported = false;
  auto outcome = parser_->read_head(std::string_view(input_).substr(0, *scan.size),
                                    {.url_bytes = limits.url_bytes, .fields = limits.header_fields});
  input_.erase(0, *scan.size);
  if (const auto* problem = std::get_if<Problem>(&outcome)) return answer_and_close(*problem);
  on_head(std::move(std::get<RequestHead>(outcome)));
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
  const auto problem = [&](Problem what) { return problem_response(what, request.id); };
  const auto& hosts = state_->options.hosts;
  if (!hosts.empty() && std::find(hosts.begin(), hosts.end(), head.host) == hosts.end())
    return problem({421, "host_not_served", "This host is not served here", head.host, {}});
  if (!head.expect.empty() && head.expect != "100-continue")
    return problem({417, "expectation_failed", "The only expectation met here is 100-continue", {}, {}});
  if (head.for_server) {
    Response methods;
    methods.status = 204;
    methods.headers.add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    return methods;
  }
  auto match = state_->router->match(request);
  if (match.route == nullptr) return std::move(match.refusal);
  exchange_.route = match.route;
  exchange_.body_limit = match.route->body_limit != 0 ? match.route->body_limit : state_->options.limits.body_bytes;
  if (state_->hooks.before_body) {
    Admission admission = state_->hooks.before_body(request, *match.route);
    if (admission.refusal) return std::move(admission.refusal);
    if (admission.body_limit) exchange_.body_limit = *admission.body_limit;
  }
  if (head.content_length.value_or(0) > exchange_.body_limit) return problem(too_large_body(exchange_.body_limit));
  return std::nullopt;
}

void Connection::read_body() {
  input_.erase(0, parser_->read_body(input_));
  const std::size_t bytes = parser_->body_bytes();
  if (const auto problem = parser_->problem()) return answer_and_close(*problem);
  if (bytes > exchange_.body_limit) return answer_and_close(too_large_body(exchange_.body_limit));
  if (!state_->bodies.take(bytes - held_bytes_))
    return answer_and_close({503, "server_full", "The server holds as many bodies as it may", {}, 1});
  held_bytes_ = bytes;
  if (parser_->is_done()) return dispatch();
  if (input_.size() > kChunkFraming)
    return answer_and_close({400,
                             "malformed_body",
                             "The body of the request does not follow HTTP",
                             "what frames a chunk is longer than " + std::to_string(kChunkFraming) + " bytes",
                             {}});
  set_deadline(transfer_deadline(transfer_begun_, transferred_));
  read_more();
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
  if (state_->pool.submit(std::move(task))) return;
  constexpr int kRetrySeconds = 1;
  answer(problem_response({429, "too_many_requests", "So many requests wait that this one cannot",
                           "at most " + std::to_string(state_->options.queue), kRetrySeconds},
                          exchange_.id));
}

}  // namespace vultus::server
