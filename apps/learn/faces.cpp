// vultus-learn faces: faces of live people and of attacks, cut out for networks that judge liveness.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/presentations.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/face/network_input.hpp>
#include <vultus/learn/last_of_others.hpp>
#include <vultus/learn/presentations.hpp>
#include <vultus/liveness/spoof_nets.hpp>
#include <vultus/liveness/trained_nets.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video.hpp>
#include <vultus/studio/attacks.hpp>

#include <apps/cli/settings.hpp>
#include <apps/learn/commands.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kFacesExamples =
    "Subjects are told by the names of files (NAME_0001.jpg); which of them are trained on, for thresholds and for the "
    "test\nfollows from the name alone. Without --attacks the six families of vultus studio attacks are planted in "
    "each "
    "picture,\nin memory; the swapped face of a seam is that of somebody else in the same part of the split.\n\n"
    "Example:\n"
    "  vultus-learn faces --live lfw/images --subjects 1500 -o faces.safetensors\n"
    "  vultus-learn faces --live door/live --attacks door/attacks -o door.safetensors";

struct FacesSettings {
  std::string live, attacks, out;
  std::size_t subjects = 0, each = 1;
  int side = 112, margin = 8;
  double least = 0.3, most = 1;
  std::uint64_t seed = 1;
  cli::EngineSettings engine;
};

/// Faces as they will lie in the file.
struct CutFaces {
  std::vector<std::uint8_t> pixels, covered;
  std::vector<std::int64_t> kind, subject, part;
};

/// A live face of a part, kept for the seam of somebody else.
struct LiveFace {
  Image picture;
  FaceObservation face;
};

class FaceCutter {
 public:
  FaceCutter(const FacesSettings& settings, face::FaceFinder finder)
      : settings_(settings), finder_(std::move(finder)) {}

  /// @return the most prominent face; nothing where there is none
  Result<std::optional<LiveFace>> face_in(const std::string& path) {
    media::Picture picture;
    VULTUS_CHECK(decoder_.read(path, {}, picture));
    const ImageView view = picture.image.view();
    VULTUS_TRY(auto faces, finder_.find(view));
    if (faces.empty()) return std::optional<LiveFace>();
    const auto best = std::ranges::max_element(
        faces, {}, [&](const FaceObservation& f) { return face::prominence(f.box, view.width, view.height); });
    return std::optional(LiveFace{std::move(picture.image), std::move(*best)});
  }

  /// @param mask  where the attack is; none = everywhere, or nowhere of a live face
  Status cut(ImageView picture, const RectF& box, std::int64_t kind, const std::string& subject,
             const std::optional<ImageView>& mask) {
    const int side = settings_.side + 2 * settings_.margin;
    const auto region = [&](double scale) { return liveness::surroundings(box, picture.width, picture.height, scale); };
    const auto bytes = static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3;
    cut_.pixels.resize(cut_.pixels.size() + bytes);
    VULTUS_CHECK(face::rectangle_into(picture, region(liveness::kTrainedCrop * side / settings_.side),
                                      MutableImageView{cut_.pixels.data() + cut_.pixels.size() - bytes, side, side,
                                                       std::ptrdiff_t{3} * side, PixelFormat::rgb8}));
    constexpr auto kCells = static_cast<std::size_t>(learn::kCoveredSide * learn::kCoveredSide);
    cut_.covered.resize(cut_.covered.size() + kCells, kind == 0 ? std::uint8_t{0} : std::uint8_t{255});
    if (mask)
      VULTUS_CHECK(face::rectangle_into(
          *mask, region(liveness::kTrainedCrop),
          MutableImageView{cut_.covered.data() + cut_.covered.size() - kCells, static_cast<int>(learn::kCoveredSide),
                           static_cast<int>(learn::kCoveredSide), learn::kCoveredSide, PixelFormat::gray8}));
    cut_.kind.push_back(kind);
    cut_.subject.push_back(numbers_.try_emplace(subject, static_cast<std::int64_t>(numbers_.size())).first->second);
    cut_.part.push_back(static_cast<std::int64_t>(learn::part_of(subject)));
    return {};
  }

