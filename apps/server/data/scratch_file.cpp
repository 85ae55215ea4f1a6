#include <apps/server/data/scratch_file.hpp>

#include <fstream>
#include <system_error>

#include <apps/server/data/random_hex.hpp>

namespace vultus::server {
namespace fs = std::filesystem;

Result<std::shared_ptr<const ScratchFile>> ScratchFile::reserve(const fs::path& folder, const std::string& ending) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) return fail(ErrorCode::resource_limit, folder.string() + ": cannot be made: " + failed.message());
  return std::make_shared<const ScratchFile>(folder / (random_hex() + ending));
}

Result<std::shared_ptr<const ScratchFile>> ScratchFile::write(const fs::path& folder, const std::string& ending,
                                                              std::string_view bytes) {
  VULTUS_TRY(auto file, reserve(folder, ending));
  std::ofstream out(file->path(), std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out)
    return fail(ErrorCode::resource_limit,
                folder.string() + ": " + std::to_string(bytes.size()) + " bytes cannot be written: is the disk full?");
  return file;
}

void ScratchFile::clear(const fs::path& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

ScratchFile::~ScratchFile() {
  std::error_code ignored;
  for (const char* beside : {"", "-wal", "-shm", "-journal"}) fs::remove(path_.string() + beside, ignored);
}

}  // namespace vultus::server
