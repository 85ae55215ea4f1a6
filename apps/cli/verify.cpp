// vultus verify: do two pictures show the same person?
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/enrol.hpp>
#include <vultus/engine/verify.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kVerifyExamples =
    "The main face of each picture counts, large and central. The exit code is 0 for either answer; 4 if a picture "
    "shows no face.\n\n"
    "Examples:\n"
    "  vultus verify a.jpg b.jpg\n"
    "  vultus verify a.jpg b.jpg --json --fmr 1e-3\n"
    "  vultus verify a.jpg b.jpg --gallery people.vgal";

struct VerifySettings {
  EngineSettings engine;
  InputSettings limits;
  ThresholdSettings threshold;
  std::string gallery;
  KeySettings keys;
  std::string a;
  std::string b;
  bool json = false;
  bool quiet = false;
};

media::Input input_of(const std::string& name) { return {.path = name, .standard_input = name == "-"}; }

Json side_json(const std::string& file, const FaceObservation& face, int faces) {
  Json object;
  object["file"] = file;
  add_face(object, face);
  object["faces"] = faces;
  return object;
}

std::string json_text(const VerifySettings& settings, const engine::VerifiedPictures& answer) {
  Json object;
  object["match"] = answer.match;
  object["similarity"] = score_json(answer.similarity.value());
  object["threshold"] = score_json(answer.at.threshold.value());
  add_fmr(object, answer.at);
  add_calibration(object, answer.at, answer.at.probability(answer.similarity));
  object["a"] = side_json(settings.a, answer.face_a, answer.faces_a);
  object["b"] = side_json(settings.b, answer.face_b, answer.faces_b);
  return json_line(object);
}

std::string text_of(const VerifySettings& settings, const engine::VerifiedPictures& answer, bool colour) {
  std::string text =
      answer.match ? styled("the same person", Style::good, colour) : styled("different people", Style::warn, colour);
  text +=
      fmt::format(": similarity {}, threshold {}\n", cosine_text(answer.similarity), cosine_text(answer.at.threshold));
  if (const auto probability = answer.at.probability(answer.similarity))
    text += fmt::format("Probability of one person: {} (prior {:g} %, calibrated on the {}).\n",
                        probability_text(probability), answer.at.logistic->prior * 100,
                        answer.at.calibrated == CalibratedOn::gallery ? "gallery" : "preset's data");
  text += error_rate_sentence(answer.at) + "\n";
  if (answer.at.stale) text += stale_sentence(shown_gallery(settings.gallery)) + "\n";
  for (const auto& [file, faces] : {std::pair(&settings.a, answer.faces_a), std::pair(&settings.b, answer.faces_b)})
    if (faces > 1) text += fmt::format("{} shows {} faces; the main one was compared.\n", printable(*file), faces);
  return text;
}

Result<ExitCode> verify(const VerifySettings& settings, Context& context) {
  if (settings.a == "-" && settings.b == "-")
    return fail(ErrorCode::invalid_argument, "verify: only one picture can come on standard input");
  std::optional<Gallery> gallery;
  if (!settings.gallery.empty()) {
    VULTUS_TRY(gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  }
  VULTUS_TRY(const engine::Engine engine,
             load_engine(settings.engine, gallery ? gallery->info().model.preset : std::string()));
  if (gallery) VULTUS_CHECK(engine::require_model(engine, *gallery));
  VULTUS_TRY(const OperatingPoint at, gallery ? operating_point(engine, *gallery, settings.threshold)
                                              : operating_point(engine, settings.threshold));
  VULTUS_TRY(const auto answer,
             engine::verify_pictures(engine, input_of(settings.a), input_of(settings.b), at, settings.limits.limits()));
  VULTUS_CHECK(
      context.out.write(settings.json ? json_text(settings, answer) : text_of(settings, answer, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_verify(CLI::App& app, Commands& commands) {
  CLI::App* command = app.add_subcommand("verify", "say whether two pictures show the same person");
  auto settings = std::make_shared<VerifySettings>();
  command->add_option("A", settings->a, "a picture, or - for standard input")->type_name("")->required();
  command->add_option("B", settings->b, "another one")->type_name("")->required();
  command->add_option("--gallery", settings->gallery, "decide by the calibration of this gallery")->type_name("FILE");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "nothing but the answer")->group("Output");
  add_limit_option(*command, settings->limits);
  add_threshold_options(*command, settings->threshold);
  add_engine_options(*command, settings->engine);
  add_key_options(*command, settings->keys);
  command->footer(kVerifyExamples);
  commands.push_back({command, [settings](Context& context) { return verify(*settings, context); }});
}

}  // namespace vultus::cli
