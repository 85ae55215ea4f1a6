#include <vultus/body/keypoint_tables.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include <vultus/body/keypoint_files.hpp>
#include <vultus/media/csv.hpp>

namespace vultus::body {
namespace {

constexpr float kVisibleInTable = 0.5F;  // as keypoints_of() takes it

/// How many joints stand together, and what they are.
struct JointCount {
  std::size_t joints;
  Layout layout;
  std::size_t skipped;  // before the first of the layout
};
constexpr std::array<JointCount, 8> kCounts{{{75, Layout::mediapipe75, 0},
                                             {33, Layout::mediapipe75, 0},
                                             {79, Layout::mediapipe75, 4},
                                             {17, Layout::coco17, 0},
                                             {67, Layout::openpose67, 0},
                                             {25, Layout::openpose67, 0},
                                             {133, Layout::wholebody133, 0},
                                             {54, Layout::signs54, 0}}};
constexpr const char* kKnownCounts = "17, 25, 33, 54, 67, 75, 79 or 133 joints are known";

const JointCount* count_named(std::size_t joints) {
  const auto at = std::ranges::find(kCounts, joints, &JointCount::joints);
  return at == kCounts.end() ? nullptr : &*at;
}

Joint joint_of(float x, float y, std::optional<float> confidence) {
  if (!std::isfinite(x) || !std::isfinite(y)) return {};
  if (!confidence) return x == 0 && y == 0 ? Joint{} : Joint{{x, y}, 1, true};
  return *confidence > 0 && std::isfinite(*confidence) ? Joint{{x, y}, *confidence, true} : Joint{};
}

Keypoints person_of(const JointCount& count, std::span<const Joint> joints) {
  Keypoints person{count.layout, std::vector<Joint>(joints_of(count.layout)), 0, {}};
  std::ranges::copy(joints.subspan(count.skipped), person.joints.begin());
  return person;
}

/// Joints and numbers a joint of the last axes of a shape, and how many axes they take.
struct Grid {
  const JointCount* count = nullptr;
  std::size_t numbers = 0, axes = 0;
};

Grid grid_of(std::span<const std::size_t> shape) {
  if (shape.size() >= 2 && (shape.back() == 2 || shape.back() == 3))
    if (const JointCount* count = count_named(shape[shape.size() - 2])) return {count, shape.back(), 2};
  if (!shape.empty())
    for (const std::size_t numbers : {2U, 3U})
      if (shape.back() % numbers == 0)
        if (const JointCount* count = count_named(shape.back() / numbers)) return {count, numbers, 1};
  return {};
}

std::optional<float> number_of(std::string_view text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }
std::string joined(const std::string& a, const std::string& b) { return a + "_" + b; }

Error at_line(std::size_t line, const std::string& what) {
  return fail(ErrorCode::corrupt_data, "line " + std::to_string(line) + ": " + what);
}

// Columns of what `vultus body detect` writes.
struct DetectedColumns {
  std::size_t file, person, part, point, x, y, score;
};

std::optional<DetectedColumns> detected_columns(const std::vector<std::string>& header) {
  constexpr std::array<const char*, 7> kNames{"file", "person", "part", "point", "x", "y", "score"};
  std::array<std::size_t, 7> at{};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto found = std::ranges::find(header, kNames.at(i));
    if (found == header.end()) return std::nullopt;
    at.at(i) = static_cast<std::size_t>(found - header.begin());
  }
  return DetectedColumns{at[0], at[1], at[2], at[3], at[4], at[5], at[6]};
}

Result<std::vector<Keypoints>> detected_people(std::span<const media::CsvRow> rows, const DetectedColumns& columns) {
  constexpr std::array<std::pair<std::string_view, std::pair<std::size_t, std::size_t>>, 3> kParts{
      {{"body", {0, kBodyPoints}},
       {"left_hand", {kBodyPoints, kHandPoints}},
       {"right_hand", {kBodyPoints + kHandPoints, kHandPoints}}}};
  std::vector<Keypoints> people;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  std::map<std::string, std::int64_t> pictures;
  for (const media::CsvRow& row : rows) {
    const auto part = std::ranges::find(kParts, std::string_view(row.fields[columns.part]),
                                        [](const auto& entry) { return entry.first; });
    const auto point = number_of(row.fields[columns.point]), x = number_of(row.fields[columns.x]),
               y = number_of(row.fields[columns.y]), score = number_of(row.fields[columns.score]);
    if (part == kParts.end()) return at_line(row.line, "no part is called \"" + row.fields[columns.part] + "\"");
    const auto [first, count] = part->second;
    if (!point || !x || !y || !score || *point < 0 || !(*point < static_cast<float>(count)))
      return at_line(row.line, "point, x, y or score is no number, or beyond the points of the part");
    const auto [at, is_new] = known.try_emplace({row.fields[columns.file], row.fields[columns.person]}, people.size());
    if (is_new) {
      const std::string& file = row.fields[columns.file];
      const std::int64_t picture = pictures.emplace(file, static_cast<std::int64_t>(pictures.size())).first->second;
      people.push_back({Layout::mediapipe75, std::vector<Joint>(joints_of(Layout::mediapipe75)), picture, file});
    }
    if (*score >= (first == 0 ? kVisibleInTable : 0.0F))
      people[at->second].joints[first + static_cast<std::size_t>(*point)] = joint_of(*x, *y, *score);
  }
  return people;
}

/// A joint's columns; without a confidence where `confidence` is empty.
struct JointColumns {
  std::size_t x = 0, y = 0;
  std::optional<std::size_t> confidence;
};

std::vector<JointColumns> joint_columns(const std::vector<std::string>& header) {
  const auto column = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto at = std::ranges::find(header, name);
    if (at == header.end()) return std::nullopt;
    return static_cast<std::size_t>(at - header.begin());
  };
  constexpr std::array<const char*, 4> kConfidences{"c", "score", "confidence", "visibility"};
  std::vector<JointColumns> joints;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string& name = header[i];
    const bool before = name.starts_with("x_"), behind = name.ends_with("_x");
    if (!before && !behind) continue;
    const std::string stem = before ? name.substr(2) : name.substr(0, name.size() - 2);
    const auto named = [&](const std::string& what) {
      return column(joined(before ? what : stem, before ? stem : what));
    };
    const auto y = named("y");
    if (!y) continue;
    JointColumns joint{.x = i, .y = *y, .confidence = {}};
    for (const char* confidence : kConfidences)
      if (!joint.confidence) joint.confidence = named(confidence);
    joints.push_back(joint);
  }
  return joints;
}

