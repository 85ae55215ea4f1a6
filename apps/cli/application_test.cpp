// The command line as a whole, without running a command.
#include <apps/cli/application.hpp>

#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/exit_code.hpp>
#include <apps/cli/wrong_usage.hpp>

namespace vultus::cli {
namespace {

using ::testing::HasSubstr;

std::vector<const CLI::App*> all_parsers(const CLI::App& app) {
  std::vector<const CLI::App*> all{&app};
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    for (const CLI::App* inner : all_parsers(*sub)) all.push_back(inner);
  return all;
}

TEST(Application, EveryCommandHasHelpThatEndsWithAnExample) {
  const Application made = make_application();
  for (const CLI::App* app : all_parsers(*made.parser)) {
    const std::string help = app->help();
    EXPECT_THAT(help, HasSubstr("Examples:\n  vultus ")) << app->get_name();
    if (app != made.parser.get()) {
      EXPECT_FALSE(app->get_description().empty()) << app->get_name();
    }
  }
}

TEST(Application, EveryCommandThatIsNoGroupHasAnAction) {
  const Application made = make_application();
  std::set<const CLI::App*> with_action;
  for (const Command& command : made.commands) with_action.insert(command.parser);
  for (const CLI::App* app : all_parsers(*made.parser))
    EXPECT_EQ(with_action.contains(app), app->get_subcommands([](const CLI::App*) { return true; }).empty())
        << app->get_name();
}

TEST(Application, EveryOptionSaysWhatItDoes) {
  const Application made = make_application();
  for (const CLI::App* app : all_parsers(*made.parser))
    for (const CLI::Option* option : app->get_options())
      EXPECT_FALSE(option->get_description().empty()) << app->get_name() << " " << option->get_name();
}

TEST(Application, HelpNamesEveryExitCode) {
  const std::string help = make_application().parser->help();
  for (const char* code :
       {"  0  ", "  1  ", "  2  ", "  3  ", "  4  ", "  5  ", "6  ", "7  ", "8  ", "9  ", "130", "141", "143"})
    EXPECT_THAT(help, HasSubstr(code));
}

/// @return the name of the exception that parsing ends with, empty for none
std::string parse(std::vector<std::string> arguments) {
  const Application made = make_application();
  try {
    std::reverse(arguments.begin(), arguments.end());
    made.parser->parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return error.get_name();
  }
  return {};
}

TEST(Application, TakesTheCommandLinesThatScriptsRelyOn) {
  for (const std::vector<std::string>& line : std::vector<std::vector<std::string>>{
           {"detect", "a.jpg", "-", "--json"},
           {"enroll", "g.vgal", "people"},
           {"enroll", "g.vgal", "a.jpg", "b.jpg", "--subject", "Ada"},
           {"enroll", "g.vgal", "--from-csv", "list.csv"},
           {"identify", "g.vgal", "a.jpg", "b.jpg", "--json"},
           {"identify", "g.vgal", "photos", "--json", "--fast", "--threads", "2", "--precision", "f32", "--top-k", "3"},
           {"verify", "a.jpg", "b.jpg", "--json"},
           {"bench", "lfw", "--images", "d", "--pairs", "p", "--json"},
           {"gallery", "remove-face", "g.vgal", "3"},
           {"models", "path", "fr_detect"},
           {"report", "x.vultus", "-o", "x.html"}})
    EXPECT_EQ(parse(line), "") << line[0];
}

TEST(Application, RefusesWhatHasNoMeaning) {
  for (const std::vector<std::string>& line :
       std::vector<std::vector<std::string>>{{},
                                             {"unknown"},
                                             {"detect"},
                                             {"gallery"},
                                             {"verify", "a.jpg"},
                                             {"detect", "a.jpg", "--json", "--csv"},
                                             {"detect", "a.jpg", "--threads", "-1"},
                                             {"detect", "a.jpg", "--precision", "f16"},
                                             {"detect", "a.jpg", "--preset", "default", "--fast"},
                                             {"identify", "g", "a.jpg", "--top-k", "0"},
                                             {"identify", "g", "a.jpg", "--fmr", "2"},
                                             {"identify", "g", "a.jpg", "--fmr", "0"},
                                             {"identify", "g", "a.jpg", "--max-megapixels", "nan"},
                                             {"identify", "g", "a.jpg", "--detect-every", "nan"},
                                             {"identify", "g", "a.jpg", "--report", ""},
                                             {"verify", "a.jpg", "b.jpg", "--gallery", ""},
                                             {"identify", "g", "a.jpg", "--fmr", "1e-3", "--threshold", "0.5"},
                                             {"gallery", "remove-face", "g.vgal", "x"}})
    EXPECT_NE(parse(line), "") << (line.empty() ? "nothing" : line[0]);
}

/// @return what is said of a command line that cannot be parsed
std::string usage_error(std::vector<std::string> arguments) {
  const Application made = make_application();
  try {
    std::reverse(arguments.begin(), arguments.end());
    made.parser->parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return usage_message(*made.parser, error);
  }
  return {};
}

TEST(WrongUsage, NamesACommandThatIsNoneAndTheOneThatWasMeant) {
  EXPECT_EQ(usage_error({"idnetify", "people.vgal", "--json"}), "there is no command idnetify; did you mean identify?");
  EXPECT_EQ(usage_error({"frobnicate"}), "there is no command frobnicate");
  EXPECT_EQ(usage_error({"gallery", "lst", "people.vgal"}), "there is no command lst; did you mean list?");
  EXPECT_EQ(usage_error({}), "a command is wanted");
  EXPECT_EQ(usage_error({"gallery"}), "a command is wanted");
}

TEST(WrongUsage, NamesAnOptionThatIsNoneAndTheOneThatWasMeant) {
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--jsn"}), "there is no option --jsn; did you mean --json?");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--anotate=x"}),
            "there is no option --anotate=x; did you mean --annotate?");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--frobnicate"}), "there is no option --frobnicate");
  EXPECT_EQ(usage_error({"--quiet"}), "there is no option --quiet");
  EXPECT_EQ(usage_error({"--quiet", "identify", "g", "a.jpg"}),
            "--quiet stands before the command; options stand behind it");
}

