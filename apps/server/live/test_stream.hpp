// For tests: a camera that speaks HTTP, with whatever bytes a test wants to send.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace vultus::server::testing {

/// Answers each connection with `head`, then with what `piece(i)` gives until it gives nothing; 40 ms between pieces.
class TestStream {
 public:
  TestStream(std::string head, std::function<std::string(int)> piece);
  ~TestStream();
  TestStream(const TestStream&) = delete;
  TestStream& operator=(const TestStream&) = delete;
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] int connections() const;
  [[nodiscard]] std::string last_request() const;  ///< its head

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace vultus::server::testing
