// What a codec leaves of faces: originals and reconstructions of the same names, compared by the installed recogniser.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/tokbench.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/scale_bins.hpp>

namespace vultus::engine {

struct TokenizerScorePlan {
  std::string originals;
  std::string reconstructions;   ///< files of the same names and sizes
  std::string annotations;       ///< face_meta.json; empty = faces are found in the originals
  std::string text_annotations;  ///< words and where they are; empty = none are read
  int setting = 256;
  std::string revision = "tokbench-2";
  evaluation::BootstrapOptions bootstrap;
};

/// One face in both pictures.
struct FaceKept {
  std::size_t picture = 0;
  double ratio = 0;   ///< longer side of the box / larger side of the picture, unless annotated
  double cosine = 0;  ///< of its templates, both aligned by the points of the original
};

/// One word, as it was read in both pictures.
struct WordKept {
  std::size_t picture = 0;
  double ratio = 0;  ///< as annotated
  std::string truth;
  std::string original;  ///< what was read in the original: the reader's own ceiling
  std::string reconstruction;
};

/// What is left of words. Accuracy and 1-NED are in [0, 1].
struct WordScore {
  std::string reader;  ///< the network that read
  std::vector<WordKept> words;
  evaluation::BinnedMean accuracy;  ///< in the reconstructions
  evaluation::BinnedMean ned;       ///< 1-NED
  double ceiling_accuracy = 0;      ///< the same in the originals, over all words
  double ceiling_ned = 0;
  /// Of the means over all words, over pictures; empty with words in one picture alone.
  std::optional<evaluation::Interval> accuracy_interval;
  std::optional<evaluation::Interval> ned_interval;
};

/// One picture and its reconstruction.
struct PictureKept {
  std::string file;
  double psnr = 0;             ///< dB; infinity for equal pixels
  std::optional<double> ssim;  ///< empty for pictures below 11 pixels
  std::size_t faces = 0;
};

struct TokenizerScore {
  TokenizerScorePlan plan;
  std::vector<PictureKept> pictures;
  std::vector<FaceKept> faces;
  std::optional<WordScore> text;      ///< where words were annotated
  evaluation::BinnedMean similarity;  ///< over the buckets of `plan`
  std::string protocol;               ///< name of the buckets
  evaluation::Figure mean;            ///< of all cosines, interval over pictures
  /// Of each bucket of `similarity`, over pictures; empty where the bucket is, or too few pictures have such faces.
  std::vector<std::optional<evaluation::Interval>> bucket_intervals;
  std::optional<double> mean_psnr;  ///< over pictures that differ; empty where none does
  std::optional<double> mean_ssim;
  std::optional<double> psnr_rank_correlation;  ///< Spearman, PSNR of a picture against the mean cosine of its faces
  double seconds = 0;
};

/// @param progress  gets pictures done and all
/// @error not_found         a folder, or a picture that one folder has and the other has not
/// @error invalid_argument  sizes that differ from each other or from the annotation; no face in any picture
/// @error of reading pictures and annotations, of the networks; cancelled
Result<TokenizerScore> score_tokenizer(const Engine& engine, const TokenizerScorePlan& plan,
                                       const std::function<void(std::size_t, std::size_t)>& progress,
                                       const std::stop_token& stop = {});

/// The pictures of two folders that belong together, by name below the folder, sorted.
/// @error not_found  no such folder, nothing in it, or names that only one of them has (the first few are named)
[[nodiscard]] Result<std::vector<std::string>> paired_files(const std::string& originals,
                                                            const std::string& reconstructions);

}  // namespace vultus::engine
