#include <vultus/media/wav.hpp>

#include <gtest/gtest.h>

namespace vultus::media {
namespace {

TEST(Wav, ComesBackAsItWent) {
  const Sound sound{.rate = 16000, .channels = {{0, .5F, -.5F, 1, -1}, {.25F, 0, 0, 0, -.25F}}};
  const auto bytes = encode_wav(sound).value();
  EXPECT_EQ(bytes.size(), 44U + 5 * 2 * 2);
  const Sound read = decode_wav(bytes).value();
  EXPECT_EQ(read.rate, 16000);
  ASSERT_EQ(read.channels.size(), 2U);
  for (std::size_t c = 0; c < 2; ++c)
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(read.channels[c][i], sound.channels[c][i], 1e-4);
}

/// A file of one channel at 8 kHz.
std::vector<std::uint8_t> file_of(std::uint8_t encoding, std::uint8_t bits, const std::vector<std::uint8_t>& data) {
  std::vector<std::uint8_t> bytes{'R',
                                  'I',
                                  'F',
                                  'F',
                                  0,
                                  0,
                                  0,
                                  0,
                                  'W',
                                  'A',
                                  'V',
                                  'E',
                                  'f',
                                  'm',
                                  't',
                                  ' ',
                                  16,
                                  0,
                                  0,
                                  0,
                                  encoding,
                                  0,
                                  1,
                                  0,
                                  0x40,
                                  0x1F,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  0,
                                  bits,
                                  0,
                                  'd',
                                  'a',
                                  't',
                                  'a',
                                  static_cast<std::uint8_t>(data.size()),
                                  0,
                                  0,
                                  0};
  bytes.insert(bytes.end(), data.begin(), data.end());
  return bytes;
}

TEST(Wav, ReadsItsEncodings) {
  EXPECT_EQ(decode_wav(file_of(1, 8, {0, 128, 192})).value().channels[0], (std::vector<float>{-1, 0, .5F}));
  EXPECT_EQ(decode_wav(file_of(1, 16, {0, 0x80, 0, 0x40})).value().channels[0], (std::vector<float>{-1, .5F}));
  EXPECT_EQ(decode_wav(file_of(1, 24, {0, 0, 0xC0})).value().channels[0], (std::vector<float>{-.5F}));
  EXPECT_EQ(decode_wav(file_of(1, 32, {0, 0, 0, 0x20})).value().channels[0], (std::vector<float>{.25F}));
  EXPECT_EQ(decode_wav(file_of(3, 32, {0, 0, 0x80, 0x3F})).value().channels[0], (std::vector<float>{1}));
  EXPECT_EQ(decode_wav(file_of(3, 32, {0, 0, 0xC0, 0x7F})).value().channels[0], (std::vector<float>{0}))
      << "not a number";
}

TEST(Wav, IsReadAsFarAsItGoes) {
  auto bytes = encode_wav({.rate = 8000, .channels = {{.5F, .5F, .5F, .5F}}}).value();
  bytes.resize(bytes.size() - 3);
  EXPECT_EQ(decode_wav(bytes).value().channels[0].size(), 2U);
}

TEST(Wav, SaysWhatIsWrong) {
  EXPECT_EQ(decode_wav({}).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(decode_wav(file_of(7, 8, {0})).error().code, ErrorCode::unsupported);
  EXPECT_EQ(decode_wav(file_of(1, 12, {0})).error().code, ErrorCode::unsupported);
  auto bytes = file_of(1, 16, {0, 0});
  bytes[22] = 9;
  EXPECT_EQ(decode_wav(bytes).error().code, ErrorCode::resource_limit);
  bytes[22] = 0;
  EXPECT_EQ(decode_wav(bytes).error().code, ErrorCode::corrupt_data);
  bytes = file_of(1, 16, {});
  bytes.resize(36);
  EXPECT_EQ(decode_wav(bytes).error().code, ErrorCode::corrupt_data) << "no samples";
  EXPECT_FALSE(encode_wav({.rate = 8000, .channels = {}}));
  EXPECT_FALSE(encode_wav({.rate = 8000, .channels = {{1}, {}}}));
  EXPECT_FALSE(encode_wav({.rate = 1, .channels = {{1}}}));
}

}  // namespace
}  // namespace vultus::media
