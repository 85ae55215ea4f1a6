#include <vultus/engine/own_model.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include <vultus/face/detector.hpp>
#include <vultus/face/embedder.hpp>
#include <vultus/runtime/json_reader.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/onnx_check.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using Json = nlohmann::json;
using runtime::ModelManifest;

constexpr int kIndent = 2;

/// What own networks may be, and what people call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTasks{{{"embedding", "face embedding"},
                                                                               {"scrfd", "face detection"},
                                                                               {"rfb", "face detection"},
                                                                               {"blazeface", "face detection"}}};

Result<OwnModel> parsed(const Json& row, std::string_view origin) {
  OwnModel model{.manifest = {}, .json = row.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n"};
  VULTUS_TRY(model.manifest, runtime::parse_manifest(model.json, origin));
  return model;
}

/// A picture whose every pixel differs from its neighbours.
Image ramp(int width, int height, int step) {
  Image picture = Image::create(width, height, PixelFormat::rgb8).value();
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < 3 * width; ++x) picture.row(y)[x] = static_cast<std::uint8_t>((x * step + y * 7) % 256);
  return picture;
}

/// Runs the network on bytes of any kind; every value that comes out must be a number.
Status check_numbers(const runtime::ModelHandle& model) {
  VULTUS_TRY(const auto network, model.load());
  std::uint8_t next = 0;
  for (std::uint8_t& byte : network->input()) byte = next = static_cast<std::uint8_t>(next + 41);
  VULTUS_CHECK(network->run());
  for (const auto& [name, tensor] : model.manifest.outputs) {
    VULTUS_TRY(const auto values, network->output(name));
    if (values.empty() || !std::ranges::all_of(values, [](float v) { return std::isfinite(v); }))
      return fail(ErrorCode::corrupt_data, "model " + model.manifest.id.text() + ": output " + name +
                                               (values.empty() ? " is empty" : " has values that are no numbers"));
  }
  return {};
}

Result<OwnTrial> try_embedder(const runtime::ModelHandle& model) {
  VULTUS_TRY(auto embedder, face::Embedder::load(model, face::Mirror::no));
  const Image first = ramp(embedder.side(), embedder.side(), 3), second = ramp(embedder.side(), embedder.side(), 59);
  const auto start = std::chrono::steady_clock::now();
  VULTUS_TRY(const Embedding a, embedder.embed_aligned(first.view()));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  VULTUS_TRY(const Embedding b, embedder.embed_aligned(second.view()));
  VULTUS_TRY(const Embedding again, embedder.embed_aligned(first.view()));
  const std::string name = "model " + model.manifest.id.text();
  if (a != again) return fail(ErrorCode::corrupt_data, name + " gives two templates of one picture");
  if (a.values().size() > 1 && a == b)
    return fail(ErrorCode::corrupt_data, name + " gives the same template for every picture");
  return OwnTrial{.dimension = embedder.dimension(), .seconds = seconds};
}

Result<OwnTrial> try_detector(const runtime::ModelHandle& model) {
  face::DetectorOptions options;
  options.reach.coarse_side = std::clamp(model.manifest.input.width(), 64, 4096);
  options.reach.fine_side = 0;
  VULTUS_TRY(auto detector, face::Detector::load(model, options));
  const Image picture = ramp(640, 480, 3);
  const auto start = std::chrono::steady_clock::now();
  VULTUS_TRY(const auto found, detector.detect(picture.view()));
  return OwnTrial{.dimension = 0,
                  .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count()};
}

}  // namespace

Result<OwnModel> own_model(std::string_view row, std::string_view origin, std::span<const std::uint8_t> onnx) {
  const std::string name(origin);
  if (onnx.size() > kMostOwnModelBytes)
    return fail(ErrorCode::resource_limit, "a network of " + std::to_string(onnx.size()) + " bytes, the limit is " +
                                               std::to_string(kMostOwnModelBytes));
  VULTUS_TRY(Json json, runtime::parse_json_object(row, origin));
  VULTUS_CHECK(runtime::check_onnx(onnx));
  const auto text_of = [&](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  const std::string decoder = text_of("decoder");
  const auto task = std::ranges::find(kTasks, decoder, &std::pair<std::string_view, std::string_view>::first);
  if (task == kTasks.end())
    return fail(ErrorCode::unsupported,
                name + ": decoder \"" + decoder + "\": own networks may be embedding, scrfd, rfb or blazeface");
  if (json.contains("format") && text_of("format") != "onnx")
    return fail(ErrorCode::unsupported, name + ": format \"" + text_of("format") + "\": own networks are ONNX files");
  const std::string sum = runtime::sha256(onnx);
  if (!json.contains("schema")) json["schema"] = 1;
  if (!json.contains("task")) json["task"] = task->second;
  json["format"] = "onnx";
  json["source"] = {{"registry", "local"}};
  json["files"] = Json::array({{{"path", text_of("id") + "-" + sum.substr(0, 16) + ".onnx"},
                                {"sha256", sum},
                                {"bytes", static_cast<std::int64_t>(onnx.size())}}});
  VULTUS_TRY(OwnModel model, parsed(json, origin));
  const runtime::InputSpec& input = model.manifest.input;
  if (decoder == "embedding" && (input.width() != 112 || input.height() != 112))
    return fail(ErrorCode::invalid_argument, name + ": an embedder takes 112x112 pixels, its input is " +
                                                 std::to_string(input.width()) + "x" + std::to_string(input.height()));
  if (decoder == "embedding" && !model.manifest.outputs.contains("embedding"))
    return fail(ErrorCode::corrupt_data, name + ": an embedder needs the output \"embedding\"");
  return model;
}

Result<OwnModel> with_dimension(const OwnModel& model, int dimension) {
  VULTUS_TRY(Json json, runtime::parse_json_object(model.json, model.manifest.id.text()));
  json["parameters"]["dimension"] = dimension;
  return parsed(json, model.manifest.id.text());
}

Result<OwnTrial> try_own_model(const ModelManifest& manifest, const std::filesystem::path& file) {
  VULTUS_TRY(auto made, runtime::make_openvino_backend({.precision = runtime::Precision::f32, .compiled = {}}));
  const runtime::ModelHandle model{std::shared_ptr<const runtime::Backend>(std::move(made)), manifest, file};
  VULTUS_CHECK(check_numbers(model));
  return manifest.decoder == "embedding" ? try_embedder(model) : try_detector(model);
}

}  // namespace vultus::engine
