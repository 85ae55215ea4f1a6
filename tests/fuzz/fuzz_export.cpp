// Exports of galleries: reading ends with an answer or an error, and what was read can be written again.
// The checksums would keep the fuzzer out, so an input that begins with 'S' gets a right one on every line.
#include <string>
#include <string_view>

#include <vultus/gallery/exchange/export_hash.hpp>
#include <vultus/gallery/export_file.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;

std::string with_sum(std::string_view line) {
  std::string text(line.ends_with('}') ? line.substr(0, line.size() - 1) : line);
  text += ",\"sum\":\"" + vultus::gallery::sum_of_line(text) + "\"}";
  return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool add_sums = text.starts_with('S');
  if (add_sums) text.remove_prefix(1);
  vultus::ExportLines again;
  vultus::ExportReader reader({.header = [&](const vultus::ExportHeader& header) -> vultus::Status {
                                 require(again.header(header).ends_with("\"}\n"), "a header is written again");
                                 return {};
                               },
                               .subject = [&](const vultus::Subject& subject) -> vultus::Status {
                                 require(!subject.name.empty(), "a subject has a name");
                                 (void)again.subject(subject);
                                 return {};
                               },
                               .face = [&](const vultus::ExportedFace& face) -> vultus::Status {
                                 require(!face.values.empty(), "a face has a template");
                                 (void)again.face(face);
                                 return {};
                               }});
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (!reader.take(add_sums ? with_sum(line) : std::string(line))) return 0;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  (void)reader.finish();
  return 0;
}