  /// All families in one face.
  Status plant(const LiveFace& live, const std::string& subject, std::size_t number) {
    const LiveFace* const other = before_.at(static_cast<std::size_t>(learn::part_of(subject))).than(subject);
    for (std::size_t f = 0; f < studio::kAllAttacks.size(); ++f) {
      const studio::AttackFamily family = studio::kAllAttacks.at(f);
      if (needs_donor(family) && other == nullptr) continue;
      evaluation::Random random(settings_.seed * 1'000'003 + number * 16 + f);
      const studio::AttackPlan plan{.family = family,
                                    .strength = settings_.least + (settings_.most - settings_.least) * random.unit(),
                                    .seed = random.next()};
      const auto donor =
          other != nullptr ? std::optional(studio::Donor{other->picture.view(), other->face.keypoints}) : std::nullopt;
      const auto made = studio::attacked(live.picture.view(), {live.face.box, live.face.keypoints}, plan, donor);
      if (!made) continue;  // a face too small for it
      VULTUS_CHECK(
          cut(made->picture.view(), live.face.box, static_cast<std::int64_t>(f) + 1, subject, made->mask.view()));
    }
    return {};
  }
  void remember(LiveFace live, const std::string& subject) {
    before_.at(static_cast<std::size_t>(learn::part_of(subject))).keep(std::move(live), subject);
  }
  [[nodiscard]] const CutFaces& faces() const { return cut_; }

 private:
  const FacesSettings& settings_;
  face::FaceFinder finder_;
  media::Decoder decoder_;
  CutFaces cut_;
  std::map<std::string, std::int64_t> numbers_;
  std::array<learn::LastOfOthers<LiveFace>, learn::kAllParts.size()> before_;
};

/// The first pictures of some subjects, drawn by the seed.
std::vector<engine::PresentedFile> drawn(std::vector<engine::PresentedFile> files, const FacesSettings& settings) {
  std::map<std::string, std::vector<engine::PresentedFile>> by_subject;
  for (engine::PresentedFile& file : files) by_subject[learn::subject_of(file.path)].push_back(std::move(file));
  std::vector<std::string> names;
  for (const auto& [name, pictures] : by_subject) names.push_back(name);
  evaluation::Random random(settings.seed);
  for (std::size_t i = names.size(); i > 1; --i) std::swap(names[i - 1], names[random.below(i)]);
  if (settings.subjects > 0 && names.size() > settings.subjects) names.resize(settings.subjects);
  std::vector<engine::PresentedFile> kept;
  for (const std::string& name : names)
    for (std::size_t i = 0; i < std::min(settings.each, by_subject[name].size()); ++i)
      kept.push_back(by_subject[name][i]);
  return kept;
}

Status write_faces(const FacesSettings& settings, const CutFaces& faces, const std::vector<std::string>& kinds,
                   const std::string& backend) {
  const bool planted = settings.attacks.empty() || engine::is_planted(settings.attacks);
  learn::TensorNotes notes = learn::presentation_notes(kinds, settings.margin, planted);
  notes["crop_scale"] = fmt::format("{}", liveness::kTrainedCrop);
  notes["seed"] = fmt::format("{}", settings.seed), notes["backend"] = backend;
  notes["strength"] = fmt::format("{} to {}", settings.least, settings.most);
  VULTUS_TRY(auto file,
             learn::TensorFileWriter::create(
                 settings.out, learn::presentation_tensors(std::ssize(faces.kind), settings.side + 2 * settings.margin),
                 notes));
  VULTUS_CHECK(file.write("pixels", 0, std::as_bytes(std::span(faces.pixels))));
  VULTUS_CHECK(file.write("covered", 0, std::as_bytes(std::span(faces.covered))));
  VULTUS_CHECK(file.write("kind", 0, std::as_bytes(std::span(faces.kind))));
  VULTUS_CHECK(file.write("subject", 0, std::as_bytes(std::span(faces.subject))));
  VULTUS_CHECK(file.write("part", 0, std::as_bytes(std::span(faces.part))));
  return file.finish();
}

