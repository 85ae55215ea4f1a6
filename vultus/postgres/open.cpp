// From a URL to a connection that can be trusted: one host after another, each within its share of the deadline.
#include <vultus/postgres/connection.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <libpq-fe.h>

#include <vultus/postgres/link.hpp>

namespace vultus::postgres {
namespace {

constexpr int kOldestServer = 140000;
constexpr std::size_t kMaxHosts = 32;

using Words = std::map<std::string, std::string, std::less<>>;  // keyword of libpq -> value

std::vector<std::string> parts_of(std::string_view list) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t comma = list.find(',');
    parts.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    list.remove_prefix(comma + 1);
  }
}

/// What a URL says.
Result<Words> words_of(const std::string& url) {
  // The words of libpq for a wrong URL quote it, and with it the password: they are not passed on.
  const Error wrong = fail(ErrorCode::invalid_argument,
                           "not a URL of PostgreSQL; it looks like postgresql://user:password@host:5432/database");
  if (!is_url(url) || url.find('\0') != std::string::npos) return wrong;
  char* ignored = nullptr;
  PQconninfoOption* options = PQconninfoParse(url.c_str(), &ignored);
  PQfreemem(ignored);
  if (options == nullptr) return wrong;
  Words words;
  for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one)
    if (one->val != nullptr) words.emplace(one->keyword, one->val);
  PQconninfoFree(options);
  return words;
}

struct Host {
  std::string host, address, port;
};

Result<std::vector<Host>> hosts_of(const Words& words) {
  const auto list = [&](const char* key, const char* variable) {
    const auto at = words.find(key);
    if (at != words.end()) return parts_of(at->second);
    const char* set = std::getenv(variable);
    return parts_of(set != nullptr ? set : "");
  };
  const auto names = list("host", "PGHOST");
  const auto addresses = list("hostaddr", "PGHOSTADDR");
  const auto ports = list("port", "PGPORT");
  const std::size_t count = std::max(names.size(), addresses.size());
  if (count > kMaxHosts)
    return fail(ErrorCode::invalid_argument,
                "a URL with " + std::to_string(count) + " hosts, the limit is " + std::to_string(kMaxHosts));
  if (ports.size() != 1 && ports.size() != count)
    return fail(ErrorCode::invalid_argument,
                "a URL with " + std::to_string(count) + " hosts and " + std::to_string(ports.size()) + " ports");
  std::vector<Host> hosts(count);
  for (std::size_t i = 0; i < count; ++i)
    hosts[i] = {i < names.size() ? names[i] : "", i < addresses.size() ? addresses[i] : "",
                ports[ports.size() == 1 ? 0 : i]};
  return hosts;
}

/// host:port as it stands in a URL; a folder with a socket keeps its slashes as %2F.
std::string place_of(const Host& one) {
  std::string text;
  for (const char c : one.host.empty() ? one.address : one.host)
    text += c == '/' ? std::string("%2F") : std::string(1, c);
  return one.port.empty() || one.port == "5432" ? text : text + ":" + one.port;
}

std::string name_of(const Words& words, std::span<const Host> hosts) {
  const auto value = [&](const char* key) {
    const auto at = words.find(key);
    return at == words.end() ? std::string() : at->second;
  };
  std::string name;
  for (const Host& one : hosts) name += (name.empty() ? "" : ",") + place_of(one);
  const std::string user = value("user");
  return "postgresql://" + (user.empty() ? "" : user + "@") + name + "/" + value("dbname");
}

/// A connection to one host, or why there is none.
Result<std::unique_ptr<Link>> connect(const Words& words, const Host& host, const OpenOptions& options,
                                      Clock::time_point until) {
  auto link = std::make_unique<Link>();
  link->deadline = options.deadline;
  link->name = name_of(words, {&host, 1});
  if (const auto at = words.find("password"); at != words.end()) link->password = at->second;
  Words mine = words;
  const auto set = [&mine](const char* key, const std::string& value) {
    if (value.empty())
      mine.erase(key);
    else
      mine[key] = value;
  };
  set("host", host.host);
  set("hostaddr", host.address);
  set("port", host.port);
  mine["client_encoding"] = "UTF8";
  if (options.role == Role::primary) mine["target_session_attrs"] = "read-write";
  mine.emplace("application_name", "vultus");
  std::vector<const char*> keys, values;
  for (const auto& [key, value] : mine) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  link->handle = PQconnectStartParams(keys.data(), values.data(), 0);
  if (link->handle == nullptr) return fail(ErrorCode::resource_limit, link->name + ": out of memory");
  auto state = PQstatus(link->handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
    if (!link->wait(state == PGRES_POLLING_READING ? Link::Wait::read : Link::Wait::write, until))
      return fail(ErrorCode::resource_limit, link->name + ": no answer in time");
    state = PQconnectPoll(link->handle);
  }
  if (const char* used = PQpass(link->handle); used != nullptr && *used != '\0') link->password = used;
  if (state == PGRES_POLLING_OK) return link;
  const std::string why = link->clean(PQerrorMessage(link->handle));
  // libpq gives no SQLSTATE for a connection that failed; only these words of the server's tell.
  const bool missing = why.find("does not exist") != std::string::npos && why.find("database") != std::string::npos;
  return fail(missing ? ErrorCode::not_found : ErrorCode::resource_limit, link->name + ": " + why);
}

Status check_server(Link& link) {
  const int version = PQserverVersion(link.handle);
  if (version < kOldestServer)
    return fail(ErrorCode::unsupported,
                link.name + ": PostgreSQL " + std::to_string(version / 10000) + ", 14 or newer is needed");
  return {};
}

}  // namespace

bool is_url(std::string_view text) { return text.starts_with("postgres://") || text.starts_with("postgresql://"); }

Result<std::string> shown_url(const std::string& url) {
  VULTUS_TRY(const Words words, words_of(url));
  VULTUS_TRY(const auto hosts, hosts_of(words));
  return name_of(words, hosts);
}

Result<Connection> Connection::open(const OpenOptions& options) {
  if (options.deadline.count() < 1 || options.deadline > std::chrono::hours(1))
    return vultus::fail(ErrorCode::invalid_argument, "deadline of " + std::to_string(options.deadline.count()) +
                                                         " ms for PostgreSQL, 1 to 3600000 is allowed");
  VULTUS_TRY(const Words words, words_of(options.url));
  VULTUS_TRY(const auto hosts, hosts_of(words));
  const auto until = Clock::now() + options.deadline;
  std::optional<Error> first;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto share = (until - Clock::now()) / static_cast<std::int64_t>(hosts.size() - i);
    auto link = connect(words, hosts[i], options, Clock::now() + share);
    if (!link) {
      if (!first)
        first = link.error();
      else
        first->message += "; " + link.error().message;
      continue;
    }
    std::unique_ptr<Link> made = *std::move(link);
    VULTUS_CHECK(check_server(*made));
    PQsetNoticeProcessor(
        made->handle, [](void*, const char*) {}, nullptr);  // the library never prints
    PQsetnonblocking(made->handle, 1);
    Connection connection(std::move(made));
    // The server gives up as well, and says so, before the connection has to be thrown away.
    const auto patience = std::max<std::int64_t>(options.deadline.count() * 9 / 10, 1);
    VULTUS_CHECK(connection.execute("SET statement_timeout=" + std::to_string(patience) +
                                    "; SET lock_timeout=" + std::to_string(patience) +
                                    "; SET standard_conforming_strings=on; SET bytea_output=hex"));
    return connection;
  }
  return *first;
}

}  // namespace vultus::postgres
