#include <apps/cli/manual.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/application.hpp>

namespace vultus::cli {
namespace {

using ::testing::HasSubstr;

TEST(Manual, NoTextIsACommandOfTheFormatter) {
  EXPECT_EQ(roff_text(".SH"), "\\&.SH");
  EXPECT_EQ(roff_text("'x"), "\\&\\(aqx");
  EXPECT_EQ(roff_text("a\\fB -o"), "a\\efB \\-o");
}

void each(const CLI::App& app, const std::string& before, const std::string& page) {
  // A command without a group is one that the program starts itself.
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
    const std::string name = before + " " + command->get_name();
    EXPECT_THAT(page, HasSubstr(".SS \"" + roff_text(name))) << name;
    EXPECT_THAT(page, HasSubstr(roff_text(command->get_description()))) << name;
    for (const CLI::Option* option : command->get_options())
      for (const std::string& option_name : option->get_lnames())
        if (option_name != "help") {
          EXPECT_THAT(page, HasSubstr(roff_text("--" + option_name))) << name;
        }
    each(*command, name, page);
  }
}

TEST(Manual, NamesEveryCommandWithItsOptions) {
  const Application made = make_application();
  const std::string page = manual_page(*made.parser);
  EXPECT_TRUE(page.find(".TH VULTUS 1") != std::string::npos);
  each(*made.parser, "vultus", page);
}

}  // namespace
}  // namespace vultus::cli
