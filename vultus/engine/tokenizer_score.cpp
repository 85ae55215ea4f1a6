#include <vultus/engine/tokenizer_score.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/audit/propagation.hpp>
#include <vultus/engine/word_reader.hpp>
#include <vultus/evaluation/image_quality.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/evaluation/text_distance.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kNamedMissing = 5;
constexpr int kSmallestForSsim = 11;

Result<std::set<std::string>> files_below(const std::string& folder) {
  std::error_code error;
  std::set<std::string> names;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && !at->path().filename().string().starts_with("."))
      names.insert(std::filesystem::path(at->path()).lexically_relative(folder).generic_string());
  if (error) return fail(ErrorCode::not_found, folder + ": " + error.message());
  if (names.empty()) return fail(ErrorCode::not_found, folder + ": no files");
  return names;
}

Status all_in(const std::set<std::string>& names, const std::set<std::string>& other, const std::string& folder) {
  std::vector<std::string> missing;
  std::set_difference(names.begin(), names.end(), other.begin(), other.end(), std::back_inserter(missing));
  if (missing.empty()) return {};
  const std::size_t count = missing.size();
  if (missing.size() > kNamedMissing) missing.resize(kNamedMissing);
  return fail(ErrorCode::not_found, fmt::format("{} lacks {} of the other folder's files: {}{}", folder, count,
                                                fmt::join(missing, ", "), count > kNamedMissing ? " ..." : ""));
}

Status same_sizes(ImageView original, ImageView other, const AnnotatedPicture& annotated) {
  const auto differs = [&](ImageView one) { return one.width != annotated.width || one.height != annotated.height; };
  if (!differs(original) && !differs(other)) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: {}x{} and {}x{} pixels, the annotation is of {}x{}", annotated.file, original.width,
                          original.height, other.width, other.height, annotated.width, annotated.height));
}

/// Faces of a picture: annotated, or found by the detector.
Result<std::vector<AnnotatedFace>> faces_in(ImageView original, const AnnotatedPicture* annotated, FaceParts& parts) {
  if (annotated != nullptr) {
    if (annotated->width != original.width || annotated->height != original.height)
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: {}x{} pixels, the annotation is of {}x{}", annotated->file, original.width,
                              original.height, annotated->width, annotated->height));
    return annotated->faces;
  }
  VULTUS_TRY(const std::vector<FaceObservation> found, parts.finder.find(original));
  std::vector<AnnotatedFace> faces;
  for (const FaceObservation& face : found)
    faces.push_back({.keypoints = face.keypoints,
                     .box = face.box,
                     .ratio = static_cast<double>(std::max(face.box.width, face.box.height)) /
                              std::max(original.width, original.height)});
  return faces;
}

Status score_picture(const TokenizerScorePlan& plan, const std::string& file, const AnnotatedPicture* annotated,
                     FaceParts& parts, TokenizerScore& score) {
  VULTUS_TRY(const media::Picture original, media::read_picture(plan.originals + "/" + file));
  VULTUS_TRY(const media::Picture other, media::read_picture(plan.reconstructions + "/" + file));
  const ImageView a = original.image.view();
  const ImageView b = other.image.view();
  PictureKept kept{.file = file, .ssim = std::nullopt};
  VULTUS_TRY(kept.psnr, evaluation::psnr(a, b).with_context(file));
  if (std::min(a.width, a.height) >= kSmallestForSsim) {
    VULTUS_TRY(kept.ssim, evaluation::ssim(a, b));
  }
  VULTUS_TRY(const auto faces, faces_in(a, annotated, parts));
  kept.faces = faces.size();
  for (const AnnotatedFace& face : faces) {
    VULTUS_TRY(const Embedding before, parts.embedder.embed(a, face.keypoints));
    VULTUS_TRY(const Embedding after, parts.embedder.embed(b, face.keypoints));
    score.faces.push_back(
        {score.pictures.size(), face.ratio, static_cast<double>(inner_product(before.values(), after.values()))});
  }
  score.pictures.push_back(std::move(kept));
  return {};
}

