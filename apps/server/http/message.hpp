// What a caller asks and what the server answers, without any network in between.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::server {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options, trace };
[[nodiscard]] std::string_view name_of(Method method) noexcept;  ///< "GET", ...
/// @param name  as it stands in a request, upper case
/// @return nothing for a method that no route can have
[[nodiscard]] std::optional<Method> method_of(std::string_view name) noexcept;

/// Header fields in their order; names are compared without regard to case (RFC 9110, 5.1).
class Headers {
 public:
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);                               ///< in place of all of that name
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;  ///< the first of that name
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Principal;  ///< who calls; made and read by the part that knows keys

/// A whole request: head and body have been read, within the limits of the listener.
struct Request {
  Method method = Method::get;
  std::string path;                                        ///< without the query, still percent-encoded, begins with /
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Headers headers;
  std::string body;
  std::string peer;                                              ///< address of the caller, without port
  bool secure = false;                                           ///< came over TLS
  std::string id;                                                ///< in every log line and answer: header X-Request-Id
  std::vector<std::pair<std::string, std::string>> path_values;  ///< filled by the router, decoded
  std::shared_ptr<const Principal> principal;                    ///< set by the hook before the body, else empty
  std::stop_token stop;  ///< asked when the deadline of a graceful stop has passed: long work then gives up

  [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;  ///< the first
  [[nodiscard]] std::string_view path_value(std::string_view name) const;                  ///< empty = no such
};

/// The producer's end of an answer that goes on: server-sent events, a preview. Any thread. No thread of the server
/// waits for it: what is written is kept until the caller's connection takes it, up to a limit.
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  /// @return false: the caller has gone, or takes so little that the limit is reached; nothing more will be sent
  virtual bool write(std::string bytes) = 0;
  /// Bytes that the connection has not taken yet; a producer of pictures skips one where this is not 0.
  [[nodiscard]] virtual std::size_t waiting() const = 0;
  virtual void close() = 0;
  /// Called once when the caller has gone or the server stops.
  virtual void on_closed(std::function<void()> act) = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  /// Set: the body comes from a producer, which is given its end when the head has been sent. It must not block.
  std::function<void(std::shared_ptr<StreamWriter>)> stream;
};

/// Answers with a JSON text.
[[nodiscard]] Response json_response(std::string json, int status = 200);

/// The stable code of a refusal, as callers see it: RFC 9457, problem details.
struct Problem {
  int status = 500;
  std::string code;                ///< stable, for programs: "subject_not_found"
  std::string title;               ///< the same for every problem of this code
  std::string detail;              ///< what is wrong here: the thing, the limit, the value
  std::optional<int> retry_after;  ///< seconds
};
[[nodiscard]] Response problem_response(const Problem& problem, std::string_view request_id);

/// What an expected failure of the library is to a caller: not_found 404, invalid_argument and corrupt_data 400 (422
/// where the request is well-formed and its picture is not), unsupported 415, model_mismatch 409, resource_limit 503,
/// cancelled 503, internal 500 (its message stays in the log).
[[nodiscard]] Problem problem_of(const Error& error);

}  // namespace vultus::server
