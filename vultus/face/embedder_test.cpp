#include <vultus/face/embedder.hpp>

#include <cmath>

#include <gtest/gtest.h>

#include <vultus/face/align.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::face {
namespace {

/// Answers for each slot of the batch: (top left pixel, top right pixel), red. A mirror image swaps them.
test::Outputs corners(runtime::Network& network) {
  std::vector<float> values;
  const std::size_t slot = std::size_t{3} * 112 * 112;
  for (std::size_t s = 0; s < static_cast<std::size_t>(network.batch()); ++s)
    values.insert(values.end(), {static_cast<float>(network.input()[s * slot]),
                                 static_cast<float>(network.input()[s * slot + std::size_t{3} * 111])});
  return {{"embedding", values}};
}

Image face() {
  Image picture = Image::create(112, 112, PixelFormat::rgb8).value();
  picture.row(0)[0] = 30;
  picture.row(0)[3 * 111] = 40;
  return picture;
}

Embedder loaded(int batch, Mirror mirror) {
  return Embedder::load(test::fake_model("embedding", {batch, 3, 112, 112}, corners), mirror).value();
}

TEST(Embedder, GivesTheUnitVectorOfTheNetwork) {
  for (const int batch : {1, 2}) {
    const Embedding e = loaded(batch, Mirror::no).embed_aligned(face().view()).value();
    EXPECT_EQ(e.model(), ModelId("fake"));
    EXPECT_FLOAT_EQ(e.values()[0], 0.6F);
    EXPECT_FLOAT_EQ(e.values()[1], 0.8F);
  }
}

TEST(Embedder, AveragesFaceAndMirrorImageInOneBatchOrInTwoRuns) {
  // (0.6, 0.8) + (0.8, 0.6) = (1.4, 1.4), of unit length (0.7071, 0.7071).
  for (const int batch : {1, 2}) {
    const Embedding e = loaded(batch, Mirror::average).embed_aligned(face().view()).value();
    EXPECT_EQ(e.model(), ModelId("fake+mirror")) << "templates with and without mirror are not comparable";
    EXPECT_NEAR(e.values()[0], std::sqrt(0.5), 1e-6);
    EXPECT_NEAR(e.values()[1], std::sqrt(0.5), 1e-6);
  }
}

TEST(Embedder, WeighsFaceAndMirrorImageEquallyWhateverTheirLengths) {
  // The network answers the longer vector (40, 0) to the face and (0, 10) to its mirror image.
  const auto answer = [](runtime::Network& network) {
    const bool first = network.input()[0] == 30;
    return test::Outputs{{"embedding", first ? std::vector<float>{40, 0} : std::vector<float>{0, 10}}};
  };
  auto embedder = Embedder::load(test::fake_model("embedding", {1, 3, 112, 112}, answer), Mirror::average).value();
  const Embedding e = embedder.embed_aligned(face().view()).value();
  EXPECT_NEAR(e.values()[0], e.values()[1], 1e-6);
}

TEST(Embedder, OfTwoNetworksMakesTemplatesWhoseCosineIsTheMeanOfBoth) {
  // The first network answers (30, 40) as above, of unit length (0.6, 0.8); the second always (0, 0, 7), or (7, 0, 0)
  // for a picture that begins with 50.
  const auto other = [](runtime::Network& network) {
    const bool swapped = network.input()[0] == 50;
    return test::Outputs{{"embedding", swapped ? std::vector<float>{7, 0, 0} : std::vector<float>{0, 0, 7}}};
  };
  const std::vector<EmbedderPart> parts{
      {.model = test::fake_model("embedding", {1, 3, 112, 112}, corners), .mirror = Mirror::no},
      {.model = test::fake_model("embedding", {1, 3, 112, 112}, other), .mirror = Mirror::average}};
  Embedder embedder = Embedder::load(parts).value();
  EXPECT_EQ(embedder.model(), ModelId("fake,fake+mirror"));
  EXPECT_EQ(embedder.dimension(), 5);
  const Embedding a = embedder.embed_aligned(face().view()).value();
  const std::vector<float> want{0.6F, 0.8F, 0, 0, 1};
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(a.values()[i], want[i] / std::sqrt(2), 1e-6);
  Image changed = face();
  changed.row(0)[0] = 50;
  changed.row(0)[3 * 111] = 120;  // (50, 120), of unit length (5/13, 12/13): cosine (3 + 9.6) / 13 with (0.6, 0.8)
  const Embedding b = embedder.embed_aligned(changed.view()).value();
  const double second = 0.5;  // (0, 0, 7) for the mirror image of `changed`, which begins with 120: (7, 0, 7) / |..|
  EXPECT_NEAR(inner_product(a.values(), b.values()), (12.6 / 13 + std::sqrt(second)) / 2, 1e-6);
  EXPECT_FALSE(Embedder::load(std::span<const EmbedderPart>())) << "no network, no template";
}

TEST(Embedder, AlignsTheFaceByItself) {
  const Image picture = face();
  for (const Mirror mirror : {Mirror::no, Mirror::average})
    EXPECT_EQ(loaded(2, mirror).embed(picture.view(), kTemplate).value(),
              loaded(2, mirror).embed_aligned(picture.view()).value());
}

TEST(Embedder, TakesOnlyCropsOfItsSize) {
  auto embedder = loaded(1, Mirror::no);
  EXPECT_EQ(embedder.embed_aligned({}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(embedder.embed_aligned(Image::create(112, 111, PixelFormat::rgb8).value().view()).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(embedder.embed_aligned(Image::create(112, 112, PixelFormat::gray8).value().view()).error().code,
            ErrorCode::invalid_argument);
}

TEST(Embedder, RefusesKeypointsThatDecideNothing) {
  EXPECT_EQ(loaded(1, Mirror::no).embed(face().view(), Keypoints{}).error().code, ErrorCode::invalid_argument);
}

TEST(Embedder, CallsAVectorWithoutDirectionAFault) {
  const Image black = Image::create(112, 112, PixelFormat::rgb8).value();
  EXPECT_EQ(loaded(1, Mirror::no).embed_aligned(black.view()).error().code, ErrorCode::internal);
  const auto broken = [](runtime::Network&) { return test::Outputs{{"embedding", {std::nanf(""), 1}}}; };
  auto embedder = Embedder::load(test::fake_model("embedding", {1, 3, 112, 112}, broken), Mirror::no).value();
  EXPECT_EQ(embedder.embed_aligned(black.view()).error().code, ErrorCode::internal);
}

TEST(Embedder, RefusesModelsThatAreNone) {
  EXPECT_EQ(Embedder::load(test::fake_model("rfb", {1, 3, 112, 112}, corners), Mirror::no).error().code,
            ErrorCode::invalid_argument);
  EXPECT_EQ(Embedder::load(test::fake_model("embedding", {1, 3, 160, 160}, corners), Mirror::no).error().code,
            ErrorCode::unsupported);
  const auto odd = [](runtime::Network&) { return test::Outputs{{"embedding", {1, 2, 3}}}; };
  EXPECT_EQ(Embedder::load(test::fake_model("embedding", {2, 3, 112, 112}, odd), Mirror::no).error().code,
            ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vultus::face
