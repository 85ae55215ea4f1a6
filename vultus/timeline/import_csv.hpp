// Tables of other face analysers as a Timeline: the CSV of OpenFace 2 and of py-feat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

/// Whose table it is, by its header.
enum class ForeignTable : std::uint8_t { openface, pyfeat };

struct ImportedCsv {
  ForeignTable kind = ForeignTable::openface;
  std::int64_t rows = 0;
  std::int64_t faces = 0;    ///< rows with a face
  std::int64_t tracks = 0;   ///< of distinct face ids
  std::int64_t unread = 0;   ///< numbers that are none, or not finite: absent in the Timeline, with that reason
  std::int64_t columns = 0;  ///< of the table
  std::int64_t ignored = 0;  ///< of them that no channel takes
};

struct ImportCsvOptions {
  std::string name;        ///< of the source, and in messages
  double frame_rate = 30;  ///< of tables that count frames and tell no time (py-feat), frames per second, (0, 1000]

  static constexpr std::size_t kMaxLineBytes = 1 << 20;
  static constexpr std::size_t kMaxColumns = 10'000;
  static constexpr std::size_t kMaxFaces = 100'000;  ///< distinct face ids
};

/// Reads row by row; memory does not grow with the table. One source, a track for each face_id, a frame for each frame
/// number, and channels: OpenFace's columns become those that export_openface reads (and openface.shape for p_*), so
/// that a table written back says the same; py-feat's AUs become au.NN.probability, its emotions expression.pyfeat, its
/// angles pyfeat.pitch, .roll and .yaw in its own unit. Separators may be followed by blanks, as OpenFace 2.0 wrote
/// them. The evidence says that the figures were imported.
/// @error corrupt_data      no such table, a row with another number of fields: the message names the line
/// @error resource_limit    a line, header or number of faces above the limits of the options
/// @error invalid_argument  frame_rate outside its range; and errors of the sink
Result<ImportedCsv> import_csv(std::istream& from, const ImportCsvOptions& options, TimelineSink& to);

}  // namespace vultus
