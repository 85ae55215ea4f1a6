// vultus protect: pictures and videos in which nobody can be recognised, and the proof.
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/engine/deid.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/media/content.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/protect/mcadams.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/gallery_keys.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/protect_attack.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDeidExamples =
    "A recogniser attacks the picture that was written; of a video the best view of each face's track, and up to 100 "
    "views\ntogether (by their mean, and one by one), hidden but not yet encoded. With --gallery it knows those "
    "people; without, it knows the very originals. Pictures are written as "
    ".jpg or .png.\n"
    "An attacker who adapts hides his own pictures in the same way first. Copies have no metadata.\n"
    "Videos have no sound unless --sound asks for it: voice moves the formants (McAdams), which hides a voice from an "
    "ear and not\n"
    "from who knows the method, and what is said stays.\n"
    "Hair, clothes and places still say who somebody is.\n\n"
    "Examples:\n"
    "  vultus protect deid a.jpg -o hidden.jpg\n"
    "  vultus protect deid photos/ -o hidden/ --method synthetic --json\n"
    "  vultus protect deid clip.mp4 -o hidden.mp4 --method mesh\n"
    "  vultus protect deid clip.mp4 -o hidden.mp4 --sound voice --alpha 0.8\n"
    "  vultus protect deid photos/ -o hidden/ --gallery people.vgal --except 'Ada Lovelace'";

constexpr const char* kKeptVoice = "the sound is kept: a voice says who somebody is";

struct DeidSettings {
  EngineSettings engine;
  InputSettings inputs;
  FormatSettings format;
  ThresholdSettings threshold;
  KeySettings keys;
  std::string output;
  std::string method = "blur";
  std::string gallery;
  std::vector<std::string> except, only;
  std::uint64_t seed = 1;
  double hold = 1;
  std::string sound = "drop";
  std::optional<double> alpha;
};

/// Is it hidden frame by frame? A GIF or PNG that moves is, too: a copy of its first picture would not be a copy.
bool moves(const std::string& path) { return media::is_video_file(path) || media::is_animation(path); }

/// Where the copy of an input goes.
class Outputs {
 public:
  static Result<Outputs> plan(const std::string& output, const std::vector<media::Input>& inputs) {
    Outputs outputs;
    outputs.originals_ = Originals(inputs);
    outputs.one_file_ = inputs.size() == 1 && fs::path(output).has_extension() && !fs::is_directory(output);
    outputs.output_ = output;
    if (outputs.one_file_ && !moves(inputs.front().path)) VULTUS_CHECK(engine::check_picture_copy(output));
    if (outputs.one_file_) return outputs;
    std::error_code failed;
    fs::create_directories(output, failed);
    if (failed || !fs::is_directory(output, failed))
      return fail(ErrorCode::resource_limit, output + ": the folder cannot be made: " + failed.message());
    return outputs;
  }
  /// @error invalid_argument  it would replace an input: this one, or another that may not have been read yet
  Result<std::string> of(const std::string& input) {
    fs::path path = output_;
    if (!one_file_) {
      const bool video = moves(input);
      std::string ending = video ? std::string(".mp4") : fs::path(input).extension().string();
      if (!video && ending != ".png" && ending != ".PNG") ending = ".jpg";
      const std::string stem = fs::path(input).stem().string();
      for (int number = 1;; ++number) {
        path = fs::path(output_) / ((number == 1 ? stem : fmt::format("{}-{}", stem, number)) + ending);
        if (!taken_.contains(path)) break;
      }
    }
    VULTUS_CHECK(originals_.spare(path).with_context(input));
    taken_.insert(path);
    return path.string();
  }

 private:
  std::string output_;
  bool one_file_ = false;
  Originals originals_;
  std::set<fs::path> taken_;
};

Json rate_or_null(std::int64_t count, std::int64_t of) {
  return of > 0 ? Json(score_json(static_cast<double>(count) / static_cast<double>(of))) : Json(nullptr);
}

Json attack_json(const engine::DeidAttack& attack) {
  Json object{{"faces", attack.faces},
              {"before", rate_or_null(attack.before, attack.faces)},
              {"after", rate_or_null(attack.after, attack.faces)},
              {"views", attack.views},
              {"after_mean", rate_or_null(attack.after_mean, attack.faces)},
              {"after_any", rate_or_null(attack.after_any, attack.faces)},
              {"still_found", attack.found}};
  object["adapted_rank1"] = attack.adapted ? rate_or_null(*attack.adapted, attack.faces) : Json(nullptr);
  return object;
}

