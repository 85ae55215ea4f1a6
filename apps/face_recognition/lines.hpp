// What came of one picture, and how both programs pass it on.
#pragma once

#include <cstdio>
#include <string>
#include <thread>

#include <vultus/core/result.hpp>
#include <vultus/engine/dlib_recognizer.hpp>

#include <apps/cli/model_folder.hpp>
#include <apps/face_recognition/arguments.hpp>

namespace vultus::compat {

/// Lines for standard output, or why there are none.
struct Lines {
  std::string text;
  std::string error;
};

/// Writes both and remembers whether anything failed. Thread-compatible.
class Writer {
 public:
  Writer(const char* program, std::FILE* out, std::FILE* err) : program_(program), out_(out), err_(err) {}

  void write(const Lines& lines) {
    if (!lines.error.empty()) tell(lines.error);
    if (lines.text.empty()) return;
    const bool written = std::fwrite(lines.text.data(), 1, lines.text.size(), out_) == lines.text.size();
    if (!written || std::fflush(out_) != 0) failed_ = true;
  }
  /// A message that is a failure.
  void tell(const std::string& message) {
    failed_ = true;
    note(message);
  }
  void note(const std::string& message) { std::fputs((std::string(program_) + ": " + message + "\n").c_str(), err_); }
  [[nodiscard]] int exit_code() const { return failed_ ? 1 : 0; }

 private:
  const char* program_;
  std::FILE* out_;
  std::FILE* err_;
  bool failed_ = false;
};

/// How many threads --cpus asks for.
inline std::size_t workers(int cpus) {
  return cpus > 0 ? static_cast<std::size_t>(cpus) : std::max(1U, std::thread::hardware_concurrency());
}

inline Result<engine::DlibModels> load_models(const PlaceArguments& places, bool tiles) {
  engine::DlibOptions options{.models = places.models, .cache = places.cache};
  options.commercial_only = places.commercial_only;
  options.tiles = tiles;
  if (options.models.empty()) {
    VULTUS_TRY(options.models, cli::find_model_folder());
  }
  return engine::DlibModels::load(options);
}

}  // namespace vultus::compat
