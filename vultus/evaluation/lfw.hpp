// The pairs file of Labeled Faces in the Wild: which pictures to compare, and in which fold.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::evaluation {

/// A list of pairs is no longer than this.
inline constexpr std::size_t kMaxPairsBytes = std::size_t{64} << 20U;

/// A picture of the data set.
struct LfwImage {
  std::size_t person = 0;  ///< index into LfwPairs::persons
  int number = 1;          ///< as in the file name, [1, 9999]
  std::string path;        ///< below the folder of pictures, e.g. "Abel_Pacheco/Abel_Pacheco_0001.jpg"
  bool operator==(const LfwImage&) const = default;
};

/// Two pictures to compare.
struct LfwPair {
  std::size_t first = 0;   ///< index into LfwPairs::images
  std::size_t second = 0;  ///< index into LfwPairs::images
  bool mated = false;
  int fold = 0;  ///< [0, folds)
  bool operator==(const LfwPair&) const = default;
};

/// A parsed pairs file. Persons and images stand in the order in which the file first names them, each once.
struct LfwPairs {
  int folds = 0;
  int pairs_per_side = 0;  ///< same pairs of a fold, and as many different ones
  std::vector<std::string> persons;
  std::vector<LfwImage> images;
  std::vector<LfwPair> pairs;  ///< fold by fold, in each the same pairs first
  bool operator==(const LfwPairs&) const = default;
};

/// The rule NAME/NAME_%04d.jpg. @param number  [1, 9999]
[[nodiscard]] std::string lfw_image_path(std::string_view person, int number);

/// Parses a pairs file: the first line `folds pairs` (View 2: `10 300`; `pairs` alone is one fold, as in View 1), then
/// for each fold that many lines `name i j` and as many `name1 i name2 j`. Columns are split at tabs or spaces; line
/// ends may be those of Unix or Windows; empty lines at the end are ignored.
/// @param text    the whole file, at most 64 MiB
/// @param source  its name, for messages
/// @error corrupt_data    a line that breaks the format, named by its number: wrong columns, a number outside 1 to
/// 9999, a
///                        picture paired with itself, a "different" pair of one person, a name that would leave the
///                        folder, lines missing or left over
/// @error resource_limit  a text above 64 MiB, or a first line that asks for more than 10 million pairs
/// @thread no state
/// @source vis-www.cs.umass.edu/lfw/README.txt, section "pairs.txt"
[[nodiscard]] Result<LfwPairs> parse_lfw_pairs(std::string_view text, std::string_view source = "pairs.txt");

}  // namespace vultus::evaluation
