// Standard output: the data of a command. A full disk or a closed pipe is an error that ends the command, not a loss.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>

namespace vultus::cli {

/// Collects and writes to a file descriptor. Thread-compatible.
class Output {
 public:
  /// @param descriptor  open for writing; not closed here
  explicit Output(int descriptor);

  /// Called before bytes reach a terminal, for example to take a progress bar away.
  void before_showing(std::function<void()> hook) { hook_ = std::move(hook); }

  /// @error resource_limit  the bytes could not be written: the message says why
  /// @error cancelled       the reader has closed the pipe: see reader_gone()
  Status write(std::string_view bytes);
  /// Hands over what was collected.
  /// @error as write()
  Status flush();

  [[nodiscard]] bool terminal() const { return terminal_; }
  /// Colours are wanted: a terminal, and neither NO_COLOR nor TERM=dumb is set.
  [[nodiscard]] bool colour() const { return colour_; }
  [[nodiscard]] bool reader_gone() const { return reader_gone_; }

 private:
  int descriptor_;
  bool terminal_ = false;
  bool colour_ = false;
  bool reader_gone_ = false;
  std::string waiting_;
  std::function<void()> hook_;
};

/// Whether a descriptor is a terminal that wants colours.
[[nodiscard]] bool wants_colour(int descriptor);

}  // namespace vultus::cli
