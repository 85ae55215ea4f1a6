#include <vultus/engine/gallery_import.hpp>

#include <fstream>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/gallery/export_file.hpp>

namespace vultus::engine {
namespace {

class Import : public ::testing::Test {
 protected:
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  [[nodiscard]] Gallery gallery(const GalleryModel& model) const {
    return Gallery::open({.path = folder_ / "g", .access = GalleryAccess::create_or_open, .model = model}).value();
  }
  [[nodiscard]] static std::string dump() {
    return std::string(VULTUS_SOURCE_DIR) + "/tests/fuzz/corpus/compreface/real.sql";
  }

  TestFolder folder_;
};

TEST_F(Import, ACsvFileOfEmbeddingsIsTakenOnce) {
  const std::string path = write("e.csv",
                                 "name,source,v1,v2\r\nAda,a.jpg,3,4\r\nAda,b.jpg,0,2\r\n\"Hopper, Grace\",,1,0\r\n"
                                 "Nobody,,0,0\r\n");
  EXPECT_EQ(ImportFile::open(path, {}).error().code, ErrorCode::invalid_argument) << "which model?";
  const ImportFile file = ImportFile::open(path, {.model = "facenet"}).value();
  EXPECT_EQ(file.model().dimension, 2);
  EXPECT_EQ(file.faces(), 4);
  Gallery into = gallery(file.model());
  const ImportReport report = file.into(into).value();
  EXPECT_EQ(report.subjects, 2);
  EXPECT_EQ(report.added, 3);
  EXPECT_EQ(report.refused_count, 1) << "a vector without length has no direction";
  EXPECT_TRUE(report.refused.at(0).starts_with("line 5"));
  const Subject ada = into.find_subject("Ada").value().value();
  // (3, 4) has length 5.
  EXPECT_FLOAT_EQ(into.templates(ada.id).value()[0].values()[0], 0.6F);
  EXPECT_EQ(into.faces(ada.id).value()[1].details.source, "b.jpg");
  const ImportReport again = file.into(into).value();
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.already_there, 3);
}

TEST_F(Import, RowsThatDoNotFitAreNamedBeforeAnythingIsWritten) {
  for (const auto& [text, line] : {std::pair("A,,1,2\nB,,1\n", "line 2"), std::pair("A,,1,2\nB,,1,x\n", "line 2"),
                                   std::pair("A,,1,2\nB\n", "line 2"), std::pair("A,,1,2\n\"B,,1,2\n", "line 2")}) {
    const auto file = ImportFile::open(write("bad.csv", text), {.model = "m"});
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, ErrorCode::corrupt_data);
    EXPECT_NE(file.error().message.find(line), std::string::npos) << file.error().message;
  }
}

TEST_F(Import, AFirstRowWithANumberIsNoHeading) {
  for (const char* first : {"Ada,a,1.0.0,2", "Ada,a,x,2", "Ada,a, 1,y", "Ada,a,+1,y", "Ada,a,-.5e,y", "Ada,a,,nan"}) {
    const auto file = ImportFile::open(write("first.csv", std::string(first) + "\nBob,b,1,2\n"), {.model = "m"});
    ASSERT_FALSE(file) << first;
    EXPECT_EQ(file.error().code, ErrorCode::corrupt_data);
    EXPECT_NE(file.error().message.find("line 1: column "), std::string::npos) << file.error().message;
    EXPECT_NE(file.error().message.find("is no number"), std::string::npos) << file.error().message;
  }
  for (const char* heading : {"name,source,v1,v2", "n,s,information,-", "name,source,+x,"}) {
    const auto file = ImportFile::open(write("h.csv", std::string(heading) + "\nBob,b,1,2\n"), {.model = "m"});
    ASSERT_TRUE(file) << heading;
    EXPECT_EQ(file->faces(), 1);
  }
}

TEST_F(Import, AFileWithoutARowSaysSo) {
  for (const char* text : {"", "\n\n", "name,source,v1,v2\n"}) {
    const auto file = ImportFile::open(write("none.csv", text), {.model = "m"});
    ASSERT_FALSE(file) << text;
    EXPECT_EQ(file.error().code, ErrorCode::corrupt_data);
    EXPECT_NE(file.error().message.find("there is no row of an embedding"), std::string::npos) << file.error().message;
  }
}

TEST_F(Import, ADumpMustSayWhichOfSeveralIsMeantAndIsNotMixed) {
  const auto open = ImportFile::open(dump(), {});
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().message.find("facenet.Calculator@20180402-114759"), std::string::npos) << open.error().message;
  ImportOptions options{.calculator = "arcface_r100_v1@insightface.Calculator"};
  EXPECT_NE(ImportFile::open(dump(), options).error().message.find("--collection"), std::string::npos);
  options.collection = "Entrance";
  const ImportFile file = ImportFile::open(dump(), options).value();
  EXPECT_EQ(file.model().id.text(), "compreface:arcface_r100_v1@insightface.Calculator");
  Gallery into = gallery(file.model());
  const ImportReport report = file.into(into).value();
  EXPECT_EQ(report.added, 1);
  EXPECT_EQ(report.refused_count, 1) << "a name with a tab";
  EXPECT_TRUE(into.find_subject("Ada Lovelace").value());

  const ImportFile other =
      ImportFile::open(dump(), {.calculator = "facenet.Calculator@20180402-114759", .collection = "key-3"}).value();
  EXPECT_EQ(other.into(into).error().code, ErrorCode::model_mismatch);
}

TEST_F(Import, AnExportComesBackWithItsDetails) {
  const GalleryModel model{.id = ModelId("m"), .dimension = 2};
  ExportLines lines;
  Subject ada{.id = SubjectId(5), .name = "Ada", .details = {.tags = {"t"}, .notes = "n"}};
  ExportedFace face;
  face.face = {.id = FaceId(6), .subject = SubjectId(5)};
  face.values = {0.6F, 0.8F};
  face.thumbnail = Thumbnail{ThumbnailFormat::jpeg, {std::byte{1}}};
  // One after the other: a sum may be computed in any order, and the last line tells of those before it.
  std::string text = lines.header({.model = model, .subjects = 1, .faces = 1});
  text += lines.subject(ada);
  text += lines.face(face);
  text += lines.end();
  const ImportFile file = ImportFile::open(write("x.jsonl", text), {}).value();
  Gallery into = gallery(model);
  EXPECT_EQ(file.into(into).value().added, 1);
  const Subject back = into.find_subject("Ada").value().value();
  EXPECT_EQ(back.details, ada.details);
  EXPECT_EQ(into.thumbnail(into.faces(back.id).value()[0].id).value().value(), *face.thumbnail);
  EXPECT_EQ(file.into(into).value().already_there, 1);

  std::string cut = text.substr(0, text.size() - 20);
  EXPECT_EQ(ImportFile::open(write("cut.jsonl", cut), {}).error().code, ErrorCode::corrupt_data);
}

TEST_F(Import, WhatIsNoneOfTheFormatsIsRefused) {
  EXPECT_EQ(ImportFile::open(write("x.bin", "hello"), {}).error().code, ErrorCode::unsupported);
  EXPECT_EQ(ImportFile::open((folder_ / "none.csv").string(), {.model = "m"}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::engine
