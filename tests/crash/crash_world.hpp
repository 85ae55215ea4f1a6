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
  bool encrypted = false;
  int model = 0;        ///< its number: a gallery moves from each to the next
  bool moving = false;  ///< a move to the next model is under way
  std::set<int> moved;  ///< faces that have a template of it
  /// Before the last change, if that was a merge or split.
  std::optional<Persons> undo;
  bool operator==(const World&) const = default;
};

enum class Change : std::uint8_t {
  enrol,
  remove_person,
  remove_face,
  rename,
  merge,
  split,
  undo,
  describe,
  calibrate,
  // What concerns the whole gallery: crash_care.cpp
  forget,
  encrypt,
  decrypt,
  change_key,
  renew_keys,
  reindex,
  begin_move,
  move_faces,
  switch_model,
  drop_move,
};

/// One change, complete in itself: whoever has the same world can make it.
struct Step {
  Change change = Change::enrol;
  std::vector<std::pair<std::string, int>> faces;  ///< enrol: person and number of each; remove_face, split: the one
  std::string person;                              ///< remove_person, rename, merge, split, describe
  std::string other;                               ///< the new name, or who gets the faces
  std::string notes;                               ///< describe
  int number = 0;                                  ///< of the key; move_faces: how many at most
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
/// Opens the gallery, or makes it, whatever its model and key are now.
[[nodiscard]] Result<Gallery> open_gallery(const std::filesystem::path& path);

// ---- Parts of the above, in a source each
[[nodiscard]] std::size_t below(std::mt19937& random, std::size_t limit);
/// The template that a face has of a model.
[[nodiscard]] Embedding template_of(int face, int model);
[[nodiscard]] ModelId model_id(int number);
[[nodiscard]] int model_number(const ModelId& id);
[[nodiscard]] Result<SubjectId> subject_named(const Gallery& gallery, const std::string& name);
/// Makes the two keys of the harness known to this process and its children.
void set_keys();
[[nodiscard]] bool concerns_all(Change change);
/// A step that concerns the whole gallery. @param dice  [0, kCareDice)
inline constexpr std::size_t kCareDice = 30;
void choose_care(const World& world, std::size_t dice, std::mt19937& random, Step& step);
void apply_care(World& world, const Step& step);
Status perform_care(Gallery& gallery, const Step& step);
/// Model and move as the gallery tells them. @param numbers  of the faces by their ids
Status read_care(const Gallery& gallery, const std::map<FaceId, int>& numbers, World& world);

}  // namespace vultus::crash
