// The file of an interrupted examination of a gallery: what lies beside a gallery may be anybody's.
#include <string>
#include <string_view>

#include <vultus/identity/scan_state.hpp>

#include "fuzz_target.hpp"

using vultus::fuzz::require;

namespace {

/// Subjects of two, one and no faces.
vultus::identity::GalleryScan gallery() {
  vultus::identity::GalleryScan scan;
  for (const std::size_t faces : {2U, 1U, 0U}) {
    scan.subjects.push_back({.id = vultus::SubjectId(1), .name = {}, .faces = faces, .apart = {}, .together = {}});
  }
  return scan;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t kFingerprint = 77;
  constexpr std::size_t kReferences = 5;
  static const vultus::identity::GalleryScan kScan = gallery();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // Without the right first line nothing is read; with it everything behind it is.
  for (const std::string& whole :
       {std::string(text), vultus::identity::state_header(kFingerprint) + std::string(text)}) {
    const auto known = vultus::identity::parse_state(whole, kScan, kFingerprint, kReferences);
    require(known.size() == kScan.subjects.size(), "every subject has a place");
    for (std::size_t s = 0; s < known.size(); ++s) {
      if (!known[s]) continue;
      require(known[s]->faces.size() == kScan.subjects[s].faces, "a subject has its faces");
      for (const auto& face : known[s]->faces) {
        require(face.own_face < kScan.subjects[s].faces && face.group < kScan.subjects[s].faces,
                "faces are of the subject");
        require(face.others.size() <= vultus::identity::kNearSubjects, "lists are bounded");
        for (const auto& near : face.others) require(near.subject < kScan.subjects.size(), "subjects are there");
      }
      for (const std::uint32_t reference : known[s]->strangers.taken_for)
        require(reference < kReferences, "references are there");
      const auto line = vultus::identity::state_line(static_cast<std::uint32_t>(s), *known[s]);
      const auto again = vultus::identity::parse_state(vultus::identity::state_header(kFingerprint) + line, kScan,
                                                       kFingerprint, kReferences);
      require(again[s] == known[s], "what is written is read");
    }
  }
  return 0;
}
