// Copying a file while it is used.
#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include <vultus/sqlite/connection.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {
namespace {

/// Puts on the disk what the name stands for: a file, or the names in a folder.
bool synchronise(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

/// Removes a copy that was not finished.
class Unfinished {
 public:
  explicit Unfinished(std::filesystem::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      std::filesystem::remove(path_with(path_, suffix), ignored);
  }

 private:
  std::filesystem::path path_;
};

Status copy_pages(Connection& from, Connection& to, int pages_a_step, const std::stop_token& stop) {
  sqlite3_backup* copy = sqlite3_backup_init(to.handle, "main", from.handle, "main");
  if (copy == nullptr) return to.error(sqlite3_errcode(to.handle));
  int code = SQLITE_OK;
  while (code == SQLITE_OK && !stop.stop_requested()) code = sqlite3_backup_step(copy, pages_a_step);
  const int finished = sqlite3_backup_finish(copy);
  if (code == SQLITE_DONE) return finished == SQLITE_OK ? Status() : Status(to.error(finished));
  if (code == SQLITE_OK) return fail(ErrorCode::cancelled, from.name + ": the backup was stopped");
  // What cannot be read is this file's fault, what cannot be written the other's.
  const int kind = code & 0xff;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB ? from.error(code) : to.error(code);
}

}  // namespace

Status Database::backup(const std::filesystem::path& to, int pages_a_step, const std::stop_token& stop) {
  std::error_code failed;
  if (to.empty() || std::filesystem::exists(to, failed))
    return vultus::fail(ErrorCode::invalid_argument,
                        to.string() + ": something is there already, a backup is a new file");
  if (!std::filesystem::is_directory(std::filesystem::absolute(to).parent_path(), failed))
    return vultus::fail(ErrorCode::not_found, to.string() + ": the folder of the backup does not exist");
  const std::filesystem::path part = path_with(to, ".part");
  const Unfinished unfinished(part);
  {
    Connection made;
    made.path = part;
    made.name = to.string();
    made.noun = "backup";
    std::filesystem::remove(part, failed);
    if (const int code = sqlite3_open_v2(part.c_str(), &made.handle,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, nullptr);
        code != SQLITE_OK)
      return made.error(code);
    // One view of this file for all steps: without it every change by others would begin the copy anew.
    const bool in_transaction = sqlite3_get_autocommit(connection_->handle) == 0;
    if (!in_transaction) VULTUS_CHECK(execute("BEGIN"));
    const Result<std::int64_t> looked = integer("SELECT count(*) FROM sqlite_schema");  // takes the view
    const Status copied = looked ? copy_pages(*connection_, made, pages_a_step, stop) : Status(looked.error());
    if (!in_transaction) VULTUS_CHECK(execute("COMMIT"));
    VULTUS_CHECK(copied);
  }
  if (!synchronise(part))
    return vultus::fail(ErrorCode::resource_limit, to.string() + ": the backup could not be put on the disk");
  std::filesystem::rename(part, to, failed);
  if (failed || !synchronise(std::filesystem::absolute(to).parent_path()))
    return vultus::fail(ErrorCode::resource_limit, to.string() + ": cannot be written (" + failed.message() + ")");
  return {};
}

}  // namespace vultus::sqlite
