#include <vultus/engine/protocol_file.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/table_file.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/json_reader.hpp>

namespace vultus::engine {
namespace {

using ProtocolJson = nlohmann::json;
using runtime::JsonReader;

constexpr std::int64_t kProtocolSchema = 1;
constexpr std::size_t kMaxProtocolBytes = std::size_t{1} << 20U;
constexpr std::array kSplitKinds{
    std::pair<std::string_view, SplitPlan::Kind>{"official", SplitPlan::Kind::official},
    std::pair<std::string_view, SplitPlan::Kind>{"exclusive", SplitPlan::Kind::exclusive},
    std::pair<std::string_view, SplitPlan::Kind>{"group-k-fold", SplitPlan::Kind::group_k_fold},
    std::pair<std::string_view, SplitPlan::Kind>{"leave-one-out", SplitPlan::Kind::leave_one_out},
    std::pair<std::string_view, SplitPlan::Kind>{"double-blocked", SplitPlan::Kind::double_blocked}};
constexpr std::array kDataKinds{std::pair<std::string_view, DataKind>{"user", DataKind::user},
                                std::pair<std::string_view, DataKind>{"public", DataKind::public_data},
                                std::pair<std::string_view, DataKind>{"planted", DataKind::planted}};

/// A name that is not known is a typo, and a typo in a protocol would be a check that is not made.
void only(JsonReader& read, const ProtocolJson& in, std::initializer_list<std::string_view> names) {
  for (const auto& [name, value] : in.items())
    if (std::find(names.begin(), names.end(), name) == names.end()) read.refuse("unknown name \"" + name + "\"");
}

std::vector<std::string> texts(JsonReader& read, const ProtocolJson& in, const char* key) {
  std::vector<std::string> all;
  const auto at = in.find(key);
  if (at == in.end()) return all;
  if (!at->is_array()) read.refuse(std::string("\"") + key + "\" is not a list of texts");
  for (const ProtocolJson& one : *at) {
    if (!one.is_string()) {
      read.refuse(std::string("\"") + key + "\" is not a list of texts");
      return {};
    }
    all.push_back(one.get<std::string>());
  }
  return all;
}

std::vector<evaluation::Part> parts(JsonReader& read, const ProtocolJson& in, const char* key) {
  std::vector<evaluation::Part> all;
  for (const std::string& name : texts(read, in, key)) {
    const auto part = evaluation::part_of(name);
    if (!part) read.refuse(std::string("\"") + key + "\": " + part.error().message);
    if (part) all.push_back(*part);
  }
  return all;
}

/// Calls `one` for each object of a list, if there is one.
template <class One>
void each(JsonReader& read, const ProtocolJson& in, const char* key, One one) {
  const auto at = in.find(key);
  if (at == in.end()) return;
  if (!at->is_array()) return read.refuse(std::string("\"") + key + "\" is not a list of objects");
  for (const ProtocolJson& object : *at) {
    if (!object.is_object()) return read.refuse(std::string("\"") + key + "\" is not a list of objects");
    one(object);
  }
}

SplitPlan read_split(JsonReader& read, const ProtocolJson& in) {
  only(read, in, {"kind", "key", "second_key", "folds", "seed", "train", "validation", "test"});
  SplitPlan plan;
  plan.kind = read.choice(in, "kind", kSplitKinds);
  plan.key = read.text(in, "key");
  plan.second_key = read.text(in, "second_key", plan.kind == SplitPlan::Kind::double_blocked);
  if (in.contains("folds")) plan.folds = static_cast<std::size_t>(read.whole(in, "folds", 2, 1000));
  if (in.contains("seed")) plan.seed = static_cast<std::uint64_t>(read.whole(in, "seed", 0, 1LL << 53U));
  if (in.contains("train") || in.contains("validation") || in.contains("test")) {
    plan.shares = {.train = 0, .validation = 0, .test = 0};
    if (in.contains("train")) plan.shares.train = read.number(in, "train", 0, 1);
    if (in.contains("validation")) plan.shares.validation = read.number(in, "validation", 0, 1);
    if (in.contains("test")) plan.shares.test = read.number(in, "test", 0, 1);
  }
  return plan;
}

evaluation::LeakageOptions read_leakage(JsonReader& read, const ProtocolJson& row) {
  evaluation::LeakageOptions options;
  evaluation::LeakageColumns& columns = options.columns;
  if (row.contains("id")) columns.id = read.text(row, "id");
  columns.keys = texts(read, row, "keys");
  columns.clip = read.text(row, "clip", false);
  columns.dyad = read.text(row, "dyad", false);
  columns.copy_of = read.text(row, "copy_of", false);
  columns.picture_hash = read.text(row, "picture_hash", false);
  columns.bytes_hash = read.text(row, "bytes_hash", false);
  columns.label = read.text(row, "label", false);
  each(read, row, "fitted", [&](const ProtocolJson& in) {
    only(read, in, {"what", "fold", "parts", "samples"});
    options.fitted.push_back({.what = read.text(in, "what"),
                              .fold = read.text(in, "fold", false),
                              .parts = parts(read, in, "parts"),
                              .samples = texts(read, in, "samples")});
  });
  each(read, row, "pretrained", [&](const ProtocolJson& in) {
    only(read, in, {"what", "key", "groups"});
    options.pretrained.push_back(
        {.what = read.text(in, "what"), .key = read.text(in, "key"), .groups = texts(read, in, "groups")});
  });
  options.chosen_on = parts(read, row, "chosen_on");
  if (const auto at = row.find("leaky"); at != row.end()) {
    if (!at->is_boolean()) read.refuse("\"leaky\" must be true or false");
    options.leaky = at->is_boolean() && at->get<bool>();
  }
  return options;
}

evaluation::TaskOptions read_task(JsonReader& read, const ProtocolJson& in) {
  only(read, in,
       {"kind", "truth", "predicted", "score", "species", "first", "second", "fold", "threshold", "groups", "draws",
        "seed"});
  evaluation::TaskOptions options;
  const auto task = evaluation::task_of(read.text(in, "kind"));
  if (!task) read.refuse(task.error().message);
  if (task) options.task = *task;
  for (const auto& [key, into] :
       {std::pair("truth", &options.truth), std::pair("predicted", &options.predicted),
        std::pair("score", &options.score), std::pair("species", &options.species), std::pair("first", &options.first),
        std::pair("second", &options.second), std::pair("fold", &options.fold), std::pair("groups", &options.groups)})
    if (in.contains(key)) *into = read.text(in, key);
  if (in.contains("threshold")) options.threshold = read.number(in, "threshold", -1e300, 1e300);
  if (in.contains("draws")) options.bootstrap.draws = static_cast<int>(read.whole(in, "draws", 100, 1000000));
  if (in.contains("seed")) options.bootstrap.seed = static_cast<std::uint64_t>(read.whole(in, "seed", 0, 1LL << 53U));
  return options;
}

Result<evaluation::Split> split_of(const evaluation::Table& samples, const std::string& id, const SplitPlan& plan) {
  switch (plan.kind) {
    case SplitPlan::Kind::official: return evaluation::official_split(samples, id, plan.key);
    case SplitPlan::Kind::exclusive: return evaluation::exclusive_split(samples, id, plan.key, plan.shares, plan.seed);
    case SplitPlan::Kind::group_k_fold: return evaluation::group_k_fold(samples, id, plan.key, plan.folds);
    case SplitPlan::Kind::leave_one_out: return evaluation::leave_one_out(samples, id, plan.key);
    case SplitPlan::Kind::double_blocked:
      return evaluation::double_blocked(samples, id, {plan.key, plan.second_key}, plan.folds);
  }
  return fail(ErrorCode::internal, "a split of no kind");
}

/// The tested samples of all folds, each with its prediction: of that fold where the predictions have a column "fold".
Result<evaluation::Table> tested_rows(const evaluation::Table& samples, const evaluation::Table& predictions,
                                      const evaluation::Split& split, const std::string& id) {
  VULTUS_TRY(const std::size_t sample_id, samples.column(id));
  VULTUS_TRY(const std::size_t prediction_id, predictions.column(id));
  const auto fold_column = predictions.find("fold");
  std::map<std::pair<std::string, std::string>, std::size_t> row_of;
  for (std::size_t row = 0; row < predictions.rows(); ++row)
    if (!row_of
             .emplace(
                 std::pair(fold_column ? predictions.at(row, *fold_column) : "", predictions.at(row, prediction_id)),
                 row)
             .second)
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{}: line {}: a second prediction for \"{}\"", predictions.source(),
                              predictions.line(row), predictions.at(row, prediction_id)));
  std::vector<std::string> columns = samples.columns();
  std::vector<std::size_t> taken;
  for (std::size_t c = 0; c < predictions.columns().size(); ++c) {
    if (samples.find(predictions.columns()[c])) continue;  // what the samples say stands
    columns.push_back(predictions.columns()[c]);
    taken.push_back(c);
  }
  std::vector<evaluation::TableRow> rows;
  for (const evaluation::Fold& fold : split.folds)
    for (std::size_t row = 0; row < samples.rows(); ++row) {
      if (fold.parts[row] != evaluation::Part::test) continue;
      const std::string& name = samples.at(row, sample_id);
      const auto at = row_of.find({fold_column ? fold.name : "", name});
      if (at == row_of.end())
        return fail(ErrorCode::corrupt_data,
                    fmt::format("{}: no prediction for \"{}\", which {} tests", predictions.source(), name, fold.name));
      evaluation::TableRow made{.line = predictions.line(at->second), .fields = {}};
      for (std::size_t c = 0; c < samples.columns().size(); ++c) made.fields.push_back(samples.at(row, c));
      for (const std::size_t c : taken) made.fields.push_back(predictions.at(at->second, c));
      rows.push_back(std::move(made));
    }
  return evaluation::Table::of(predictions.source(), std::move(columns), std::move(rows));
}

