#include <vultus/engine/tokenizer_codecs.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/media/degrade.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/encode_webp.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::engine {
namespace {

constexpr std::array kJpegQualities{90, 50, 30, 20, 10, 5};
constexpr std::array kWebpQualities{90, 50, 20, 5, 0};
constexpr std::array kResizeFactors{2, 4, 8};
constexpr int kLargestTile = 1024;
constexpr double kMostStride = 64, kMostBitsPerCode = 32;
constexpr std::size_t kMostManifestBytes = std::size_t{1} << 20U;
constexpr std::size_t kNetworksKept = 4;
constexpr const char* kShippedTokenizer = "tokenizer_vq";
constexpr const char* kTokenizerDecoder = "vq_tokenizer";

double bits_of(const std::vector<std::uint8_t>& file) { return 8 * static_cast<double>(file.size()); }

Result<CodedPicture> decoded(const std::vector<std::uint8_t>& file) {
  VULTUS_TRY(media::Picture picture, media::decode_picture(file));
  return CodedPicture{.image = std::move(picture.image), .bits = bits_of(file)};
}

Result<CodedPicture> down_and_up(ImageView picture, int factor) {
  VULTUS_TRY(const Image small, media::shrunk(picture, 1.0 / factor));
  VULTUS_TRY(const auto file, media::encode_png(small.view()));
  VULTUS_TRY(Image large, Image::create(picture.width, picture.height, picture.format));
  const RectF whole{0, 0, static_cast<float>(small.width()), static_cast<float>(small.height())};
  VULTUS_CHECK(media::resize_into(small.view(), whole, large.mutable_view()));
  return CodedPicture{.image = std::move(large), .bits = bits_of(file)};
}

TokenizerCodec plain_codec(std::string family, std::string setting, int strength,
                           std::function<Result<CodedPicture>(ImageView)> code) {
  std::string folder = fmt::format("{}-{}", family, strength);
  return {
      .family = std::move(family), .setting = std::move(setting), .folder = std::move(folder), .code = std::move(code)};
}

/// A network for pictures of any size: loaded once a size, the last few are kept.
class TiledAutoencoder {
 public:
  TiledAutoencoder(runtime::ModelHandle model, int stride, double bits_per_code)
      : model_(std::move(model)), stride_(stride), bits_per_code_(bits_per_code) {}

  Result<CodedPicture> code(ImageView picture) {
    if (picture.empty() || picture.format != PixelFormat::rgb8)
      return fail(ErrorCode::invalid_argument, "an autoencoder needs a picture in colour");
    VULTUS_TRY(Image whole, Image::create(picture.width, picture.height, PixelFormat::rgb8));
    CodedPicture coded{.image = std::move(whole)};
    for (int y = 0; y < picture.height; y += kLargestTile)
      for (int x = 0; x < picture.width; x += kLargestTile) VULTUS_CHECK(tile(picture, x, y, coded));
    return coded;
  }

 private:
  Status tile(ImageView picture, int left, int top, CodedPicture& coded) {
    const int width = std::min(kLargestTile, picture.width - left);
    const int height = std::min(kLargestTile, picture.height - top);
    VULTUS_TRY(runtime::Network* const network, of_size(filled_up(width), filled_up(height)));
    const auto row_bytes = static_cast<std::size_t>(network->width()) * 3;
    if (network->input().size() != row_bytes * static_cast<std::size_t>(network->height()))
      return fail(ErrorCode::corrupt_data, name() + ": its input is no picture in colour");
    for (int y = 0; y < network->height(); ++y) {
      std::uint8_t* const into = network->input().data() + static_cast<std::size_t>(y) * row_bytes;
      const std::uint8_t* const from = picture.row(top + std::min(y, height - 1)) + std::ptrdiff_t{3} * left;
      std::copy_n(from, 3 * width, into);
      for (int x = width; x < network->width(); ++x) std::copy_n(from + 3 * (width - 1), 3, into + 3 * x);
    }
    VULTUS_CHECK(network->run());
    VULTUS_TRY(const auto levels, network->output("reconstruction"));
    VULTUS_TRY(const auto codes, network->output("codes"));
    const auto plane = static_cast<std::size_t>(network->width()) * static_cast<std::size_t>(network->height());
    const std::size_t wanted = plane / static_cast<std::size_t>(stride_) / static_cast<std::size_t>(stride_);
    if (levels.size() != 3 * plane || codes.size() != wanted)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: {} levels and {} codes of {}x{} pixels, {} and {} are wanted", name(), levels.size(),
                              codes.size(), network->width(), network->height(), 3 * plane, wanted));
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (std::size_t c = 0; c < 3; ++c) {
          const float level =
              levels[c * plane + static_cast<std::size_t>(y) * row_bytes / 3 + static_cast<std::size_t>(x)];
          if (!std::isfinite(level)) return fail(ErrorCode::internal, name() + ": it gives no number");
          coded.image.row(top + y)[3 * static_cast<std::size_t>(left + x) + c] =
              static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.F, 255.F)));
        }
    coded.bits += static_cast<double>(codes.size()) * bits_per_code_;
    return {};
  }

  [[nodiscard]] std::string name() const { return "model " + model_.manifest.id.text(); }
  [[nodiscard]] int filled_up(int side) const { return (side + stride_ - 1) / stride_ * stride_; }

  Result<runtime::Network*> of_size(int width, int height) {
    const auto at = networks_.find({width, height});
    if (at != networks_.end()) return at->second.get();
    if (networks_.size() >= kNetworksKept) networks_.clear();
    VULTUS_TRY(auto network, model_.load({.width = width, .height = height}));
    return networks_.emplace(std::pair(width, height), std::move(network)).first->second.get();
  }

  runtime::ModelHandle model_;
  int stride_;
  double bits_per_code_;
  std::map<std::pair<int, int>, std::unique_ptr<runtime::Network>> networks_;
};

}  // namespace

