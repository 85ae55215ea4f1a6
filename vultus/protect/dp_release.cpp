#include <vultus/protect/dp_release.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <Eigen/Cholesky>
#include <Eigen/Dense>

namespace vultus::protect {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kMostNumbers = 1 << 26;
constexpr double kRoundingUp = 1 + 1e-9;  // of the norm: eigenvalues are exact to about 1e-14

Eigen::Index index(std::size_t n) { return static_cast<Eigen::Index>(n); }

Eigen::Map<const RowMajor> view_of(const RowMatrix& m) { return {m.values.data(), index(m.rows), index(m.columns)}; }

RowMatrix matrix_of(const RowMajor& m) {
  return {static_cast<std::size_t>(m.rows()), static_cast<std::size_t>(m.cols()),
          std::vector<double>(m.data(), m.data() + m.size())};
}

Status require_share(const DpReleaseOptions& options) {
  if (!(options.projection_share > 0 && options.projection_share < 1))
    return fail(
        ErrorCode::invalid_argument,
        "the share of the projection, " + std::to_string(options.projection_share) + ", must lie between 0 and 1");
  if (!(options.clip > 0) || !std::isfinite(options.clip))
    return fail(ErrorCode::invalid_argument, "the clip bound must be above 0 and finite");
  if (options.unit_rows < 1) return fail(ErrorCode::invalid_argument, "a protected unit has at least one row");
  if (options.rank < 1 || options.rank > options.dimensions)
    return fail(ErrorCode::invalid_argument, "rank " + std::to_string(options.rank) + ": 1 to the " +
                                                 std::to_string(options.dimensions) + " dimensions are allowed");
  return {};
}

}  // namespace

struct RandomProjection::Matrices {
  Eigen::MatrixXd r;        // d x k
  Eigen::MatrixXd gram;     // k x k: R^T R
  Eigen::VectorXd longest;  // k: eigenvector of the largest eigenvalue of gram
};

Result<RandomProjection> RandomProjection::draw(std::size_t columns, int dimensions, ProjectionKind kind,
                                                std::uint64_t seed) {
  if (dimensions < 1 || static_cast<std::size_t>(dimensions) > columns)
    return fail(ErrorCode::invalid_argument, std::to_string(dimensions) + " dimensions: 1 to the " +
                                                 std::to_string(columns) + " values of a row are allowed");
  if (static_cast<double>(columns) * dimensions > kMostNumbers)
    return fail(ErrorCode::resource_limit, "a projection of " + std::to_string(columns) + " values to " +
                                               std::to_string(dimensions) + " is above the limit of 2^26 numbers");
  auto matrices = std::make_shared<Matrices>();
  NoiseSource random = NoiseSource::seeded(seed);
  Eigen::MatrixXd& r = matrices->r;
  r.resize(index(columns), dimensions);
  const double scale = 1 / std::sqrt(static_cast<double>(dimensions));
  for (Eigen::Index i = 0; i < r.rows(); ++i)
    for (Eigen::Index j = 0; j < r.cols(); ++j) {
      VULTUS_TRY(const double value, random.normal());
      r(i, j) = scale * value;
    }
  if (kind == ProjectionKind::orthonormal) {
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(r);
    const Eigen::MatrixXd q = qr.householderQ() * Eigen::MatrixXd::Identity(r.rows(), r.cols());
    r = q;
  }
  matrices->gram = r.transpose() * r;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(matrices->gram);
  matrices->longest = eigen.eigenvectors().col(r.cols() - 1);
  const double norm = std::sqrt(eigen.eigenvalues()(r.cols() - 1)) * kRoundingUp;
  return RandomProjection(std::move(matrices), norm);
}

RowMatrix RandomProjection::project(const RowMatrix& rows) const { return matrix_of(view_of(rows) * matrices_->r); }

