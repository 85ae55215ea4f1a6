// Sentences and numbers for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <vultus/core/decision.hpp>
#include <vultus/core/geometry.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::cli {

/// "1 picture", "2 pictures", "1,234 pictures". @param plural  empty = singular + "s"
[[nodiscard]] std::string counted(std::int64_t count, std::string_view singular, std::string_view plural = {});

using engine::grouped;
using engine::one_of;
using engine::percent;
using engine::probability_text;

/// What the threshold means: how often a stranger is taken for a known person, and where the number comes from.
[[nodiscard]] std::string error_rate_sentence(const OperatingPoint& at);

/// What it means for a collection: each stranger is compared with everyone.
/// @param people  number of subjects, >= 0; below 2 nothing is to be added and the sentence is empty
[[nodiscard]] std::string collection_sentence(const OperatingPoint& at, std::int64_t people);

/// That the calibration of a gallery should be repeated.
[[nodiscard]] std::string stale_sentence(std::string_view gallery);

/// What a search by cells looks at, and how often that holds the most similar face.
[[nodiscard]] std::string cells_sentence(const SearchCells& cells);

/// "412,98 210x260": position and size in whole pixels.
[[nodiscard]] std::string box_text(const RectF& box);

/// Three digits after the point.
[[nodiscard]] std::string cosine_text(Cosine similarity);

/// "4.9 MB".
[[nodiscard]] std::string bytes_text(std::int64_t bytes);

}  // namespace vultus::cli
