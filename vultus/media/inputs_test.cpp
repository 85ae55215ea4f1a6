#include <vultus/media/inputs.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <vultus/media/test_folder.hpp>
#include <vultus/media/wildcards.hpp>

namespace vultus::media {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TestFolder;

std::vector<std::string> paths_of(const InputList& list) {
  std::vector<std::string> paths;
  for (const Input& input : list.inputs) paths.push_back(input.path);
  return paths;
}

InputList expand(const std::vector<std::string>& names, bool recursive = false) {
  return expand_inputs(names, {.recursive = recursive});
}

TEST(ExpandInputs, TakesAFileWhateverItIsCalled) {
  const TestFolder root;
  root.touch("letter.txt");
  root.touch("with space ü.jpg");
  root.touch("photo[1].jpg");
  const std::vector<std::string> names{root / "letter.txt", root / "with space ü.jpg", root / "photo[1].jpg"};
  const InputList list = expand(names);
  EXPECT_EQ(paths_of(list), names);
  EXPECT_TRUE(list.errors.empty());
}

TEST(ExpandInputs, OfAFolderGivesItsPicturesSorted) {
  const TestFolder root;
  for (const char* name :
       {"b.JPG", "a.jpeg", "c.Png", "d.webp", "e.bmp", "f.pgm", "g.ppm", "h.TIF", "i.tiff", "j.gif", "k.HEIC", "l.heif",
        "m.hif", "n.avif", "o.pbm", "notes.txt", "jpg", ".x.jpg", "sub/inner.jpg"})
    root.touch(name);
  EXPECT_THAT(paths_of(expand({root.path()})),
              ElementsAre(root / "a.jpeg", root / "b.JPG", root / "c.Png", root / "d.webp", root / "e.bmp",
                          root / "f.pgm", root / "g.ppm", root / "h.TIF", root / "i.tiff", root / "j.gif",
                          root / "k.HEIC", root / "l.heif", root / "m.hif", root / "n.avif", root / "o.pbm"));
  EXPECT_THAT(paths_of(expand({root.path() + "/"}, true)), ::testing::Contains(root / "sub/inner.jpg"));
}

TEST(ExpandInputs, TakesThePicturesOfANumberedPatternInTheirOrder) {
  const TestFolder root;
  for (const char* name : {"img_0002.jpg", "img_0010.jpg", "img_0001.jpg", "img_12.jpg", "img_0004.png"})
    root.touch(name);
  EXPECT_THAT(paths_of(expand({root / "img_%04d.jpg"})),
              ElementsAre(root / "img_0001.jpg", root / "img_0002.jpg", root / "img_0010.jpg"));
  const InputList none = expand({root / "other_%d.jpg", root / "100%.jpg"});
  ASSERT_EQ(none.errors.size(), 2U);
  EXPECT_EQ(none.errors[0].error.code, ErrorCode::not_found);
  EXPECT_THAT(none.errors[0].error.message, HasSubstr("no picture"));
}

TEST(ExpandInputs, TakesAPipeByItsNameAndNotFromAFolder) {
  const TestFolder root;
  root.touch("a.jpg");
  ASSERT_EQ(::mkfifo((root / "pipe.jpg").c_str(), 0600), 0);
  EXPECT_THAT(paths_of(expand({root / "pipe.jpg"})), ElementsAre(root / "pipe.jpg"));
  const InputList list = expand({root.path()});
  EXPECT_THAT(paths_of(list), ElementsAre(root / "a.jpg"));
  ASSERT_EQ(list.errors.size(), 1U);
  EXPECT_EQ(list.errors[0].path, root / "pipe.jpg");
}

TEST(ExpandInputs, ThatMeansTheSameFileTwiceKeepsTheFirstName) {
  const TestFolder root;
  root.touch("a.jpg");
  root.touch("b.jpg");
  root.link("z.jpg", "a.jpg");
  EXPECT_THAT(paths_of(expand({root / "z.jpg", root.path(), root / "./a.jpg", root / "*.jpg"})),
              ElementsAre(root / "z.jpg", root / "b.jpg"));
}

TEST(ExpandInputs, KnowsStandardInput) {
  const InputList list = expand({"-", "-"});
  ASSERT_EQ(list.inputs.size(), 1U);
  EXPECT_EQ(list.inputs[0], (Input{"-", true}));
}

TEST(ExpandInputs, GoesOnAfterAnError) {
  const TestFolder root;
  root.touch("a.jpg");
  root.make_folder("empty/inside");
  root.link("dangling.jpg", "nowhere");
  const InputList list =
      expand({root / "missing.jpg", "", root / "empty", root / "*.tiff", root / "dangling.jpg", root / "a.jpg"});
  EXPECT_THAT(paths_of(list), ElementsAre(root / "a.jpg"));
  ASSERT_EQ(list.errors.size(), 5U);
  EXPECT_EQ(list.errors[0].path, root / "missing.jpg");
  EXPECT_EQ(list.errors[0].error,
            (Error{ErrorCode::not_found, (root / "missing.jpg") + ": cannot read: no such file or folder"}));
  EXPECT_EQ(list.errors[1].error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(list.errors[2].error.message, HasSubstr("1 folder(s) in it were not entered"));
  EXPECT_EQ(list.errors[3].error.message, (root / "*.tiff") + ": no file matches this pattern");
  EXPECT_EQ(list.errors[4].error.message, (root / "dangling.jpg") + ": a symbolic link to something that is not there");
}

TEST(ExpandInputs, NeverHangsOnCircularLinks) {
  const TestFolder root;
  root.touch("photos/a.jpg");
  root.touch("photos/sub/b.jpg");
  root.link("photos/sub/up", "..");
  root.link("photos/twin", "sub");
  root.link("photos/self.jpg", "self.jpg");
  const InputList list = expand({root / "photos"}, true);
  EXPECT_THAT(paths_of(list), ElementsAre(root / "photos/a.jpg", root / "photos/sub/b.jpg"));
  ASSERT_EQ(list.errors.size(), 2U);
  EXPECT_EQ(list.errors[0].error.message,
            (root / "photos/self.jpg") + ": cannot read: symbolic links that lead in a circle");
  EXPECT_EQ(list.errors[1].error.message,
            (root / "photos/sub/up") + ": a symbolic link back to " + (root / "photos") + ", not followed");
  EXPECT_THAT(paths_of(expand({root / "photos/**"})), ElementsAre(root / "photos/a.jpg", root / "photos/sub/b.jpg"));
  EXPECT_EQ(expand({root / "photos/self.jpg"}).errors.size(), 1U);
}

TEST(ExpandInputs, NeverWalksAFolderTwiceHoweverManyLinksLeadThere) {
  const TestFolder root;
  // Thirty floors with two links each to the next: 2^30 ways to the one picture.
  root.make_folder("floors");
  for (int i = 0; i < 30; ++i) {
    root.make_folder("floors/" + std::to_string(i));
    for (const char* side : {"left", "right"})
      root.link("floors/" + std::to_string(i) + "/" + side, "../" + std::to_string(i + 1));
  }
  root.touch("floors/30/a.jpg");
  EXPECT_EQ(expand({root / "floors/0"}, true).inputs.size(), 1U);
  EXPECT_EQ(expand({root / "floors/0/**/*.jpg"}).inputs.size(), 1U);
}

TEST(ExpandInputs, NamesFoldersThatMayNotBeRead) {
  const TestFolder root;
  root.touch("closed/a.jpg");
  root.touch("open/b.jpg");
  ::chmod(root.path().c_str(), 0755);
  ::chmod((root / "closed").c_str(), 0);
  InputList list;
  {
    const testing::WithoutPrivileges user;
    list = expand({root.path()}, true);
  }
  ::chmod((root / "closed").c_str(), 0755);
  EXPECT_THAT(paths_of(list), ElementsAre(root / "open/b.jpg"));
  ASSERT_EQ(list.errors.size(), 1U);
  EXPECT_EQ(list.errors[0].error,
            (Error{ErrorCode::resource_limit, (root / "closed") + ": cannot list the folder: permission denied"}));
}

TEST(ExpandInputs, UnderstandsPatterns) {
  const TestFolder root;
  for (const char* name : {"a1.jpg", "a2.jpg", "b1.png", "ä1.jpg", ".h1.jpg", "x/a3.jpg", "x/y/a4.jpg", "z/a5.txt"})
    root.touch(name);
  EXPECT_THAT(paths_of(expand({root / "a?.jpg"})), ElementsAre(root / "a1.jpg", root / "a2.jpg"));
  EXPECT_THAT(paths_of(expand({root / "[ab]1.*"})), ElementsAre(root / "a1.jpg", root / "b1.png"));
  EXPECT_THAT(paths_of(expand({root / "?1.jpg"})), ElementsAre(root / "a1.jpg", root / "ä1.jpg"));
  EXPECT_THAT(paths_of(expand({root / "*/a*.*"})), ElementsAre(root / "x/a3.jpg", root / "z/a5.txt"));
  EXPECT_THAT(paths_of(expand({root / "**/a*.jpg"})),
              ElementsAre(root / "a1.jpg", root / "a2.jpg", root / "x/a3.jpg", root / "x/y/a4.jpg"));
  EXPECT_THAT(paths_of(expand({root / "x/**"})), ElementsAre(root / "x/a3.jpg", root / "x/y/a4.jpg"));
  EXPECT_THAT(paths_of(expand({root / "x*"})), ElementsAre(root / "x/a3.jpg")) << "a folder that matches is a folder";
}

TEST(MatchesWildcards, EqualsTheHandMadeTable) {
  struct Case {
    const char* pattern;
    const char* name;
    bool want;
  };
  for (const Case& c : {Case{"*", "abc", true},
                        Case{"*", "", true},
                        Case{"a*c", "abbc", true},
                        Case{"a*c", "abb", false},
                        Case{"a*b*c", "aXbYbZc", true},
                        Case{"?", "é", true},
                        Case{"??", "é", false},
                        Case{"[a-c]x", "bx", true},
                        Case{"[!a-c]x", "bx", false},
                        Case{"[!a-c]x", "dx", true},
                        Case{"[]x]", "]", true},
                        Case{"[a", "[a", true},
                        Case{"[é-ü]", "ö", true},
                        Case{"[a-]", "-", true},
                        Case{"*.jpg", ".jpg", false},
                        Case{".*", ".jpg", true},
                        Case{"a", "", false},
                        Case{"", "", true},
                        Case{"*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
                        Case{"?", "\xff", true}})
    EXPECT_EQ(matches_wildcards(c.pattern, c.name), c.want) << c.pattern << " on " << c.name;
}

TEST(HasPictureName, LooksAtTheEndingOnly) {
  EXPECT_TRUE(has_picture_name("a.b/c.JPeG"));
  EXPECT_FALSE(has_picture_name("jpg"));
  EXPECT_FALSE(has_picture_name("a.jpg.txt"));
  EXPECT_FALSE(has_picture_name(""));
}

}  // namespace
}  // namespace vultus::media
