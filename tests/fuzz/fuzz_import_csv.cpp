// Hostile tables of other face analysers: reading ends with an error, or with a Timeline that can be exported.
#include <sstream>
#include <string>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/import_csv.hpp>

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using vultus::fuzz::require;
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  vultus::Timeline timeline;
  const auto done = vultus::import_csv(in, {.name = "t.csv"}, timeline);
  if (done) {
    require(done->faces <= done->rows && done->ignored.size() <= static_cast<std::size_t>(done->columns),
            "counts belong together");
    require(static_cast<std::int64_t>(timeline.observations().size()) == done->faces, "every face is in the Timeline");
  } else {
    require(!done.error().message.empty(), "an error says something");
  }
  std::ostringstream text;
  require(vultus::write_csv(timeline, text).has_value(), "what was read can be exported");
  return 0;
}
