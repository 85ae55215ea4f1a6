#include <vultus/runtime/manifest.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/runtime/decoder_contract.hpp>
#include <vultus/runtime/json_reader.hpp>

namespace vultus::runtime {
namespace {

using Json = nlohmann::json;
using ManifestReader = JsonReader;

constexpr int kSchema = 1;
constexpr std::int64_t kMaxFileBytes = std::int64_t{4} << 30U;
constexpr std::int64_t kMaxInputSide = 8192;
constexpr std::int64_t kMaxPictures = 64;                        // at once
constexpr std::int64_t kMaxInputBytes = std::int64_t{1} << 28U;  // of all of them
constexpr double kMaxMean = 1e6, kLeastScale = 1e-6, kMaxScale = 1e6;
constexpr std::size_t kMaxTask = 200, kMaxName = 200, kMaxPath = 512, kMaxSentence = 4096;
constexpr std::size_t kMaxOutputs = 64, kMaxParameters = 64;
constexpr double kMaxParameter = 1e9;

/// The range of a parameter that decoders of Vultus, or people, read. Those of presets of the user's own (threshold,
/// overlap, sides) are held against their ranges where a preset is made of them.
struct ParameterRange {
  std::string_view name;
  double least;
  double most;
  bool whole = false;
};
constexpr std::array kParameters{
    ParameterRange{"score_threshold", 0, 1},
    ParameterRange{"flag_threshold", 0, 1},
    ParameterRange{"nms_iou", 0, 1},
    ParameterRange{"distance_threshold", 0, 2},
    ParameterRange{"crop_scale", 0.1, 10},
    ParameterRange{"margin", 0, 10},
    ParameterRange{"dimension", 1, 65536, true},
    ParameterRange{"parts", 1, 1000, true},
    ParameterRange{"points", 1, 1000, true},
    ParameterRange{"anchors", 1, 16, true},
    ParameterRange{"anchors_stride_4", 0, 16, true},
    ParameterRange{"anchors_stride_8", 0, 16, true},
    ParameterRange{"anchors_stride_16", 0, 16, true},
    ParameterRange{"anchors_stride_32", 0, 16, true},
    ParameterRange{"live_scale", -1e6, 1e6},
    ParameterRange{"live_offset", -1e6, 1e6},
};

constexpr std::array<std::pair<std::string_view, Registry>, 3> kRegistries{
    {{"npm", Registry::npm}, {"pypi", Registry::pypi}, {"local", Registry::local}}};
constexpr std::array<std::pair<std::string_view, Commercial>, 3> kCommercial{
    {{"yes", Commercial::yes}, {"no", Commercial::no}, {"not stated", Commercial::not_stated}}};
constexpr std::array<std::pair<std::string_view, Format>, 4> kFormats{
    {{"onnx", Format::onnx}, {"tflite", Format::tflite}, {"dlib", Format::dlib}, {"tfjs", Format::tfjs}}};
constexpr std::array<std::pair<std::string_view, Layout>, 2> kLayouts{{{"NCHW", Layout::nchw}, {"NHWC", Layout::nhwc}}};
constexpr std::array<std::pair<std::string_view, Colour>, 3> kColours{
    {{"rgb", Colour::rgb}, {"bgr", Colour::bgr}, {"gray", Colour::gray}}};

template <class Enum, std::size_t N>
std::string_view name_in(const std::array<std::pair<std::string_view, Enum>, N>& names, Enum value) {
  for (const auto& [name, candidate] : names)
    if (candidate == value) return name;
  return "unknown";
}

/// Letters, digits, - _ . +, beginning with a letter or digit; no "..".
bool is_plain(std::string_view name) noexcept {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= 214 && letter_or_digit(name.front()) &&
         name.find("..") == std::string_view::npos && std::ranges::all_of(name, [&](char c) {
           return letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '+';
         });
}

std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return text.data();
}

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// A text of one line for people or of names.
/// @return empty where it was refused
std::string line(ManifestReader& read, const Json& in, const char* key, std::size_t most, bool required = true) {
  std::string text = read.text(in, key, required);
  if (text.size() > most)
    read.refuse(in_quotes(key) + " has " + std::to_string(text.size()) + " bytes, at most " + std::to_string(most) +
                " are allowed");
  if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    read.refuse(in_quotes(key) + " must be one line without control characters");
  return read.good() ? text : std::string();
}

/// A file inside a package or, of the user's own, beside the manifest or named from the root.
std::string read_path(ManifestReader& read, const Json& in, Registry registry) {
  std::string path = line(read, in, "path", kMaxPath);
  if (!read.good()) return {};
  const std::filesystem::path parts(path);
  if (parts.is_absolute() && registry != Registry::local)
    read.refuse("\"path\" is " + in_quotes(path) + ", it must lie inside the package");
  if (std::ranges::any_of(parts, [](const auto& part) { return part == ".." || part == "."; }))
    read.refuse("\"path\" is " + in_quotes(path) + ", no part of it may be . or ..");
  if (!parts.has_filename()) read.refuse("\"path\" is " + in_quotes(path) + ", it must name a file");
  return path;
}

ModelSource read_source(ManifestReader& read, const Json& in) {
  ModelSource source;
  source.registry = read.choice(in, "registry", kRegistries);
  if (source.registry == Registry::local) return source;
  source.package = read.text(in, "package");
  source.version = read.text(in, "version");
  if (read.good() && (!is_package_name(source.registry, source.package) || !is_package_version(source.version)))
    read.refuse("package \"" + source.package + "\" version \"" + source.version +
                "\" is no plain name in the registry " + std::string(name_of(source.registry)));
  source.archive_sha256 = read.hash(in, "archive_sha256");
  source.archive_bytes = read.whole(in, "archive_bytes", 1, kMaxFileBytes);
  return source;
}

std::vector<ModelFile> read_files(ManifestReader& read, const Json& row, Registry registry) {
  std::vector<ModelFile> files;
  const auto list = row.find("files");
  if (list == row.end() || !list->is_array() || list->empty() || list->size() > 16) {
    read.refuse("needs 1 to 16 \"files\"");
    return files;
  }
  for (const Json& in : *list) {
    if (!in.is_object()) {
      read.refuse("each of \"files\" must be an object");
      return files;
    }
    ModelFile file;
    file.path = read_path(read, in, registry);
    file.sha256 = read.hash(in, "sha256");
    file.bytes = read.whole(in, "bytes", 1, kMaxFileBytes);
    if (in.contains("offset") || in.contains("end")) {
      if (registry == Registry::local) read.refuse("\"offset\" and \"end\" are for files of packages, not of your own");
      file.offset = read.whole(in, "offset", 0, kMaxFileBytes);
      file.end = read.whole(in, "end", 1, kMaxFileBytes);
      if (read.good() && *file.end - file.offset != file.bytes)
        read.refuse("\"" + file.path + "\": offset and end take " + std::to_string(*file.end - file.offset) +
                    " bytes, \"bytes\" says " + std::to_string(file.bytes));
    }
    files.push_back(std::move(file));
  }
  return files;
}

/// One number a channel, each from `least` to `most` or, with the other sign, the same.
std::vector<float> read_numbers(ManifestReader& read, const Json& in, const char* key, int count, double least,
                                double most) {
  std::vector<float> numbers;
  const auto list = in.find(key);
  if (list == in.end() || !list->is_array() || list->size() != static_cast<std::size_t>(count) ||
      !std::ranges::all_of(*list, [](const Json& n) { return n.is_number(); })) {
    read.refuse(in_quotes(key) + " must be " + std::to_string(count) + " numbers, one a channel");
    return std::vector<float>(static_cast<std::size_t>(count), 1);
  }
  for (const Json& n : *list) {
    const auto value = n.get<double>();
    if (!(std::abs(value) >= least && std::abs(value) <= most))
      read.refuse(in_quotes(key) + " has " + number_text(value) + ", allowed are " + number_text(least) + " to " +
                  number_text(most) + " and the same below 0");
    numbers.push_back(static_cast<float>(value));
  }
  return numbers;
}

/// [pictures, channels, height, width] or [pictures, height, width, channels].
std::vector<std::int64_t> read_shape(ManifestReader& read, const Json& in) {
  const auto list = in.find("shape");
  if (list == in.end() || !list->is_array() || list->size() != 4) {
    read.refuse("\"shape\" must be four whole numbers");
    return {};
  }
  std::vector<std::int64_t> shape;
  std::int64_t bytes = 1;
  for (const Json& n : *list) {
    const std::int64_t most = shape.empty() ? kMaxPictures : kMaxInputSide;
    const bool inside = n.is_number_unsigned() && n.get<std::uint64_t>() >= 1 &&
                        n.get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
    if (!inside) {
      read.refuse("\"shape\" has " + (n.is_number() ? n.dump() : "what is no number") + " as number " +
                  std::to_string(shape.size() + 1) + ", allowed are whole numbers from 1 to " + std::to_string(most));
      return {};
    }
    shape.push_back(n.get<std::int64_t>());
    bytes *= shape.back();
  }
  if (bytes > kMaxInputBytes)
    read.refuse("\"shape\" holds " + std::to_string(bytes) + " bytes, at most " + std::to_string(kMaxInputBytes) +
                " are allowed");
  return shape;
}

InputSpec read_input(ManifestReader& read, const Json& in) {
  InputSpec input;
  input.layout = read.choice(in, "layout", kLayouts);
  input.colour = read.choice(in, "colour", kColours);
  input.shape = read_shape(read, in);
  if (input.shape.size() != 4) return input;
  if (const std::int64_t channels = input.shape[input.layout == Layout::nchw ? 1 : 3]; channels != input.channels())
    read.refuse("\"shape\" has " + std::to_string(channels) + " channels, \"colour\" says " +
                std::to_string(input.channels()));
  input.mean = read_numbers(read, in, "mean", input.channels(), 0, kMaxMean);
  input.scale = read_numbers(read, in, "scale", input.channels(), kLeastScale, kMaxScale);
  const auto resizable = in.find("resizable");
  if (resizable != in.end() && !resizable->is_boolean()) read.refuse("\"resizable\" must be true or false");
  input.resizable = resizable != in.end() && resizable->is_boolean() && resizable->get<bool>();
  return input;
}

/// A network of the user's own may come without a word on its licence: that is "not stated".
Licence read_licence(ManifestReader& read, const Json& row, const ModelSource& source) {
  if (source.registry == Registry::local && !row.contains("licence"))
    return {.package = "not stated", .weights = "not stated", .commercial = Commercial::not_stated};
  const Json& in = read.object(row, "licence");
  return {.package = line(read, in, "package", kMaxName),
          .weights = line(read, in, "weights", kMaxSentence),
          .commercial = read.choice(in, "commercial", kCommercial)};
}

/// Name -> tensor. @param what  for messages, e.g. `output`
std::map<std::string, std::string> read_tensors(ManifestReader& read, const Json& in, const std::string& what) {
  std::map<std::string, std::string> tensors;
  if (in.empty() || in.size() > kMaxOutputs)
    read.refuse(what + "s are " + std::to_string(in.size()) + ", allowed are 1 to " + std::to_string(kMaxOutputs));
  for (const auto& [name, tensor] : in.items()) {
    const std::string text = tensor.is_string() ? tensor.get<std::string>() : std::string();
    if (name.empty() || name.size() > kMaxName || text.empty() || text.size() > kMaxName)
      read.refuse(what + " " + in_quotes(name.substr(0, kMaxName)) + " must name a tensor, in up to " +
                  std::to_string(kMaxName) + " bytes");
    tensors[name] = text;
  }
  return tensors;
}

void read_parameter(ManifestReader& read, const std::string& name, const Json& value, ModelManifest& model) {
  if (!value.is_number() || !std::isfinite(value.get<double>())) {
    read.refuse("parameter " + in_quotes(name) + " must be a number");
    return;
  }
  const auto number = value.get<double>();
  const auto* const known = std::ranges::find(kParameters, name, &ParameterRange::name);
  const ParameterRange range =
      known == kParameters.end() ? ParameterRange{name, -kMaxParameter, kMaxParameter} : *known;
  if (!(number >= range.least && number <= range.most) || (range.whole && number != std::floor(number)))
    read.refuse("parameter " + in_quotes(name) + " is " + number_text(number) + ", allowed are " +
                (range.whole ? "whole numbers from " : "") + number_text(range.least) + " to " +
                number_text(range.most));
  model.parameters[name] = number;
}

void read_maps(ManifestReader& read, const Json& row, ModelManifest& model) {
  model.outputs = read_tensors(read, read.object(row, "outputs"), "output");
  if (!row.contains("parameters")) return;
  const Json& parameters = read.object(row, "parameters");
  if (parameters.size() > kMaxParameters)
    read.refuse("\"parameters\" are " + std::to_string(parameters.size()) + ", at most " +
                std::to_string(kMaxParameters) + " are allowed");
  for (const auto& [name, value] : parameters.items()) read_parameter(read, name, value, model);
}

/// "trunks": [{"model": "...", "feeds": {"input of the head": "tensor of the trunk"}}]
std::vector<Trunk> read_trunks(ManifestReader& read, const Json& row) {
  std::vector<Trunk> trunks;
  const auto list = row.find("trunks");
  if (list == row.end()) return trunks;
  if (!list->is_array() || list->empty() || list->size() > 4) read.refuse("\"trunks\" must be 1 to 4 networks");
  for (const Json& in : read.good() ? *list : Json::array()) {
    if (!in.is_object()) {
      read.refuse("each of \"trunks\" must be an object");
      return trunks;
    }
    Trunk trunk;
    trunk.model = ModelId(read.text(in, "model"));
    trunk.feeds = read_tensors(read, read.object(in, "feeds"), "feed");
    trunks.push_back(std::move(trunk));
  }
  return trunks;
}

}  // namespace

