// Many codecs at many strengths over the same pictures: what each leaves of faces and words, beside what it costs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/tokenizer_score.hpp>

namespace vultus::engine {

struct TokenizerSweepPlan {
  TokenizerScorePlan score;         ///< without `reconstructions`: they are made
  std::vector<std::string> codecs;  ///< of tokenizer_families(); empty = all that can run here
  std::string model;                ///< manifest of an autoencoder of one's own; empty = the catalogue's
  std::string keep;                 ///< folder that gets the reconstructions, as PNG; empty = none are kept
};

/// What a row of a sweep is.
enum class SweepKind : std::uint8_t {
  originals,  ///< each picture against itself: similarity 1, and the reader's ceiling
  codec,
  shuffled,  ///< each original against another: what is left where nothing is, the level of impostors
};

struct SweepRow {
  SweepKind kind = SweepKind::codec;
  std::string family;    ///< "original", "jpeg" ... "shuffled"
  std::string setting;   ///< for people; may be empty
  bool planted = false;  ///< a network that learnt from planted data alone
  TokenizerScore score;  ///< as `score_tokenizer` gives it
  double bits = 0;       ///< of all pictures; 0 for shuffled pairs
  std::int64_t pixels = 0;
  std::vector<std::uint8_t> face;         ///< the face of the strip after this codec, as PNG; may be empty
  std::optional<double> face_similarity;  ///< of that face

  /// "jpeg, quality 30".
  [[nodiscard]] std::string name() const { return setting.empty() ? family : family + ", " + setting; }
  /// Empty where nothing was coded.
  [[nodiscard]] std::optional<double> bits_per_pixel() const;
};

struct TokenizerSweep {
  TokenizerSweepPlan plan;
  std::vector<SweepRow> rows;  ///< the originals, codecs in order, shuffled pairs last where there are two pictures
  std::vector<std::string> left_out;  ///< families that cannot run here, and why
  bool planted = false;               ///< the originals are, as a truth.json beside them says
  std::string strip_file;             ///< whose face is shown; empty = no picture shows one
  /// Spearman over all pictures of all codecs: PSNR against the mean similarity of a picture's faces.
  std::optional<double> pooled_rank_correlation;
  /// Spearman over the codecs' means.
  std::optional<double> codec_rank_correlation;
  double seconds = 0;
};

/// Looks at each original once and at every reconstruction of it; memory does not grow with the number of pictures.
/// Kept reconstructions lie in FOLDER/CODEC-STRENGTH/ under the names of the originals, so that score_tokenizer() takes
/// that folder; their bytes are PNG whatever the name ends in. Shuffled: the picture half the list further on stands
/// for the reconstruction, scaled to the original's size.
/// @param progress  gets pictures done and all
/// @error not_found  no folder, no picture in it; or a codec that was named cannot run
/// @error invalid_argument  a codec of another name; `keep` inside of the originals; no face in any picture
/// @error as score_tokenizer(); cancelled
Result<TokenizerSweep> sweep_tokenizers(const Engine& engine, const TokenizerSweepPlan& plan,
                                        const std::function<void(std::size_t, std::size_t)>& progress,
                                        const std::stop_token& stop = {});

/// One page of HTML that works offline: the table, similarity over bits as a plot, one face through all codecs.
/// @error of drawing
[[nodiscard]] Result<std::string> tokenizer_sweep_page(const TokenizerSweep& sweep, const Engine& engine);

}  // namespace vultus::engine
