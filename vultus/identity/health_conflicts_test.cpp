// Conflicts of subjects with more faces than are compared with each other.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/identity/health_findings.hpp>
#include <vultus/identity/test_gallery.hpp>

namespace vultus::identity {
namespace {

TEST(FindConflicts, LooksAtTwoSubjectsOfThousandsOfFacesToo) {
  const Folder folder;
  // Four values a face: the many comparisons take no time.
  const Embedding ann = unit({1, 0, 0, 0}), ben = unit({0, 1, 0, 0}), another_of_ben = unit({0, 0.9F, 0.3F, 0});
  constexpr std::size_t kEach = 2500, kWrong = 2400;
  Faces faces;
  for (std::size_t i = 0; i < kEach; ++i)
    for (const bool first : {true, false})
      faces.push_back({.subject = first ? "ann" : "ben",
                       .embedding = !first        ? ben
                                    : i == kWrong ? another_of_ben
                                                  : ann,
                       .details = {},
                       .thumbnail = {}});
  auto gallery =
      Gallery::open({.path = folder / "large.vgal",
                     .access = GalleryAccess::create_or_open,
                     .model = GalleryModel{.id = ModelId("planted"), .dimension = 4, .sha256 = {}, .preset = {}},
                     .now = nullptr})
          .value();
  ASSERT_TRUE(gallery.enrol(faces));
  GalleryScan scan = list_gallery(gallery, {}).value();
  ASSERT_EQ(scan.subjects.size(), 2U);
  // What a scan finds: one face under "ann" that is like those of "ben".
  const std::size_t wrong = scan.subjects[0].first_face + kWrong;
  scan.standing[wrong] = {.own = 0.0F, .others = {{.subject = 1, .face = FaceId(2), .similarity = 0.95F}}};
  const HealthOptions wanted = options();
  const auto found = find_conflicts({gallery, scan, wanted, "large.vgal"}, {});
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->findings.size(), 1U);
  EXPECT_EQ(found->findings[0].code, HealthCode::mislabelled);
  EXPECT_EQ(found->findings[0].at->face, scan.faces[wrong].id);
  EXPECT_TRUE(found->misplaced[wrong]);
}

}  // namespace
}  // namespace vultus::identity
