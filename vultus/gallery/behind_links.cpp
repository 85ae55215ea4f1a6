#include <vultus/gallery/behind_links.hpp>

#include <system_error>
#include <utility>

namespace vultus::gallery {

std::filesystem::path behind_links(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as Linux follows
  for (int i = 0; i < kMostLinks; ++i) {
    std::error_code failed;
    const auto about = std::filesystem::symlink_status(path, failed);
    if (failed || about.type() != std::filesystem::file_type::symlink) return path;
    std::filesystem::path target = std::filesystem::read_symlink(path, failed);
    if (failed) return path;
    path = target.is_absolute() ? std::move(target) : path.parent_path() / target;
  }
  return path;
}

}  // namespace vultus::gallery
