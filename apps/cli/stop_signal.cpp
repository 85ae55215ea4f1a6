#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <apps/cli/stop_signal.hpp>

namespace vultus::cli {
namespace {

// What a signal handler may touch: the writing end of a pipe, and how many signals came.
std::atomic<int> g_pipe{-1};
std::atomic<int> g_count{0};

extern "C" void on_stop(int signal) {
  const int error = errno;
  // The user does not want to wait: everything acknowledged is on the disk, and the rest is undone by the next start.
  if (g_count.fetch_add(1) > 0) ::_exit(128 + signal);
  const auto byte = static_cast<unsigned char>(signal);
  [[maybe_unused]] const ssize_t written = ::write(g_pipe.load(), &byte, 1);
  errno = error;
}

// Not SIG_IGN: that would be inherited by the package clients that are started.
extern "C" void on_nothing(int /*signal*/) {}

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

/// No signal reaches threads that are made while it lives: their calls are not interrupted.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct StopSignal::Listener {
  std::array<int, 2> ends{-1, -1};
  std::stop_source stop;
  std::atomic<int> signal{0};
  std::thread reader;

  void listen() {
    unsigned char byte = 0;
    ssize_t got = 0;
    do got = ::read(ends[0], &byte, 1);
    while (got < 0 && errno == EINTR);
    if (got != 1 || byte == 0) return;
    signal = byte;
    stop.request_stop();
  }
};

StopSignal::StopSignal() : listener_(std::make_unique<Listener>()) {
  handle(SIGPIPE, on_nothing);
  handle(SIGXFSZ, on_nothing);
  if (::pipe2(listener_->ends.data(), O_CLOEXEC) != 0) return;  // without descriptors Ctrl-C ends the process as ever
  g_pipe = listener_->ends[1];
  g_count = 0;
  const NoSignals in_the_reader;
  listener_->reader = std::thread([listener = listener_.get()] { listener->listen(); });
  handle(SIGINT, on_stop);
  handle(SIGTERM, on_stop);
}

StopSignal::~StopSignal() {
  if (listener_->ends[1] < 0) return;
  handle(SIGINT, SIG_DFL);
  handle(SIGTERM, SIG_DFL);
  const unsigned char end = 0;
  [[maybe_unused]] const ssize_t written = ::write(listener_->ends[1], &end, 1);
  listener_->reader.join();
  ::close(listener_->ends[0]);
  ::close(listener_->ends[1]);
}

std::stop_token StopSignal::token() const { return listener_->stop.get_token(); }

int StopSignal::received() const { return listener_->signal; }

}  // namespace vultus::cli