const std::vector<std::string>& tokenizer_families() {
  static const std::vector<std::string> kFamilies{"jpeg", "webp", "resize", "ae"};
  return kFamilies;
}

Result<std::vector<TokenizerCodec>> plain_codecs(std::string_view family) {
  std::vector<TokenizerCodec> codecs;
  if (family == "jpeg") {
    for (const int quality : kJpegQualities)
      codecs.push_back(plain_codec("jpeg", fmt::format("quality {}", quality), quality,
                                   [quality](ImageView picture) -> Result<CodedPicture> {
                                     VULTUS_TRY(const auto file, media::encode_jpeg(picture, {.quality = quality}));
                                     return decoded(file);
                                   }));
  } else if (family == "webp") {
    for (const int quality : kWebpQualities)
      codecs.push_back(plain_codec("webp", fmt::format("quality {}", quality), quality,
                                   [quality](ImageView picture) -> Result<CodedPicture> {
                                     VULTUS_TRY(const auto file, media::encode_webp(picture, {.quality = quality}));
                                     return decoded(file);
                                   }));
  } else if (family == "resize") {
    for (const int factor : kResizeFactors)
      codecs.push_back(plain_codec("resize", fmt::format("1/{}", factor), factor,
                                   [factor](ImageView picture) { return down_and_up(picture, factor); }));
  } else {
    return fail(ErrorCode::invalid_argument,
                fmt::format("no codec \"{}\": there are jpeg, webp, resize and ae", family));
  }
  return codecs;
}

Result<TokenizerCodec> autoencoder_codec(const runtime::ModelHandle& model) {
  const runtime::ModelManifest& manifest = model.manifest;
  if (manifest.decoder != kTokenizerDecoder)
    return fail(ErrorCode::invalid_argument, "model " + manifest.id.text() + " has decoder " + manifest.decoder + ", " +
                                                 kTokenizerDecoder + " is needed");
  const double stride = model.parameter("stride", 0), bits = model.parameter("bits_per_code", 0);
  if (!(stride >= 1 && stride <= kMostStride && stride == std::floor(stride)) ||
      !(bits > 0 && bits <= kMostBitsPerCode))
    return fail(ErrorCode::invalid_argument,
                fmt::format("model {}: stride {} and bits_per_code {}; allowed are whole strides up to {:g} and bits "
                            "above 0 up to {:g}",
                            manifest.id.text(), stride, bits, kMostStride, kMostBitsPerCode));
  if (!manifest.input.resizable)
    return fail(ErrorCode::invalid_argument, "model " + manifest.id.text() + " takes pictures of one size alone");
  const auto coder = std::make_shared<TiledAutoencoder>(model, static_cast<int>(stride), bits);
  return TokenizerCodec{.family = "ae",
                        .setting = manifest.id.text(),
                        .folder = "ae-" + manifest.id.text(),
                        .planted = manifest.task.find("planted") != std::string::npos,
                        .code = [coder](ImageView picture) { return coder->code(picture); }};
}

Result<TokenizerCodec> autoencoder_of(const Engine& engine, const std::string& manifest) {
  if (manifest.empty()) {
    VULTUS_TRY(const runtime::ModelHandle shipped, engine.model(ModelId(kShippedTokenizer)));
    return autoencoder_codec(shipped);
  }
  VULTUS_TRY(const auto bytes, media::read_file(manifest, kMostManifestBytes));
  // What runs the engine's own networks runs this one.
  VULTUS_TRY(runtime::ModelHandle own, engine.model(engine.preset().models().front()));
  VULTUS_TRY(own.manifest,
             runtime::parse_manifest({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, manifest));
  own.manifest.folder = std::filesystem::absolute(manifest).parent_path().string();
  VULTUS_TRY(own.file, engine.store().verified(own.manifest));
  return autoencoder_codec(own);
}

}  // namespace vultus::engine
