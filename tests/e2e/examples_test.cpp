// Every example of every --help is run as it stands.
#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/application.hpp>
#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

struct Example {
  std::string command;  ///< whose help it stands in
  std::string line;
};

void gather(const CLI::App& app, const std::string& name, std::vector<Example>& into) {
  std::istringstream help(app.help());
  bool inside = false;
  for (std::string line; std::getline(help, line);) {
    if (line == "Examples:")
      inside = true;
    else if (!line.starts_with("  vultus"))
      inside = false;
    else if (inside)
      into.push_back({name, line.substr(2)});
  }
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    gather(*sub, name + " " + sub->get_name(), into);
}

/// A data set in the form of LFW: two persons, a few pictures, pairs over and over in ten folds.
void make_lfw(const World& world) {
  world.copy(samples().obama, "lfw/A/A_0001.jpg");
  world.copy(samples().obama_2, "lfw/A/A_0002.jpg");
  world.copy(samples().obama_3, "lfw/A/A_0003.jpg");
  world.copy(samples().biden, "lfw/B/B_0001.jpg");
  world.copy(samples().group, "lfw/C/C_0001.jpg");
  std::string pairs = "2\t2\n";
  pairs += "A\t1\t2\nA\t1\t3\nA\t1\tB\t1\nA\t2\tC\t1\n";
  pairs += "A\t2\t3\nA\t1\t2\nB\t1\tC\t1\nA\t3\tB\t1\n";
  world.write("lfw/pairs.txt", pairs);
}

/// An encrypted gallery with two keys, and files that were exported before.
void make_sealed(const World& world) {
  for (const char* line : {"vultus gallery new-key gallery.key", "vultus gallery new-key next.key",
                           "vultus gallery export people.vgal people.jsonl --subject 'Ada Lovelace'",
                           "vultus gallery log head people.vgal -o head.json", "cp people.vgal sealed.vgal",
                           "vultus gallery encrypt sealed.vgal --key-file gallery.key"}) {
    const Answer answer = world.shell(line);
    ASSERT_EQ(answer.code, 0) << line << "\n" << answer.err;
  }
  world.write("embeddings.csv", "name,source,a,b\nAda,a.jpg,0.6,0.8\n");
}

TEST(Examples, AllRunAndSucceed) {
  const auto made = vultus::cli::make_application();
  std::vector<Example> examples;
  gather(*made.parser, "vultus", examples);
  ASSERT_GE(examples.size(), 30U) << "the examples were not found in the help texts";
  const World world;
  world.enroll_people();
  make_lfw(world);
  world.make_cohort();
  // Two people with two pictures: enough to enrol one and to take the other for a stranger.
  world.copy(samples().biden, "cohort/B/2.jpg");
  make_clip(world, "clip.mp4");
  world.make_own_model();
  make_sealed(world);
  const std::vector<std::string> kept{"people.vgal", "people.vgal.keys", "sealed.vgal", "sealed.vgal.keys"};
  std::vector<std::string> bytes;
  for (const std::string& name : kept) bytes.push_back(read_bytes(world / name));
  for (const Example& example : examples) {
    // These need servers: tests/e2e/shards_test.cpp runs them.
    if (example.command.starts_with("vultus gallery shards")) continue;
    if (example.command == "vultus serve") continue;  // goes on for ever: tests/e2e/serve_test.cpp
    // Some examples remove people, or change keys.
    for (std::size_t i = 0; i < kept.size(); ++i) world.write(kept[i], bytes[i]);
    const Answer answer = world.shell(example.line);
    EXPECT_EQ(answer.code, 0) << example.command << ": " << example.line << "\n" << answer.out << answer.err;
  }
}

TEST(Examples, TheLibraryNamesPeopleInTenLines) {
  const World world;
  world.enroll_people();
  const Answer answer =
      world.shell("\"" VULTUS_IDENTIFY_PHOTO "\" \"" VULTUS_SOURCE_DIR "/models\" people.vgal b.jpg c.jpg none.jpg");
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_THAT(answer.out, ::testing::HasSubstr("b.jpg: Ada Lovelace\nc.jpg: Joe Biden\n"));
  EXPECT_THAT(answer.out, ::testing::HasSubstr("none.jpg"));
}

TEST(Help, IsThereForEveryCommandAndGoesToStandardOutput) {
  const World world;
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{}, {"identify"}, {"gallery"}, {"gallery", "show"}, {"bench", "lfw"}}) {
    auto arguments = command;
    arguments.emplace_back("--help");
    const Answer answer = world.vultus(arguments);
    EXPECT_EQ(answer.code, 0);
    EXPECT_THAT(answer.out, ::testing::HasSubstr("Examples:\n  vultus "));
    EXPECT_EQ(answer.err, "");
  }
}

TEST(Usage, WrongCommandLinesAreTwoAndSayWhereHelpIs) {
  const World world;
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {}, {"idendify"}, {"identify"}, {"detect", "a.jpg", "--jsn"}, {"verify", "a.jpg"}, {"gallery"}}) {
    const Answer answer = world.vultus(line);
    EXPECT_EQ(answer.code, 2) << answer.out << answer.err;
    EXPECT_EQ(answer.out, "");
    EXPECT_THAT(answer.err, ::testing::HasSubstr("--help"));
  }
}

TEST(Bench, TellsTheNumbersOfTheProtocolThatScriptsReadFixed) {
  const World world;
  make_lfw(world);
  const Answer answer = world.vultus({"bench", "lfw", "--images", "lfw", "--pairs", "lfw/pairs.txt", "--json",
                                      "--report", "lfw.html", "--plot", "lfw.svg"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json result = json_lines(answer.out).at(0);
  EXPECT_EQ(result["pairs"], 8);
  EXPECT_DOUBLE_EQ(result["accuracy"].get<double>(), 1);  // one person and two strangers are told apart
  EXPECT_DOUBLE_EQ(result["eer"].get<double>(), 0);
  EXPECT_TRUE(result["accuracy_std"].is_number());
  EXPECT_TRUE(result["tar_at_far"].contains("0.01"));
  EXPECT_TRUE(result["tar_at_far"]["0.001"].is_null()) << "4 pairs cannot show a rate of 1 in 1000";
  EXPECT_EQ(result["images_without_face"], 0);
  EXPECT_THAT(read_bytes(world / "lfw.svg"), ::testing::StartsWith("<svg"));
  EXPECT_THAT(read_bytes(world / "lfw.html"), ::testing::HasSubstr("</html>"));
}

}  // namespace
}  // namespace vultus::e2e
