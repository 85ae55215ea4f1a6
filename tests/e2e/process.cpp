#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <tests/e2e/process.hpp>

namespace vultus::e2e {
namespace {

constexpr int kCannotRun = 127;

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() { [[maybe_unused]] const int made = ::pipe2(ends.data(), O_CLOEXEC); }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

/// Root may read and write everything; without these two rights it is held to permissions like everyone.
bool drop_privileges() {
  return ::geteuid() != 0 || (::prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0 &&
                              ::prctl(PR_CAPBSET_DROP, CAP_DAC_READ_SEARCH, 0, 0, 0) == 0);
}

[[noreturn]] void become(const Call& call, const Pipe& in, const Pipe& out, const Pipe& err) {
  ::dup2(in.ends[0], STDIN_FILENO);
  ::dup2(err.ends[1], STDERR_FILENO);
  int data = out.ends[1];
  if (!call.output_to.empty()) data = ::open(call.output_to.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(data, STDOUT_FILENO);
  if (!call.folder.empty() && ::chdir(call.folder.c_str()) != 0) ::_exit(kCannotRun);
  for (const auto& [name, value] : call.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (call.file_limit) {
    const rlimit limit{static_cast<rlim_t>(*call.file_limit), static_cast<rlim_t>(*call.file_limit)};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  if (call.without_privileges && !drop_privileges()) ::_exit(kCannotRun);
  std::vector<char*> arguments;
  for (const std::string& a : call.arguments) arguments.push_back(const_cast<char*>(a.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(kCannotRun);
}

/// Takes what has arrived. @return false at the end
bool take(int descriptor, std::string& into) {
  std::array<char, 65536> block{};
  const ssize_t got = ::read(descriptor, block.data(), block.size());
  if (got > 0) into.append(block.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

/// Feeds and drains until both outputs are closed or time is up.
bool converse(const Call& call, pid_t child, Pipe& in, Pipe& out, Pipe& err, Answer& answer) {
  const auto end = std::chrono::steady_clock::now() + call.timeout;
  std::size_t fed = 0;
  ::fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    if (std::chrono::steady_clock::now() > end) return false;
    if (fed == call.input.size()) in.close_end(1);
    std::array<pollfd, 3> wait{{{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}}};
    ::poll(wait.data(), wait.size(), 200);
    if (in.ends[1] >= 0 && wait[2].revents != 0) {
      const ssize_t gone = ::write(in.ends[1], call.input.data() + fed, call.input.size() - fed);
      fed = gone > 0 ? fed + static_cast<std::size_t>(gone) : call.input.size();
    }
    if (out.ends[0] >= 0 && wait[0].revents != 0) {
      if (!take(out.ends[0], answer.out)) out.close_end(0);
      if (call.watch) call.watch(child, answer.out);
    }
    if (err.ends[0] >= 0 && wait[1].revents != 0 && !take(err.ends[0], answer.err)) err.close_end(0);
  }
  return true;
}

}  // namespace

Answer run(const Call& call) {
  ::signal(SIGPIPE, SIG_IGN);
  Answer answer;
  Pipe in;
  Pipe out;
  Pipe err;
  const pid_t child = ::fork();
  if (child < 0) return answer;
  if (child == 0) {
    ::signal(SIGPIPE, SIG_DFL);
    if (call.close_output) ::close(out.ends[0]);
    become(call, in, out, err);
  }
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  if (call.close_output) out.close_end(0);
  const bool ended = converse(call, child, in, out, err, answer);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!ended)
    answer.err += "\n(took longer than the test allows)";
  else
    answer.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return answer;
}

bool can_drop_privileges() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(drop_privileges() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace vultus::e2e
