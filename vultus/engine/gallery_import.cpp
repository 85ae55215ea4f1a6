#include <vultus/engine/gallery_import.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <functional>
#include <unordered_map>

#include <vultus/gallery/compreface_dump.hpp>
#include <vultus/gallery/export_file.hpp>
#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kBatch = 500;
constexpr std::size_t kMaxRefused = 100;
constexpr std::size_t kMaxCsvBytes = std::size_t{4} << 30U;
constexpr std::size_t kValuesAt = 2;  // columns name and source come first

Error in_file(const std::string& path, const Error& error) { return error.with_context(path); }

/// Collects faces and enrols them in batches, leaving out templates that a subject has already.
class Taker {
 public:
  Taker(Gallery& gallery, ImportReport& report) : gallery_(gallery), report_(report), model_(gallery.info().model) {}

  Status take(const std::string& subject, std::vector<float> values, const FaceDetails& details,
              std::optional<Thumbnail> thumbnail, const std::string& which) {
    auto embedding = Embedding::normalised(model_.id, std::move(values));
    if (!embedding) return refuse(which + ": " + embedding.error().message);
    auto known = known_.find(subject);
    if (known == known_.end()) {
      auto there = templates_of(subject);
      if (!there && there.error().code == ErrorCode::invalid_argument)
        return refuse(which + ": " + there.error().message);
      if (!there) return there.error();
      known = known_.emplace(subject, *std::move(there)).first;
    }
    if (std::ranges::find(known->second, *embedding) != known->second.end()) {
      ++report_.already_there;
      return {};
    }
    known->second.push_back(*embedding);
    waiting_.push_back({.subject = subject,
                        .embedding = *std::move(embedding),
                        .details = details,
                        .thumbnail = std::move(thumbnail)});
    return waiting_.size() < kBatch ? Status() : flush();
  }

  Status refuse(std::string why) {
    ++report_.refused_count;
    if (report_.refused.size() < kMaxRefused) report_.refused.push_back(std::move(why));
    return {};
  }

  Status flush() {
    const std::int64_t before = gallery_.info().subjects;
    VULTUS_TRY(const auto outcomes, gallery_.enrol(waiting_));
    for (const EnrolOutcome& one : outcomes) ++(one.already_there ? report_.already_there : report_.added);
    report_.subjects += gallery_.info().subjects - before;
    waiting_.clear();
    return {};
  }

 private:
  Result<std::vector<Embedding>> templates_of(const std::string& name) {
    VULTUS_TRY(const std::optional<Subject> subject, gallery_.find_subject(name));
    return subject ? gallery_.templates(subject->id) : Result<std::vector<Embedding>>(std::vector<Embedding>());
  }

  Gallery& gallery_;
  ImportReport& report_;
  GalleryModel model_;
  std::unordered_map<std::string, std::vector<Embedding>> known_;
  std::vector<NewFace> waiting_;
};

/// Reads an export from the disk line by line.
Status read_export(const std::string& path, ExportVisitor visitor) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, path + ": no such file");
  ExportReader reader(std::move(visitor));
  std::string line;
  std::streambuf& bytes = *in.rdbuf();
  for (int c = bytes.sbumpc(); c != EOF; c = bytes.sbumpc()) {
    if (c != '\n') {
      line += static_cast<char>(c);
      if (line.size() <= ExportReader::kMaxLineBytes) continue;
    }
    if (const Status taken = reader.take(line); !taken) return in_file(path, taken.error());
    line.clear();
  }
  if (!line.empty())
    if (const Status taken = reader.take(line); !taken) return in_file(path, taken.error());
  return reader.finish().with_context(path);
}

std::optional<float> number_from(const std::string& field) {
  double value = 0;
  const auto [end, failed] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (failed != std::errc() || end != field.data() + field.size()) return std::nullopt;
  return static_cast<float>(value);
}

/// True for a number, and for what was meant as one: "1.0.0", " 2", "+3", "-.5x".
bool begins_like_a_number(const std::string& field) {
  if (number_from(field)) return true;
  std::size_t at = field.find_first_not_of(" \t");
  if (at == std::string::npos) return false;
  if (field[at] == '+' || field[at] == '-') ++at;
  if (at < field.size() && (field[at] == '.' || field[at] == ',')) ++at;
  return at < field.size() && field[at] >= '0' && field[at] <= '9';
}

