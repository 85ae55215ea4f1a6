#include <vultus/engine/landmark_files.hpp>

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::engine {
namespace {

using ::testing::HasSubstr;

std::string pts(int count) {
  std::string text = "version: 1\nn_points:  " + std::to_string(count) + "\n{\n";
  for (int i = 0; i < count; ++i) text += std::to_string(i + 1) + ".5 " + std::to_string(2 * i + 1) + "\n";
  return text + "}\n";
}

TEST(FilesOf300W, CountPixelsFromOne) {
  const auto points = parse_pts(pts(68));
  ASSERT_TRUE(points) << points.error().message;
  ASSERT_EQ(points->size(), 68U);
  EXPECT_EQ(points->front(), (Point2f{0.5F, 0}));
  EXPECT_EQ(points->back(), (Point2f{67.5F, 134}));
}

TEST(FilesOf300W, ThatAreAmissAreErrors) {
  const auto other = parse_pts(pts(49));
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("49 points"));
  for (const char* text : {"", "version: 1", "n_points: 68\n{\n1 2\n", "n_points: 68\n{\n1 two\n}", "{ 1 2 3 }"})
    EXPECT_FALSE(parse_pts(text)) << text;
}

TEST(XmlOfDlib, HasFacesOfPictures) {
  std::string text =
      "<?xml version='1.0'?>\n<dataset>\n<images>\n<image file='a &amp; b.jpg'>\n<box top='1' left='2'>\n";
  for (int i = 0; i < 68; ++i)  // in any order
    text += "<part name='" + std::to_string(67 - i) + "' x='" + std::to_string(67 - i) + "' y=\"3\"/>\n";
  text += "</box>\n<box top='9'><part name='0' x='1' y='1'/></box></image>\n</images></dataset>";
  const auto faces = parse_dlib_xml(text);
  ASSERT_TRUE(faces) << faces.error().message;
  ASSERT_EQ(faces->size(), 1U) << "a box of one part is no face of 68";
  EXPECT_EQ(faces->front().picture, "a & b.jpg");
  EXPECT_EQ(faces->front().points[5], (Point2f{5, 3}));
}

TEST(XmlOfDlib, ThatIsAmissIsAnError) {
  for (const char* text :
       {"", "<html></html>", "<images><image file='a'><box><part name='1' x='z' y='1'/>", "<images><image file='a'"})
    EXPECT_FALSE(parse_dlib_xml(text)) << text;
  EXPECT_TRUE(parse_dlib_xml("<images></images>").value().empty());
}

TEST(MarkedFaces, OfAFolderLieBesideTheirPictures) {
  const TestFolder folder;
  std::ofstream(folder / "b.pts") << pts(68);
  std::ofstream(folder / "a.pts") << pts(68);
  std::ofstream(folder / "b.png") << "x";
  const auto missing = read_marked_faces(folder.path().string());
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("a.pts"));
  std::ofstream(folder / "a.jpg") << "x";
  const auto faces = read_marked_faces(folder.path().string());
  ASSERT_TRUE(faces) << faces.error().message;
  ASSERT_EQ(faces->size(), 2U);
  EXPECT_EQ((*faces)[0].picture, folder / "a.jpg");
  EXPECT_EQ((*faces)[1].picture, folder / "b.png");
  EXPECT_FALSE(read_marked_faces(folder / "none"));
}

}  // namespace
}  // namespace vultus::engine
