// What the server counts, and how Prometheus reads it (text format 0.0.4).
//
// Written here instead of taken from prometheus-cpp: three families of numbers with fixed labels are a hundred lines,
// and the library would bring its own HTTP server (CivetWeb) and a registry with a lock on every increment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace vultus::server {

/// What is true at the moment of reading.
struct Gauges {
  std::size_t workers = 0;
  std::size_t workers_busy = 0;
  std::size_t waiting = 0;
  std::size_t collections_open = 0;
  std::size_t sealed = 0;       ///< galleries that are kept
  std::size_t sealed_open = 0;  ///< of them ready in memory
  std::size_t jobs_running = 0;
};

/// Thread-safe.
class Counters {
 public:
  static constexpr std::array<double, 10> kSecondsUpTo{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

  /// A request that was answered.
  /// @param operation  of the route: a fixed set, so that labels cannot grow without bound
  void answered(std::string_view operation, int status, double seconds);
  /// Pictures that were looked at, and the faces in them.
  void looked(std::size_t pictures, std::size_t faces);

  /// An encrypted search, and the rows that were compared in it. What it found nobody here knows.
  void searched_sealed(std::size_t rows);

  [[nodiscard]] std::string prometheus_text(const Gauges& gauges) const;

 private:
  struct Timing {
    std::array<std::uint64_t, kSecondsUpTo.size()> up_to{};
    std::uint64_t count = 0;
    double sum = 0;
  };
  mutable std::mutex lock_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;
  std::map<std::string, Timing, std::less<>> timings_;
  std::uint64_t pictures_ = 0;
  std::uint64_t faces_ = 0;
  std::uint64_t sealed_searches_ = 0;
  std::uint64_t sealed_rows_ = 0;
};

}  // namespace vultus::server
