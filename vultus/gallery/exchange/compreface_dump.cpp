#include <vultus/gallery/compreface_dump.hpp>

#include <charconv>
#include <unordered_map>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/exchange/bounded_line.hpp>
#include <vultus/gallery/exchange/pg_copy.hpp>

namespace vultus {
namespace {

using gallery::PgCopyReader;

struct Owner {
  std::string name;
  std::string collection;
};

/// What the first reading finds out.
struct Names {
  ComprefaceContents contents;
  std::unordered_map<std::string, Owner> subjects;              // by UUID
  std::unordered_map<std::string, std::string> picture_owners;  // UUID of the picture -> UUID of the subject
  std::unordered_map<std::string, std::string> services;        // API key -> name
  bool has_subjects = false;
};

Error wrong(const PgCopyReader& row, const std::string& what) {
  return fail(ErrorCode::corrupt_data, "line " + std::to_string(row.line()) + ": " + what);
}

std::string text_of(const PgCopyReader& row, std::string_view column) { return row.field(column).value_or(""); }

/// "{0.5,-1e-3}".
Result<std::vector<float>> values_of(const PgCopyReader& row) {
  const std::string text = text_of(row, "embedding");
  std::string_view rest = text;
  if (!rest.starts_with('{') || !rest.ends_with('}')) return wrong(row, "an embedding that is no list of numbers");
  rest = rest.substr(1, rest.size() - 2);
  std::vector<float> values;
  while (!rest.empty() && values.size() <= Embedding::kMaxDimension) {
    double value = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (failed != std::errc()) return wrong(row, "an embedding that is no list of numbers");
    values.push_back(static_cast<float>(value));
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.empty()) break;
    if (!rest.starts_with(',') || rest.size() == 1) return wrong(row, "an embedding that is no list of numbers");
    rest.remove_prefix(1);
  }
  if (values.empty() || values.size() > Embedding::kMaxDimension)
    return wrong(row, "an embedding with " + std::to_string(values.size()) + " values");
  return values;
}

/// The bytes of "\x89504e47".
Result<std::string> bytes_of(const PgCopyReader& row) {
  const std::string text = text_of(row, "content");
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return wrong(row, "a picture that is not written as \\x...");
  std::string bytes((text.size() - 2) / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value = 0;
    const char* const from = text.data() + 2 + 2 * i;
    const auto [end, failed] = std::from_chars(from, from + 2, value, 16);
    if (failed != std::errc() || end != from + 2) return wrong(row, "a picture with digits that are not hexadecimal");
    bytes[i] = static_cast<char>(value);
  }
  return bytes;
}

Status each_row(std::istream& dump, const std::function<Status(const PgCopyReader&)>& take) {
  dump.clear();
  dump.seekg(0);
  PgCopyReader reader;
  for (std::string line; gallery::next_line(dump, line, PgCopyReader::kMaxLineBytes);) {
    VULTUS_TRY(const bool row, reader.take(line));
    if (row) VULTUS_CHECK(take(reader));
  }
  return reader.finish();
}

Status learn(const PgCopyReader& row, Names& names) {
  if (row.table() == "model") {
    names.services[text_of(row, "api_key")] = text_of(row, "name");
  } else if (row.table() == "subject") {
    names.has_subjects = true;
    const std::string key = text_of(row, "api_key");
    names.subjects[text_of(row, "id")] = {text_of(row, "subject_name"), key};
    ++names.contents.collections[key].subjects;
  } else if (row.table() == "img") {
    ++names.contents.pictures;
  } else if (row.table() == "embedding") {
    VULTUS_TRY(const std::vector<float> values, values_of(row));
    const std::string name = text_of(row, "calculator");
    if (name.empty()) return wrong(row, "an embedding without the name of its calculator");
    ComprefaceContents::Calculator& calculator = names.contents.calculators[name];
    if (calculator.faces > 0 && calculator.dimension != static_cast<int>(values.size()))
      return wrong(row, "an embedding of " + std::to_string(values.size()) + " values, others of calculator " + name +
                            " have " + std::to_string(calculator.dimension));
    calculator.dimension = static_cast<int>(values.size());
    ++calculator.faces;
    if (const std::string picture = text_of(row, "img_id"); !picture.empty())
      names.picture_owners[picture] = text_of(row, "subject_id");
  }
  return {};
}

Status tell(const PgCopyReader& row, const Names& names, const ComprefaceVisitor& visitor,
            ComprefaceContents& contents) {
  if (row.table() == "embedding") {
    const auto owner = names.subjects.find(text_of(row, "subject_id"));
    if (owner == names.subjects.end()) return wrong(row, "an embedding of a subject that is not in the dump");
    ++contents.collections[owner->second.collection].faces;
    if (!visitor.face) return {};
    VULTUS_TRY(std::vector<float> values, values_of(row));
    return visitor.face({.id = text_of(row, "id"),
                         .subject = owner->second.name,
                         .collection = owner->second.collection,
                         .calculator = text_of(row, "calculator"),
                         .values = std::move(values),
                         .picture = text_of(row, "img_id")});
  }
  if (row.table() != "img" || !visitor.picture) return {};
  // Later versions name the subject in the picture's row; else the embedding tells whose it is.
  std::string subject = text_of(row, "subject_id");
  if (const auto owner = names.picture_owners.find(text_of(row, "id"));
      subject.empty() && owner != names.picture_owners.end())
    subject = owner->second;
  const auto owner = names.subjects.find(subject);
  if (owner == names.subjects.end()) return {};  // a picture of nobody
  VULTUS_TRY(std::string bytes, bytes_of(row));
  return visitor.picture({.subject = owner->second.name,
                          .collection = owner->second.collection,
                          .id = text_of(row, "id"),
                          .bytes = std::move(bytes)});
}

}  // namespace

Result<ComprefaceContents> read_compreface_dump(std::istream& dump, const ComprefaceVisitor& visitor) {
  Names names;
  VULTUS_CHECK(each_row(dump, [&](const PgCopyReader& row) { return learn(row, names); }));
  if (!names.has_subjects)
    return fail(ErrorCode::unsupported,
                "no table \"subject\" with rows: not a dump of CompreFace 1.0 or later, or one without people");
  for (auto& [key, collection] : names.contents.collections) {
    const auto service = names.services.find(key);
    collection.name = service == names.services.end() || service->second.empty() ? key : service->second;
  }
  ComprefaceContents contents = names.contents;
  VULTUS_CHECK(each_row(dump, [&](const PgCopyReader& row) { return tell(row, names, visitor, contents); }));
  return contents;
}

}  // namespace vultus
