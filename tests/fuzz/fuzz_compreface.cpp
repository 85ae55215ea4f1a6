// Dumps of CompreFace: reading ends with an answer or an error, and what is told fits together.
#include <sstream>
#include <string>

#include <vultus/gallery/compreface_dump.hpp>

#include "fuzz_target.hpp"

using vultus::fuzz::require;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  std::int64_t faces = 0;
  const auto contents = vultus::read_compreface_dump(
      in, {.face = [&](const vultus::ComprefaceFace& face) -> vultus::Status {
             ++faces;
             require(!face.values.empty() && !face.calculator.empty(), "a face has values and a calculator");
             return {};
           },
           .picture = [](const vultus::ComprefacePicture& /*picture*/) -> vultus::Status { return {}; }});
  if (!contents) return 0;
  std::int64_t told = 0;
  for (const auto& [name, calculator] : contents->calculators) told += calculator.faces;
  require(told == faces, "every face is counted");
  return 0;
}
