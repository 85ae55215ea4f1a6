// What shells are offered.
#include <apps/cli/completion.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/application.hpp>

namespace vultus::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

Completion at(const std::vector<std::string>& words) {
  static const Application kApplication = make_application();
  return complete(*kApplication.parser, words, {.presets = {"default", "fast"}, .models = {"one_net", "two_net"}});
}

std::vector<std::string> offered(const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const Offer& offer : at(words).offers) names.push_back(offer.word);
  return names;
}

TEST(Completion, CommandsAndCommandsOfCommands) {
  EXPECT_THAT(offered({"iden"}), ElementsAre("identify"));
  EXPECT_THAT(offered({""}), Contains("enroll"));
  EXPECT_THAT(offered({"gallery", "rem"}), ElementsAre("remove", "remove-face"));
  EXPECT_THAT(offered({"nonsense", ""}), IsEmpty());
}

TEST(Completion, EveryCommandOffersEachOfItsOptionsWithItsHelp) {
  const Application made = make_application();
  for (const CLI::App* command : made.parser->get_subcommands([](const CLI::App*) { return true; })) {
    const Completion found = at({command->get_name(), "--"});
    for (const CLI::Option* option : command->get_options())
      for (const std::string& name : option->get_lnames())
        EXPECT_THAT(found.offers, Contains(Offer{"--" + name, option->get_description()})) << command->get_name();
  }
}

TEST(Completion, AnOptionThatWasGivenIsNotOfferedAgain) {
  EXPECT_THAT(offered({"detect", "--js"}), ElementsAre("--json"));
  EXPECT_THAT(offered({"detect", "--json", "--js"}), IsEmpty());
  EXPECT_THAT(offered({"detect", "--json", "--qual"}), ElementsAre("--quality")) << "a flag takes no value";
  EXPECT_THAT(offered({"detect", "--", "--js"}), IsEmpty()) << "behind -- there are only arguments";
}

TEST(Completion, ValuesFollowTheirKind) {
  EXPECT_THAT(offered({"identify", "g.vgal", "--preset", "f"}), ElementsAre("fast"));
  EXPECT_THAT(offered({"identify", "--precision", ""}), ElementsAre("auto", "f32", "bf16"));
  EXPECT_THAT(offered({"models", "show", "tw"}), ElementsAre("two_net"));
  EXPECT_THAT(offered({"models", "fetch", "one_net", ""}), ElementsAre("one_net", "two_net"));
  EXPECT_THAT(offered({"identify", "--threads", ""}), IsEmpty());
}

TEST(Completion, AnEqualsSignIsSplitOffOrNot) {
  EXPECT_THAT(offered({"identify", "--preset", "=", "f"}), ElementsAre("fast"));        // bash
  EXPECT_THAT(offered({"identify", "--preset", "="}), ElementsAre("default", "fast"));  // bash
  EXPECT_THAT(offered({"identify", "--preset=f"}), ElementsAre("--preset=fast"));       // zsh, fish
  EXPECT_THAT(offered({"identify", "--preset=fast", "--pre"}), Not(Contains("--preset")));
}

TEST(Completion, FilesFitWhereFilesAreNamed) {
  EXPECT_EQ(at({"identify", ""}).also, AlsoFits::files);
  EXPECT_EQ(at({"identify", "g.vgal", "a.jpg", ""}).also, AlsoFits::files) << "any number of pictures";
  EXPECT_EQ(at({"verify", "a.jpg", ""}).also, AlsoFits::files);
  EXPECT_EQ(at({"verify", "a.jpg", "b.jpg", ""}).also, AlsoFits::nothing) << "there is no third picture";
  EXPECT_EQ(at({"identify", "--cache", ""}).also, AlsoFits::folders);
  EXPECT_EQ(at({"identify", "-o", ""}).also, AlsoFits::files);
  EXPECT_EQ(at({"identify", "--top-k", ""}).also, AlsoFits::nothing);
  EXPECT_EQ(at({"gallery", "show", "g.vgal", ""}).also, AlsoFits::nothing) << "the name of a person";
}

TEST(Completion, ANameOfACommandAmongArgumentsIsAnArgument) {
  EXPECT_EQ(at({"verify", "gallery", ""}).also, AlsoFits::files);
}

TEST(Completion, NothingIsOfferedForNoWords) { EXPECT_THAT(at({}).offers, IsEmpty()); }

}  // namespace
}  // namespace vultus::cli
