#include <vultus/runtime/decoder_contract.hpp>

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vultus::runtime {
namespace {

using ::testing::HasSubstr;

/// Outputs of given sizes; a size below 0 fails.
class SizedNetwork final : public Network {
 public:
  SizedNetwork(int batch, const std::map<std::string, int>& sizes) : batch_(batch) {
    for (const auto& [name, size] : sizes)
      if (size >= 0) outputs_[name].resize(static_cast<std::size_t>(size));
  }
  [[nodiscard]] int batch() const override { return batch_; }
  [[nodiscard]] int width() const override { return 1; }
  [[nodiscard]] int height() const override { return 1; }
  [[nodiscard]] int channels() const override { return 3; }
  [[nodiscard]] std::span<std::uint8_t> input() override { return {}; }
  Status run() override { return {}; }
  [[nodiscard]] Result<std::span<const float>> output(std::string_view name) const override {
    const auto at = outputs_.find(std::string(name));
    if (at == outputs_.end()) return fail(ErrorCode::internal, "whole numbers");
    return std::span<const float>(at->second);
  }

 private:
  int batch_;
  std::map<std::string, std::vector<float>> outputs_;
};

ModelManifest mesh() {
  ModelManifest manifest;
  manifest.id = ModelId("m");
  manifest.decoder = "mesh468";
  manifest.input.shape = {1, 3, 192, 192};
  manifest.outputs = {{"points", "a"}, {"flag", "b"}};
  return manifest;
}

TEST(DecoderContract, AsksForTheOutputsThatADecoderReads) {
  ModelManifest manifest = mesh();
  EXPECT_TRUE(check_decoder(manifest));
  manifest.outputs["more"] = "c";
  EXPECT_TRUE(check_decoder(manifest)) << "what nobody reads does no harm";
  manifest.outputs.erase("flag");
  const Status refused = check_decoder(manifest);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(),
            (Error{ErrorCode::corrupt_data, "\"outputs\" lacks \"flag\", which decoder mesh468 reads"}));
}

TEST(DecoderContract, AsksForColourAndForOnePictureWhereADecoderWritesThem) {
  ModelManifest manifest = mesh();
  manifest.input.colour = Colour::gray;  // the decoder would write three bytes a pixel into one
  EXPECT_THAT(check_decoder(manifest).error().message, HasSubstr("\"colour\" is gray, decoder mesh468"));
  manifest = mesh();
  manifest.input.shape[0] = 2;
  EXPECT_THAT(check_decoder(manifest).error().message,
              HasSubstr("\"shape\" is of 2 pictures, decoder mesh468 reads 1"));
  manifest.decoder = "embedding";
  manifest.outputs = {{"embedding", "e"}};
  EXPECT_TRUE(check_decoder(manifest)) << "two pictures at once: a face and its mirror image";
}

TEST(DecoderContract, LeavesDecodersThatAreNotKnownHereAlone) {
  ModelManifest manifest = mesh();
  manifest.decoder = "of_somebody_else";
  manifest.outputs = {{"x", "y"}};
  EXPECT_TRUE(check_decoder(manifest));
  EXPECT_TRUE(check_outputs(manifest, SizedNetwork(1, {{"x", 7}})));
}

TEST(DecoderContract, HoldsTheSizesOfANetworkAgainstItsDecoder) {
  const ModelManifest manifest = mesh();
  EXPECT_TRUE(check_outputs(manifest, SizedNetwork(1, {{"points", 1404}, {"flag", 1}})));
  EXPECT_TRUE(check_outputs(manifest, SizedNetwork(1, {{"points", 0}, {"flag", 1}}))) << "known after a run alone";
  const Status refused = check_outputs(manifest, SizedNetwork(1, {{"points", 1}, {"flag", 1}}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), (Error{ErrorCode::corrupt_data,
                                    "model m: \"outputs\": \"points\" is the tensor \"a\" of 1 values, decoder "
                                    "mesh468 reads 1404"}));
  const Status no_numbers = check_outputs(manifest, SizedNetwork(1, {{"points", 1404}, {"flag", -1}}));
  ASSERT_FALSE(no_numbers);
  EXPECT_EQ(no_numbers.error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(no_numbers.error().message, HasSubstr("\"flag\" is the tensor \"b\", which gives no numbers"));
}

}  // namespace
}  // namespace vultus::runtime
