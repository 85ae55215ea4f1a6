#include <vultus/gallery/search_choice.hpp>

#include <array>

#include <gtest/gtest.h>

#include <vultus/gallery/index/template_index.hpp>

namespace vultus::gallery {
namespace {

TEST(SearchChoice, IsThatOfTheIndexAtEverySize) {
  TemplateIndex index(ModelId("m"), 2);
  const std::array<float, 2> values{0.6F, 0.8F};
  for (std::int64_t i = 1; i <= 8'100; ++i) {
    const IndexedFace face{FaceId(i), SubjectId(1), values};
    ASSERT_TRUE(index.add({&face, 1}));
    ASSERT_EQ(usual_method(i), index.method()) << i << " faces";
  }
  EXPECT_EQ(usual_method(0), SearchMethod::floats);
  EXPECT_EQ(index.method(), SearchMethod::cascade);
}

}  // namespace
}  // namespace vultus::gallery
