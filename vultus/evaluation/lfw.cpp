#include <vultus/evaluation/lfw.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

namespace vultus::evaluation {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::int64_t kMaxPairs = 10'000'000;
constexpr int kMaxNumber = 9999;

using Words = std::vector<std::string_view>;

Words split(std::string_view line) {
  Words words;
  for (std::size_t at = line.find_first_not_of("\t "); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of("\t ", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = line.find_first_not_of("\t ", end);
  }
  return words;
}

/// Cuts the next line off `rest`, without its line end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::optional<int> whole_number(std::string_view word, int lowest, int highest) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < lowest || value > highest)
    return std::nullopt;
  return value;
}

/// A name becomes a folder and a file name: it must stay inside the folder of pictures.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name.size() <= 200 && name.front() != '.' &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return c == '/' || c == '\\' || c == ':' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

/// Fills an LfwPairs line by line.
class Builder {
 public:
  Builder(std::string_view source, LfwPairs& out) : source_(source), out_(out) {}

  [[nodiscard]] Error bad(std::size_t line, std::string_view what) const {
    return fail(ErrorCode::corrupt_data, fmt::format("{}: line {}: {}", source_, line, what));
  }

  Status first_line(std::string_view text) {
    const Words words = split(text);
    std::optional<int> folds = 1;
    if (words.size() == 2) folds = whole_number(words[0], 1, 1000);
    const auto pairs = words.empty() ? std::nullopt : whole_number(words.back(), 1, 1'000'000'000);
    if (words.empty() || words.size() > 2 || !folds || !pairs)
      return bad(1, "must be `folds pairs` (1 to 1000 folds) or `pairs`, e.g. `10 300`");
    if (std::int64_t{2} * *folds * *pairs > kMaxPairs)
      return fail(ErrorCode::resource_limit, fmt::format("{}: line 1: {} folds of 2x{} pairs, the limit is {} pairs",
                                                         source_, *folds, *pairs, kMaxPairs));
    out_.folds = *folds;
    out_.pairs_per_side = *pairs;
    return {};
  }

  /// @param mated  what the position in the file asks for
  Status pair_line(std::size_t line, std::string_view text, bool mated, int fold) {
    const Words words = split(text);
    if (words.size() != (mated ? 3U : 4U))
      return bad(line, fmt::format("{} columns, a {} pair has {}", words.size(),
                                   mated ? "same (`name i j`)" : "different (`name1 i name2 j`)", mated ? 3 : 4));
    VULTUS_TRY(const std::size_t first, image(line, words[0], words[1]));
    VULTUS_TRY(const std::size_t second, image(line, mated ? words[0] : words[2], words.back()));
    if (first == second) return bad(line, fmt::format("{} is paired with itself", out_.images[first].path));
    if (!mated && out_.images[first].person == out_.images[second].person)
      return bad(line, fmt::format("a different pair that names {} twice", words[0]));
    out_.pairs.push_back({first, second, mated, fold});
    return {};
  }

 private:
  /// The index of a picture, which is added where it is new.
  Result<std::size_t> image(std::size_t line, std::string_view name, std::string_view number_text) {
    if (!is_plain_name(name)) return bad(line, "a name that is not one plain folder name of at most 200 bytes");
    const auto number = whole_number(number_text, 1, kMaxNumber);
    if (!number) return bad(line, fmt::format("`{}` is not a picture number from 1 to {}", number_text, kMaxNumber));
    const auto [person, new_person] = person_at_.try_emplace(std::string(name), out_.persons.size());
    if (new_person) out_.persons.emplace_back(name);
    const auto [at, new_image] = image_at_.try_emplace({person->second, *number}, out_.images.size());
    if (new_image) out_.images.push_back({person->second, *number, lfw_image_path(name, *number)});
    return at->second;
  }

  std::string_view source_;
  LfwPairs& out_;
  std::unordered_map<std::string, std::size_t> person_at_;
  std::map<std::pair<std::size_t, int>, std::size_t> image_at_;
};

}  // namespace

std::string lfw_image_path(std::string_view person, int number) {
  return fmt::format("{0}/{0}_{1:04d}.jpg", person, number);
}

Result<LfwPairs> parse_lfw_pairs(std::string_view text, std::string_view source) {
  if (text.size() > kMaxBytes)
    return fail(ErrorCode::resource_limit,
                fmt::format("{}: {} bytes, the limit is {}", source, text.size(), kMaxBytes));
  LfwPairs out;
  Builder build(source, out);
  VULTUS_CHECK(build.first_line(take_line(text)));
  const std::size_t wanted =
      std::size_t{2} * static_cast<std::size_t>(out.folds) * static_cast<std::size_t>(out.pairs_per_side);
  std::size_t line = 1;
  while (out.pairs.size() < wanted) {
    ++line;
    if (text.empty())
      return build.bad(
          line, fmt::format("the file ends after {} pairs, its first line promises {}", out.pairs.size(), wanted));
    const auto in_order = static_cast<int>(out.pairs.size());
    const bool mated = in_order % (2 * out.pairs_per_side) < out.pairs_per_side;
    VULTUS_CHECK(build.pair_line(line, take_line(text), mated, in_order / (2 * out.pairs_per_side)));
  }
  while (!text.empty()) {
    ++line;
    if (!split(take_line(text)).empty())
      return build.bad(line, fmt::format("text after the {} pairs that the first line promises", wanted));
  }
  return out;
}

}  // namespace vultus::evaluation
