// Configurations of liveness networks: what is told is read, what is wrong is named.
#include <vultus/learn/spoof_config.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;

std::string fault_of(const char* json) { return parse_spoof_config(json, "run.json").error().message; }

TEST(SpoofConfig, ReadsWhatIsToldAndKeepsTheRest) {
  const SpoofConfig config = parse_spoof_config(
                                 R"({"name": "x", "width": 32, "heads": 2, "frequency": false, "batch": 8, "seed": 9,
                                     "left_out": ["mask"], "keep": "f32", "card": {"data": "planted"}})",
                                 "run.json")
                                 .value();
  EXPECT_EQ(config.width, 32);
  EXPECT_FALSE(config.frequency);
  EXPECT_TRUE(config.prompts);
  EXPECT_EQ(config.batch, 8);
  EXPECT_EQ(config.seed, 9U);
  EXPECT_EQ(config.keep, WeightKind::f32);
  EXPECT_THAT(config.left_out, ::testing::ElementsAre("mask"));
  EXPECT_EQ(config.card.at("data"), "planted");
}

TEST(SpoofConfig, FaultsAreNamed) {
  EXPECT_THAT(fault_of("{}"), HasSubstr("run.json: \"name\" is missing"));
  EXPECT_THAT(fault_of(R"({"name": "x", "epoch": 3})"), HasSubstr("\"epoch\" is not known"));
  EXPECT_THAT(fault_of(R"({"name": "x", "width": 40})"), HasSubstr("\"width\""));
  EXPECT_THAT(fault_of(R"({"name": "x", "batch": 1})"), HasSubstr("\"batch\" must be from 2"));
  EXPECT_THAT(fault_of(R"({"name": "x", "frequency": "no"})"), HasSubstr("wrong kind"));
  EXPECT_THAT(fault_of("[]"), HasSubstr("not a JSON object"));
}

TEST(SpoofConfig, APartOfTheOtherSystemCannotBeLeftOut) {
  struct Switch {
    bool SpoofConfig::*part;
    const char *own, *other, *name;
  };
  for (const Switch& one : {Switch{&SpoofConfig::frequency, "fa3", "slip", "\"frequency\""},
                            Switch{&SpoofConfig::prompts, "fa3", "slip", "\"prompts\""},
                            Switch{&SpoofConfig::cue_maps, "slip", "fa3", "\"cue_maps\""},
                            Switch{&SpoofConfig::cut_and_paste, "slip", "fa3", "\"cut_and_paste\""}}) {
    SpoofConfig config;
    config.*one.part = false;
    EXPECT_TRUE(check_spoof_parts(config, one.own)) << one.name;
    const Status refused = check_spoof_parts(config, one.other);
    ASSERT_FALSE(refused) << one.name;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().message, HasSubstr(one.name));
  }
  EXPECT_TRUE(check_spoof_parts({}, "fa3"));
  EXPECT_TRUE(check_spoof_parts({}, "slip"));
  EXPECT_FALSE(check_spoof_parts({}, "slop"));
}

}  // namespace
}  // namespace vultus::learn
