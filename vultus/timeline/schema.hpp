// The tables of a Timeline file. docs/timeline-format.md explains them. Private to this room.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::timeline {

/// 'VTLN' in the header of the file.
inline constexpr std::int32_t kApplicationId = 0x56544C4E;

/// A longer signal is kept in several blocks of so many samples.
inline constexpr std::size_t kSamplesPerBlock = 65536;

[[nodiscard]] const sqlite::Format& format();

/// A file of this version, or of an older one as it is: who only reads changes nothing.
/// @error as sqlite::Database::open
[[nodiscard]] Result<sqlite::Database> open_for_reading(const std::filesystem::path& path);

/// The names of enumerators in the file. Their order is that of the enumerators.
inline constexpr std::array<std::string_view, 3> kSchemeNames{"ibug68", "mesh468", "mesh478"};
inline constexpr std::array<std::string_view, 3> kDataNames{"user", "public", "planted"};

[[nodiscard]] std::string_view name_of(LandmarkScheme scheme);
[[nodiscard]] std::string_view name_of(DataKind kind);
[[nodiscard]] std::optional<LandmarkScheme> scheme_named(std::string_view name);
[[nodiscard]] std::optional<DataKind> data_kind_named(std::string_view name);
[[nodiscard]] std::optional<ErrorCode> error_code_named(std::string_view name);

/// Versions of the schema before this one know neither frames nor values in a row.
inline constexpr int kFirstWithFrames = 2;

/// Points as float32 pairs, values as float32 and samples as float64, little-endian.
[[nodiscard]] std::vector<std::byte> to_bytes(std::span<const Point2f> points);
[[nodiscard]] std::vector<std::byte> to_bytes(std::span<const double> samples);
[[nodiscard]] std::vector<std::byte> to_bytes(std::span<const float> values);
/// @return nothing if the length does not fit
[[nodiscard]] std::optional<std::vector<float>> values_from(std::span<const std::byte> bytes);
/// @return nothing if the length does not fit
[[nodiscard]] std::optional<std::vector<Point2f>> points_from(std::span<const std::byte> bytes);
/// Appends to `samples`.
/// @return false if the length does not fit
[[nodiscard]] bool append_samples(std::span<const std::byte> bytes, std::vector<double>& samples);

}  // namespace vultus::timeline
