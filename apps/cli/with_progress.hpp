// A bar on the terminal while something long runs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <apps/cli/context.hpp>

namespace vultus::cli {

/// What a run tells its progress to.
class Progress {
 public:
  Progress(Console& console, std::string name) : console_(&console), name_(std::move(name)) {}

  /// How many are done of how many; 0 = not known.
  void operator()(std::size_t done, std::size_t total) const { (*this)(name_, done, total); }
  /// The same of one of several stages.
  void operator()(std::string_view stage, std::size_t done, std::size_t total) const {
    console_->relabel(std::string(stage), total);
    console_->advance(done);
  }

 private:
  Console* console_;
  std::string name_;
};

/// What `run(progress)` gives; the bar goes however the run ends.
/// @param name  beside the bar
template <class Run>
auto with_progress(Context& context, const std::string& name, Run run) {
  struct Bar {
    Console& console;
    ~Bar() { console.end(); }
  };
  context.console.begin(name, 0);
  const Bar bar{context.console};
  return run(Progress(context.console, name));
}

}  // namespace vultus::cli
