#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/learn/config_use.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;

std::string refused(const std::string& system, const std::string& rest) {
  const std::string json =
      R"({"name":"x","features":"f","inputs":[{"name":"map","channels":4,"side":7}],"mixup":0,
  "targets":[{"output":"p","column":"label","classes":["a","b"]}],"system":")" +
      system + "\"" + rest + "}";
  const auto config = parse_training_config(json, "c.json");
  if (!config) return config.error().message;
  const Status used = check_use(*config);
  return used ? std::string() : used.error().message;
}

TEST(ConfigUse, MembersThatASystemDoesNotReadAreRefusedByName) {
  const std::string noise = R"(,"label_noise":{"rate":0.3})", power = R"(,"class_power":1)";
  for (const std::string& rest : {noise, std::string(R"(,"untrained":[1])"), std::string(R"(,"average":0.9)"),
                                  std::string(R"(,"curriculum":[[3,0.5]])"), std::string(R"(,"options":{"focus":1})"),
                                  std::string(R"(,"tail":{"name":"t","channels":4,"side":7,"to":"n"})")}) {
    EXPECT_THAT(refused("", rest), HasSubstr(rest.substr(2, rest.find(':') - 3) + "\" does nothing in the plain head"));
    EXPECT_EQ(refused("pairwise", rest), "");
  }
  EXPECT_EQ(refused("", power), "");
  EXPECT_EQ(refused("pairwise", power), "");
  EXPECT_EQ(refused("poi", noise), "");
  EXPECT_THAT(refused("poi", power), HasSubstr("\"class_power\" does nothing in system poi"));
  EXPECT_THAT(refused("compound", power), HasSubstr("\"class_power\" does nothing in system compound"));
  EXPECT_THAT(refused("compound", noise), HasSubstr("\"label_noise\" does nothing in system compound"));
  EXPECT_THAT(refused("poi", R"(,"answer_power":0.5)"), HasSubstr("\"answer_power\""));
  EXPECT_THAT(refused("compound", R"(,"smoothing":0.2)"), HasSubstr("\"smoothing\" does nothing in system compound"));
  EXPECT_EQ(refused("compound", R"(,"smoothing":0)"), "");
  EXPECT_EQ(refused("poi", R"(,"smoothing":0.2)"), "");
}

TEST(ConfigUse, MembersAtWhatTheyAreOtherwiseAskForNothing) {
  for (const char* const system : {"", "pairwise", "poi", "compound"})
    EXPECT_EQ(refused(system, R"(,"class_power":0.5,"label_noise":{"rate":0},"average":0)"), "") << system;
}

TEST(ConfigUse, CompoundsAreNotMixedBehindTheirParts) {
  auto config = TrainingConfig();
  config.system = "compound", config.mixup = 0.2;
  EXPECT_THAT(check_use(config).error().message, HasSubstr("\"mixup\" must be 0"));
  config.system = "poi";
  EXPECT_TRUE(check_use(config));
}

}  // namespace
}  // namespace vultus::learn
