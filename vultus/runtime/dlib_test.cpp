// dlib's serialisation, its networks, and what they calculate.
#include <array>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/runtime/dlib_net.hpp>
#include <vultus/runtime/dlib_stream.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/test_dlib_files.hpp>
#include <vultus/runtime/test_packages.hpp>

namespace vultus::runtime {
namespace {

using test::DlibWriter;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(DlibStream, ReadsNumbersByHand) {
  const std::array<std::uint8_t, 14> bytes{0x01, 0x05, 0x82, 0x34, 0x12, 0x01, 0x03,
                                           0x81, 0x02, '1',  0x02, 'h',  'i',  9};
  DlibStream in(bytes, "file");
  EXPECT_EQ(in.whole("five", 0, 9), 5);
  EXPECT_EQ(in.whole("minus 0x1234", -5000, 0), -0x1234);
  EXPECT_DOUBLE_EQ(in.real("three quarters"), 0.75);  // 3 * 2^-2
  EXPECT_TRUE(in.flag("yes"));
  EXPECT_TRUE(in.good());
  EXPECT_EQ(in.text("a control byte is missing"), "");
  EXPECT_FALSE(in.good());
}

TEST(DlibStream, TheFirstFaultIsTheOneThatIsTold) {
  const auto bytes = DlibWriter().whole(7).whole(300).bytes;
  DlibStream in(bytes, "weights.dat");
  in.whole("version", 0, 5);
  in.whole("count", 0, 5);
  ASSERT_FALSE(in.good());
  EXPECT_EQ(in.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(in.error().message, HasSubstr("weights.dat: byte 2: version is 7, allowed are 0 to 5"));
}

TEST(DlibStream, ABlockThatClaimsMoreThanTheFileHoldsAllocatesNothing) {
  const auto bytes = DlibWriter().whole(2).whole(1 << 20).whole(1 << 20).whole(1).whole(1).bytes;
  DlibStream in(bytes, "file");
  EXPECT_TRUE(in.tensor("block").empty());
  EXPECT_THAT(in.error().message, HasSubstr("claims more numbers than the file holds"));
}

TEST(DlibStream, NumbersThatAreNotFiniteAreRefused) {
  const auto infinite = DlibWriter().whole(0).whole(32000).bytes;
  DlibStream real(infinite, "file");
  EXPECT_EQ(real.real("number"), 0);
  EXPECT_FALSE(real.good());
  const auto block = DlibWriter().tensor({1, std::numeric_limits<float>::quiet_NaN()}).bytes;
  DlibStream tensor(block, "file");
  tensor.tensor("block");
  EXPECT_FALSE(tensor.good());
}

TEST(DlibNet, HasTheLayersOfItsFile) {
  const auto net = read_dlib_net(test::small_dlib_net(), "small");
  ASSERT_TRUE(net) << net.error().message;
  EXPECT_EQ(net->width, 9);
  EXPECT_EQ(net->layers.size(), 14U);
  EXPECT_EQ(net->layers.front().kind, DlibLayerKind::convolution);
  EXPECT_THAT(net->layers.front().values, ElementsAre(1, 1, 1, 0));
  EXPECT_EQ(net->layers[3].kind, DlibLayerKind::max_pool);
  EXPECT_EQ(net->layers[3].stride_x, 2);
  EXPECT_EQ(net->layers.back().filters, 3);
}

TEST(DlibNet, EveryBeginningOfAFileIsRefused) {
  const auto whole = test::small_dlib_net();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto net = read_dlib_net(std::span(whole).first(size), "cut");
    ASSERT_FALSE(net) << size;
    EXPECT_EQ(net.error().code, ErrorCode::corrupt_data);
  }
  auto longer = whole;
  longer.push_back(0);
  EXPECT_THAT(read_dlib_net(longer, "long").error().message, HasSubstr("1 bytes after the last layer"));
}

class DlibBackend : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Network>> load(const std::vector<std::uint8_t>& bytes) {
    const auto file = folder_.path() / "net.dlib";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    return backend_->load(manifest_, file, {});
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Backend> backend_ = make_openvino_backend({.precision = Precision::f32}).value();
  ModelManifest manifest_{.id = ModelId("small"),
                          .format = Format::dlib,
                          .input = {.shape = {1, 3, 9, 9}, .mean = {0, 0, 0}, .scale = {256, 256, 256}},
                          .outputs = {{"embedding", "embedding"}}};
};

TEST_F(DlibBackend, CalculatesWhatTheLayersSay) {
  auto network = load(test::small_dlib_net());
  ASSERT_TRUE(network) << network.error().message;
  // Every pixel is (64, 128, 64) / 256 = (1/4, 1/2, 1/4); the first convolution adds them to 1, its affine layer makes
  // 1 * 0.5 + 1 = 1.5. The maximum pool leaves 4 x 4 of 1.5. The block's first convolution (3 x 3, stride 2) makes one
  // pixel of 1.5 and -1.5 + 10 = 8.5; its second doubles the first channel: 3 and 8.5. The mean pool of the skip makes
  // 2 x 2 of 1.5 in one channel; added with zeros behind the last values: channel 0 is 3 + 1.5, 1.5, 1.5, 1.5, mean
  // 2.25; channel 1 is 8.5, 0, 0, 0, mean 2.125. The dense layer gives (2.25, 2.125, 100 * 2.125).
  const std::span<std::uint8_t> input = (*network)->input();
  for (std::size_t i = 0; i < input.size(); ++i) input[i] = i % 3 == 1 ? 128 : 64;
  ASSERT_TRUE((*network)->run());
  const auto out = (*network)->output("embedding").value();
  EXPECT_THAT(std::vector<float>(out.begin(), out.end()), ElementsAre(2.25F, 2.125F, 212.5F));
}

TEST_F(DlibBackend, RefusesAManifestWithOtherColours) {
  manifest_.input.mean = {1, 0, 0};
  const auto network = load(test::small_dlib_net());
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(network.error().message, HasSubstr("differs from the manifest"));
}

TEST_F(DlibBackend, RefusesLayersThatDoNotFit) {
  DlibWriter out;
  out.whole(1).text("loss_metric_");
  for (const int kind : {2, 2}) out.whole(kind);
  out.whole(3).text("input_rgb_image_sized").real(0).real(0).real(0).whole(9).whole(9);
  out.convolution({1, 1, 0}, 1, 1, 1, 0).whole(1).affine({1, 0}).plain("relu_");
  const auto network = load(out.bytes);
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(network.error().message, HasSubstr("the sizes of a convolution and its input do not fit"));
}

TEST_F(DlibBackend, RefusesAShapePredictor) {
  const auto network = load(test::small_shape_predictor());
  ASSERT_FALSE(network);
  EXPECT_EQ(network.error().code, ErrorCode::corrupt_data);
}

}  // namespace
}  // namespace vultus::runtime
