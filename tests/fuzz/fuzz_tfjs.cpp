// Models of TensorFlow.js: JSON up to the first zero byte, then the bytes of the shards.
#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include <vultus/runtime/tfjs.hpp>

#include "fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const auto text = static_cast<std::size_t>(std::ranges::find(bytes, 0) - bytes.begin());
  const std::span shards = bytes.subspan(std::min(size, text + 1));
  constexpr std::array<std::int64_t, 4> kShape{1, 8, 8, 3};
  const auto graph =
      vultus::runtime::tfjs_to_graphdef({reinterpret_cast<const char*>(data), text}, shards, kShape, "f");
  if (graph) {
    // Numbers of one byte become four; everything else is copied.
    vultus::fuzz::require(graph->size() <= 64 * (size + 1) + 4096, "a graph is not much larger than its model");
    return 0;
  }
  vultus::fuzz::require(!graph.error().message.empty(), "an error says something");
  vultus::fuzz::require(
      graph.error().code == vultus::ErrorCode::corrupt_data || graph.error().code == vultus::ErrorCode::unsupported,
      "bytes are never our fault");
  return 0;
}
