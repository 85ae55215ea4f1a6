#include <vultus/runtime/dlib_net.hpp>

#include <string>
#include <utility>

#include <vultus/runtime/dlib_stream.hpp>

namespace vultus::runtime {
namespace {

constexpr std::int64_t kMaxWindow = 64, kMaxChannels = 1 << 16, kMaxInput = 4096;
constexpr std::size_t kMaxLayers = 2048;
// How the layers begin: one number a layer, from the output to the input. Layers that only mark a place (tags) or point
// to one (skips) say 1 and have nothing else; those that compute say 2; the last, at the input, says 3 or 2.
constexpr std::int64_t kMarker = 1, kComputes = 2, kAtInput = 3;

int window(DlibStream& in, std::string_view what, std::int64_t least) {
  return static_cast<int>(in.whole(what, least, kMaxWindow));
}

void read_window(DlibStream& in, DlibLayer& layer, std::int64_t least) {
  layer.height = window(in, "height of a window", least);
  layer.width = window(in, "width of a window", least);
  layer.stride_y = window(in, "vertical stride", 1);
  layer.stride_x = window(in, "horizontal stride", 1);
  layer.padding_y = window(in, "vertical padding", 0);
  layer.padding_x = window(in, "horizontal padding", 0);
}

void skip_learning_rates(DlibStream& in) {
  for (int i = 0; i < 4; ++i) in.real("a learning rate");
}

DlibLayer read_convolution(DlibStream& in, bool has_use_bias) {
  DlibLayer layer{.kind = DlibLayerKind::convolution};
  layer.values = in.tensor("weights of a convolution");
  layer.filters = static_cast<int>(in.whole("filters of a convolution", 1, kMaxChannels));
  read_window(in, layer, 1);
  in.skip_alias("shape of the filters");
  in.skip_alias("shape of the biases");
  skip_learning_rates(in);
  if (has_use_bias && !in.flag("use_bias") && in.good()) in.refuse("a convolution without biases is not supported");
  return layer;
}

DlibLayer read_affine(DlibStream& in, bool has_disabled) {
  DlibLayer layer{.kind = DlibLayerKind::affine};
  layer.values = in.tensor("weights of an affine layer");
  in.skip_alias("shape of the factors");
  in.skip_alias("shape of the offsets");
  in.whole("mode of an affine layer", 0, 1);
  if (has_disabled && in.flag("disabled")) in.refuse("a disabled affine layer is not supported");
  return layer;
}

DlibLayer read_dense(DlibStream& in) {
  DlibLayer layer{.kind = DlibLayerKind::dense};
  layer.filters = static_cast<int>(in.whole("outputs of a dense layer", 1, kMaxChannels));
  in.whole("inputs of a dense layer", 1, kMaxChannels);
  layer.values = in.tensor("weights of a dense layer");
  in.skip_alias("shape of the weights");
  in.skip_alias("shape of the biases");
  if (in.whole("bias mode of a dense layer", 0, 1) != 1 && in.good())
    in.refuse("a dense layer with biases is not supported");
  skip_learning_rates(in);
  return layer;
}

DlibLayer read_details(DlibStream& in) {
  const std::string kind = in.text("kind of a layer");
  if (kind == "con_4" || kind == "con_5") return read_convolution(in, kind == "con_5");
  if (kind == "affine_" || kind == "affine_2") return read_affine(in, kind == "affine_2");
  if (kind == "fc_2") return read_dense(in);
  DlibLayer layer;
  if (kind == "relu_") {
    layer.kind = DlibLayerKind::relu;
  } else if (kind == "add_prev_") {
    layer.kind = DlibLayerKind::add;
  } else if (kind == "max_pool_2") {
    layer.kind = DlibLayerKind::max_pool;
    read_window(in, layer, 1);
  } else if (kind == "avg_pool_2") {
    layer.kind = DlibLayerKind::mean_pool;
    read_window(in, layer, 0);
  } else {
    in.refuse("a layer of a kind that is not known");
  }
  return layer;
}

/// What training left behind a layer.
void skip_state(DlibStream& in) {
  for (int i = 0; i < 3; ++i) in.flag("state of a layer");
  for (int i = 0; i < 3; ++i) in.skip_tensor("gradient of a layer");
}

}  // namespace

Result<DlibNet> read_dlib_net(std::span<const std::uint8_t> bytes, std::string_view origin) {
  DlibStream in(bytes, origin);
  in.whole("version of the network", 1, 1);
  if (const std::string loss = in.text("kind of loss"); loss == "loss_metric_2") {
    in.real("margin");
    in.real("distance threshold");
  } else if (loss != "loss_metric_") {
    in.refuse("not a metric-learning network of dlib");
  }
  std::size_t computing = 0, seen = 0;
  std::int64_t begins = kMarker;
  // The input begins with the length of its name, which is larger than kAtInput: layers end with the first 3.
  while (in.good() && begins != kAtInput) {
    begins = in.whole("version of a layer", kMarker, kAtInput);
    if (begins >= kComputes) ++computing;
    if (++seen > kMaxLayers) in.refuse("more than " + std::to_string(kMaxLayers) + " layers");
  }
  DlibNet net;
  if (in.text("kind of input") != "input_rgb_image_sized") in.refuse("the input is no picture of one size");
  for (float& mean : net.mean) mean = static_cast<float>(in.real("mean of a colour"));
  net.height = static_cast<int>(in.whole("height of the input", 1, kMaxInput));
  net.width = static_cast<int>(in.whole("width of the input", 1, kMaxInput));
  for (std::size_t i = 0; i < computing && in.good(); ++i) {
    net.layers.push_back(read_details(in));
    skip_state(in);
    if (i == 0) in.whole("samples a picture", 0, kMaxInput);
  }
  if (in.good() && in.left() != 0) in.refuse(std::to_string(in.left()) + " bytes after the last layer");
  if (!in.good()) return in.error();
  return net;
}

}  // namespace vultus::runtime
