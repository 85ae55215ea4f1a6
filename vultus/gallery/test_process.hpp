// Other processes and foreign hands on a gallery file: for the tests of this room.
#pragma once

#include <functional>
#include <string>

#include <sys/types.h>

namespace vultus::gallery::testing {

/// Runs `body` in a process of its own, which must not use what the parent has open.
/// @param body  what it returns is what went wrong; empty = nothing
/// @return what body returned, or how the process ended otherwise
[[nodiscard]] std::string in_another_process(const std::function<std::string()>& body);

/// The same without the rights of root, which no permission stops. The files must be open to other users.
[[nodiscard]] std::string as_ordinary_user(const std::function<std::string()>& body);

/// A process that runs beside the test, and writes lines to it.
class Beside {
 public:
  /// @param body  gets the descriptor to write to, and one that ends when the parent calls go()
  explicit Beside(const std::function<void(int to_parent, int from_parent)>& body);
  Beside(const Beside&) = delete;
  Beside& operator=(const Beside&) = delete;
  ~Beside();

  void go();
  void kill() const;
  /// Waits for a first byte.
  /// @return false if none came within 20 s
  [[nodiscard]] bool wait_for_output() const;
  /// All that it wrote until its end.
  [[nodiscard]] std::string output();

 private:
  pid_t id_ = -1;
  int from_child_ = -1;
  int to_child_ = -1;
};

/// Runs SQL on a file as another program would.
/// @return the error message; empty = done
std::string run_sql(const std::string& path, const std::string& sql);

}  // namespace vultus::gallery::testing
