// Tables, protocols, and what TokBench brings: the first byte says which.
#include <string>
#include <string_view>

#include <vultus/engine/protocol_file.hpp>
#include <vultus/engine/table_file.hpp>
#include <vultus/engine/tokbench.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;

void check_table(std::string_view text) {
  const auto table = vultus::engine::parse_table(text, "fuzz");
  if (!table) {
    require(table.error().message.starts_with("fuzz"), "an error names the file");
    return;
  }
  require(table->rows() > 0 && !table->columns().empty(), "a table has rows and columns");
  for (std::size_t column = 0; column < table->columns().size(); ++column)
    require(table->find(table->columns()[column]) == column, "names of columns are unique");
}

void check_protocol(std::string_view text) {
  const auto protocol = vultus::engine::parse_protocol(text, "fuzz");
  if (!protocol) {
    require(protocol.error().message.starts_with("fuzz"), "an error names the file");
    return;
  }
  require(!protocol->name.empty() && !protocol->samples.empty() && !protocol->split.key.empty(), "a protocol is whole");
  require(protocol->split.folds >= 2 && protocol->split.folds <= 1000, "folds are in their range");
}

void check_results(std::string_view text) {
  const auto sets = vultus::engine::parse_tokbench_results(text, "fuzz");
  if (!sets) require(sets.error().message.starts_with("fuzz"), "an error names the file");
}

void check_annotations(std::string_view text) {
  if (const auto words = vultus::engine::parse_text_annotations(text, "fuzz"); words)
    for (const auto& picture : *words) require(picture.faces.empty(), "words are no faces");
  const auto pictures = vultus::engine::parse_face_annotations(text, "fuzz");
  if (!pictures) {
    require(pictures.error().message.starts_with("fuzz"), "an error names the file");
    return;
  }
  for (const auto& picture : *pictures) {
    require(picture.width > 0 && picture.height > 0, "pictures have sides");
    require(!picture.file.empty() && picture.file.front() != '/' && picture.file.find("../") == std::string::npos,
            "a name stays in the folder");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0: check_table(text); break;
    case 1: check_protocol(text); break;
    case 2: check_results(text); break;
    default: check_annotations(text);
  }
  return 0;
}