std::string_view sound_name(engine::SoundOutcome outcome) {
  switch (outcome) {
    case engine::SoundOutcome::none: break;
    case engine::SoundOutcome::dropped: return "dropped";
    case engine::SoundOutcome::voice: return "voice";
    case engine::SoundOutcome::kept: return "kept";
  }
  return "none";
}

bool has_sound(const engine::DeidSound& sound) {
  return sound.outcome == engine::SoundOutcome::voice || sound.outcome == engine::SoundOutcome::kept;
}

void add_sound_json(Json& object, const engine::DeidSound& sound, double alpha) {
  object["sound"] = sound_name(sound.outcome);
  if (!has_sound(sound)) return;
  Json& track = object["sound_track"];
  track = {{"tracks_of_input", sound.tracks},
           {"rate", sound.rate},
           {"channels", sound.channels},
           {"seconds", number_json(sound.seconds, 3)},
           {"silent_seconds", number_json(sound.silent_seconds, 3)},
           {"damaged_packets", sound.damaged_packets}};
  if (sound.outcome == engine::SoundOutcome::voice) track["alpha"] = alpha;
  if (sound.outcome == engine::SoundOutcome::kept) track["warning"] = kKeptVoice;
}

/// What should be known about the sound of a copy.
void note_sound(const engine::DeidFile& file, Console& console) {
  const engine::DeidSound& sound = file.sound;
  if (!has_sound(sound)) return;
  const std::string name = printable(file.input);
  if (sound.outcome == engine::SoundOutcome::kept) console.note(fmt::format("{}: {}", name, kKeptVoice));
  if (sound.tracks > 1)
    console.note(fmt::format("{}: the first of {} tracks of sound is in the copy", name, sound.tracks));
  if (sound.damaged_packets > 0)
    console.note(fmt::format("{}: {} of sound could not be decoded; there is silence instead", name,
                             counted(sound.damaged_packets, "packet")));
}

Json file_json(const engine::DeidFile& file, double alpha) {
  Json object{{"file", file.input},
              {"output", file.output},
              {"frames", file.frames},
              {"faces", file.faces},
              {"hidden", file.hidden},
              {"greyed", file.greyed},
              {"frames_hidden", file.frames_hidden},
              {"boxes_bridged", file.boxes_bridged},
              {"late", file.late}};
  add_sound_json(object, file.sound, alpha);
  object["reidentification"] = attack_json(file.attack);
  return object;
}

/// "3 of 4 (75 %)"
std::string share_text(std::int64_t count, std::int64_t of) {
  return of > 0 ? fmt::format("{} of {} ({:.0f} %)", count, of,
                              100.0 * static_cast<double>(count) / static_cast<double>(of))
                : std::string("-");
}

/// What was done in one run.
struct DeidRun {
  std::vector<engine::DeidFile> files;
  std::vector<media::InputError> errors;
  engine::DeidAttack attack;
};

std::string run_text(const DeidRun& run, const DeidSettings& settings, const engine::DeidOptions& options,
                     const std::string& attacker, bool colour) {
  std::vector<Row> rows;
  for (const engine::DeidFile& file : run.files)
    rows.push_back(
        {{printable(file.input)},
         {printable(file.output)},
         {std::string(sound_name(file.sound.outcome))},
         {grouped(file.hidden) + " of " + grouped(file.faces)},
         {grouped(file.attack.found)},
         {share_text(file.attack.before, file.attack.faces)},
         {share_text(file.attack.after, file.attack.faces), file.attack.after > 0 ? Style::bad : Style::good}});
  std::string text = table_text({{"FILE"},
                                 {"COPY"},
                                 {"SOUND"},
                                 {"HIDDEN", Align::right},
                                 {"STILL FOUND", Align::right},
                                 {"KNOWN BEFORE", Align::right},
                                 {"KNOWN AFTER", Align::right}},
                                rows, colour);
  text += fmt::format("\n{}: re-identified {} before, {} after, by a recogniser that knows {} (threshold {:.3f}).\n",
                      settings.method, share_text(run.attack.before, run.attack.faces),
                      share_text(run.attack.after, run.attack.faces), attacker, options.at.threshold.value());
  if (run.attack.views > run.attack.faces)
    text += fmt::format("From {} together: {} by their mean template, {} in at least one view.\n",
                        counted(run.attack.views, "view"), share_text(run.attack.after_mean, run.attack.faces),
                        share_text(run.attack.after_any, run.attack.faces));
  if (run.attack.adapted)
    text += fmt::format("Who hides pictures of the known people in the same way names {} right at rank 1.\n",
                        share_text(*run.attack.adapted, run.attack.faces));
  if (options.whom == engine::HideWhom::only)
    text += "Faces that were not recognised stay visible: --only hides no more than the recogniser knows.\n";
  return text;
}

