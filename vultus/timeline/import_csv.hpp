// Tables of other face analysers as a Timeline: the CSV of OpenFace 2 and of py-feat.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

/// Whose table it is, by its header.
enum class ForeignTable : std::uint8_t { openface, pyfeat };

struct ImportedCsv {
  ForeignTable kind = ForeignTable::openface;
  std::int64_t rows = 0;
  std::int64_t faces = 0;    ///< rows with a face
  std::int64_t sources = 0;  ///< pictures and videos: the one of the table, or each `input` of py-feat
  std::int64_t tracks = 0;
  std::int64_t unread = 0;           ///< numbers that are none, or not finite: absent in the Timeline, with that reason
  std::int64_t columns = 0;          ///< of the table
  std::vector<std::string> ignored;  ///< names of those that no channel takes
};

struct ImportCsvOptions {
  std::string name;        ///< of the source, and in messages
  double frame_rate = 30;  ///< of tables that count frames and tell no time (py-feat), frames per second, (0, 1000]

  static constexpr std::size_t kMaxLineBytes = 1 << 20;
  static constexpr std::size_t kMaxColumns = 10'000;
  static constexpr std::size_t kMaxFaces = 100'000;    ///< tracks
  static constexpr std::size_t kMaxSources = 100'000;  ///< different inputs
};

/// Reads row by row; memory does not grow with the table. A frame for each frame number, and channels: OpenFace's
/// columns become those that export_openface reads (and openface.shape for p_*); py-feat's AUs become
/// au.NN.probability, its emotions expression.pyfeat, its angles, gaze, valence, arousal, mesh and shapes pyfeat.* in
/// its own units. Separators may be followed by blanks, as OpenFace 2.0 wrote them. The evidence says that the figures
/// were imported.
/// - Sources: one, named by the options; of py-feat each `input`, which is a picture where it is named like one.
/// - Tracks: a face_id of OpenFace; an Identity of py-feat, and a further track for a second face of that name in one
///   frame. Rows without a name are followed by the overlap of their boxes.
/// - Times: the table's own; of py-feat frame / frame_rate, within the second that approx_time names.
/// - What an export needs to write OpenFace's table again: openface.face_id, openface.frame where they are not the
///   numbers that counting gives, and openface.failed_row, what a row of success 0 says. No such row is a face.
/// @error corrupt_data      no such table, a row with another number of fields, a face_id that comes twice in a frame:
///                          the message names the line
/// @error resource_limit    a line, header, number of faces or sources above the limits of the options
/// @error invalid_argument  frame_rate outside its range; and errors of the sink
Result<ImportedCsv> import_csv(std::istream& from, const ImportCsvOptions& options, TimelineSink& to);

}  // namespace vultus
