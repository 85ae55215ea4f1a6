#include <cerrno>
#include <system_error>

#include <fcntl.h>
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
    return fail(ErrorCode::invalid_argument, "the secret key " + path.string() +
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

Status replace_file(const std::filesystem::path& path, ByteView bytes, mode_t mode) {
  const std::filesystem::path beside = path.string() + ".new-" + std::to_string(::getpid());
  {
    const OpenFile file(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (file.number() < 0) return cannot_open(beside).with_context("no file can be made");
    if (Status written = write_all(file, bytes, path); !written) {
      ::unlink(beside.c_str());
      return written;
    }
  }
  if (::rename(beside.c_str(), path.c_str()) == 0) return {};
  const std::string reason = why();
  ::unlink(beside.c_str());
  return fail(ErrorCode::resource_limit, path.string() + " cannot be replaced" + reason);
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path) { return read_all(path, false); }
Result<Bytes> read_secret_file(const std::filesystem::path& path) { return read_all(path, true); }

Status write_file(const std::filesystem::path& path, ByteView bytes) { return replace_file(path, bytes, 0666); }
Status write_private_file(const std::filesystem::path& path, ByteView bytes) { return replace_file(path, bytes, 0600); }

Status write_secret_file(const std::filesystem::path& path, ByteView bytes) {
  const OpenFile file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number() < 0 && errno == EEXIST)
    return fail(ErrorCode::invalid_argument, "the secret key " + path.string() + " is there already");
  if (file.number() < 0) return cannot_open(path).with_context("no file can be made");
  Status written = write_all(file, bytes, path);
  if (!written) ::unlink(path.c_str());
  return written;
}

}  // namespace vultus::sealed
