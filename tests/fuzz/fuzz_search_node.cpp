// Any bytes as a question to a search node (the first byte is q), as the hits it answers (h), or as its report: an
// error with a message, or values within their bounds that are written as they were read.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tests/fuzz/fuzz_target.hpp>
#include <vultus/gallery/shards/node_wire.hpp>

namespace {

using namespace vultus::gallery;  // NOLINT(google-build-using-namespace): the room under test
using vultus::fuzz::require;

template <class T>
bool sound(const vultus::Result<T>& read) {
  require(read || !read.error().message.empty(), "an error says something");
  return read.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'q') {
    const auto question = question_from(bytes);
    if (!sound(question)) return 0;
    require(question->kind == NodeQuestion::Kind::status || !question->probes.empty(), "a search has probes");
    require(question->probes.size() * question->options.top_k <= kMostHits, "a bounded number of answers");
    for (const vultus::Embedding& probe : question->probes)
      require(probe.values().size() == static_cast<std::size_t>(question->model.dimension), "of the dimension it says");
    require(wire_bytes(*question) == bytes, "what is read is written");
  } else if (data[0] == 'h') {
    constexpr std::size_t kProbes = 2;
    constexpr std::size_t kTop = 3;
    const auto hits = hits_from(bytes, kProbes, kTop);
    if (!sound(hits)) return 0;
    require(hits->lists.size() == kProbes, "one list for each probe");
    for (const auto& list : hits->lists) require(list.size() <= kTop, "no more than was asked for");
    require(wire_bytes(*hits) == bytes, "what is read is written");
  } else {
    const auto report = report_from(bytes);
    if (sound(report)) require(wire_bytes(*report) == bytes, "what is read is written");
  }
  return 0;
}
