#include <vultus/identity/scan_state.hpp>

#include <bit>
#include <charconv>
#include <concepts>
#include <iterator>
#include <system_error>

#include <fmt/format.h>

namespace vultus::identity {
namespace {

constexpr std::string_view kFormat = "vultus-gallery-health 1";
// Of a gallery of 10 million faces with eight neighbours each; more is not read.
constexpr std::uintmax_t kMaxBytes = std::uintmax_t{8} << 30U;

/// FNV-1a, 64 bits (Fowler, Noll, Vo): finds accidents, not forgers.
class Sum {
 public:
  void add(std::string_view bytes) {
    for (const char c : bytes) value_ = (value_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  void add(std::uint64_t number) { add(fmt::format("{:x} ", number)); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// Words of a line, each a number in base 16.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  template <std::unsigned_integral T>
  std::optional<T> number() {
    const std::string_view word = next();
    T value{};
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value, 16);
    if (problem != std::errc() || word.empty() || end != word.data() + word.size()) return std::nullopt;
    return value;
  }
  std::optional<float> similarity() {
    const auto bits = number<std::uint32_t>();
    if (!bits) return std::nullopt;
    const auto value = std::bit_cast<float>(*bits);
    // Rounding lets a cosine stand out a little.
    return value >= -1.01F && value <= 1.01F ? std::optional(value) : std::nullopt;
  }
  /// A similarity or "-"; false = neither.
  bool perhaps(std::optional<float>& into) {
    if (rest_.starts_with("- ")) {
      rest_.remove_prefix(2);
      into.reset();
      return true;
    }
    into = similarity();
    return into.has_value();
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view next() {
    const std::size_t space = rest_.find(' ');
    const std::string_view word = rest_.substr(0, space);
    rest_.remove_prefix(space == std::string_view::npos ? rest_.size() : space + 1);
    return word;
  }
  std::string_view rest_;
};

std::string word(std::optional<float> similarity) {
  return similarity ? fmt::format("{:x} ", std::bit_cast<std::uint32_t>(*similarity)) : "- ";
}

bool read_face(Words& words, std::size_t faces, std::size_t subjects, FaceStanding& face) {
  if (!words.perhaps(face.own)) return false;
  const auto own_face = words.number<std::uint32_t>();
  const auto group = words.number<std::uint32_t>();
  const auto others = words.number<std::uint32_t>();
  if (!own_face || !group || !others || *own_face >= faces || *group >= faces || *others > kNearSubjects) return false;
  face.own_face = *own_face;
  face.group = *group;
  for (std::uint32_t k = 0; k < *others; ++k) {
    const auto subject = words.number<std::uint32_t>();
    const auto id = words.number<std::uint64_t>();
    const auto similar = words.similarity();
    if (!subject || !id || !similar || *subject >= subjects) return false;
    face.others.push_back({*subject, FaceId(static_cast<std::int64_t>(*id)), *similar});
  }
  return true;
}

bool read_strangers(Words& words, std::size_t references, StrangerStanding& strangers) {
  const auto sum = words.number<std::uint64_t>();
  const auto pairs = words.number<std::uint64_t>();
  const auto matches = words.number<std::uint64_t>();
  const auto taken = words.number<std::uint32_t>();
  if (!sum || !pairs || !matches || !taken || *taken > references || *matches > *pairs || *pairs > (1ULL << 48U))
    return false;
  strangers.similarity_sum = std::bit_cast<double>(*sum);
  const double limit = 1.01 * static_cast<double>(*pairs);
  if (!(strangers.similarity_sum >= -limit && strangers.similarity_sum <= limit)) return false;
  strangers.pairs = static_cast<std::int64_t>(*pairs);
  strangers.matches = static_cast<std::int64_t>(*matches);
  for (std::uint32_t k = 0; k < *taken; ++k) {
    const auto reference = words.number<std::uint32_t>();
    if (!reference || *reference >= references) return false;
    if (!strangers.taken_for.empty() && *reference <= strangers.taken_for.back()) return false;
    strangers.taken_for.push_back(*reference);
  }
  return true;
}

bool read_line(std::string_view line, const GalleryScan& scan, std::size_t references,
               std::vector<std::optional<SubjectStanding>>& known) {
  const std::size_t mark = line.rfind(" #");
  if (mark == std::string_view::npos) return false;
  const std::string_view body = line.substr(0, mark + 1);
  Sum sum;
  sum.add(body);
  if (line.substr(mark + 2) != fmt::format("{:016x}", sum.value())) return false;
  Words words(body);
  const auto subject = words.number<std::uint32_t>();
  if (!subject || *subject >= scan.subjects.size()) return false;
  const std::size_t faces = scan.subjects[*subject].faces;
  SubjectStanding standing;
  if (!words.perhaps(standing.apart) || !words.perhaps(standing.together)) return false;
  if (!read_strangers(words, references, standing.strangers)) return false;
  for (std::size_t i = 0; i < faces; ++i)
    if (!read_face(words, faces, scan.subjects.size(), standing.faces.emplace_back())) return false;
  if (!words.at_end()) return false;
  known[*subject] = std::move(standing);
  return true;
}

}  // namespace

std::uint64_t fingerprint_of(const GalleryScan& scan, const GalleryModel& model, const CompareOptions& options) {
  Sum sum;
  sum.add(model.id.text() + "\n" + model.sha256 + "\n");
  sum.add(std::bit_cast<std::uint32_t>(options.match));
  sum.add(std::bit_cast<std::uint32_t>(options.keep));
  sum.add(options.seed);
  sum.add(options.references);
  for (const ScannedSubject& subject : scan.subjects) {
    sum.add(static_cast<std::uint64_t>(subject.id.number()));
    sum.add(subject.faces);
  }
  for (const ScannedFace& face : scan.faces) sum.add(static_cast<std::uint64_t>(face.id.number()));
  return sum.value();
}

std::string state_header(std::uint64_t fingerprint) { return fmt::format("{} {:016x}\n", kFormat, fingerprint); }

std::string state_line(std::uint32_t subject, const SubjectStanding& standing) {
  const StrangerStanding& strangers = standing.strangers;
  std::string line = fmt::format("{:x} ", subject) + word(standing.apart) + word(standing.together);
  line += fmt::format("{:x} {:x} {:x} {:x} ", std::bit_cast<std::uint64_t>(strangers.similarity_sum), strangers.pairs,
                      strangers.matches, strangers.taken_for.size());
  for (const std::uint32_t reference : strangers.taken_for) line += fmt::format("{:x} ", reference);
  for (const FaceStanding& face : standing.faces) {
    line += word(face.own) + fmt::format("{:x} {:x} {:x} ", face.own_face, face.group, face.others.size());
    for (const NearSubject& near : face.others)
      line += fmt::format("{:x} {:x} ", near.subject, static_cast<std::uint64_t>(near.face.number())) +
              word(near.similarity);
  }
  Sum sum;
  sum.add(line);
  return line + fmt::format("#{:016x}\n", sum.value());
}

std::vector<std::optional<SubjectStanding>> parse_state(std::string_view text, const GalleryScan& scan,
                                                        std::uint64_t fingerprint, std::size_t references) {
  std::vector<std::optional<SubjectStanding>> known(scan.subjects.size());
  const std::string header = state_header(fingerprint);
  if (!text.starts_with(header)) return known;
  text.remove_prefix(header.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos || !read_line(text.substr(0, end), scan, references, known)) break;
    text.remove_prefix(end + 1);
  }
  return known;
}

ScanState::ScanState(std::filesystem::path path, std::uint64_t fingerprint)
    : path_(std::move(path)), fingerprint_(fingerprint) {}

std::vector<std::optional<SubjectStanding>> ScanState::begin(const GalleryScan& scan, std::size_t references) {
  std::vector<std::optional<SubjectStanding>> known(scan.subjects.size());
  if (path_.empty()) return known;
  std::error_code failed;
  if (const auto bytes = std::filesystem::file_size(path_, failed); !failed && bytes <= kMaxBytes) {
    std::ifstream in(path_, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    known = parse_state(text, scan, fingerprint_, references);
  }
  // Written anew: what follows a damaged line would not be read.
  file_.open(path_, std::ios::binary | std::ios::trunc);
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, failed);
  file_ << state_header(fingerprint_);
  for (std::uint32_t s = 0; s < known.size(); ++s)
    if (known[s]) add(s, *known[s]);
  return known;
}

void ScanState::add(std::uint32_t subject, const SubjectStanding& standing) {
  if (file_.is_open()) file_ << state_line(subject, standing);
}

void ScanState::remove() {
  if (path_.empty()) return;
  file_.close();
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace vultus::identity
