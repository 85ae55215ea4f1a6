#include <vultus/learn/spoof_config.hpp>

#include <array>

#include <vultus/learn/config_reader.hpp>

namespace vultus::learn {
namespace {

constexpr std::size_t kMostSpoofConfig = std::size_t{1} << 20U;

void read_width(ConfigReader& read, const ConfigJson& in, SpoofConfig& config) {
  int width = static_cast<int>(config.width), layers = static_cast<int>(config.layers),
      heads = static_cast<int>(config.heads), neighbours = static_cast<int>(config.neighbours),
      clusters = static_cast<int>(config.clusters);
  read.whole(in, "width", width, 16, 512);
  read.whole(in, "layers", layers, 1, 12);
  read.whole(in, "heads", heads, 1, 64);
  read.whole(in, "neighbours", neighbours, 1, 64);
  read.whole(in, "clusters", clusters, 1, 64);
  if (width % 16 != 0 || heads < 1 || width % heads != 0)
    read.refuse("\"width\" must be a multiple of 16 and of \"heads\"");
  config.width = width, config.layers = layers, config.heads = heads, config.neighbours = neighbours,
  config.clusters = clusters;
}

}  // namespace

Result<SpoofConfig> parse_spoof_config(std::string_view json, std::string_view origin) {
  if (json.size() > kMostSpoofConfig) return fail(ErrorCode::corrupt_data, std::string(origin) + ": larger than 1 MiB");
  const ConfigJson in = ConfigJson::parse(
      json, [](int depth, ConfigJson::parse_event_t, ConfigJson&) { return depth < 16; }, false);
  if (in.is_discarded() || !in.is_object())
    return fail(ErrorCode::corrupt_data, std::string(origin) + ": not a JSON object");
  ConfigReader read(origin);
  SpoofConfig config;
  read.read(in, "name", config.name, true);
  read_width(read, in, config);
  read.read(in, "frequency", config.frequency);
  read.read(in, "prompts", config.prompts);
  read.read(in, "cue_maps", config.cue_maps);
  read.read(in, "cut_and_paste", config.cut_and_paste);
  read.number(in, "contrast", config.contrast, 0, 10);
  read.whole(in, "epochs", config.epochs, 1, 1000);
  read.whole(in, "steps", config.steps, 1, 100'000);
  read.whole(in, "batch", config.batch, 2, 512);
  read.number(in, "learning_rate", config.learning_rate, 1e-7, 1);
  read.number(in, "weight_decay", config.weight_decay, 0, 1);
  read.number(in, "warm_up", config.warm_up, 0, 0.9);
  read.read(in, "seed", config.seed);
  read.read(in, "shuffle_labels", config.shuffle_labels);
  read.read(in, "left_out", config.left_out);
  std::string keep = "f16";
  read.read(in, "keep", keep);
  if (keep != "f16" && keep != "f32") read.refuse("\"keep\" must be f16 or f32");
  config.keep = keep == "f32" ? WeightKind::f32 : WeightKind::f16;
  read.read(in, "card", config.card);
  read.only_known(in, "");
  if (!read.fault().empty()) return fail(ErrorCode::corrupt_data, read.fault());
  return config;
}

Status check_spoof_parts(const SpoofConfig& config, std::string_view system) {
  struct Named {
    std::string_view name, system;
    bool used;
  };
  const std::array parts{Named{"frequency", "fa3", config.frequency}, Named{"prompts", "fa3", config.prompts},
                         Named{"cue_maps", "slip", config.cue_maps},
                         Named{"cut_and_paste", "slip", config.cut_and_paste}};
  if (system != "fa3" && system != "slip")
    return fail(ErrorCode::invalid_argument, "system \"" + std::string(system) + "\": there are fa3 and slip");
  for (const Named& part : parts)
    if (!part.used && part.system != system)
      return fail(ErrorCode::invalid_argument,
                  "\"" + std::string(part.name) + "\" is no part of " + std::string(system) +
                      ", so leaving it out does nothing: " +
                      (system == "fa3" ? "there are frequency and prompts" : "there are cue_maps and cut_and_paste"));
  return {};
}

}  // namespace vultus::learn