Status cut_attacks(const FacesSettings& settings, FaceCutter& cutter, std::vector<std::string>& kinds) {
  VULTUS_TRY(auto attacks, engine::presented_files(settings.attacks, true));
  std::erase_if(attacks, [](const engine::PresentedFile& file) { return media::has_video_name(file.path); });
  for (const engine::PresentedFile& file : attacks) {
    auto kind = std::ranges::find(kinds, file.species);
    if (kind == kinds.end()) kind = kinds.insert(kinds.end(), file.species);
    const auto found = cutter.face_in(file.path);
    if (!found || !*found) {
      std::fprintf(stderr, "%s: left out, %s\n", file.path.c_str(), found ? "no face" : found.error().message.c_str());
      continue;
    }
    VULTUS_CHECK(cutter.cut((*found)->picture.view(), (*found)->face.box, kind - kinds.begin() + 1,
                            learn::subject_of(file.path), std::nullopt));
  }
  return {};
}

Status faces(const FacesSettings& settings) {
  if (!(settings.least > 0 && settings.least <= settings.most && settings.most <= 1))
    return fail(ErrorCode::invalid_argument, "--least and --most: above 0 up to 1, the smaller first");
  VULTUS_TRY(auto files, engine::presented_files(settings.live, false));
  std::erase_if(files, [](const engine::PresentedFile& file) { return media::has_video_name(file.path); });
  files = drawn(std::move(files), settings);
  VULTUS_TRY(const engine::Engine engine, cli::load_engine(settings.engine));
  VULTUS_TRY(auto finder, engine.make_finder());
  FaceCutter cutter(settings, std::move(finder));
  std::vector<std::string> kinds;
  const bool plant = settings.attacks.empty();
  if (plant)
    for (const studio::AttackFamily family : studio::kAllAttacks) kinds.emplace_back(name_of(family));
  std::size_t left_out = 0;
  for (std::size_t number = 0; number < files.size(); ++number) {
    const std::string subject = learn::subject_of(files[number].path);
    auto found = cutter.face_in(files[number].path);
    if (!found || !*found) {
      ++left_out;
      continue;
    }
    LiveFace& live = **found;
    VULTUS_CHECK(cutter.cut(live.picture.view(), live.face.box, 0, subject, std::nullopt));
    if (plant) VULTUS_CHECK(cutter.plant(live, subject, number));
    cutter.remember(std::move(live), subject);
    if (number % 200 == 0) std::fprintf(stderr, "%zu of %zu pictures\n", number, files.size());
  }
  if (!plant) VULTUS_CHECK(cut_attacks(settings, cutter, kinds));
  if (cutter.faces().kind.empty()) return fail(ErrorCode::invalid_argument, settings.live + ": no face was found");
  VULTUS_CHECK(write_faces(settings, cutter.faces(), kinds, engine.backend()));
  std::fprintf(stderr, "%zu faces, %zu pictures left out\n", cutter.faces().kind.size(), left_out);
  return {};
}

}  // namespace

void add_faces(CLI::App& app, LearnCommands& commands) {
  CLI::App* command = app.add_subcommand("faces", "cut out faces of live people and of attacks");
  auto settings = std::make_shared<FacesSettings>();
  command->add_option("--live", settings->live, "folder of pictures of live people")->type_name("DIR")->required();
  command->add_option("--attacks", settings->attacks, "folder of attacks by kind; none = planted ones")
      ->type_name("DIR");
  command->add_option("--subjects", settings->subjects, "how many, drawn by the seed; 0 = all")->type_name("N");
  command->add_option("--each", settings->each, "pictures of each subject at most")->type_name("N");
  command->add_option("--side", settings->side, "pixels that a network will see")
      ->type_name("N")
      ->check(CLI::Range(16, 448))
      ->capture_default_str();
  command->add_option("--margin", settings->margin, "pixels more on each side, for shifted crops")
      ->type_name("N")
      ->check(CLI::Range(0, 32))
      ->capture_default_str();
  command->add_option("--least", settings->least, "strength of planted attacks, from")->type_name("A");
  command->add_option("--most", settings->most, "strength of planted attacks, to")->type_name("B");
  command->add_option("--seed", settings->seed, "of subjects and attacks")->type_name("N")->capture_default_str();
  command->add_option("-o,--output", settings->out, "file of tensors")->type_name("FILE")->required();
  cli::add_engine_options(*command, settings->engine);
  command->footer(kFacesExamples);
  commands.push_back({command, [settings] { return faces(*settings); }});
}

}  // namespace vultus::learning