std::string beside(const std::string& protocol, const std::string& file) {
  return (std::filesystem::path(protocol).parent_path() / file).string();
}

}  // namespace

Result<Protocol> parse_protocol(std::string_view json, std::string_view origin) {
  VULTUS_TRY(const ProtocolJson row, runtime::parse_json_object(json, origin));
  JsonReader read(origin);
  read.require_schema(row, kProtocolSchema);
  only(read, row, {"schema",     "name",      "samples", "pictures",     "data",        "id",    "keys",
                   "clip",       "dyad",      "copy_of", "picture_hash", "bytes_hash",  "label", "fitted",
                   "pretrained", "chosen_on", "leaky",   "split",        "predictions", "task"});
  Protocol protocol;
  protocol.name = read.text(row, "name");
  protocol.samples = read.text(row, "samples");
  protocol.pictures = read.text(row, "pictures", false);
  if (row.contains("data")) protocol.data = read.choice(row, "data", kDataKinds);
  protocol.split = read_split(read, read.object(row, "split"));
  protocol.leakage = read_leakage(read, row);
  protocol.predictions = read.text(row, "predictions", false);
  if (!protocol.predictions.empty()) protocol.task = read_task(read, read.object(row, "task"));
  if (!read.good()) return read.error();
  return protocol;
}

