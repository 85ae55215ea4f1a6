#include <vultus/expression/face_caption.hpp>

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::expression {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::size_t kHappiness = 3, kNeutral = 6;

FaceCaption drawn_caption(std::mt19937_64& engine) {
  FaceCaption caption;
  for (const ActionUnit& unit : au_table())
    if (engine() % 3 != 0) caption.units.push_back({unit.facs, static_cast<int>(engine() % 6)});
  caption.expression = engine() % kExpressions;
  return caption;
}

TEST(FaceCaptions, TellUnitsThenTheFace) {
  const FaceCaption caption{{{4, 0}, {6, 2}, {12, 3}}, kHappiness};
  EXPECT_EQ(caption_text(caption).value(),
            "AU4 brow lowerer absent, intensity -. AU6 cheek raiser slightly active, intensity B. "
            "AU12 lip corner puller active, intensity C. The face shows happiness with AU6, AU12.");
  EXPECT_EQ(expression_caption({{{4, 0}}, kNeutral}).value(), "The face shows neutral with no action unit.");
}

TEST(FaceCaptions, UnitsToCaptionToUnitsIsTheIdentity) {
  std::mt19937_64 engine(3);
  for (int i = 0; i < 2000; ++i) {
    const FaceCaption caption = drawn_caption(engine);
    const std::string text = caption_text(caption).value();
    const auto back = read_caption(text);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, caption);
  }
}

TEST(FaceCaptions, WhatIsReadIsWhatWouldBeWritten) {
  // Bytes are changed, taken out and doubled: what is still read gives these very bytes again.
  std::mt19937_64 engine(4);
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text = caption_text(drawn_caption(engine)).value();
    for (std::uint64_t changes = 1 + engine() % 3; changes > 0 && !text.empty(); --changes) {
      const std::size_t at = engine() % text.size();
      switch (engine() % 4) {
        case 0: text[at] = static_cast<char>(engine() % 256); break;
        case 1: text.erase(at, 1 + engine() % 30); break;
        case 2: text.insert(at, text.substr(engine() % text.size(), 1 + engine() % 30)); break;
        default: text.resize(at); break;
      }
    }
    const auto read = read_caption(text);
    if (!read) {
      EXPECT_EQ(read.error().code, ErrorCode::corrupt_data);
      ++refused;
    } else {
      EXPECT_EQ(caption_text(*read).value(), text);
    }
  }
  EXPECT_GT(refused, 4000);
}

TEST(FaceCaptions, FaultsAreNamed) {
  const auto why = [](std::string_view text) { return read_caption(text).error().message; };
  EXPECT_THAT(why(""), HasSubstr("missing"));
  EXPECT_THAT(why("AU3 nothing absent, intensity -. The face shows anger with no action unit."),
              HasSubstr("AU3 is not in the table"));
  EXPECT_THAT(why("AU12 lip corner puller active, intensity B. The face shows anger with AU12."),
              HasSubstr("do not fit together"));
  EXPECT_THAT(why("AU12 lip corner puller active, intensity C. The face shows anger with AU6."),
              HasSubstr("other units"));
  EXPECT_THAT(why("AU12 lip corner puller active, intensity C. AU4 brow lowerer absent, intensity -. The face shows "
                  "anger with AU12."),
              HasSubstr("must rise"));
  EXPECT_THAT(why("The face shows joy with no action unit."), HasSubstr("no expression of the list"));
  EXPECT_THAT(why(std::string(70000, 'a')), HasSubstr("65536"));
  EXPECT_EQ(unit_caption({12, 6}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(caption_text({{{12, 1}, {4, 1}}, 0}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(caption_text({{}, 7}).error().code, ErrorCode::invalid_argument);
}

TEST(FaceCaptions, LevelsAreTheNearestWholeIntensity) {
  EXPECT_EQ(caption_level(-1), 0);
  EXPECT_EQ(caption_level(0.4), 0);
  EXPECT_EQ(caption_level(2.6), 3);
  EXPECT_EQ(caption_level(9), 5);
  const std::vector<AuActivation> active{{12, 4, 2}, {6, 1, 1}};
  const std::vector<int> told{12, 4};
  EXPECT_THAT(captioned(active, told), ElementsAre(CaptionedUnit{4, 0}, CaptionedUnit{12, 3}));
}

}  // namespace
}  // namespace vultus::expression
