// What a report tells, gathered from a Timeline before a page is made of it. Internal to the room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/timeline.hpp>

namespace vultus::engine {

/// One face of a picture with its answer.
struct ReportFace {
  std::size_t picture = 0;  ///< index into ReportContent::pictures
  std::size_t number = 0;   ///< over all pictures, from 0
  FaceObservation face;
  std::string name;                   ///< empty = unknown
  std::optional<double> similarity;   ///< empty: `reason` says why
  std::optional<double> probability;  ///< that it is this person, or for an unknown face the one who comes closest
  std::optional<double> threshold;
  std::string reason;
};

struct ReportPicture {
  const Source* source = nullptr;
  std::vector<std::size_t> faces;  ///< indices into ReportContent::faces
};

/// A known person and where the face was seen.
struct ReportPerson {
  std::string name;
  std::vector<std::size_t> faces;  ///< most similar first
  std::size_t pictures = 0;        ///< different ones
};

struct ReportContent {
  std::vector<ReportPicture> pictures;  ///< sources that were read
  std::vector<const Source*> failed;    ///< sources that were not
  std::vector<ReportFace> faces;
  std::vector<ReportPerson> people;  ///< most pictures first, then by name
  std::vector<std::size_t> unknown;  ///< indices into faces
  std::optional<double> threshold;   ///< if it is the same for all faces
  std::optional<double> fmr;         ///< likewise
  bool planted = false;              ///< some of the evidence rests on planted data
};

/// @param timeline  must outlive the content
[[nodiscard]] ReportContent gather_report(const Timeline& timeline);

}  // namespace vultus::engine