Json run_json(const DeidRun& run, const DeidSettings& settings, const engine::DeidOptions& options,
              const std::string& attacker) {
  Json object{{"method", settings.method}};
  object["files"] = Json::array();
  for (const engine::DeidFile& file : run.files) object["files"].push_back(file_json(file, options.alpha));
  for (const media::InputError& error : run.errors) object["files"].push_back(error_json(error.path, error.error));
  object["reidentification"] = attack_json(run.attack);
  object["reidentification"]["attacker_knows"] = attacker;
  object["reidentification"]["threshold"] = score_json(options.at.threshold.value());
  add_fmr(object["reidentification"], options.at);
  return object;
}

Result<engine::DeidOptions> deid_options(const DeidSettings& settings, const engine::Engine& engine,
                                         const std::optional<Gallery>& gallery) {
  engine::DeidOptions options;
  const auto method = protect::hide_method_from(settings.method);
  if (!method) return fail(ErrorCode::invalid_argument, "--method " + settings.method + ": no such method");
  options.method = *method;
  if (!settings.except.empty()) options.whom = engine::HideWhom::all_but;
  if (!settings.only.empty()) options.whom = engine::HideWhom::only;
  options.names.insert(settings.except.begin(), settings.except.end());
  options.names.insert(settings.only.begin(), settings.only.end());
  options.gallery = gallery ? &*gallery : nullptr;
  if (gallery) {
    VULTUS_TRY(options.at, operating_point(engine, *gallery, settings.threshold));
  } else {
    VULTUS_TRY(options.at, operating_point(engine, settings.threshold));
  }
  if (settings.sound == "voice") options.sound = engine::SoundTreatment::voice;
  if (settings.sound == "keep") options.sound = engine::SoundTreatment::keep;
  options.alpha = settings.alpha.value_or(options.alpha);
  options.seed = settings.seed;
  options.plan.hold = Seconds(settings.hold);
  options.limits = settings.inputs.limits();
  return options;
}

/// Pictures and videos, those of folders too.
media::InputList inputs_of(const InputSettings& settings) {
  media::InputList list = expand(settings);
  for (const std::string& name : settings.names) {
    const std::vector<std::string> videos = media::videos_in(name, settings.recursive);
    if (videos.empty()) continue;
    // A folder without pictures is an error for who wants pictures alone.
    std::erase_if(list.errors,
                  [&](const media::InputError& e) { return e.path == name && e.error.code == ErrorCode::not_found; });
    for (const std::string& video : videos) {
      media::Input input{.path = video, .standard_input = false};
      if (std::ranges::find(list.inputs, input) == list.inputs.end()) list.inputs.push_back(std::move(input));
    }
  }
  return list;
}

