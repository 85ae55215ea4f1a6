#include <vultus/engine/tokenizer_codecs.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <vultus/evaluation/image_quality.hpp>
#include <vultus/face/fake_network.hpp>

namespace vultus::engine {
namespace {

using face::test::Outputs;

/// Waves of several widths in different colours: every codec loses something.
Image waves(int width, int height) {
  Image image = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c)
        image.row(y)[3 * x + c] = static_cast<std::uint8_t>(128 + 50 * std::sin(0.9 * x + 0.4 * y + c) +
                                                            40 * std::sin(0.11 * x * (c + 1) - 0.23 * y));
  return image;
}

class PlainCodecs : public ::testing::TestWithParam<const char*> {};

TEST_P(PlainCodecs, LoseMoreAndCostLessFromStrengthToStrength) {
  const Image image = waves(96, 64);
  double psnr = std::numeric_limits<double>::infinity(), bits = psnr;
  const auto codecs = plain_codecs(GetParam()).value();
  EXPECT_GE(codecs.size(), 3U);
  for (const TokenizerCodec& codec : codecs) {
    EXPECT_EQ(codec.family, GetParam());
    const CodedPicture coded = codec.code(image.view()).value();
    const double kept = evaluation::psnr(image.view(), coded.image.view()).value();  // an error for another size
    EXPECT_LT(kept, psnr) << codec.setting;
    EXPECT_LT(coded.bits, bits) << codec.setting;
    psnr = kept, bits = coded.bits;
  }
}

INSTANTIATE_TEST_SUITE_P(Families, PlainCodecs, ::testing::Values("jpeg", "webp", "resize"),
                         [](const auto& family) { return std::string(family.param); });

TEST(PlainCodec, OfAnotherNameIsAnError) {
  EXPECT_EQ(plain_codecs("gif").error().message, "no codec \"gif\": there are jpeg, webp, resize and ae");
  EXPECT_EQ(plain_codecs("ae").error().code, ErrorCode::invalid_argument);
}

TEST(PlainCodec, DownAndUpOfAnEvenPictureIsThePicture) {
  Image even = Image::create(17, 9, PixelFormat::rgb8).value();
  for (int y = 0; y < 9; ++y)
    for (int i = 0; i < 51; ++i) even.row(y)[i] = static_cast<std::uint8_t>(40 + 60 * (i % 3));
  for (const TokenizerCodec& codec : plain_codecs("resize").value())
    EXPECT_EQ(codec.code(even.view()).value().image, even) << codec.setting;
}

/// A network that gives back what it sees, and a code for every square of four pixels.
Outputs echo(runtime::Network& network) {
  const auto plane = static_cast<std::size_t>(network.width()) * static_cast<std::size_t>(network.height());
  std::vector<float> levels(3 * plane);
  for (std::size_t i = 0; i < plane; ++i)
    for (std::size_t c = 0; c < 3; ++c) levels[c * plane + i] = network.input()[3 * i + c];
  return {{"reconstruction", levels}, {"codes", std::vector<float>(plane / 16)}};
}

runtime::ModelHandle echo_model(const face::test::Answer& answer = echo) {
  runtime::ModelHandle model = face::test::fake_model("vq_tokenizer", {1, 3, 64, 64}, answer);
  model.manifest.parameters = {{"stride", 4}, {"bits_per_code", 8}};
  return model;
}

TEST(Autoencoder, TakesPicturesOfAnySizeAndCountsTheCodes) {
  const TokenizerCodec codec = autoencoder_codec(echo_model()).value();
  for (const auto& [width, height, codes] : {std::tuple{64, 64, 16 * 16},
                                             {33, 18, 9 * 5},
                                             {1, 1, 1},
                                             {1030, 5, 256 * 2 + 2 * 2}}) {  // cut at 1,024: tiles of 1,024 and of 6
    const Image image = waves(width, height);
    const CodedPicture coded = codec.code(image.view()).value();
    EXPECT_EQ(coded.image, image) << width << "x" << height;
    EXPECT_DOUBLE_EQ(coded.bits, 8.0 * codes) << width << "x" << height;
  }
}

TEST(Autoencoder, RefusesWhatItCannotRead) {
  const Image image = waves(8, 8);
  EXPECT_FALSE(autoencoder_codec(face::test::fake_model("embedding", {1, 3, 64, 64}, echo)));
  runtime::ModelHandle model = echo_model();
  model.manifest.parameters = {{"stride", 2.5}, {"bits_per_code", 8}};
  EXPECT_FALSE(autoencoder_codec(model));
  model.manifest.parameters = {{"stride", 4}};
  EXPECT_NE(autoencoder_codec(model).error().message.find("bits_per_code 0"), std::string::npos);
  model = echo_model();
  model.manifest.input.resizable = false;
  EXPECT_FALSE(autoencoder_codec(model));
  // Too few codes, and a level that is no number.
  const auto few = [](runtime::Network& network) {
    Outputs outputs = echo(network);
    outputs.find("codes")->second.pop_back();
    return outputs;
  };
  EXPECT_EQ(autoencoder_codec(echo_model(few)).value().code(image.view()).error().code, ErrorCode::corrupt_data);
  const auto broken = [](runtime::Network& network) {
    Outputs outputs = echo(network);
    outputs.find("reconstruction")->second[5] = std::numeric_limits<float>::quiet_NaN();
    return outputs;
  };
  EXPECT_EQ(autoencoder_codec(echo_model(broken)).value().code(image.view()).error().code, ErrorCode::internal);
  const Image grey = Image::create(8, 8, PixelFormat::gray8).value();
  EXPECT_EQ(autoencoder_codec(echo_model()).value().code(grey.view()).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace vultus::engine
