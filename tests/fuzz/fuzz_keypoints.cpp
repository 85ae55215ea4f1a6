// Hostile files of joints: reading ends with an error, or with people that can be written and read again.
#include <string_view>

#include <vultus/body/keypoint_files.hpp>
#include <vultus/body/keypoint_tables.hpp>

#include "fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using vultus::fuzz::require;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Those of MediaPipe are rounded when they are written.
  if (const auto shares = vultus::body::read_keypoints(text, {640, 480}))
    for (const auto& person : *shares)
      require(person.joints.size() == vultus::body::joints_of(person.layout), "as many joints as the layout has");
  if (const auto rows = vultus::body::read_keypoint_csv(text))
    for (const auto& person : *rows)
      require(person.joints.size() == vultus::body::joints_of(person.layout), "as many joints as the layout has");
  const auto people = vultus::body::read_keypoints(text);
  if (!people) {
    require(!people.error().message.empty(), "an error says something");
    return 0;
  }
  for (const auto& person : *people) {
    require(person.joints.size() == vultus::body::joints_of(person.layout), "as many joints as the layout has");
    const auto written = vultus::body::write_keypoints({person});
    require(written.has_value(), "what was read can be written");
    const auto again = vultus::body::read_keypoints(*written);
    require(again.has_value() && again->size() == 1, "and read again");
    require(again->front() == person, "as it was");
  }
  return 0;
}
