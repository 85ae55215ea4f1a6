// What the analysers of faces say about pictures whose labels are known, as JSON; docs/behaviour.md quotes it.
//   behaviour_bench expression --images DIR --labels CSV      RAF-DB: image, label 1 to 7
//   behaviour_bench attributes --images DIR --labels CSV      FairFace: file, age, gender, race
// --rows FILE keeps every number of every picture as CSV. Pictures may lie in folders below DIR.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <vultus/engine/labelled_faces.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/expression/analysers.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/face/finder.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/handle.hpp>
#include <vultus/runtime/store.hpp>

namespace {

using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file
using Json = nlohmann::ordered_json;

struct Options {
  std::string what, images, labels, rows, models = "models";
  std::size_t most = 0;
};

/// A picture of the table with what was read of its main face.
struct Row {
  std::map<std::string, std::string> truth;
  FaceReadings readings;
  bool detected = false;
};

class Reader {
 public:
  static Result<Reader> load(const Options& options, const std::vector<std::string>& analysers) {
    VULTUS_TRY(auto catalogue, runtime::Catalogue::load(std::array{std::filesystem::path(options.models)}));
    VULTUS_TRY(const auto cache, runtime::default_cache_folder());
    VULTUS_TRY(std::shared_ptr<const runtime::Backend> backend,
               runtime::make_openvino_backend({.compiled = runtime::ModelStore(cache).compiled()}));
    const auto model = [=](const ModelId& id) -> Result<runtime::ModelHandle> {
      return runtime::model_handle(catalogue, runtime::ModelStore(cache), backend, id);
    };
    VULTUS_TRY(const auto detector_model, model(ModelId("fr_detect")));
    VULTUS_TRY(const auto landmark_model, model(ModelId("fr_landmark")));
    VULTUS_TRY(auto detector, face::Detector::load(detector_model, {}));
    VULTUS_TRY(auto landmarks, face::LandmarkNet::load(landmark_model));
    Reader reader(face::FaceFinder(std::move(detector), std::move(landmarks), std::nullopt));
    for (const std::string& id : analysers) {
      VULTUS_TRY(auto analyser,
                 expression::make_analyser(id, {.model = model, .camera = {}, .baseline = {}, .learnt = {}}));
      reader.analysers_.push_back(std::move(analyser));
    }
    return reader;
  }

  Status read(const Image& picture, Row& row) {
    VULTUS_TRY(auto faces, finder_.find(picture.view()));
    row.detected = !faces.empty();
    // Sets of aligned crops hold a face in the middle even where the detector sees none.
    if (faces.empty()) faces.push_back(engine::middle_face(picture.view()));
    const FaceObservation& main = face::most_prominent(faces, picture.width(), picture.height());
    Source source;
    source.width = picture.width(), source.height = picture.height();
    // Every picture is a track of its own: nothing is remembered from the one before.
    AnalysedFrame frame{
        .time = {}, .seconds = {}, .picture = picture.view(), .cut = false, .faces = {{TrackId(++track_), main, {}}}};
    for (const auto& analyser : analysers_) {
      VULTUS_CHECK(analyser->begin(source));
      VULTUS_CHECK(analyser->look(std::span(&frame, 1)));
      Timeline nobody;
      if (analyser->info().id != "eyes") VULTUS_CHECK(analyser->end(TrackId(track_), nobody));
    }
    row.readings = std::move(frame.faces[0].readings);
    return {};
  }

