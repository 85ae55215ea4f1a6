#include <vultus/engine/preset.hpp>

#include <vultus/runtime/json_reader.hpp>

namespace vultus::engine {
namespace {

using Json = nlohmann::json;

constexpr int kSchema = 1;

face::DetectorOptions read_detection(runtime::JsonReader& read, const Json& in) {
  face::DetectorOptions options;
  options.threshold = Score(static_cast<float>(read.number(in, "threshold", 0.05, 0.999)));
  options.overlap = static_cast<float>(read.number(in, "overlap", 0.01, 1));
  options.reach.coarse_side = static_cast<int>(read.whole(in, "coarse_side", 64, 4096));
  if (in.contains("ignore_below"))
    options.reach.ignore_below = static_cast<float>(read.number(in, "ignore_below", 0, 1000));
  options.reach.fine_side = static_cast<int>(read.whole(in, "fine_side", 0, 4096));
  return options;
}

identity::ThresholdTable read_thresholds(runtime::JsonReader& read, const Json& in) {
  identity::ThresholdTable table;
  table.source = read.text(in, "source");
  const auto rows = in.find("rows");
  if (rows == in.end() || !rows->is_array() || rows->empty() || rows->size() > 64) {
    read.refuse("\"thresholds\" needs 1 to 64 \"rows\"");
    return table;
  }
  for (const Json& row : *rows) {
    if (!row.is_object()) {
      read.refuse("each of \"rows\" must be an object");
      return table;
    }
    table.rows.push_back(
        {read.number(row, "fmr", 1e-12, 0.999), Cosine(static_cast<float>(read.number(row, "threshold", -1, 1)))});
  }
  return table;
}

LogisticCurve read_curve(runtime::JsonReader& read, const Json& in) {
  return {.slope = read.number(in, "slope", 1e-3, 1e4),
          .intercept = read.number(in, "intercept", -1e4, 1e4),
          .prior = read.number(in, "prior", 1e-9, 1 - 1e-9)};
}

void read_probability(runtime::JsonReader& read, const Json& row, Preset& preset) {
  if (!row.contains("probability")) return;
  const Json& in = read.object(row, "probability");
  preset.probability_source = read.text(in, "source");
  preset.probability = read_curve(read, in);
  if (in.contains("search")) preset.search_probability = read_curve(read, read.object(in, "search"));
}

face::Mirror read_mirror(runtime::JsonReader& read, const Json& in) {
  const auto mirror = in.find("mirror");
  if (mirror == in.end() || !mirror->is_boolean()) {
    read.refuse("\"mirror\" must be true or false");
    return face::Mirror::no;
  }
  return mirror->get<bool>() ? face::Mirror::average : face::Mirror::no;
}

void read_embedder(runtime::JsonReader& read, const Json& in, Preset& preset) {
  preset.embedder = ModelId(read.text(in, "model"));
  preset.mirror = read_mirror(read, in);
  const auto further = in.find("fused_with");
  if (further == in.end()) return;
  if (!further->is_array() || further->empty() || further->size() > 3) {
    read.refuse("\"fused_with\" must be 1 to 3 networks");
    return;
  }
  for (const Json& one : *further) {
    if (!one.is_object()) {
      read.refuse("each of \"fused_with\" must be an object");
      return;
    }
    preset.fused_with.push_back({.model = ModelId(read.text(one, "model")), .mirror = read_mirror(read, one)});
  }
}

}  // namespace

ModelId Preset::template_model() const {
  std::vector<ModelId> all{face::template_model(embedder, mirror)};
  for (const FusedNetwork& further : fused_with) all.push_back(face::template_model(further.model, further.mirror));
  return face::fused_model(all);
}

identity::Scale Preset::scale() const {
  const auto at = identity::at_false_match_rate(thresholds, template_model(), default_fmr);
  identity::Scale scale{.usual = at.value_or(OperatingPoint{}), .target = default_fmr, .thresholds = thresholds};
  scale.usual.logistic = probability;
  scale.usual.search_logistic = search_probability;
  return scale;
}

std::vector<ModelId> Preset::models() const {
  std::vector<ModelId> all{detector, landmarks};
  if (face_flag) all.push_back(*face_flag);
  all.push_back(embedder);
  for (const FusedNetwork& further : fused_with) all.push_back(further.model);
  return all;
}

Result<Preset> parse_preset(std::string_view json, std::string_view origin) {
  VULTUS_TRY(const Json row, runtime::parse_json_object(json, origin));
  runtime::JsonReader read(origin);
  read.require_schema(row, kSchema);
  Preset preset;
  preset.id = read.text(row, "id");
  preset.description = read.text(row, "description");
  const Json& detection = read.object(row, "detector");
  preset.detector = ModelId(read.text(detection, "model"));
  preset.detection = read_detection(read, detection);
  preset.landmarks = ModelId(read.text(read.object(row, "landmarks"), "model"));
  if (row.contains("face_flag")) preset.face_flag = ModelId(read.text(read.object(row, "face_flag"), "model"));
  read_embedder(read, read.object(row, "embedder"), preset);
  preset.default_fmr = read.number(row, "default_fmr", 1e-12, 0.5);
  preset.thresholds = read_thresholds(read, read.object(row, "thresholds"));
  preset.thresholds.model = preset.template_model();
  read_probability(read, row, preset);
  if (!read.good()) return read.error();
  const std::string name(origin);
  if (const Status valid = identity::validate(preset.thresholds); !valid)
    return fail(ErrorCode::corrupt_data, name + ": " + valid.error().message);
  const auto usual = identity::at_false_match_rate(preset.thresholds, preset.template_model(), preset.default_fmr);
  if (!usual) return fail(ErrorCode::corrupt_data, name + ": \"default_fmr\": " + usual.error().message);
  return preset;
}

}  // namespace vultus::engine
