#include <vultus/engine/tokenizer_compare.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <vultus/audit/propagation.hpp>
#include <vultus/evaluation/image_quality.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/evaluation/text_distance.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr int kSmallestForSsim = 11;

Status as_annotated(ImageView picture, const AnnotatedPicture& annotated) {
  if (picture.width == annotated.width && picture.height == annotated.height) return {};
  return fail(ErrorCode::invalid_argument,
              fmt::format("{}: {}x{} pixels, the annotation is of {}x{}", annotated.file, picture.width, picture.height,
                          annotated.width, annotated.height));
}

/// Faces of a picture that nobody annotated.
Result<std::vector<AnnotatedFace>> faces_found(ImageView original, FaceParts& parts) {
  VULTUS_TRY(const std::vector<FaceObservation> found, parts.finder.find(original));
  std::vector<AnnotatedFace> faces;
  faces.reserve(found.size());
  for (const FaceObservation& face : found)
    faces.push_back({.keypoints = face.keypoints,
                     .box = face.box,
                     .ratio = static_cast<double>(std::max(face.box.width, face.box.height)) /
                              std::max(original.width, original.height)});
  return faces;
}

std::optional<double> mean_where(const std::vector<PictureKept>& pictures,
                                 const std::function<std::optional<double>(const PictureKept&)>& value) {
  double sum = 0;
  double n = 0;
  for (const PictureKept& picture : pictures)
    if (const auto one = value(picture); one && std::isfinite(*one)) sum += *one, ++n;
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

/// Weighted means of all values and of those in each bucket.
std::vector<std::optional<double>> weighted_means(const std::vector<evaluation::ScaledScore>& scaled,
                                                  const evaluation::ScaleBins& bins,
                                                  std::span<const std::uint32_t> weights) {
  std::vector<double> sums(bins.edges.size());
  std::vector<double> counts(bins.edges.size());
  for (std::size_t i = 0; i < scaled.size(); ++i) {
    sums[0] += weights[i] * scaled[i].value, counts[0] += weights[i];
    for (std::size_t b = 1; b < bins.edges.size(); ++b)
      if (scaled[i].ratio >= bins.edges[b - 1] && scaled[i].ratio < bins.edges[b])
        sums[b] += weights[i] * scaled[i].value, counts[b] += weights[i];
  }
  std::vector<std::optional<double>> means;
  for (std::size_t b = 0; b < sums.size(); ++b)
    means.push_back(counts[b] > 0 ? std::optional(sums[b] / counts[b]) : std::nullopt);
  return means;
}

Status summarise_faces(TokenizerScore& score) {
  VULTUS_TRY(const auto bins,
             evaluation::tokbench_bins(evaluation::ScaledThing::face, score.plan.setting, score.plan.revision));
  std::vector<evaluation::ScaledScore> scaled;
  evaluation::RowGroups groups{.group_of = {}, .groups = score.pictures.size(), .kind = "pictures"};
  for (const FaceKept& face : score.faces) {
    scaled.push_back({face.ratio, face.cosine});
    groups.group_of.push_back(static_cast<std::uint32_t>(face.picture));
  }
  VULTUS_TRY(score.similarity, evaluation::binned_mean(scaled, bins));
  VULTUS_TRY(auto intervals,
             evaluation::bootstrap_rows(groups, score.plan.bootstrap, [&](std::span<const std::uint32_t> weights) {
               return weighted_means(scaled, bins, weights);
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
  score.bucket_intervals.assign(intervals.begin() + 1, intervals.end());
  return {};
}

Status summarise_words(TokenizerScore& score) {
  WordScore& text = *score.text;
  VULTUS_TRY(const auto bins,
             evaluation::tokbench_bins(evaluation::ScaledThing::text, score.plan.setting, score.plan.revision));
  std::vector<evaluation::ScaledScore> accuracy, ned;
  std::vector<std::string> pictures;
  text.ceiling_accuracy = text.ceiling_ned = 0;
  for (const WordKept& word : text.words) {
    accuracy.push_back({word.ratio, word.reconstruction == word.truth ? 1.0 : 0.0});
    ned.push_back({word.ratio, evaluation::text_similarity(word.truth, word.reconstruction)});
    text.ceiling_accuracy += word.original == word.truth ? 1 : 0;
    text.ceiling_ned += evaluation::text_similarity(word.truth, word.original);
    pictures.push_back(std::to_string(word.picture));
  }
  text.ceiling_accuracy /= static_cast<double>(text.words.size());
  text.ceiling_ned /= static_cast<double>(text.words.size());
  VULTUS_TRY(text.accuracy, evaluation::binned_mean(accuracy, bins));
  VULTUS_TRY(text.ned, evaluation::binned_mean(ned, bins));
  VULTUS_TRY(
      const auto intervals,
      evaluation::bootstrap_rows(
          evaluation::RowGroups::by_name(pictures, "pictures"), score.plan.bootstrap,
          [&](std::span<const std::uint32_t> weights) {
            return std::vector{weighted_means(accuracy, bins, weights)[0], weighted_means(ned, bins, weights)[0]};
          }));
  text.accuracy_interval = intervals[0], text.ned_interval = intervals[1];
  return {};
}

std::string_view text_of_bytes(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::optional<double> rank_correlation_of(const std::vector<std::pair<double, double>>& rows) {
  std::vector<audit::TrainedRun> runs;
  runs.reserve(rows.size());
  for (const auto& [first, second] : rows) runs.push_back({"", first, second});
  const auto found = audit::propagation(runs, {.draws = 100});
  return found ? std::optional(found->figures.back().value) : std::nullopt;
}

std::vector<std::pair<double, double>> psnr_and_similarity(const TokenizerScore& score) {
  std::map<std::size_t, std::pair<double, double>> of_picture;  // sum of cosines, faces
  for (const FaceKept& face : score.faces) {
    of_picture[face.picture].first += face.cosine;
    ++of_picture[face.picture].second;
  }
  std::vector<std::pair<double, double>> rows;
  for (const auto& [picture, sum] : of_picture)
    if (std::isfinite(score.pictures[picture].psnr))
      rows.emplace_back(score.pictures[picture].psnr, sum.first / sum.second);
  return rows;
}

Result<TokenizerComparer> TokenizerComparer::open(const Engine& engine, const TokenizerScorePlan& plan,
                                                  const std::vector<std::string>& files) {
  VULTUS_CHECK(evaluation::validate(plan.bootstrap));
  VULTUS_CHECK(evaluation::tokbench_bins(evaluation::ScaledThing::face, plan.setting, plan.revision));
  if (!plan.text_annotations.empty())
    VULTUS_CHECK(evaluation::tokbench_bins(evaluation::ScaledThing::text, plan.setting, plan.revision));
  VULTUS_TRY(FaceParts parts, engine.make_parts());
  TokenizerComparer comparer(plan, std::move(parts));
  VULTUS_CHECK(comparer.read_annotations(engine, files));
  return comparer;
}

Status TokenizerComparer::read_annotations(const Engine& engine, const std::vector<std::string>& files) {
  if (plan_.annotations.empty()) {
    for (const std::string& file : files) pictures_.push_back({.file = file, .faces = {}, .words = {}});
  } else {
    VULTUS_TRY(const auto bytes, media::read_file(plan_.annotations, kMaxTokbenchBytes));
    VULTUS_TRY(faces_, parse_face_annotations(text_of_bytes(bytes), plan_.annotations));
    for (std::size_t i = 0; i < faces_.size(); ++i)
      pictures_.push_back({.file = faces_[i].file, .faces = i, .words = {}});
  }
  if (plan_.text_annotations.empty()) return {};
  VULTUS_TRY(const auto bytes, media::read_file(plan_.text_annotations, kMaxTokbenchBytes));
  VULTUS_TRY(words_, parse_text_annotations(text_of_bytes(bytes), plan_.text_annotations));
  if (std::ranges::all_of(words_, [](const AnnotatedPicture& picture) { return picture.words.empty(); }))
    return fail(ErrorCode::invalid_argument, plan_.text_annotations + ": no picture has a word");
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < pictures_.size(); ++i) places.emplace(pictures_[i].file, i);
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto [at, added] = places.emplace(words_[i].file, pictures_.size());
    if (added) pictures_.push_back({.file = words_[i].file, .compared = false, .faces = {}, .words = {}});
    pictures_[at->second].words = i;
  }
  VULTUS_TRY(WordReader reader, WordReader::open(engine));
  reader_.emplace(std::move(reader));
  return {};
}

Result<SeenOriginal> TokenizerComparer::look(std::size_t picture) {
  const Listed& listed = pictures_[picture];
  VULTUS_TRY(media::Picture read, media::read_picture(plan_.originals + "/" + listed.file));
  SeenOriginal original{
      .number = picture, .image = std::move(read.image), .faces = {}, .templates = {}, .words_as_read = {}};
  const ImageView view = original.image.view();
  if (listed.faces) {
    VULTUS_CHECK(as_annotated(view, faces_[*listed.faces]));
    original.faces = faces_[*listed.faces].faces;
  } else if (listed.compared) {
    VULTUS_TRY(original.faces, faces_found(view, parts_));
  }
  for (const AnnotatedFace& face : original.faces) {
    VULTUS_TRY(Embedding before, parts_.embedder.embed(view, face.keypoints));
    original.templates.push_back(std::move(before));
  }
  if (!listed.words) return original;
  VULTUS_CHECK(as_annotated(view, words_[*listed.words]));
  for (const AnnotatedWord& word : words_[*listed.words].words) {
    VULTUS_TRY(std::string text, reader_->read(view, word.quad).with_context(listed.file + ": \"" + word.truth + "\""));
    original.words_as_read.push_back(std::move(text));
  }
  return original;
}

TokenizerScore TokenizerComparer::begin() const {
  TokenizerScore score{.plan = plan_, .pictures = {}, .faces = {}, .similarity = {}, .protocol = {}};
  // The edges were looked up when the plan was opened.
  score.protocol =
      evaluation::tokbench_bins(evaluation::ScaledThing::face, plan_.setting, plan_.revision).value().protocol;
  if (reader_) score.text = WordScore{.reader = reader_->name(), .words = {}, .accuracy = {}, .ned = {}};
  return score;
}

Status TokenizerComparer::compare(const SeenOriginal& original, ImageView other, TokenizerScore& into) {
  const Listed& listed = pictures_[original.number];
  const ImageView view = original.image.view();
  if (listed.words) VULTUS_CHECK(as_annotated(other, words_[*listed.words]));
  if (listed.compared) {
    PictureKept kept{.file = listed.file, .ssim = std::nullopt};
    VULTUS_TRY(kept.psnr, evaluation::psnr(view, other).with_context(listed.file));
    if (std::min(view.width, view.height) >= kSmallestForSsim) {
      VULTUS_TRY(kept.ssim, evaluation::ssim(view, other));
    }
    kept.faces = original.faces.size();
    for (std::size_t i = 0; i < original.faces.size(); ++i) {
      VULTUS_TRY(const Embedding after, parts_.embedder.embed(other, original.faces[i].keypoints));
      into.faces.push_back({into.pictures.size(), original.faces[i].ratio,
                            static_cast<double>(inner_product(original.templates[i].values(), after.values()))});
    }
    into.pictures.push_back(std::move(kept));
  }
  if (!listed.words) return {};
  const std::vector<AnnotatedWord>& words = words_[*listed.words].words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    WordKept kept{.picture = *listed.words,
                  .ratio = words[i].ratio,
                  .truth = words[i].truth,
                  .original = original.words_as_read[i],
                  .reconstruction = {}};
    VULTUS_TRY(kept.reconstruction,
               reader_->read(other, words[i].quad).with_context(listed.file + ": \"" + words[i].truth + "\""));
    into.text->words.push_back(std::move(kept));
  }
  return {};
}

Status TokenizerComparer::finish(TokenizerScore& score) const {
  if (score.text) VULTUS_CHECK(summarise_words(score));
  score.mean_psnr = mean_where(score.pictures, [](const PictureKept& p) { return std::optional(p.psnr); });
  score.mean_ssim = mean_where(score.pictures, [](const PictureKept& p) { return p.ssim; });
  if (score.faces.empty() && score.text) return {};  // pages of text alone
  if (score.faces.empty()) return fail(ErrorCode::invalid_argument, "no picture shows a face");
  VULTUS_CHECK(summarise_faces(score));
  score.psnr_rank_correlation = rank_correlation_of(psnr_and_similarity(score));
  return {};
}

}  // namespace vultus::engine
