// Pictures with labels from a table, and the one face of each that the label is about.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/evaluation/table.hpp>
#include <vultus/face/finder.hpp>

namespace vultus::engine {

/// A table whose rows name pictures.
struct LabelledPictures {
  evaluation::Table table;
  std::string sha256;                        ///< of the table's bytes
  std::vector<std::filesystem::path> files;  ///< of each row
};

/// @param images  folder; pictures may lie in folders below it
/// @param labels  CSV or JSON; its column "image" or "file" (else its first) names the pictures
/// @error as read_table(); not_found  the folder, or a picture of the table that is not in it, by its line;
///        invalid_argument  two pictures of one name below the folder, if the table names it
[[nodiscard]] Result<LabelledPictures> read_labelled_pictures(const std::string& images, const std::string& labels);

/// Where the face of an aligned crop usually lies: the middle two thirds of the picture, with keypoints, no score.
[[nodiscard]] FaceObservation middle_face(ImageView picture);

/// The face that the label of a picture is about.
struct MainFace {
  FaceObservation face;
  bool detected = true;  ///< false: the detector saw none, and the middle two thirds of the picture were taken for one
};

/// The most prominent face of a picture that surely holds one. Where the detector sees none it looks again with a black
/// border around the picture, since crops are often too tight for it; then the middle is taken.
/// @param picture  rgb8, upright
/// @error as FaceFinder::find()
[[nodiscard]] Result<MainFace> main_face(face::FaceFinder& finder, ImageView picture);

}  // namespace vultus::engine
