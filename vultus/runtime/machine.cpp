#include <vultus/runtime/machine.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <thread>
#include <utility>

#include <sched.h>
#include <sys/auxv.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace vultus::runtime {
namespace {
namespace fs = std::filesystem;

/// The first line of a small file of the system; empty where there is none.
std::string first_line(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

/// The value behind "key : value" in the first line that begins with the key.
std::string value_in(const fs::path& path, std::string_view key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    const std::size_t colon = line.find(':');
    const std::size_t begin = colon == std::string::npos ? colon : line.find_first_not_of(" \t", colon + 1);
    if (begin != std::string::npos) return line.substr(begin);
  }
  return {};
}

template <class T>
void keep_less(std::optional<T>& least, T value) {
  if (!least || value < *least) least = value;
}

/// The folders of the control group of this process, the innermost first: each of them limits.
std::vector<fs::path> groups_of(const fs::path& mount, std::string_view path) {
  std::vector<fs::path> folders;
  fs::path inner = fs::path(path).lexically_normal().relative_path();
  for (; !inner.empty(); inner = inner.parent_path()) folders.push_back(mount / inner);
  folders.push_back(mount);
  return folders;
}

void read_group_2(const fs::path& folder, MachineFacts& facts) {
  const std::string cpu = first_line(folder / "cpu.max");  // "200000 100000" or "max 100000"
  if (const std::size_t space = cpu.find(' '); space != std::string::npos) {
    const auto time = number_of(cpu);
    const auto period = number_of(std::string_view(cpu).substr(space + 1));
    if (time && period && *period > 0)
      keep_less(facts.quota, static_cast<double>(*time) / static_cast<double>(*period));
  }
  if (const auto bytes = number_of(first_line(folder / "memory.max"))) keep_less(facts.memory_limit, *bytes);
}

void read_group_1(const fs::path& folder, MachineFacts& facts) {
  const auto time = number_of(first_line(folder / "cpu.cfs_quota_us"));
  const auto period = number_of(first_line(folder / "cpu.cfs_period_us"));
  if (time && *time > 0 && period && *period > 0)
    keep_less(facts.quota, static_cast<double>(*time) / static_cast<double>(*period));
  // Without a limit the file holds the largest number of pages.
  const auto bytes = number_of(first_line(folder / "memory.limit_in_bytes"));
  if (bytes && (facts.memory == 0 || *bytes < facts.memory)) keep_less(facts.memory_limit, *bytes);
}

/// Lines of /proc/self/cgroup: "0::/path" (version 2) and "3:cpu,cpuacct:/path" (version 1).
void read_groups(const fs::path& root, MachineFacts& facts) {
  std::ifstream in(root / "proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string_view path = std::string_view(line).substr(second + 1);
    const fs::path mounts = root / "sys/fs/cgroup";
    for (const fs::path& folder : groups_of(controllers.empty() ? mounts : mounts / controllers, path))
      controllers.empty() ? read_group_2(folder, facts) : read_group_1(folder, facts);
  }
}

int processors_allowed() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

#if defined(__x86_64__)

struct Leaf {
  unsigned a = 0, b = 0, c = 0, d = 0;
};
Leaf leaf(unsigned number, unsigned part) {
  Leaf at;
  if (__get_cpuid_count(number, part, &at.a, &at.b, &at.c, &at.d) == 0) return {};
  return at;
}

/// Which registers the system keeps when it changes from one process to another (XCR0).
std::uint64_t kept_registers(bool can_ask) {
  if (!can_ask) return 0;
  unsigned low = 0;
  unsigned high = 0;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0U));
  return static_cast<std::uint64_t>(high) << 32U | low;
}

std::vector<CpuFeature> features_here() {
  constexpr std::uint64_t kYmm = 0x6;      // AVX state
  constexpr std::uint64_t kZmm = 0xE6;     // and that of AVX-512
  constexpr std::uint64_t kTmm = 0x60000;  // tiles of AMX
  const Leaf one = leaf(1, 0);
  const Leaf seven = leaf(7, 0);
  const Leaf seven_more = leaf(7, 1);
  const auto bit = [](unsigned value, unsigned at) { return (value >> at & 1U) != 0; };
  const std::uint64_t kept = kept_registers(bit(one.c, 27));
  const auto keeps = [kept](std::uint64_t mask) { return (kept & mask) == mask; };
  return {{"SSE4.2", bit(one.c, 20), "the least that the inference library runs on"},
          {"AVX2", bit(seven.b, 5) && bit(one.c, 12) && keeps(kYmm), "networks with 8 numbers at once"},
          {"AVX-512", bit(seven.b, 16) && bit(seven.b, 30) && bit(seven.b, 31) && keeps(kZmm),
           "networks with 16 numbers at once"},
          {"AVX-512 VNNI", bit(seven.c, 11) && keeps(kZmm), "networks in whole numbers (int8)"},
          {"AVX-512 BF16", bit(seven_more.a, 5) && keeps(kZmm), "networks in bf16"},
          {"AMX BF16", bit(seven.d, 22) && bit(seven.d, 24) && keeps(kTmm), "networks in bf16, tile by tile"}};
}

#elif defined(__aarch64__)

std::vector<CpuFeature> features_here() {
  const unsigned long one = getauxval(AT_HWCAP);
  const unsigned long two = getauxval(AT_HWCAP2);
  const auto bit = [](unsigned long value, unsigned at) { return (value >> at & 1UL) != 0; };
  // Numbers of the bits: Linux, Documentation/arm64/elf_hwcaps.rst.
  return {{"NEON", bit(one, 1), "the least that the inference library runs on"},
          {"FP16", bit(one, 10), "networks in f16"},
          {"SVE", bit(one, 22), "networks with longer registers"},
          {"I8MM", bit(two, 13), "networks in whole numbers (int8)"},
          {"BF16", bit(two, 14), "networks in bf16"}};
}

#else

std::vector<CpuFeature> features_here() { return {}; }

#endif

std::string architecture_here() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "unknown";
#endif
}

}  // namespace

bool MachineFacts::has(std::string_view feature) const {
  return std::ranges::any_of(features, [&](const CpuFeature& f) { return f.present && f.name == feature; });
}

bool InferenceFacts::has(std::string_view arithmetic) const { return std::ranges::find(can, arithmetic) != can.end(); }

MachineFacts machine_facts(const fs::path& root) {
  MachineFacts facts;
  facts.architecture = architecture_here();
  facts.processor = value_in(root / "proc/cpuinfo", "model name");
  facts.features = features_here();
  facts.processors = processors_allowed();
  constexpr std::int64_t kBytesOfKilobyte = 1024;
  if (const auto total = number_of(value_in(root / "proc/meminfo", "MemTotal")))
    facts.memory = *total * kBytesOfKilobyte;
  read_groups(root, facts);
  return facts;
}

}  // namespace vultus::runtime
