// vultus quality: how usable the faces of pictures are.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/face/quality.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

using face::QualityMeasure;

constexpr const char* kQualityExamples =
    "Every measure stands in its own unit and as a score from 0 to 100. The unified score says how likely recognition\n"
    "succeeds as far as this face is concerned. The table shows the two lowest measures below 60.\n\n"
    "Examples:\n"
    "  vultus quality photos/\n"
    "  vultus quality --json a.jpg\n"
    "  vultus quality --csv photos/ --largest";

// Measures below this are worth a word in the table, at most so many.
constexpr float kWorthAWord = 60;
constexpr std::size_t kMostWords = 2;

struct QualitySettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  bool largest = false;
};

/// The lowest scores, in words of the measures.
std::string complaints(const face::QualityReport& report) {
  std::vector<std::pair<float, std::string>> low;
  for (const face::QualityMeasureInfo& info : face::quality_measures()) {
    const auto& value = report.at(info.id);
    // The laplacian says the same as sharpness, and the lower of eyes and mouth the same as one of them.
    if (info.id == QualityMeasure::laplacian || info.id == QualityMeasure::face_occlusion_prevention) continue;
    if (value && value->score < kWorthAWord)
      low.emplace_back(value->score,
                       fmt::format("{} {:.3g}{}{}", info.name, value->value, info.unit.empty() ? "" : " ", info.unit));
  }
  std::ranges::sort(low);
  std::string text;
  for (std::size_t i = 0; i < std::min(low.size(), kMostWords); ++i) text += (i > 0 ? ", " : "") + low[i].second;
  return text;
}

Status tell_quality_table(Rows& rows, const std::string& path, const std::vector<engine::SeenFace>& faces) {
  if (faces.empty()) return rows.table({{path}, {"-", Style::dim}, {"no face", Style::dim}});
  int number = 0;
  for (const engine::SeenFace& face : faces) {
    ++number;
    if (!face.quality) continue;
    const auto value = [&](QualityMeasure measure, int digits) {
      const auto& v = face.quality->at(measure);
      return v ? fmt::format("{:.{}f}", v->value, digits) : std::string("-");
    };
    VULTUS_CHECK(rows.table({{path},
                             {fmt::format("{}", number)},
                             {box_text(face.face.box)},
                             {fmt::format("{:.0f}", face.quality->unified)},
                             {value(QualityMeasure::inter_eye_distance, 0) + " px"},
                             {value(QualityMeasure::head_pose_yaw, 0)},
                             {value(QualityMeasure::head_pose_pitch, 0)},
                             {complaints(*face.quality)}}));
  }
  return {};
}

Status tell_quality_csv(Rows& rows, const std::string& path, const std::vector<engine::SeenFace>& faces) {
  int number = 0;
  for (const engine::SeenFace& face : faces) {
    ++number;
    if (!face.quality) continue;
    std::vector<std::string> fields{path, fmt::format("{}", number)};
    for (const float v : {face.face.box.x, face.face.box.y, face.face.box.width, face.face.box.height})
      fields.push_back(fmt::format("{:.1f}", v));
    fields.push_back(fmt::format("{:.1f}", face.quality->unified));
    for (const auto& value : face.quality->measures) {
      fields.push_back(value ? fmt::format("{:.4g}", value->value) : "");
      fields.push_back(value ? fmt::format("{:.1f}", value->score) : "");
    }
    VULTUS_CHECK(rows.csv(std::move(fields)));
  }
  return {};
}

Status tell_quality_json(Rows& rows, const std::string& path, const std::vector<engine::SeenFace>& faces) {
  int number = 0;
  for (const engine::SeenFace& face : faces) {
    ++number;
    if (!face.quality) continue;
    Json object = picture_face_json(path, number, face.face);
    add_quality(object, *face.quality);
    VULTUS_CHECK(rows.json(json_line(object)));
  }
  return {};
}

Status tell(Rows& rows, const std::string& path, const std::vector<engine::SeenFace>& faces) {
  switch (rows.format()) {
    case Format::json: return tell_quality_json(rows, path, faces);
    case Format::csv: return tell_quality_csv(rows, path, faces);
    case Format::table: break;
  }
  return tell_quality_table(rows, path, faces);
}

Rows make_rows(Context& context, Format format, const std::vector<media::Input>& inputs) {
  std::vector<std::string> csv{"file", "face", "x", "y", "width", "height", "unified"};
  for (const face::QualityMeasureInfo& info : face::quality_measures()) {
    csv.emplace_back(info.name);
    csv.push_back(std::string(info.name) + "_score");
  }
  return {context,
          format,
          {file_column(inputs),
           {"FACE", Align::right},
           {"BOX", Align::left, 20},
           {"QUALITY", Align::right},
           {"EYES", Align::right, 6},
           {"YAW", Align::right, 4},
           {"PITCH", Align::right},
           {"WHAT IS LOW"}},
          std::move(csv)};
}

Result<ExitCode> quality(const QualitySettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  Rows rows = make_rows(context, settings.format.format(), list.inputs);
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("quality"));
  const engine::LookOptions look{.depth = engine::Depth::detect, .limits = settings.inputs.limits(), .quality = true};
  VULTUS_CHECK(run.end(engine.look_at(
      list.inputs, look,
      [&](engine::SeenPicture seen) {
        if (settings.largest && seen.faces.size() > 1) seen.faces.erase(seen.faces.begin() + 1, seen.faces.end());
        return run.picture(seen.path, seen.error, seen.faces.size(), [&] { return tell(rows, seen.path, seen.faces); });
      },
      context.stop)));
  if (rows.format() == Format::table) VULTUS_CHECK(context.out.write("\n" + run.tally().text() + ".\n"));
  return run.tally().exit_code();
}

}  // namespace

void add_quality_command(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("quality", "how usable the faces in pictures are, measure by measure");
  auto settings = std::make_shared<QualitySettings>();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_flag("--largest", settings->largest, "only the largest, most central face of each picture");
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kQualityExamples);
  commands.push_back({command, [settings](Context& context) { return quality(*settings, context); }});
}

}  // namespace vultus::cli
