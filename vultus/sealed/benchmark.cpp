#include <vultus/sealed/benchmark.hpp>

#include <chrono>
#include <cmath>
#include <ctime>
#include <optional>
#include <random>
#include <utility>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/search.hpp>

namespace vultus::sealed {
namespace {

constexpr int kLeastRows = 3;
constexpr int kMaxBenchRows = 100'000;
constexpr int kMaxBenchRounds = 100;

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

template <class Step>
Timing time_of(const Step& step) {
  const auto wall = std::chrono::steady_clock::now();
  const double processor = processor_seconds();
  step();
  return {.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count(),
          .processor = processor_seconds() - processor};
}

/// Normal values scaled to unit length.
std::vector<NamedTemplate> planted_rows(int count, int dimension, std::mt19937_64& random) {
  std::normal_distribution<float> normal;
  std::vector<NamedTemplate> rows(static_cast<std::size_t>(count));
  for (NamedTemplate& row : rows) {
    row.name = "planted " + std::to_string(&row - rows.data());
    double square = 0;
    for (int d = 0; d < dimension; ++d) {
      row.values.push_back(normal(random));
      square += static_cast<double>(row.values.back()) * row.values.back();
    }
    for (float& value : row.values) value = static_cast<float>(value / std::sqrt(square));
  }
  return rows;
}

Result<std::vector<std::int64_t>> in_the_clear(const Layout& layout, std::span<const NamedTemplate> rows,
                                               std::span<const float> probe) {
  VULTUS_TRY(const auto whole, quantise(probe, layout.precision.plain));
  std::vector<std::int64_t> products;
  for (const NamedTemplate& row : rows) {
    VULTUS_TRY(const auto values, quantise(row.values, layout.precision.sealed));
    products.push_back(plain_product(values, whole));
  }
  return products;
}

/// One round of both kinds of search.
Status run_round(const SecretKey& key, Searcher& searcher, std::span<const NamedTemplate> rows,
                 std::span<const float> probe, const BenchmarkOptions& options, BenchmarkReport& report) {
  VULTUS_TRY(const auto expected, in_the_clear(report.layout, rows, probe));
  std::optional<Result<SealedResult>> result;
  std::optional<Result<std::vector<std::int64_t>>> products;
  report.search.push_back(time_of([&] { result.emplace(searcher.search(probe)); }));
  if (!*result) return result->error();
  report.answer.push_back(time_of([&] { products.emplace(open_products(key, **result, options.compute)); }));
  if (!*products) return products->error();
  report.equal = report.equal && **products == expected;
  const std::size_t row = report.search.size() * 7919 % rows.size();  // another one each round
  report.compare.push_back(time_of([&] { result.emplace(searcher.compare(probe, static_cast<std::int64_t>(row))); }));
  if (!*result) return result->error();
  report.verdict.push_back(time_of([&] { products.emplace(open_products(key, **result, options.compute)); }));
  if (!*products) return products->error();
  report.equal = report.equal && (*products)->at(0) == expected[row];
  return {};
}

}  // namespace

Result<BenchmarkReport> run_benchmark(const BenchmarkOptions& options) {
  if (options.rows < kLeastRows || options.rows > kMaxBenchRows)
    return fail(ErrorCode::invalid_argument, std::to_string(options.rows) + " rows: 3 to 100000 are possible");
  if (options.rounds < 1 || options.rounds > kMaxBenchRounds)
    return fail(ErrorCode::invalid_argument, std::to_string(options.rounds) + " rounds: 1 to 100 are possible");
  std::mt19937_64 random(options.seed);
  BenchmarkReport report;
  std::optional<Result<SecretKey>> key;
  report.make_key = time_of([&] { key.emplace(generate_key(options.kind)); });
  if (!*key) return key->error();
  const PublicKey& open = (*key)->public_key();
  VULTUS_TRY(SealedGallery gallery, make_gallery(open, "planted", options.dimension, options.precision));
  report.layout = gallery.layout;
  const auto rows = planted_rows(options.rows, options.dimension, random);
  Status added;
  std::optional<Result<Enroller>> enroller;
  report.enrol_first = time_of([&] {
    enroller.emplace(Enroller::make(open, options.compute));
    added = *enroller ? (*enroller)->add(gallery, std::span(rows).first(1)) : Status(enroller->error());
  });
  VULTUS_CHECK(added);
  report.enrol_one = time_of([&] { added = (*enroller)->add(gallery, std::span(rows).subspan(1, 1)); });
  VULTUS_CHECK(added);
  report.stock = time_of([&] { (*enroller)->prepare(1, options.dimension); });
  report.enrol_stocked = time_of([&] { added = (*enroller)->add(gallery, std::span(rows).subspan(2, 1)); });
  VULTUS_CHECK(added);
  report.enrol_rest = time_of([&] { added = (*enroller)->add(gallery, std::span(rows).subspan(3)); });
  VULTUS_CHECK(added);
  report.packs = gallery.packs();
  report.gallery_bytes = static_cast<std::int64_t>(gallery.ciphertexts.size());
  report.ciphertext_bytes = static_cast<std::int64_t>(open.ciphertext_bytes());
  std::optional<Result<Searcher>> searcher;
  report.open_gallery = time_of([&] { searcher.emplace(Searcher::make(gallery, {.compute = options.compute})); });
  if (!*searcher) return searcher->error();
  report.arithmetic = (*searcher)->arithmetic();
  // A comparison with one row takes one more.
  report.prepare = time_of([&] { (*searcher)->prepare(2 * static_cast<std::size_t>(options.rounds)); });
  for (int round = 0; round < options.rounds; ++round) {
    const auto probe = planted_rows(1, options.dimension, random);
    VULTUS_CHECK(run_round(**key, **searcher, rows, probe.front().values, options, report));
  }
  return report;
}

}  // namespace vultus::sealed
