// Systems that read displayed expressions: what each answers, and how the numbers of its network are read. One row
// each: the commands `vultus expression ID predict` are made from it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::expression {

/// What a system tells beside its probabilities, e.g. the votes of the labels.
struct Detail {
  std::string name;
  std::vector<std::pair<std::string, double>> values;
  bool operator==(const Detail&) const = default;
};

/// What a system says of a face.
struct Reading {
  std::vector<double> probabilities;  ///< in the order of the system's labels, of sum 1
  std::size_t best = 0;               ///< place of the label that is told
  std::vector<Detail> details;
  bool operator==(const Reading&) const = default;
};

/// What the network of a system is shown.
enum class Sees : std::uint8_t {
  aligned_face,  ///< as the embedder; with a batch of two the mirror image too
  grey_box,      ///< the box of the face, grey
  picture,       ///< the whole picture, stretched
};

/// The outputs of a network by name, averaged over its batch (a face and its mirror image).
/// @param count  numbers wanted. @error not_found  no such output; corrupt_data  another number; internal  a number
///        that is none
using Outputs = std::function<Result<std::vector<double>>(std::string_view name, std::size_t count)>;

/// A system.
struct System {
  std::string_view id;       ///< of its commands; empty = the plain head, `vultus expression predict`
  std::string_view title;    ///< a line for the help
  std::string_view about;    ///< what it is and what it is not, for the help
  std::string_view decoder;  ///< of its manifests
  std::string_view model;    ///< network where none is named; empty = one must be named
  Sees sees = Sees::aligned_face;
  std::span<const std::string_view> labels;
  Result<Reading> (*read)(const Outputs& outputs) = nullptr;
};

/// All systems, in the order of the help.
[[nodiscard]] std::span<const System> systems();
/// @error not_found  no such system; the message names those that are known
[[nodiscard]] Result<const System*> find_system(std::string_view id);
/// The system that reads a manifest's decoder. @error invalid_argument  none does
[[nodiscard]] Result<const System*> system_of_decoder(std::string_view decoder);

/// Probabilities from numbers of which none counts below 0: divided by their sum; the first of the highest is best.
/// @error internal  a sum that is not above 0
[[nodiscard]] Result<Reading> reading_of(std::vector<double> values);
/// Numbers with the names of labels. @param values  as many as labels
[[nodiscard]] Detail detail_of(std::string_view name, std::span<const std::string_view> labels,
                               std::span<const double> values);

}  // namespace vultus::expression
