// Eyes from close by: irises, lids, and whether they are open.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::face {

/// The subject's.
enum class EyeSide : std::uint8_t { right, left };

inline constexpr std::size_t kEyeOutline = 16;  ///< points of an eye's outline

/// Points of the mesh around an eye, in the order of the iris network: the lower lid from the outer to the inner corner
/// (9 points), then the upper lid the same way without the corners (7).
[[nodiscard]] const std::array<std::uint16_t, kEyeOutline>& eye_outline(EyeSide side);

struct EyeReading {
  std::array<Point2f, 5> iris;               ///< centre, then four points on its edge; picture pixels
  std::array<Point2f, kEyeOutline> outline;  ///< of the lids, in the order of eye_outline()
};

/// How far open an eye is: the mean of two heights over the width between the corners (EAR).
/// @param corners  outer and inner
/// @param upper, lower  two points each, from outside to inside
/// @source T. Soukupova and J. Cech, Real-Time Eye Blink Detection using Facial Landmarks, CVWW 2016, eq. 1
/// @error invalid_argument  corners that are one point
[[nodiscard]] Result<double> eye_aspect(std::span<const Point2f, 2> corners, std::span<const Point2f, 2> upper,
                                        std::span<const Point2f, 2> lower);
/// The same of an outline. @error as above
[[nodiscard]] Result<double> eye_aspect(const EyeReading& eye);

/// MediaPipe's iris network. Thread-compatible: each worker loads its own.
class IrisNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<IrisNet> load(const runtime::ModelHandle& model);
  /// Looks at the square of 2.3 times the eye's width around it, level with both eyes; the left eye is shown mirrored.
  /// @param picture  rgb8, upright
  /// @param mesh     scheme mesh468 or mesh478
  /// @error invalid_argument  another scheme, or an eye without width; internal  the backend failed
  Result<EyeReading> find(ImageView picture, const Landmarks& mesh, EyeSide side);

 private:
  IrisNet(std::unique_ptr<runtime::Network> network, float crop_scale)
      : network_(std::move(network)), crop_scale_(crop_scale) {}
  std::unique_ptr<runtime::Network> network_;
  float crop_scale_;
};

/// A network that says whether an eye is open. Thread-compatible.
class EyeStateNet {
 public:
  /// @error invalid_argument  a model with another decoder; corrupt_data  from the backend
  static Result<EyeStateNet> load(const runtime::ModelHandle& model);
  /// @param corners  outer and inner corner of the eye
  /// @param centre   of its lids
  /// @return probability that it is open, [0, 1]
  /// @error invalid_argument  an eye outside the picture; internal  the backend failed
  Result<double> open(ImageView picture, std::span<const Point2f, 2> corners, Point2f centre);

 private:
  EyeStateNet(std::unique_ptr<runtime::Network> network, float crop_scale)
      : network_(std::move(network)), crop_scale_(crop_scale) {}
  std::unique_ptr<runtime::Network> network_;
  float crop_scale_;
};

}  // namespace vultus::face
