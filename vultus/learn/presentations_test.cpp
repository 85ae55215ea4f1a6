// Files of faces: what is read is what was written, and faults of a split are named.
#include <vultus/learn/presentations.hpp>

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>

namespace vultus::learn {
namespace {

using ::testing::HasSubstr;

struct Columns {
  std::vector<std::int64_t> kind{0, 1, 2}, subject{4, 4, 5}, part{0, 0, 2};
};

Result<Presentations> written(const TestFolder& folder, const Columns& columns, std::int64_t margin = 2) {
  const auto path = folder / "faces.safetensors";
  {
    auto writer = TensorFileWriter::create(path, presentation_tensors(3, 20),
                                           presentation_notes({"print", "screen"}, margin, true))
                      .value();
    const std::vector<std::uint8_t> pixels(20 * 20 * 3, 7);
    writer.write("pixels", pixels.size(), std::as_bytes(std::span(pixels))).value();
    const auto write = [&](const char* name, const std::vector<std::int64_t>& values) {
      writer.write(name, 0, std::as_bytes(std::span(values))).value();
    };
    write("kind", columns.kind), write("subject", columns.subject), write("part", columns.part);
    writer.finish().value();
  }
  return Presentations::open(path);
}

TEST(Presentations, AreReadAsTheyWereWritten) {
  const TestFolder folder;
  const Presentations read = written(folder, {}).value();
  EXPECT_EQ(read.count(), 3);
  EXPECT_EQ(read.seen(), 16);
  EXPECT_TRUE(read.planted());
  EXPECT_THAT(read.attacks(), ::testing::ElementsAre("print", "screen"));
  EXPECT_EQ(read.pixels(0)[5], std::byte{0});
  EXPECT_EQ(read.pixels(1)[5], std::byte{7});
  EXPECT_EQ(read.kind(2), 2);
  EXPECT_EQ(read.part(2), Part::test);
  EXPECT_EQ(read.covered(2).size(), 1024U);
}

TEST(Presentations, ASubjectInTwoPartsIsALeak) {
  const TestFolder folder;
  EXPECT_THAT(written(folder, {.part = {0, 1, 2}}).error().message, HasSubstr("subject 4 is in two parts"));
}

TEST(Presentations, FaultsAreNamed) {
  const TestFolder folder;
  EXPECT_THAT(written(folder, {.kind = {0, 3, 1}}).error().message, HasSubstr("face 1: kind 3"));
  EXPECT_THAT(written(folder, {.part = {0, 0, 3}}).error().message, HasSubstr("part 3"));
  EXPECT_THAT(written(folder, {}, 3).error().message, HasSubstr("margin"));
}

TEST(Parts, FollowFromTheNameInTheSharesThatAreSaid) {
  std::map<Part, int> counts;
  for (int i = 0; i < 20'000; ++i) ++counts[part_of("person " + std::to_string(i))];
  EXPECT_NEAR(counts[Part::train], 12'000, 400);  // five standard deviations are 350
  EXPECT_NEAR(counts[Part::validation], 3'000, 260);
  EXPECT_NEAR(counts[Part::test], 5'000, 310);
  EXPECT_EQ(part_of("Ada"), part_of("Ada"));
}

TEST(Subjects, AreWhatStandsBeforeTheNumber) {
  EXPECT_EQ(subject_of("a/Ada_Lovelace_0001.jpg"), "Ada_Lovelace");
  EXPECT_EQ(subject_of("ada.jpg"), "ada");
  EXPECT_EQ(subject_of("_12.jpg"), "_12");
  EXPECT_EQ(subject_of("a_b.jpg"), "a_b");
}

}  // namespace
}  // namespace vultus::learn
