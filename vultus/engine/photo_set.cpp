#include <vultus/engine/photo_set.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;
using face::QualityMeasure;
using library::Photo;
using library::PhotoFace;
using library::PhotoFile;

std::string absolute(const std::string& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  return (failed ? fs::path(path) : whole).lexically_normal().string();
}

/// Size and time of a file; zeros where it cannot be asked, which no known file has.
PhotoFile stamp_of(const std::string& path) {
  std::error_code failed;
  PhotoFile file{.path = absolute(path), .bytes = 0, .modified = 0, .sha256 = {}};
  const auto bytes = fs::file_size(path, failed);
  if (failed) return file;
  const auto time = fs::last_write_time(path, failed);
  if (failed) return file;
  file.bytes = static_cast<std::int64_t>(bytes);
  file.modified = static_cast<std::int64_t>(time.time_since_epoch().count());
  return file;
}

PhotoFace photo_face(SeenFace&& seen, int number) {
  PhotoFace face{.number = number,
                 .box = seen.face.box,
                 .detection = seen.face.detection,
                 .inter_eye_px = {},
                 .quality = {},
                 .sharpness = {},
                 .yaw = {},
                 .pitch = {},
                 .embedding = *std::move(seen.embedding),
                 .thumbnail = std::move(seen.thumbnail).value_or(std::vector<std::byte>()),
                 .cluster = {}};
  if (seen.face.quality) face.inter_eye_px = seen.face.quality->inter_eye_px;
  if (!seen.quality) return face;
  const auto value = [&](QualityMeasure measure) -> std::optional<float> {
    const auto& found = seen.quality->at(measure);
    return found ? std::optional(found->value) : std::nullopt;
  };
  face.quality = seen.quality->unified;
  face.sharpness = value(QualityMeasure::sharpness);
  face.yaw = value(QualityMeasure::head_pose_yaw);
  face.pitch = value(QualityMeasure::head_pose_pitch);
  return face;
}

/// Photos and files on their way into the set.
class Gathering {
 public:
  Gathering(library::Library* library, const PhotoSetOptions& options) : library_(library), options_(options) {}

  Status begin() {
    if (library_ != nullptr) {
      VULTUS_TRY(set_.content, library_->load());
    }
    for (const PhotoFile& file : set_.content.files) known_files_.emplace(file.path, &file);
    for (const Photo& photo : set_.content.photos) known_photos_.insert(photo.sha256);
    return {};
  }

  /// Whether the library knows the file as it lies there.
  bool take_unchanged(const media::Input& input) {
    const PhotoFile now = stamp_of(input.path);
    named_.insert(now.path);
    const auto known = known_files_.find(now.path);
    const bool same =
        known != known_files_.end() && known->second->bytes == now.bytes && known->second->modified == now.modified;
    set_.files.push_back({.path = input.path, .sha256 = {}, .looked_at = false, .named = true});
    if (same) {
      set_.files.back().sha256 = known->second->sha256;
      ++set_.unchanged;
    }
    return same;
  }

  [[nodiscard]] bool knows(const std::string& sha256) const { return known_photos_.contains(sha256); }

  /// @param at  place of the file in PhotoSet::files
  Status take(std::size_t at, SeenPicture seen) {
    PhotoSetFile& file = set_.files[at];
    PhotoFile stamped = stamp_of(file.path);
    if (seen.error) {
      set_.errors.push_back({seen.path, *seen.error});
      if (known_files_.contains(stamped.path)) gone_.push_back(stamped.path);  // what is known of it is no longer true
      return {};
    }
    file.sha256 = seen.sha256;
    stamped.sha256 = seen.sha256;
    file.looked_at = !seen.left_alone;
    ++(seen.left_alone ? set_.same_bytes : set_.looked_at);
    files_.push_back(std::move(stamped));
    if (!seen.left_alone && fresh_.insert(seen.sha256).second) {
      photos_.push_back(photo_of(std::move(seen)));
    }
    return library_ != nullptr && files_.size() >= options_.batch ? flush() : Status();
  }

  Status flush() {
    if (library_ == nullptr) return {};
    VULTUS_CHECK(library_->add(photos_, files_));
    photos_.clear();
    files_.clear();
    return {};
  }

