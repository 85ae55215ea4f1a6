#include <vultus/engine/attack_set.hpp>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/engine/picture_decoder.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/face/prominence.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

/// A picture with a face, kept for the next one's seam.
struct AttackedPerson {
  Image picture;
  studio::AttackedFace face;
};

Status write_png(const fs::path& path, ImageView image) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  if (failed)
    return fail(ErrorCode::resource_limit,
                path.parent_path().string() + ": the folder cannot be made: " + failed.message());
  VULTUS_TRY(const auto png, media::encode_png(image));
  return media::write_file_atomically(path.string(), png);
}

Json attack_json(const studio::PlantedAttack& made, const studio::AttackPlan& plan, const std::string& file,
                 const std::string& source) {
  Json row{{"file", file},
           {"source", source},
           {"family", std::string(name_of(plan.family))},
           {"strength", plan.strength},
           {"seed", plan.seed},
           {"parameters", made.parameters}};
  if (!made.place.empty()) row["place"] = made.place;
  return row;
}

Status check_set(const AttackSetOptions& options) {
  if (options.families.empty()) return fail(ErrorCode::invalid_argument, "planted attacks: no family was named");
  if (!(options.least > 0 && options.least <= options.most && options.most <= 1))
    return fail(ErrorCode::invalid_argument, fmt::format("planted attacks: strengths from {} to {}, allowed are values "
                                                         "above 0 up to 1, the smaller first",
                                                         options.least, options.most));
  return {};
}

Status write_truth(const std::string& path, const AttackSetOptions& options, Json attacks) {
  const Json truth{{"format", "vultus planted attacks"},
                   {"version", 1},
                   {"planted", true},
                   {"seed", options.seed},
                   {"masks", options.masks},
                   {"attacks", std::move(attacks)}};
  return media::write_file_atomically(path, truth.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

Result<AttackSetMade> make_attack_set(const Engine& engine, std::span<const media::Input> inputs,
                                      const AttackSetOptions& options, const std::string& folder,
                                      const std::function<void(std::size_t)>& progress, const std::stop_token& stop) {
  VULTUS_CHECK(check_set(options));
  VULTUS_TRY(face::FaceFinder finder, engine.make_finder());
  VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
  AttackSetMade made;
  Json rows = Json::array();
  std::optional<AttackedPerson> before;
  std::set<std::string> taken;
  for (std::size_t number = 0; number < inputs.size(); ++number) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "planted attacks: stopped");
    if (progress) progress(number);
    media::Picture picture;
    if (const Status read = decoder.read(inputs[number].path, {.limits = options.limits}, picture); !read) {
      made.unread.push_back({inputs[number].path, read.error()});
      continue;
    }
    const ImageView view = picture.image.view();
    VULTUS_TRY(const auto faces, finder.find(view));
    if (faces.empty()) {
      ++made.without_face;
      continue;
    }
    const FaceObservation& face = face::most_prominent(faces, view.width, view.height);
    std::string name = fs::path(inputs[number].path).stem().string();
    while (!taken.insert(name).second) name += "-2";
    VULTUS_CHECK(write_png(fs::path(folder) / "live" / (name + ".png"), view));
    ++made.people;
    const studio::AttackedFace attacked_face{face.box, face.keypoints};
    for (const studio::AttackFamily family : options.families) {
      if (needs_donor(family) && !before) continue;
      // Draws of each picture and family are its own: they do not depend on what else is made.
      evaluation::Random random(options.seed * 1'000'003 + number * 16 + static_cast<std::uint64_t>(family));
      const studio::AttackPlan plan{.family = family,
                                    .strength = options.least + (options.most - options.least) * random.unit(),
                                    .seed = random.next()};
      const auto donor =
          before ? std::optional(studio::Donor{before->picture.view(), before->face.keypoints}) : std::nullopt;
      const auto attack = studio::attacked(view, attacked_face, plan, donor);
      if (!attack) {
        // The picture is not one for this attack; everything else went wrong.
        if (attack.error().code != ErrorCode::invalid_argument) return attack.error();
        ++made.not_planted;
        continue;
      }
      const std::string file = std::string(name_of(family)) + "/" + name + ".png";
      VULTUS_CHECK(write_png(fs::path(folder) / "attack" / file, attack->picture.view()));
      if (options.masks) VULTUS_CHECK(write_png(fs::path(folder) / "mask" / file, attack->mask.view()));
      rows.push_back(attack_json(*attack, plan, "attack/" + file, inputs[number].path));
      ++made.attacks;
    }
    before = AttackedPerson{std::move(picture.image), attacked_face};
  }
  if (made.people == 0)
    return fail(ErrorCode::invalid_argument, "planted attacks: in none of the pictures a face was found");
  made.truth = (fs::path(folder) / "truth.json").string();
  VULTUS_CHECK(write_truth(made.truth, options, std::move(rows)));
  return made;
}

}  // namespace vultus::engine
