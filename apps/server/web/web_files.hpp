// The files of the web page, built into the program.
#pragma once

#include <span>
#include <string_view>

namespace vultus::server {

/// One file of the page. Its views live as long as the program.
struct WebFile {
  std::string_view path;  ///< as it is asked for: "/assets/index-3fa9c0d1.js"; the page itself is "/index.html"
  std::string_view type;  ///< Content-Type
  std::string_view etag;  ///< strong, with its quotes
  std::string_view plain;
  std::string_view gzip;  ///< the same bytes, compressed; empty where that is not smaller
  bool lasting = false;   ///< its path holds a hash of its bytes: it never changes
};

/// All files, by path. Empty: the program was built without the page. @thread any
[[nodiscard]] std::span<const WebFile> web_files();

}  // namespace vultus::server