RowMatrix RandomProjection::reconstruct(const RowMatrix& projected, const RowMatrix& directions) const {
  const RowMajor kept = (view_of(projected) * view_of(directions)) * view_of(directions).transpose();
  // Y (R^T R)^-1 R^T
  const Eigen::MatrixXd coefficients = matrices_->gram.ldlt().solve(kept.transpose());
  return matrix_of(coefficients.transpose() * matrices_->r.transpose());
}

std::vector<double> RandomProjection::longest_row() const {
  const Eigen::VectorXd row = (matrices_->r * matrices_->longest).normalized();
  return {row.data(), row.data() + row.size()};
}

Result<DpMechanisms> calibrate(const DpReleaseOptions& options, double projection_norm) {
  VULTUS_CHECK(require_share(options));
  const double factor = options.relation == NeighbourRelation::replace ? 2 : 1;
  const double longest = options.clip * projection_norm;
  const double b = options.projection_share;
  const double rows = options.unit_rows;
  DpMechanisms made;
  made.projection.budget = {b * options.budget.epsilon, b * options.budget.delta};
  made.projection.sensitivity = factor * std::sqrt(rows) * longest;
  made.covariance.budget = {(1 - b) * options.budget.epsilon, (1 - b) * options.budget.delta};
  made.covariance.sensitivity = factor * rows * longest * longest;
  for (GaussianMechanism* one : {&made.projection, &made.covariance}) {
    VULTUS_TRY(one->sigma, gaussian_sigma(one->budget, one->sensitivity));
  }
  return made;
}

std::size_t clip_rows(RowMatrix& rows, double clip) {
  std::size_t clipped = 0;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    Eigen::Map<Eigen::VectorXd> row(rows.values.data() + i * rows.columns, index(rows.columns));
    const double norm = row.norm();
    if (norm <= clip) continue;
    row *= clip / norm;
    ++clipped;
  }
  return clipped;
}

Result<RowMatrix> noisy_projection(RowMatrix projected, double sigma, NoiseSource& noise) {
  VULTUS_CHECK(noise.add_to(projected.values, sigma));
  return projected;
}

Result<RowMatrix> noisy_covariance(const RowMatrix& projected, double sigma, NoiseSource& noise) {
  RowMajor covariance = view_of(projected).transpose() * view_of(projected);
  for (Eigen::Index i = 0; i < covariance.rows(); ++i)
    for (Eigen::Index j = i; j < covariance.cols(); ++j) {
      VULTUS_TRY(const double one, noise.normal());
      covariance(i, j) += sigma * one;
      covariance(j, i) = covariance(i, j);
    }
  return matrix_of(covariance);
}

RowMatrix top_directions(const RowMatrix& symmetric, int rank) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen{Eigen::MatrixXd(view_of(symmetric))};
  return matrix_of(eigen.eigenvectors().rightCols(rank));
}

Result<DpRelease> release_rows(RowMatrix rows, const DpReleaseOptions& options, NoiseSource& noise) {
  if (rows.rows == 0 || rows.columns == 0 || rows.values.size() != rows.rows * rows.columns)
    return fail(ErrorCode::invalid_argument, "a release needs rows of values");
  if (!std::ranges::all_of(rows.values, [](double v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "a value that is to be released is not finite");
  VULTUS_CHECK(require_share(options));
  VULTUS_TRY(const RandomProjection projection,
             RandomProjection::draw(rows.columns, options.dimensions, options.kind, options.projection_seed));
  DpRelease made;
  made.projection_norm = projection.norm();
  VULTUS_TRY(made.mechanisms, calibrate(options, projection.norm()));
  made.clipped = clip_rows(rows, options.clip);
  RowMatrix projected = projection.project(rows);
  VULTUS_TRY(const RowMatrix covariance, noisy_covariance(projected, made.mechanisms.covariance.sigma, noise));
  VULTUS_TRY(const RowMatrix noisy, noisy_projection(std::move(projected), made.mechanisms.projection.sigma, noise));
  made.rows = projection.reconstruct(noisy, top_directions(covariance, options.rank));
  return made;
}

}  // namespace vultus::protect
