// The tables of a photo library. Private to this room.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/library/library.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::library {

/// 'VLIB' in the header of the file.
inline constexpr std::int32_t kApplicationId = 0x564C4942;

[[nodiscard]] const sqlite::Format& format();

/// Templates as bytes: float32, little-endian.
[[nodiscard]] std::vector<std::byte> to_bytes(std::span<const float> values);
/// @error corrupt_data  another length, or no unit vector
[[nodiscard]] Result<Embedding> from_bytes(std::span<const std::byte> bytes, const LibraryModel& model);

struct Library::Impl {
  sqlite::Database file;
  LibraryModel model;
};

/// The model that a file is bound to. @error corrupt_data  it names none
[[nodiscard]] Result<LibraryModel> read_model(sqlite::Database& file);

}  // namespace vultus::library
