#include "crash_world.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace vultus::crash {
namespace {

constexpr std::size_t kManyPeople = 40;
constexpr int kFacesAtOnce = 4;

/// No name begins another one: whether one is still in a file is seen by its bytes.
std::string person_name(int number) { return "Person " + std::to_string(number) + "."; }

/// Begins with the number, and none is a part of another: what was forgotten is looked for by its bytes.
std::string source_of(int number) { return " " + std::to_string(number) + " is the face"; }

/// Of some pages, unlike that of any other face in every part: what was forgotten is looked for by its bytes.
std::string thumbnail_text(int number) {
  std::string text = "picture " + std::to_string(number) + " ";
  std::mt19937 random(static_cast<unsigned>(number));
  while (text.size() < 9000) text += static_cast<char>('a' + random() % 26);
  return text;
}

NewFace new_face(const std::string& person, int number, int model) {
  NewFace face{.subject = person, .embedding = template_of(number, model)};
  face.details.source = source_of(number);
  // Every third face has a thumbnail.
  if (number % 3 == 0) {
    const std::string text = thumbnail_text(number);
    const auto* bytes = reinterpret_cast<const std::byte*>(text.data());
    face.thumbnail = Thumbnail{ThumbnailFormat::jpeg, {bytes, bytes + text.size()}};
  }
  return face;
}

const std::string& any_person(const World& world, std::mt19937& random) {
  return std::next(world.people.begin(), static_cast<std::ptrdiff_t>(below(random, world.people.size())))->first;
}

/// What was said of one person holds for another one now; for nobody if that is empty.
void forget_person(World& world, const std::string& person, const std::string& other) {
  for (auto& [face, people] : world.apart)
    if (people.erase(person) > 0 && !other.empty()) people.insert(other);
  std::erase_if(world.apart, [](const auto& one) { return one.second.empty(); });
}

/// Whether it was said that they are two.
bool are_apart(const World& world, const std::string& one, const std::string& other) {
  return std::ranges::any_of(world.apart, [&](const auto& said) {
    const auto& [face, people] = said;
    return (world.people.at(one).contains(face) && people.contains(other)) ||
           (world.people.at(other).contains(face) && people.contains(one));
  });
}

Step enrol_some(const World& world, std::mt19937& random) {
  Step step{.change = Change::enrol};
  const int count = 1 + static_cast<int>(below(random, kFacesAtOnce));
  for (int i = 0; i < count; ++i) {
    const bool known = !world.people.empty() && below(random, 2) == 0;
    step.faces.emplace_back(known ? any_person(world, random) : person_name(world.next_person + i),
                            world.next_face + i);
  }
  return step;
}

Result<FaceId> face_numbered(const Gallery& gallery, SubjectId subject, int number) {
  VULTUS_TRY(const auto faces, gallery.faces(subject));
  for (const EnrolledFace& face : faces)
    if (face.details.source == source_of(number)) return face.id;
  return fail(ErrorCode::not_found, "no face " + std::to_string(number));
}

/// Template, thumbnail and search of a face say the same number.
Status check_face(const Gallery& gallery, const Subject& subject, const EnrolledFace& face, const Embedding& stored,
                  int model) {
  const int number = std::stoi(face.details.source);
  const auto half = [&](const std::string& what) {
    return fail(ErrorCode::corrupt_data, what + " of face " + std::to_string(number) + " of " + subject.name);
  };
  if (stored != template_of(number, model)) return half("another template");
  VULTUS_TRY(const std::optional<Thumbnail> thumbnail, gallery.thumbnail(face.id));
  if (thumbnail.has_value() != (number % 3 == 0)) return half("a thumbnail too much or too little");
  if (thumbnail && *thumbnail != *new_face(subject.name, number, model).thumbnail) return half("another thumbnail");
  VULTUS_TRY(const auto found, gallery.search(stored));
  if (found.empty() || found.front().face != face.id || found.front().subject != subject.id)
    return half("another answer to a search");
  return {};
}

}  // namespace

