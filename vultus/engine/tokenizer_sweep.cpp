#include <vultus/engine/tokenizer_sweep.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/presentations.hpp>
#include <vultus/engine/tokenizer_codecs.hpp>
#include <vultus/engine/tokenizer_compare.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>
#include <vultus/media/transform.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kStripSide = 112;
constexpr float kStripMargin = 0.15F;

/// Pictures below a folder, by name below it, sorted; hidden ones are left out.
Result<std::vector<std::string>> pictures_below(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> names;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && !at->path().filename().string().starts_with(".") &&
        media::has_picture_name(at->path().string()))
      names.push_back(fs::path(at->path()).lexically_relative(folder).generic_string());
  if (error) return fail(ErrorCode::not_found, folder + ": " + error.message());
  if (names.empty()) return fail(ErrorCode::not_found, folder + ": no pictures (" + media::picture_endings() + ")");
  std::ranges::sort(names);
  return names;
}

/// What is kept among the originals would be compared by the next sweep.
Status outside_of(const std::string& keep, const std::string& originals) {
  std::error_code failed;
  const fs::path inner = fs::weakly_canonical(fs::absolute(keep, failed), failed);
  const fs::path outer = fs::weakly_canonical(fs::absolute(originals, failed), failed);
  const fs::path way = inner.lexically_relative(outer);
  if (way.empty() || *way.begin() == "..") return {};
  return fail(ErrorCode::invalid_argument, keep + ": reconstructions cannot be kept inside of the originals");
}

Result<std::vector<TokenizerCodec>> chosen_codecs(const Engine& engine, const TokenizerSweepPlan& plan,
                                                  std::vector<std::string>& left_out) {
  for (const std::string& name : plan.codecs)
    if (std::ranges::find(tokenizer_families(), name) == tokenizer_families().end())
      return fail(ErrorCode::invalid_argument, "no codec \"" + name + "\": there are jpeg, webp, resize and ae");
  std::vector<TokenizerCodec> codecs;
  for (const std::string& family : tokenizer_families()) {
    const bool named = std::ranges::find(plan.codecs, family) != plan.codecs.end();
    if (!named && !plan.codecs.empty()) continue;
    if (family != "ae") {
      VULTUS_TRY(const auto some, plain_codecs(family));
      codecs.insert(codecs.end(), some.begin(), some.end());
      continue;
    }
    auto coder = autoencoder_of(engine, plan.model);
    if (coder) {
      codecs.push_back(*std::move(coder));
    } else if (named || !plan.model.empty()) {
      return coder.error().with_context("codec ae");
    } else {
      left_out.push_back("ae: the network tokenizer_vq is not here (" + std::string(name_of(coder.error().code)) +
                         "); vultus-learn tokenizer train makes one, --model takes it");
    }
  }
  return codecs;
}

class Sweeper {
 public:
  Sweeper(const TokenizerSweepPlan& plan, std::vector<TokenizerCodec> codecs, TokenizerComparer comparer)
      : plan_(plan), codecs_(std::move(codecs)), comparer_(std::move(comparer)) {
    add_row(SweepKind::originals, "original", "", false);
    for (const TokenizerCodec& codec : codecs_) add_row(SweepKind::codec, codec.family, codec.setting, codec.planted);
    if (comparer_.count() > 1) add_row(SweepKind::shuffled, "shuffled", "another picture", false);
  }

  [[nodiscard]] std::size_t count() const { return comparer_.count(); }

  Status picture(std::size_t number) {
    VULTUS_TRY(const SeenOriginal original, comparer_.look(number));
    std::error_code failed;
    const auto bytes = fs::file_size(plan_.score.originals + "/" + comparer_.file(number), failed);
    VULTUS_CHECK(add(rows_.front(), original, original.image.view(), failed ? 0 : 8 * static_cast<double>(bytes)));
    for (std::size_t c = 0; c < codecs_.size(); ++c) {
      const auto coded = codecs_[c].code(original.image.view());
      if (!coded) return coded.error().with_context(comparer_.file(number) + ", " + rows_[c + 1].name());
      VULTUS_CHECK(add(rows_[c + 1], original, coded->image.view(), coded->bits));
      if (!plan_.keep.empty()) VULTUS_CHECK(keep(codecs_[c], number, coded->image.view()));
    }
    if (rows_.back().kind == SweepKind::shuffled) {
      VULTUS_TRY(const Image other, another(number, original.image.view()));
      VULTUS_CHECK(add(rows_.back(), original, other.view(), 0));
    }
    if (strip_file_.empty() && !original.faces.empty()) strip_file_ = comparer_.file(number);
    return {};
  }

