#include <vultus/engine/presentations.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include <vultus/engine/liveness_check.hpp>
#include <vultus/engine/ordered_work.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/media/content.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostTruthBytes = std::size_t{64} << 20;

/// Scores one file after the other; the networks of one thread.
class FileScorer {
 public:
  static Result<FileScorer> make(const Engine& engine, std::string_view network, const liveness::Policy& policy) {
    VULTUS_TRY(auto finder, engine.make_finder());
    VULTUS_TRY(auto judge, make_judge(engine, network, policy));
    VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
    return FileScorer(engine, network, std::move(finder), std::move(judge), std::move(decoder));
  }

  /// @error internal  a backend that failed; a file that cannot be read is no error
  Result<ScoredFile> score(const PresentedFile& file, const std::stop_token& stop) {
    ScoredFile scored{.file = file, .reading = {}, .saturation = {}, .error = {}};
    const Status done = media::is_video_file(file.path) ? video(scored, stop) : picture(scored);
    if (!done && (done.error().code == ErrorCode::internal || done.error().code == ErrorCode::cancelled))
      return done.error();
    if (!done) scored.error = done.error();
    return scored;
  }

 private:
  FileScorer(const Engine& engine, std::string_view network, face::FaceFinder finder,
             std::unique_ptr<liveness::FaceJudge> judge, media::Decoder decoder)
      : engine_(&engine),
        network_(network),
        finder_(std::move(finder)),
        judge_(std::move(judge)),
        decoder_(std::move(decoder)) {}

  Status picture(ScoredFile& scored) {
    VULTUS_CHECK(decoder_.read(scored.file.path, {}, picture_));
    const ImageView view = picture_.image.view();
    VULTUS_TRY(const auto faces, finder_.find(view));
    if (faces.empty()) return {};
    const FaceObservation& face = face::most_prominent(faces, view.width, view.height);
    scored.found = true;
    scored.saturation = mean_saturation(view, face.box);
    VULTUS_TRY(scored.reading, judge_->judge(view, face.box));
    return {};
  }

  Status video(ScoredFile& scored, const std::stop_token& stop) {
    std::int64_t longest = 0;
    return judge_video(
        *engine_, scored.file.path,
        {.video = {.limits = {}, .isolation = engine_->isolation()},
         .policy = judge_->policy(),
         .track = {},
         .network = network_},
        [&](const JudgedTrack& track) -> Status {
          if (track.frames <= longest) return {};
          longest = track.frames;
          scored.found = true;
          scored.reading = track.read.reading;
          return {};
        },
        stop);
  }

  const Engine* engine_;
  std::string network_;
  face::FaceFinder finder_;
  std::unique_ptr<liveness::FaceJudge> judge_;
  media::Decoder decoder_;
  media::Picture picture_;
};

}  // namespace

Result<std::vector<PresentedFile>> presented_files(const std::string& folder, bool attacks) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) return fail(ErrorCode::not_found, folder + ": no such folder");
  std::vector<PresentedFile> files;
  fs::recursive_directory_iterator at(folder, fs::directory_options::follow_directory_symlink, failed), end;
  for (; !failed && at != end; at.increment(failed)) {
    const fs::path& path = at->path();
    if (path.filename().string().starts_with(".") || !fs::is_regular_file(path, failed)) continue;
    const std::string name = path.string();
    if (!media::has_picture_name(name) && !media::has_video_name(name)) continue;
    std::vector<std::string> parts;
    for (const fs::path& part : fs::relative(path.parent_path(), folder, failed))
      if (part != ".") parts.push_back(part.string());
    PresentedFile file{.path = name, .species = {}, .group = name};
    const std::size_t first = attacks ? 1 : 0;
    if (attacks) file.species = parts.empty() ? "attack" : parts.front();
    if (parts.size() > first) file.group = file.species + "/" + parts[first];
    files.push_back(std::move(file));
  }
  if (failed) return fail(ErrorCode::resource_limit, folder + ": " + failed.message());
  if (files.empty()) return fail(ErrorCode::not_found, folder + ": holds no picture and no video");
  std::ranges::sort(files, {}, &PresentedFile::path);
  return files;
}

Result<std::vector<ScoredFile>> score_files(const Engine& engine, std::span<const PresentedFile> files,
                                            std::string_view network, const liveness::Policy& policy,
                                            const std::function<void(std::size_t)>& progress,
                                            const std::stop_token& stop) {
  std::vector<ScoredFile> scored;
  VULTUS_CHECK(in_order<Result<ScoredFile>>(
      files.size(), engine.threads(), [&] { return FileScorer::make(engine, network, policy); },
      [&](FileScorer& scorer, std::size_t i) {
        return guarded("scoring files", [&] { return scorer.score(files[i], stop); });
      },
      [&](Result<ScoredFile> one) -> Status {
        if (!one) return one.error();
        scored.push_back(*std::move(one));
        if (progress) progress(scored.size());
        return {};
      },
      stop));
  return scored;
}

bool is_planted(const std::string& folder) {
  for (const fs::path& place : {fs::path(folder), fs::absolute(folder).lexically_normal().parent_path(),
                                fs::absolute(folder).lexically_normal().parent_path().parent_path()}) {
    const auto bytes = media::read_file((place / "truth.json").string(), kMostTruthBytes);
    if (!bytes) continue;
    const auto truth = nlohmann::json::parse(bytes->begin(), bytes->end(), nullptr, false);
    if (truth.is_object() && truth.contains("planted") && truth["planted"] == true) return true;
  }
  return false;
}

std::optional<double> mean_saturation(ImageView picture, const RectF& box) {
  const int x0 = std::max(0, static_cast<int>(std::floor(box.x))),
            y0 = std::max(0, static_cast<int>(std::floor(box.y)));
  const int x1 = std::min(picture.width, static_cast<int>(std::ceil(box.right()))),
            y1 = std::min(picture.height, static_cast<int>(std::ceil(box.bottom())));
  if (picture.format != PixelFormat::rgb8 || x0 >= x1 || y0 >= y1) return std::nullopt;
  double sum = 0;
  for (int y = y0; y < y1; ++y)
    for (int x = x0; x < x1; ++x) {
      const std::uint8_t* p = picture.row(y) + std::ptrdiff_t{3} * x;
      const auto [low, high] = std::minmax({p[0], p[1], p[2]});
      if (high > 0) sum += 1 - static_cast<double>(low) / high;
    }
  return sum / (static_cast<double>(x1 - x0) * (y1 - y0));
}

}  // namespace vultus::engine
