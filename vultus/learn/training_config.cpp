#include <vultus/learn/training_config.hpp>

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/learn/config_reader.hpp>

namespace vultus::learn {
namespace {

constexpr std::size_t kMostConfig = 1U << 20U;

void read_inputs(ConfigReader& read, const ConfigJson& list, TrainingConfig& config) {
  for (const ConfigJson& in : list) {
    if (!in.is_object()) return read.refuse("each of \"inputs\" must be an object");
    HeadInput input;
    double scale = 1;
    read.read(in, "name", input.name, true);
    read.read(in, "channels", input.channels, true);
    read.read(in, "side", input.side);
    read.number(in, "scale", scale, 1e-6, 1e6);
    read.only_known(in, "inputs: ");
    config.scales[input.name] = scale;
    config.shape.inputs.push_back(std::move(input));
  }
}

void read_targets(ConfigReader& read, const ConfigJson& list, TrainingConfig& config) {
  for (const ConfigJson& in : list) {
    if (!in.is_object()) return read.refuse("each of \"targets\" must be an object");
    TrainingTarget target;
    read.read(in, "output", target.output, true);
    read.read(in, "column", target.column, true);
    read.read(in, "first", target.first);
    read.read(in, "classes", target.classes);
    read.read(in, "numbers", target.numbers);
    read.number(in, "weight", target.weight, 1e-6, 1000);
    read.only_known(in, "targets: ");
    if (target.classes.empty() == target.numbers.empty() || target.classes.size() == 1)
      read.refuse("target \"" + target.output + "\" needs two \"classes\" or more, or \"numbers\"");
    config.shape.outputs.push_back(
        {target.output, target.classes.empty() ? 1 : static_cast<std::int64_t>(target.classes.size())});
    config.targets.push_back(std::move(target));
  }
}

/// "tail": {"name", "channels", "side", "scale", "to", "rate"}.
void read_tail(ConfigReader& read, const ConfigJson& in, TrainingConfig& config) {
  ConfigJson tail = ConfigJson::object();
  read.read(in, "tail", tail);
  if (!tail.is_object()) return read.refuse("\"tail\" must be an object");
  if (tail.empty()) return;
  ConfigReader inner("");
  inner.read(tail, "name", config.tail.map.name, true);
  inner.read(tail, "channels", config.tail.map.channels, true);
  inner.read(tail, "side", config.tail.map.side, true);
  inner.number(tail, "scale", config.tail.scale, 1e-6, 1e6);
  inner.read(tail, "to", config.tail.to, true);
  inner.number(tail, "rate", config.tail.rate, 0, 1);
  inner.only_known(tail, "tail: ");
  if (!inner.fault().empty()) return read.refuse("tail" + inner.fault());
  // The head must fit what the tail makes beside what it reads itself.
  HeadShape shape = config.shape;
  shape.inputs = head_inputs(config);
  if (const Status fits = validate(shape); !fits) read.refuse("tail: " + fits.error().message);
}

/// "curriculum": [[epochs, share] ...], "label_noise": {"rate", "kind", "becomes"}, "untrained": [places].
void read_sampling(ConfigReader& read, const ConfigJson& in, TrainingConfig& config) {
  std::vector<std::pair<int, double>> stages;
  read.read(in, "curriculum", stages);
  for (const auto& [epochs, share] : stages) config.curriculum.push_back({epochs, share});
  read.read(in, "untrained", config.untrained);
  ConfigJson noise = ConfigJson::object();
  read.read(in, "label_noise", noise);
  if (!noise.is_object()) return read.refuse("\"label_noise\" must be an object");
  std::string kind = "symmetric";
  ConfigReader inner("");
  inner.number(noise, "rate", config.noise.rate, 0, 0.9);
  inner.read(noise, "kind", kind);
  inner.read(noise, "becomes", config.noise.becomes);
  inner.only_known(noise, "label_noise: ");
  if (kind != "symmetric" && kind != "asymmetric") inner.refuse("\"kind\" must be symmetric or asymmetric");
  config.noise.kind = kind == "symmetric" ? NoiseKind::symmetric : NoiseKind::asymmetric;
  if (!inner.fault().empty()) read.refuse("label_noise" + inner.fault());
}

Error unknown_option(const std::string& system, const std::string& name, const std::string& names) {
  return fail(ErrorCode::invalid_argument,
              "system " + system + " has no option \"" + name + "\"; its options are " + names);
}

Error option_outside(const SystemOption& option, double value) {
  return fail(ErrorCode::invalid_argument, "option \"" + std::string(option.name) + "\" must be from " +
                                               std::to_string(option.least) + " to " + std::to_string(option.most) +
                                               ", got " + std::to_string(value));
}

}  // namespace

std::vector<HeadInput> head_inputs(const TrainingConfig& config) {
  std::vector<HeadInput> inputs = config.shape.inputs;
  if (!config.tail.map.name.empty()) inputs.insert(inputs.begin(), config.tail.map);
  return inputs;
}

Result<std::map<std::string, double, std::less<>>> system_options(const TrainingConfig& config,
                                                                  std::span<const SystemOption> known) {
  std::map<std::string, double, std::less<>> options;
  std::string names;
  for (const SystemOption& option : known) {
    options.emplace(option.name, option.otherwise);
    names.append(names.empty() ? "" : ", ").append(option.name);
  }
  for (const auto& [name, value] : config.options) {
    const auto option = std::ranges::find(known, name, &SystemOption::name);
    if (option == known.end()) return unknown_option(config.system, name, names);
    if (!(value >= option->least && value <= option->most)) return option_outside(*option, value);
    options.find(name)->second = value;
  }
  return options;
}

Result<TrainingConfig> parse_training_config(std::string_view json, std::string_view origin) {
  ConfigReader read(origin);
  if (json.size() > kMostConfig) return fail(ErrorCode::corrupt_data, std::string(origin) + ": larger than 1 MiB");
  const ConfigJson in = ConfigJson::parse(
      json, [](int depth, ConfigJson::parse_event_t, ConfigJson&) { return depth < 16; }, false);
  if (in.is_discarded() || !in.is_object())
    return fail(ErrorCode::corrupt_data, std::string(origin) + ": not a JSON object");
  TrainingConfig config;
  read_inputs(read, read.list(in, "inputs"), config);
  read_targets(read, read.list(in, "targets"), config);
  read.list(in, "inputs"), read.list(in, "targets");
  read.read(in, "name", config.name, true);
  read.read(in, "features", config.features, true);
  read.read(in, "stem", config.shape.stem);
  read.read(in, "hidden", config.shape.hidden);
  read.whole(in, "epochs", config.epochs, 1, 1000);
  read.whole(in, "batch", config.batch, 2, 4096);
  read.number(in, "learning_rate", config.learning_rate, 1e-9, 10);
  read.number(in, "weight_decay", config.weight_decay, 0, 10);
  read.number(in, "warm_up", config.warm_up, 0, 0.9);
  read.number(in, "input_dropout", config.input_dropout, 0, 0.95);
  read.number(in, "dropout", config.dropout, 0, 0.95);
  read.number(in, "mixup", config.mixup, 0, 100);
  read.number(in, "smoothing", config.smoothing, 0, 0.95);
  read.number(in, "class_power", config.class_power, 0, 2);
  read.number(in, "answer_power", config.answer_power, -1, 2);
  read.read(in, "seed", config.seed);
  read.whole(in, "folds", config.folds, 2, 100);
  read.whole(in, "fold", config.fold, -1, config.folds - 1);
  read.whole(in, "patience", config.patience, 0, 1000);
  read.read(in, "shuffle_labels", config.shuffle_labels);
  read.number(in, "average", config.average, 0, 0.9999);
  read.read(in, "system", config.system);
  read.read(in, "options", config.options);
  read_sampling(read, in, config);
  read_tail(read, in, config);
  std::string keep = "f16";
  read.read(in, "keep", keep);
  if (keep != "f16" && keep != "f32") read.refuse("\"keep\" must be f16 or f32");
  config.keep = keep == "f32" ? WeightKind::f32 : WeightKind::f16;
  read.read(in, "card", config.card);
  read.only_known(in, "");
  if (!read.fault().empty()) return fail(ErrorCode::corrupt_data, read.fault());
  VULTUS_CHECK(validate(config.shape).with_context(origin));
  if (!config.curriculum.empty()) VULTUS_CHECK(validate(config.curriculum).with_context(origin));
  if (config.patience > 0 && config.fold < 0)
    return fail(ErrorCode::invalid_argument, std::string(origin) + ": \"patience\" needs a \"fold\" to validate on");
  return config;
}

}  // namespace vultus::learn
