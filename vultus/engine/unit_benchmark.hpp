// Action units of recordings against people's codes: DISFA, BP4D or tables of one's own.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/evaluation/unit_protocol.hpp>

namespace vultus::engine {

/// Codes of one unit by frame, from 1; frames that nobody coded are not in it.
using UnitCodes = std::map<int, std::map<std::int64_t, double>>;  // by unit, by frame

/// Codes of a file:
/// - `frame,AU01,AU02 ...` with a header (also AU01_r, or numbers alone): our own form;
/// - a header of 0 and the numbers of units, then frame and 0, 1 or 9: occurrence of BP4D;
/// - frame and intensity without a header, where the name ends in au1.txt, _AU06.csv ...: DISFA, intensity of BP4D.
/// 9 and empty fields are not coded.
/// @param name  of the file
/// @error corrupt_data  none of these, a number that is none or outside [0, 5]: the message names the line
[[nodiscard]] Result<UnitCodes> parse_unit_codes(std::string_view text, const std::string& name);

struct UnitBenchmarkOptions {
  std::string samples;  ///< table with the columns subject, timeline and labels (a file, or a folder of one a unit)
  evaluation::UnitProtocolOptions protocol;
};

struct UnitBenchmarkRow {
  int unit = 0;
  evaluation::UnitScores scores;
};

struct UnitBenchmark {
  std::vector<UnitBenchmarkRow> rows;  ///< units in rising order
  std::vector<std::string> left_out;   ///< units that were coded but could not be scored, and why
  std::size_t recordings = 0;
  bool planted = false;  ///< a recording says that its figures are of planted data
  std::string samples_sha256;
};

/// The readings au.NN.intensity of the person who is seen longest in each recording, frame by frame beside the codes:
/// the first frame of a recording is frame 1. Frames are those of the source where its clock counts them (see
/// timeline/frame_number.hpp), else those of the recording. Paths are relative to the folder of the table.
/// @error as read_table(), parse_unit_codes() and TimelineScan; invalid_argument  no unit could be scored, a recording
/// of several sources, or one whose frames cannot be numbered: the clock does not count them, and some are missing or
/// the codes name many more than it has
[[nodiscard]] Result<UnitBenchmark> run_unit_benchmark(const UnitBenchmarkOptions& options);

}  // namespace vultus::engine