/// Reads every annotated word in both pictures.
Result<WordScore> score_words(const Engine& engine, const TokenizerScorePlan& plan,
                              const std::function<void(std::size_t, std::size_t)>& progress,
                              const std::stop_token& stop) {
  VULTUS_TRY(const auto bins, evaluation::tokbench_bins(evaluation::ScaledThing::text, plan.setting, plan.revision));
  VULTUS_TRY(const auto bytes, media::read_file(plan.text_annotations, kMaxTokbenchBytes));
  VULTUS_TRY(const auto pictures, parse_text_annotations({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                                         plan.text_annotations));
  VULTUS_TRY(WordReader reader, WordReader::open(engine));
  WordScore score{.reader = reader.name(), .words = {}, .accuracy = {}, .ned = {}};
  std::vector<evaluation::ScaledScore> accuracy, ned;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const AnnotatedPicture& picture = pictures[i];
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while reading words");
    VULTUS_TRY(const media::Picture original, media::read_picture(plan.originals + "/" + picture.file));
    VULTUS_TRY(const media::Picture other, media::read_picture(plan.reconstructions + "/" + picture.file));
    VULTUS_CHECK(same_sizes(original.image.view(), other.image.view(), picture));
    for (const AnnotatedWord& word : picture.words) {
      const auto read = [&](const media::Picture& in) {
        return reader.read(in.image.view(), word.quad).with_context(picture.file + ": \"" + word.truth + "\"");
      };
      WordKept kept{.picture = i, .ratio = word.ratio, .truth = word.truth, .original = {}, .reconstruction = {}};
      VULTUS_TRY(kept.original, read(original));
      VULTUS_TRY(kept.reconstruction, read(other));
      accuracy.push_back({word.ratio, kept.reconstruction == word.truth ? 1.0 : 0.0});
      ned.push_back({word.ratio, evaluation::text_similarity(word.truth, kept.reconstruction)});
      score.ceiling_accuracy += kept.original == word.truth ? 1 : 0;
      score.ceiling_ned += evaluation::text_similarity(word.truth, kept.original);
      score.words.push_back(std::move(kept));
    }
    if (progress) progress(i + 1, pictures.size());
  }
  if (score.words.empty()) return fail(ErrorCode::invalid_argument, plan.text_annotations + ": no picture has a word");
  score.ceiling_accuracy /= static_cast<double>(score.words.size());
  score.ceiling_ned /= static_cast<double>(score.words.size());
  VULTUS_TRY(score.accuracy, evaluation::binned_mean(accuracy, bins));
  VULTUS_TRY(score.ned, evaluation::binned_mean(ned, bins));
  return score;
}

