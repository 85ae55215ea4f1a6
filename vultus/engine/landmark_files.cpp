#include <vultus/engine/landmark_files.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

#include <vultus/media/file.hpp>

namespace vultus::engine {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMarks = 68;
constexpr float kMostParts = 10'000;
constexpr std::size_t kMostMarkBytes = std::size_t{256} << 20U;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Words between blanks.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}
  std::string_view next() {
    while (at_ < text_.size() && blank(text_[at_])) ++at_;
    const std::size_t from = at_;
    while (at_ < text_.size() && !blank(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<float> mark_number(std::string_view text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// An attribute of a tag: name='value' or name="value".
std::optional<std::string> attribute(std::string_view tag, std::string_view name) {
  for (std::size_t at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
    const std::size_t equals = at + name.size();
    if (at == 0 || !blank(tag[at - 1]) || equals + 1 >= tag.size() || tag[equals] != '=') continue;
    const char quote = tag[equals + 1];
    const std::size_t end = tag.find(quote, equals + 2);
    if ((quote != '\'' && quote != '"') || end == std::string_view::npos) return std::nullopt;
    std::string value(tag.substr(equals + 2, end - equals - 2));
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
    for (const auto& [entity, character] : kEntities)
      for (std::size_t found = value.find(entity); found != std::string::npos; found = value.find(entity, found + 1))
        value.replace(found, entity.size(), 1, character);
    return value;
  }
  return std::nullopt;
}

Result<std::string> text_of(const fs::path& path) {
  VULTUS_TRY(const auto bytes, media::read_file(path.string(), kMostMarkBytes));
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

Result<std::vector<MarkedFace>> faces_of_folder(const fs::path& folder) {
  std::map<std::string, fs::path> marks;
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->path().extension() == ".pts") marks.emplace(at->path().string(), at->path());
  if (failed) return fail(ErrorCode::not_found, folder.string() + ": " + failed.message());
  if (marks.empty()) return fail(ErrorCode::not_found, folder.string() + ": holds no .pts");
  std::vector<MarkedFace> faces;
  for (const auto& [name, path] : marks) {
    VULTUS_TRY(const std::string text, text_of(path));
    VULTUS_TRY(auto points, parse_pts(text).with_context(name));
    fs::path picture = path;
    const bool there =
        std::ranges::any_of(std::array{".jpg", ".jpeg", ".png", ".bmp", ".JPG", ".PNG"},
                            [&](const char* ending) { return fs::exists(picture.replace_extension(ending), failed); });
    if (!there) return fail(ErrorCode::not_found, name + ": no picture of this name lies beside it");
    faces.push_back({picture.string(), std::move(points)});
  }
  return faces;
}

}  // namespace

Result<std::vector<Point2f>> parse_pts(std::string_view text) {
  Words words(text);
  std::optional<float> said;
  for (std::string_view word = words.next(); word != "{"; word = words.next()) {
    if (word.empty()) return fail(ErrorCode::corrupt_data, "no points between braces");
    if (word == "n_points:") said = mark_number(words.next());
  }
  std::vector<Point2f> points;
  for (std::string_view word = words.next(); word != "}"; word = words.next()) {
    const auto x = mark_number(word), y = mark_number(words.next());
    if (!x || !y) return fail(ErrorCode::corrupt_data, "point " + std::to_string(points.size() + 1) + " has no place");
    points.push_back({*x - 1, *y - 1});
  }
  if (points.size() != kMarks || (said && *said != static_cast<float>(kMarks)))
    return fail(ErrorCode::unsupported, std::to_string(points.size()) + " points, 68 are wanted");
  return points;
}

Result<std::vector<MarkedFace>> parse_dlib_xml(std::string_view text) {
  if (text.find("<images") == std::string_view::npos)
    return fail(ErrorCode::corrupt_data, "no <images>: not the XML of dlib's trainers");
  std::vector<MarkedFace> faces;
  std::string picture;
  std::map<int, Point2f> parts;
  const auto close = [&] {
    // Parts are numbered from 0, or from 1.
    if (parts.size() == kMarks && parts.rbegin()->first - parts.begin()->first == static_cast<int>(kMarks) - 1) {
      MarkedFace& face = faces.emplace_back();
      face.picture = picture;
      for (const auto& [number, place] : parts) face.points.push_back(place);
    }
    parts.clear();
  };
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) return fail(ErrorCode::corrupt_data, "a tag that is not closed");
    const std::string_view tag = text.substr(at, end - at);
    if (tag.starts_with("<image ")) picture = attribute(tag, "file").value_or(std::string());
    if (tag.starts_with("<box ") || tag.starts_with("</box")) close();
    if (!tag.starts_with("<part ")) continue;
    const auto name = mark_number(attribute(tag, "name").value_or(std::string())),
               x = mark_number(attribute(tag, "x").value_or(std::string())),
               y = mark_number(attribute(tag, "y").value_or(std::string()));
    if (!name || !x || !y || !(*name >= 0 && *name < kMostParts))
      return fail(ErrorCode::corrupt_data, "picture " + picture + ": a part without number or place");
    parts[static_cast<int>(*name)] = {*x, *y};
  }
  close();
  return faces;
}

Result<std::vector<MarkedFace>> read_marked_faces(const std::string& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return faces_of_folder(path);
  VULTUS_TRY(const std::string text, text_of(path));
  VULTUS_TRY(auto faces, parse_dlib_xml(text).with_context(path));
  if (faces.empty()) return fail(ErrorCode::not_found, path + ": no face with 68 parts");
  for (MarkedFace& face : faces) face.picture = (fs::path(path).parent_path() / face.picture).string();
  return faces;
}

}  // namespace vultus::engine
