#include <vultus/learn/tensor_file.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <vultus/learn/half.hpp>

namespace vultus::learn {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

// @source safetensors: eight bytes of length, a JSON head of at most 100 MB, then the tensors without gaps
constexpr std::size_t kLengthBytes = 8, kMaxHead = 100'000'000, kMaxTensors = 65'536;
constexpr std::size_t kMaxBytes = std::size_t{1} << 46U;
constexpr std::string_view kNotes = "__metadata__";
constexpr std::array<std::pair<std::string_view, TensorType>, 4> kTypes{
    {{"F16", TensorType::f16}, {"F32", TensorType::f32}, {"I64", TensorType::i64}, {"U8", TensorType::u8}}};

/// Numbers of a shape; nothing where there are too many.
std::optional<std::size_t> count_in(const std::vector<std::int64_t>& shape) {
  std::size_t count = 1;
  for (const std::int64_t side : shape) {
    if (side < 0) return std::nullopt;
    if (__builtin_mul_overflow(count, static_cast<std::size_t>(side), &count) || count > kMaxBytes) return std::nullopt;
  }
  return count;
}

Error broken(const std::string& what) { return fail(ErrorCode::corrupt_data, "not a file of tensors: " + what); }

struct Placed {
  TensorSpec spec;
  std::size_t begin = 0, end = 0;
};

Result<Placed> placed(const std::string& name, const Json& in) {
  Placed made{.spec = {.name = name, .type = {}, .shape = {}}};
  const auto dtype = in.find("dtype"), shape = in.find("shape"), offsets = in.find("data_offsets");
  if (!in.is_object() || dtype == in.end() || !dtype->is_string() || shape == in.end() || !shape->is_array() ||
      shape->size() > 16 || offsets == in.end() || !offsets->is_array() || offsets->size() != 2)
    return broken("tensor \"" + name + "\" needs dtype, shape and data_offsets");
  const auto* const type =
      std::ranges::find(kTypes, dtype->get_ref<const std::string&>(), [](const auto& row) { return row.first; });
  if (type == kTypes.end())
    return fail(ErrorCode::unsupported, "tensor \"" + name + "\": type " + dtype->get<std::string>() + " is not read");
  made.spec.type = type->second;
  for (const Json& side : *shape) {
    if (!side.is_number_unsigned() || side.get<std::uint64_t>() > kMaxBytes)
      return broken("tensor \"" + name + "\": a side of its shape");
    made.spec.shape.push_back(side.get<std::int64_t>());
  }
  for (const Json& offset : *offsets)
    if (!offset.is_number_unsigned() || offset.get<std::uint64_t>() > kMaxBytes)
      return broken("tensor \"" + name + "\": its offsets");
  made.begin = (*offsets)[0].get<std::size_t>(), made.end = (*offsets)[1].get<std::size_t>();
  const auto count = count_in(made.spec.shape);
  if (!count || made.end < made.begin || made.end - made.begin != *count * bytes_of(made.spec.type))
    return broken("tensor \"" + name + "\": shape and offsets differ");
  return made;
}

Error disk(const fs::path& path, const char* what) {
  return fail(ErrorCode::resource_limit, path.string() + " cannot be " + what + ": " + std::strerror(errno));
}

}  // namespace

std::size_t bytes_of(TensorType type) noexcept {
  switch (type) {
    case TensorType::f16: return 2;
    case TensorType::f32: return 4;
    case TensorType::i64: return 8;
    case TensorType::u8: return 1;
  }
  return 1;
}

std::string_view name_of(TensorType type) noexcept {
  for (const auto& [name, candidate] : kTypes)
    if (candidate == type) return name;
  return "U8";
}

std::size_t TensorSpec::count() const { return count_in(shape).value_or(0); }

