#include <vultus/media/isolated_process.hpp>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <vultus/media/decode_messages.hpp>
#include <vultus/media/system_error.hpp>

namespace vultus::media {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kLeastMemory = std::size_t{256} << 20U;
// How long a process that has closed its socket may take to end: the system closes sockets before it tells of an end.
constexpr milliseconds kGrace{500};

/// The same file under a number above those that the process is given, so that none is overwritten before it is passed.
int moved_up(int file) {
  if (file < 0) return -1;
  constexpr int kAbove = 16;
  const int moved = ::fcntl(file, F_DUPFD_CLOEXEC, kAbove);
  ::close(file);
  return moved;
}

}  // namespace

bool write_at_start(int file, std::span<const std::uint8_t> bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t wrote = ::pwrite(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return true;
}

bool read_from_start(int file, std::span<std::uint8_t> into) {
  for (std::size_t done = 0; done < into.size();) {
    const ssize_t got = ::pread(file, into.data() + done, into.size() - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    done += static_cast<std::size_t>(got);
  }
  return true;
}

Error no_sense(const std::string& what) { return {ErrorCode::internal, "the decoding process answered " + what}; }

Status IsolatedProcess::start(const char* task, int input) {
  end();
  input_ = moved_up(input);
  const auto refuse = [](const char* what, int reason) { return system_failure("decoding process", what, reason); };
  if (isolation_.patience < milliseconds(1) || isolation_.patience > std::chrono::minutes(10))
    return fail(ErrorCode::invalid_argument,
                "Isolation: patience = " + std::to_string(isolation_.patience.count()) + " ms, must be 1 ms to 10 min");
  if (isolation_.memory < kLeastMemory)
    return fail(ErrorCode::invalid_argument, "Isolation: memory = " + std::to_string(isolation_.memory) +
                                                 " bytes, must be at least " + std::to_string(kLeastMemory));
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return refuse("no socket", errno);
  socket_ = moved_up(ends[0]);
  const int theirs = moved_up(ends[1]);
  if (input_ < 0) input_ = moved_up(::memfd_create("vultus-encoded", MFD_CLOEXEC));
  output_ = moved_up(::memfd_create("vultus-pixels", MFD_CLOEXEC));
  if (socket_ < 0 || theirs < 0 || input_ < 0 || output_ < 0) {
    const int reason = errno;
    if (theirs >= 0) ::close(theirs);
    end();
    return refuse("no file in memory", reason);
  }

  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, theirs, kDecodeSocket);
  posix_spawn_file_actions_adddup2(&files, input_, kDecodeInput);
  posix_spawn_file_actions_adddup2(&files, output_, kDecodeOutput);
  posix_spawn_file_actions_addclosefrom_np(&files, kDecodeOutput + 1);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none{}, all{};
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const std::string program = isolation_.program.string();
  std::string name = "vultus-decode", memory = std::to_string(isolation_.memory), what = task;
  const std::array<char*, 4> arguments{name.data(), memory.data(), what.data(), nullptr};
  const std::array<char*, 1> environment{nullptr};
  const int refused =
      ::posix_spawn(&process_, program.c_str(), &files, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  ::close(theirs);
  if (refused == 0) return {};
  process_ = -1;
  end();
  return system_failure(program, "cannot start", refused);
}

void IsolatedProcess::end() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  process_ = -1;
  for (int* file : {&socket_, &input_, &output_}) {
    if (*file >= 0) ::close(*file);
    *file = -1;
  }
}

/// It closed its socket: what did it die of? A decoder that was taken over may close it and live on.
Error IsolatedProcess::ended_by_itself() {
  int status = 0;
  pid_t ended = 0;
  bool killed = false;
  for (const auto deadline = steady_clock::now() + kGrace;;) {
    ended = ::waitpid(process_, &status, killed ? 0 : WNOHANG);
    if (ended > 0 || (ended < 0 && errno != EINTR)) break;
    if (ended == 0 && steady_clock::now() < deadline) {
      std::this_thread::sleep_for(milliseconds(2));
    } else if (!killed) {
      ::kill(process_, SIGKILL);
      killed = true;
    }
  }
  process_ = -1;
  end();
  if (ended < 0) return {ErrorCode::internal, "the decoding process ended"};  // somebody else asked how
  // One that was ending already keeps the reason of its own.
  if (killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return {ErrorCode::internal, "the decoding process neither answers nor ends"};
  if (WIFSIGNALED(status))
    return {ErrorCode::corrupt_data,
            "the decoder did not survive it (signal " + std::to_string(WTERMSIG(status)) + ")"};
  return {ErrorCode::internal, "the decoding process ended with code " + std::to_string(WEXITSTATUS(status))};
}

Status IsolatedProcess::ask(std::span<const std::uint8_t> request, std::span<std::uint8_t> reply) {
  // There is room for a question unless the process answers without reading: nobody waits for that.
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT) != std::ssize(request))
    return ended_by_itself();
  const auto deadline = steady_clock::now() + isolation_.patience;
  pollfd waiting{.fd = socket_, .events = POLLIN, .revents = 0};
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    const int ready = ::poll(&waiting, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    if (ready > 0) break;
    if (ready < 0 && errno == EINTR) continue;
    end();
    return fail(ErrorCode::resource_limit,
                "decoding took longer than " + std::to_string(isolation_.patience.count()) + " ms");
  }
  const ssize_t got = ::recv(socket_, reply.data(), reply.size(), MSG_TRUNC);
  if (got <= 0) return ended_by_itself();
  if (got == std::ssize(reply)) return {};
  end();
  return no_sense("with " + std::to_string(got) + " bytes instead of " + std::to_string(reply.size()));
}

}  // namespace vultus::media
