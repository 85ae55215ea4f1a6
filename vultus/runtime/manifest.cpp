#include <vultus/runtime/manifest.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/runtime/json_reader.hpp>

namespace vultus::runtime {
namespace {

using Json = nlohmann::json;
using ManifestReader = JsonReader;

constexpr int kSchema = 1;
constexpr std::int64_t kMaxFileBytes = std::int64_t{4} << 30U;
constexpr std::int64_t kMaxInputSide = 8192;

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

std::vector<ModelFile> read_files(ManifestReader& read, const Json& row) {
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
    file.path = read.text(in, "path");
    file.sha256 = read.hash(in, "sha256");
    file.bytes = read.whole(in, "bytes", 1, kMaxFileBytes);
    if (in.contains("offset") || in.contains("end")) {
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

std::vector<float> read_numbers(ManifestReader& read, const Json& in, const char* key, int count) {
  std::vector<float> numbers;
  const auto list = in.find(key);
  if (list != in.end() && list->is_array() && list->size() == static_cast<std::size_t>(count))
    for (const Json& n : *list)
      if (n.is_number() && std::isfinite(n.get<double>()) && std::abs(n.get<double>()) < 1e6)
        numbers.push_back(n.get<float>());
  if (numbers.size() != static_cast<std::size_t>(count))
    read.refuse(std::string("\"") + key + "\" must be " + std::to_string(count) + " numbers, one a channel");
  return numbers;
}

InputSpec read_input(ManifestReader& read, const Json& in) {
  InputSpec input;
  input.layout = read.choice(in, "layout", kLayouts);
  input.colour = read.choice(in, "colour", kColours);
  const auto shape = in.find("shape");
  if (shape != in.end() && shape->is_array() && shape->size() == 4)
    for (const Json& n : *shape)
      if (n.is_number_unsigned() && n.get<std::uint64_t>() >= 1 && n.get<std::uint64_t>() <= kMaxInputSide)
        input.shape.push_back(n.get<std::int64_t>());
  if (input.shape.size() != 4) {
    read.refuse("\"shape\" must be four whole numbers from 1 to " + std::to_string(kMaxInputSide));
    return input;
  }
  if (input.shape[input.layout == Layout::nchw ? 1 : 3] != input.channels())
    read.refuse("'shape' has another number of channels than 'colour'");
  input.mean = read_numbers(read, in, "mean", input.channels());
  input.scale = read_numbers(read, in, "scale", input.channels());
  if (std::ranges::any_of(input.scale, [](float s) { return s == 0; })) read.refuse("\"scale\" must not be 0");
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
  return {.package = read.text(in, "package"),
          .weights = read.text(in, "weights"),
          .commercial = read.choice(in, "commercial", kCommercial)};
}

void read_maps(ManifestReader& read, const Json& row, ModelManifest& model) {
  for (const auto& [name, tensor] : read.object(row, "outputs").items()) {
    if (!tensor.is_string())
      read.refuse("output \"" + name + "\" must name a tensor");
    else
      model.outputs[name] = tensor.get<std::string>();
  }
  if (read.good() && model.outputs.empty()) read.refuse("\"outputs\" is empty");
  if (!row.contains("parameters")) return;
  for (const auto& [name, value] : read.object(row, "parameters").items()) {
    if (!value.is_number() || !std::isfinite(value.get<double>()))
      read.refuse("parameter \"" + name + "\" must be a number");
    else
      model.parameters[name] = value.get<double>();
  }
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
    for (const auto& [name, tensor] : read.object(in, "feeds").items())
      trunk.feeds[name] = tensor.is_string() ? tensor.get<std::string>() : "";
    if (trunk.feeds.empty() || std::ranges::any_of(trunk.feeds, [](const auto& feed) { return feed.second.empty(); }))
      read.refuse("\"feeds\" must name a tensor for each input");
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
  model.task = read.text(row, "task");
  model.decoder = read.text(row, "decoder");
  model.source = read_source(read, read.object(row, "source"));
  model.files = read_files(read, row);
  model.format = read.choice(row, "format", kFormats);
  model.licence = read_licence(read, row, model.source);
  model.input = read_input(read, read.object(row, "input"));
  read_maps(read, row, model);
  model.trunks = read_trunks(read, row);
  model.measured = read.text(row, "measured", false);
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  if (read.good() && (!std::ranges::all_of(model.id.text(), plain) || model.id.text().size() > 64))
    read.refuse("\"id\" must be up to 64 lower-case letters, digits, - and _");
  if (!read.good()) return read.error();
  return model;
}

}  // namespace vultus::runtime
