#include <vultus/runtime/dlib_model.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <openvino/openvino.hpp>
#include <openvino/opsets/opset8.hpp>

namespace vultus::runtime {
namespace {

namespace op = ov::opset8;

constexpr std::uintmax_t kMaxFile = 256U << 20U;
constexpr float kPixelScale = 256;

/// What flows between layers, with the sizes that are needed to connect them.
struct Flow {
  ov::Output<ov::Node> at;
  int channels = 0;
  int height = 0, width = 0;
};

/// Takes layers off the front of the list. The first thing that does not fit is remembered and ends the building.
class Builder {
 public:
  Builder(const DlibNet& net, std::string_view origin) : net_(net), origin_(origin) {}

  Result<std::shared_ptr<ov::Model>> build();

 private:
  void refuse(const std::string& what) {
    if (!error_)
      error_ = Error{ErrorCode::corrupt_data, std::string(origin_) + ": layer " + std::to_string(next_) + ": " + what};
  }
  [[nodiscard]] const DlibLayer* peek() const {
    return !error_ && next_ < net_.layers.size() ? &net_.layers[next_] : nullptr;
  }
  const DlibLayer* take(DlibLayerKind kind, std::string_view name) {
    const DlibLayer* layer = peek();
    if (layer == nullptr || layer->kind != kind) {
      refuse("must be " + std::string(name));
      return nullptr;
    }
    ++next_;
    return layer;
  }

  Flow convolve(const Flow& in);
  Flow pool(const Flow& in, const DlibLayer& layer);
  Flow block(const Flow& in);
  Flow rectified(Flow in) {
    if (take(DlibLayerKind::relu, "a relu") != nullptr) in.at = std::make_shared<op::Relu>(in.at);
    return in;
  }

