#include <vultus/core/assignment.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <unordered_map>

namespace vultus {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr std::size_t kMaxEntries = 64'000'000;

/// Far below the step of a float similarity: decides between equal sums for the pairing with more pairs.
constexpr double kPerPair = 1e-12;

/// Rows and columns that hang together through edges, with positions of their own.
struct Group {
  std::vector<std::size_t> rows;
  std::vector<std::size_t> columns;
  std::vector<AssignmentEdge> edges;  ///< in those positions
};

/// Disjoint sets of rows.
class Sets {
 public:
  explicit Sets(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  // The lower row leads, so that groups come in the order of their first row.
  void join(std::size_t a, std::size_t b) {
    const std::size_t first = find(a);
    const std::size_t second = find(b);
    parent_[std::max(first, second)] = std::min(first, second);
  }

 private:
  std::vector<std::size_t> parent_;
};

/// Most pictures fall into groups of a few faces: a crowd costs no more than its largest group.
std::vector<Group> split(std::size_t rows, std::span<const AssignmentEdge> edges) {
  Sets sets(rows);
  std::unordered_map<std::size_t, std::size_t> row_of_column;
  for (const AssignmentEdge& edge : edges)
    sets.join(edge.row, row_of_column.try_emplace(edge.column, edge.row).first->second);
  std::vector<Group> groups;
  std::unordered_map<std::size_t, std::size_t> group_of;
  std::vector<std::size_t> place(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto [at, is_new] = group_of.try_emplace(sets.find(row), groups.size());
    if (is_new) groups.emplace_back();
    Group& group = groups[at->second];
    place[row] = group.rows.size();
    group.rows.push_back(row);
  }
  std::unordered_map<std::size_t, std::size_t> place_of_column;
  for (const AssignmentEdge& edge : edges) {
    Group& group = groups[group_of.at(sets.find(edge.row))];
    const auto [at, is_new] = place_of_column.try_emplace(edge.column, group.columns.size());
    if (is_new) group.columns.push_back(edge.column);
    group.edges.push_back({place[edge.row], at->second, edge.benefit});
  }
  return groups;
}

/// Shortest augmenting paths over a cost table. Each row also has a column of its own that costs 0: having no pair.
class Solver {
 public:
  explicit Solver(const Group& group)
      : rows_(group.rows.size()),
        real_(group.columns.size()),
        columns_(real_ + rows_),
        cost_(rows_ * columns_, kInfinite),
        row_price_(rows_),
        column_price_(columns_),
        owner_(columns_, rows_) {
    for (std::size_t row = 0; row < rows_; ++row) cost_[row * columns_ + real_ + row] = 0;
    for (const AssignmentEdge& edge : group.edges) {
      double& cost = cost_[edge.row * columns_ + edge.column];
      cost = std::min(cost, -(edge.benefit + kPerPair));
    }
    // Prices start so that no reduced cost is negative.
    for (std::size_t row = 0; row < rows_; ++row)
      row_price_[row] = *std::min_element(cost_.begin() + at(row, 0), cost_.begin() + at(row, columns_));
  }

  /// @return the column of each row; real columns only
  std::vector<std::optional<std::size_t>> solve() {
    for (std::size_t row = 0; row < rows_; ++row) augment(row);
    std::vector<std::optional<std::size_t>> column_of(rows_);
    for (std::size_t column = 0; column < real_; ++column)
      if (owner_[column] < rows_) column_of[owner_[column]] = column;
    return column_of;
  }

 private:
  [[nodiscard]] std::ptrdiff_t at(std::size_t row, std::size_t column) const {
    return static_cast<std::ptrdiff_t>(row * columns_ + column);
  }

  /// Finds the cheapest chain of changes that gives `start` a column, and makes them. (Dijkstra over columns)
  void augment(std::size_t start) {
    std::vector<double> distance(columns_, kInfinite);
    std::vector<std::size_t> came_from(columns_, start);  // row before each column
    std::vector<char> done(columns_, 0);
    std::vector<std::size_t> visited;  // columns that are done, with final distances
    std::size_t row = start;
    double reached = 0;
    std::size_t column = columns_;
    for (;; column = columns_) {
      for (std::size_t j = 0; j < columns_; ++j) {
        if (done[j] != 0) continue;
        const double through = reached + cost_[row * columns_ + j] - row_price_[row] - column_price_[j];
        if (through < distance[j]) {
          distance[j] = through;
          came_from[j] = row;
        }
        if (column == columns_ || distance[j] < distance[column]) column = j;
      }
      reached = distance[column];  // finite: the row's own column is always there
      if (owner_[column] == rows_) break;
      done[column] = 1;
      visited.push_back(column);
      row = owner_[column];
    }
    row_price_[start] += reached;
    for (const std::size_t j : visited) {
      row_price_[owner_[j]] += reached - distance[j];
      column_price_[j] -= reached - distance[j];
    }
    while (true) {  // walk the chain back
      const std::size_t taker = came_from[column];
      const std::size_t freed = column_of(taker);
      owner_[column] = taker;
      if (taker == start) return;
      column = freed;
    }
  }

  [[nodiscard]] std::size_t column_of(std::size_t row) const {
    return static_cast<std::size_t>(std::find(owner_.begin(), owner_.end(), row) - owner_.begin());
  }

  std::size_t rows_;
  std::size_t real_;
  std::size_t columns_;
  std::vector<double> cost_;
  std::vector<double> row_price_;
  std::vector<double> column_price_;
  std::vector<std::size_t> owner_;  ///< row of each column, rows_ = free
};

std::string text(double number) {
  std::array<char, 32> digits{};
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

}  // namespace

Result<std::vector<std::optional<std::size_t>>> best_assignment(std::size_t rows,
                                                                std::span<const AssignmentEdge> edges) {
  for (const AssignmentEdge& edge : edges) {
    if (edge.row >= rows)
      return fail(ErrorCode::invalid_argument,
                  "edge of row " + std::to_string(edge.row) + ": there are " + std::to_string(rows) + " rows, from 0");
    if (!std::isfinite(edge.benefit) || edge.benefit < 0)
      return fail(ErrorCode::invalid_argument, "edge of row " + std::to_string(edge.row) + " and column " +
                                                   std::to_string(edge.column) + ": benefit " + text(edge.benefit) +
                                                   ", must be 0 or more");
  }
  std::vector<std::optional<std::size_t>> columns(rows);
  for (const Group& group : split(rows, edges)) {
    if (group.edges.empty()) continue;
    const std::size_t width = group.rows.size() + group.columns.size();
    if (width > kMaxEntries / group.rows.size())
      return fail(ErrorCode::resource_limit, "assignment of " + std::to_string(group.rows.size()) + " rows and " +
                                                 std::to_string(group.columns.size()) +
                                                 " columns that hang together: a table of " +
                                                 std::to_string(group.rows.size() * width) + " entries, the limit is " +
                                                 std::to_string(kMaxEntries));
    const auto places = Solver(group).solve();
    for (std::size_t i = 0; i < group.rows.size(); ++i)
      if (places[i]) columns[group.rows[i]] = group.columns[*places[i]];
  }
  return columns;
}

}  // namespace vultus
