#include <utility>

#include <apps/server/http/answer_text.hpp>
#include <apps/server/http/connection.hpp>
#include <apps/server/http/cors.hpp>
#include <apps/server/http/request_id.hpp>

namespace vultus::server {
namespace {

constexpr std::size_t kOnePiece = 32UL << 10U;  // head and body up to here leave together

}  // namespace

void Connection::answer_and_close(const Problem& problem) {
  if (exchange_.id.empty()) exchange_.id = make_request_id();
  if (exchange_.reported) exchange_.begun = Clock::now();
  exchange_.reported = false;
  exchange_.keep = false;
  answer(refusal_by_us(problem));
}

Response Connection::refusal_by_us(const Problem& problem) {
  exchange_.refusal = problem.code;
  if (exchange_.route != nullptr && exchange_.route->refuse) return exchange_.route->refuse(problem);
  return problem_response(problem, exchange_.id);
}

void Connection::answer(Response response) {
  phase_ = Phase::send;
  if (state_->stopping || (response.stream && exchange_.old_version)) exchange_.keep = false;
  exchange_.status = response.status;
  if (exchange_.request) add_cors_headers(*exchange_.request, state_->options.cors, response);
  add_security_headers(response, state_->options.headers, wire_.is_secure());
  response.headers.set("X-Request-Id", exchange_.id);
  const bool head_request = exchange_.request && exchange_.request->method == Method::head;
  std::string head = answer_head(response, {exchange_.old_version, !exchange_.keep, head_request});
  const bool with_body = !head_request && !response.stream && may_have_body(response.status);
  if (with_body && response.body.size() <= kOnePiece) {
    output_.push_back(std::move(head) + response.body);
  } else {
    output_.push_back(std::move(head));
    if (with_body) output_.push_back(std::move(response.body));
  }
  producer_ = head_request ? nullptr : std::move(response.stream);
  send([this] { producer_ ? begin_stream() : end_exchange(); });
}

/// Sends `output_`, then calls `then`.
void Connection::send(std::function<void()> then) {
  sending_ = true;
  after_send_ = std::move(then);
  output_sent_ = 0;
  transferred_ = 0;
  transfer_begun_ = Clock::now();
  send_next();
}

void Connection::send_next() {
  if (output_.empty()) {
    sending_ = false;
    return std::exchange(after_send_, nullptr)();
  }
  set_deadline(phase_ == Phase::stream ? Clock::now() + state_->options.times.stream_stall
                                       : transfer_deadline(transfer_begun_, transferred_));
  const auto rest = boost::asio::buffer(output_.front()) + output_sent_;
  wire_.write_some(rest, [self = shared_from_this()](boost::system::error_code error, std::size_t bytes) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->abort();
    self->exchange_.bytes_out += bytes;
    self->transferred_ += bytes;
    self->output_sent_ += bytes;
    if (self->output_sent_ >= self->output_.front().size()) {
      self->output_.pop_front();
      self->output_sent_ = 0;
    }
    self->send_next();
  });
}

void Connection::end_exchange() {
  report(true);
  release_body();
  if (exchange_.keep)
    await_head();
  else
    close_politely();
}

void Connection::report(bool complete) {
  if (std::exchange(exchange_.reported, true) || !state_->hooks.after_answer) return;
  Answered answered;
  if (exchange_.request) answered.method = exchange_.request->method;
  if (exchange_.route != nullptr) {
    answered.route = exchange_.route->path;
    answered.operation = exchange_.route->operation;
  }
  answered.refusal = exchange_.refusal;
  answered.status = exchange_.status;
  answered.seconds = std::chrono::duration<double>(Clock::now() - exchange_.begun).count();
  answered.bytes_in = exchange_.bytes_in;
  answered.bytes_out = exchange_.bytes_out;
  answered.complete = complete;
  answered.id = exchange_.id;
  answered.peer = peer_;
  answered.secure = wire_.is_secure();
  state_->hooks.after_answer(answered);
}

}  // namespace vultus::server
