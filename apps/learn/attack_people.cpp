#include <apps/learn/attack_people.hpp>

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::learning {
namespace {

namespace fs = std::filesystem;

bool is_picture(const fs::path& file) {
  const std::string ending = file.extension().string();
  return ending == ".jpg" || ending == ".jpeg" || ending == ".png" || ending == ".JPG" || ending == ".PNG";
}

/// The first two pictures of every folder that has two, by name.
Result<std::vector<std::pair<fs::path, fs::path>>> pairs_of(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> people;
  for (const auto& entry : fs::directory_iterator(folder, failed))
    if (entry.is_directory()) people.push_back(entry.path());
  if (failed) return fail(ErrorCode::not_found, folder.string() + ": " + failed.message());
  std::ranges::sort(people);
  std::vector<std::pair<fs::path, fs::path>> pairs;
  for (const fs::path& person : people) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(person, failed))
      if (is_picture(entry.path())) files.push_back(entry.path());
    if (failed) return fail(ErrorCode::not_found, person.string() + ": " + failed.message());
    std::ranges::sort(files);
    if (files.size() >= 2) pairs.emplace_back(files[0], files[1]);
  }
  return pairs;
}

}  // namespace

Result<std::optional<FaceObservation>> attack_face_of(face::FaceFinder& finder, ImageView picture) {
  VULTUS_TRY(auto faces, finder.find(picture));
  const auto main = std::ranges::max_element(faces, {}, [&](const FaceObservation& face) {
    return face::prominence(face.box, picture.width, picture.height);
  });
  if (main == faces.end()) return std::optional<FaceObservation>();
  return std::optional<FaceObservation>(std::move(*main));
}

Result<std::vector<AttackPerson>> attack_people(const fs::path& folder, std::size_t most, std::uint64_t seed,
                                                face::FaceFinder& finder, std::size_t& left_out) {
  VULTUS_TRY(auto pairs, pairs_of(folder));
  evaluation::Random random(seed);
  for (std::size_t i = pairs.size(); i > 1; --i)
    std::swap(pairs[i - 1], pairs[static_cast<std::size_t>(random.below(i))]);
  std::vector<AttackPerson> people;
  for (const auto& [first, second] : pairs) {
    if (people.size() == most) break;
    AttackPerson person;
    person.name = first.parent_path().filename().string();
    VULTUS_TRY(media::Picture attacked, media::read_picture(first.string()));
    VULTUS_TRY(media::Picture enrolled, media::read_picture(second.string()));
    VULTUS_TRY(auto face, attack_face_of(finder, attacked.image.view()));
    VULTUS_TRY(auto other, attack_face_of(finder, enrolled.image.view()));
    if (!face || !other) {
      ++left_out;
      continue;
    }
    person.attacked = std::move(attacked.image), person.enrolled = std::move(enrolled.image);
    person.face = *std::move(face), person.enrolled_face = *std::move(other);
    people.push_back(std::move(person));
  }
  if (people.size() < 2)
    return fail(ErrorCode::not_found, fmt::format("{}: {} people with two pictures that show a face, 2 are needed",
                                                  folder.string(), people.size()));
  return people;
}

}  // namespace vultus::learning
