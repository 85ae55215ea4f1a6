#include <vultus/gallery/search_choice.hpp>

namespace vultus {
namespace {

// Below, what reads more and looks once is as fast; measured with bench/gallery.
constexpr std::int64_t kBytesFrom = 500;
constexpr std::int64_t kCascadeFrom = 8'000;

}  // namespace

SearchMethod usual_method(std::int64_t faces) {
  if (faces < kBytesFrom) return SearchMethod::floats;
  return faces < kCascadeFrom ? SearchMethod::bytes : SearchMethod::cascade;
}

std::optional<SearchMethod> search_method_from(std::string_view name) {
  for (const SearchMethod method :
       {SearchMethod::automatic, SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade, SearchMethod::cells})
    if (name == name_of(method)) return method;
  return std::nullopt;
}

}  // namespace vultus
