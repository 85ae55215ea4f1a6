#include <apps/cli/face_givens.hpp>

#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/media/file.hpp>

#include <apps/cli/option_values.hpp>

namespace vultus::cli {

void add_given_options(CLI::App& command, GivenSettings& settings) {
  command
      .add_option(
          "--intrinsics", settings.intrinsics,
          "the camera, pixels: focal lengths, and where its axis meets the picture; assumed from the size of the "
          "picture unless told")
      ->type_name("FX,FY[,CX,CY]")
      ->delimiter(',')
      ->expected(1, 4);
  command
      .add_option(
          "--neutral", settings.neutral,
          "measure action units against this face at rest, of --save-neutral, instead of learning each person's")
      ->type_name("FILE");
  command
      .add_option("--save-neutral", settings.save_neutral,
                  "write the face at rest of the person who was seen longest, for --neutral")
      ->type_name("FILE");
}

Result<FaceGivens> FaceGivens::load(const GivenSettings& settings, const Originals& originals, bool force) {
  FaceGivens made;
  const std::vector<double>& numbers = settings.intrinsics;
  if (numbers.size() == 1 || numbers.size() == 3)
    return fail(ErrorCode::invalid_argument,
                fmt::format("--intrinsics: {} of its numbers given; wanted FX,FY or FX,FY,CX,CY", numbers.size()));
  if (numbers.size() >= 2) made.givens_.camera.fx = numbers[0], made.givens_.camera.fy = numbers[1];
  if (numbers.size() >= 4) made.givens_.camera.cx = numbers[2], made.givens_.camera.cy = numbers[3];
  VULTUS_CHECK(check(made.givens_.camera).with_context("--intrinsics"));
  if (!settings.neutral.empty()) {
    constexpr std::uint64_t kMost = 1 << 20;
    VULTUS_TRY(const auto bytes, media::read_file(settings.neutral, kMost));
    const std::string text(bytes.begin(), bytes.end());
    VULTUS_TRY(auto face, expression::parse_baseline(text, settings.neutral));
    made.givens_.baseline = std::make_shared<const expression::NeutralBaseline>(std::move(face));
  }
  if (settings.save_neutral.empty()) return made;
  VULTUS_CHECK(originals.spare(settings.save_neutral, "--save-neutral"));
  std::error_code unknown;
  if (!force && std::filesystem::exists(settings.save_neutral, unknown))
    return fail(ErrorCode::invalid_argument, settings.save_neutral + " is there already: --force replaces it");
  made.save_ = settings.save_neutral;
  made.longest_ = std::make_shared<Longest>();
  made.givens_.learnt = [longest = made.longest_](TrackId, const expression::NeutralBaseline& face) {
    ++longest->tracks;
    if (face.seconds > longest->face.seconds) longest->face = face;
  };
  return made;
}

Status FaceGivens::save(Console& console) const {
  if (save_.empty()) return {};
  if (longest_->face.seconds <= 0)
    return fail(ErrorCode::not_found, save_ + " was not written: no face at rest was learnt, for nobody was measured");
  VULTUS_CHECK(media::write_file_atomically(save_, expression::to_json(longest_->face)));
  std::string told = fmt::format("Face at rest: {}, learnt in {:.1f} s", save_, longest_->face.seconds);
  if (longest_->tracks > 1) told += fmt::format(", of the longest of {} tracks", longest_->tracks);
  if (longest_->face.seconds < expression::NeutralLearner::kTrusted)
    told += fmt::format("; below {:g} s it is mixed with an average face", expression::NeutralLearner::kTrusted);
  console.note(told);
  return {};
}

}  // namespace vultus::cli
