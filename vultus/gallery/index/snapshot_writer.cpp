#include <vultus/gallery/index/snapshot_writer.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/index/codes.hpp>

namespace vultus::gallery {

/// The file beside the path, locked, so that two processes do not write into the same one. What a killed process left
/// behind is used again.
struct SnapshotWriter::File {
  std::filesystem::path path;
  int number = -1;
  bool finished = false;

  File() = default;
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (number < 0) return;
    if (!finished) ::unlink(path.c_str());
    ::close(number);
  }
  [[nodiscard]] Error error(const std::string& what) const {
    return fail(ErrorCode::resource_limit, path.string() + ": " + what + std::generic_category().message(errno));
  }
  Status write(std::uint64_t offset, const std::byte* from, std::size_t bytes) const {
    while (bytes > 0) {
      const ssize_t done = ::pwrite(number, from, bytes, static_cast<off_t>(offset));
      if (done < 0 && errno == EINTR) continue;
      if (done <= 0) return error("");
      from += done;
      offset += static_cast<std::uint64_t>(done);
      bytes -= static_cast<std::size_t>(done);
    }
    return {};
  }
};

namespace {

/// True if the open file is the one that has the name: another process may have finished it in between.
bool is_at(int file, const std::filesystem::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(file, &open) == 0 && ::lstat(path.c_str(), &named) == 0 && open.st_ino == named.st_ino &&
         open.st_dev == named.st_dev;
}

Status sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (done) return {};
  return fail(ErrorCode::resource_limit, folder.string() + ": " + std::generic_category().message(errno));
}

}  // namespace

SnapshotWriter::SnapshotWriter(SnapshotOptions options, std::unique_ptr<File> file, const SnapshotHeader& header,
                               BlockGuard guard)
    : options_(std::move(options)),
      file_(std::move(file)),
      header_(header),
      guard_(std::move(guard)),
      chunk_(std::make_unique<TemplateRows>(options_.identity.dimension)),
      end_(kSnapshotBlock) {
  const RowShape shape = RowShape::of(options_.identity.dimension);
  for (std::size_t i = 0; i < kRowSections; ++i) {
    header_.sections[i].offset = end_;
    end_ += whole_blocks(bytes_of(static_cast<Section>(i), shape, options_.rows));
  }
}

SnapshotWriter::SnapshotWriter(SnapshotWriter&&) noexcept = default;
SnapshotWriter::~SnapshotWriter() = default;

Result<SnapshotWriter> SnapshotWriter::create(SnapshotOptions options) {
  SnapshotHeader header;
  const SnapshotIdentity& identity = options.identity;
  if (identity.gallery.size() > header.gallery.size() || identity.model.text().size() > header.model.size() ||
      identity.dimension < 1 || identity.dimension > Embedding::kMaxDimension || options.rows > UINT32_MAX)
    return fail(ErrorCode::invalid_argument, "a snapshot of such a gallery cannot be written");
  header.sealed = options.key ? 1 : 0;
  header.rotation = kRotationSeed;
  header.dimension = identity.dimension;
  header.sequence = options.sequence;
  std::ranges::copy(identity.gallery, header.gallery.begin());
  std::ranges::copy(identity.model.text(), header.model.begin());
  if (sodium_init() < 0) return fail(ErrorCode::internal, "libsodium cannot be used");
  randombytes_buf(header.salt.data(), header.salt.size());
  VULTUS_TRY(BlockGuard guard, BlockGuard::make(header, options.key));

  auto file = std::make_unique<File>();
  file->path = unfinished_snapshot(options.path);
  const int number = ::open(file->path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, options.mode);
  if (number < 0) return file->error("");
  if (::flock(number, LOCK_EX | LOCK_NB) != 0 || !is_at(number, file->path)) {
    ::close(number);
    return fail(ErrorCode::resource_limit, file->path.string() + ": is being written by another process");
  }
  file->number = number;
  if (::ftruncate(number, 0) != 0 || ::fchmod(number, options.mode) != 0) return file->error("");
  return SnapshotWriter(std::move(options), std::move(file), header, std::move(guard));
}

Status SnapshotWriter::take(FaceId face, SubjectId subject) {
  if (header_.rows == options_.rows)
    return fail(ErrorCode::invalid_argument, "a snapshot of " + std::to_string(options_.rows) + " faces is full");
  if (last_face_ && face <= *last_face_)
    return fail(ErrorCode::invalid_argument, "face " + std::to_string(face.number()) + " is out of order");
  if (chunk_->size() == kRowsOfChunk) VULTUS_CHECK(flush());
  if (chunk_->size() == 0) chunk_->make_room(1);
  last_face_ = face;
  rows_of_subjects_.emplace_back(subject.number(), static_cast<std::uint32_t>(header_.rows++));
  return {};
}

Status SnapshotWriter::add(FaceId face, SubjectId subject, std::span<const float> values) {
  if (values.size() != options_.identity.dimension)
    return fail(ErrorCode::invalid_argument, "a template of " + std::to_string(values.size()) + " values");
  VULTUS_CHECK(take(face, subject));
  chunk_->add(face, subject, values);
  return {};
}

Status SnapshotWriter::add(const TemplateRows& rows, std::size_t at) {
  VULTUS_CHECK(take(rows.face(at), rows.subject(at)));
  chunk_->add(rows, at);
  return {};
}

