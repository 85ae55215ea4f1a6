// Which files of a folder are pictures, and what they are called: by the rules of the Python package.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>

namespace vultus::compat {

/// Whether a name holds .jpg, .jpeg or .png, upper or lower case: anywhere, as the expression of the package does.
[[nodiscard]] bool names_a_picture(std::string_view name);

/// The pictures directly in a folder, sorted by the bytes of their names; folders are left out.
/// @return FOLDER/name; one slash between them
/// @error not_found  no such folder
[[nodiscard]] Result<std::vector<std::string>> pictures_in(const std::string& folder);

/// The name of a file without folder and last extension: who is on a known picture.
[[nodiscard]] std::string stem_of(std::string_view path);

/// A picture in full size, upright, RGB.
/// @error as media::read_picture()
[[nodiscard]] Result<Image> read_rgb(const std::string& path);

/// The picture, shrunk so that its longer side has `most` pixels where it has more.
[[nodiscard]] Result<Image> at_most(Image picture, int most);

}  // namespace vultus::compat
