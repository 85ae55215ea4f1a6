// vultus protect voice: a voice that sounds like somebody else's.
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/media/content.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/sound_reader.hpp>
#include <vultus/media/wav.hpp>
#include <vultus/protect/mcadams.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr std::size_t kMostSoundBytes = std::size_t{1} << 30U;
constexpr const char* kVoiceExamples =
    "McAdams' coefficient moves the formants; what is said and when stays. An attacker who knows the method recovers "
    "much "
    "of the speaker.\nOf a video the first track of sound is taken, as one channel of at most 16,000 samples a "
    "second.\n\n"
    "Examples:\n"
    "  vultus protect voice speech.wav -o other.wav\n"
    "  vultus protect voice speech.wav -o other.wav --alpha 0.7 --json\n"
    "  vultus protect voice clip.mp4 -o other.wav";

struct VoiceSettings {
  std::string input;
  std::string output;
  protect::McAdamsOptions options;
  bool json = false;
};

/// The sound of a video, in the format in which it goes into a copy of it.
Result<media::Sound> video_sound(const std::string& path, const std::stop_token& stop) {
  constexpr std::size_t kMostSamples = kMostSoundBytes / sizeof(float);
  constexpr std::size_t kAtOnce = std::size_t{1} << 16U;
  constexpr int kVoiceRate = 16'000;
  VULTUS_TRY(auto reader, media::SoundReader::open(path, stop));
  if (!reader) return fail(ErrorCode::not_found, path + ": there is no sound in it");
  const int rate = media::sound_rate_for(reader->info().rate, kVoiceRate);
  VULTUS_CHECK(reader->start({.rate = rate, .channels = 1}, std::nullopt));
  media::Sound sound{.rate = rate, .channels = {{}}};
  for (media::SoundBlock block;;) {
    VULTUS_TRY(const std::size_t got, reader->next(kAtOnce, block));
    if (got == 0) return sound;
    if (sound.channels[0].size() + got > kMostSamples)
      return fail(ErrorCode::resource_limit,
                  fmt::format("{}: its sound has more than {} samples, which is the limit", path, kMostSamples));
    sound.channels[0].insert(sound.channels[0].end(), block[0].begin(), block[0].end());
  }
}

Result<media::Sound> sound_of(const std::string& path, const std::stop_token& stop) {
  if (media::is_video_file(path)) return video_sound(path, stop);
  VULTUS_TRY(const auto bytes, media::read_file(path, kMostSoundBytes));
  return media::decode_wav(bytes).with_context(path);
}

Result<ExitCode> voice(const VoiceSettings& settings, Context& context) {
  VULTUS_CHECK(Originals({&settings.input, 1}).spare(settings.output));
  VULTUS_CHECK(protect::check_voice_changes(settings.options.alpha).with_context("--alpha"));
  VULTUS_TRY(media::Sound sound, sound_of(settings.input, context.stop));
  for (std::vector<float>& channel : sound.channels) {
    if (context.stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped; nothing was written");
    VULTUS_TRY(channel, protect::mcadams_voice(channel, sound.rate, settings.options).with_context(settings.input));
  }
  VULTUS_TRY(const auto made, media::encode_wav(sound));
  VULTUS_CHECK(media::write_file_atomically(settings.output, made));
  const double seconds = static_cast<double>(sound.channels.front().size()) / sound.rate;
  if (settings.json) {
    const Json object{
        {"file", settings.input}, {"output", settings.output},         {"seconds", number_json(seconds, 3)},
        {"rate", sound.rate},     {"channels", sound.channels.size()}, {"alpha", settings.options.alpha}};
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    VULTUS_CHECK(context.out.write(
        fmt::format("{}: {:.1f} s with alpha {:g}\n", printable(settings.output), seconds, settings.options.alpha)));
  }
  return ExitCode::done;
}

}  // namespace

void add_protect_voice(CLI::App& group, Commands& commands) {
  CLI::App* command = group.add_subcommand("voice", "make a voice sound like somebody else's");
  auto settings = std::make_shared<VoiceSettings>();
  command->add_option("input", settings->input, "a WAV file or a video")->type_name("IN.wav")->required();
  command->add_option("-o,--output", settings->output, "the copy")->type_name("OUT.wav")->required();
  command
      ->add_option("--alpha", settings->options.alpha,
                   "exponent of the angles of the poles, not 0.98 to 1.02; 0.8 unless told")
      ->type_name("A")
      ->check(within(0.5, 1.5));
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kVoiceExamples);
  commands.push_back({command, [settings](Context& context) { return voice(*settings, context); }});
}

}  // namespace vultus::cli