std::size_t below(std::mt19937& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

Result<SubjectId> subject_named(const Gallery& gallery, const std::string& name) {
  VULTUS_TRY(const std::optional<Subject> subject, gallery.find_subject(name));
  if (!subject) return fail(ErrorCode::not_found, "nobody is called " + name);
  return subject->id;
}

std::string name_of(Change change) {
  switch (change) {
    case Change::enrol: return "enrol";
    case Change::remove_person: return "remove person";
    case Change::remove_face: return "remove face";
    case Change::rename: return "rename";
    case Change::merge: return "merge";
    case Change::split: return "split";
    case Change::undo: return "undo";
    case Change::describe: return "describe";
    case Change::calibrate: return "calibrate";
    case Change::forget: return "forget";
    case Change::encrypt: return "encrypt";
    case Change::decrypt: return "decrypt";
    case Change::change_key: return "change key";
    case Change::renew_keys: return "renew keys";
    case Change::reindex: return "re-index";
    case Change::begin_move: return "begin move";
    case Change::move_faces: return "move faces";
    case Change::switch_model: return "switch model";
    case Change::drop_move: return "drop move";
  }
  return "";
}

Step next_step(const World& world, std::mt19937& random) {
  const std::size_t people = world.people.size();
  if (people < 2) return enrol_some(world, random);
  // A gallery that has grown large is made smaller, so that looking through it stays fast.
  const std::size_t dice = people > kManyPeople ? 60 + below(random, 20) : below(random, 100 + kCareDice);
  Step step{.person = any_person(world, random)};
  // Directly after a merge or split, every other one is taken back.
  if (world.undo && below(random, 2) == 0) {
    step.change = Change::undo;
    return step;
  }
  if (dice >= 100) {
    choose_care(world, dice - 100, random, step);
    return step;
  }
  if (dice < 50) return enrol_some(world, random);
  if (dice < 60) {
    step.change = Change::rename;
    step.other = person_name(world.next_person);
  } else if (dice < 70) {
    step.change = Change::remove_person;
  } else if (dice < 74 && world.people.at(step.person).size() > 1) {
    step.change = Change::split;
    step.other = person_name(world.next_person);
    step.faces = {{step.person, *world.people.at(step.person).begin()}};
  } else if (dice < 80) {
    step.change = Change::merge;
    do {
      step.other = any_person(world, random);
    } while (step.other == step.person);
    if (are_apart(world, step.person, step.other)) return enrol_some(world, random);
  } else if (dice < 90 && !world.people.at(step.person).empty()) {
    step.change = Change::remove_face;
    const auto& faces = world.people.at(step.person);
    step.faces = {{step.person, *std::next(faces.begin(), static_cast<std::ptrdiff_t>(below(random, faces.size())))}};
  } else if (dice < 98) {
    step.change = Change::describe;
    step.notes = "Notes " + std::to_string(world.next_person) + std::string(1 + below(random, 3000), '.');
  } else {
    step.change = Change::calibrate;
  }
  return step;
}

void apply(World& world, const Step& step) {
  const Persons before = static_cast<const Persons&>(world);
  const auto undo = std::exchange(world.undo, std::nullopt);
  if (concerns_all(step.change)) apply_care(world, step);
  switch (step.change) {
    case Change::enrol:
      for (const auto& [person, number] : step.faces) world.people[person].insert(number);
      world.next_face += kFacesAtOnce;
      break;
    case Change::remove_person:
    case Change::forget:
      for (const int face : world.people.at(step.person)) {
        world.apart.erase(face);
        world.moved.erase(face);
      }
      forget_person(world, step.person, "");
      world.people.erase(step.person);
      world.notes.erase(step.person);
      break;
    case Change::remove_face:
      world.people.at(step.faces[0].first).erase(step.faces[0].second);
      world.apart.erase(step.faces[0].second);
      world.moved.erase(step.faces[0].second);
      break;
    case Change::rename:
      forget_person(world, step.person, step.other);
      world.people[step.other] = std::move(world.people.at(step.person));
      world.people.erase(step.person);
      if (world.notes.contains(step.person)) world.notes[step.other] = world.notes.at(step.person);
      world.notes.erase(step.person);
      break;
    case Change::merge:
      forget_person(world, step.person, step.other);
      world.people.at(step.other).merge(world.people.at(step.person));
      world.people.erase(step.person);
      world.notes.erase(step.person);
      world.undo = before;
      break;
    case Change::split:
      world.people.at(step.person).erase(step.faces[0].second);
      world.people[step.other] = {step.faces[0].second};
      world.apart[step.faces[0].second].insert(step.person);
      world.undo = before;
      break;
    case Change::undo: static_cast<Persons&>(world) = *undo; break;
    case Change::describe: world.notes[step.person] = step.notes; break;
    case Change::calibrate: ++world.calibrations; break;
    default: break;
  }
  world.next_person += kFacesAtOnce;
}

Status perform(Gallery& gallery, const Step& step) {
  if (concerns_all(step.change)) return perform_care(gallery, step);
  if (step.change == Change::enrol) {
    const int model = model_number(gallery.info().model.id);
    std::vector<NewFace> faces;
    for (const auto& [person, number] : step.faces) faces.push_back(new_face(person, number, model));
    const auto done = gallery.enrol(faces);
    return done ? Status() : Status(done.error());
  }
  if (step.change == Change::undo) {
    const auto undone = gallery.undo();
    return undone ? Status() : Status(undone.error());
  }
  if (step.change == Change::calibrate) return gallery.add_calibration({.at = {Cosine(0.5F), 0.01, "crash"}});
  const std::string& name = step.change == Change::remove_face ? step.faces[0].first : step.person;
  VULTUS_TRY(const SubjectId id, subject_named(gallery, name));
  if (step.change == Change::describe) return gallery.describe(id, {.notes = step.notes});
  if (step.change == Change::remove_person) {
    const auto gone = gallery.remove(id);
    return gone ? Status() : Status(gone.error());
  }
  if (step.change == Change::remove_face) {
    VULTUS_TRY(const FaceId face, face_numbered(gallery, id, step.faces[0].second));
    const auto gone = gallery.remove(face);
    return gone ? Status() : Status(gone.error());
  }
  if (step.change == Change::split) {
    VULTUS_TRY(const FaceId face, face_numbered(gallery, id, step.faces[0].second));
    const auto made = gallery.split({&face, 1}, step.other);
    return made ? Status() : Status(made.error());
  }
  const auto renamed =
      gallery.rename(id, step.other, step.change == Change::merge ? IfNameTaken::merge : IfNameTaken::refuse);
  return renamed ? Status() : Status(renamed.error());
}

Result<World> read_world(const Gallery& gallery) {
  World world;
  VULTUS_TRY(const auto subjects, gallery.subjects({.limit = ListOptions::kMaxLimit}));
  std::int64_t count = 0;
  std::map<FaceId, int> numbers_of;
  for (const Subject& subject : subjects) {
    auto& numbers = world.people[subject.name];
    if (!subject.details.notes.empty()) world.notes[subject.name] = subject.details.notes;
    VULTUS_TRY(const auto faces, gallery.faces(subject.id));
    VULTUS_TRY(const auto templates, gallery.templates(subject.id));
    for (std::size_t i = 0; i < faces.size(); ++i, ++count) {
      VULTUS_CHECK(check_face(gallery, subject, faces[i], templates.at(i), model_number(gallery.info().model.id)));
      numbers.insert(std::stoi(faces[i].details.source));
      numbers_of[faces[i].id] = std::stoi(faces[i].details.source);
    }
  }
  VULTUS_TRY(const auto said, gallery.not_same());
  for (const NotSame& one : said) {
    VULTUS_TRY(const Subject subject, gallery.subject(one.subject.value_or(SubjectId())));
    world.apart[numbers_of.at(one.face)].insert(subject.name);
  }
  VULTUS_TRY(const auto calibrations, gallery.calibrations());
  world.calibrations = static_cast<std::int64_t>(calibrations.size());
  VULTUS_CHECK(read_care(gallery, numbers_of, world));
  const GalleryInfo info = gallery.info();
  if (info.faces != count || info.subjects != static_cast<std::int64_t>(subjects.size()))
    return fail(ErrorCode::corrupt_data,
                "what is searched holds " + std::to_string(info.faces) + " faces, the file " + std::to_string(count));
  return world;
}

std::string difference(const World& wanted, const World& found) {
  for (const auto& [name, faces] : wanted.people) {
    const auto at = found.people.find(name);
    if (at == found.people.end()) return name + " is missing";
    if (at->second != faces)
      return name + " has " + std::to_string(at->second.size()) + " faces, " + std::to_string(faces.size()) +
             " are wanted, or others";
  }
  for (const auto& [name, faces] : found.people)
    if (!wanted.people.contains(name)) return name + " is too much";
  if (wanted.notes != found.notes) return "other notes";
  if (wanted.apart != found.apart) return "other faces are said not to show somebody";
  if (wanted.encrypted != found.encrypted) return found.encrypted ? "it is encrypted" : "it is not encrypted";
  if (wanted.model != found.model || wanted.moving != found.moving || wanted.moved != found.moved)
    return "model " + std::to_string(found.model) + (found.moving ? ", on its way" : "") + ", " +
           std::to_string(found.moved.size()) + " faces moved; " + std::to_string(wanted.model) +
           (wanted.moving ? ", on its way" : "") + ", " + std::to_string(wanted.moved.size()) + " are wanted";
  if (wanted.calibrations != found.calibrations) return "other calibrations";
  return {};
}

}  // namespace vultus::crash
