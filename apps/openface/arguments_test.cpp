#include <apps/openface/arguments.hpp>

#include <gtest/gtest.h>

namespace vultus::openface {
namespace {

using Words = std::vector<std::string>;

TEST(OpenFaceArguments, AreThoseOfTheOriginal) {
  const auto read =
      parse(Program::feature_extraction, {"-f", "a.mp4", "-f", "b.avi", "-out_dir", "out", "-2Dfp", "-pose", "-wild",
                                          "-mloc", "x.txt", "-multi_view", "1", "-q", "-aus"});
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->files, (Words{"a.mp4", "b.avi"}));
  EXPECT_EQ(read->out_dir, "out");
  EXPECT_TRUE(read->groups.landmarks_2d && read->groups.pose && read->groups.action_units);
  EXPECT_FALSE(read->groups.gaze || read->groups.shape || read->groups.landmarks_3d);
  EXPECT_TRUE(read->notes.empty());
}

TEST(OpenFaceArguments, PutRootsBeforePaths) {
  const auto both = parse(Program::feature_extraction, {"-root", "/r", "-f", "a.mp4", "-fdir", "frames"});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->files, (Words{"/r/a.mp4"}));
  EXPECT_EQ(both->folders, (Words{"/r/frames"}));
  EXPECT_EQ(both->out_dir, "/r/processed");
  const auto in = parse(Program::feature_extraction, {"-inroot", "/r", "-f", "/abs/a.mp4", "-device", "1"});
  ASSERT_TRUE(in);
  EXPECT_EQ(in->files, (Words{"/abs/a.mp4"})) << "a path from the root stays";
  EXPECT_EQ(in->devices, (Words{"camera:1"}));
  EXPECT_EQ(in->out_dir, "processed");
}

TEST(OpenFaceArguments, TellWhatIsWrong) {
  EXPECT_EQ(parse(Program::feature_extraction, {"-f", "a.mp4", "-fast"}).error().message, "unknown option -fast");
  EXPECT_EQ(parse(Program::feature_extraction, {"-f"}).error().message, "option -f needs a value");
  EXPECT_EQ(parse(Program::landmark_img, {}).error().message, "no input: -f PICTURE or -fdir FOLDER");
  EXPECT_FALSE(parse(Program::landmark_img, {"-device", "0"}));
  EXPECT_TRUE(parse(Program::landmark_img, {"-h"})->help);
  EXPECT_EQ(parse(Program::feature_extraction, {"-f", "a", "-hogalign", "-simalign"})->notes.size(), 2U);
  const auto unlike = parse(Program::feature_extraction, {"-f", "a", "-au_static"});
  ASSERT_EQ(unlike->notes.size(), 1U) << "in the original it changes the numbers";
  EXPECT_EQ(unlike->notes[0].substr(0, 11), "-au_static:");
}

TEST(OpenFaceArguments, TheCameraIsWhatIsSaidOfIt) {
  const auto in = parse(Program::feature_extraction, {"-f", "a.mp4", "-fx", "512.5", "-cy", "200"});
  ASSERT_TRUE(in);
  EXPECT_EQ(in->camera, (face::KnownCamera{.fx = 512.5, .fy = {}, .cx = {}, .cy = 200}));
  EXPECT_TRUE(in->notes.empty());
  EXPECT_EQ(parse(Program::feature_extraction, {"-f", "a", "-fx", "5OO"}).error().message,
            "option -fx: \"5OO\" is no number");
  for (const char* wrong : {"0", "-500", "nan", "inf", "1e9"})
    EXPECT_FALSE(parse(Program::feature_extraction, {"-f", "a", "-fy", wrong})) << wrong;
}

}  // namespace
}  // namespace vultus::openface
