// Originals looked at once, compared with as many reconstructions as there are. Internal to the room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/tokbench.hpp>
#include <vultus/engine/tokenizer_score.hpp>
#include <vultus/engine/word_reader.hpp>

namespace vultus::engine {

/// An original and all that is known of it before any codec.
struct SeenOriginal {
  std::size_t number = 0;  ///< of the comparer's pictures
  Image image;
  std::vector<AnnotatedFace> faces;        ///< annotated, or found
  std::vector<Embedding> templates;        ///< of the faces
  std::vector<std::string> words_as_read;  ///< of the annotated words: the reader's own ceiling
};

/// What `tokenizers score` and `tokenizers sweep` have in common. Thread-compatible.
class TokenizerComparer {
 public:
  /// @param files  below plan.originals; not looked at where faces are annotated. Pictures with annotated words come
  /// too
  /// @error of the plan, of the annotations, of the networks
  static Result<TokenizerComparer> open(const Engine& engine, const TokenizerScorePlan& plan,
                                        const std::vector<std::string>& files);

  [[nodiscard]] std::size_t count() const { return pictures_.size(); }
  [[nodiscard]] const std::string& file(std::size_t picture) const { return pictures_[picture].file; }
  /// Whether it counts as a picture: not where only its words were annotated, beside annotated faces.
  [[nodiscard]] bool is_compared(std::size_t picture) const { return pictures_[picture].compared; }

  /// @error of reading; invalid_argument  a size other than the annotation's
  Result<SeenOriginal> look(std::size_t picture);
  /// A score without pictures.
  [[nodiscard]] TokenizerScore begin() const;
  /// Adds a picture to a score. @param other  its reconstruction, of the same size
  /// @error invalid_argument  another size
  Status compare(const SeenOriginal& original, ImageView other, TokenizerScore& into);
  /// Means, buckets and intervals of all that was added.
  /// @error invalid_argument  neither a face nor a word in any picture
  Status finish(TokenizerScore& score) const;

 private:
  struct Listed {
    std::string file;
    bool compared = true;
    std::optional<std::size_t> faces, words;  ///< places in the annotations
  };
  TokenizerComparer(TokenizerScorePlan plan, FaceParts parts) : plan_(std::move(plan)), parts_(std::move(parts)) {}
  Status read_annotations(const Engine& engine, const std::vector<std::string>& files);

  TokenizerScorePlan plan_;
  FaceParts parts_;
  std::optional<WordReader> reader_;
  std::vector<AnnotatedPicture> faces_, words_;
  std::vector<Listed> pictures_;
};

/// Spearman's correlation of two columns; empty where there are fewer than 3 rows or a column is constant.
/// @param rows  finite
[[nodiscard]] std::optional<double> rank_correlation_of(const std::vector<std::pair<double, double>>& rows);

/// PSNR of each picture with faces, where it is finite, and the mean similarity of its faces.
[[nodiscard]] std::vector<std::pair<double, double>> psnr_and_similarity(const TokenizerScore& score);

}  // namespace vultus::engine
