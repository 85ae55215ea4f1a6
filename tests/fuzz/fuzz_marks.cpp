// Hostile marks of people: landmarks (.pts, dlib's XML) and codes of action units. Reading ends with an error, or with
// values in their ranges.
#include <cmath>
#include <string_view>

#include <vultus/engine/landmark_files.hpp>
#include <vultus/engine/unit_benchmark.hpp>

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using vultus::fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sound = [](const std::vector<vultus::Point2f>& points) {
    require(points.size() == 68, "68 points");
    for (const auto& p : points) require(std::isfinite(p.x) && std::isfinite(p.y), "that are finite");
  };
  if (const auto points = vultus::engine::parse_pts(text)) sound(*points);
  if (const auto faces = vultus::engine::parse_dlib_xml(text))
    for (const auto& face : *faces) sound(face.points);
  for (const char* name : {"codes.csv", "SN001_au12.txt"})
    if (const auto codes = vultus::engine::parse_unit_codes(text, name))
      for (const auto& [unit, frames] : *codes)
        for (const auto& [frame, code] : frames) require(code >= 0 && code <= 5, "codes are 0 to 5");
  return 0;
}
