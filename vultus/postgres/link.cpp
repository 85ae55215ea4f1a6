#include <vultus/postgres/link.hpp>

#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>

namespace vultus::postgres {

Link::~Link() { PQfinish(handle); }

bool Link::wait(Wait what, Clock::time_point until) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() < 0) return false;
    pollfd one{.fd = PQsocket(handle), .events = what == Wait::read ? short{POLLIN} : short{POLLOUT}, .revents = 0};
    const int ready = poll(&one, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

Status Link::flush(Clock::time_point until) {
  for (;;) {
    const int left = PQflush(handle);
    if (left == 0) return {};
    if (left < 0) return lose(PQerrorMessage(handle));
    // The server may be unable to take more before its own words are read.
    pollfd both{.fd = PQsocket(handle), .events = POLLIN | POLLOUT, .revents = 0};
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    if (time <= 0) return lose("no answer within the deadline of " + std::to_string(deadline.count()) + " ms");
    if (poll(&both, 1, static_cast<int>(time)) > 0 && (both.revents & POLLIN) != 0 && PQconsumeInput(handle) == 0)
      return lose(PQerrorMessage(handle));
  }
}

Result<PGresult*> Link::next(Clock::time_point until) {
  while (PQisBusy(handle) != 0) {
    if (!wait(Wait::read, until))
      return lose("no answer within the deadline of " + std::to_string(deadline.count()) + " ms");
    if (PQconsumeInput(handle) == 0) return lose(PQerrorMessage(handle));
  }
  return PQgetResult(handle);
}

Result<PGresult*> Link::finish(Clock::time_point until) {
  PGresult* kept = nullptr;
  for (;;) {
    const auto one = next(until);
    if (!one) {
      PQclear(kept);
      return one.error();
    }
    if (*one == nullptr) break;
    const bool failed = kept != nullptr && PQresultStatus(kept) == PGRES_FATAL_ERROR;
    PQclear(failed ? *one : std::exchange(kept, *one));
    const auto status = PQresultStatus(kept);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) break;  // it goes on
  }
  if (kept == nullptr) return lose("no answer");
  if (PQstatus(handle) == CONNECTION_BAD) {
    broken = true;
    Error lost = error(kept);
    PQclear(kept);
    return lost;
  }
  if (PQresultStatus(kept) == PGRES_FATAL_ERROR || PQresultStatus(kept) == PGRES_BAD_RESPONSE) {
    Error failure = error(kept);
    PQclear(kept);
    return failure;
  }
  return kept;
}

Error Link::lose(std::string_view why) {
  broken = true;
  return fail(ErrorCode::resource_limit, name + ": connection lost: " + clean(why));
}

Error Link::error(const PGresult* result) const {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  // Only the first line: the detail may quote rows, and rows may be personal.
  if (state == nullptr || words == nullptr)
    return fail(ErrorCode::resource_limit, name + ": connection lost: " + clean(PQresultErrorMessage(result)));
  const std::string about = clean(words) + " (SQLSTATE " + state + ")";
  return fail(code_of(state), name + ": " + about);
}

std::string Link::clean(std::string_view text) const {
  std::string line;
  for (const char c : text) line += c == '\n' || c == '\t' ? ' ' : c;
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (password.empty()) return line;
  for (std::size_t at = line.find(password); at != std::string::npos; at = line.find(password, at + 3))
    line.replace(at, password.size(), "***");
  return line;
}

ErrorCode code_of(std::string_view sql_state) {
  // Whole states first, then classes. @source appendix A of PostgreSQL's manual
  static constexpr std::array<std::pair<std::string_view, ErrorCode>, 22> kCodes{{
      {"3D000", ErrorCode::not_found},       // no such database
      {"42501", ErrorCode::resource_limit},  // no permission
      {"25006", ErrorCode::resource_limit},  // a standby, or a read-only session
      {"XX001", ErrorCode::corrupt_data},    // damaged page
      {"XX002", ErrorCode::corrupt_data},    // damaged index
      {"58P01", ErrorCode::corrupt_data},    // a file of the server is missing
      {"42704", ErrorCode::unsupported},     // no such type: pgvector is missing
      {"0A", ErrorCode::unsupported},        // not supported
      {"08", ErrorCode::resource_limit},     // connection
      {"22", ErrorCode::invalid_argument},   // data
      {"23", ErrorCode::invalid_argument},   // constraint
      {"25", ErrorCode::internal},           // state of the transaction
      {"26", ErrorCode::internal},           // no such prepared statement
      {"28", ErrorCode::resource_limit},     // who are you
      {"34", ErrorCode::internal},           // cursor
      {"40", ErrorCode::resource_limit},     // rolled back: conflict, deadlock
      {"42", ErrorCode::internal},           // wrong SQL
      {"53", ErrorCode::resource_limit},     // disk, memory, connections
      {"54", ErrorCode::resource_limit},     // limits
      {"55", ErrorCode::resource_limit},     // not now: lock
      {"57", ErrorCode::resource_limit},     // cancelled, shutting down
      {"58", ErrorCode::resource_limit},     // the server's system
  }};
  for (const auto& [state, code] : kCodes)
    if (sql_state.starts_with(state)) return code;
  return ErrorCode::internal;
}

}  // namespace vultus::postgres
