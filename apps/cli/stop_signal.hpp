// Ctrl-C and SIGTERM as a stop_token: what is under way is finished, the second signal ends at once.
#pragma once

#include <memory>
#include <stop_token>

namespace vultus::cli {

/// Listens for SIGINT and SIGTERM as long as it lives; also keeps SIGPIPE and SIGXFSZ from ending the process, so that
/// a write into a closed pipe or beyond a limit of file sizes becomes an error. One at a time in a process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  [[nodiscard]] std::stop_token token() const;
  /// The signal that arrived first; 0 = none.
  [[nodiscard]] int received() const;

 private:
  struct Listener;
  std::unique_ptr<Listener> listener_;
};

}  // namespace vultus::cli
