#include <vultus/engine/gallery_export.hpp>

#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/engine/gallery_import.hpp>

namespace vultus::engine {
namespace {

class Export : public ::testing::Test {
 protected:
  Export() {
    std::vector<NewFace> faces;
    for (const char* name : {"Ada", "Ada", "Bo", "Cy"})
      faces.push_back({.subject = name, .embedding = embedding(static_cast<float>(faces.size()))});
    EXPECT_TRUE(gallery_.enrol(faces));
  }
  static Embedding embedding(float x) { return Embedding::normalised(ModelId("m"), {x, 1}).value(); }
  [[nodiscard]] SubjectId who(const char* name) const { return gallery_.find_subject(name).value().value().id; }
  [[nodiscard]] GalleryExport everyone() const { return GalleryExport::of_everyone(gallery_).value(); }
  /// What is written, with an act of somebody else before the line of that number is taken.
  Status write(const GalleryExport& what, int at, const std::function<void()>& act) {
    text_.clear();
    int line = 0;
    return what.write("0123456789abcdef0123456789abcdef", {}, [&](std::string_view more) -> Status {
      if (line++ == at) act();
      text_ += more;
      return {};
    });
  }

  TestFolder folder_;
  Gallery gallery_ = Gallery::open({.path = folder_ / "g",
                                    .access = GalleryAccess::create_or_open,
                                    .model = GalleryModel{.id = ModelId("m"), .dimension = 2}})
                         .value();
  std::string text_;
};

TEST_F(Export, EveryoneComesBackFromIt) {
  const GalleryExport what = everyone();
  EXPECT_EQ(what.subjects(), 3);
  EXPECT_EQ(what.faces(), 4);
  ASSERT_TRUE(write(what, -1, [] {}));
  EXPECT_NE(text_.find(R"("gallery":"0123456789abcdef0123456789abcdef")"), std::string::npos) << text_;
  std::ofstream(folder_ / "x.jsonl", std::ios::binary) << text_;
  const ImportFile file = ImportFile::open((folder_ / "x.jsonl").string(), {}).value();
  Gallery into =
      Gallery::open({.path = folder_ / "h", .access = GalleryAccess::create_or_open, .model = file.model()}).value();
  EXPECT_EQ(file.into(into).value().added, 4);
  EXPECT_EQ(into.info().subjects, 3);
}

TEST_F(Export, WhatIsChangedMeanwhileEndsItBeforeItsLastLine) {
  // Lines: header, Ada, 2 faces, Bo, face, Cy, face, end.
  const std::vector<std::pair<int, std::function<void()>>> acts{
      {0, [&] { ASSERT_TRUE(gallery_.remove(who("Bo"))); }},
      {7, [&] { ASSERT_TRUE(gallery_.remove(who("Ada"))); }},
      {1, [&] { ASSERT_TRUE(gallery_.remove(gallery_.faces(who("Ada")).value()[0].id)); }},
      {2, [&] { ASSERT_TRUE(gallery_.rename(who("Ada"), "Zoe", IfNameTaken::refuse)); }},
      {7, [&] { ASSERT_TRUE(gallery_.enrol(std::vector{NewFace{.subject = "Ed", .embedding = embedding(9)}})); }},
      // As many as before, but others.
      {7, [&] {
         ASSERT_TRUE(gallery_.remove(who("Cy")));
         ASSERT_TRUE(gallery_.enrol(std::vector{NewFace{.subject = "Cy", .embedding = embedding(8)}}));
       }}};
  for (std::size_t i = 0; i < acts.size(); ++i) {
    // Everybody is there at the beginning of each.
    std::vector<NewFace> faces;
    for (const char* name : {"Ada", "Ada", "Bo", "Cy"})
      faces.push_back({.subject = name, .embedding = embedding(static_cast<float>(faces.size()))});
    ASSERT_TRUE(gallery_.enrol(faces));
    const Status written = write(everyone(), acts[i].first, acts[i].second);
    ASSERT_FALSE(written) << i;
    EXPECT_EQ(written.error().code, ErrorCode::resource_limit);
    EXPECT_NE(written.error().message.find("was changed while it was exported"), std::string::npos)
        << written.error().message;
    EXPECT_EQ(text_.find(R"("end")"), std::string::npos) << i;
  }
}

TEST_F(Export, AnExportOfOneDoesNotMindTheOthers) {
  const GalleryExport ada = GalleryExport::of(gallery_, gallery_.subject(who("Ada")).value());
  EXPECT_EQ(ada.faces(), 2);
  EXPECT_TRUE(write(ada, 1, [&] { ASSERT_TRUE(gallery_.remove(who("Bo"))); }));
  EXPECT_FALSE(write(ada, 3, [&] { ASSERT_TRUE(gallery_.describe(who("Ada"), {.notes = "n"})); }));
}

}  // namespace
}  // namespace vultus::engine
