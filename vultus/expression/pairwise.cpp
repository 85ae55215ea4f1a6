#include <vultus/expression/pairwise.hpp>

#include <algorithm>
#include <string>

#include <Eigen/Dense>

namespace vultus::expression {
namespace {

constexpr double kLeast = 1e-9;

Status check_pairs(std::span<const double> pairs, std::size_t classes) {
  if (classes < 2 || pairs.size() != pairs_of(classes))
    return fail(ErrorCode::invalid_argument, std::to_string(classes) + " classes have " +
                                                 std::to_string(classes < 2 ? 0 : pairs_of(classes)) + " pairs, not " +
                                                 std::to_string(pairs.size()) + " (at least 2 classes)");
  for (std::size_t k = 0; k < pairs.size(); ++k)
    if (!(pairs[k] >= 0 && pairs[k] <= 1))
      return fail(ErrorCode::invalid_argument,
                  "pair " + std::to_string(k) + " has " + std::to_string(pairs[k]) + ", which is no probability");
  return {};
}

/// r_ij for any i != j.
double opinion(std::span<const double> pairs, std::size_t classes, std::size_t i, std::size_t j) {
  return i < j ? pairs[pair_place(i, j, classes)] : 1 - pairs[pair_place(j, i, classes)];
}

}  // namespace

Result<std::vector<double>> couple(std::span<const double> pairs, std::size_t classes) {
  VULTUS_CHECK(check_pairs(pairs, classes));
  const auto n = static_cast<Eigen::Index>(classes);
  const auto r = [&](Eigen::Index i, Eigen::Index j) {
    return std::clamp(opinion(pairs, classes, static_cast<std::size_t>(i), static_cast<std::size_t>(j)), kLeast,
                      1 - kLeast);
  };
  // [Q 1; 1' 0] [p; b] = [0; 1]
  Eigen::MatrixXd system = Eigen::MatrixXd::Zero(n + 1, n + 1);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      if (i == j) continue;
      system(i, i) += r(j, i) * r(j, i);
      system(i, j) = -r(j, i) * r(i, j);
    }
    system(i, n) = system(n, i) = 1;
  }
  Eigen::VectorXd right = Eigen::VectorXd::Zero(n + 1);
  right(n) = 1;
  const Eigen::VectorXd solved = system.fullPivLu().solve(right);
  std::vector<double> p(classes);
  double sum = 0;
  for (Eigen::Index i = 0; i < n; ++i) sum += p[static_cast<std::size_t>(i)] = std::max(solved(i), 0.0);
  if (!(sum > 0)) return fail(ErrorCode::invalid_argument, "the opinions of the pairs agree on no distribution");
  for (double& value : p) value /= sum;
  return p;
}

Result<std::vector<double>> votes_of(std::span<const double> pairs, std::size_t classes) {
  VULTUS_CHECK(check_pairs(pairs, classes));
  std::vector<double> votes(classes);
  for (std::size_t i = 0; i < classes; ++i)
    for (std::size_t j = i + 1; j < classes; ++j) {
      const double r = pairs[pair_place(i, j, classes)], first = r > 0.5 ? 1 : r < 0.5 ? 0 : 0.5;
      votes[i] += first, votes[j] += 1 - first;
    }
  return votes;
}

Result<std::size_t> winner_of_votes(std::span<const double> pairs, std::size_t classes) {
  VULTUS_TRY(const std::vector<double> votes, votes_of(pairs, classes));
  std::vector<double> sums(classes);
  for (std::size_t i = 0; i < classes; ++i)
    for (std::size_t j = 0; j < classes; ++j)
      if (i != j) sums[i] += opinion(pairs, classes, i, j);
  std::size_t best = 0;
  for (std::size_t i = 1; i < classes; ++i)
    if (votes[i] > votes[best] || (votes[i] == votes[best] && sums[i] > sums[best])) best = i;
  return best;
}

}  // namespace vultus::expression
