#include <vultus/engine/labelled_faces.hpp>

#include <algorithm>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/table_file.hpp>
#include <vultus/face/prominence.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

struct FoundPicture {
  fs::path path;
  int times = 0;
};

/// Every file below a folder, by its name and by its path from there.
Result<std::map<std::string, FoundPicture>> files_below(const std::string& images) {
  std::map<std::string, FoundPicture> files;
  std::error_code failed;
  fs::recursive_directory_iterator at(images, failed);
  for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
    if (!at->is_regular_file()) continue;
    const std::string name = at->path().filename().string(), way = at->path().lexically_relative(images).string();
    for (const std::string& key : {name, way}) {
      FoundPicture& found = files[key];
      found.path = at->path();
      ++found.times;
      if (name == way) break;
    }
  }
  if (failed) return fail(ErrorCode::not_found, "folder " + images + ": " + failed.message());
  return files;
}

/// The picture in the middle of a black one of twice its sides: detectors were made for faces with something around.
Result<Image> with_border(ImageView picture) {
  VULTUS_TRY(Image image, Image::create(2 * picture.width, 2 * picture.height, PixelFormat::rgb8));
  for (int y = 0; y < image.height(); ++y) {
    std::uint8_t* const row = image.row(y);
    std::fill_n(row, std::size_t{3} * static_cast<std::size_t>(image.width()), std::uint8_t{0});
    const int from = y - picture.height / 2;
    if (from >= 0 && from < picture.height)
      std::copy_n(picture.row(from), std::size_t{3} * static_cast<std::size_t>(picture.width),
                  row + std::ptrdiff_t{3} * (picture.width / 2));
  }
  return image;
}

/// A face of the picture with a border, in pixels of the picture.
FaceObservation without_border(FaceObservation face, ImageView picture) {
  // The border is a whole number of pixels.
  const int left = picture.width / 2, top = picture.height / 2;
  const auto dx = static_cast<float>(left), dy = static_cast<float>(top);
  face.box.x -= dx, face.box.y -= dy;
  for (Point2f& point : face.keypoints) point.x -= dx, point.y -= dy;
  if (face.landmarks)
    for (Point2f& point : face.landmarks->points) point.x -= dx, point.y -= dy;
  return face;
}

}  // namespace

Result<LabelledPictures> read_labelled_pictures(const std::string& images, const std::string& labels) {
  VULTUS_TRY(TableFile file, read_table(labels));
  VULTUS_TRY(const auto below, files_below(images));
  const std::size_t column = file.table.find("image").value_or(file.table.find("file").value_or(0));
  LabelledPictures made{.table = std::move(file.table), .sha256 = std::move(file.sha256), .files = {}};
  for (std::size_t row = 0; row < made.table.rows(); ++row) {
    const std::string& name = made.table.at(row, column);
    const auto about = [&](std::string_view what) {
      return fmt::format("{} line {}: picture \"{}\" is {} {}", labels, made.table.line(row), name, what, images);
    };
    const auto at = below.find(name);
    if (at == below.end()) return fail(ErrorCode::not_found, about("not in"));
    if (at->second.times > 1) return fail(ErrorCode::invalid_argument, about("more than once in"));
    made.files.push_back(at->second.path);
  }
  return made;
}

FaceObservation middle_face(ImageView picture) {
  const auto w = static_cast<float>(picture.width), h = static_cast<float>(picture.height);
  FaceObservation face;
  face.box = {w / 6, h / 6, 2 * w / 3, 2 * h / 3};
  face.keypoints = {{{0.35F * w, 0.4F * h},
                     {0.65F * w, 0.4F * h},
                     {0.5F * w, 0.57F * h},
                     {0.38F * w, 0.72F * h},
                     {0.62F * w, 0.72F * h}}};
  return face;
}

Result<MainFace> main_face(face::FaceFinder& finder, ImageView picture) {
  VULTUS_TRY(auto faces, finder.find(picture));
  if (!faces.empty())
    return MainFace{.face = std::move(face::most_prominent(faces, picture.width, picture.height)), .detected = true};
  VULTUS_TRY(const Image bordered, with_border(picture));
  VULTUS_TRY(faces, finder.find(bordered.view()));
  if (!faces.empty())
    return MainFace{
        .face = without_border(std::move(face::most_prominent(faces, bordered.width(), bordered.height())), picture),
        .detected = true};
  FaceObservation middle = middle_face(picture);
  const face::ScoredBox sure{.box = middle.box, .score = Score{1.0F}, .known = true, .eyes = {}};
  VULTUS_TRY(auto described, finder.describe(picture, std::span(&sure, 1)));
  if (!described.empty()) middle = std::move(described.front());
  return MainFace{.face = std::move(middle), .detected = false};
}

}  // namespace vultus::engine
