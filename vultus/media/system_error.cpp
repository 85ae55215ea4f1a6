#include <vultus/media/system_error.hpp>

#include <cerrno>
#include <system_error>

namespace vultus::media {
namespace {

ErrorCode code_of(int reason) {
  switch (reason) {
    case ENOENT:
    case ENOTDIR:
    case ELOOP: return ErrorCode::not_found;
    case ENAMETOOLONG:
    case EISDIR:
    case EBADF:
    case EINVAL: return ErrorCode::invalid_argument;
    default: return ErrorCode::resource_limit;
  }
}

std::string text_of(int reason) {
  switch (reason) {
    case ENOENT: return "no such file or folder";
    case ELOOP: return "symbolic links that lead in a circle";
    case EACCES: return "permission denied";
    case ENOSPC: return "the disk is full";
    case EROFS: return "the file system is read-only";
    default: return std::generic_category().message(reason);
  }
}

}  // namespace

Error system_failure(const std::string& name, std::string_view action, int reason) {
  return fail(code_of(reason), name + ": " + std::string(action) + ": " + text_of(reason));
}

}  // namespace vultus::media
