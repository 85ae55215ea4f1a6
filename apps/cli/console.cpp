#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include <apps/cli/console.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr const char* kEraseLine = "\r\x1b[K";

int columns_of_terminal(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool speaks_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      return std::strstr(value, "UTF-8") != nullptr || std::strstr(value, "utf8") != nullptr;
  return false;
}

/// Messages that cannot be written are lost: there is nowhere left to say so.
void put(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Console::Console(int descriptor) : descriptor_(descriptor), unicode_(speaks_unicode()) {
  const char* term = std::getenv("TERM");
  bars_ = ::isatty(descriptor) == 1 && term != nullptr && std::strcmp(term, "dumb") != 0;
}

void Console::write_line(std::string_view line) {
  hide();
  put(descriptor_, printable_lines(line) + "\n");
}

void Console::error(std::string_view message) { write_line("vultus: " + std::string(message)); }

void Console::note(std::string_view message) {
  if (!quiet_) write_line(message);
}

void Console::begin(std::string label, std::size_t total) {
  state_ = {.label = std::move(label), .done = 0, .total = total, .per_second = std::nullopt};
  rate_ = {};
  rate_.count(0, std::chrono::steady_clock::now());
  running_ = bars_ && !quiet_;
  draw();
}

void Console::relabel(std::string label, std::size_t total) {
  if (label == state_.label && total == state_.total) return;
  begin(std::move(label), total);
}

void Console::advance(std::size_t done) {
  state_.done = done;
  const auto now = std::chrono::steady_clock::now();
  if (!running_ || (shown_ && now - drawn_ < kRedraw)) return;
  rate_.count(done, now);
  state_.per_second = rate_.per_second();
  draw();
}

void Console::draw() {
  if (!running_) return;
  // The last column stays empty: a full line would wrap and could not be erased.
  const std::string line = progress_text(state_, columns_of_terminal(descriptor_) - 1, unicode_);
  put(descriptor_, kEraseLine + line);
  drawn_ = std::chrono::steady_clock::now();
  shown_ = true;
}

void Console::hide() {
  if (shown_) put(descriptor_, kEraseLine);
  shown_ = false;
}

void Console::end() {
  hide();
  running_ = false;
}

}  // namespace vultus::cli
