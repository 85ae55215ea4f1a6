// CSV files, and enrolment lists in them.
#include <string_view>

#include <vultus/media/csv.hpp>
#include <vultus/media/enrol_list.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;
using namespace vultus::media;  // NOLINT(google-build-using-namespace): the room under test

void check_row(const CsvRow& row) {
  require(!row.fields.empty(), "a record has a field");
  const std::string written = csv_row(row.fields);
  CsvReader again(written);
  const auto back = again.next();
  // Only a byte order mark is not given back: at the start of a file it is none of the text.
  if (written.starts_with("\xef\xbb\xbf")) return;
  require(back && *back && (**back).fields == row.fields, "what is written is read back");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CsvReader reader(text);
  std::size_t line = 0;
  // Each call takes at least one byte: more calls than bytes would never end.
  for (std::size_t calls = 0;; ++calls) {
    require(calls <= size + 1, "the reader comes to an end");
    const auto row = reader.next();
    if (!row) continue;
    if (!*row) break;
    require((*row)->line > line, "lines grow");
    line = (*row)->line;
    check_row(**row);
  }
  // The root folder exists everywhere: an empty relative name would name it.
  const auto list = parse_enrol_csv(text, "list.csv", "/");
  if (!list) return 0;
  for (const LabelledPicture& picture : list->pictures)
    require(check_subject_name(picture.subject).has_value() && !picture.path.empty(), "what is listed has a name");
  for (const InputError& error : list->errors)
    require(error.error.message.starts_with("list.csv: line "), "a bad row names its line");
  return 0;
}
