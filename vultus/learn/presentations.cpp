#include <vultus/learn/presentations.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <map>

namespace vultus::learn {
namespace {

constexpr std::int64_t kSmallestSeen = 16, kLargestSide = 512;

/// @source Fowler, Noll, Vo: FNV-1a, 64 bits
std::uint64_t fnv_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325ULL;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return sum;
}

Result<std::vector<std::int64_t>> column_of(const TensorFile& file, const std::string& name) {
  VULTUS_TRY(const TensorSpec* const spec, file.find(name));
  if (spec->type != TensorType::i64 || spec->shape.size() != 1)
    return fail(ErrorCode::corrupt_data, "tensor " + name + " is not one whole number a face");
  VULTUS_TRY(const auto raw, file.bytes(name));
  std::vector<std::int64_t> values(spec->count());
  std::memcpy(values.data(), raw.data(), raw.size());
  return values;
}

std::string note_of(const TensorNotes& notes, const std::string& name) {
  const auto at = notes.find(name);
  return at == notes.end() ? std::string() : at->second;
}

std::vector<std::string> split_at_commas(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    parts.push_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return parts;
}

}  // namespace

Part part_of(std::string_view subject) {
  const std::uint64_t draw = (fnv_of(subject) >> 20U) % 20;
  return draw < 12 ? Part::train : draw < 15 ? Part::validation : Part::test;
}

std::string subject_of(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const std::size_t line = stem.rfind('_');
  const bool numbered = line != std::string::npos && line > 0 && line + 1 < stem.size() &&
                        std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(line) + 1, stem.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; });
  return numbered ? stem.substr(0, line) : stem;
}

std::vector<TensorSpec> presentation_tensors(std::int64_t count, std::int64_t side) {
  return {{"pixels", TensorType::u8, {count, side, side, 3}},
          {"covered", TensorType::u8, {count, kCoveredSide, kCoveredSide}},
          {"kind", TensorType::i64, {count}},
          {"subject", TensorType::i64, {count}},
          {"part", TensorType::i64, {count}}};
}

TensorNotes presentation_notes(const std::vector<std::string>& attacks, std::int64_t margin, bool planted) {
  std::string names;
  for (const std::string& name : attacks) names += (names.empty() ? "" : ",") + name;
  return {{"attacks", names}, {"margin", std::to_string(margin)}, {"planted", planted ? "yes" : "no"}};
}

Result<Presentations> Presentations::open(const std::filesystem::path& path) {
  VULTUS_TRY(TensorFile file, TensorFile::open(path));
  return of(std::move(file), path.string());
}

Result<Presentations> Presentations::of(TensorFile file, std::string_view origin) {
  Presentations made(std::move(file));
  VULTUS_CHECK(made.read().with_context(std::string(origin)));
  return made;
}

Status Presentations::read() {
  VULTUS_TRY(const TensorSpec* const spec, file_.find("pixels"));
  if (spec->type != TensorType::u8 || spec->shape.size() != 4 || spec->shape[0] < 1 ||
      spec->shape[1] != spec->shape[2] || spec->shape[3] != 3 || spec->shape[1] > kLargestSide)
    return fail(ErrorCode::corrupt_data, "tensor pixels is not [faces, side, side, 3] of bytes, side at most 512");
  const std::int64_t count = spec->shape[0];
  side_ = spec->shape[1];
  const std::string margin = note_of(notes(), "margin");
  std::from_chars(margin.data(), margin.data() + margin.size(), margin_);
  if (margin_ < 0 || side_ - 2 * margin_ < kSmallestSeen)
    return fail(ErrorCode::corrupt_data,
                "margin \"" + margin + "\" leaves less than 16 of " + std::to_string(side_) + " pixels");
  VULTUS_TRY(const TensorSpec* const where, file_.find("covered"));
  if (where->type != TensorType::u8 || where->shape != std::vector<std::int64_t>{count, kCoveredSide, kCoveredSide})
    return fail(ErrorCode::corrupt_data, "tensor covered is not [faces, 32, 32] of bytes");
  VULTUS_TRY(pixels_, file_.bytes("pixels"));
  VULTUS_TRY(covered_, file_.bytes("covered"));
  VULTUS_TRY(kinds_, column_of(file_, "kind"));
  VULTUS_TRY(subjects_, column_of(file_, "subject"));
  VULTUS_TRY(const auto parts, column_of(file_, "part"));
  const auto faces = static_cast<std::size_t>(count);
  if (kinds_.size() != faces || subjects_.size() != faces || parts.size() != faces)
    return fail(ErrorCode::corrupt_data,
                "kind, subject and part have not one value for each of " + std::to_string(count) + " faces");
  attacks_ = split_at_commas(note_of(notes(), "attacks"));
  planted_ = note_of(notes(), "planted") == "yes";
  std::map<std::int64_t, std::int64_t> part_of_subject;
  for (std::size_t i = 0; i < faces; ++i) {
    if (kinds_[i] < 0 || kinds_[i] > static_cast<std::int64_t>(attacks_.size()))
      return fail(ErrorCode::invalid_argument, "face " + std::to_string(i) + ": kind " + std::to_string(kinds_[i]) +
                                                   " is outside 0 (live) to " + std::to_string(attacks_.size()));
    if (parts[i] < 0 || parts[i] >= static_cast<std::int64_t>(kAllParts.size()))
      return fail(ErrorCode::corrupt_data,
                  "face " + std::to_string(i) + ": part " + std::to_string(parts[i]) + " is outside 0 to 2");
    const auto [at, fresh] = part_of_subject.emplace(subjects_[i], parts[i]);
    if (!fresh && at->second != parts[i])
      return fail(ErrorCode::invalid_argument, "subject " + std::to_string(subjects_[i]) +
                                                   " is in two parts of the split: what is learnt of it would leak "
                                                   "into the test");
    parts_.push_back(static_cast<Part>(parts[i]));
  }
  return {};
}

std::span<const std::byte> Presentations::pixels(std::int64_t face) const {
  const auto bytes = static_cast<std::size_t>(side_ * side_ * 3);
  return pixels_.subspan(static_cast<std::size_t>(face) * bytes, bytes);
}

std::span<const std::byte> Presentations::covered(std::int64_t face) const {
  constexpr auto kBytes = static_cast<std::size_t>(kCoveredSide * kCoveredSide);
  return covered_.subspan(static_cast<std::size_t>(face) * kBytes, kBytes);
}

}  // namespace vultus::learn
