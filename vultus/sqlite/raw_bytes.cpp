// The bytes of a file as they lie on the disk.
#include <algorithm>
#include <fstream>
#include <vector>

#include <vultus/sqlite/connection.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::sqlite {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;

}  // namespace

Status Database::raw_bytes(const std::function<void(const std::string& file, std::span<const std::byte>)>& take) {
  sqlite3_file* file = nullptr;
  sqlite3_int64 size = 0;
  if (sqlite3_file_control(connection_->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr || file->pMethods->xFileSize(file, &size) != SQLITE_OK)
    return fail(ErrorCode::resource_limit, "its bytes cannot be read");
  std::vector<std::byte> block(kBlockBytes);
  for (sqlite3_int64 at = 0; at < size; at += static_cast<sqlite3_int64>(block.size())) {
    const auto now = std::min<sqlite3_int64>(size - at, static_cast<sqlite3_int64>(block.size()));
    if (const int code = file->pMethods->xRead(file, block.data(), static_cast<int>(now), at); code != SQLITE_OK)
      return connection_->error(code);
    take(connection_->name, std::span(block).first(static_cast<std::size_t>(now)));
  }
  // SQLite locks the file and its shared memory, not the log: that one can be opened and closed.
  const std::string log_name = connection_->name + "-wal";
  std::ifstream log(path_with(connection_->path, "-wal"), std::ios::binary);
  while (log) {
    log.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size()));
    take(log_name, std::span(block).first(static_cast<std::size_t>(log.gcount())));
  }
  return {};
}

}  // namespace vultus::sqlite