Result<ExitCode> deid(const DeidSettings& settings, Context& context) {
  context.console.set_quiet(settings.format.quiet);
  if (settings.alpha && settings.sound != "voice")
    return fail(ErrorCode::invalid_argument, "--alpha changes a voice: it needs --sound voice");
  if (settings.alpha) VULTUS_CHECK(protect::check_voice_changes(*settings.alpha).with_context("--alpha"));
  const media::InputList list = inputs_of(settings.inputs);
  VULTUS_TRY(Outputs outputs, Outputs::plan(settings.output, list.inputs));
  std::optional<Gallery> gallery;
  std::string preset;
  if (!settings.gallery.empty()) {
    VULTUS_TRY(gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
    preset = gallery->info().model.preset;
  }
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine, preset));
  VULTUS_TRY(const engine::DeidOptions options, deid_options(settings, engine, gallery));
  VULTUS_TRY(engine::Deidentifier hider, engine::Deidentifier::open(engine, options));
  DeidRun run;
  run.errors = list.errors;
  context.console.begin("hide", list.inputs.size());
  for (const media::Input& input : list.inputs) {
    if (context.stop.stop_requested()) break;
    auto made = [&]() -> Result<engine::DeidFile> {
      if (input.standard_input) return fail(ErrorCode::invalid_argument, "-: a file is needed");
      VULTUS_TRY(const std::string output, outputs.of(input.path));
      return moves(input.path) ? hider.video(input.path, output, context.stop) : hider.picture(input.path, output);
    }();
    context.console.advance(run.files.size() + run.errors.size() + 1);
    if (!made && made.error().code == ErrorCode::cancelled) break;
    if (made) {
      note_sound(*made, context.console);
      run.attack.add(made->attack);
      run.files.push_back(*std::move(made));
    } else {
      run.errors.push_back({.path = input.path, .error = made.error()});
    }
  }
  context.console.end();
  if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped; the copies that are done stay");
  if (settings.format.json) {
    VULTUS_CHECK(context.out.write(json_line(run_json(run, settings, options, hider.attacker()))));
  } else {
    for (const media::InputError& error : run.errors) context.console.error(error.error.message);
    VULTUS_CHECK(context.out.write(run_text(run, settings, options, hider.attacker(), context.out.colour())));
  }
  return run.errors.empty() ? ExitCode::done : ExitCode::some_failed;
}

void add_deid(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("deid", "hide faces, and try to recognise them all the same");
  auto settings = std::make_shared<DeidSettings>();
  add_input_options(*command, settings->inputs, "pictures, videos, or folders of them");
  command->add_option("-o,--output", settings->output, "the copy, or a folder for copies")
      ->type_name("PATH")
      ->required();
  command
      ->add_option("--method", settings->method,
                   "blur, pixelate, solid, mesh (points and contours on grey) or synthetic (a face that nobody has); "
                   "blur unless told")
      ->type_name("NAME")
      ->check(CLI::IsMember({"blur", "pixelate", "solid", "mesh", "synthetic"}).description(""));
  auto* gallery = command->add_option("--gallery", settings->gallery, "whom the attacker, --except and --only know")
                      ->type_name("GALLERY");
  auto* except = command->add_option("--except", settings->except, "hide all but this person; can be repeated")
                     ->type_name("NAME")
                     ->allow_extra_args(false)
                     ->needs(gallery);
  command->add_option("--only", settings->only, "hide this person alone; can be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->needs(gallery)
      ->excludes(except);
  command->add_option("--seed", settings->seed, "of synthetic people; 1 unless told")->type_name("N");
  command
      ->add_option("--hold", settings->hold,
                   "in videos a face stays hidden so many seconds around the time it was seen; 1 unless told")
      ->type_name("SECONDS")
      ->check(within(0.0, 60.0));
  command
      ->add_option("--sound", settings->sound,
                   "of videos: drop, voice (one channel, formants moved) or keep (the voice identifies); drop unless "
                   "told")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"drop", "voice", "keep"}).description(""));
  command
      ->add_option("--alpha", settings->alpha,
                   "of --sound voice: exponent of the angles of the poles, not 0.98 to 1.02; 0.8 unless told")
      ->type_name("A")
      ->check(within(0.5, 1.5));
  command->add_flag("--json", settings->format.json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->format.quiet, "no notes, no progress bar")->group("Output");
  add_threshold_options(*command, settings->threshold);
  add_key_source_options(*command, settings->keys);
  add_engine_options(*command, settings->engine);
  command->footer(kDeidExamples);
  commands.push_back({command, [settings](Context& context) { return deid(*settings, context); }});
}

}  // namespace

void add_protect(CLI::App& app, Commands& commands) {
  CLI::App* group = app.add_subcommand("protect", "make people unrecognisable, and prove it");
  group->require_subcommand(1);
  group->footer("Examples:\n  vultus protect deid photos/ -o hidden/ --method synthetic");
  add_deid(*group, commands);
  add_protect_voice(*group, commands);
  add_protect_dp_video(*group, commands);
  add_protect_attack(*group, commands);
}

}  // namespace vultus::cli