  Status finish(TokenizerSweep& sweep) {
    std::vector<std::pair<double, double>> pooled, means;
    for (SweepRow& row : rows_) {
      VULTUS_CHECK(comparer_.finish(row.score));
      if (row.kind != SweepKind::codec) continue;
      const auto of_row = psnr_and_similarity(row.score);
      pooled.insert(pooled.end(), of_row.begin(), of_row.end());
      if (row.score.mean_psnr && !row.score.faces.empty())
        means.emplace_back(*row.score.mean_psnr, row.score.mean.value);
    }
    sweep.pooled_rank_correlation = rank_correlation_of(pooled);
    sweep.codec_rank_correlation = rank_correlation_of(means);
    sweep.rows = std::move(rows_);
    sweep.strip_file = std::move(strip_file_);
    return {};
  }

 private:
  void add_row(SweepKind kind, std::string family, std::string setting, bool planted) {
    rows_.push_back({.kind = kind,
                     .family = std::move(family),
                     .setting = std::move(setting),
                     .planted = planted,
                     .score = comparer_.begin(),
                     .face = {},
                     .face_similarity = std::nullopt});
  }

  Status add(SweepRow& row, const SeenOriginal& original, ImageView other, double bits) {
    const auto start = std::chrono::steady_clock::now();
    const std::size_t faces = row.score.faces.size();
    VULTUS_CHECK(comparer_.compare(original, other, row.score));
    row.bits += bits;
    row.pixels += std::int64_t{other.width} * other.height;
    if (strip_file_.empty() && !original.faces.empty()) {
      VULTUS_TRY(const Image face, media::face_thumbnail(other, original.faces.front().box, kStripMargin, kStripSide));
      // Without loss: what is seen is what the codec did.
      VULTUS_TRY(row.face, media::encode_png(face.view()));
      row.face_similarity = row.score.faces[faces].cosine;
    }
    row.score.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return {};
  }

  Status keep(const TokenizerCodec& codec, std::size_t number, ImageView picture) const {
    const fs::path path = fs::path(plan_.keep) / codec.folder / comparer_.file(number);
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed) return fail(ErrorCode::resource_limit, path.parent_path().string() + ": " + failed.message());
    VULTUS_TRY(const auto png, media::encode_png(picture));
    return media::write_file_atomically(path.string(), png);
  }

  /// The picture half the list further on: neighbours in a list are often of one person.
  Result<Image> another(std::size_t number, ImageView like) const {
    const std::size_t other = (number + comparer_.count() / 2) % comparer_.count();
    VULTUS_TRY(media::Picture picture, media::read_picture(plan_.score.originals + "/" + comparer_.file(other)));
    if (picture.image.width() == like.width && picture.image.height() == like.height) return std::move(picture.image);
    VULTUS_TRY(Image scaled, Image::create(like.width, like.height, PixelFormat::rgb8));
    const RectF whole{0, 0, static_cast<float>(picture.image.width()), static_cast<float>(picture.image.height())};
    VULTUS_CHECK(media::resize_into(picture.image.view(), whole, scaled.mutable_view()));
    return scaled;
  }

  const TokenizerSweepPlan& plan_;
  std::vector<TokenizerCodec> codecs_;
  TokenizerComparer comparer_;
  std::vector<SweepRow> rows_;
  std::string strip_file_;
};

}  // namespace

std::optional<double> SweepRow::bits_per_pixel() const {
  if (!(bits > 0) || pixels <= 0) return std::nullopt;
  return bits / static_cast<double>(pixels);
}

Result<TokenizerSweep> sweep_tokenizers(const Engine& engine, const TokenizerSweepPlan& plan,
                                        const std::function<void(std::size_t, std::size_t)>& progress,
                                        const std::stop_token& stop) {
  if (!plan.keep.empty()) VULTUS_CHECK(outside_of(plan.keep, plan.score.originals));
  std::vector<std::string> files;
  if (plan.score.annotations.empty()) {
    VULTUS_TRY(files, pictures_below(plan.score.originals));
  }
  TokenizerSweep sweep{.plan = plan, .rows = {}, .left_out = {}, .strip_file = {}};
  VULTUS_TRY(auto codecs, chosen_codecs(engine, plan, sweep.left_out));
  VULTUS_TRY(TokenizerComparer comparer, TokenizerComparer::open(engine, plan.score, files));
  sweep.planted = is_planted(plan.score.originals);
  Sweeper sweeper(plan, std::move(codecs), std::move(comparer));
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < sweeper.count(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing codecs");
    VULTUS_CHECK(sweeper.picture(i));
    if (progress) progress(i + 1, sweeper.count());
  }
  VULTUS_CHECK(sweeper.finish(sweep));
  sweep.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return sweep;
}

}  // namespace vultus::engine
