// Timelines as text, for other programs.
#pragma once

#include <iosfwd>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>

namespace vultus {

/// One JSON object a line, UTF-8. The first key is "type": source, evidence, channel, track, observation, reading,
/// signal or annotation; the others are the fields of the value, docs/timeline-format.md lists them. Bytes of a text
/// that are no UTF-8 become U+FFFD.
/// @error resource_limit  the stream failed
/// @thread  no shared state
Status write_json_lines(const Timeline& timeline, std::ostream& to);

/// A table for spreadsheets (RFC 4180): one row per track and moment, with the box of the face where one was seen and
/// one column per channel. A reading without a value is an empty cell. Numbers are written so that they read back
/// exactly. Signals and annotations are not in it.
/// @error resource_limit  the stream failed
/// @thread  no shared state
Status write_csv(const Timeline& timeline, std::ostream& to);

}  // namespace vultus
