#include <vultus/gallery/search_choice.hpp>

namespace vultus {
namespace {

// As in index/template_view.cpp; search_choice_test.cpp holds them against the index.
constexpr std::int64_t kBytesFrom = 500;
constexpr std::int64_t kCascadeFrom = 8'000;

}  // namespace

SearchMethod usual_method(std::int64_t faces) {
  if (faces < kBytesFrom) return SearchMethod::floats;
  return faces < kCascadeFrom ? SearchMethod::bytes : SearchMethod::cascade;
}

}  // namespace vultus