Error no_place(std::size_t line, const std::string& x, const std::string& y) {
  return at_line(line, quoted(x) + ", " + quoted(y) + " is no place");
}

Result<std::vector<Keypoints>> people_by_row(std::span<const media::CsvRow> rows,
                                             const std::vector<JointColumns>& columns, const JointCount& count) {
  std::vector<Keypoints> people;
  std::vector<Joint> joints(columns.size());
  for (const media::CsvRow& row : rows) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      joints[j] = {};
      const std::string &x = row.fields[columns[j].x], &y = row.fields[columns[j].y];
      if (x.empty() || y.empty()) continue;
      const auto at_x = number_of(x), at_y = number_of(y);
      std::optional<float> confidence;
      if (columns[j].confidence) {
        const std::string& text = row.fields[*columns[j].confidence];
        confidence = text.empty() ? std::optional(0.0F) : number_of(text);
        if (!confidence) return at_line(row.line, quoted(text) + " is no confidence");
      }
      if (!at_x || !at_y) return no_place(row.line, x, y);
      joints[j] = joint_of(*at_x, *at_y, confidence);
    }
    people.push_back(person_of(count, joints));
  }
  return people;
}

}  // namespace

Result<std::vector<Keypoints>> keypoints_of_array(std::span<const float> values, std::span<const std::size_t> shape) {
  const Grid grid = grid_of(shape);
  if (grid.count == nullptr) {
    std::string text;
    for (const std::size_t axis : shape) text += (text.empty() ? "" : ", ") + std::to_string(axis);
    return fail(ErrorCode::invalid_argument, "an array of shape (" + text + ") holds no joints: " + kKnownCounts);
  }
  const std::size_t each = grid.count->joints * grid.numbers, count = values.size() / each;
  std::size_t said = 1;
  for (const std::size_t axis : shape.first(shape.size() - grid.axes)) said *= axis;
  if (said != count || count * each != values.size())
    return fail(ErrorCode::invalid_argument, "an array of " + std::to_string(values.size()) + " values, " +
                                                 std::to_string(said) + " people of " + std::to_string(each) +
                                                 " are told");
  if (count > kMaxPeopleInFile) return fail(ErrorCode::resource_limit, "too many people in a file of joints");
  std::vector<Keypoints> people;
  std::vector<Joint> joints(grid.count->joints);
  for (std::size_t i = 0; i < count; ++i) {
    const auto own = values.subspan(i * each, each);
    for (std::size_t j = 0; j < joints.size(); ++j) {
      const std::size_t at = j * grid.numbers;
      joints[j] = joint_of(own[at], own[at + 1], grid.numbers == 3 ? std::optional(own[at + 2]) : std::nullopt);
    }
    people.push_back(person_of(*grid.count, joints));
  }
  return people;
}

Result<std::vector<Keypoints>> read_keypoint_csv(std::string_view csv) {
  if (csv.size() > kMaxKeypointFile) return fail(ErrorCode::resource_limit, "a file of joints above 64 MiB");
  media::CsvReader reader(csv);
  VULTUS_TRY(const auto header, reader.next());
  if (!header) return fail(ErrorCode::corrupt_data, "a CSV without a header");
  std::vector<media::CsvRow> rows;
  for (;;) {
    VULTUS_TRY(auto row, reader.next());
    if (!row) break;
    if (row->fields.size() != header->fields.size())
      return at_line(row->line, std::to_string(row->fields.size()) + " fields, the header has " +
                                    std::to_string(header->fields.size()));
    rows.push_back(*std::move(row));
  }
  if (const auto detected = detected_columns(header->fields)) return detected_people(rows, *detected);
  const std::vector<JointColumns> columns = joint_columns(header->fields);
  const JointCount* count = count_named(columns.size());
  if (count == nullptr)
    return fail(ErrorCode::corrupt_data,
                "a CSV with columns of " + std::to_string(columns.size()) + " joints: " + kKnownCounts);
  if (rows.size() > kMaxPeopleInFile) return fail(ErrorCode::resource_limit, "too many people in a file of joints");
  return people_by_row(rows, columns, *count);
}

}  // namespace vultus::body
