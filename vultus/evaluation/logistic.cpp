#include <vultus/evaluation/logistic.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr int kMaxSteps = 200;
constexpr double kSmallGradient = 1e-10;

/// Pairs of nearly the same score, and what they weigh.
struct Point {
  double score;
  double target_weight;  ///< sum of weight times target
  double weight;
};

Status check_sides(const ScoreHistogram& mated, const ScoreHistogram& impostors) {
  if (mated.count() == 0 || impostors.count() == 0)
    return fail(ErrorCode::invalid_argument,
                fmt::format("a probability needs pairs of one person and of different people, got {} and {}",
                            mated.count(), impostors.count()));
  if (mated.rejected() + impostors.rejected() > 0)
    return fail(ErrorCode::invalid_argument, "a probability of scores that are not numbers");
  return {};
}

/// The occupied bins, each at its middle.
std::vector<Point> points_of(const ScoreHistogram& mated, const ScoreHistogram& impostors, double prior) {
  const auto m = static_cast<double>(mated.count());
  const auto n = static_cast<double>(impostors.count());
  const double high = (m + 1) / (m + 2);
  const double low = 1 / (n + 2);
  std::vector<Point> points;
  for (std::size_t bin = 0; bin < ScoreHistogram::kBins; ++bin) {
    if (mated.bins()[bin] + impostors.bins()[bin] == 0) continue;
    const double of_mated = prior * static_cast<double>(mated.bins()[bin]) / m;
    const double of_impostors = (1 - prior) * static_cast<double>(impostors.bins()[bin]) / n;
    points.push_back({ScoreHistogram::edge(bin) + ScoreHistogram::kBinWidth / 2, of_mated * high + of_impostors * low,
                      of_mated + of_impostors});
  }
  return points;
}

/// log(1 + exp(z)) without overflow.
double softplus(double z) { return z > 0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }

double loss_of(const std::vector<Point>& points, double a, double b) {
  double loss = 0;
  for (const Point& p : points) {
    const double z = a * p.score + b;
    loss += p.weight * softplus(z) - p.target_weight * z;
  }
  return loss;
}

struct Slopes {
  double ga = 0, gb = 0;             ///< gradient
  double haa = 0, hab = 0, hbb = 0;  ///< second derivatives
};

Slopes slopes_of(const std::vector<Point>& points, double a, double b) {
  Slopes s;
  for (const Point& p : points) {
    const double probability = 1 / (1 + std::exp(-(a * p.score + b)));
    const double first = p.weight * probability - p.target_weight;
    const double second = p.weight * probability * (1 - probability);
    s.ga += first * p.score;
    s.gb += first;
    s.haa += second * p.score * p.score;
    s.hab += second * p.score;
    s.hbb += second;
  }
  return s;
}

}  // namespace

Result<LogisticCurve> fit_logistic(const ScoreHistogram& mated, const ScoreHistogram& impostors, double prior) {
  if (!(prior > 0 && prior < 1))
    return fail(ErrorCode::invalid_argument, fmt::format("prior {}: must be between 0 and 1, both excluded", prior));
  VULTUS_CHECK(check_sides(mated, impostors));
  const std::vector<Point> points = points_of(mated, impostors, prior);
  double a = 0;
  double b = std::log(prior / (1 - prior));
  double loss = loss_of(points, a, b);
  for (int step = 0; step < kMaxSteps; ++step) {
    const Slopes s = slopes_of(points, a, b);
    if (std::abs(s.ga) < kSmallGradient && std::abs(s.gb) < kSmallGradient) break;
    constexpr double kRidge = 1e-12;  // keeps the matrix invertible where all scores are equal
    const double haa = s.haa + kRidge;
    const double hbb = s.hbb + kRidge;
    const double det = haa * hbb - s.hab * s.hab;
    const double da = -(hbb * s.ga - s.hab * s.gb) / det;
    const double db = -(haa * s.gb - s.hab * s.ga) / det;
    const double slope = s.ga * da + s.gb * db;  // < 0
    double length = 1;
    double tried = loss_of(points, a + da, b + db);
    constexpr double kShortest = 1e-10;
    while (tried > loss + 1e-4 * length * slope && length > kShortest) {
      length /= 2;
      tried = loss_of(points, a + length * da, b + length * db);
    }
    if (length <= kShortest) break;
    a += length * da;
    b += length * db;
    loss = tried;
  }
  if (!(a > 0) || !std::isfinite(a) || !std::isfinite(b))
    return fail(ErrorCode::invalid_argument,
                fmt::format("pairs of one person are no more alike than pairs of different people (slope {:.3g}): no "
                            "probability can be told from these scores",
                            a));
  return LogisticCurve{.slope = a, .intercept = b, .prior = prior};
}

Result<double> calibration_error(const LogisticCurve& curve, const ScoreHistogram& mated,
                                 const ScoreHistogram& impostors, int bins) {
  if (bins < 1 || bins > 1000)
    return fail(ErrorCode::invalid_argument, fmt::format("{} calibration bins: 1 to 1000", bins));
  VULTUS_CHECK(check_sides(mated, impostors));
  std::vector<double> gap(static_cast<std::size_t>(bins));
  const auto m = static_cast<double>(mated.count());
  const auto n = static_cast<double>(impostors.count());
  for (std::size_t bin = 0; bin < ScoreHistogram::kBins; ++bin) {
    const double of_mated = curve.prior * static_cast<double>(mated.bins()[bin]) / m;
    const double of_impostors = (1 - curve.prior) * static_cast<double>(impostors.bins()[bin]) / n;
    const double p = curve.probability(ScoreHistogram::edge(bin) + ScoreHistogram::kBinWidth / 2);
    gap[std::min(static_cast<std::size_t>(p * bins), gap.size() - 1)] += of_mated * (1 - p) - of_impostors * p;
  }
  double error = 0;
  for (const double g : gap) error += std::abs(g);
  return error;
}

}  // namespace vultus::evaluation
