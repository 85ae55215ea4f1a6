#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/sealed/format.hpp>

namespace vultus::sealed {
namespace {

std::string why() { return " (" + std::generic_category().message(errno) + ")"; }

/// A file descriptor that is closed.
class OpenFile {
 public:
  explicit OpenFile(int number) : number_(number) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Error cannot_open(const std::filesystem::path& path) {
  const bool missing = errno == ENOENT || errno == ENOTDIR;
  return fail(missing ? ErrorCode::not_found : ErrorCode::resource_limit,
              path.string() + (missing ? " is not there" : " cannot be opened" + why()));
}

Result<Bytes> read_all(const std::filesystem::path& path, bool secret) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.number() < 0) return cannot_open(path);
  struct stat about {};
  if (::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode))
    return fail(ErrorCode::invalid_argument, path.string() + " is not a regular file");
  if (secret && (about.st_mode & 077U) != 0)
    return fail(ErrorCode::invalid_argument, "the private file " + path.string() +
                                                 " can be read or written by others; run: chmod 600 '" + path.string() +
                                                 "'");
  if (static_cast<std::uint64_t>(about.st_size) > kMaxFileBytes)
    return fail(ErrorCode::resource_limit, path.string() + " has " + std::to_string(about.st_size) +
                                               " bytes, the limit is " + std::to_string(kMaxFileBytes));
  Bytes bytes(static_cast<std::size_t>(about.st_size));
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t got = ::read(file.number(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail(ErrorCode::resource_limit, path.string() + " cannot be read to its end" + why());
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

Status write_all(const OpenFile& file, ByteView bytes, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file.number(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return fail(ErrorCode::resource_limit, path.string() + " cannot be written" + why());
    bytes = bytes.subspan(static_cast<std::size_t>(wrote));
  }
  if (::fsync(file.number()) != 0)
    return fail(ErrorCode::resource_limit, path.string() + " cannot be brought to the disk" + why());
  return {};
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

/// A new name is on the disk when its folder is. A folder that may be written but not read is left to the system.
Status keep_name(const std::filesystem::path& path) {
  const OpenFile folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0 || ::fsync(folder.number()) == 0 || errno == EINVAL) return {};
  return fail(ErrorCode::resource_limit, "the folder of " + path.string() + " cannot be brought to the disk" + why());
}

Status replace_file(const std::filesystem::path& path, ByteView bytes, mode_t mode) {
  VULTUS_CHECK(spare_secret_key(path));
  static std::atomic<int> writes{0};  // threads of one process may write one file
  const std::filesystem::path beside =
      path.string() + ".new-" + std::to_string(::getpid()) + "-" + std::to_string(writes.fetch_add(1));
  {
    const OpenFile file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.number() < 0) return cannot_open(beside).with_context("no file can be made");
    if (Status written = write_all(file, bytes, path); !written) {
      ::unlink(beside.c_str());
      return written;
    }
  }
  if (::rename(beside.c_str(), path.c_str()) == 0) return keep_name(path);
  const std::string reason = why();
  ::unlink(beside.c_str());
  return fail(ErrorCode::resource_limit, path.string() + " cannot be replaced" + reason);
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path) { return read_all(path, false); }
Result<Bytes> read_secret_file(const std::filesystem::path& path) { return read_all(path, true); }

Status spare_secret_key(const std::filesystem::path& path) {
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat about {};
  if (file.number() < 0 || ::fstat(file.number(), &about) != 0 || !S_ISREG(about.st_mode)) return {};
  std::array<std::uint8_t, 16> beginning{};  // more than a magic, a version and a kind
  ssize_t got = 0;
  do {
    got = ::read(file.number(), beginning.data(), beginning.size());
  } while (got < 0 && errno == EINTR);
  if (got <= 0 || kind_of(ByteView(beginning).first(static_cast<std::size_t>(got))) != FileKind::secret_key) return {};
  return fail(ErrorCode::invalid_argument,
              path.string() + " holds a secret key, and no secret key is replaced; name another file");
}

Status write_file(const std::filesystem::path& path, ByteView bytes) { return replace_file(path, bytes, 0666); }
Status write_private_file(const std::filesystem::path& path, ByteView bytes) { return replace_file(path, bytes, 0600); }

Status write_secret_file(const std::filesystem::path& path, ByteView bytes) {
  const OpenFile file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0 && errno == EEXIST)
    return fail(ErrorCode::invalid_argument, "the private file " + path.string() + " is there already");
  if (file.number() < 0) return cannot_open(path).with_context("no file can be made");
  Status written = write_all(file, bytes, path);
  if (written) return keep_name(path);
  ::unlink(path.c_str());
  return written;
}

FolderTurn::~FolderTurn() {
  if (number_ >= 0) ::close(number_);
}

Result<FolderTurn> FolderTurn::take(const std::filesystem::path& file, const std::stop_token& stop) {
  constexpr auto kPoll = std::chrono::milliseconds(20);
  // The folder, not the file: that one is replaced by another when it is written.
  FolderTurn turn(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (turn.number_ < 0) return cannot_open(folder_of(file));
  while (::flock(turn.number_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return fail(ErrorCode::resource_limit, folder_of(file).string() + " cannot be locked" + why());
    if (stop.stop_requested())
      return fail(ErrorCode::cancelled, "stopped while another program changed " + file.string());
    std::this_thread::sleep_for(kPoll);
  }
  return turn;
}

}  // namespace vultus::sealed
