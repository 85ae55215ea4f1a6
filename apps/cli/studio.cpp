#include <apps/cli/studio.hpp>

#include <charconv>
#include <memory>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/studio/faces.hpp>

#include <apps/cli/json_lines.hpp>
#include <apps/cli/liveness.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kStudioFacesExamples =
    "Everything that is made is planted: drawn at random from a seed, with no person behind it. truth.json tells who,\n"
    "which action units (0 to 5), where the head stands (mm, rad), where the eyes look, 68 points and blinks.\n\n"
    "Examples:\n"
    "  vultus studio faces --out planted --count 3 --seed 7\n"
    "  vultus studio faces --out smiles --count 2 --seed 7 --au 6=3,12=4 --yaw 0 --json\n"
    "  vultus studio faces --out clips --count 1 --seed 7 --video --seconds 1 --size 320x240\n"
    "  vultus studio faces --out still --count 2 --seed 7 --null";

struct StudioFacesSettings {
  studio::FacesOptions options;
  std::string out;
  std::string model;  ///< folder; empty = the built-in head
  std::string size = "640x480";
  std::string units;
  double yaw_degrees = 30;
  bool json = false;
  bool quiet = false;
};

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status read_size(const std::string& text, studio::PlantOptions& plant) {
  const std::size_t cross = text.find('x');
  const auto width = whole_number<int>(text.substr(0, cross));
  const auto height = cross == std::string::npos ? std::nullopt : whole_number<int>(text.substr(cross + 1));
  if (!width || !height)
    return fail(ErrorCode::invalid_argument, "--size: \"" + text + "\" is not WIDTHxHEIGHT, for example 640x480");
  plant.width = *width;
  plant.height = *height;
  return {};
}

Result<ExitCode> studio_faces(StudioFacesSettings settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  studio::PlantOptions& plant = settings.options.plant;
  VULTUS_CHECK(read_size(settings.size, plant));
  VULTUS_CHECK(read_units(settings.units, plant.units));
  plant.max_yaw = settings.yaw_degrees * std::numbers::pi / 180;
  VULTUS_TRY(const face3d::FaceModel model,
             settings.model.empty() ? face3d::procedural_head() : face3d::load_face_model(settings.model));
  VULTUS_TRY(const studio::FacesMade made, studio::make_faces(model, settings.options, settings.out, {}, context.stop));
  if (settings.json) {
    Json object;
    object["planted"] = true;
    object["files"] = made.files;
    object["frames"] = made.frames;
    object["truth"] = made.truth;
    object["seed"] = plant.seed;
    object["null"] = plant.null;
    object["model"] = model.parts().name;
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    VULTUS_CHECK(context.out.write(fmt::format(
        "{} planted {} in {}, seed {}; what is true of them: {}\n", made.files,
        settings.options.video ? (made.files == 1 ? "clip" : "clips") : (made.files == 1 ? "picture" : "pictures"),
        settings.out, plant.seed, made.truth)));
  }
  return ExitCode::done;
}

void add_studio_faces(CLI::App& studio, Commands& commands) {
  CLI::App* command = studio.add_subcommand("faces", "render planted 3-D faces with their truth");
  auto settings = std::make_shared<StudioFacesSettings>();
  studio::FacesOptions& options = settings->options;
  command->add_option("--out", settings->out, "folder for the pictures and truth.json; is made")->required();
  command->add_option("--count", options.count, "how many pictures or clips")->capture_default_str();
  command->add_option("--seed", options.plant.seed, "same seed, same faces")->capture_default_str();
  command->add_flag("--video", options.video, "clips with movement, gaze and blinks instead of pictures");
  command->add_option("--seconds", options.plant.seconds, "length of a clip")->capture_default_str();
  command->add_option("--fps", options.plant.frames_per_second, "frames a second of a clip")->capture_default_str();
  command->add_option("--size", settings->size, "of pictures, WIDTHxHEIGHT in pixels")->capture_default_str();
  command->add_option("--yaw", settings->yaw_degrees, "heads turn this far to either side, degrees, up to 91")
      ->capture_default_str();
  command->add_option("--au", settings->units,
                      "these action units in all faces, e.g. 6=3,12R=4 (R, L: one side of the subject)");
  command->add_flag("--null", options.plant.null, "plant nothing: neutral, still, frontal, looking into the camera");
  command->add_option("--model", settings->model,
                      "folder of a face model in the layout of ICT-FaceKit; without it the built-in head");
  command->add_flag("--json", settings->json, "one JSON object");
  command->add_flag("-q,--quiet", settings->quiet, "no messages");
  command->footer(kStudioFacesExamples);
  commands.push_back({command, [settings](Context& context) { return studio_faces(*settings, context); }});
}

}  // namespace

Status read_units(std::string_view text, std::vector<AuActivation>& units) {
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find(','));
    text = one.size() < text.size() ? text.substr(one.size() + 1) : std::string_view();
    const std::size_t equals = one.find('=');
    std::string_view name = one.substr(0, equals);
    const bool right = name.ends_with('R'), left = name.ends_with('L');
    if (right || left) name.remove_suffix(1);
    const auto facs = whole_number<int>(name);
    const auto intensity =
        equals == std::string_view::npos ? std::nullopt : whole_number<double>(one.substr(equals + 1));
    if (!facs || !intensity)
      return fail(ErrorCode::invalid_argument,
                  "--au: \"" + std::string(one) + "\" is not UNIT=INTENSITY, for example 12=4 or 12R=4");
    units.push_back({*facs, left ? 0 : *intensity, right ? 0 : *intensity});
  }
  return {};
}

void add_studio(CLI::App& app, Commands& commands) {
  CLI::App* studio = app.add_subcommand("studio", "make test data whose truth is known");
  studio->require_subcommand(1);
  add_studio_faces(*studio, commands);
  add_studio_attacks(*studio, commands);
}

}  // namespace vultus::cli
