// What an interrupted comparison of a gallery had done: similarities and numbers, no templates. Internal to the room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/identity/gallery_scan.hpp>

namespace vultus::identity {

/// A number that changes with the subjects and faces of a gallery, its model and what they are compared by.
[[nodiscard]] std::uint64_t fingerprint_of(const GalleryScan& scan, const GalleryModel& model,
                                           const CompareOptions& options);

/// One subject as a line of text with its end and a sum over it.
[[nodiscard]] std::string state_line(std::uint32_t subject, const SubjectStanding& standing);

/// Reads a state back. A line that is cut off, altered or does not fit the gallery ends the reading: what stands before
/// it counts.
/// @param text  a first line as state_header() writes it, then lines of state_line()
/// @return of each subject what is known; nothing for any where the text is of another gallery
[[nodiscard]] std::vector<std::optional<SubjectStanding>> parse_state(std::string_view text, const GalleryScan& scan,
                                                                      std::uint64_t fingerprint,
                                                                      std::size_t references);
[[nodiscard]] std::string state_header(std::uint64_t fingerprint);

/// The file of a state. Keeping it is a convenience: one that cannot be written is left out without a word.
class ScanState {
 public:
  /// @param path  empty = nothing is kept
  ScanState(std::filesystem::path path, std::uint64_t fingerprint);
  /// What the file holds already, and opens it for more.
  std::vector<std::optional<SubjectStanding>> begin(const GalleryScan& scan, std::size_t references);
  void add(std::uint32_t subject, const SubjectStanding& standing);
  /// Nothing is to be gone on with any more.
  void remove();

 private:
  std::filesystem::path path_;
  std::uint64_t fingerprint_;
  std::ofstream file_;
};

}  // namespace vultus::identity
