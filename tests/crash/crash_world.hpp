// The gallery of the crash harness: what should be in it, and the changes that are made to it, one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <vultus/gallery/gallery.hpp>

namespace vultus::crash {

inline constexpr int kDimension = 32;

/// The faces of each person, by the number that their template is made from.
using People = std::map<std::string, std::set<int>>;

/// What a merge or split changes, and an undo leads back to.
struct Persons {
  People people;
  std::map<std::string, std::string> notes;    ///< of those who have some
  std::map<int, std::set<std::string>> apart;  ///< whom a face was said not to show, by its number
  bool operator==(const Persons&) const = default;
};

struct World : Persons {
  int next_face = 1;
  int next_person = 1;
  std::int64_t calibrations = 0;
  /// Before the last change, if that was a merge or split.
  std::optional<Persons> undo;
  bool operator==(const World&) const = default;
};

enum class Change : std::uint8_t { enrol, remove_person, remove_face, rename, merge, split, undo, describe, calibrate };

/// One change, complete in itself: whoever has the same world can make it.
struct Step {
  Change change = Change::enrol;
  std::vector<std::pair<std::string, int>> faces;  ///< enrol: person and number of each; remove_face, split: the one
  std::string person;                              ///< remove_person, rename, merge, split, describe
  std::string other;                               ///< the new name, or who gets the faces
  std::string notes;                               ///< describe
};

/// The next change in this world: the same for the same random numbers.
[[nodiscard]] Step next_step(const World& world, std::mt19937& random);
/// What the world is after it.
void apply(World& world, const Step& step);
/// Makes the change in a gallery.
Status perform(Gallery& gallery, const Step& step);
/// What is in a gallery.
/// @return also an error where something is half there: a template that is not that of its number, a face that the
///         search does not find
[[nodiscard]] Result<World> read_world(const Gallery& gallery);
/// The first difference of two worlds, without counting what is next; empty = none.
[[nodiscard]] std::string difference(const World& wanted, const World& found);

[[nodiscard]] std::string name_of(Change change);
[[nodiscard]] GalleryOptions options_for(const std::filesystem::path& path);

}  // namespace vultus::crash
