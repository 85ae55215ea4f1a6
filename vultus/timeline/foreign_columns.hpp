// Which columns of a foreign table make which channels. Private to this room.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/timeline/import_csv.hpp>

namespace vultus::timeline {

/// A channel with the columns that its value, or its values in a row, stand in.
struct ForeignChannel {
  ChannelId id;
  std::string unit;
  std::vector<std::size_t> columns;
  bool in_a_row = false;
};

/// Positions of columns, -1 = not there.
struct ForeignColumns {
  ForeignTable kind = ForeignTable::openface;
  std::ptrdiff_t frame = -1, face_id = -1, timestamp = -1, confidence = -1, success = -1;
  std::ptrdiff_t input = -1, width = -1, height = -1;  ///< py-feat: the name of the picture or video, and its size
  std::array<std::ptrdiff_t, 68> x{}, y{};             ///< landmarks
  std::array<std::ptrdiff_t, 4> box{};                 ///< x, y, width, height
  std::vector<ForeignChannel> channels;
  std::vector<std::string> ignored;  ///< names of columns that nothing reads, in their order
};

/// @param names  of the header, without blanks around them
/// @error corrupt_data  neither a table of OpenFace nor one of py-feat, or a name that comes twice
[[nodiscard]] Result<ForeignColumns> foreign_columns(const std::vector<std::string>& names);

}  // namespace vultus::timeline
