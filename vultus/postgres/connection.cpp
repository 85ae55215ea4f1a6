#include <vultus/postgres/connection.hpp>

#include <utility>

#include <libpq-fe.h>

#include <vultus/postgres/link.hpp>

namespace vultus::postgres {
namespace {

constexpr std::size_t kMaxPrepared = 200;

/// Ready for a call, or why not.
Status ready(const Link& link) {
  if (link.broken) return fail(ErrorCode::resource_limit, link.name + ": the connection was lost before");
  return {};
}

Status sent(Link& link, int done) {
  if (done != 0) return {};
  return link.lose(PQerrorMessage(link.handle));
}

/// The name of the prepared statement for a text; prepares it at the first call.
Result<std::string> prepare(Link& link, std::string_view sql, const Parameters::View& view) {
  // The types are part of the statement: NULL has none, and the server then finds it out by itself.
  std::string key(sql);
  for (const unsigned int type : view.types) key += "," + std::to_string(type);
  if (const auto known = link.prepared.find(key); known != link.prepared.end()) return known->second;
  if (link.prepared.size() >= kMaxPrepared) {
    VULTUS_CHECK(sent(link, PQsendQuery(link.handle, "DEALLOCATE ALL")));
    const auto until = link.until();
    VULTUS_CHECK(link.flush(until));
    VULTUS_TRY(PGresult * done, link.finish(until));
    PQclear(done);
    link.prepared.clear();
  }
  std::string name = "v" + std::to_string(link.prepared.size());
  VULTUS_CHECK(sent(link, PQsendPrepare(link.handle, name.c_str(), std::string(sql).c_str(),
                                        static_cast<int>(view.types.size()), view.types.data())));
  const auto until = link.until();
  VULTUS_CHECK(link.flush(until));
  VULTUS_TRY(PGresult * done, link.finish(until));
  PQclear(done);
  link.prepared.emplace(std::move(key), name);
  return name;
}

Status send(Link& link, std::string_view sql, const Parameters& parameters) {
  VULTUS_CHECK(ready(link));
  const Parameters::View view = parameters.view();
  VULTUS_TRY(const std::string name, prepare(link, sql, view));
  return sent(link, PQsendQueryPrepared(link.handle, name.c_str(), static_cast<int>(parameters.size()),
                                        view.values.data(), view.lengths.data(), view.formats.data(), kBinaryFormat));
}

}  // namespace

Connection::Connection(std::unique_ptr<Link> link) : link_(std::move(link)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Answer> Connection::run(std::string_view sql, const Parameters& parameters) {
  VULTUS_CHECK(send(*link_, sql, parameters));
  const auto until = link_->until();
  VULTUS_CHECK(link_->flush(until));
  VULTUS_TRY(PGresult * result, link_->finish(until));
  return Answer(result);
}

Status Connection::execute(const std::string& sql) {
  VULTUS_CHECK(ready(*link_));
  VULTUS_CHECK(sent(*link_, PQsendQuery(link_->handle, sql.c_str())));
  const auto until = link_->until();
  VULTUS_CHECK(link_->flush(until));
  VULTUS_TRY(PGresult * result, link_->finish(until));
  PQclear(result);
  return {};
}

Result<std::int64_t> Connection::integer(std::string_view sql, const Parameters& parameters) {
  VULTUS_TRY(const Answer answer, run(sql, parameters));
  if (answer.empty()) return fail(ErrorCode::internal, "a statement that answers a number answered nothing");
  return answer.integer(0, 0);
}

Status Connection::begin_copy(const std::string& sql) { return execute(sql); }

Status Connection::copy(std::string_view bytes) {
  VULTUS_CHECK(ready(*link_));
  const auto until = link_->until();
  constexpr std::size_t kPiece = 1 << 20;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPiece);
    const int taken = PQputCopyData(link_->handle, piece.data(), static_cast<int>(piece.size()));
    if (taken < 0) return link_->lose(PQerrorMessage(link_->handle));
    VULTUS_CHECK(link_->flush(until));
    if (taken > 0) bytes.remove_prefix(piece.size());
  }
  return {};
}

Result<std::int64_t> Connection::end_copy() {
  VULTUS_CHECK(ready(*link_));
  const auto until = link_->until();
  for (;;) {
    const int taken = PQputCopyEnd(link_->handle, nullptr);
    if (taken < 0) return link_->lose(PQerrorMessage(link_->handle));
    VULTUS_CHECK(link_->flush(until));
    if (taken > 0) break;
  }
  VULTUS_TRY(PGresult * result, link_->finish(until));
  return Answer(result).changed();
}

Result<std::vector<Notice>> Connection::notices(std::chrono::milliseconds wait) {
  VULTUS_CHECK(ready(*link_));
  const auto until = Clock::now() + wait;
  std::vector<Notice> all;
  for (;;) {
    if (PQconsumeInput(link_->handle) == 0) return link_->lose(PQerrorMessage(link_->handle));
    while (PGnotify* one = PQnotifies(link_->handle)) {
      all.push_back({one->relname, one->extra});
      PQfreemem(one);
    }
    if (!all.empty() || !link_->wait(Link::Wait::read, until)) return all;
  }
}

bool Connection::is_broken() const { return link_->broken || PQstatus(link_->handle) == CONNECTION_BAD; }
const std::string& Connection::name() const { return link_->name; }
int Connection::server_version() const { return PQserverVersion(link_->handle); }
int Connection::process() const { return PQbackendPID(link_->handle); }

Error Connection::fail(ErrorCode code, std::string_view message) const {
  return vultus::fail(code, link_->name + ": " + std::string(message));
}

std::string Connection::quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

Result<Transaction> Transaction::begin(Connection& connection, Kind kind) {
  VULTUS_CHECK(connection.execute(kind == Kind::read ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                                     : "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"));
  return Transaction(&connection);
}

Transaction::~Transaction() {
  // What fails here has no one to be told: the server rolls back when the connection ends.
  if (connection_ != nullptr && !connection_->is_broken()) (void)connection_->execute("ROLLBACK").has_value();
}

Status Transaction::commit() {
  Connection* connection = std::exchange(connection_, nullptr);
  VULTUS_TRY(const Answer answer, connection->run("COMMIT"));
  // Where a statement had failed before, the server answers a commit with ROLLBACK, and calls that a success.
  if (answer.command() == "COMMIT") return {};
  return connection->fail(ErrorCode::internal, "nothing was committed: a statement of the transaction had failed");
}

}  // namespace vultus::postgres