  Result<PhotoSet> finish() {
    if (library_ == nullptr) {
      set_.content.photos = std::move(photos_);
      set_.content.files = std::move(files_);
      std::ranges::sort(set_.content.photos, {}, &Photo::sha256);
      std::erase_if(set_.files, [](const PhotoSetFile& file) { return file.sha256.empty(); });
      return std::move(set_);
    }
    VULTUS_CHECK(flush());
    find_gone();
    VULTUS_CHECK(library_->forget(gone_));
    VULTUS_TRY(set_.content, library_->load());
    std::erase_if(set_.files, [](const PhotoSetFile& file) { return file.sha256.empty(); });
    for (const PhotoFile& file : set_.content.files)
      if (!named_.contains(file.path)) set_.files.push_back({.path = file.path, .sha256 = file.sha256});
    return std::move(set_);
  }

 private:
  /// Files of the library that are not where they were. One whose folder is away too may come back with it.
  void find_gone() {
    std::vector<std::string> roots;
    for (const std::string& root : options_.roots) roots.push_back((fs::path(absolute(root)) / "").string());
    for (const PhotoFile& file : set_.content.files) {
      std::error_code failed;
      if (named_.contains(file.path) || fs::exists(file.path, failed)) continue;
      const bool below = std::ranges::any_of(roots, [&](const std::string& r) { return file.path.starts_with(r); });
      if (below || fs::is_directory(fs::path(file.path).parent_path(), failed)) {
        gone_.push_back(file.path);
        ++set_.gone;
      } else {
        ++set_.out_of_reach;
      }
    }
  }

  library::Library* library_;
  const PhotoSetOptions& options_;
  PhotoSet set_;
  std::unordered_map<std::string, const PhotoFile*> known_files_;  // of set_.content.files
  std::unordered_set<std::string> known_photos_;
  std::unordered_set<std::string> named_;
  std::unordered_set<std::string> fresh_;
  std::vector<Photo> photos_;
  std::vector<PhotoFile> files_;
  std::vector<std::string> gone_;
};

}  // namespace

library::Photo photo_of(SeenPicture seen) {
  Photo photo{.sha256 = std::move(seen.sha256), .width = seen.width, .height = seen.height, .faces = {}};
  int number = 0;
  for (SeenFace& face : seen.faces)
    if (face.embedding) photo.faces.push_back(photo_face(std::move(face), ++number));
  return photo;
}

library::LibraryModel library_model(const Engine& engine) {
  return {.id = engine.preset().template_model(), .dimension = engine.dimension(), .preset = engine.preset().id};
}

Result<PhotoSet> gather_photos(
    const Engine& engine, std::span<const media::Input> inputs, library::Library* library,
    const PhotoSetOptions& options,
    const std::function<Status(std::size_t, const std::optional<media::InputError>&)>& progress,
    const std::stop_token& stop) {
  Gathering gathering(library, options);
  VULTUS_CHECK(gathering.begin());
  std::vector<media::Input> fresh;
  std::vector<std::size_t> place_of;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].standard_input)
      return fail(ErrorCode::invalid_argument, "standard input is one picture; folders and files are clustered");
    if (gathering.take_unchanged(inputs[i])) continue;
    fresh.push_back(inputs[i]);
    place_of.push_back(i);
  }
  LookOptions look{.depth = Depth::embed_all,
                   .limits = options.limits,
                   .hash = true,
                   .leave_alone = {},
                   .thumbnails = options.thumbnails || library != nullptr,
                   .quality = true};
  if (library != nullptr)
    look.leave_alone = [&](const media::Input&, const std::string& sha256) { return gathering.knows(sha256); };
  std::size_t done = 0;
  const std::size_t before = inputs.size() - fresh.size();
  if (progress) VULTUS_CHECK(progress(before, std::nullopt));
  const Status looked = engine.look_at(
      fresh, look,
      [&](SeenPicture seen) -> Status {
        std::optional<media::InputError> error;
        if (seen.error) error = {seen.path, *seen.error};
        VULTUS_CHECK(gathering.take(place_of[done++], std::move(seen)));
        return progress ? progress(before + done, error) : Status();
      },
      stop);
  // What was looked at is kept, also when somebody stopped the rest.
  if (looked || looked.error().code == ErrorCode::cancelled) VULTUS_CHECK(gathering.flush());
  if (!looked) return looked.error();
  return gathering.finish();
}

}  // namespace vultus::engine