  const DlibNet& net_;
  std::string_view origin_;
  std::size_t next_ = 0;
  std::optional<Error> error_;
};

std::shared_ptr<ov::Node> constant(const ov::Shape& shape, const std::vector<float>& values) {
  return op::Constant::create(ov::element::f32, shape, values);
}

int steps(int side, int padding, int window, int stride) {
  const int room = side + 2 * padding - window;
  return room < 0 ? 0 : room / stride + 1;
}

/// A convolution and the affine layer behind it, as one convolution.
Flow Builder::convolve(const Flow& in) {
  const DlibLayer* filters = take(DlibLayerKind::convolution, "a convolution");
  const DlibLayer* affine = take(DlibLayerKind::affine, "an affine layer");
  if (filters == nullptr || affine == nullptr) return in;
  const auto outputs = static_cast<std::size_t>(filters->filters);
  const auto channels = static_cast<std::size_t>(in.channels);
  const auto height = static_cast<std::size_t>(filters->height), width = static_cast<std::size_t>(filters->width);
  const std::size_t each = channels * height * width;
  const Flow out{.channels = filters->filters,
                 .height = steps(in.height, filters->padding_y, filters->height, filters->stride_y),
                 .width = steps(in.width, filters->padding_x, filters->width, filters->stride_x)};
  if (filters->values.size() != outputs * (each + 1) || affine->values.size() != 2 * outputs || out.height < 1 ||
      out.width < 1) {
    refuse("the sizes of a convolution and its input do not fit");
    return in;
  }
  std::vector<float> weights(filters->values.begin(),
                             filters->values.begin() + static_cast<std::ptrdiff_t>(outputs * each));
  std::vector<float> offsets(outputs);
  for (std::size_t o = 0; o < outputs; ++o) {
    const float factor = affine->values[o];
    for (std::size_t i = 0; i < each; ++i) weights[o * each + i] *= factor;
    offsets[o] = filters->values[outputs * each + o] * factor + affine->values[outputs + o];
  }
  const ov::CoordinateDiff padding{filters->padding_y, filters->padding_x};
  const auto convolved = std::make_shared<op::Convolution>(
      in.at, constant({outputs, channels, height, width}, weights),
      ov::Strides{static_cast<std::size_t>(filters->stride_y), static_cast<std::size_t>(filters->stride_x)}, padding,
      padding, ov::Strides{1, 1});
  Flow result = out;
  result.at = std::make_shared<op::Add>(convolved, constant({1, outputs, 1, 1}, offsets));
  return result;
}

Flow Builder::pool(const Flow& in, const DlibLayer& layer) {
  Flow out{.channels = in.channels,
           .height = steps(in.height, layer.padding_y, layer.height, layer.stride_y),
           .width = steps(in.width, layer.padding_x, layer.width, layer.stride_x)};
  if (layer.height < 1 || layer.width < 1 || layer.padding_y != 0 || layer.padding_x != 0 || out.height < 1 ||
      out.width < 1) {
    refuse("a pool that does not fit its input");
    return in;
  }
  const ov::Strides strides{static_cast<std::size_t>(layer.stride_y), static_cast<std::size_t>(layer.stride_x)};
  const ov::Shape none{0, 0}, window{static_cast<std::size_t>(layer.height), static_cast<std::size_t>(layer.width)};
  if (layer.kind == DlibLayerKind::max_pool)
    out.at = std::make_shared<op::MaxPool>(in.at, strides, ov::Strides{1, 1}, none, none, window,
                                           ov::op::RoundingType::FLOOR)
                 ->output(0);
  else
    out.at = std::make_shared<op::AvgPool>(in.at, strides, none, none, window, true, ov::op::RoundingType::FLOOR);
  return out;
}

/// dlib adds blocks of different sizes as if the smaller one were filled up with zeros behind its last values.
ov::Output<ov::Node> filled(const Flow& flow, const Flow& size) {
  if (flow.channels == size.channels && flow.height == size.height && flow.width == size.width) return flow.at;
  const auto numbers = [](const std::vector<std::int64_t>& values) {
    return op::Constant::create(ov::element::i64, {values.size()}, values);
  };
  return std::make_shared<op::Pad>(
      flow.at, numbers({0, 0, 0, 0}),
      numbers({0, size.channels - flow.channels, size.height - flow.height, size.width - flow.width}),
      op::Constant::create(ov::element::f32, {}, {0.0F}), ov::op::PadMode::CONSTANT);
}

Flow Builder::block(const Flow& in) {
  Flow main = convolve(rectified(convolve(in)));
  Flow skip = in;
  if (const DlibLayer* layer = peek(); layer != nullptr && layer->kind == DlibLayerKind::mean_pool) {
    ++next_;
    skip = pool(in, *layer);
  }
  if (take(DlibLayerKind::add, "an addition") == nullptr) return in;
  Flow sum{.channels = std::max(main.channels, skip.channels),
           .height = std::max(main.height, skip.height),
           .width = std::max(main.width, skip.width)};
  sum.at = std::make_shared<op::Add>(filled(main, sum), filled(skip, sum));
  return rectified(sum);
}

Result<std::shared_ptr<ov::Model>> Builder::build() {
  const auto input =
      std::make_shared<op::Parameter>(ov::element::f32, ov::PartialShape{-1, 3, net_.height, net_.width});
  Flow flow{.at = input, .channels = 3, .height = net_.height, .width = net_.width};
  flow = rectified(convolve(flow));
  if (const DlibLayer* layer = take(DlibLayerKind::max_pool, "a maximum pool")) flow = pool(flow, *layer);
  while (peek() != nullptr && peek()->kind == DlibLayerKind::convolution) flow = block(flow);
  const DlibLayer* mean = take(DlibLayerKind::mean_pool, "a mean of everything");
  const DlibLayer* dense = take(DlibLayerKind::dense, "a dense layer");
  if (mean != nullptr && (mean->height != 0 || mean->width != 0)) refuse("the last pool must be a mean of everything");
  if (dense != nullptr && dense->values.size() != std::size_t{1} * static_cast<std::size_t>(flow.channels) *
                                                      static_cast<std::size_t>(dense->filters))
    refuse("the sizes of the dense layer and its input do not fit");
  if (!error_ && next_ != net_.layers.size()) refuse("nothing may follow the dense layer");
  if (error_) return *error_;
  const auto axes = op::Constant::create(ov::element::i64, {2}, {2, 3});
  const auto pooled = std::make_shared<op::ReduceMean>(flow.at, axes, false);
  const auto matrix =
      constant({static_cast<std::size_t>(flow.channels), static_cast<std::size_t>(dense->filters)}, dense->values);
  const auto embedding = std::make_shared<op::MatMul>(pooled, matrix);
  embedding->output(0).set_names({"embedding"});
  input->output(0).set_names({"input"});
  return std::make_shared<ov::Model>(ov::OutputVector{embedding}, ov::ParameterVector{input}, std::string(origin_));
}

}  // namespace

Result<std::shared_ptr<ov::Model>> dlib_model(const DlibNet& net, std::string_view origin) {
  return Builder(net, origin).build();
}

Result<std::shared_ptr<ov::Model>> read_dlib_model(const ModelManifest& manifest, const std::filesystem::path& file) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(file, failed);
  if (failed || size > kMaxFile)
    return fail(ErrorCode::corrupt_data, file.string() + ": cannot be read, or larger than 256 MiB");
  std::ifstream in(file, std::ios::binary);
  std::vector<std::uint8_t> bytes(size);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return fail(ErrorCode::corrupt_data, file.string() + ": cannot be read");
  VULTUS_TRY(const DlibNet net, read_dlib_net(bytes, file.string()));
  const InputSpec& spec = manifest.input;
  bool fits = spec.layout == Layout::nchw && spec.colour == Colour::rgb && spec.height() == net.height &&
              spec.width() == net.width;
  for (std::size_t c = 0; fits && c < net.mean.size(); ++c)
    fits = std::abs(spec.mean[c] - net.mean[c]) < 1e-3F && spec.scale[c] == kPixelScale;
  if (!fits)
    return fail(ErrorCode::corrupt_data, file.string() + ": its input, " + std::to_string(net.width) + "x" +
                                             std::to_string(net.height) + " pixels less " +
                                             std::to_string(net.mean[0]) + " " + std::to_string(net.mean[1]) + " " +
                                             std::to_string(net.mean[2]) + ", differs from the manifest");
  return dlib_model(net, manifest.id.text());
}

}  // namespace vultus::runtime
