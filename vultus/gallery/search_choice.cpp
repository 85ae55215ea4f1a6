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

}  // namespace vultus
