// Any bytes as an exported head of an audit log: an error with a message, or a head that is written as it was read.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <tests/fuzz/fuzz_target.hpp>
#include <vultus/gallery/audit_note.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto head = vultus::audit_head_from_json({reinterpret_cast<const char*>(data), size});
  if (!head) {
    vultus::fuzz::require(!head.error().message.empty(), "an error says something");
    return 0;
  }
  vultus::fuzz::require(head->number >= 0, "records are counted from 0");
  const auto again = vultus::audit_head_from_json(vultus::audit_head_to_json(*head));
  vultus::fuzz::require(again && *again == *head, "what is written is read");
  return 0;
}
