#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include <apps/cli/kept_input.hpp>

namespace vultus::cli {
namespace {

constexpr std::size_t kPiece = std::size_t{256} * 1024;

Error input_failure() {
  return fail(ErrorCode::resource_limit, std::string("standard input: cannot be kept: ") + std::strerror(errno));
}

/// Copies from one descriptor to another until the end or the limit.
Status copy_bytes(int from, int to, std::size_t limit) {
  std::vector<char> piece(std::min(kPiece, limit));
  while (limit > 0) {
    const ssize_t count = ::read(from, piece.data(), std::min(piece.size(), limit));
    if (count == 0) return {};
    if (count < 0) {
      if (errno == EINTR) continue;
      return input_failure();
    }
    // A file in memory takes a piece whole, or there is no memory.
    if (::write(to, piece.data(), static_cast<std::size_t>(count)) != count) return input_failure();
    limit -= static_cast<std::size_t>(count);
  }
  return {};
}

}  // namespace

Result<KeptInput> KeptInput::keep(std::size_t max_bytes) {
  if (const off_t at = ::lseek(STDIN_FILENO, 0, SEEK_CUR); at >= 0) return KeptInput(at);
  // A terminal or a closed input is told by who reads it.
  if (errno != ESPIPE || ::isatty(STDIN_FILENO) == 1) return KeptInput(0);
  const int memory = ::memfd_create("vultus-input", MFD_CLOEXEC);
  if (memory < 0) return input_failure();
  const Status copied = copy_bytes(STDIN_FILENO, memory, max_bytes + 1);
  const bool placed = copied && ::lseek(memory, 0, SEEK_SET) == 0 && ::dup2(memory, STDIN_FILENO) == STDIN_FILENO;
  const Status failed = copied ? Status(input_failure()) : copied;
  ::close(memory);
  if (!placed) return failed.error();
  return KeptInput(0);
}

Status KeptInput::again() {
  if (::lseek(STDIN_FILENO, start_, SEEK_SET) == start_) return {};
  return input_failure();
}

}  // namespace vultus::cli
