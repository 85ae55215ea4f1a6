#include <vultus/gallery/store/row_sum.hpp>

#include <gtest/gtest.h>

#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery {
namespace {

using testing::fixed_time;

// Expected values: BLAKE2b of Python's hashlib (digest_size=16) over the bytes that row_sum.hpp describes.
TEST(RowSum, IsBlake2bOverTheDocumentedBytes) {
  const SubjectRow subject{.id = SubjectId(5),
                           .name = "Ada",
                           .name_key = "key",
                           .created = fixed_time(),
                           .external_id = "crm",
                           .consent = "form",
                           .retain_until = UtcTime(std::chrono::seconds(1'900'000'000)),
                           .notes = "n",
                           .changed = 7,
                           .faces = 12};
  EXPECT_EQ(sum_of(subject), -431211416804572686);
  const FaceRow face{.id = FaceId(9),
                     .subject = SubjectId(5),
                     .enrolled = fixed_time(),
                     .quality = 0.5,
                     .detection = 0.75,
                     .source = "a.jpg",
                     .box = RectF{10.5F, 20, 100, -0.0F},
                     .changed = 7,
                     .thumbnail = ThumbnailFormat::jpeg};
  EXPECT_EQ(sum_of(face), -6201625515290243184);
  EXPECT_EQ(sum_of(FaceRow{.id = FaceId(9), .subject = SubjectId(5), .enrolled = fixed_time()}), -5691695802103065172);
  EXPECT_EQ(sum_of(TemplateRow{FaceId(9), 1, {std::byte{1}, std::byte{2}, std::byte{3}}}), -7855698547384287331);
  EXPECT_EQ(sum_of(ThumbnailRow{FaceId(9), ThumbnailFormat::jpeg, {std::byte{0xFF}}}), -257350998641093899);
  EXPECT_EQ(sum_of(LinkRow{LinkKind::not_face, 1, 2}), 3141512921827773734);
  EXPECT_EQ(sum_of_meta("model", "1"), -1287684457006370090);
  EXPECT_EQ(sum_of(UndoRow{3, fixed_time(), "merge", "{}"}), -16959681696271687);
  EXPECT_EQ(sum_of(ModelRow{1, {.id = ModelId("m"), .dimension = 2, .preset = "default"}, fixed_time()}),
            1211403237815897440);
  Calibration calibration{.at = {Cosine(0.5F), 0.001, "src"}, .subjects = 2, .made = fixed_time()};
  calibration.fmr_low = 0.25;
  calibration.fmr_high = 0.5;
  calibration.impostor_pairs = 10;
  calibration.mated_pairs = 20;
  calibration.logistic = LogisticCurve{9, -3, 0.5};
  calibration.rows = {{0.01, Cosine(0.25F)}};
  EXPECT_EQ(sum_of(1, calibration), -3271024565870773389);
}

}  // namespace
}  // namespace vultus::gallery
