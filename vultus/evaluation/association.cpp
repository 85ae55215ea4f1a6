#include <vultus/evaluation/association.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

struct Margins {
  std::vector<double> rows;
  std::vector<double> columns;
  double total = 0;
};

Result<Margins> margins_of(const CountTable& counts) {
  if (counts.empty()) return fail(ErrorCode::invalid_argument, "table of counts without rows");
  Margins margins{.rows = std::vector<double>(counts.size()), .columns = std::vector<double>(counts.front().size())};
  for (std::size_t r = 0; r < counts.size(); ++r) {
    if (counts[r].size() != margins.columns.size())
      return fail(ErrorCode::invalid_argument, fmt::format("table of counts: row {} has {} columns, row 0 has {}", r,
                                                           counts[r].size(), margins.columns.size()));
    for (std::size_t c = 0; c < counts[r].size(); ++c) {
      const auto n = static_cast<double>(counts[r][c]);
      margins.rows[r] += n;
      margins.columns[c] += n;
      margins.total += n;
    }
  }
  const auto used = [](const std::vector<double>& sums) {
    return std::count_if(sums.begin(), sums.end(), [](double n) { return n > 0; });
  };
  if (used(margins.rows) < 2 || used(margins.columns) < 2)
    return fail(ErrorCode::invalid_argument,
                fmt::format("association needs at least 2 rows and 2 columns with counts, there are {} and {}",
                            used(margins.rows), used(margins.columns)));
  return margins;
}

double entropy(const std::vector<double>& sums, double total) {
  double h = 0;
  for (const double n : sums)
    if (n > 0) h -= n / total * std::log(n / total);
  return h;
}

}  // namespace

Result<Association> association(const CountTable& counts) {
  VULTUS_TRY(const Margins margins, margins_of(counts));
  Association all;
  for (std::size_t r = 0; r < counts.size(); ++r)
    for (std::size_t c = 0; c < counts[r].size(); ++c) {
      const double expected = margins.rows[r] * margins.columns[c] / margins.total;
      if (expected <= 0) continue;
      const auto n = static_cast<double>(counts[r][c]);
      all.chi_squared += (n - expected) * (n - expected) / expected;
      if (n > 0) all.mutual_information += n / margins.total * std::log(n / expected);
    }
  const auto used = [](const std::vector<double>& sums) {
    return static_cast<double>(std::count_if(sums.begin(), sums.end(), [](double n) { return n > 0; }));
  };
  all.mutual_information = std::max(0.0, all.mutual_information);
  all.nmi = std::min(1.0, all.mutual_information / std::sqrt(entropy(margins.rows, margins.total) *
                                                             entropy(margins.columns, margins.total)));
  all.cramers_v = std::min(
      1.0, std::sqrt(all.chi_squared / (margins.total * (std::min(used(margins.rows), used(margins.columns)) - 1))));
  return all;
}

Result<std::vector<std::vector<double>>> pointwise_information(const CountTable& counts) {
  VULTUS_TRY(const Margins margins, margins_of(counts));
  std::vector<std::vector<double>> cells;
  for (std::size_t r = 0; r < counts.size(); ++r) {
    std::vector<double> row;
    for (std::size_t c = 0; c < counts[r].size(); ++c) {
      const double p = static_cast<double>(counts[r][c]) / margins.total;
      const double independent = margins.rows[r] * margins.columns[c] / (margins.total * margins.total);
      row.push_back(independent <= 0 ? 0 : p <= 0 ? -1 : p >= 1 ? 1 : std::log(p / independent) / -std::log(p));
    }
    cells.push_back(std::move(row));
  }
  return cells;
}

Result<double> phi(std::uint64_t n11, std::uint64_t n10, std::uint64_t n01, std::uint64_t n00) {
  const auto a = static_cast<double>(n11);
  const auto b = static_cast<double>(n10);
  const auto c = static_cast<double>(n01);
  const auto d = static_cast<double>(n00);
  if (a + b <= 0 || c + d <= 0 || a + c <= 0 || b + d <= 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("phi of the counts {}, {}, {}, {}: one label is always the same", n11, n10, n01, n00));
  return (a * d - b * c) / std::sqrt((a + b) * (c + d)) / std::sqrt((a + c) * (b + d));
}

}  // namespace vultus::evaluation
