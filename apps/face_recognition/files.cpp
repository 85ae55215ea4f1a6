#include <apps/face_recognition/files.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::compat {
namespace {

namespace fs = std::filesystem;

/// The whole number beside `side` that keeps the proportion of the sides best, as Pillow's thumbnail() does.
int rounded(double side, double proportion, bool is_width, int other) {
  const auto off = [&](double n) { return std::abs(proportion - (is_width ? n / other : other / n)); };
  const double low = std::max(1.0, std::floor(side)), high = std::max(1.0, std::ceil(side));
  return static_cast<int>(off(low) <= off(high) ? low : high);
}

}  // namespace

bool names_a_picture(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower.find(".jpg") != std::string::npos || lower.find(".jpeg") != std::string::npos ||
         lower.find(".png") != std::string::npos;
}

Result<std::vector<std::string>> pictures_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code ignored;
    if (names_a_picture(at->path().filename().string()) && !at->is_directory(ignored))
      names.push_back(at->path().filename().string());
  }
  if (failed) return fail(ErrorCode::not_found, folder + ": " + failed.message());
  std::ranges::sort(names);
  const std::string begin = folder.empty() || folder.back() == '/' ? folder : folder + "/";
  for (std::string& name : names) name.insert(0, begin);
  return names;
}

std::string stem_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t first = name.find_first_not_of('.');  // dots at the beginning are no extension
  const std::size_t dot = name.rfind('.');
  const bool has_extension = first != std::string_view::npos && dot != std::string_view::npos && dot > first;
  return std::string(has_extension ? name.substr(0, dot) : name);
}

Result<Image> read_rgb(const std::string& path) {
  VULTUS_TRY(media::Picture picture, media::read_picture(path));
  return std::move(picture.image);
}

Result<Image> at_most(Image picture, int most) {
  const int width = picture.width(), height = picture.height();
  if (std::max(width, height) <= most) return picture;
  const double proportion = double{1} * width / height;
  const bool wide = proportion >= 1;
  const int new_width = wide ? most : rounded(most * proportion, proportion, true, most);
  const int new_height = wide ? rounded(most / proportion, proportion, false, most) : most;
  VULTUS_TRY(Image small, Image::create(new_width, new_height, picture.format()));
  VULTUS_CHECK(media::resize_into(picture.view(), {0, 0, static_cast<float>(width), static_cast<float>(height)},
                                  small.mutable_view()));
  return small;
}

}  // namespace vultus::compat
