// A page that shows who was found, made from the identity channels of a Timeline.
#pragma once

#include <cstddef>
#include <stop_token>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {

struct ReportOptions {
  std::string title = "Who is in these pictures";
  std::size_t max_pictures = 200;  ///< pictures that the page holds; later ones are listed without
  int picture_side = 900;          ///< pixels of their longer side, [64, 4096]
  int face_side = 112;             ///< pixels of a face, [16, 512]
  int quality = 80;                ///< of JPEG, [1, 100]
  media::DecodeLimits limits;      ///< for reading the pictures again
};

/// Makes a page of HTML that is one file: pictures and faces are in it, nothing is loaded, nothing runs. It tells who
/// was found where, with similarity and threshold, the unknown faces, inputs that could not be read and why, and the
/// evidence behind it. Pictures are read again from their paths; one that is gone is told without its pixels.
/// @return UTF-8; about 150 kB for each picture of the default size
/// @error invalid_argument  an option outside its range
/// @error cancelled         stop was requested
/// @thread no state; reads files
[[nodiscard]] Result<std::string> identity_report(const Timeline& timeline, const ReportOptions& options = {},
                                                  const std::stop_token& stop = {});

}  // namespace vultus::engine
