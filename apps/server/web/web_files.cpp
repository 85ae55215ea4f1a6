#include <apps/server/web/web_files.hpp>

#ifdef VULTUS_WEB_BLOB

#include <array>

// VULTUS_WEB_BLOB is the path of the files, one behind the other; VULTUS_WEB_TABLE says where each lies.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    ".hidden vultus_web_blob\n"
    ".global vultus_web_blob\n"
    "vultus_web_blob:\n"
    ".incbin \"" VULTUS_WEB_BLOB
    "\"\n"
    ".byte 0\n"
    ".popsection\n");
// NOLINTNEXTLINE(readability-identifier-naming,modernize-avoid-c-arrays): a symbol of the assembler, of unknown length.
extern "C" const char vultus_web_blob[];

namespace vultus::server {
namespace {

std::string_view blob_part(std::size_t begin, std::size_t size) { return {vultus_web_blob + begin, size}; }

}  // namespace

std::span<const WebFile> web_files() {
  static const std::array kFiles = std::to_array<WebFile>({
#include VULTUS_WEB_TABLE
  });
  return kFiles;
}

}  // namespace vultus::server

#else

namespace vultus::server {

std::span<const WebFile> web_files() { return {}; }

}  // namespace vultus::server

#endif
