// TokBench: what tokenizers of pictures leave of words and faces. Published results are aggregated again; annotations
// read.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/evaluation/scale_bins.hpp>

namespace vultus::engine {

/// Files of results and annotations are no larger than this.
inline constexpr std::size_t kMaxTokbenchBytes = std::size_t{256} << 20U;

/// One word, what was read of it, and what the file says of it.
struct ReadWord {
  std::string truth;
  std::string read;
  double ratio = 0;
  double accuracy = 0;  ///< 0 or 1, as stored
  double ned = 0;       ///< 1-NED, as stored
};

/// The words of one tokenizer at one setting.
struct TokenizerWords {
  std::string tokenizer;
  int setting = 0;
  std::vector<ReadWord> words;
  std::string published_accuracy;  ///< percent with two decimals, as stored; empty where the file has none
  std::string published_ned;
};

/// Reads a file of results. @param origin  name of the file, for messages
/// @error corrupt_data  not JSON, or another shape: the place is named
[[nodiscard]] Result<std::vector<TokenizerWords>> parse_tokbench_results(std::string_view json,
                                                                         std::string_view origin);

/// A set recomputed from its words.
struct TokbenchSet {
  std::string name;  ///< of the file
  std::int64_t words = 0;
  double accuracy = 0;  ///< mean over the words, [0, 1]
  double ned = 0;
  std::int64_t outside = 0;          ///< words in no bucket
  std::int64_t disagreeing = 0;      ///< words whose stored accuracy or 1-NED differs from the rule by more than 1e-9
  std::optional<bool> as_published;  ///< the averages round to those that the file tells; empty: it tells none
};

struct TokbenchResult {
  std::string tokenizer;
  int setting = 0;
  std::string protocol;  ///< of the buckets
  std::vector<TokbenchSet> sets;
  evaluation::BinnedMean accuracy;  ///< of all sets together
  evaluation::BinnedMean ned;
  std::string data_sha256;  ///< of names and files
};

/// Pools the words of all files *.json of a folder and puts them into buckets again, by rule and not by what is stored.
/// @return one a tokenizer and setting
/// @error not_found  no folder or no file in it; else of reading and of the buckets
[[nodiscard]] Result<std::vector<TokbenchResult>> run_tokbench(const std::string& folder,
                                                               const std::string& revision = "tokbench-2");

/// A face of an annotated picture.
struct AnnotatedFace {
  Keypoints keypoints{};  ///< pixels, in the order of Keypoint
  RectF box;              ///< pixels
  double ratio = 0;       ///< relative size
};

/// A word of an annotated picture.
struct AnnotatedWord {
  std::string truth;              ///< UTF-8
  double ratio = 0;               ///< relative size
  std::array<Point2f, 4> quad{};  ///< corners, pixels, clockwise from the top left of the word
};

struct AnnotatedPicture {
  std::string file;  ///< below the folder of pictures
  int width = 0;     ///< pixels
  int height = 0;    ///< pixels
  std::vector<AnnotatedFace> faces;
  std::vector<AnnotatedWord> words;
};

/// Reads `face_meta.json`: a list of {image_name, img_height, img_width, faces: [{kps, box, ratio}]}. Boxes are left,
/// top, right, bottom; keypoints five pairs in the order of the template.
/// @error corrupt_data  not JSON, another shape, a number that is not finite, a name that leaves the folder
[[nodiscard]] Result<std::vector<AnnotatedPicture>> parse_face_annotations(std::string_view json,
                                                                           std::string_view origin);

/// Reads annotated words: a list of {image_name, img_height, img_width, words: [{gt, ratio, quad}]}, a quad of four
/// points or eight numbers.
/// @error corrupt_data  not JSON, another shape, a number that is not finite, a name that leaves the folder
[[nodiscard]] Result<std::vector<AnnotatedPicture>> parse_text_annotations(std::string_view json,
                                                                           std::string_view origin);

}  // namespace vultus::engine
