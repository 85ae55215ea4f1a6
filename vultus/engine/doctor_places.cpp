// What doctor says about the folders of the cache and of galleries.
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include <vultus/core/embedding.hpp>
#include <vultus/engine/doctor_parts.hpp>
#include <vultus/gallery/gallery.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMegabyte = 1'000'000;
/// Room for all networks, their archives while they are unpacked, and the compiled networks.
constexpr std::int64_t kRoomWanted = 600 * kMegabyte;

/// A folder of its own below another one, removed with all that is in it.
class WorkFolder {
 public:
  /// @param why  set where it cannot be made
  static Result<WorkFolder> make(const fs::path& parent, std::error_code& why) {
    std::string pattern = (parent / "vultus-doctor-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      why = std::error_code(errno, std::generic_category());
      return fail(ErrorCode::resource_limit, parent.string() + " cannot be written: " + why.message());
    }
    return WorkFolder(pattern);
  }
  WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// The folder, or the nearest one around it that is there: where it would be made.
fs::path nearest(fs::path folder) {
  std::error_code failed;
  folder = fs::absolute(folder, failed);
  while (!fs::exists(folder, failed) && folder.has_relative_path()) folder = folder.parent_path();
  return folder;
}

/// Whether a folder is there and holds nothing, or what Vultus keeps in it: whose owner may be changed.
bool is_own_cache(const fs::path& cache) {
  std::error_code failed;
  return fs::is_directory(cache / "models", failed) || (fs::is_empty(cache, failed) && !failed);
}

/// One face in, closed, opened again, found by its template.
Status write_and_read(const fs::path& folder) {
  const ModelId model("doctor");
  VULTUS_TRY(const Embedding face, Embedding::normalised(model, {3, 4}));
  const fs::path path = folder / "doctor.vgal";
  {
    VULTUS_TRY(Gallery gallery,
               Gallery::open({.path = path,
                              .access = GalleryAccess::create_or_open,
                              .model = GalleryModel{.id = model, .dimension = 2, .sha256 = {}, .preset = {}}}));
    const NewFace enrolled{.subject = "Doctor", .embedding = face};
    VULTUS_CHECK(gallery.enrol({&enrolled, 1}));
  }
  VULTUS_TRY(const Gallery gallery, Gallery::open({.path = path, .access = GalleryAccess::read_only}));
  VULTUS_TRY(const auto found, gallery.search(face));
  if (found.size() != 1 || found[0].similarity.value() < 0.999F)
    return fail(ErrorCode::internal, "the face that was written was not found again");
  VULTUS_TRY(const auto checked, gallery.check());
  if (!checked.sound()) return fail(ErrorCode::corrupt_data, checked.findings.front());
  return {};
}

}  // namespace

std::string cache_fix(const fs::path& cache, const std::error_code& why) {
  std::string other = "name a folder of your own with VULTUS_CACHE";
  if (why == std::errc::no_space_on_device || why == std::error_code(EDQUOT, std::generic_category()))
    return "free some room, or name a folder on another disk with VULTUS_CACHE";
  if (why == std::errc::read_only_file_system) return "the disk is read-only: " + other;
  if (why != std::errc::permission_denied && why != std::errc::operation_not_permitted) return other;
  std::error_code failed;
  const fs::path full = fs::absolute(cache, failed);
  const std::string owner = "sudo chown \"$USER\" " + shell_word(full) + "   (or " + other + ")";
  // Never the folder around it, which may be that of the whole system, and none that is somebody else's.
  if (!fs::exists(full, failed)) return "sudo mkdir -p " + shell_word(full) + " && " + owner;
  return is_own_cache(full) ? owner : other;
}

Finding examine_cache(const fs::path& cache) {
  Finding found{.area = "cache", .subject = cache.string(), .facts = {}};
  const fs::path there = nearest(cache);
  std::error_code failed;
  const fs::space_info space = fs::space(there, failed);
  const auto room = failed ? std::int64_t{0} : static_cast<std::int64_t>(space.available);
  std::error_code why;
  const auto folder = WorkFolder::make(there, why);
  Status written = folder ? Status() : Status(folder.error());
  if (folder) {
    std::ofstream file(folder->path() / "bytes", std::ios::binary);
    file << std::string(4096, 'v');
    file.close();
    if (!file) {
      why = std::make_error_code(std::errc::no_space_on_device);
      written = fail(ErrorCode::resource_limit, there.string() + " cannot be written: is the disk full?");
    }
  }
  found.facts = {{"path", cache.string()}, {"free_bytes", room}, {"writable", written.has_value()}};
  if (!written) {
    // Networks that are there are used all the same; they are only made ready anew at each start.
    found.health = Health::note;
    found.text = written.error().message + "; networks that are there are used, none can be fetched";
    found.fix = cache_fix(cache, why);
  } else if (room < kRoomWanted) {
    found.health = Health::note;
    found.text = fmt::format("writable, {} MB free; {} MB are wanted to fetch all networks", room / kMegabyte,
                             kRoomWanted / kMegabyte);
    found.fix = "free some room, or name a folder on another disk with VULTUS_CACHE";
  } else {
    found.text = fmt::format("writable, {:.1f} GB free", static_cast<double>(room) / (1000.0 * kMegabyte));
  }
  return found;
}

Finding examine_gallery(const fs::path& folder) {
  const fs::path there = nearest(folder);
  const std::string fix =
      "keep galleries in a folder on a local disk that you may write: vultus doctor FOLDER tries one";
  std::error_code why;
  const auto work = WorkFolder::make(there, why);
  if (!work) return problem("gallery", folder.string(), work.error(), fix);
  const auto begin = std::chrono::steady_clock::now();
  if (const Status done = write_and_read(work->path()); !done)
    return problem("gallery", folder.string(), done.error(), fix);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  return {.area = "gallery",
          .subject = folder.string(),
          .health = Health::fine,
          .text = fmt::format("a face was written, synchronised and found again in {:.0f} ms", took.count()),
          .fix = {},
          .code = {},
          .facts = {{"path", there.string()}, {"milliseconds", took.count()}}};
}

}  // namespace vultus::engine
