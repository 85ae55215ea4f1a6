// Video-DPRP, our reading: rows of pixels released by a noisy random projection and a noisy covariance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/protect/dp_account.hpp>
#include <vultus/protect/dp_noise.hpp>

namespace vultus::protect {

/// Numbers in rows. values[row * columns + column].
struct RowMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values;
  bool operator==(const RowMatrix&) const = default;
};

/// Which data sets are neighbours.
enum class NeighbourRelation : std::uint8_t {
  add_remove,  ///< a unit is there, or its rows are 0 (grey); the number of rows is public
  replace,     ///< a unit is exchanged for another: both sensitivities double
};

/// How the projection is drawn. Always from a seed alone, never from data.
enum class ProjectionKind : std::uint8_t {
  orthonormal,  ///< random directions at right angles: norm 1, and all dimensions give everything back
  gaussian,     ///< N(0, 1/k), as the paper's reading has it; given back by its pseudo-inverse
};

struct DpReleaseOptions {
  PrivacyBudget budget{5, 1e-4};
  double projection_share = .5;  ///< of the budget for the projection, (0, 1); the covariance gets the rest
  double clip = 0;               ///< largest L2 norm of a row, > 0; chosen without looking at the data
  int dimensions = 64;           ///< k of the projection, [1, columns]
  int rank = 4;                  ///< r directions are kept, [1, k]
  int unit_rows = 1;             ///< rows that one protected unit can have, >= 1
  NeighbourRelation relation = NeighbourRelation::add_remove;
  ProjectionKind kind = ProjectionKind::orthonormal;
  std::uint64_t projection_seed = 1;  ///< may be public
};

/// A random projection R of d columns to k. Immutable.
class RandomProjection {
 public:
  /// @error invalid_argument  dimensions outside [1, columns]; resource_limit  more than 2^26 numbers
  /// @cost d k^2
  static Result<RandomProjection> draw(std::size_t columns, int dimensions, ProjectionKind kind, std::uint64_t seed);

  [[nodiscard]] double norm() const { return norm_; }  ///< spectral, of this very matrix, rounded up
  /// X R. @param rows  of the columns it was drawn for
  [[nodiscard]] RowMatrix project(const RowMatrix& rows) const;
  /// Y V V^T R^+, with V a matrix of k rows. R^+ is the pseudo-inverse: R^T for orthonormal ones.
  [[nodiscard]] RowMatrix reconstruct(const RowMatrix& projected, const RowMatrix& directions) const;
  /// The row of norm 1 that projects to the longest one: the worst neighbour.
  [[nodiscard]] std::vector<double> longest_row() const;

 private:
  struct Matrices;
  RandomProjection(std::shared_ptr<const Matrices> matrices, double norm)
      : matrices_(std::move(matrices)), norm_(norm) {}
  std::shared_ptr<const Matrices> matrices_;
  double norm_;
};

/// The two mechanisms of a release.
struct DpMechanisms {
  GaussianMechanism projection;  ///< P = XR + noise; sensitivity sqrt(m) B |R|
  GaussianMechanism covariance;  ///< C = (XR)^T XR + symmetric noise; sensitivity m (B |R|)^2
};

/// Noise for a projection of this norm. Sensitivities are doubled for NeighbourRelation::replace.
/// @error invalid_argument  an option outside its range
[[nodiscard]] Result<DpMechanisms> calibrate(const DpReleaseOptions& options, double projection_norm);

/// x min(1, B / |x|) for each row, in place. @return how many rows were shortened
std::size_t clip_rows(RowMatrix& rows, double clip);
/// Y + noise. @error as NoiseSource
[[nodiscard]] Result<RowMatrix> noisy_projection(RowMatrix projected, double sigma, NoiseSource& noise);
/// Y^T Y + noise that is independent on and above the diagonal and mirrored below it. @error as NoiseSource
[[nodiscard]] Result<RowMatrix> noisy_covariance(const RowMatrix& projected, double sigma, NoiseSource& noise);
/// The eigenvectors of the `rank` largest eigenvalues of a symmetric matrix, in columns.
[[nodiscard]] RowMatrix top_directions(const RowMatrix& symmetric, int rank);

struct DpRelease {
  RowMatrix rows;  ///< released; private, so that whatever is done with it is, too
  DpMechanisms mechanisms;
  double projection_norm = 0;
  std::size_t clipped = 0;  ///< rows that were shortened. NOT private: for whoever holds the data
};

/// Clips, projects, adds noise, and reconstructs.
/// @param rows  centred by a public constant
/// @error invalid_argument  no rows, a value that is not finite, or an option outside its range
/// @error resource_limit    more than 2^26 numbers of a projection; internal  no random bytes
/// @thread no state beside the noise
/// @cost rows * columns * k, and columns * k^2
/// @source Video-DPRP, arXiv 2503.02132, as read in docs/systems/23-video-dprp.md
[[nodiscard]] Result<DpRelease> release_rows(RowMatrix rows, const DpReleaseOptions& options, NoiseSource& noise);

}  // namespace vultus::protect
