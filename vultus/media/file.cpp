#include <vultus/media/file.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/media/system_error.hpp>

namespace vultus::media {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  /// Closes now and tells whether that worked: a full disk may show only here.
  [[nodiscard]] bool close() {
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0;
  }

 private:
  int number_;
};

Status refuse_unless_regular(const std::string& path, mode_t mode) {
  const auto refuse = [&](const char* what) {
    return fail(ErrorCode::invalid_argument, path + ": " + what + ", not a file");
  };
  if (S_ISREG(mode)) return {};
  if (S_ISDIR(mode)) return refuse("a folder");
  if (S_ISFIFO(mode)) return refuse("a pipe (standard input is called \"-\")");
  if (S_ISSOCK(mode)) return refuse("a socket");
  return refuse("a device");
}

Error too_large(const std::string& name, std::size_t bytes, std::size_t max_bytes) {
  return fail(ErrorCode::resource_limit, name + ": " + (bytes > 0 ? std::to_string(bytes) : "more") +
                                             " bytes, the limit is " + std::to_string(max_bytes));
}

/// Reads to the end of a descriptor; `expected` bytes are only a hint.
Status read_all(int descriptor, const std::string& name, std::size_t expected, std::size_t max_bytes,
                std::vector<std::uint8_t>& into) {
  std::size_t size = 0;
  // One byte more than expected, so that the read that finds the end needs no new memory.
  into.resize(expected + 1);
  while (true) {
    if (size == into.size()) into.resize(into.size() + std::max(into.size() / 2, kChunk));
    const ssize_t got = ::read(descriptor, into.data() + size, into.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_failure(name, "cannot read", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > max_bytes) return too_large(name, 0, max_bytes);
  }
  into.resize(size);
  return {};
}

/// The file that will be replaced: the target of a symbolic link, so that the link itself survives.
Result<std::string> real_target(const std::string& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return path;
  if (!S_ISLNK(info.st_mode)) return path;
  char* const resolved = ::realpath(path.c_str(), nullptr);
  if (resolved == nullptr) return system_failure(path, "cannot write", errno);
  std::string target = resolved;
  std::free(resolved);  // NOLINT(cppcoreguidelines-no-malloc): realpath gives malloc's memory
  return target;
}

bool write_all(int descriptor, std::span<const std::uint8_t> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::write(descriptor, bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    done += static_cast<std::size_t>(put);
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Permissions of a new file: what the user's umask leaves of 0666.
mode_t mode_of_new_files() {
  const std::string probe = "/proc/self/status";  // umask() itself can only be read by changing it, for all threads
  std::vector<std::uint8_t> bytes;
  if (read_file_into(probe, kChunk, bytes)) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t at = text.find("Umask:");
    if (at != std::string_view::npos)
      return 0666U & ~static_cast<mode_t>(std::strtoul(std::string(text.substr(at + 6, 8)).c_str(), nullptr, 8));
  }
  return 0644U;
}

/// Gives the file the permissions and, where the system allows it, the owner of the one it replaces.
bool take_over(int descriptor, const std::string& target) {
  struct stat old {};
  if (::stat(target.c_str(), &old) != 0) return ::fchmod(descriptor, mode_of_new_files()) == 0;
  [[maybe_unused]] const int only_root_may = ::fchown(descriptor, old.st_uid, old.st_gid);
  return ::fchmod(descriptor, old.st_mode & 07777U) == 0;
}

Status write_and_rename(const std::string& path, const std::string& target, std::span<const std::uint8_t> bytes) {
  // A short name of its own: the target's name may already be as long as the file system allows.
  std::string temporary = folder_of(target) + "/.vultus-XXXXXX";
  Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) return system_failure(path, "cannot write", errno);
  const auto give_up = [&](int reason) {
    ::unlink(temporary.c_str());
    return system_failure(path, "cannot write", reason);
  };
  if (!take_over(file.number(), target) || !write_all(file.number(), bytes) || ::fsync(file.number()) != 0)
    return give_up(errno);
  if (!file.close()) return give_up(errno);
  if (::rename(temporary.c_str(), target.c_str()) != 0) return give_up(errno);
  // The name itself must reach the disk too. Some file systems cannot synchronise a folder: then nothing is lost
  // that could be kept.
  const Descriptor folder(::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() >= 0) (void)::fsync(folder.number());
  return {};
}

}  // namespace

Status read_file_into(const std::string& path, std::size_t max_bytes, std::vector<std::uint8_t>& into) {
  return guarded(path, [&]() -> Status {
    // Looked at before it is opened: opening some devices has effects. O_NONBLOCK, because what lies there may have
    // become a pipe in between.
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return system_failure(path, "cannot read", errno);
    VULTUS_CHECK(refuse_unless_regular(path, info.st_mode));
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.number() < 0 || ::fstat(file.number(), &info) != 0) return system_failure(path, "cannot read", errno);
    VULTUS_CHECK(refuse_unless_regular(path, info.st_mode));
    const auto size = static_cast<std::size_t>(info.st_size);
    if (size > max_bytes) return too_large(path, size, max_bytes);
    return read_all(file.number(), path, size, max_bytes, into);
  });
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path, std::size_t max_bytes) {
  std::vector<std::uint8_t> bytes;
  VULTUS_CHECK(read_file_into(path, max_bytes, bytes));
  return bytes;
}

Status standard_input_can_be_read() {
  const auto refuse = [](const char* what) {
    return fail(ErrorCode::invalid_argument,
                std::string("standard input: ") + what + "; send a picture or a video through a pipe or with <");
  };
  const int flags = ::fcntl(STDIN_FILENO, F_GETFL);
  // A program may hold the place of a closed input with something that cannot be read.
  if (flags < 0 || (flags & O_ACCMODE) == O_WRONLY) return refuse("closed");
  if (::isatty(STDIN_FILENO) == 1) return refuse("a terminal");
  return {};
}

Result<std::vector<std::uint8_t>> read_standard_input(std::size_t max_bytes) {
  const std::string name = "standard input";
  VULTUS_CHECK(standard_input_can_be_read());
  return guarded(name, [&]() -> Result<std::vector<std::uint8_t>> {
    std::vector<std::uint8_t> bytes;
    VULTUS_CHECK(read_all(STDIN_FILENO, name, std::min(kChunk, max_bytes), max_bytes, bytes));
    return bytes;
  });
}

Status write_file_atomically(const std::string& path, std::span<const std::uint8_t> bytes) {
  return guarded(path, [&]() -> Status {
    VULTUS_TRY(const std::string target, real_target(path));
    struct stat info {};
    if (::stat(target.c_str(), &info) == 0) {
      VULTUS_CHECK(refuse_unless_regular(path, info.st_mode));
      // A rename would replace a file that its owner has made read-only.
      if (::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0)
        return system_failure(path, "cannot write", errno);
    }
    return write_and_rename(path, target, bytes);
  });
}

Status write_file_atomically(const std::string& path, std::string_view text) {
  return write_file_atomically(path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace vultus::media