Status SnapshotWriter::name(SubjectId subject, std::string_view text) {
  if (!named_.empty() && subject.number() <= named_.back())
    return fail(ErrorCode::invalid_argument, "subject " + std::to_string(subject.number()) + " is out of order");
  named_.push_back(subject.number());
  names_ += text;
  names_end_.push_back(names_.size());
  return {};
}

/// Writes the rows of the chunk behind those that are written.
Status SnapshotWriter::flush() {
  const std::size_t count = chunk_->size();
  if (count == 0) return {};
  const RowShape shape = RowShape::of(options_.identity.dimension);
  Status done;
  chunk_->each_column([&](Section section, const auto& column) {
    if (!done) return;
    const std::uint64_t offset = extent(section).offset + bytes_of(section, shape, written_);
    done = write_blocks(offset, reinterpret_cast<const std::byte*>(column.chunk(0)), bytes_of(section, shape, count));
  });
  VULTUS_CHECK(done);
  written_ += count;
  chunk_ = std::make_unique<TemplateRows>(options_.identity.dimension);
  return {};
}

/// Whole blocks, the last one filled up with zeros.
Status SnapshotWriter::write_blocks(std::uint64_t offset, const std::byte* data, std::size_t bytes) {
  constexpr std::size_t kBlocksAtOnce = 64;
  const std::size_t entry = guard_.entry_bytes();
  const std::uint64_t first = offset / kSnapshotBlock, end = first + whole_blocks(bytes) / kSnapshotBlock;
  if (table_.size() < (end - 1) * entry) table_.resize((end - 1) * entry);
  sealed_.resize(kBlocksAtOnce * kSnapshotBlock);
  for (std::uint64_t block = first; block < end;) {
    std::size_t filled = 0;
    for (; filled < kBlocksAtOnce && block < end; ++filled, ++block) {
      std::byte* const out = sealed_.data() + filled * kSnapshotBlock;
      const std::size_t count = std::min(bytes, kSnapshotBlock);
      std::fill(std::copy_n(data, count, out), out + kSnapshotBlock, std::byte{0});
      guard_.close(block, out, out, table_.data() + (block - 1) * entry);
      data += count;
      bytes -= count;
    }
    VULTUS_CHECK(file_->write((block - filled) * kSnapshotBlock, sealed_.data(), filled * kSnapshotBlock));
  }
  return {};
}

template <class T>
Status SnapshotWriter::append(Section section, const std::vector<T>& values) {
  const std::size_t bytes = values.size() * sizeof(T);
  extent(section) = {end_, bytes};
  end_ += whole_blocks(bytes);
  return write_blocks(extent(section).offset, reinterpret_cast<const std::byte*>(values.data()), bytes);
}

/// Every subject that has a face or a name.
Status SnapshotWriter::write_subjects() {
  std::ranges::sort(rows_of_subjects_);
  std::vector<std::int64_t> subjects;
  std::vector<std::uint64_t> rows_begin, names_begin;
  std::vector<std::uint32_t> rows;
  rows.reserve(rows_of_subjects_.size());
  std::size_t named = 0;
  while (rows.size() < rows_of_subjects_.size() || named < named_.size()) {
    const bool has_row = rows.size() < rows_of_subjects_.size();
    std::int64_t subject = has_row ? rows_of_subjects_[rows.size()].first : named_[named];
    if (named < named_.size()) subject = std::min(subject, named_[named]);
    subjects.push_back(subject);
    rows_begin.push_back(rows.size());
    names_begin.push_back(named == 0 ? 0 : names_end_[named - 1]);
    while (rows.size() < rows_of_subjects_.size() && rows_of_subjects_[rows.size()].first == subject)
      rows.push_back(rows_of_subjects_[rows.size()].second);
    if (named < named_.size() && named_[named] == subject) ++named;
  }
  rows_begin.push_back(rows.size());
  names_begin.push_back(names_.size());
  header_.subjects = subjects.size();
  VULTUS_CHECK(append(Section::subjects, subjects));
  VULTUS_CHECK(append(Section::rows_begin, rows_begin));
  VULTUS_CHECK(append(Section::rows_of_subject, rows));
  VULTUS_CHECK(append(Section::names_begin, names_begin));
  return append(Section::names, std::vector<char>(names_.begin(), names_.end()));
}

Status SnapshotWriter::finish() {
  VULTUS_CHECK(flush());
  for (std::size_t i = 0; i < kRowSections; ++i)
    header_.sections[i].bytes =
        bytes_of(static_cast<Section>(i), RowShape::of(options_.identity.dimension), header_.rows);
  VULTUS_CHECK(write_subjects());
  table_.resize((end_ / kSnapshotBlock - 1) * guard_.entry_bytes());
  header_.table = {end_, table_.size()};
  header_.file_bytes = end_ + table_.size();
  header_.table_sum = guard_.sum_of(table_);
  const auto* const header = reinterpret_cast<const std::byte*>(&header_);
  header_.sum = guard_.sum_of({header, kSnapshotSummedBytes});
  VULTUS_CHECK(file_->write(end_, table_.data(), table_.size()));
  VULTUS_CHECK(file_->write(0, header, sizeof header_));
  if (::fsync(file_->number) != 0) return file_->error("");
  if (::rename(file_->path.c_str(), options_.path.c_str()) != 0) return file_->error("");
  file_->finished = true;
  return sync_folder(options_.path);
}

}  // namespace vultus::gallery
