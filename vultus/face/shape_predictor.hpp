// Landmarks by a cascade of regression trees, from the files of dlib.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/geometry.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::face {

/// A rectangle of whole pixels, its last column and row included: as dlib counts.
struct PixelRect {
  int left = 0, top = 0, right = 0, bottom = 0;
  bool operator==(const PixelRect&) const = default;
};

/// Immutable after load; any thread.
/// @source V. Kazemi, J. Sullivan, One Millisecond Face Alignment with an Ensemble of Regression Trees, CVPR 2014;
///         format and rounding: dlib 19.24, image_processing/shape_predictor.h (Boost Software License)
class ShapePredictor {
 public:
  /// @param bytes   a file of dlib's shape_predictor
  /// @param origin  its name, for messages
  /// @error corrupt_data  other or damaged bytes, or trees and points that do not fit each other
  static Result<ShapePredictor> parse(std::span<const std::uint8_t> bytes, std::string_view origin);
  /// @param file  at most 256 MiB
  /// @error not_found  no such file; corrupt_data  as parse()
  static Result<ShapePredictor> load(const std::filesystem::path& file);

  /// How many points it gives.
  [[nodiscard]] std::size_t parts() const { return initial_.size(); }

  /// Finds the points of the face in a rectangle. Pixels outside the picture count as black.
  /// @param picture  rgb8 or gray8, upright
  /// @param face     as dlib's face detector gives it: from the brows to the chin; may leave the picture
  /// @return whole picture pixels
  /// @error invalid_argument  no picture, or a rectangle that is empty or further out than a million pixels
  [[nodiscard]] Result<std::vector<Point2f>> find(ImageView picture, const PixelRect& face) const;

 private:
  struct Split {
    std::uint32_t first = 0, second = 0;  // pixels that are compared
    float threshold = 0;
  };
  /// A pixel that is looked at: as a step from a point of the initial shape.
  struct Probe {
    std::uint32_t anchor = 0;
    Point2f step;
  };
  struct Tree {
    std::vector<Split> splits;   // a full binary tree, level by level
    std::vector<Point2f> steps;  // one shape a leaf
  };
  struct Stage {
    std::vector<Tree> trees;
    std::vector<Probe> probes;
  };
  friend class ShapeReader;

  std::vector<Point2f> initial_;  // in the rectangle as unit square
  std::vector<Stage> stages_;
};

}  // namespace vultus::face
