#include <vultus/runtime/child_process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <thread>

namespace vultus::runtime {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kKeptOutput = 16U << 10U;
constexpr milliseconds kPoll{50};
constexpr milliseconds kTick{200};
constexpr milliseconds kGrace{2000};  // between the polite signal and the other one

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

/// What posix_spawn is told, freed at the end of its block.
struct SpawnPlan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

/// @return 0, or the error number
int spawn(const ChildCommand& command, int output, pid_t& child) {
  SpawnPlan plan;
  int failed = posix_spawn_file_actions_addopen(&plan.files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (failed == 0) failed = posix_spawn_file_actions_adddup2(&plan.files, output, STDOUT_FILENO);
  if (failed == 0) failed = posix_spawn_file_actions_adddup2(&plan.files, output, STDERR_FILENO);
  if (failed == 0 && !command.folder.empty())
    failed = posix_spawn_file_actions_addchdir_np(&plan.files, command.folder.c_str());
  // A process group of its own: what the program starts can be ended with it.
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGPIPE, SIGHUP, SIGCHLD}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &usual);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const std::string& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  if (failed != 0) return failed;
  return posix_spawn(&child, arguments[0], &plan.files, &plan.attributes, arguments.data(), environ);
}

/// Reads what is there now. @return false at the end of the output
bool read_some(int from, std::string& kept) {
  std::array<char, 4096> block{};
  const ssize_t got = ::read(from, block.data(), block.size());
  if (got == 0) return false;
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  kept.append(block.data(), static_cast<std::size_t>(got));
  if (kept.size() > 2 * kKeptOutput) kept.erase(0, kept.size() - kKeptOutput);
  return true;
}

/// @return the exit code once the child has ended; nothing while it runs
Result<std::optional<int>> ended(pid_t child) {
  int status = 0;
  const pid_t got = waitpid(child, &status, WNOHANG);
  if (got == 0 || (got < 0 && errno == EINTR)) return std::optional<int>();
  if (got < 0)
    return fail(ErrorCode::internal, std::string("the exit code of a program is lost: ") + std::strerror(errno));
  return std::optional<int>(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

/// Ends the whole process group and waits for the program itself.
void end_group(pid_t child) {
  kill(-child, SIGTERM);
  const auto deadline = steady_clock::now() + kGrace;
  bool gone = false;
  while (!gone && steady_clock::now() < deadline) {
    const auto code = ended(child);
    gone = !code || code->has_value();
    if (!gone) std::this_thread::sleep_for(kPoll);
  }
  kill(-child, SIGKILL);
  if (!gone) waitpid(child, nullptr, 0);
}

}  // namespace

Result<ChildEnd> run_child(const ChildCommand& command) {
  const std::string& program = command.arguments.at(0);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0)
    return fail(ErrorCode::resource_limit, program + ": no pipe: " + std::strerror(errno));
  Descriptor from(ends[0]), into(ends[1]);
  fcntl(from.number(), F_SETFL, O_NONBLOCK);
  pid_t child = 0;
  if (const int failed = spawn(command, into.number(), child); failed != 0)
    return fail(
        failed == ENOENT || failed == EACCES || failed == ENOEXEC ? ErrorCode::not_found : ErrorCode::resource_limit,
        program + ": cannot be run: " + std::strerror(failed));
  into.close();
  ChildEnd end;
  auto next_tick = steady_clock::now() + kTick;
  while (true) {
    if (command.stop.stop_requested()) {
      end_group(child);
      return fail(ErrorCode::cancelled, program + ": stopped");
    }
    // Checked before reading: what was written before the end is then read to its last byte.
    const auto code = ended(child);
    if (!code) return code.error();
    pollfd watched{from.number(), POLLIN, 0};  // a negative number is ignored: then this only waits
    while (poll(&watched, 1, code->has_value() ? 0 : static_cast<int>(kPoll.count())) > 0)
      if (!read_some(from.number(), end.output)) {
        from.close();
        watched.fd = -1;
      } else if (!code->has_value()) {
        break;
      }
    if (code->has_value()) {
      end.exit_code = **code;
      if (end.output.size() > kKeptOutput) end.output.erase(0, end.output.size() - kKeptOutput);
      return end;
    }
    if (command.tick && steady_clock::now() >= next_tick) {
      command.tick();
      next_tick = steady_clock::now() + kTick;
    }
  }
}

}  // namespace vultus::runtime
