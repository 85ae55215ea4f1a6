// A caller made of a blocking socket, for tests: sends any bytes, reads what comes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <apps/server/http/listener.hpp>

namespace vultus::server {

/// An answer as it came.
struct TestAnswer {
  int status = 0;  ///< 0: the connection ended before a whole answer
  Headers headers;
  std::string body;  ///< without the framing of chunks
  bool whole = false;
};

/// Thread-compatible. Nothing waits longer than `kPatience`, which no test should come near.
class TestClient {
 public:
  static constexpr std::chrono::seconds kPatience{20};

  explicit TestClient(std::uint16_t port, int receive_buffer = 0);
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;
  ~TestClient();

  bool send(std::string_view bytes) const;  ///< false: the connection is broken
  void shut_down_sending() const;
  TestAnswer read_answer(bool head_request = false);
  std::string read_line();  ///< without its end; empty at the end of the connection, too
  bool is_closed() const;   ///< waits for the end of the connection; what still comes is thrown away
  std::string read_some();  ///< empty: the end
  TestAnswer ask(std::string_view bytes) { return send(bytes) ? read_answer() : TestAnswer{}; }

 private:
  bool fill();
  int socket_ = -1;
  std::string input_;
};

[[nodiscard]] std::string get_text(std::string_view path, std::string_view fields = {});
[[nodiscard]] std::string post_text(std::string_view path, std::string_view body, std::string_view fields = {});

/// A listener with the routes that tests need:
///   GET /hello, POST /echo, POST /small (10 bytes), GET /events (a stream kept in `streams`), GET /wait (until
///   `open_gate`), GET /throw, GET /big (32 MiB), GET /page
class TestServer {
 public:
  explicit TestServer(ListenerOptions options = {}, ListenerHooks hooks = {});
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer();

  [[nodiscard]] std::uint16_t port() const { return listener_->port(); }
  [[nodiscard]] Listener& listener() { return *listener_; }
  void open_gate();
  void await_waiting(std::size_t requests);      ///< until so many are inside /wait
  std::shared_ptr<StreamWriter> await_stream();  ///< the next one that a caller has opened

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace vultus::server
