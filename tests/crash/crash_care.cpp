// Changes of the crash harness that concern the whole gallery: its keys, its model, its index, and who is forgotten.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

#include "crash_world.hpp"

namespace vultus::crash {
namespace {

constexpr std::string_view kModel = "crash ";
// Small enough that the index is written again and again, in a thread of its own, while the process is killed.
constexpr std::int64_t kSnapshotFrom = 30;

std::string key_name(int number) { return "VULTUS_CRASH_KEY_" + std::to_string(number); }

GalleryModel model_of(int number) { return {.id = model_id(number), .dimension = kDimension}; }

/// Faces without a template of the next model, in the order in which they were enrolled.
std::vector<int> missing(const World& world) {
  std::set<int> all;
  for (const auto& [person, faces] : world.people) all.insert(faces.begin(), faces.end());
  std::vector<int> left;
  std::ranges::set_difference(all, world.moved, std::back_inserter(left));
  return left;
}

Status move_faces(Gallery& gallery, int most) {
  VULTUS_TRY(const auto move, gallery.model_move());
  if (!move) return fail(ErrorCode::not_found, "no move is under way");
  VULTUS_TRY(const auto faces, gallery.faces_to_move(FaceId(0), static_cast<std::size_t>(most)));
  std::vector<MovedTemplate> templates;
  for (const EnrolledFace& face : faces)
    templates.push_back({face.id, template_of(std::stoi(face.details.source), model_number(move->to.id))});
  const auto added = gallery.add_moved_templates(templates);
  return added ? Status() : Status(added.error());
}

template <class T>
Status status_of(const Result<T>& done) {
  return done ? Status() : Status(done.error());
}

}  // namespace

ModelId model_id(int number) { return ModelId(std::string(kModel) + std::to_string(number)); }
int model_number(const ModelId& id) { return std::stoi(id.text().substr(kModel.size())); }

Embedding template_of(int face, int model) {
  std::mt19937 random(static_cast<unsigned>(face) * 31 + static_cast<unsigned>(model) * 1'000'003);
  std::normal_distribution<float> normal;
  std::vector<float> values(kDimension);
  for (float& v : values) v = normal(random);
  return Embedding::normalised(model_id(model), std::move(values)).value();
}

void set_keys() {
  for (const int number : {0, 1})
    ::setenv(key_name(number).c_str(), std::string(64, number == 0 ? 'a' : 'b').c_str(), 1);
}

Result<Gallery> open_gallery(const std::filesystem::path& path) {
  GalleryOptions options{.path = path,
                         .access = GalleryAccess::create_or_open,
                         .model = model_of(0),
                         .busy_wait = std::chrono::seconds(60),
                         .snapshot_from = kSnapshotFrom};
  // Which of the two it is under is not known after a change of keys that was killed.
  options.key = KeySource::from_variable(key_name(0));
  options.other_key = KeySource::from_variable(key_name(1));
  Result<Gallery> made = Gallery::open(options);
  if (made || made.error().code != ErrorCode::model_mismatch) return made;
  options.access = GalleryAccess::read_write;
  options.model.reset();
  return Gallery::open(options);
}

bool concerns_all(Change change) { return change >= Change::forget; }

void choose_care(const World& world, std::size_t dice, std::mt19937& random, Step& step) {
  step.number = static_cast<int>(below(random, 2));
  if (dice < 5) {
    step.change = Change::reindex;
  } else if (dice < 11) {
    step.change = Change::forget;
  } else if (dice < 18) {
    constexpr std::array kOfEncrypted{Change::decrypt, Change::change_key, Change::renew_keys};
    step.change = world.encrypted ? kOfEncrypted[below(random, kOfEncrypted.size())] : Change::encrypt;
  } else if (!world.moving) {
    step.change = Change::begin_move;
  } else if (dice == 18) {
    step.change = Change::drop_move;
  } else if (missing(world).empty()) {
    step.change = Change::switch_model;
  } else {
    step.change = Change::move_faces;
    step.number = 1 + static_cast<int>(below(random, 60));
  }
}

void apply_care(World& world, const Step& step) {
  switch (step.change) {
    case Change::encrypt: world.encrypted = true; break;
    case Change::decrypt: world.encrypted = false; break;
    case Change::begin_move: world.moving = true; break;
    case Change::move_faces: {
      const std::vector<int> left = missing(world);
      world.moved.insert(left.begin(), left.begin() + std::min<std::ptrdiff_t>(step.number, std::ssize(left)));
      break;
    }
    case Change::switch_model:
      ++world.model;
      world.calibrations = 0;
      [[fallthrough]];
    case Change::drop_move:
      world.moving = false;
      world.moved.clear();
      break;
    default: break;
  }
}

Status perform_care(Gallery& gallery, const Step& step) {
  const KeySource key = KeySource::from_variable(key_name(step.number));
  switch (step.change) {
    case Change::encrypt: return gallery.encrypt(key);
    case Change::decrypt: return gallery.decrypt();
    case Change::change_key: return gallery.rotate_key(key, {}, RenewKeys::master);
    case Change::renew_keys: return gallery.rotate_key(key, {}, RenewKeys::all);
    case Change::reindex: return status_of(gallery.write_snapshot());
    case Change::begin_move: return gallery.begin_model_move(model_of(model_number(gallery.info().model.id) + 1));
    case Change::move_faces: return move_faces(gallery, step.number);
    case Change::switch_model: return status_of(gallery.switch_model(IfNotMoved::refuse));
    case Change::drop_move: return gallery.drop_model_move();
    default: break;
  }
  VULTUS_TRY(const SubjectId id, subject_named(gallery, step.person));
  VULTUS_TRY(const ForgetProof proof, gallery.forget(id));
  for (const ForgetSearch& one : proof.searched)
    if (one.found > 0) return fail(ErrorCode::corrupt_data, one.what + " of " + step.person + " is still there");
  return {};
}

Status read_care(const Gallery& gallery, const std::map<FaceId, int>& numbers, World& world) {
  const GalleryInfo info = gallery.info();
  world.encrypted = info.encrypted;
  world.model = model_number(info.model.id);
  VULTUS_TRY(const auto move, gallery.model_move());
  world.moving = move.has_value();
  if (!move) return {};
  if (move->to.id != model_id(world.model + 1)) return fail(ErrorCode::corrupt_data, "a move to another model");
  VULTUS_TRY(const auto left, gallery.faces_to_move(FaceId(0), ListOptions::kMaxLimit));
  for (const auto& [face, number] : numbers) world.moved.insert(number);
  for (const EnrolledFace& face : left) world.moved.erase(numbers.at(face.id));
  return {};
}

}  // namespace vultus::crash
