// Kills a process with SIGKILL while it changes a gallery, again and again, and looks whether every change that was
// acknowledged is there and no other is half there.
//   gallery_crash [ROUNDS=200] [SEED=1] [FOLDER]
// Exit code 0 and one line when all is well, 1 with the round and the difference when not.
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include <vultus/gallery/gallery.hpp>

#include "crash_world.hpp"

namespace vultus::crash {
namespace {

constexpr int kMaxSteps = 100'000;

/// A folder in memory: what is tested is the end of a process, not that of the machine, and a round takes milliseconds.
std::filesystem::path make_folder() {
  std::string pattern = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm/vultus-crash-XXXXXX" : "/tmp/vultus-crash-XXXXXX";
  const char* made = ::mkdtemp(pattern.data());
  return made == nullptr ? std::filesystem::path() : std::filesystem::path(made);
}

/// The child: changes the gallery and writes one byte for each change that was answered with success.
[[noreturn]] void work(const std::filesystem::path& path, World world, std::mt19937 random, int to_parent) {
  Result<Gallery> gallery = open_gallery(path);
  if (!gallery) {
    std::fprintf(stderr, "worker: %s\n", gallery.error().message.c_str());
    ::_exit(3);
  }
  for (int i = 0; i < kMaxSteps; ++i) {
    const Step step = next_step(world, random);
    if (const Status done = perform(*gallery, step); !done) {
      std::fprintf(stderr, "worker: %s: %s\n", name_of(step.change).c_str(), done.error().message.c_str());
      ::_exit(4);
    }
    if (::write(to_parent, "+", 1) != 1) ::_exit(5);
    apply(world, step);
  }
  ::_exit(0);
}

struct Round {
  int acknowledged = 0;
  bool killed = false;  ///< else it ended by itself, which it must not
};

/// @param wait  until the first change is acknowledged; else it may be killed while it opens the gallery
Round run_and_kill(const std::filesystem::path& path, const World& world, const std::mt19937& random, bool wait,
                   std::chrono::microseconds after) {
  int pipe_ends[2];  // NOLINT(modernize-avoid-c-arrays): what the system call wants
  if (::pipe(pipe_ends) != 0) return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[0]);
    work(path, world, random, pipe_ends[1]);
  }
  ::close(pipe_ends[1]);
  Round round;
  char byte = 0;
  if (wait && ::read(pipe_ends[0], &byte, 1) == 1) ++round.acknowledged;
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  round.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  while (::read(pipe_ends[0], &byte, 1) == 1) ++round.acknowledged;
  ::close(pipe_ends[0]);
  return round;
}

/// What is wrong with a gallery that should show `before`, or that with `begun` done too; empty = nothing.
/// @param world  becomes what is there
std::string look(const std::filesystem::path& path, World& world, const Step& begun) {
  const Result<Gallery> gallery = open_gallery(path);
  if (!gallery) return "it does not open: " + gallery.error().message;
  const Result<GalleryCheck> check = gallery->check();
  if (!check) return "it cannot be checked: " + check.error().message;
  if (!check->sound()) return "the check finds: " + check->findings.front();
  const Result<World> found = read_world(*gallery);
  if (!found) return "half there: " + found.error().message;
  World after = world;
  apply(after, begun);
  const std::string without = difference(world, *found);
  const std::string with = difference(after, *found);
  if (!without.empty() && !with.empty())
    return name_of(begun.change) + " is half there: " + without + " (without it), " + with + " (with it)";
  if (!without.empty()) world = after;
  return {};
}

int run(int rounds, unsigned seed, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "g.vgal";
  std::mt19937 random(seed);
  World world;
  std::int64_t acknowledged = 0;
  int unfinished = 0;
  for (int round = 1; round <= rounds; ++round) {
    const auto pause = std::chrono::microseconds(std::uniform_int_distribution<int>(0, 8000)(random));
    const std::mt19937 steps(random());
    const Round made = run_and_kill(path, world, steps, round % 5 != 0, pause);
    if (!made.killed) {
      std::fprintf(stderr, "gallery_crash: seed %u, round %d: the worker ended by itself\n", seed, round);
      return 1;
    }
    // The same changes again, in thought.
    std::mt19937 again = steps;
    for (int i = 0; i < made.acknowledged; ++i) apply(world, next_step(world, again));
    const Step begun = next_step(world, again);
    const World before = world;
    if (const std::string wrong = look(path, world, begun); !wrong.empty()) {
      std::fprintf(stderr, "gallery_crash: seed %u, round %d, %d changes acknowledged: %s\n", seed, round,
                   made.acknowledged, wrong.c_str());
      return 1;
    }
    unfinished += before == world ? 0 : 1;
    acknowledged += made.acknowledged;
  }
  std::printf("%d kills, %lld changes acknowledged, none lost; %d changes were complete but not yet acknowledged\n",
              rounds, static_cast<long long>(acknowledged), unfinished);
  return acknowledged > rounds ? 0 : 1;
}

}  // namespace
}  // namespace vultus::crash

int main(int argc, char** argv) {
  const auto number = [&](int at, int otherwise) {
    return argc > at ? static_cast<int>(std::strtol(argv[at], nullptr, 10)) : otherwise;
  };
  vultus::crash::set_keys();
  const int rounds = number(1, 200);
  const int seed = number(2, 1);
  if (rounds < 1 || argc > 4) {
    std::fprintf(stderr, "usage: gallery_crash [ROUNDS >= 1] [SEED] [FOLDER]\n");
    return 2;
  }
  const bool given = argc > 3;
  const std::filesystem::path folder = given ? std::filesystem::path(argv[3]) : vultus::crash::make_folder();
  if (folder.empty()) {
    std::fprintf(stderr, "gallery_crash: no folder could be made\n");
    return 2;
  }
  const int code = vultus::crash::run(rounds, static_cast<unsigned>(seed), folder);
  std::error_code ignored;
  if (!given && code == 0) std::filesystem::remove_all(folder, ignored);
  if (code != 0) std::fprintf(stderr, "gallery_crash: the files are kept in %s\n", folder.c_str());
  return code;
}