TensorFileWriter::TensorFileWriter(TensorFileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      passing_(std::move(other.passing_)),
      tensors_(std::move(other.tensors_)),
      begins_(std::move(other.begins_)),
      file_(std::exchange(other.file_, -1)) {}

TensorFileWriter::~TensorFileWriter() {
  if (file_ < 0) return;
  ::close(file_);
  ::unlink(passing_.c_str());
}

Result<TensorFileWriter> TensorFileWriter::create(const fs::path& path, std::vector<TensorSpec> tensors,
                                                  const TensorNotes& notes) {
  OrderedJson head = OrderedJson::object();
  if (!notes.empty()) head[std::string(kNotes)] = notes;
  TensorFileWriter made;
  std::size_t at = 0;
  std::set<std::string_view> names;
  for (const TensorSpec& tensor : tensors) {
    if (tensor.name.empty() || tensor.name == kNotes || !names.insert(tensor.name).second || names.size() > kMaxTensors)
      return fail(ErrorCode::invalid_argument,
                  "tensor \"" + tensor.name + "\": empty, reserved, given twice or one too many");
    if (!count_in(tensor.shape)) return fail(ErrorCode::resource_limit, "tensor \"" + tensor.name + "\" is too large");
    head[tensor.name] = {
        {"dtype", name_of(tensor.type)}, {"shape", tensor.shape}, {"data_offsets", {at, at + tensor.bytes()}}};
    made.begins_.push_back(at);
    at += tensor.bytes();
  }
  std::string text = head.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');  // tensors begin at a multiple of eight
  for (std::size_t& begin : made.begins_) begin += kLengthBytes + text.size();
  made.path_ = path, made.passing_ = path.string() + ".partial", made.tensors_ = std::move(tensors);
  made.file_ = ::open(made.passing_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (made.file_ < 0) return disk(made.passing_, "made");
  const std::uint64_t length = text.size();
  std::string begin(reinterpret_cast<const char*>(&length), kLengthBytes);
  begin += text;
  if (::ftruncate(made.file_, static_cast<off_t>(begin.size() + at)) != 0 ||
      ::pwrite(made.file_, begin.data(), begin.size(), 0) != static_cast<ssize_t>(begin.size()))
    return disk(made.passing_, "written");
  return made;
}

Status TensorFileWriter::write(std::string_view name, std::size_t offset, std::span<const std::byte> bytes) {
  const auto at = std::ranges::find(tensors_, name, &TensorSpec::name);
  if (at == tensors_.end() || offset > at->bytes() || bytes.size() > at->bytes() - offset)
    return fail(ErrorCode::invalid_argument, "tensor \"" + std::string(name) + "\" has no such place");
  auto place = static_cast<off_t>(begins_[static_cast<std::size_t>(at - tensors_.begin())] + offset);
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(file_, bytes.data(), bytes.size(), place);
    if (done <= 0) return disk(passing_, "written");
    bytes = bytes.subspan(static_cast<std::size_t>(done)), place += done;
  }
  return {};
}

Status TensorFileWriter::finish() {
  if (::fsync(file_) != 0) return disk(passing_, "synchronised");
  ::close(std::exchange(file_, -1));
  if (::rename(passing_.c_str(), path_.c_str()) != 0) {
    const Error error = disk(path_, "replaced");
    ::unlink(passing_.c_str());
    return error;
  }
  return {};
}

Result<TensorFile> TensorFile::open(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return fail(ErrorCode::not_found, path.string() + " cannot be opened: " + std::strerror(errno));
  struct stat facts {};
  const bool plain = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_size > 0;
  const auto size = plain ? static_cast<std::size_t>(facts.st_size) : 0;
  void* const place = plain ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  ::close(file);
  if (place == MAP_FAILED) return broken("empty, or no plain file").with_context(path.string());
  TensorFile made;
  made.held_ = {static_cast<const std::byte*>(place),
                [size](const std::byte* p) { ::munmap(const_cast<std::byte*>(p), size); }};
  if (const Status read = made.read({made.held_.get(), size}); !read) return read.error().with_context(path.string());
  return made;
}

Result<TensorFile> TensorFile::of_bytes(std::span<const std::byte> bytes) {
  TensorFile made;
  const auto copy = std::make_shared<const std::vector<std::byte>>(bytes.begin(), bytes.end());
  made.held_ = std::shared_ptr<const std::byte>(copy, copy->data());
  VULTUS_CHECK(made.read(*copy));
  return made;
}

Status TensorFile::read(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  if (bytes.size() < kLengthBytes) return broken("it is shorter than 8 bytes");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMaxHead || length > bytes.size() - kLengthBytes)
    return broken("its head is longer than the file or 100 MB");
  const char* text = reinterpret_cast<const char*>(bytes.data()) + kLengthBytes;
  const Json head = Json::parse(
      text, text + length, [](int depth, Json::parse_event_t, Json&) { return depth < 8; }, false);
  if (head.is_discarded() || !head.is_object() || head.size() > kMaxTensors + 1)
    return broken("its head is no JSON object");
  data_ = bytes.subspan(kLengthBytes + length);
  std::vector<Placed> all;
  for (const auto& [name, in] : head.items()) {
    if (name == kNotes) {
      if (!in.is_object()) return broken("__metadata__");
      for (const auto& [key, value] : in.items()) {
        if (!value.is_string()) return broken("__metadata__ holds more than texts");
        notes_[key] = value.get<std::string>();
      }
      continue;
    }
    VULTUS_TRY(Placed one, placed(name, in));
    all.push_back(std::move(one));
  }
  std::ranges::sort(all, {}, [](const Placed& p) { return std::pair(p.begin, p.end); });
  std::size_t at = 0;
  for (Placed& one : all) {
    if (one.begin != at || one.end > data_.size())
      return broken("tensor \"" + one.spec.name + "\" overlaps, or leaves a gap or the file");
    at = one.end;
    tensors_.push_back(std::move(one.spec));
    begins_.push_back(one.begin);
  }
  if (at != data_.size()) return broken("bytes behind the last tensor");
  return {};
}

Result<const TensorSpec*> TensorFile::find(std::string_view name) const {
  const auto at = std::ranges::find(tensors_, name, &TensorSpec::name);
  if (at == tensors_.end()) return fail(ErrorCode::not_found, "no tensor \"" + std::string(name) + "\"");
  return &*at;
}

Result<std::span<const std::byte>> TensorFile::bytes(std::string_view name) const {
  VULTUS_TRY(const TensorSpec* const spec, find(name));
  return data_.subspan(begins_[static_cast<std::size_t>(spec - tensors_.data())], spec->bytes());
}

Result<std::vector<float>> TensorFile::floats(std::string_view name) const {
  VULTUS_TRY(const TensorSpec* const spec, find(name));
  VULTUS_TRY(const auto raw, bytes(name));
  std::vector<float> values(spec->count());
  if (spec->type == TensorType::f32) {
    std::memcpy(values.data(), raw.data(), raw.size());
  } else if (spec->type == TensorType::f16) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      std::uint16_t half = 0;
      std::memcpy(&half, raw.data() + 2 * i, 2);
      values[i] = float_of(half);
    }
  } else {
    return fail(ErrorCode::invalid_argument,
                "tensor \"" + std::string(name) + "\" holds " + std::string(name_of(spec->type)));
  }
  return values;
}

}  // namespace vultus::learn
