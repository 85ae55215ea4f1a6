// The state of an interrupted comparison: what is written is read, what is damaged is not believed.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/scan_state.hpp>

namespace vultus::identity {
namespace {

GalleryScan two_subjects() {
  GalleryScan scan;
  scan.subjects.push_back(
      {.id = SubjectId(4), .name = "Ada", .first_face = 0, .faces = 2, .apart = {}, .together = {}});
  scan.subjects.push_back(
      {.id = SubjectId(9), .name = "Bob", .first_face = 2, .faces = 1, .apart = {}, .together = {}});
  for (int i = 0; i < 3; ++i)
    scan.faces.push_back({.id = FaceId(i + 1), .quality = {}, .inter_eye_px = {}, .retain_until = {}});
  return scan;
}

SubjectStanding ada() {
  SubjectStanding made;
  made.apart = 0.1F;
  made.together = 0.25F;
  made.faces.push_back({.own = 0.25F, .own_face = 1, .group = 0, .others = {{1, FaceId(3), 0.75F}}});
  made.faces.push_back({.own = 0.25F, .own_face = 0, .group = 1, .others = {}});
  made.strangers = {.similarity_sum = -0.5, .pairs = 8, .matches = 2, .taken_for = {0, 3}};
  return made;
}

SubjectStanding bob() {
  SubjectStanding made;
  made.faces.push_back({.own = {}, .own_face = 0, .group = 0, .others = {{0, FaceId(1), 1.0F}}});
  made.strangers = {.similarity_sum = 0.125, .pairs = 4, .matches = 0, .taken_for = {}};
  return made;
}

std::string whole() { return state_header(77) + state_line(1, bob()) + state_line(0, ada()); }

TEST(ScanState, WhatIsWrittenIsReadToTheBit) {
  const auto known = parse_state(whole(), two_subjects(), 77, 5);
  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0], ada());
  EXPECT_EQ(known[1], bob());
}

TEST(ScanState, OfAnotherGalleryIsNotTaken) {
  for (const auto& one : parse_state(whole(), two_subjects(), 78, 5)) EXPECT_FALSE(one);
}

TEST(ScanState, EveryAlteredByteEndsTheReading) {
  const std::string text = whole();
  const std::size_t last = text.find('\n', state_header(77).size()) + 1;
  for (std::size_t i = last; i + 1 < text.size(); ++i) {
    std::string altered = text;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto known = parse_state(altered, two_subjects(), 77, 5);
    EXPECT_EQ(known[1], bob()) << i;
    EXPECT_FALSE(known[0]) << i;
  }
}

TEST(ScanState, ACutOffLineIsLeftOut) {
  const std::string text = whole();
  for (std::size_t length = 0; length < text.size(); ++length)
    EXPECT_FALSE(parse_state(text.substr(0, length), two_subjects(), 77, 5)[0]) << length;
}

TEST(ScanState, WhatDoesNotFitTheGalleryIsNotBelieved) {
  const auto refused = [](const SubjectStanding& standing, std::uint32_t subject = 0) {
    const auto known = parse_state(state_header(77) + state_line(subject, standing), two_subjects(), 77, 5);
    return !known[0] && !known[1];
  };
  EXPECT_FALSE(refused(ada()));
  EXPECT_TRUE(refused(ada(), 1)) << "two faces of a subject with one";
  EXPECT_TRUE(refused(ada(), 2)) << "no such subject";
  SubjectStanding wrong = ada();
  wrong.faces[0].others[0].subject = 2;
  EXPECT_TRUE(refused(wrong));
  wrong = ada();
  wrong.faces[0].own = 1.5F;
  EXPECT_TRUE(refused(wrong));
  wrong = ada();
  wrong.faces[0].group = 2;
  EXPECT_TRUE(refused(wrong));
  wrong = ada();
  wrong.strangers.taken_for = {3, 5};
  EXPECT_TRUE(refused(wrong)) << "there are five references";
  wrong = ada();
  wrong.strangers.matches = 9;
  EXPECT_TRUE(refused(wrong));
}

TEST(Fingerprint, ChangesWithFacesSubjectsAndLimits) {
  const GalleryScan scan = two_subjects();
  const GalleryModel model{.id = ModelId("m"), .dimension = 4, .sha256 = {}, .preset = {}};
  const std::uint64_t usual = fingerprint_of(scan, model, {.match = 0.5F});
  EXPECT_EQ(fingerprint_of(scan, model, {.match = 0.5F, .threads = 4}), usual);
  EXPECT_NE(fingerprint_of(scan, model, {.match = 0.6F}), usual);
  GalleryScan other = scan;
  other.faces[2].id = FaceId(7);
  EXPECT_NE(fingerprint_of(other, model, {.match = 0.5F}), usual);
  other = scan;
  other.subjects[0].faces = 1;
  other.subjects[1].faces = 2;
  EXPECT_NE(fingerprint_of(other, model, {.match = 0.5F}), usual);
}

}  // namespace
}  // namespace vultus::identity