/// A heading has columns of values, and no number in any of them.
bool is_heading(const media::CsvRow& row) {
  return row.fields.size() > kValuesAt &&
         std::none_of(row.fields.begin() + kValuesAt, row.fields.end(), begins_like_a_number);
}

/// A row of numbers behind name and source.
Result<std::vector<float>> values_of(const media::CsvRow& row) {
  const std::string line = "line " + std::to_string(row.line);
  std::vector<float> values;
  for (std::size_t i = kValuesAt; i < row.fields.size(); ++i) {
    const std::optional<float> value = number_from(row.fields[i]);
    if (!value) return fail(ErrorCode::corrupt_data, line + ": column " + std::to_string(i + 1) + " is no number");
    values.push_back(*value);
  }
  if (values.empty())
    return fail(ErrorCode::corrupt_data, line + ": name, source and the values of an embedding are wanted");
  return values;
}

/// Hands over the rows of a CSV file of embeddings, without its heading.
Status each_csv_row(const std::string& path,
                    const std::function<Status(const media::CsvRow&, std::vector<float>)>& take) {
  VULTUS_TRY(const std::vector<std::uint8_t> bytes, media::read_file(path, kMaxCsvBytes));
  media::CsvReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  for (bool first = true;; first = false) {
    auto row = reader.next();
    if (!row) return in_file(path, row.error());
    if (!*row) return {};
    if (first && is_heading(**row)) continue;
    auto values = values_of(**row);
    if (!values) return in_file(path, values.error());
    VULTUS_CHECK(take(**row, *std::move(values)));
  }
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// The one that is meant.
Result<std::string> chosen(const std::string& asked, const std::vector<std::string>& there, const std::string& what) {
  if (asked.empty() && there.size() == 1) return there.front();
  if (std::ranges::find(there, asked) != there.end()) return asked;
  return fail(ErrorCode::invalid_argument,
              (asked.empty() ? "several " + what + "s, which must not be mixed: name one with --" + what
                             : "no " + what + " \"" + asked + "\"") +
                  "; there are: " + listed(there));
}

Result<ImportFormat> format_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, path + ": no such file");
  std::string begin(64, '\0');
  in.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  if (begin.starts_with(R"({"vultus_export")")) return ImportFormat::vultus;
  if (begin.starts_with("PGDMP") || begin.find("PostgreSQL database dump") != std::string::npos ||
      path.ends_with(".sql"))
    return ImportFormat::compreface;
  if (path.ends_with(".csv")) return ImportFormat::csv;
  return fail(ErrorCode::unsupported,
              path + ": neither an export of Vultus, nor a dump, nor named .csv; --format tells");
}

}  // namespace

Result<ImportFile> ImportFile::open(const std::string& path, const ImportOptions& options) {
  ImportFile file(path, options);
  if (options.format == ImportFormat::automatic) {
    VULTUS_TRY(file.options_.format, format_of(path));
  }
  switch (file.options_.format) {
    case ImportFormat::automatic: break;
    case ImportFormat::vultus: VULTUS_CHECK(file.look_at_export()); break;
    case ImportFormat::csv: VULTUS_CHECK(file.look_at_csv()); break;
    case ImportFormat::compreface: VULTUS_CHECK(file.look_at_dump()); break;
  }
  return file;
}

Status ImportFile::look_at_export() {
  // All of it is read before anything is written: a damaged export changes nothing.
  return read_export(path_, {.header = [this](const ExportHeader& header) -> Status {
                               model_ = header.model;
                               faces_ = header.faces;
                               return {};
                             },
                             .subject = [](const Subject& /*subject*/) -> Status { return {}; },
                             .face = [](const ExportedFace& /*face*/) -> Status { return {}; }});
}

