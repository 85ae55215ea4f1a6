#include <apps/server/collections/collection_name.hpp>

#include <algorithm>

namespace vultus::server {
namespace {

constexpr std::size_t kMaxCollectionName = 63;

bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool is_collection_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxCollectionName && is_name_letter(name.front()) &&
         std::ranges::all_of(name, [](char c) { return is_name_letter(c) || c == '-' || c == '_'; });
}

}  // namespace vultus::server
