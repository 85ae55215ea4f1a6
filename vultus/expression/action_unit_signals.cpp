#include <vultus/expression/action_unit_signals.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace vultus::expression {
namespace {

using UnitEvidence::transfers;
using UnitEvidence::unverified;
using UnitEvidence::weak;

// The last number but one of a row is the signal of an average face at rest, measured on 312 adults of FairFace (CC
// BY 4.0) who are seen from the front: the median; for the units that a smile moves (6, 12, 14, 15, 20, 25, 26, 28) the
// quartile on the side of rest.
constexpr std::array<UnitRow, kUnits> kUnitRows{
    {{1, "inner brow raiser", "inner brows above the inner eye corners", 0.1, 0.2829, weak},
     {2, "outer brow raiser", "outer brows above the outer eye corners", 0.1, 0.2881, weak},
     {4, "brow lowerer", "brows together and down", 0.08, -0.4968, weak},
     {5, "upper lid raiser", "height of the eye opening", 0.05, 0.0867, weak},
     {6, "cheek raiser", "cheeks towards the lower lids", 0.08, -0.3404, weak},
     {7, "lid tightener", "lower lids up, the eyes narrower", 0.05, -0.0664, weak},
     {9, "nose wrinkler", "sides of the nose towards the eyes", 0.06, -0.4609, weak},
     {10, "upper lip raiser", "upper lip towards the nose", 0.06, -0.1545, weak},
     {12, "lip corner puller", "mouth corners apart and up", 0.18, 0.5727, transfers},
     {14, "dimpler", "mouth corners apart, lips together", 0.12, 0.5362, unverified},
     {15, "lip corner depressor", "mouth corners down", 0.07, 0.0214, weak},
     {17, "chin raiser", "lower lip towards the chin", 0.08, -0.3539, weak},
     {20, "lip stretcher", "mouth corners apart and down", 0.14, 0.6056, transfers},
     {23, "lip tightener", "lips thinner", 0.1, -0.2020, weak},
     {25, "lips part", "gap between the lips", 0.2, 0.0257, transfers},
     {26, "jaw drop", "chin away from the nose", 0.3, 0.7336, unverified},
     {28, "lip suck", "lips thin and closed", 0.14, -0.2334, unverified},
     {45, "blink", "closure of both eyes against what is usual", 1, 0.0000, transfers}}};

/// The head turned to the front, in distances of the outer eye corners: x to the picture's right, y down.
class FrontalMesh {
 public:
  FrontalMesh(std::span<const float> rows, const std::array<double, 3>& angles) : rows_(rows) {
    const double sx = std::sin(angles[0]), cx = std::cos(angles[0]), sy = std::sin(angles[1]), cy = std::cos(angles[1]),
                 sz = std::sin(angles[2]), cz = std::cos(angles[2]);
    // Columns of R = Rx Ry Rz: their products with a vector are its coordinates in the head.
    x_ = {cy * cz, cx * sz + cz * sx * sy, sx * sz - cx * cz * sy};
    y_ = {-cy * sz, cx * cz - sx * sy * sz, cz * sx + cx * sy * sz};
    z_ = {sy, -cy * sx, cx * cy};
    constexpr std::size_t kRightEye = 33, kLeftEye = 263;
    const auto a = raw(kRightEye), b = raw(kLeftEye);
    size_ = std::sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
  }
  [[nodiscard]] double size() const { return size_; }
  /// How far point b lies below point a.
  [[nodiscard]] double below(std::size_t a, std::size_t b) const { return (raw(b)[1] - raw(a)[1]) / size_; }
  /// How far apart two points are sideways.
  [[nodiscard]] double across(std::size_t a, std::size_t b) const { return std::abs(raw(b)[0] - raw(a)[0]) / size_; }
  [[nodiscard]] double distance(std::size_t a, std::size_t b) const {
    const auto p = raw(a), q = raw(b);
    return std::sqrt((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) + (p[2] - q[2]) * (p[2] - q[2])) /
           size_;
  }
  /// The mean of `below` on the right side of the face and on the left.
  [[nodiscard]] double below(std::pair<std::size_t, std::size_t> right,
                             std::pair<std::size_t, std::size_t> left) const {
    return (below(right.first, right.second) + below(left.first, left.second)) / 2;
  }

 private:
  [[nodiscard]] std::array<double, 3> raw(std::size_t i) const {
    const double px = rows_[3 * i], py = rows_[3 * i + 1], pz = rows_[3 * i + 2];
    return {x_[0] * px + x_[1] * py + x_[2] * pz, y_[0] * px + y_[1] * py + y_[2] * pz,
            z_[0] * px + z_[1] * py + z_[2] * pz};
  }

  std::span<const float> rows_;
  std::array<double, 3> x_{}, y_{}, z_{};
  double size_ = 0;
};

}  // namespace

const std::array<UnitRow, kUnits>& action_units() { return kUnitRows; }

Result<UnitSignals> unit_signals(std::span<const float> rows, const std::array<double, 3>& rotation) {
  constexpr std::size_t kNeeded = 3 * 468;
  if (rows.size() < kNeeded)
    return fail(ErrorCode::invalid_argument,
                "action units: " + std::to_string(rows.size() / 3) + " points, 468 are needed");
  if (!std::ranges::all_of(rows.first(kNeeded), [](float v) { return std::isfinite(v); }))
    return fail(ErrorCode::invalid_argument, "action units: points that are not finite");
  const FrontalMesh m(rows, rotation);
  if (!(m.size() > 0)) return fail(ErrorCode::invalid_argument, "action units: the eye corners are one point");
  const double inner_brow = m.below({107, 133}, {336, 362}), outer_brow = m.below({105, 33}, {334, 263});
  const double brow_gap = m.across(107, 336);
  const double aperture = m.below({159, 145}, {386, 374});
  const double lower_lid = m.below({145, 133}, {374, 362});  // of the lid above the inner corner
  const double cheek = m.below({145, 50}, {374, 280}), nose_wing = m.below({133, 98}, {362, 327});
  const double upper_lip = m.below(2, 0), width = m.distance(61, 291);
  const double corner_drop = (m.below(13, 61) + m.below(13, 291) + m.below(14, 61) + m.below(14, 291)) / 4;
  const double lips = m.distance(0, 13) + m.distance(14, 17), parted = m.distance(13, 14);
  const double chin = m.below(17, 152), jaw = m.below(2, 152);
  return UnitSignals{inner_brow,
                     outer_brow,
                     -brow_gap - 0.5 * inner_brow,
                     aperture,
                     -cheek,
                     lower_lid - 0.5 * aperture,
                     -nose_wing,
                     -upper_lip,
                     width - corner_drop,
                     width - parted,
                     corner_drop,
                     -chin,
                     width + corner_drop,
                     -lips,
                     parted,
                     jaw,
                     -lips - parted};
}

double unit_intensity(const UnitRow& unit, double signal, double neutral) {
  return std::clamp(5 * (signal - neutral) / unit.full, 0.0, 5.0);
}

}  // namespace vultus::expression
