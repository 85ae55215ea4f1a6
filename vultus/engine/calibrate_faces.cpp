// What a calibration is measured on: templates of a gallery or a cohort, and the groups of their people.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/calibrate.hpp>
#include <vultus/media/csv.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kMostValues = 64;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

/// Values of a column while its rows are read.
struct Column {
  std::size_t at = 0;  ///< field of a row
  std::string name;
  std::map<std::string, std::vector<std::uint32_t>> people;
  std::unordered_map<std::uint32_t, std::string> value;
};

Status take(Column& column, std::uint32_t person, const std::string& subject, const std::string& value,
            std::string_view where) {
  if (value.empty()) return {};
  const auto [known, added] = column.value.emplace(person, value);
  if (!added && known->second != value)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: \"{}\" is \"{}\" and \"{}\" in column {}", where, subject,
                                                         known->second, value, column.name));
  if (added) column.people[value].push_back(person);
  if (column.people.size() > kMostValues)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: column {} has more than {} values: groups are wanted",
                                                         where, column.name, kMostValues));
  return {};
}

Result<std::vector<Column>> columns_of(const media::CsvRow& header, std::size_t& subject, std::string_view origin) {
  subject = header.fields.size();
  std::vector<Column> columns;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const std::string name = lower(header.fields[i]);
    if (name == "subject")
      subject = i;
    else if (name != "file")
      columns.push_back({.at = i, .name = header.fields[i], .people = {}, .value = {}});
  }
  if (subject == header.fields.size())
    return fail(ErrorCode::corrupt_data, fmt::format("{}: needs a column \"subject\" in its first line", origin));
  if (columns.empty())
    return fail(ErrorCode::corrupt_data, fmt::format("{}: needs a column with groups beside \"subject\"", origin));
  return columns;
}

Grouping grouping_of(const Column& column, std::size_t persons) {
  Grouping made{.column = column.name, .values = {}, .value_of = {}};
  made.value_of.assign(persons, static_cast<std::uint32_t>(column.people.size()));
  for (const auto& [value, people] : column.people) {
    for (const std::uint32_t person : people) made.value_of[person] = static_cast<std::uint32_t>(made.values.size());
    made.values.push_back(value);
  }
  return made;
}

}  // namespace

Result<FaceSet> faces_of_gallery(const Gallery& gallery) {
  const GalleryInfo info = gallery.info();
  FaceSet faces;
  faces.model = info.model.id;
  faces.preset = info.model.preset;
  faces.what = "the gallery " + info.path;
  faces.templates.reserve(static_cast<std::size_t>(info.faces));
  ListOptions page{.after = {}, .limit = 1000};
  for (;;) {
    VULTUS_TRY(const auto subjects, gallery.subjects(page));
    for (const Subject& subject : subjects) {
      VULTUS_TRY(auto templates, gallery.templates(subject.id));
      for (Embedding& one : templates) {
        faces.templates.push_back(std::move(one));
        faces.person_of.push_back(static_cast<std::uint32_t>(faces.names.size()));
      }
      faces.names.push_back(subject.name);
    }
    if (subjects.size() < page.limit) return faces;
    page.after = subjects.back().name;
  }
}

Result<FaceSet> faces_of_cohort(const Engine& engine, std::span<const EnrolInput> pictures, std::string what,
                                const std::function<void(std::size_t, std::size_t)>& progress,
                                const std::stop_token& stop) {
  FaceSet faces;
  faces.model = engine.preset().template_model();
  faces.preset = engine.preset().id;
  faces.what = "the cohort " + std::move(what);
  faces.cohort = true;
  std::map<std::string, std::uint32_t> numbers;
  std::vector<media::Input> inputs;
  inputs.reserve(pictures.size());
  for (const EnrolInput& picture : pictures) inputs.push_back(picture.input);
  std::size_t done = 0;
  VULTUS_CHECK(engine.look_at(
      inputs, {.depth = Depth::embed_main},
      [&](SeenPicture seen) -> Status {
        const std::string& name = pictures[done++].subject;
        if (seen.error) {
          faces.failed.push_back(seen.error->message);
        } else if (seen.faces.empty()) {
          ++faces.without_face;
        } else {
          const auto [at, added] = numbers.emplace(name, static_cast<std::uint32_t>(faces.names.size()));
          if (added) faces.names.push_back(name);
          faces.person_of.push_back(at->second);
          faces.templates.push_back(*std::move(seen.faces.front().embedding));
        }
        if (progress) progress(done, inputs.size());
        return {};
      },
      stop));
  return faces;
}

Result<std::vector<Grouping>> parse_groups(std::string_view csv, std::span<const std::string> names,
                                           std::string_view origin) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  for (std::uint32_t p = 0; p < names.size(); ++p) numbers.emplace(names[p], p);
  media::CsvReader reader(csv);
  VULTUS_TRY(const auto header, reader.next().with_context(origin));
  if (!header) return fail(ErrorCode::corrupt_data, fmt::format("{}: empty", origin));
  std::size_t subject = 0;
  VULTUS_TRY(std::vector<Column> columns, columns_of(*header, subject, origin));
  bool anybody = false;
  for (;;) {
    VULTUS_TRY(const auto row, reader.next().with_context(origin));
    if (!row) break;
    const std::string where = fmt::format("{}: line {}", origin, row->line);
    if (row->fields.size() != header->fields.size())
      return fail(ErrorCode::corrupt_data, fmt::format("{}: {} fields, the first line has {}", where,
                                                       row->fields.size(), header->fields.size()));
    const auto person = numbers.find(row->fields[subject]);
    if (person == numbers.end()) continue;
    anybody = true;
    for (Column& column : columns)
      VULTUS_CHECK(take(column, person->second, row->fields[subject], row->fields[column.at], where));
  }
  if (!anybody)
    return fail(ErrorCode::invalid_argument, fmt::format("{}: none of its people is among those compared", origin));
  std::vector<Grouping> groupings;
  groupings.reserve(columns.size());
  for (const Column& column : columns) groupings.push_back(grouping_of(column, names.size()));
  return groupings;
}

}  // namespace vultus::engine
