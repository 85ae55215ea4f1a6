// Faces at rest that were saved.
#include <string_view>

#include <vultus/expression/neutral_baseline.hpp>

#include "fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = vultus::expression::parse_baseline({reinterpret_cast<const char*>(data), size}, "f");
  if (read) {
    const auto again = vultus::expression::parse_baseline(vultus::expression::to_json(*read), "g");
    vultus::fuzz::require(again && *again == *read, "what is written is read as it was");
    return 0;
  }
  vultus::fuzz::require(!read.error().message.empty(), "an error says something");
  return 0;
}
