#include <gtest/gtest.h>

#include <vultus/learn/last_of_others.hpp>

namespace vultus::learn {
namespace {

TEST(LastOfOthers, IsNeverOfTheSameSubject) {
  LastOfOthers<int> faces;
  EXPECT_EQ(faces.than("ann"), nullptr);
  faces.keep(1, "ann");
  EXPECT_EQ(faces.than("ann"), nullptr);
  ASSERT_NE(faces.than("bob"), nullptr);
  EXPECT_EQ(*faces.than("bob"), 1);
  faces.keep(2, "ann"), faces.keep(3, "bob"), faces.keep(4, "bob");
  EXPECT_EQ(*faces.than("bob"), 2);
  EXPECT_EQ(*faces.than("ann"), 4);
  EXPECT_EQ(*faces.than("eve"), 4);
}

}  // namespace
}  // namespace vultus::learn
