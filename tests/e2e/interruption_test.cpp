// Signals in the middle of the work: nothing that was told is lost, and the same command goes on.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr int kPictures = 80;

/// Many pictures of one person: the bytes behind the end of a JPEG make each another file. They look the same: only
/// --force enrols them all.
void make_many(const World& world) {
  const std::string photo = read_bytes(samples().obama_2);
  for (int i = 0; i < kPictures; ++i)
    world.write("many/Ada Lovelace/" + std::to_string(1000 + i) + ".jpg", photo + std::to_string(i));
}

std::size_t enrolled_in(const std::string& out) {
  std::size_t count = 0;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);)
    if (const Json object = Json::parse(line, nullptr, false);
        object.is_object() && object.value("outcome", "") == "enrolled")
      ++count;
  return count;
}

/// Enrols until the first answers are there, then sends the signal once.
Answer enroll_until_signal(const World& world, int signal) {
  bool sent = false;
  return world.vultus(Call{.arguments = {"enroll", "g.vgal", "many", "--json", "--fast", "--force"},
                           .folder = {},
                           .watch = [&](pid_t child, const std::string& out) {
                             if (sent || out.find('\n') == std::string::npos) return;
                             sent = true;
                             ::kill(child, signal);
                           }});
}

class StoppedEnrolment : public ::testing::TestWithParam<int> {};

TEST_P(StoppedEnrolment, LosesNothingThatWasToldAndGoesOn) {
  const World world;
  make_many(world);
  const Answer stopped = enroll_until_signal(world, GetParam());
  EXPECT_EQ(stopped.code, 128 + GetParam()) << stopped.err;
  if (GetParam() != SIGKILL) {
    EXPECT_THAT(stopped.err, AllOf(HasSubstr("stopped"), HasSubstr("g.vgal"), HasSubstr("goes on")));
  }
  const std::size_t told = enrolled_in(stopped.out);
  ASSERT_GT(told, 0U);
  EXPECT_LT(told, static_cast<std::size_t>(kPictures)) << "the signal came too late to prove anything";
  const auto kept = world.checked("g.vgal")["faces"].get<std::size_t>();
  EXPECT_GE(kept, told);
  if (GetParam() != SIGKILL) {
    EXPECT_EQ(kept, told);
  }
  const Answer again = world.vultus({"enroll", "g.vgal", "many", "--json", "-q", "--force"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(enrolled_in(again.out), static_cast<std::size_t>(kPictures) - kept);
  EXPECT_EQ(world.checked("g.vgal")["faces"], kPictures);
}

INSTANTIATE_TEST_SUITE_P(
    Signals, StoppedEnrolment, ::testing::Values(SIGINT, SIGTERM, SIGKILL), [](const auto& signal) {
      return std::string(signal.param == SIGINT ? "CtrlC" : signal.param == SIGTERM ? "Terminate" : "Kill");
    });

TEST(StoppedIdentification, TellsHowFarItCameAndKeepsWhatItWrote) {
  const World world;
  world.enroll_people("fast");
  make_many(world);
  bool sent = false;
  const Answer stopped =
      world.vultus(Call{.arguments = {"identify", "people.vgal", "many/Ada Lovelace", "--json", "-o", "run.vultus"},
                        .folder = {},
                        .watch = [&](pid_t child, const std::string&) {
                          if (!std::exchange(sent, true)) ::kill(child, SIGINT);
                        }});
  EXPECT_EQ(stopped.code, 130);
  EXPECT_THAT(stopped.err, HasSubstr("of 80 pictures"));
  const auto lines = json_lines(stopped.out);
  EXPECT_LT(lines.size(), static_cast<std::size_t>(kPictures));
  EXPECT_EQ(world.vultus({"report", "run.vultus", "-o", "run.html"}).code, 0);
}

TEST(ClosedPipe, EndsQuietlyWithTheCodeOfAPipe) {
  const World world;
  world.enroll_people("fast");
  const Answer answer = world.vultus(
      Call{.arguments = {"identify", "people.vgal", "photos", "--json"}, .folder = {}, .close_output = true});
  EXPECT_EQ(answer.code, 141);
  EXPECT_EQ(answer.err, "");
}

}  // namespace
}  // namespace vultus::e2e