std::optional<double> mean_where(const std::vector<PictureKept>& pictures,
                                 const std::function<std::optional<double>(const PictureKept&)>& value) {
  double sum = 0;
  double n = 0;
  for (const PictureKept& picture : pictures)
    if (const auto one = value(picture); one && std::isfinite(*one)) sum += *one, ++n;
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

/// Does the picture's PSNR tell how well its faces are kept?
std::optional<double> rank_correlation(const TokenizerScore& score) {
  std::map<std::size_t, std::pair<double, double>> of_picture;  // sum of cosines, faces
  for (const FaceKept& face : score.faces) {
    of_picture[face.picture].first += face.cosine;
    ++of_picture[face.picture].second;
  }
  std::vector<audit::TrainedRun> runs;
  for (const auto& [picture, sum] : of_picture)
    if (std::isfinite(score.pictures[picture].psnr))
      runs.push_back({score.pictures[picture].file, score.pictures[picture].psnr, sum.first / sum.second});
  const auto found = audit::propagation(runs, {.draws = 100});
  return found ? std::optional(found->figures.back().value) : std::nullopt;
}

Status summarise(TokenizerScore& score) {
  if (score.faces.empty() && score.text) return {};  // pages of text alone
  if (score.faces.empty()) return fail(ErrorCode::invalid_argument, "no picture shows a face");
  VULTUS_TRY(const auto bins,
             evaluation::tokbench_bins(evaluation::ScaledThing::face, score.plan.setting, score.plan.revision));
  score.protocol = bins.protocol;
  std::vector<evaluation::ScaledScore> scaled;
  evaluation::RowGroups groups{.group_of = {}, .groups = score.pictures.size(), .kind = "pictures"};
  for (const FaceKept& face : score.faces) {
    scaled.push_back({face.ratio, face.cosine});
    groups.group_of.push_back(static_cast<std::uint32_t>(face.picture));
  }
  VULTUS_TRY(score.similarity, evaluation::binned_mean(scaled, bins));
  VULTUS_TRY(const auto intervals,
             evaluation::bootstrap_rows(groups, score.plan.bootstrap, [&](std::span<const std::uint32_t> weights) {
               double sum = 0;
               double n = 0;
               for (std::size_t i = 0; i < scaled.size(); ++i) sum += weights[i] * scaled[i].value, n += weights[i];
               return std::vector<std::optional<double>>{n > 0 ? std::optional(sum / n) : std::nullopt};
             }));
  score.mean = {.name = "face similarity",
                .value = score.similarity.mean,
                .interval = intervals[0],
                .groups = static_cast<std::int64_t>(score.pictures.size()),
                .group_kind = "pictures",
                .samples = static_cast<std::int64_t>(score.faces.size()),
                .draws = intervals[0] ? score.plan.bootstrap.draws : 0,
                .seed = score.plan.bootstrap.seed,
                .protocol = bins.protocol};
  score.mean_psnr = mean_where(score.pictures, [](const PictureKept& p) { return std::optional(p.psnr); });
  score.mean_ssim = mean_where(score.pictures, [](const PictureKept& p) { return p.ssim; });
  score.psnr_rank_correlation = rank_correlation(score);
  return {};
}

}  // namespace

Result<std::vector<std::string>> paired_files(const std::string& originals, const std::string& reconstructions) {
  VULTUS_TRY(const auto here, files_below(originals));
  VULTUS_TRY(const auto there, files_below(reconstructions));
  VULTUS_CHECK(all_in(here, there, reconstructions));
  VULTUS_CHECK(all_in(there, here, originals));
  return std::vector<std::string>(here.begin(), here.end());
}

Result<TokenizerScore> score_tokenizer(const Engine& engine, const TokenizerScorePlan& plan,
                                       const std::function<void(std::size_t, std::size_t)>& progress,
                                       const std::stop_token& stop) {
  VULTUS_CHECK(evaluation::validate(plan.bootstrap));
  VULTUS_TRY(const auto bins, evaluation::tokbench_bins(evaluation::ScaledThing::face, plan.setting, plan.revision));
  std::vector<std::string> files;
  std::vector<AnnotatedPicture> annotated;
  if (plan.annotations.empty()) {
    VULTUS_TRY(files, paired_files(plan.originals, plan.reconstructions));
  } else {
    VULTUS_TRY(const auto bytes, media::read_file(plan.annotations, kMaxTokbenchBytes));
    VULTUS_TRY(annotated,
               parse_face_annotations({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, plan.annotations));
    for (const AnnotatedPicture& picture : annotated) files.push_back(picture.file);
  }
  TokenizerScore score{.plan = plan, .pictures = {}, .faces = {}, .similarity = {}, .protocol = bins.protocol};
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing pictures");
    VULTUS_CHECK(score_picture(plan, files[i], annotated.empty() ? nullptr : &annotated[i], parts, score));
    if (progress) progress(i + 1, files.size());
  }
  if (!plan.text_annotations.empty()) {
    VULTUS_TRY(score.text, score_words(engine, plan, progress, stop));
  }
  score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  VULTUS_CHECK(summarise(score));
  return score;
}

}  // namespace vultus::engine
