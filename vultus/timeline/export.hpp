// Timelines as text, for other programs.
#pragma once

#include <filesystem>
#include <iosfwd>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

/// One JSON object a line, UTF-8. The first key is "type": source, evidence, channel, frame, track, observation,
/// reading, signal or annotation; the others are the fields of the value, docs/timeline-format.md lists them. Bytes of
/// a text that are no UTF-8 become U+FFFD.
/// @error resource_limit  the stream failed
/// @thread  no shared state
Status write_json_lines(const Timeline& timeline, std::ostream& to);
/// The same of a file, row by row: memory does not grow with it. @error also those of replay_timeline
Status write_json_lines(const std::filesystem::path& file, std::ostream& to);

/// A table for spreadsheets (RFC 4180): one row per track and moment, with the box of the face where one was seen and
/// one column per channel, or one for each element of its rows of values, see element_names(). Rows are in the order of
/// sources, time and tracks. A reading without a value is an empty cell. Numbers are written so that they read back
/// exactly. Signals and annotations are not in it.
/// @error resource_limit  the stream failed
/// @thread  no shared state
Status write_csv(const Timeline& timeline, std::ostream& to);
/// The same of a file, moment by moment: memory does not grow with it. @error also those of TimelineScan
Status write_csv(const std::filesystem::path& file, std::ostream& to);

/// The rows and columns of write_csv() as an Apache Parquet file, without compression. Numbers are doubles, elements of
/// rows of values floats, names texts; what was not measured is null. A column whose name is taken gets "-2" behind it.
/// The key "vultus" of the file's metadata holds JSON: channels with unit, model and kind of data.
/// @error resource_limit  the stream failed
/// @thread  no shared state
Status write_parquet(const Timeline& timeline, std::ostream& to);
/// The same of a file, moment by moment: memory does not grow with it (32 MB of rows are held). @error also those of
/// TimelineScan
Status write_parquet(const std::filesystem::path& file, std::ostream& to);

}  // namespace vultus
