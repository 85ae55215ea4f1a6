// Standard error: messages for people, and a progress bar where there is a terminal.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include <apps/cli/progress.hpp>

namespace vultus::cli {

/// Thread-compatible.
class Console {
 public:
  explicit Console(int descriptor);

  /// Without notes and bars; errors are still shown.
  void set_quiet(bool quiet) { quiet_ = quiet; }

  /// A line that begins with "vultus: ": something failed.
  void error(std::string_view message);
  /// A line for people that --quiet leaves out.
  void note(std::string_view message);

  /// Begins a bar. @param total  0 = not known
  void begin(std::string label, std::size_t total);
  /// Moves the bar; drawn at most ten times a second.
  void advance(std::size_t done);
  /// Writes another label beside the bar.
  void relabel(std::string label, std::size_t total);
  /// Takes the bar away for good.
  void end();
  /// Takes the bar away until it moves the next time.
  void hide();

 private:
  void draw();
  void write_line(std::string_view line);

  int descriptor_;
  bool bars_ = false;  ///< a terminal that can erase a line
  bool unicode_ = false;
  bool quiet_ = false;
  bool running_ = false;
  bool shown_ = false;
  ProgressState state_;
  RateMeter rate_;
  std::chrono::steady_clock::time_point drawn_{};
};

}  // namespace vultus::cli
