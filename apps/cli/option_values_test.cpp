// What every option refuses.
#include <apps/cli/option_values.hpp>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <apps/cli/application.hpp>

namespace vultus::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Hands every option of every command to a function, with the name of its command.
void each_option(CLI::App& app, const std::function<void(const std::string&, CLI::Option&)>& take) {
  for (CLI::Option* const option : app.get_options())
    if (option->get_items_expected_max() > 0) take(app.get_name(), *option);
  for (CLI::App* const command : app.get_subcommands([](CLI::App*) { return true; })) each_option(*command, take);
}

/// @return why an option refuses a value; empty = it takes it
std::string refusal(CLI::Option& option, const std::string& value) {
  option.clear();
  try {
    option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    return error.what();
  }
  return {};
}

TEST(OptionValues, AnEmptyOneIsRefusedByEveryOptionThatDoesNotAskForIt) {
  const Application made = make_application();
  const std::set<std::string> may{"INPUT", "WORD", "--consent", "--use", "--retain-until", "--external-id", "--notes"};
  each_option(*made.parser, [&](const std::string& command, CLI::Option& option) {
    const std::string name = option.get_positional() ? option.get_name(true) : option.get_name();
    const std::string why = refusal(option, "");
    if (why.empty())
      EXPECT_TRUE(may.contains(name)) << command << " " << name;
    else
      EXPECT_THAT(why, AllOf(HasSubstr("an empty value"), HasSubstr(option.get_name()))) << command;
  });
}

TEST(OptionValues, WhatWantsANumberRefusesWhatIsNone) {
  const Application made = make_application();
  std::size_t numbers = 0;
  each_option(*made.parser, [&](const std::string& command, CLI::Option& option) {
    if (refusal(option, "one").empty()) return;  // a text
    ++numbers;
    for (const char* none : {"nan", "-nan", "NaN", "inf", "-inf", "infinity", "1e999", "-1e999"})
      EXPECT_FALSE(refusal(option, none).empty()) << command << " " << option.get_name() << " takes " << none;
  });
  EXPECT_GT(numbers, 50U) << "the options were looked at";
}

TEST(OptionValues, ARangeIsToldAsItIs) {
  const auto why = [](const CLI::Validator& range, const char* value) { return range(std::string(value)); };
  EXPECT_EQ(why(number_between(0, 1), "0"), "0 is not a number above 0 and below 1");
  EXPECT_EQ(why(number_between(0, 1), "1"), "1 is not a number above 0 and below 1");
  EXPECT_EQ(why(number_between(0, 1), "1e-13"), "");
  EXPECT_EQ(why(within(0.001, 1000.0), "0"), "0 is not a number from 0.001 to 1000");
  EXPECT_EQ(why(within(0.001, 1000.0), "nan"), "nan is not a number from 0.001 to 1000");
  EXPECT_EQ(why(within(0.001, 1000.0), "0.001"), "");
  EXPECT_EQ(why(within(0.001, 1000.0), "1000"), "");
  EXPECT_EQ(why(within(0, 256), "257"), "257 is not a whole number from 0 to 256");
  EXPECT_EQ(why(within(0, 256), "1.5"), "1.5 is not a whole number from 0 to 256");
  EXPECT_EQ(why(within(0, 256), "3x"), "3x is not a whole number from 0 to 256");
  EXPECT_EQ(why(within(0, 256), "256"), "");
  EXPECT_EQ(number_between(0, 1).get_description(), "above 0, below 1");
  EXPECT_EQ(within(0.5, 1.0).get_description(), "0.5 to 1");
}

TEST(OptionValues, NothingBehindAnEqualsSignIsFoundBeforeTheParserTakesTheNextArgument) {
  const auto found = [](std::vector<std::string> arguments) { return option_without_value(arguments); };
  EXPECT_EQ(found({"identify", "g", "--report=", "a.jpg"}), "--report");
  EXPECT_EQ(found({"identify", "g", "--report=x", "--fmr=1e-3"}), "");
  EXPECT_EQ(found({"completion", "words", "--", "identify", "--report="}), "") << "behind -- there are no options";
  EXPECT_EQ(found({"cluster", "--name", "3=", "--", "a"}), "");
  EXPECT_EQ(found({"--x=a="}), "");
}

}  // namespace
}  // namespace vultus::cli
