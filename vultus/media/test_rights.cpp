// Gives up its rights as vultus-decode does, then tries what a hostile picture would like to do. Its exit code is the
// number of the first thing that it could do, or 0.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <new>
#include <thread>
#include <vector>

#include <vultus/media/decode_rights.hpp>

namespace {

constexpr std::size_t kMemory = std::size_t{512} << 20U;

bool can_open() { return ::open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0; }
bool can_connect() { return ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0; }
bool can_run_program() {
  std::array<char*, 1> none{nullptr};
  return ::execve("/bin/true", none.data(), none.data()) == 0;
}
bool can_fork() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0;
}
bool can_run_memory() {
  return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
bool can_kill_others() { return ::kill(::getppid(), 0) == 0; }
bool can_trace() { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }
bool can_take_memory() {
  try {
    std::vector<char> much(kMemory + 1, 'x');
    return much.back() == 'x';
  } catch (const std::bad_alloc&) {
    return false;
  }
}
bool cannot_have_threads() {
  bool ran = false;
  std::jthread([&] { ran = true; }).join();
  return !ran;
}

}  // namespace

int main() {
  if (!vultus::media::give_up_rights(kMemory)) return 100;
  constexpr std::array kTries{can_open,        can_connect, can_run_program, can_fork,           can_run_memory,
                              can_kill_others, can_trace,   can_take_memory, cannot_have_threads};
  for (std::size_t i = 0; i < kTries.size(); ++i)
    if (kTries[i]()) return static_cast<int>(i) + 1;
  return 0;
}
