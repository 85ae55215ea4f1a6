// Times encrypted search on planted templates, and checks every answer against the same search in the clear.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/codec.hpp>
#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/keys.hpp>

namespace vultus::sealed {

struct BenchmarkOptions {
  KeyKind kind;
  int rows = 1000;  ///< [3, 100000]
  int dimension = 512;
  Precision precision;
  int rounds = 3;  ///< [1, 100]
  ComputeOptions compute;
  std::uint64_t seed = 1;  ///< of the planted templates; keys and randomisers are always the operating system's
};

/// One step: seconds by the clock, and of the processor, which does not count what other programs take meanwhile.
struct Timing {
  double wall = 0;
  double processor = 0;
};

struct BenchmarkReport {
  std::string arithmetic;  ///< "AVX-512 IFMA" or "GMP"
  Layout layout;
  std::int64_t packs = 0;
  std::int64_t gallery_bytes = 0;
  std::int64_t ciphertext_bytes = 0;
  Timing make_key;
  Timing enrol_first;                    ///< one template into an empty gallery, with making the table of powers
  Timing enrol_one;                      ///< another one, with the table
  Timing stock;                          ///< randomisers for one more, computed ahead
  Timing enrol_stocked;                  ///< another one, with these
  Timing enrol_rest;                     ///< all others
  Timing open_gallery;                   ///< making it ready for searches
  Timing prepare;                        ///< randomisers of all rounds, computed ahead
  std::vector<Timing> search, answer;    ///< all rows, a round each
  std::vector<Timing> compare, verdict;  ///< one row, a round each
  bool equal = true;                     ///< every product was that of the search in the clear
};

/// Runs every step once and the searches `rounds` times.
/// @error invalid_argument  rows or rounds outside their range; else of the steps
[[nodiscard]] Result<BenchmarkReport> run_benchmark(const BenchmarkOptions& options);

}  // namespace vultus::sealed
