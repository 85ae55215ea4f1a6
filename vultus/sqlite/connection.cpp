#include <vultus/sqlite/connection.hpp>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace vultus::sqlite {
namespace {

std::string seconds_text(std::chrono::milliseconds wait) {
  const auto tenths = (wait.count() + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string reason_of(int system_error) {
  return system_error == 0 ? std::string("no reason given") : std::generic_category().message(system_error);
}

/// May this process, as it is now, use a file or folder so? @return 0, or the system's reason
int refusal_of(const std::filesystem::path& path, int how) {
  return ::faccessat(AT_FDCWD, path.c_str(), how, AT_EACCESS) == 0 ? 0 : errno;
}

std::string told(int refusal) {
  return refusal == EROFS ? "a read-only file system" : std::generic_category().message(refusal);
}

}  // namespace

std::optional<Error> Connection::obstacle() const {
  const auto refuse = [&](ErrorCode code, const std::string& message) {
    return vultus::fail(code, name + ": " + message);
  };
  const std::filesystem::path folder = path.parent_path();
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  const bool missing = status.type() == std::filesystem::file_type::not_found;
  if (failure && !missing) return refuse(ErrorCode::resource_limit, "cannot be reached (" + failure.message() + ")");
  if (missing && !std::filesystem::is_directory(folder, failure))
    return refuse(ErrorCode::not_found, "the folder of the " + noun + " does not exist");
  if (const int why = missing ? 0 : refusal_of(path, R_OK); why != 0)
    return refuse(ErrorCode::resource_limit, "the " + noun + " cannot be read (" + told(why) + ")");
  if (const int why = missing ? 0 : refusal_of(path, W_OK); why != 0)
    return refuse(ErrorCode::resource_limit, "the " + noun + " cannot be written (" + told(why) + ")");
  for (const char* suffix : {"-wal", "-shm"})
    if (const int why = refusal_of(path_with(path, suffix), R_OK | W_OK); why != 0 && why != ENOENT)
      return refuse(ErrorCode::resource_limit, path_with(path, suffix).filename().string() + " beside the " + noun +
                                                   " cannot be written (" + told(why) + ")");
  if (const int why = refusal_of(folder, W_OK | X_OK); why != 0)
    return refuse(ErrorCode::resource_limit, "its folder " + folder.string() + " cannot be written (" + told(why) +
                                                 "), and files of a " + noun + " have to be made there");
  return std::nullopt;
}

int Connection::watch_steps(void* connection) {
  auto& self = *static_cast<Connection*>(connection);
  self.steps_run += kStepsBetweenCalls;
  if (self.steps_run <= kStepsAtLeast) return 0;
  std::error_code ignored;
  std::int64_t bytes = 0;
  // Looking at the size opens nothing, so no lock of this process is lost.
  for (const char* suffix : {"", "-wal"}) {
    const auto size = std::filesystem::file_size(path_with(self.path, suffix), ignored);
    if (!ignored) bytes += static_cast<std::int64_t>(size);
  }
  return self.steps_run > kStepsAtLeast + bytes * kStepsPerByte ? 1 : 0;
}

Error Connection::error(int code) const {
  const std::string detail = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  const int system = handle != nullptr ? sqlite3_system_errno(handle) : 0;
  const auto make = [&](ErrorCode kind, const std::string& message) {
    return vultus::fail(kind, name + ": " + message);
  };
  switch (code & 0xff) {
    case SQLITE_CORRUPT: return make(ErrorCode::corrupt_data, "damaged " + noun + " (" + detail + ")");
    case SQLITE_NOTADB: return make(ErrorCode::corrupt_data, "not a " + noun + " (" + detail + ")");
    case SQLITE_INTERRUPT:
      return make(ErrorCode::corrupt_data, "damaged " + noun + " (reading it does not come to an end)");
    case SQLITE_FULL:
      return make(ErrorCode::resource_limit, "disk full or file size limit reached, nothing of this change was kept");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make(ErrorCode::resource_limit, "locked by another process for longer than " + seconds_text(busy_wait));
    case SQLITE_READONLY:
      if (const auto found = obstacle()) return *found;
      return make(ErrorCode::resource_limit, "cannot be written: the " + noun + " or its folder is read-only");
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
      // SQLite tries again for reading where writing was refused, and its reason is that of the second try.
      if (const auto found = obstacle()) return *found;
      return make(ErrorCode::resource_limit, "cannot be opened (" + reason_of(system) + ")");
    case SQLITE_CONSTRAINT: return make(ErrorCode::invalid_argument, detail);
    case SQLITE_NOMEM: return make(ErrorCode::resource_limit, "out of memory");
    case SQLITE_TOOBIG:
      return make(ErrorCode::resource_limit,
                  "holds a value of more than " + std::to_string(OpenOptions::kMaxValueBytes) + " bytes");
    case SQLITE_IOERR:
      if (code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_READ || code == SQLITE_IOERR_CORRUPTFS)
        return make(ErrorCode::corrupt_data, "cannot be read (" + reason_of(system) + ")");
      return make(ErrorCode::resource_limit, "cannot be written (" + reason_of(system) + ")");
    default: return make(ErrorCode::internal, detail);
  }
}

}  // namespace vultus::sqlite
