// vultus detect: where the faces are.
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kDetectExamples =
    "Examples:\n"
    "  vultus detect photos/\n"
    "  vultus detect --json --tiles 'photos/*.jpg'\n"
    "  vultus detect --json --quality photos/\n"
    "  vultus detect --csv - < a.jpg";

struct DetectSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  bool quality = false;
};

Status tell_detect_csv(Rows& rows, const engine::SeenPicture& seen) {
  std::size_t number = 0;
  for (const engine::SeenFace& seen_face : seen.faces) {
    const FaceObservation& face = seen_face.face;
    std::vector<std::string> fields{seen.path, fmt::format("{}", ++number)};
    for (const float v : {face.box.x, face.box.y, face.box.width, face.box.height})
      fields.push_back(fmt::format("{:.1f}", v));
    fields.push_back(fmt::format("{:.4f}", face.detection.value()));
    for (const Point2f& p : face.keypoints) {
      fields.push_back(fmt::format("{:.1f}", p.x));
      fields.push_back(fmt::format("{:.1f}", p.y));
    }
    if (seen_face.quality) fields.push_back(fmt::format("{:.1f}", seen_face.quality->unified));
    VULTUS_CHECK(rows.csv(std::move(fields)));
  }
  return {};
}

Status tell_detect_json(Rows& rows, const engine::SeenPicture& seen) {
  int number = 0;
  for (const engine::SeenFace& face : seen.faces) {
    Json object = picture_face_json(seen.path, ++number, face.face);
    object["picture"] = {{"width", seen.width}, {"height", seen.height}};
    if (face.quality) add_quality(object, *face.quality);
    VULTUS_CHECK(rows.json(json_line(object)));
  }
  return {};
}

Status tell_detect_table(Rows& rows, const engine::SeenPicture& seen) {
  if (seen.faces.empty()) return rows.table({{seen.path}, {"-", Style::dim}, {"no face", Style::dim}});
  std::size_t number = 0;
  for (const engine::SeenFace& face : seen.faces) {
    std::vector<Cell> cells{{seen.path},
                            {fmt::format("{}", ++number)},
                            {box_text(face.face.box)},
                            {fmt::format("{:.2f}", face.face.detection.value())},
                            {face.face.quality && face.face.quality->inter_eye_px
                                 ? fmt::format("{:.0f} px", *face.face.quality->inter_eye_px)
                                 : std::string("-")}};
    if (face.quality) cells.push_back({fmt::format("{:.0f}", face.quality->unified)});
    VULTUS_CHECK(rows.table(cells));
  }
  return {};
}

Status tell(Rows& rows, const engine::SeenPicture& seen) {
  switch (rows.format()) {
    case Format::json: return tell_detect_json(rows, seen);
    case Format::csv: return tell_detect_csv(rows, seen);
    case Format::table: break;
  }
  return tell_detect_table(rows, seen);
}

Rows make_rows(Context& context, const DetectSettings& settings, const std::vector<media::Input>& inputs) {
  std::vector<Column> columns{file_column(inputs),
                              {"FACE", Align::right},
                              {"BOX", Align::left, 20},
                              {"SCORE", Align::right},
                              {"EYES", Align::right, 6}};
  std::vector<std::string> csv{
      "file",          "face",         "x",           "y",          "width",  "height", "detection",
      "right_eye_x",   "right_eye_y",  "left_eye_x",  "left_eye_y", "nose_x", "nose_y", "right_mouth_x",
      "right_mouth_y", "left_mouth_x", "left_mouth_y"};
  if (settings.quality) {
    columns.push_back({"QUALITY", Align::right});
    csv.emplace_back("quality");
  }
  return {context, settings.format.format(), std::move(columns), std::move(csv)};
}

Result<ExitCode> detect(const DetectSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  Rows rows = make_rows(context, settings, list.inputs);
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("detect"));
  const engine::LookOptions look{
      .depth = engine::Depth::detect, .limits = settings.inputs.limits(), .quality = settings.quality};
  VULTUS_CHECK(run.end(engine.look_at(
      list.inputs, look,
      [&](const engine::SeenPicture& seen) {
        return run.picture(seen.path, seen.error, seen.faces.size(), [&] { return tell(rows, seen); });
      },
      context.stop)));
  if (rows.format() == Format::table) VULTUS_CHECK(context.out.write("\n" + run.tally().text() + ".\n"));
  return run.tally().exit_code();
}

}  // namespace

void add_detect(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("detect", "find the faces in pictures");
  auto settings = std::make_shared<DetectSettings>();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_flag("--quality", settings->quality, "also tell how usable each face is (see vultus quality)");
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kDetectExamples);
  commands.push_back({command, [settings](Context& context) { return detect(*settings, context); }});
}

}  // namespace vultus::cli
