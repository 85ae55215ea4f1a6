// vultus expression foundation caption: action units as sentences, and sentences as action units.
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <vultus/expression/face_caption.hpp>

#include <apps/cli/expression_systems.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/studio.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kCaptionExamples =
    "Captions are written from action units in a grammar that is read back exactly: what is not a caption is refused.\n"
    "A and B are slightly active, C is active, D and E are strongly active; - is absent.\n\n"
    "Examples:\n"
    "  vultus expression foundation caption --au 4=0,6=2,12=3 --expression happiness\n"
    "  vultus expression foundation caption --read 'The face shows neutral with no action unit.' --json";

struct CaptionSettings {
  std::string units, expression = "neutral", read;
  bool json = false;
};

Result<expression::FaceCaption> caption_of(const CaptionSettings& settings) {
  if (!settings.read.empty()) return expression::read_caption(settings.read);
  expression::FaceCaption caption;
  const auto known = std::ranges::find(expression::kExpressionNames, settings.expression);
  if (known == expression::kExpressionNames.end())
    return fail(ErrorCode::invalid_argument,
                "expression \"" + settings.expression +
                    "\" is none of surprise, fear, disgust, happiness, sadness, anger, neutral");
  caption.expression = static_cast<std::size_t>(known - expression::kExpressionNames.begin());
  std::vector<AuActivation> units;
  VULTUS_CHECK(read_units(settings.units, units));
  std::vector<int> told;
  told.reserve(units.size());
  for (const AuActivation& unit : units) told.push_back(unit.facs);
  caption.units = expression::captioned(units, told);
  if (caption.units.size() != units.size())
    return fail(ErrorCode::invalid_argument,
                "--au " + settings.units + ": a unit that the table does not know, or twice");
  return caption;
}

Result<ExitCode> caption(const CaptionSettings& settings, Context& context) {
  VULTUS_TRY(const expression::FaceCaption caption, caption_of(settings));
  VULTUS_TRY(const std::string text, expression::caption_text(caption));
  if (settings.json) {
    Json object{{"caption", text},
                {"expression", std::string(expression::kExpressionNames.at(caption.expression))},
                {"units", Json::object()}};
    for (const expression::CaptionedUnit& unit : caption.units)
      object["units"][fmt::format("AU{:02}", unit.facs)] = unit.level;
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  if (settings.read.empty()) {
    VULTUS_CHECK(context.out.write(text + "\n"));
    return ExitCode::done;
  }
  std::string lines = fmt::format("expression  {}\n", expression::kExpressionNames.at(caption.expression));
  for (const expression::CaptionedUnit& unit : caption.units)
    lines += fmt::format("AU{:<9} {} of 5\n", unit.facs, unit.level);
  VULTUS_CHECK(context.out.write(lines));
  return ExitCode::done;
}

}  // namespace

void add_foundation_caption(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("caption", "action units as sentences, and sentences as action units");
  auto settings = std::make_shared<CaptionSettings>();
  command->add_option("--au", settings->units, "intensities, 0 to 5, e.g. 4=0,6=2,12=3")->type_name("UNITS");
  command->add_option("--expression", settings->expression, "what the face displays")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_option("--read", settings->read, "a caption that is read instead")->type_name("TEXT");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kCaptionExamples);
  commands.push_back({command, [settings](Context& context) { return caption(*settings, context); }});
}

}  // namespace vultus::cli
