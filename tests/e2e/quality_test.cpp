// Quality of faces and the enrolment gate from the outside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/studio/damage.hpp>

#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// A damaged copy of a sample photo, as a JPEG of the world.
void plant(const World& world, const std::filesystem::path& photo, const studio::Damage& damage,
           const std::string& name) {
  const auto picture = media::read_picture(photo.string()).value();
  const Image changed = studio::damaged(picture.image.view(), damage).value();
  const auto bytes = media::encode_jpeg(changed.view(), {.quality = 95}).value();
  world.write(name, std::string(bytes.begin(), bytes.end()));
}

TEST(Quality, EveryMeasureOfEveryFaceIsTold) {
  const World world;
  const Answer answer = world.vultus({"quality", "a.jpg", "photos/group.jpg", "photos/nobody.pgm", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_GE(lines.size(), 3U);
  for (const Json& line : lines) {
    EXPECT_GE(line["quality"]["unified"].get<double>(), 0);
    EXPECT_LE(line["quality"]["unified"].get<double>(), 100);
    EXPECT_THAT(line["quality"]["measures"], SizeIs(16));
    EXPECT_EQ(line["quality"]["measures"]["inter_eye_distance"]["unit"], "px");
  }
  const Answer largest = world.vultus({"quality", "photos/group.jpg", "--largest", "--csv", "-q"});
  EXPECT_EQ(std::count(largest.out.begin(), largest.out.end(), '\n'), 2) << "titles and one face";
  EXPECT_THAT(world.vultus({"quality", "a.jpg", "photos/nobody.pgm"}).out,
              AllOf(HasSubstr("QUALITY"), HasSubstr("no face")));
}

TEST(Quality, DetectAndIdentifyTellItWhereAsked) {
  const World world;
  world.enroll_people();
  const Json alone = json_lines(world.vultus({"quality", "b.jpg", "--json", "-q"}).out).at(0)["quality"];
  for (const std::vector<std::string>& command : {std::vector<std::string>{"detect"}, {"identify", "people.vgal"}}) {
    const auto with = [&](std::vector<std::string> more) {
      more.insert(more.begin(), command.begin(), command.end());
      return world.vultus(more);
    };
    const auto lines = json_lines(with({"b.jpg", "--json", "-q", "--quality"}).out);
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0]["quality"], alone) << command[0];
    EXPECT_FALSE(json_lines(with({"b.jpg", "--json", "-q"}).out).at(0).contains("quality")) << command[0];
    EXPECT_THAT(with({"b.jpg", "photos/nobody.pgm", "--quality"}).out,
                AllOf(HasSubstr("QUALITY"), HasSubstr("no face")));
    const Answer csv = with({"b.jpg", "--csv", "-q", "--quality"});
    EXPECT_THAT(csv.out, HasSubstr(",quality,")) << csv.out;
  }
  world.write("clip.mp4", "x");
  const Answer video = world.vultus({"identify", "people.vgal", "clip.mp4", "--quality"});
  EXPECT_EQ(video.code, 3);
  EXPECT_THAT(video.err, HasSubstr("--quality is told of pictures"));
}

TEST(Quality, ABlurredCopyScoresLowerAndTheTableSaysWhy) {
  const World world;
  plant(world, samples().obama, {studio::DamageKind::blur, 9}, "soft.jpg");
  const auto sharp = json_lines(world.vultus({"quality", "a.jpg", "--json"}).out).at(0);
  const auto soft = json_lines(world.vultus({"quality", "soft.jpg", "--json"}).out).at(0);
  EXPECT_LT(soft["quality"]["unified"].get<double>() + 20, sharp["quality"]["unified"].get<double>());
  EXPECT_THAT(world.vultus({"quality", "soft.jpg"}).out, HasSubstr("sharpness"));
}

TEST(EnrolmentGate, RefusesWithAReasonAndForceEnrols) {
  const World world;
  plant(world, samples().obama, {studio::DamageKind::smaller, 0.075}, "bad/Small/1.jpg");  // 8 pixels between the eyes
  plant(world, samples().biden, {studio::DamageKind::blur, 14}, "bad/Soft/1.jpg");
  const Answer refused = world.vultus({"enroll", "g.vgal", "bad", "--json", "-q"});
  EXPECT_EQ(refused.code, 1);
  const auto lines = json_lines(refused.out);
  EXPECT_EQ(line_of(lines, "bad/Small/1.jpg")["reason"], "too_small") << refused.out;
  EXPECT_EQ(line_of(lines, "bad/Soft/1.jpg")["reason"], "blurred") << refused.out;
  EXPECT_EQ(line_of(lines, "bad/Soft/1.jpg")["outcome"], "skipped");
  EXPECT_THAT(line_of(lines, "bad/Small/1.jpg")["error"]["message"].get<std::string>(), HasSubstr("at least 10.0"));
  const Answer forced = world.vultus({"enroll", "g.vgal", "bad", "--json", "-q", "--force"});
  EXPECT_EQ(forced.code, 0) << forced.out;
  EXPECT_EQ(world.checked("g.vgal")["faces"], 2);
}

TEST(EnrolmentGate, SeesConflictsAndCopiesAlsoWithinOneCall) {
  const World world;
  world.copy(samples().obama, "who/Barack/1.jpg");
  world.copy(samples().obama_2, "who/Impostor/1.jpg");    // the same man under another name
  plant(world, samples().obama, {}, "who/Barack/2.jpg");  // the first photo, compressed again
  const Answer answer = world.vultus({"enroll", "g.vgal", "who", "--json", "-q"});
  EXPECT_EQ(answer.code, 1);
  const auto lines = json_lines(answer.out);
  const Json first = line_of(lines, "who/Barack/1.jpg");
  ASSERT_EQ(first["outcome"], "enrolled");
  EXPECT_EQ(line_of(lines, "who/Barack/2.jpg")["reason"], "duplicate_of:" + std::to_string(first["face"].get<int>()));
  EXPECT_EQ(line_of(lines, "who/Impostor/1.jpg")["reason"], "conflicts_with:Barack");
  EXPECT_EQ(world.checked("g.vgal")["faces"], 1);
  // The same bytes once more are no failure.
  const Answer again = world.vultus({"enroll", "g.vgal", "who/Barack/1.jpg", "--subject", "Barack", "--json", "-q"});
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(json_lines(again.out).at(0)["outcome"], "already_there");
  EXPECT_EQ(json_lines(again.out).at(0)["reason"], "duplicate_of:" + std::to_string(first["face"].get<int>()));
  EXPECT_EQ(world.vultus({"enroll", "g.vgal", "who", "-q", "--force"}).code, 0);
  EXPECT_EQ(world.checked("g.vgal")["faces"], 3);
}

}  // namespace
}  // namespace vultus::e2e
