// The CSV of OpenFace 2.2, written from a Timeline file so that its readers accept it, and read into a Timeline.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus {

/// Which groups of columns are written; none asked = all, as OpenFace does it.
struct OpenFaceGroups {
  bool landmarks_2d = false;
  bool landmarks_3d = false;
  bool shape = false;  ///< parameters of the point distribution model; Vultus has none: zeros, told as unmeasured
  bool pose = false;
  bool action_units = false;
  bool gaze = false;

  [[nodiscard]] bool none() const {
    return !landmarks_2d && !landmarks_3d && !shape && !pose && !action_units && !gaze;
  }
};

/// What a table is about; it decides its first columns.
enum class OpenFaceTable : std::uint8_t {
  video,  ///< frame,face_id,timestamp,confidence,success: 714 columns with every group
  image,  ///< face,confidence: 711 columns
};

/// Whose rows a table of a video holds.
enum class OpenFaceWho : std::uint8_t {
  everybody,  ///< a row for each face in a frame, face_id counts the tracks of the source from 0
  one,        ///< a row for each frame, face_id 0: one track as long as it is seen, then the largest face
};

/// What stands under timestamp.
enum class OpenFaceTimes : std::uint8_t {
  seconds,  ///< since the first frame
  zero,     ///< pictures in a row: nobody knows when they were taken
};

struct OpenFaceOptions {
  OpenFaceTable table = OpenFaceTable::video;
  OpenFaceTimes times = OpenFaceTimes::seconds;
  OpenFaceWho who = OpenFaceWho::everybody;
  OpenFaceGroups groups;
};

/// The first line, without its line break.
[[nodiscard]] std::string openface_header(const OpenFaceOptions& options);

/// What became of a table.
struct OpenFaceWritten {
  std::int64_t rows = 0;
  std::int64_t rows_with_face = 0;
  std::vector<std::string> unmeasured;  ///< columns that were 0 throughout because nothing measured them
};

/// Writes the moments of one source. A frame without a face has a row with success 0 and zeros, but for the pose, which
/// is the last one of that face_id; a column of a channel that is not there, or was not measured on that face, is 0
/// too. Numbers have a point whatever the locale. Channels: landmarks.68, landmarks3d.68, pose.tx ... pose.rz,
/// gaze.right.x ... gaze.left.z, gaze.angle.x and .y, au.NN.intensity and .presence, eye.landmarks, eye.landmarks3d. A
/// table that was imported says with openface.face_id and openface.frame how it numbers, and with openface.failed_row
/// what its rows of success 0 hold: those are written as they were.
/// Thread-compatible.
class OpenFaceWriter {
 public:
  /// Writes the header. @param to, channels  must outlive the writer
  OpenFaceWriter(std::ostream& to, const std::vector<Channel>& channels, const OpenFaceOptions& options);
  /// @param seconds  of the moment, since the start of the source
  /// @param frame    its number in the source, from 1, see frame_number.hpp; nothing = the next one
  void add(const Moment& moment, double seconds, std::optional<std::int64_t> frame = std::nullopt);
  /// @error resource_limit  the stream failed
  [[nodiscard]] Result<OpenFaceWritten> finish();

 private:
  struct Column {
    std::string name;
    int precision = 0;
    std::ptrdiff_t channel = -1;  // position, or nothing measures it
    std::ptrdiff_t element = -1;  // of its values in a row; -1 = the channel is a number
    bool measured = false;
    std::ptrdiff_t failed = -1;  // element of a failed row
    bool pose = false;           // keeps its last value while the face is lost
  };
  void add_group(const std::string& prefix, int first, int last, int precision, const char* channel, int stride,
                 int offset);
  void add_column(const std::string& name, int precision, const std::string& channel, int element = -1);
  void make_columns(const OpenFaceGroups& groups);
  void find_imported();
  /// What an imported table says of a face that its maker lost, or null.
  [[nodiscard]] const std::vector<float>* failed_row_of(const MomentOfTrack& track) const;
  void row(double seconds, const MomentOfTrack* track, std::int64_t face_id);
  void number(double value, int precision);

  std::ostream* to_;
  const std::vector<Channel>* channels_;
  OpenFaceOptions options_;
  std::vector<Column> columns_;
  std::vector<const ReadingValue*> values_;
  std::vector<std::int64_t> face_ids_;                               // by position of the track, -1 = not seen yet
  std::map<std::int64_t, std::vector<double>> last_of_face_;         // by face id: the last value of each column
  std::ptrdiff_t face_id_at_ = -1, frame_at_ = -1, failed_at_ = -1;  // channels of imported tables
  std::int64_t faces_ = 0;
  std::int64_t frame_ = 0;   // of the last moment, from 1
  std::ptrdiff_t one_ = -1;  // the track that is followed
  std::string line_;
  OpenFaceWritten written_;
};

/// The columns of a details file that tell a reader what was not measured, as lines "unmeasured:<column>".
[[nodiscard]] std::string openface_details(const Source& source, const std::string& csv, const OpenFaceOptions& options,
                                           const OpenFaceWritten& written);

/// One CSV for each source of a Timeline file.
struct OpenFaceExport {
  OpenFaceOptions options;  ///< `table` is chosen by the source where it is a picture
  /// A source begins: where its table goes. A source that was not read has none.
  std::function<Result<std::filesystem::path>(const Source&)> path_of;
  /// What stands under timestamp of a source; empty = what the options say.
  std::function<OpenFaceTimes(const Source&)> times_of = {};
};

/// Writes tables and, beside each, NAME_of_details.txt. Memory does not grow with the file.
/// @return the tables, in the order of the sources
/// @error as TimelineScan; resource_limit  a file that cannot be written
Result<std::vector<std::filesystem::path>> export_openface(const std::filesystem::path& timeline,
                                                           const OpenFaceExport& how);

}  // namespace vultus
