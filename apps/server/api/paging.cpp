#include <apps/server/api/paging.hpp>

#include <sodium.h>

#include <vultus/core/utf8.hpp>

namespace vultus::server {

std::size_t page_size(const Call& call) {
  return static_cast<std::size_t>(call.integer("limit").value_or(std::int64_t{kUsualPage}));
}

std::string cursor_behind(std::string_view last) {
  std::string text(sodium_base64_ENCODED_LEN(last.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(last.data()), last.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back();  // the NUL
  return text;
}

Checked<std::string> page_begin(const Call& call) {
  const auto cursor = call.text("cursor");
  if (!cursor) return std::string();
  std::string last(cursor->size(), '\0');
  std::size_t length = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(last.data()), last.size(), cursor->data(), cursor->size(),
                        nullptr, &length, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return problem("parameter_not_valid", "cursor: is none that was given out");
  last.resize(length);
  if (last.empty() || !is_utf8(last)) return problem("parameter_not_valid", "cursor: is none that was given out");
  return last;
}

}  // namespace vultus::server
