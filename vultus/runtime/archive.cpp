#include <vultus/runtime/archive.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include <archive.h>
#include <archive_entry.h>

namespace vultus::runtime {
namespace {

constexpr std::size_t kBlock = 64U << 10U;

struct CloseArchive {
  void operator()(::archive* a) const { archive_read_free(a); }
};
using ArchiveReader = std::unique_ptr<::archive, CloseArchive>;

/// A file that is on the disk once finish() has succeeded.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& path)
      : path_(path.string()), number_(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {}
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (number_ >= 0) ::close(number_);
  }

  Status write(const char* data, std::size_t size) {
    while (number_ >= 0 && size > 0) {
      const ssize_t done = ::write(number_, data, size);
      if (done < 0 && errno == EINTR) continue;
      if (done < 0) return refused();
      data += done, size -= static_cast<std::size_t>(done);
    }
    return number_ >= 0 ? Status() : refused();
  }
  Status finish() {
    if (number_ < 0 || ::fsync(number_) != 0) return refused();
    const int number = number_;
    number_ = -1;
    return ::close(number) == 0 ? Status() : refused();
  }

 private:
  [[nodiscard]] Status refused() const {
    return fail(ErrorCode::resource_limit, path_ + ": cannot be written: " + std::strerror(errno));
  }
  std::string path_;
  int number_;
};

std::string_view inside(std::string_view name, TopFolder top) {
  if (name.starts_with("./")) name.remove_prefix(2);
  if (top == TopFolder::kept) return name;
  const std::size_t slash = name.find('/');
  return slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
}

struct Target {
  const WantedMember* wanted;
  std::unique_ptr<NewFile> file;
  std::int64_t written = 0;
  [[nodiscard]] std::int64_t last() const { return wanted->offset + wanted->bytes; }
};

/// The part of a block that belongs to a target.
Status take(Target& target, std::int64_t position, const char* data, std::int64_t size) {
  const std::int64_t from = std::max(position, target.wanted->offset);
  const std::int64_t to = std::min(position + size, target.last());
  if (from < to) {
    VULTUS_CHECK(target.file->write(data + (from - position), static_cast<std::size_t>(to - from)));
    target.written += to - from;
  }
  if (!target.wanted->end && position + size > target.last())
    return fail(ErrorCode::corrupt_data, target.wanted->path + " is longer than the " +
                                             std::to_string(target.wanted->bytes) + " bytes of its manifest");
  return {};
}

Status copy_entry(::archive* reader, std::vector<Target>& targets, const std::stop_token& stop) {
  std::vector<char> block(kBlock);
  const bool whole = std::ranges::any_of(targets, [](const Target& t) { return !t.wanted->end; });
  std::int64_t last = 0;
  for (const Target& target : targets) last = std::max(last, target.last());
  for (std::int64_t position = 0; whole || position < last;) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "unpacking was stopped");
    const la_ssize_t got = archive_read_data(reader, block.data(), block.size());
    if (got < 0) {
      const char* reason = archive_error_string(reader);
      return fail(ErrorCode::corrupt_data, targets.front().wanted->path + ": " + (reason ? reason : "damaged"));
    }
    if (got == 0) break;
    for (Target& target : targets) VULTUS_CHECK(take(target, position, block.data(), got));
    position += got;
  }
  for (Target& target : targets) {
    if (target.written != target.wanted->bytes)
      return fail(ErrorCode::corrupt_data, target.wanted->path + " ends after " + std::to_string(target.written) +
                                               " of the " + std::to_string(target.wanted->bytes) +
                                               " bytes of its manifest");
    VULTUS_CHECK(target.file->finish());
  }
  return {};
}

}  // namespace

Status extract(const std::filesystem::path& archive, TopFolder top, std::span<const WantedMember> wanted,
               const std::stop_token& stop) {
  const ArchiveReader reader(archive_read_new());
  if (!reader) return fail(ErrorCode::resource_limit, archive.string() + ": out of memory");
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  const auto broken = [&] {
    const char* reason = archive_error_string(reader.get());
    return fail(ErrorCode::corrupt_data,
                archive.filename().string() + " is no archive that can be read: " + (reason ? reason : "damaged"));
  };
  if (archive_read_open_filename(reader.get(), archive.c_str(), kBlock) != ARCHIVE_OK) return broken();
  std::vector<const WantedMember*> left;
  for (const WantedMember& member : wanted) left.push_back(&member);
  archive_entry* entry = nullptr;
  int state = ARCHIVE_OK;
  while (!left.empty() && (state = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF) {
    if (state < ARCHIVE_WARN) return broken();
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "unpacking was stopped");
    const char* name = archive_entry_pathname(entry);
    // Links could stand for anything: only plain files hold what a sum was made of.
    if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != nullptr)
      continue;
    const std::string_view path = inside(name, top);
    std::vector<Target> targets;
    for (const WantedMember* member : left)
      if (member->path == path) targets.push_back({member, std::make_unique<NewFile>(member->target)});
    if (targets.empty()) continue;
    std::erase_if(left, [&](const WantedMember* member) { return member->path == path; });
    VULTUS_CHECK(copy_entry(reader.get(), targets, stop).with_context(archive.filename().string()));
  }
  if (!left.empty())
    return fail(ErrorCode::not_found,
                archive.filename().string() + " holds no plain file \"" + left.front()->path + "\"");
  return {};
}

}  // namespace vultus::runtime
