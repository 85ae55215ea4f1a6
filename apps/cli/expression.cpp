// vultus expression: what the faces in pictures display.
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/read_expressions.hpp>
#include <vultus/expression/system.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/expression_systems.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

struct PredictSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  std::string model;
  bool crops = false;
};

/// How the answers of a system are told: one way for all of them.
class ExpressionRows {
 public:
  ExpressionRows(Context& context, Format format, const expression::System& system,
                 const std::vector<media::Input>& inputs)
      : system_(&system), rows_(context, format, columns(inputs), titles(system)) {}

  [[nodiscard]] Rows& rows() { return rows_; }

  Status tell(const engine::ReadPicture& picture) {
    switch (rows_.format()) {
      case Format::json: return tell_json(picture);
      case Format::csv: return tell_csv(picture);
      case Format::table: break;
    }
    return tell_table(picture);
  }

 private:
  static std::vector<Column> columns(const std::vector<media::Input>& inputs) {
    return {file_column(inputs),
            {"FACE", Align::right},
            {"BOX", Align::left, 20},
            {"PROBABILITY", Align::right},
            {"DISPLAYS"}};
  }
  static std::vector<std::string> titles(const expression::System& system) {
    std::vector<std::string> csv{"file", "face", "x", "y", "width", "height", "label"};
    for (const std::string_view name : system.labels) csv.emplace_back(name);
    return csv;
  }
  [[nodiscard]] std::string best(const expression::Reading& reading) const {
    return std::string(system_->labels[reading.best]);
  }

  Status tell_json(const engine::ReadPicture& picture) {
    int number = 0;
    for (const engine::ReadFace& face : picture.faces) {
      Json object = picture_face_json(picture.path, ++number, face.face);
      object["detected"] = face.detected;
      object["label"] = face.expression ? Json(best(*face.expression)) : Json(nullptr);
      object["probabilities"] = nullptr;
      if (face.expression) {
        object["probabilities"] = Json::object();
        for (std::size_t i = 0; i < system_->labels.size(); ++i)
          object["probabilities"][std::string(system_->labels[i])] = score_json(face.expression->probabilities[i]);
        for (const expression::Detail& detail : face.expression->details)
          for (const auto& [name, value] : detail.values) object["details"][detail.name][name] = score_json(value);
      } else {
        object["reason"] = face.reason;
      }
      VULTUS_CHECK(rows_.json(json_line(object)));
    }
    return {};
  }

  Status tell_csv(const engine::ReadPicture& picture) {
    int number = 0;
    for (const engine::ReadFace& face : picture.faces) {
      const RectF& box = face.face.box;
      std::vector<std::string> fields{picture.path, fmt::format("{}", ++number)};
      for (const float v : {box.x, box.y, box.width, box.height}) fields.push_back(fmt::format("{:.1f}", v));
      fields.push_back(face.expression ? best(*face.expression) : "");
      for (std::size_t i = 0; i < system_->labels.size(); ++i)
        fields.push_back(face.expression ? fmt::format("{:.6f}", face.expression->probabilities[i]) : "");
      VULTUS_CHECK(rows_.csv(std::move(fields)));
    }
    return {};
  }

  Status tell_table(const engine::ReadPicture& picture) {
    if (picture.faces.empty()) return rows_.table({{picture.path}, {"-", Style::dim}, {"no face", Style::dim}});
    int number = 0;
    for (const engine::ReadFace& face : picture.faces) {
      const auto& said = face.expression;
      VULTUS_CHECK(rows_.table({{picture.path},
                                {fmt::format("{}", ++number)},
                                {box_text(face.face.box)},
                                {said ? percent(said->probabilities[said->best]) : "-"},
                                said ? Cell{best(*said)} : Cell{face.reason, Style::dim}}));
    }
    return {};
  }

  const expression::System* system_;
  Rows rows_;
};

Result<ExitCode> predict(const PredictSettings& settings, std::string_view id, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const ModelId model(settings.model);
  VULTUS_CHECK(may_use(settings.engine, engine, model));
  VULTUS_TRY(const expression::System* const system, engine::expression_system(engine, model));
  if (!id.empty() && system->id != id)
    return fail(ErrorCode::invalid_argument,
                fmt::format("model {} is not one of system {}: its decoder is {}", model.text(), id, system->decoder));
  ExpressionRows told(context, settings.format.format(), *system, list.inputs);
  PictureRun run(context, told.rows(), list);
  VULTUS_CHECK(run.begin("expression"));
  VULTUS_CHECK(run.end(engine::read_expressions(
      engine, list.inputs, {.model = model, .limits = settings.inputs.limits(), .crops = settings.crops},
      [&](engine::ReadPicture picture) {
        return run.picture(picture.path, picture.error, picture.faces.size(), [&] { return told.tell(picture); });
      },
      context.stop)));
  if (told.rows().format() == Format::table) VULTUS_CHECK(context.out.write("\n" + run.tally().text() + ".\n"));
  return run.tally().exit_code();
}

void add_predict(CLI::App& group, Commands& commands, const expression::System& system) {
  CLI::App* command = group.add_subcommand("predict", std::string(system.title));
  auto settings = std::make_shared<PredictSettings>();
  settings->model = system.model;
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  command->add_flag("--crops", settings->crops,
                    "pictures are aligned crops: where no face is found, the middle is taken for one");
  CLI::Option* const model = command->add_option("--model", settings->model, "network that reads expressions");
  model->type_name("MODEL");
  if (system.model.empty())
    model->required();
  else
    model->capture_default_str();
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  const std::string name = system.id.empty() ? "predict" : std::string(system.id) + " predict";
  if (system.model.empty())
    command->footer(fmt::format(
        "{}\n\nNo network of it is shipped. Train one (vultus-learn {} train), put ID.onnx and ID.json into the\n"
        "folder of own models, and name it.\n\n"
        "Examples:\n  vultus expression {} photos/ --model trained_here\n"
        "  vultus expression {} a.jpg --model trained_here --json",
        system.about, system.id, name, name));
  else
    command->footer(
        fmt::format("{}\n\nExamples:\n  vultus expression {} photos/\n  vultus expression {} a.jpg --json\n"
                    "  vultus expression {} --crops crops/ --csv",
                    system.about, name, name, name));
  commands.push_back(
      {command, [settings, id = std::string(system.id)](Context& context) { return predict(*settings, id, context); }});
}

}  // namespace

void add_expression(CLI::App& app, Commands& commands) {
  CLI::App* group = app.add_subcommand("expression", "what faces display: surprise, fear, disgust, happiness ...");
  group->require_subcommand(1);
  group->footer("Examples:\n  vultus expression predict photos/\n  vultus expression predict a.jpg --json");
  add_predict(*group, commands, expression::systems().front());
  for (const expression::System& system : expression::systems()) {
    // The first row of a system is its command; others are networks that it can be given.
    if (system.id.empty() || expression::find_system(system.id).value() != &system) continue;
    CLI::App* own = group->add_subcommand(std::string(system.id), std::string(system.title));
    own->require_subcommand(1);
    add_predict(*own, commands, system);
    if (system.id == "scene") add_scene_measure(*own, commands);
    if (system.id == "foundation") add_foundation_caption(*own, commands);
  }
  CLI::App* dynamic = group->add_subcommand("dynamic", "what a face displays over time, and when (system 11)");
  dynamic->require_subcommand(1);
  add_dynamic_predict(*dynamic, commands);
}

}  // namespace vultus::cli