Result<ProtocolRun> run_protocol(const std::string& path, bool measure) {
  VULTUS_TRY(const auto bytes, media::read_file(path, kMaxProtocolBytes));
  VULTUS_TRY(Protocol protocol, parse_protocol({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path));
  VULTUS_TRY(TableFile samples, read_table(beside(path, protocol.samples)));
  const std::string id = protocol.leakage.columns.id;
  if (!protocol.pictures.empty()) {
    VULTUS_TRY(samples.table, with_picture_hashes(samples.table, id, beside(path, protocol.pictures)));
    protocol.leakage.columns.picture_hash = "picture_hash";
  }
  ProtocolRun run{
      .protocol = std::move(protocol), .split = {}, .leakage = {}, .figures = {}, .samples_sha256 = samples.sha256};
  VULTUS_TRY(run.split, split_of(samples.table, id, run.protocol.split));
  VULTUS_TRY(run.leakage, evaluation::audit_split(samples.table, run.split, run.protocol.leakage));
  if (!measure || run.protocol.predictions.empty() || run.leakage.refused()) return run;
  VULTUS_TRY(const TableFile predictions, read_table(beside(path, run.protocol.predictions)));
  run.predictions_sha256 = predictions.sha256;
  VULTUS_TRY(const evaluation::Table tested, tested_rows(samples.table, predictions.table, run.split, id));
  VULTUS_TRY(run.figures, evaluation::measure_task(tested, run.protocol.task));
  for (evaluation::Figure& figure : run.figures) {
    figure.protocol = fmt::format("{}: {}{}, split {}", run.protocol.name, run.split.kind,
                                  run.leakage.leaky ? ", LEAKY" : "", run.split.sha256.substr(0, 12));
    figure.data_sha256 = run.samples_sha256;
    figure.data = run.protocol.data;
  }
  return run;
}

}  // namespace vultus::engine
