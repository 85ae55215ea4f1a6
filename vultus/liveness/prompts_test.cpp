// Sentences of SLIP and FA3-CLIP, and their words as numbers.
#include <vultus/liveness/prompts.hpp>

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::liveness {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(SlipPrompts, SayWhereAndWhat) {
  EXPECT_EQ(slip_prompt(0, 0).value(), "the upper part of the face being occluded by a paper");
  EXPECT_EQ(slip_prompt(7, 4).value(), "the lower right part of the face being occluded by a dog");
  EXPECT_FALSE(slip_prompt(8, 0));
  EXPECT_FALSE(slip_prompt(0, 14));
}

TEST(SlipPrompts, AreEightTimesFourteenDifferentSentences) {
  const auto all = slip_spoof_prompts();
  EXPECT_EQ(all.size(), 112U);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 112U);
  EXPECT_EQ(all[15], slip_prompt(1, 1).value());
}

TEST(Fa3Prompts, NameNoAttack) {
  for (const std::string_view ending : kFa3Endings)
    for (const std::string_view thing : kSlipObjects)
      EXPECT_THAT(std::string(ending), ::testing::Not(HasSubstr(thing)));
}

TEST(WordTokenizer, NumbersWordsInTheOrderOfTheAlphabet) {
  const std::vector<std::string> sentences{"b a", "c  b"};
  const WordTokenizer tokenizer = WordTokenizer::of(sentences);
  EXPECT_EQ(tokenizer.size(), 6U);  // padding, start, end, a = 3, b = 4, c = 5
  EXPECT_THAT(tokenizer.encode("c a b", 6).value(), ElementsAre(1, 5, 3, 4, 2, 0));
  EXPECT_THAT(tokenizer.encode("", 2).value(), ElementsAre(1, 2));
}

TEST(WordTokenizer, RefusesWhatItDoesNotKnowOrHasNoRoomFor) {
  const std::vector<std::string> sentences{"a live face"};
  const WordTokenizer tokenizer = WordTokenizer::of(sentences);
  EXPECT_THAT(tokenizer.encode("a dead face", 9).error().message, HasSubstr("\"dead\""));
  EXPECT_THAT(tokenizer.encode("a live face", 4).error().message, HasSubstr("3 words"));
}

}  // namespace
}  // namespace vultus::liveness