Status require_commercial(const ModelManifest& model) {
  if (model.licence.commercial == Commercial::yes) return {};
  return fail(ErrorCode::unsupported,
              std::string("model ")
                  .append(model.id.text())
                  .append(": commercial use is \"")
                  .append(name_of(model.licence.commercial))
                  .append("\", and only models that are free for commercial use were asked for (weights: ")
                  .append(model.licence.weights)
                  .append(")"));
}

bool is_package_name(Registry registry, std::string_view name) noexcept {
  if (registry == Registry::local) return false;
  const std::size_t slash = name.find('/');
  if (registry == Registry::npm && name.starts_with('@') && slash != std::string_view::npos)
    return is_plain(name.substr(1, slash - 1)) && is_plain(name.substr(slash + 1));
  return is_plain(name);
}

bool is_package_version(std::string_view version) noexcept { return is_plain(version); }

std::string_view name_of(Registry registry) noexcept { return name_in(kRegistries, registry); }
std::string_view name_of(Commercial commercial) noexcept { return name_in(kCommercial, commercial); }
std::string_view name_of(Format format) noexcept { return name_in(kFormats, format); }

Result<ModelManifest> parse_manifest(std::string_view json, std::string_view origin) {
  VULTUS_TRY(const Json row, parse_json_object(json, origin));
  ManifestReader read(origin);
  read.require_schema(row, kSchema);
  ModelManifest model;
  model.id = ModelId(read.text(row, "id"));
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  if (read.good() && (!std::ranges::all_of(model.id.text(), plain) || model.id.text().size() > 64))
    read.refuse("\"id\" is " + in_quotes(model.id.text().substr(0, 80)) +
                ", it must be up to 64 lower-case letters, digits, - and _");
  model.task = line(read, row, "task", kMaxTask);
  model.decoder = line(read, row, "decoder", kMaxName);
  model.source = read_source(read, read.object(row, "source"));
  model.files = read_files(read, row, model.source.registry);
  model.format = read.choice(row, "format", kFormats);
  model.licence = read_licence(read, row, model.source);
  model.input = read_input(read, read.object(row, "input"));
  read_maps(read, row, model);
  model.trunks = read_trunks(read, row);
  model.measured = line(read, row, "measured", kMaxSentence, false);
  if (!read.good()) return read.error();
  if (const Status fits = check_decoder(model); !fits) return fits.error().with_context(origin);
  return model;
}

}  // namespace vultus::runtime
