// vultus expression scene measure: how bright and how colourful pictures are.
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <vultus/expression/scene_attributes.hpp>
#include <vultus/media/picture.hpp>

#include <apps/cli/expression_systems.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kMeasureExamples =
    "Measured in the pixels, without any network. Brightness is the mean of the HSV value, 0 to 1. Colourfulness is "
    "that "
    "of\nHasler and Suesstrunk: 0 for what is grey, above 100 for what is extremely colourful.\n\n"
    "Examples:\n"
    "  vultus expression scene measure photos/\n"
    "  vultus expression scene measure a.jpg --json";

struct MeasureSettings {
  InputSettings inputs;
  FormatSettings format;
};

struct Measured {
  double brightness = 0, colourfulness = 0;
};

Result<Measured> measure_input(const media::Input& input, const media::DecodeLimits& limits) {
  VULTUS_TRY(const auto bytes, media::read_input(input, limits.max_bytes));
  const auto decoded = media::decode_picture(bytes, {.limits = limits});
  if (!decoded) return decoded.error().with_context(input.path);
  const media::Picture& picture = *decoded;
  Measured measured;
  VULTUS_TRY(measured.brightness, expression::brightness(picture.image.view()));
  VULTUS_TRY(measured.colourfulness, expression::colourfulness(picture.image.view()));
  return measured;
}

Status tell_measured(Rows& rows, const std::string& path, const Measured& measured) {
  switch (rows.format()) {
    case Format::json:
      return rows.json(json_line({{"file", path},
                                  {"brightness", score_json(measured.brightness)},
                                  {"colourfulness", score_json(measured.colourfulness)}}));
    case Format::csv:
      return rows.csv(
          {path, fmt::format("{:.6f}", measured.brightness), fmt::format("{:.4f}", measured.colourfulness)});
    case Format::table: break;
  }
  return rows.table(
      {{path}, {fmt::format("{:.3f}", measured.brightness)}, {fmt::format("{:.1f}", measured.colourfulness)}});
}

Result<ExitCode> measure(const MeasureSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  const media::InputList list = expand(settings.inputs);
  Rows rows(context, settings.format.format(),
            {file_column(list.inputs), {"BRIGHTNESS", Align::right}, {"COLOURFULNESS", Align::right}},
            {"file", "brightness", "colourfulness"});
  PictureRun run(context, rows, list);
  VULTUS_CHECK(run.begin("measure"));
  for (const media::Input& input : list.inputs) {
    if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "measure: stopped");
    const auto measured = guarded(input.path, [&] { return measure_input(input, settings.inputs.limits()); });
    const std::optional<Error> error = measured ? std::nullopt : std::optional(measured.error());
    VULTUS_CHECK(run.picture(input.path, error, 0, [&] { return tell_measured(rows, input.path, *measured); }));
  }
  VULTUS_CHECK(run.end({}));
  return run.tally().exit_code();
}

}  // namespace

void add_scene_measure(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("measure", "how bright and how colourful pictures are");
  auto settings = std::make_shared<MeasureSettings>();
  add_input_options(*command, settings->inputs,
                    "files, folders, patterns such as 'photos/*.jpg', or - for standard input");
  add_format_options(*command, settings->format);
  command->footer(kMeasureExamples);
  commands.push_back({command, [settings](Context& context) { return measure(*settings, context); }});
}

}  // namespace vultus::cli
