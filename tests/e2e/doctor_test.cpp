// vultus doctor: it tries things, it says how to mend them, it tells no secrets.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Json finding(const Answer& answer, const std::string& area, const std::string& subject) {
  for (const Json& line : json_lines(answer.out))
    if (line["area"] == area && line["subject"] == subject) return line;
  ADD_FAILURE() << "no finding of " << area << " " << subject << "\n" << answer.out << answer.err;
  return Json::object();
}

/// A cache folder "cache" with copies of the networks that are here.
void copy_models(const World& world) {
  for (const auto& entry : std::filesystem::directory_iterator(cache_folder() / "models"))
    if (entry.is_regular_file()) world.copy(entry.path(), "cache/models/" + entry.path().filename().string());
}

TEST(Doctor, AMachineThatDoesTheMainJobIsFineAndEveryNetworkOfThePresetRan) {
  const World world;
  const Answer answer = world.vultus({"doctor", "photos", "--json"});
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  const Json network = finding(answer, "networks", "mobilefacenet192");
  EXPECT_GT(network["facts"]["milliseconds"].get<double>(), 0);
  EXPECT_TRUE(network["fix"].is_null());
  EXPECT_TRUE(finding(answer, "models", "fr_detect")["facts"]["present"].get<bool>());
  EXPECT_THAT(answer.out, HasSubstr(R"("licence":"MIT")"));
  for (const auto& entry : std::filesystem::directory_iterator(world / "photos"))
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr("doctor"))) << "the write test leaves nothing";
}

TEST(Doctor, AnAlteredNetworkAndAMissingOneAreProblemsWithTheirFix) {
  const World world;
  copy_models(world);
  const Json before = finding(world.vultus({"doctor", "--cache", "cache", "--json"}), "models", "fr_detect");
  const std::string path = before["facts"]["path"].get<std::string>();
  std::string bytes = read_bytes(world / path);
  bytes[bytes.size() / 2] ^= 1;
  world.write(path, bytes);
  const Answer altered = world.vultus({"doctor", "--cache", "cache", "--json"});
  EXPECT_EQ(altered.code, 5);
  EXPECT_EQ(finding(altered, "models", "fr_detect")["fix"], "vultus models fetch fr_detect");
  EXPECT_EQ(finding(altered, "models", "fr_detect")["code"], "corrupt_data");
  std::filesystem::remove(world / path);
  EXPECT_EQ(world.vultus({"doctor", "--cache", "cache"}).code, 4);
  EXPECT_EQ(world.vultus({"doctor", "--cache", "cache", "--preset", "commercial"}).code, 0)
      << "that preset does without it";
}

TEST(Doctor, TellsNoSecretOfTheEnvironment) {
  const World world;
  for (const char* form : {"--json", "--preset=fast"}) {
    const Answer answer = world.vultus(Call{.arguments = {"doctor", form},
                                            .folder = {},
                                            .environment = {{"HTTPS_PROXY", "http://user:geheim@proxy:80"},
                                                            {"NPM_TOKEN", "geheim"},
                                                            {"NPM_CONFIG_REGISTRY", "https://u:geheim@registry/"},
                                                            {"PIP_INDEX_URL", "https://u:geheim@index/"}}});
    EXPECT_EQ(answer.code, 0) << answer.out;
    EXPECT_THAT(answer.out + answer.err, Not(HasSubstr("geheim")));
  }
}

}  // namespace
}  // namespace vultus::e2e