 private:
  explicit Reader(face::FaceFinder finder) : finder_(std::move(finder)) {}
  face::FaceFinder finder_;
  std::vector<std::unique_ptr<Analyser>> analysers_;
  std::int64_t track_ = 0;
};

Result<std::vector<std::map<std::string, std::string>>> table(const std::string& path) {
  VULTUS_TRY(const auto bytes, media::read_file(path, std::size_t{64} << 20U));
  media::CsvReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> names;
  while (true) {
    VULTUS_TRY(const auto row, reader.next());
    if (!row) return rows;
    if (names.empty()) {
      names = row->fields;
      continue;
    }
    auto& made = rows.emplace_back();
    for (std::size_t i = 0; i < std::min(names.size(), row->fields.size()); ++i) made[names[i]] = row->fields[i];
  }
}

double value_or(const Row& row, const std::string& channel, double otherwise) {
  const double* value = row.readings.number(ChannelId(channel));
  return value == nullptr ? otherwise : *value;
}

/// Area under the curve: how often a value of the first kind is above one of the second; equal ones count half.
double auc(const std::vector<double>& should, const std::vector<double>& not_so) {
  double above = 0;
  for (const double a : should)
    for (const double b : not_so) above += a > b ? 1 : a == b ? 0.5 : 0;
  return above / (static_cast<double>(should.size()) * static_cast<double>(not_so.size()));
}

Result<Json> expression_summary(const std::vector<Row>& rows) {
  VULTUS_TRY(auto matrix, evaluation::ConfusionMatrix::of_classes(expression::kExpressions));
  std::array<std::map<int, std::vector<double>>, expression::kExpressions> units;
  std::size_t absent = 0;
  for (const Row& row : rows) {
    const auto label = static_cast<std::size_t>(std::stoi(row.truth.at("label")) - 1);
    if (label >= expression::kExpressions) return fail(ErrorCode::invalid_argument, "labels are 1 to 7");
    std::size_t best = 6;
    for (std::size_t i = 0; i < expression::kExpressions; ++i) {
      const auto name = [](std::size_t at) { return "expression." + std::string(expression::kExpressionNames.at(at)); };
      if (value_or(row, name(i), 0) > value_or(row, name(best), 0)) best = i;
    }
    if (row.readings.text(ChannelId("expression.label")) == nullptr) ++absent;
    VULTUS_CHECK(matrix.add(label, best));
    for (const expression::UnitRow& unit : expression::action_units()) {
      const double* value = row.readings.number(ChannelId(fmt::format("au.{:02}.intensity", unit.number)));
      if (value != nullptr) units.at(label)[unit.number].push_back(*value);
    }
  }
  VULTUS_TRY(const auto scores, evaluation::classification_scores(matrix));
  Json confusion = Json::object();
  for (std::size_t t = 0; t < expression::kExpressions; ++t)
    for (std::size_t p = 0; p < expression::kExpressions; ++p)
      confusion[std::string(expression::kExpressionNames.at(t))].push_back(matrix.at(t, p));
  // Which unit a label should show. @source the usual EMFACS prototypes
  constexpr std::array<std::pair<std::size_t, int>, 14> kShown{{{3, 12},
                                                                {3, 6},
                                                                {3, 25},
                                                                {0, 1},
                                                                {0, 2},
                                                                {0, 5},
                                                                {0, 25},
                                                                {0, 26},
                                                                {1, 20},
                                                                {2, 9},
                                                                {2, 10},
                                                                {4, 15},
                                                                {5, 4},
                                                                {5, 23}}};
  Json aucs = Json::array();
  for (const auto& [label, unit] : kShown) {
    const auto& should = units.at(label)[unit];
    const auto& neutral = units.at(6)[unit];
    if (!should.empty() && !neutral.empty())
      aucs.push_back(
          {{"unit", unit}, {"label", expression::kExpressionNames.at(label)}, {"auc", auc(should, neutral)}});
  }
  Json rest = Json::object();
  for (auto& [unit, values] : units.at(6)) {
    std::ranges::sort(values);
    if (!values.empty()) rest[std::to_string(unit)] = values[values.size() / 2];
  }
  return Json{{"accuracy", scores.accuracy},
              {"uar", scores.uar},
              {"absent", absent},
              {"confusion", confusion},
              {"units_against_neutral", aucs},
              {"median_intensity_of_neutral", rest}};
}

/// The middle of "20-29"; of "more than 70" 75.
double age_of(const std::string& bin) {
  const auto dash = bin.find('-');
  return dash == std::string::npos ? 75 : (std::stod(bin.substr(0, dash)) + std::stod(bin.substr(dash + 1)) + 1) / 2;
}

Result<Json> attribute_summary(const std::vector<Row>& rows) {
  struct Group {
    double count = 0, right = 0, error = 0;
  };
  std::map<std::string, Group> groups;
  for (const Row& row : rows) {
    const auto* gender = row.readings.text(ChannelId("attribute.gender"));
    if (gender == nullptr) continue;
    const bool male = row.truth.at("gender") == "Male";
    const double error = std::abs(value_or(row, "attribute.age", 0) - age_of(row.truth.at("age")));
    for (const std::string& name : {std::string("all"), "age " + row.truth.at("age"),
                                    "gender " + row.truth.at("gender"), "race " + row.truth.at("race")}) {
      Group& group = groups[name];
      group.count += 1, group.right += (*gender == "male") == male ? 1 : 0, group.error += error;
    }
  }
  Json json = Json::object();
  for (const auto& [name, group] : groups)
    json[name] = {{"pictures", group.count},
                  {"gender_accuracy", group.right / group.count},
                  {"age_mae", group.error / group.count}};
  return json;
}

Status write_rows(const std::string& path, const std::vector<Row>& rows) {
  std::string text;
  for (const Row& row : rows)
    for (const auto& [channel, entry] : row.readings.entries()) {
      if (const double* number = std::get_if<double>(&entry.value))
        text += fmt::format("{},{},{:.6g}\n", row.truth.begin()->second, channel.text(), *number);
    }
  return media::write_file_atomically(path, text);
}

Result<Json> run(const Options& options) {
  const bool expression = options.what == "expression";
  VULTUS_TRY(auto reader, Reader::load(options, expression ? std::vector<std::string>{"landmarks", "pose", "gaze",
                                                                                      "eyes", "mouth", "action_units",
                                                                                      "expression", "displayed_units"}
                                                           : std::vector<std::string>{"attributes"}));
  std::map<std::string, std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options.images))
    if (entry.is_regular_file()) files.emplace(entry.path().filename().string(), entry.path());
  VULTUS_TRY(const auto truths, table(options.labels));
  std::vector<Row> rows;
  std::size_t missing = 0, detected = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& truth : truths) {
    if (options.most > 0 && rows.size() >= options.most) break;
    const auto name = truth.find(expression ? "image" : "file");
    const auto file = name == truth.end() ? files.end() : files.find(name->second);
    if (file == files.end()) {
      ++missing;
      continue;
    }
    VULTUS_TRY(const media::Picture picture, media::read_picture(file->second.string()));
    Row row{truth, {}, false};
    VULTUS_CHECK(reader.read(picture.image, row));
    detected += row.detected ? 1 : 0;
    rows.push_back(std::move(row));
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (rows.empty())
    return fail(ErrorCode::not_found, options.labels + ": none of its pictures lies in " + options.images);
  if (!options.rows.empty()) VULTUS_CHECK(write_rows(options.rows, rows));
  VULTUS_TRY(Json summary, expression ? expression_summary(rows) : attribute_summary(rows));
  return Json{{"pictures", rows.size()},
              {"missing", missing},
              {"detected", detected},
              {"seconds", seconds},
              {"result", summary}};
}

}  // namespace

int main(int count, char** arguments) {
  CLI::App app("What the analysers of faces say about labelled pictures");
  Options options;
  app.add_option("what", options.what, "expression or attributes")
      ->required()
      ->check(CLI::IsMember({"expression", "attributes"}));
  app.add_option("--images", options.images, "folder of pictures")->required();
  app.add_option("--labels", options.labels, "CSV with a header")->required();
  app.add_option("--rows", options.rows, "keep every number as CSV");
  app.add_option("--models", options.models, "folder of the manifests");
  app.add_option("--most", options.most, "pictures at most; 0 = all");
  CLI11_PARSE(app, count, arguments);
  const auto result = run(options);
  if (!result) return std::cerr << result.error().message << '\n', 1;
  std::cout << result->dump(1) << '\n';
  return 0;
}
