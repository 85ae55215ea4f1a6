// vultus embed: the templates of faces, for programs of one's own.
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

constexpr const char* kEmbedExamples =
    "Examples:\n"
    "  vultus embed --json photos/ > faces.jsonl\n"
    "  vultus embed --csv --largest a.jpg b.jpg";

// A template of unit length has values around 0.07: seven digits after the point keep the cosine to 1e-6.
constexpr int kDigits = 7;

struct EmbedSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  bool largest = false;
};

Status tell_embed_json(Rows& rows, const engine::SeenPicture& seen) {
  int number = 0;
  for (const engine::SeenFace& face : seen.faces) {
    ++number;
    if (!face.embedding) continue;
    Json object = picture_face_json(seen.path, number, face.face);
    object["model"] = face.embedding->model().text();
    Json values = Json::array();
    for (const float v : face.embedding->values()) values.push_back(number_json(v, kDigits));
    object["embedding"] = std::move(values);
    VULTUS_CHECK(rows.json(json_line(object)));
  }
  return {};
}

Status tell_embed_csv(Rows& rows, const engine::SeenPicture& seen) {
  int number = 0;
  for (const engine::SeenFace& face : seen.faces) {
    ++number;
    if (!face.embedding) continue;
    const RectF& box = face.face.box;
    std::vector<std::string> fields{seen.path, fmt::format("{}", number)};
    for (const float v : {box.x, box.y, box.width, box.height}) fields.push_back(fmt::format("{:.1f}", v));
    fields.push_back(face.embedding->model().text());
    for (const float v : face.embedding->values()) fields.push_back(fmt::format("{:.{}f}", v, kDigits));
    VULTUS_CHECK(rows.csv(std::move(fields)));
  }
  return {};
}

Status tell_embed_table(Rows& rows, const engine::SeenPicture& seen) {
  if (seen.faces.empty()) return rows.table({{seen.path}, {"-", Style::dim}, {"no face", Style::dim}});
  int number = 0;
  for (const engine::SeenFace& face : seen.faces) {
    ++number;
    if (!face.embedding) continue;
    std::string first;
    for (const float v : face.embedding->values().first(std::min<std::size_t>(3, face.embedding->values().size())))
      first += fmt::format("{:.3f} ", v);
    VULTUS_CHECK(rows.table({{seen.path},
                             {fmt::format("{}", number)},
                             {box_text(face.face.box)},
                             {fmt::format("{}", face.embedding->values().size())},
                             {first + "..."}}));
  }
  return {};
}

Rows make_rows(Context& context, Format format, const std::vector<media::Input>& inputs, int dimension) {
  std::vector<std::string> csv{"file", "face", "x", "y", "width", "height", "model"};
  for (int i = 0; i < dimension; ++i) csv.push_back(fmt::format("e{}", i));
  return {context,
          format,
          {file_column(inputs), {"FACE", Align::right}, {"BOX", Align::left, 20}, {"VALUES", Align::right}, {"FIRST"}},
          std::move(csv)};
}

Result<ExitCode> embed(const EmbedSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  Rows rows = make_rows(context, settings.format.format(), list.inputs, engine.dimension());
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("embed"));
  const engine::LookOptions look{.depth = settings.largest ? engine::Depth::embed_main : engine::Depth::embed_all,
                                 .limits = settings.inputs.limits()};
  VULTUS_CHECK(run.end(engine.look_at(
      list.inputs, look,
      [&](const engine::SeenPicture& seen) {
        return run.picture(seen.path, seen.error, seen.faces.size(), [&] {
          return rows.format() == Format::json  ? tell_embed_json(rows, seen)
                 : rows.format() == Format::csv ? tell_embed_csv(rows, seen)
                                                : tell_embed_table(rows, seen);
        });
      },
      context.stop)));
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write("\n" + run.tally().text() + ". Model " + engine.preset().template_model().text() +
                                   "; --json and --csv give all values.\n"));
  return run.tally().exit_code();
}

}  // namespace

void add_embed(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("embed", "turn faces into templates that can be compared");
  auto settings = std::make_shared<EmbedSettings>();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_flag("--largest", settings->largest, "only the main face of each picture: large and central");
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kEmbedExamples);
  commands.push_back({command, [settings](Context& context) { return embed(*settings, context); }});
}

}  // namespace vultus::cli
