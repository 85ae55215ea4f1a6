#include <vultus/gallery/test_process.hpp>

#include <array>
#include <csignal>
#include <filesystem>
#include <utility>

#include <poll.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace vultus::gallery::testing {
namespace {

constexpr uid_t kNobody = 65534;
constexpr int kWaitMs = 20'000;

void write_all(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = ::write(descriptor, text.data() + done, text.size() - done);
    if (wrote <= 0) return;
    done += static_cast<std::size_t>(wrote);
  }
}

}  // namespace

Beside::Beside(const std::function<void(int, int)>& body) {
  std::array<int, 2> up{}, down{};
  if (pipe(up.data()) != 0 || pipe(down.data()) != 0) return;
  id_ = fork();
  if (id_ == 0) {
    ::close(up[0]);
    ::close(down[1]);
    body(up[1], down[0]);
    _exit(0);
  }
  ::close(up[1]);
  ::close(down[0]);
  from_child_ = up[0];
  to_child_ = down[1];
}

Beside::~Beside() {
  kill();
  if (id_ > 0) waitpid(id_, nullptr, 0);
  if (from_child_ >= 0) ::close(from_child_);
  go();
}

void Beside::go() {
  if (to_child_ >= 0) ::close(std::exchange(to_child_, -1));
}

void Beside::kill() const {
  if (id_ > 0) ::kill(id_, SIGKILL);
}

bool Beside::wait_for_output() const {
  pollfd waiting{from_child_, POLLIN, 0};
  return poll(&waiting, 1, kWaitMs) == 1 && (waiting.revents & POLLIN) != 0;
}

std::string Beside::output() {
  std::string all;
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd waiting{from_child_, POLLIN, 0};
    if (poll(&waiting, 1, kWaitMs) <= 0) return all + "\n[nothing for 20 s]";
    const ssize_t got = ::read(from_child_, buffer.data(), buffer.size());
    if (got <= 0) return all;
    all.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string in_another_process(const std::function<std::string()>& body) {
  Beside process([&](int to_parent, int) {
    const std::string wrong = body();
    write_all(to_parent, wrong.empty() ? "fine" : wrong);
  });
  const std::string said = process.output();
  return said == "fine" ? std::string() : said.empty() ? "the process ended without a word" : said;
}

std::string as_ordinary_user(const std::function<std::string()>& body) {
  return in_another_process([&]() -> std::string {
    if (geteuid() == 0 && (setgid(kNobody) != 0 || setuid(kNobody) != 0)) return "cannot become an ordinary user";
    return body();
  });
}

std::string run_sql(const std::string& path, const std::string& sql) {
  sqlite3* file = nullptr;
  std::string wrong;
  if (sqlite3_open(path.c_str(), &file) != SQLITE_OK ||
      sqlite3_exec(file, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    wrong = sqlite3_errmsg(file);
  sqlite3_close(file);
  return wrong;
}

}  // namespace vultus::gallery::testing
