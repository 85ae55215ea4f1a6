// Thresholds of liveness by camera.
#include <string_view>

#include <vultus/liveness/camera_thresholds.hpp>

#include "fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = vultus::liveness::parse_camera_thresholds({reinterpret_cast<const char*>(data), size}, "f");
  if (read) {
    for (const auto& [name, camera] : *read)
      vultus::fuzz::require(camera.threshold > 0 && camera.threshold < 1, "a threshold that was read is one");
    const auto again = vultus::liveness::parse_camera_thresholds(vultus::liveness::to_json(*read), "g");
    vultus::fuzz::require(again && *again == *read, "what is written is read as it was");
    return 0;
  }
  vultus::fuzz::require(!read.error().message.empty(), "an error says something");
  return 0;
}