Status ImportFile::look_at_csv() {
  if (options_.model.empty())
    return fail(ErrorCode::invalid_argument,
                path_ + ": a CSV file does not say which model made its embeddings: name it with --model");
  model_ = {.id = ModelId(options_.model)};
  VULTUS_CHECK(each_csv_row(path_, [this](const media::CsvRow& row, const std::vector<float>& values) -> Status {
    const int dimension = static_cast<int>(values.size());
    if (faces_++ == 0) model_.dimension = dimension;
    if (model_.dimension == dimension) return {};
    return fail(ErrorCode::corrupt_data, path_ + ": line " + std::to_string(row.line) + ": " +
                                             std::to_string(dimension) + " values, the first row has " +
                                             std::to_string(model_.dimension));
  }));
  if (faces_ > 0) return {};
  return fail(ErrorCode::corrupt_data,
              path_ + ": there is no row of an embedding: name,source,value,value,... is wanted behind the heading");
}

Status ImportFile::look_at_dump() {
  std::ifstream in(path_, std::ios::binary);
  if (!in) return fail(ErrorCode::not_found, path_ + ": no such file");
  auto contents = read_compreface_dump(in, {});
  if (!contents) return in_file(path_, contents.error());
  std::vector<std::string> calculators;
  std::vector<std::string> collections;
  for (const auto& [name, one] : contents->calculators) calculators.push_back(name);
  for (const auto& [key, one] : contents->collections) {
    collections.push_back(one.name);
    if (options_.collection == key) options_.collection = one.name;
  }
  VULTUS_TRY(options_.calculator, chosen(options_.calculator, calculators, "calculator"));
  VULTUS_TRY(const std::string name, chosen(options_.collection, collections, "collection"));
  for (const auto& [key, one] : contents->collections)
    if (one.name == name) options_.collection = key;
  model_ = {.id = ModelId("compreface:" + options_.calculator),
            .dimension = contents->calculators.at(options_.calculator).dimension};
  faces_ = contents->calculators.at(options_.calculator).faces;
  return {};
}

Result<ImportReport> ImportFile::into(Gallery& gallery) const {
  const GalleryModel theirs = gallery.info().model;
  if (theirs.id != model_.id || theirs.dimension != model_.dimension)
    return fail(ErrorCode::model_mismatch, path_ + ": embeddings of model " + model_.id.text() + " with " +
                                               std::to_string(model_.dimension) + " values; gallery " +
                                               gallery.info().path + " holds model " + theirs.id.text() + " with " +
                                               std::to_string(theirs.dimension) + ": they must not be mixed");
  ImportReport report;
  Taker taker(gallery, report);
  if (options_.format == ImportFormat::vultus) {
    std::string name;
    std::vector<Subject> described;
    VULTUS_CHECK(read_export(path_, {.header = [](const ExportHeader& /*header*/) -> Status { return {}; },
                                     .subject = [&](const Subject& subject) -> Status {
                                       name = subject.name;
                                       if (subject.details != SubjectDetails()) described.push_back(subject);
                                       return {};
                                     },
                                     .face = [&](const ExportedFace& face) -> Status {
                                       return taker.take(name, face.values, face.face.details, face.thumbnail,
                                                         "face " + std::to_string(face.face.id.number()));
                                     }}));
    VULTUS_CHECK(taker.flush());
    for (const Subject& subject : described) {
      VULTUS_TRY(const std::optional<Subject> mine, gallery.find_subject(subject.name));
      if (mine && mine->details == SubjectDetails()) VULTUS_CHECK(gallery.describe(mine->id, subject.details));
    }
    return report;
  }
  if (options_.format == ImportFormat::csv) {
    VULTUS_CHECK(each_csv_row(path_, [&](const media::CsvRow& row, std::vector<float> values) {
      return taker.take(row.fields[0], std::move(values), {.source = row.fields[1]}, std::nullopt,
                        "line " + std::to_string(row.line));
    }));
  } else {
    std::ifstream in(path_, std::ios::binary);
    const auto contents = read_compreface_dump(
        in, {.face = [&](const ComprefaceFace& face) -> Status {
          if (face.calculator != options_.calculator || face.collection != options_.collection) return {};
          return taker.take(face.subject, face.values, {.source = "compreface:" + face.id}, std::nullopt, face.id);
        }});
    if (!contents) return in_file(path_, contents.error());
  }
  VULTUS_CHECK(taker.flush());
  return report;
}

}  // namespace vultus::engine