TEST(WrongUsage, TellsTheOptionAndWhatItTakes) {
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--fmr", "0"}), "--fmr: 0 is not a number above 0 and below 1");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--report", ""}),
            "--report: an empty value; leave the option out where nothing is meant");
  EXPECT_EQ(usage_error({"identify", "", "a.jpg"}),
            "GALLERY: an empty value; leave the option out where nothing is meant");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--rate", "nan"}), "--rate: nan is not a finite number");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--report", "--json"}),
            "--report: a value is missing before --json");
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--report", "--page"}), "") << "a strange name of a file";
  EXPECT_EQ(usage_error({"identify", "g", "a.jpg", "--threshold", "-0.5"}), "");
  EXPECT_EQ(usage_error({"completion", "words", "--", "identify", "--help"}), "");
  EXPECT_EQ(usage_error({"identify", "g", "", "b.jpg"}), "") << "an input among others that cannot be read";
}

TEST(Application, TheDocumentShowsEveryCommand) {
  std::ifstream file(VULTUS_SOURCE_DIR "/docs/cli.md");
  ASSERT_TRUE(file) << "docs/cli.md is missing";
  std::ostringstream text;
  text << file.rdbuf();
  const Application made = make_application();
  for (const Command& command : made.commands) {
    if (command.parser->get_group().empty()) continue;  // one that the program starts itself
    std::string name = command.parser->get_name();
    for (const CLI::App* parent = command.parser->get_parent(); parent != made.parser.get();
         parent = parent->get_parent())
      name = parent->get_name() + " " + name;
    EXPECT_TRUE(text.str().find("vultus " + name) != std::string::npos) << "docs/cli.md does not speak of " << name;
  }
}

}  // namespace
}  // namespace vultus::cli
