// vultus expression dynamic predict: what a face displays over time, and when.
#include <memory>
#include <string>

#include <fmt/format.h>

#include <vultus/engine/read_clips.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/media/video.hpp>

#include <apps/cli/expression_systems.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kDynamicExamples =
    "Stretches of a video, each read as one: the label of the stretch, and where its soft mask peaks. Networks that "
    "were\n"
    "trained on planted clips show where something moves; their labels say nothing about people.\n\n"
    "No network of it is shipped. Train one (vultus-learn dynamic train), put ID.onnx and ID.json into the\n"
    "folder of own models, and name it.\n\n"
    "Examples:\n"
    "  vultus expression dynamic predict clip.mp4 --model trained_here\n"
    "  vultus expression dynamic predict clip.mp4 --model trained_here --json";

struct DynamicSettings {
  EngineSettings engine;
  FormatSettings format;
  engine::ClipOptions options;
  std::string video, model;
};

Status tell_clip(Rows& rows, const std::string& file, bool planted, const engine::ReadClip& clip) {
  const std::string label(expression::kExpressionNames.at(clip.best));
  if (rows.format() == Format::table)
    return rows.table({{file},
                       {fmt::format("{:.2f} to {:.2f} s", clip.begin, clip.end)},
                       {fmt::format("{:.2f} to {:.2f} s", clip.peak_begin, clip.peak_end)},
                       {percent(clip.probabilities[clip.best])},
                       {label}});
  if (rows.format() == Format::csv) {
    std::vector<std::string> fields{file, label};
    for (const double value : {clip.begin, clip.end, clip.peak_begin, clip.peak_end})
      fields.push_back(fmt::format("{:.3f}", value));
    for (const double value : clip.probabilities) fields.push_back(fmt::format("{:.6f}", value));
    return rows.csv(std::move(fields));
  }
  Json object{{"file", file},
              {"begin_s", number_json(clip.begin, 3)},
              {"end_s", number_json(clip.end, 3)},
              {"peak_begin_s", number_json(clip.peak_begin, 3)},
              {"peak_end_s", number_json(clip.peak_end, 3)},
              {"label", label},
              {"trained_on_planted_data", planted}};
  for (std::size_t i = 0; i < clip.probabilities.size(); ++i)
    object["probabilities"][std::string(expression::kExpressionNames.at(i))] = score_json(clip.probabilities[i]);
  for (const double value : clip.mask) object["mask"].push_back(score_json(value));
  return rows.json(json_line(object));
}

Rows clip_rows(Context& context, Format format, const std::string& file) {
  std::vector<std::string> csv{"file", "label", "begin_s", "end_s", "peak_begin_s", "peak_end_s"};
  for (const std::string_view name : expression::kExpressionNames) csv.emplace_back(name);
  return {context,
          format,
          {{"FILE", Align::left, static_cast<int>(file.size())},
           {"STRETCH", Align::left, 18},
           {"PEAK OF THE MASK", Align::left, 18},
           {"PROBABILITY", Align::right},
           {"DISPLAYS"}},
          std::move(csv)};
}

Result<ExitCode> predict_dynamic(DynamicSettings settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  settings.options.model = ModelId(settings.model);
  VULTUS_CHECK(may_use(settings.engine, engine, settings.options.model));
  VULTUS_TRY(const runtime::ModelManifest* const manifest, engine.catalogue().find(settings.options.model));
  const bool planted = manifest->task.find("planted") != std::string::npos;
  const std::string file = media::without_secrets(settings.video);
  Rows rows = clip_rows(context, settings.format.format(), file);
  VULTUS_CHECK(rows.begin());
  VULTUS_TRY(const std::size_t read, engine::read_clips(
                                         engine, settings.video, settings.options,
                                         [&](const engine::ReadClip& clip) -> Status {
                                           VULTUS_CHECK(tell_clip(rows, file, planted, clip));
                                           return rows.flush();
                                         },
                                         context.stop));
  if (rows.format() == Format::table)
    VULTUS_CHECK(context.out.write(fmt::format("\n{} read{}.\n",
                                               counted(static_cast<std::int64_t>(read), "stretch", "stretches"),
                                               planted ? ", by a network of planted clips" : "")));
  return ExitCode::done;
}

}  // namespace

void add_dynamic_predict(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("predict", "what a face displays over time, and when");
  auto settings = std::make_shared<DynamicSettings>();
  command->add_option("VIDEO", settings->video, "a video file")->type_name("")->required();
  command->add_option("--model", settings->model, "network of clips")->type_name("MODEL")->required();
  command->add_option("--rate", settings->options.rate, "frames that are looked at, per second")->capture_default_str();
  add_format_options(*command, settings->format);
  add_engine_options(*command, settings->engine);
  command->footer(kDynamicExamples);
  commands.push_back({command, [settings](Context& context) { return predict_dynamic(*settings, context); }});
}

}  // namespace vultus::cli
