// Forms with files: multipart/form-data (RFC 7578, RFC 2046), as browsers and HTTP libraries write them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::server {

struct MultipartLimits {
  std::size_t parts = 256;                ///< at least 1
  std::size_t header_bytes = 8UL << 10U;  ///< of one part
  std::size_t name_bytes = 1024;          ///< of a field's name, and of a file's
};

/// One field of a form.
struct FormPart {
  std::string name;
  std::optional<std::string> file_name;  ///< as the caller calls it: may hold slashes, is never a path of ours
  std::string content_type;              ///< as sent, without parameters, lower case; "text/plain" where there is none
  std::string_view content;              ///< in the body that was read
};

/// Reads one part after the other; nothing of the content is copied. Thread-compatible.
class MultipartReader {
 public:
  /// @param content_type  of the request, with its boundary
  /// @param body          lives as long as this and the parts
  /// @error unsupported   another media type
  /// @error corrupt_data  no boundary, or one that RFC 2046 does not allow; a body without its first delimiter
  static Result<MultipartReader> open(std::string_view content_type, std::string_view body,
                                      MultipartLimits limits = {});

  /// @return the next part, or nothing after the last
  /// @error corrupt_data    a part without end, without a name, with a header that is none; names that are not UTF-8 or
  /// hold
  ///                        control characters; after an error there is no next part
  /// @error resource_limit  more than the limits
  /// @error unsupported     a part in base64 or quoted-printable
  Result<std::optional<FormPart>> next();

 private:
  MultipartReader(std::string delimiter, std::string_view body, MultipartLimits limits);

  std::string delimiter_;  // CR LF -- boundary
  std::string_view rest_;  // behind the delimiter of the next part
  MultipartLimits limits_;
  std::size_t read_ = 0;
  bool ended_ = false;
};

/// All parts at once.
/// @error as open() and next()
/// @thread any
[[nodiscard]] Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                                            MultipartLimits limits = {});

}  // namespace vultus::server
