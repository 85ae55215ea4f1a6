#include <vultus/gallery/compreface_dump.hpp>

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace vultus {
namespace {

/// Made by pg_dump 16 of a real database with CompreFace's tables; comments and settings were taken out.
std::string real_dump() {
  std::ifstream in(std::string(VULTUS_SOURCE_DIR) + "/tests/fuzz/corpus/compreface/real.sql", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Read {
  Result<ComprefaceContents> contents = ComprefaceContents();
  std::vector<ComprefaceFace> faces;
  std::vector<ComprefacePicture> pictures;
};

Read read(const std::string& text) {
  std::istringstream in(text);
  Read read;
  read.contents = read_compreface_dump(in, {.face = [&](const ComprefaceFace& face) -> Status {
                                              read.faces.push_back(face);
                                              return {};
                                            },
                                            .picture = [&](const ComprefacePicture& picture) -> Status {
                                              read.pictures.push_back(picture);
                                              return {};
                                            }});
  return read;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

TEST(ComprefaceDump, ARealDumpIsReadWhole) {
  const Read dump = read(real_dump());
  ASSERT_TRUE(dump.contents) << dump.contents.error().message;
  ComprefaceContents expected;
  expected.collections = {{"key-1", {"Entrance", 2, 2}}, {"key-3", {"key-3", 1, 1}}};
  expected.calculators = {{"arcface_r100_v1@insightface.Calculator", {3, 2}},
                          {"facenet.Calculator@20180402-114759", {2, 1}}};
  expected.pictures = 1;
  EXPECT_EQ(*dump.contents, expected);

  ASSERT_EQ(dump.faces.size(), 3U);
  EXPECT_EQ(dump.faces[0].subject, "Ada Lovelace");
  EXPECT_EQ(dump.faces[0].collection, "key-1");
  EXPECT_EQ(dump.faces[0].values, (std::vector<float>{0.6F, -0.8F, 0}));
  EXPECT_EQ(dump.faces[0].picture, "00000000-0000-0000-0000-0000000000a1");
  EXPECT_EQ(dump.faces[1].subject, "tab\there \\ \"q\" ñ");
  EXPECT_EQ(dump.faces[1].values, (std::vector<float>{0, 1e-5F, -2}));
  EXPECT_EQ(dump.faces[1].picture, "");
  EXPECT_EQ(dump.faces[2].subject, "line\nbreak");
  EXPECT_EQ(dump.faces[2].calculator, "facenet.Calculator@20180402-114759");

  ASSERT_EQ(dump.pictures.size(), 1U);
  EXPECT_EQ(dump.pictures[0].subject, "Ada Lovelace");
  EXPECT_EQ(dump.pictures[0].bytes, std::string("\xff\xd8\xff\xe0\x00", 5));
}

TEST(ComprefaceDump, ACutOffDumpIsAnErrorOrTellsOnlyWhatIsThere) {
  const std::string whole = real_dump();
  // Cut inside a table: an error that names it.
  const Read inside = read(whole.substr(0, whole.find("{1,0}")));
  EXPECT_EQ(inside.contents.error().code, ErrorCode::corrupt_data);
  // Cut between tables, before the names: there is nobody in it.
  const Read between = read(whole.substr(0, whole.find("COPY public.subject")));
  EXPECT_EQ(between.contents.error().code, ErrorCode::unsupported);
  EXPECT_EQ(read("").contents.error().code, ErrorCode::unsupported);
}

TEST(ComprefaceDump, OtherKindsOfDumpAreNamed) {
  EXPECT_NE(read("PGDMP\x01\x0e").contents.error().message.find("pg_restore"), std::string::npos);
  EXPECT_NE(read("INSERT INTO public.subject VALUES (1);\n").contents.error().message.find("--inserts"),
            std::string::npos);
}

TEST(ComprefaceDump, DamagedRowsNameTheirLine) {
  const std::string whole = real_dump();
  for (const auto& [what, with] : {std::pair("{0.6,-0.8,0}", "{0.6,-0.8,x}"), std::pair("{0.6,-0.8,0}", "0.6"),
                                   std::pair("{0.6,-0.8,0}", "{}"), std::pair("{0.6,-0.8,0}", "{1,}"),
                                   std::pair("{0.6,-0.8,0}", "{1,2}"), std::pair("\\\\xffd8ffe000", "\\\\xffd8ffe0zz"),
                                   std::pair("\\\\xffd8ffe000", "ffd8"), std::pair("Ada Lovelace", "Ada\tLovelace"),
                                   std::pair("0000e1\t00000000-0000-0000-0000-000000000001", "0000e1\t\\N")}) {
    const Read dump = read(replaced(whole, what, with));
    ASSERT_FALSE(dump.contents) << with;
    EXPECT_EQ(dump.contents.error().code, ErrorCode::corrupt_data) << with;
    EXPECT_TRUE(dump.contents.error().message.starts_with("line ")) << dump.contents.error().message;
  }
}

}  // namespace
}  // namespace vultus
