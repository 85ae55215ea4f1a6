// What FA3-CLIP and SLIP say about a face in words: the sentences, and words as numbers for a text tower.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::liveness {

/// What SLIP's sentences put before a face: two of them are screens, two are prints, the rest are no attacks at all.
inline constexpr std::array<std::string_view, 14> kSlipObjects{"paper", "screen", "mask", "monitor", "dog",
                                                               "photo", "tablet", "hand", "book",    "leaf",
                                                               "cup",   "scarf",  "box",  "bag"};

/// Sentences about a live face, and about what is in the picture whether it is live or not.
inline constexpr std::array<std::string_view, 3> kSlipLive{"a live face before the camera", "the real face of a person",
                                                           "nothing occludes the face of the person"};
inline constexpr std::array<std::string_view, 4> kSlipContent{
    "a face", "the picture of a person", "a person before a background", "eyes nose and mouth of a face"};

/// "the upper part of the face being occluded by a paper".
/// @param place   position in kSlipPlaces (cue_overlap.hpp). @param object  position in kSlipObjects
/// @error invalid_argument  one of them outside its list
/// @source SLIP, AAAI 2025, arXiv 2503.19982; objects beyond the five that it names are our own
[[nodiscard]] Result<std::string> slip_prompt(std::size_t place, std::size_t object);
/// All of them, 8 x 14, each place with every object in turn.
[[nodiscard]] std::vector<std::string> slip_spoof_prompts();

/// What FA3-CLIP's learned words end with; none of them names an attack.
inline constexpr std::array<std::string_view, 2> kFa3Endings{"fake .", "live ."};
inline constexpr std::size_t kFa3Context = 6;  ///< learned words before them

/// Words of a closed vocabulary as numbers. Immutable; any thread.
class WordTokenizer {
 public:
  static constexpr std::int64_t kPadding = 0, kStart = 1, kEnd = 2;  ///< words begin behind them

  /// @param sentences  whose words it knows, set apart by spaces; words are numbered in the order of the alphabet
  static WordTokenizer of(std::span<const std::string> sentences);
  /// Start, words, end, and padding up to a length.
  /// @error invalid_argument  a word that is not known, or more words than `length` - 2
  [[nodiscard]] Result<std::vector<std::int64_t>> encode(std::string_view sentence, std::size_t length) const;
  [[nodiscard]] std::size_t size() const { return numbers_.size() + 3; }  ///< numbers that are in use

 private:
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

/// Words of a sentence.
[[nodiscard]] std::vector<std::string> words_of(std::string_view sentence);

}  // namespace vultus::liveness
