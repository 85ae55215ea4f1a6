#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/learn/training_config.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;

const std::string kGood =
    R"({"name":"x","features":"f","inputs":[{"name":"map","channels":4,"side":7},{"name":"mid","channels":2,"side":14,"scale":2}],
  "stem":8,"hidden":16,"targets":[{"output":"p","column":"label","first":1,"classes":["a","b"]}])";

std::string fault(const std::string& rest) {
  const auto config = parse_training_config(kGood + rest + "}", "c.json");
  return config ? "none" : config.error().message;
}

TEST(TrainingConfigs, AreReadWithTheirDefaults) {
  const auto config = parse_training_config(kGood + R"(,"epochs":3})", "c.json");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->epochs, 3);
  EXPECT_EQ(config->batch, 128);
  EXPECT_EQ(config->shape.flat(), 8 * 49);
  EXPECT_EQ(config->scales.at("mid"), 2);
  EXPECT_EQ(config->shape.outputs.at(0).classes, 2);
}

TEST(TrainingConfigs, FaultsAreNamed) {
  EXPECT_EQ(fault(""), "none");
  EXPECT_THAT(fault(R"(,"epoch":3)"), HasSubstr("\"epoch\" is not known"));
  EXPECT_THAT(fault(R"(,"batch":1)"), HasSubstr("\"batch\" must be from 2"));
  EXPECT_THAT(fault(R"(,"fold":9)"), HasSubstr("\"fold\""));
  EXPECT_THAT(fault(R"(,"patience":2)"), HasSubstr("needs a \"fold\""));
  EXPECT_THAT(fault(R"(,"learning_rate":"high")"), HasSubstr("wrong kind"));
  EXPECT_FALSE(parse_training_config("[]", "c.json"));
  EXPECT_THAT(parse_training_config(
                  R"({"name":"x","features":"f","inputs":[{"name":"m","channels":4,"side":7},{"name":"r","channels":4}],
    "targets":[{"output":"p","column":"l","classes":["a","b"]}]})",
                  "c.json")
                  .error()
                  .message,
              HasSubstr("another side"));
  EXPECT_THAT(parse_training_config(R"({"name":"x","features":"f","inputs":[{"name":"m","channels":4,"side":7}],
    "targets":[{"output":"p","column":"l","classes":["a"]}]})",
                                    "c.json")
                  .error()
                  .message,
              HasSubstr("two \"classes\""));
}

}  // namespace
}  // namespace vultus::learn
