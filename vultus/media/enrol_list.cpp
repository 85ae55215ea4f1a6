#include <vultus/media/enrol_list.hpp>

#include <algorithm>
#include <map>
#include <optional>

#include <sys/stat.h>

#include <vultus/core/utf8.hpp>
#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>

namespace vultus::media {
namespace {

constexpr std::size_t kMaxCsvBytes = std::size_t{64} * 1024 * 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string path_in(const std::string& folder, const std::string& name) {
  if (folder.empty() || name.starts_with('/')) return name;
  return folder.back() == '/' ? folder + name : folder + '/' + name;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kBlank) - from + 1);
}

/// `stem` without "(4)", "_0001", "-2" or " 3" at its end; `stem` itself where there is none.
std::string_view without_numbering(std::string_view stem) {
  std::string_view rest = stem;
  const bool bracketed = rest.ends_with(')');
  if (bracketed) rest.remove_suffix(1);
  const std::size_t with_digits = rest.size();
  while (!rest.empty() && is_digit(rest.back())) rest.remove_suffix(1);
  if (rest.size() == with_digits || rest.empty()) return stem;
  const char mark = rest.back();
  const bool known = bracketed ? mark == '(' : mark == '_' || mark == '-' || mark == ' ';
  if (!known) return stem;
  rest.remove_suffix(1);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  return rest.empty() ? stem : rest;
}

/// The columns of an enrolment CSV.
struct Columns {
  std::size_t file = 0;
  std::size_t subject = 0;
};

std::optional<std::size_t> column_of(const CsvRow& header, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (std::size_t i = 0; i < header.fields.size(); ++i)
    if (std::ranges::equal(trimmed(header.fields[i]), name, {}, lower)) return i;
  return std::nullopt;
}

Result<Columns> columns_of(CsvReader& reader) {
  VULTUS_TRY(const std::optional<CsvRow> header, reader.next());
  const Error missing = fail(ErrorCode::corrupt_data, "line 1: no header with the columns file and subject");
  if (!header) return missing;
  const auto file = column_of(*header, "file");
  const auto subject = column_of(*header, "subject");
  if (!file || !subject) return missing;
  return Columns{*file, *subject};
}

Result<LabelledPicture> picture_of(const CsvRow& row, const Columns& columns, const std::string& folder) {
  if (row.fields.size() <= std::max(columns.file, columns.subject))
    return fail(ErrorCode::corrupt_data, std::to_string(row.fields.size()) + " field(s), too few for file and subject");
  const std::string& file = row.fields[columns.file];
  if (file.empty() || file.find('\0') != std::string::npos) return fail(ErrorCode::invalid_argument, "no file name");
  const std::string_view subject = trimmed(row.fields[columns.subject]);
  VULTUS_CHECK(check_subject_name(subject));
  LabelledPicture picture{path_in(folder, file), std::string(subject)};
  struct stat info {};
  if (::stat(picture.path.c_str(), &info) != 0)
    return fail(ErrorCode::not_found, picture.path + ": no such file or folder");
  return picture;
}

}  // namespace

Status check_subject_name(std::string_view subject) {
  const auto refuse = [&](const std::string& what) { return fail(ErrorCode::invalid_argument, what); };
  if (trimmed(subject).empty()) return refuse("an empty subject name");
  if (!is_utf8(subject)) return refuse("a subject name that is not UTF-8");
  if (subject.size() > kMaxSubjectBytes)
    return refuse("a subject name of " + std::to_string(subject.size()) + " bytes, the limit is " +
                  std::to_string(kMaxSubjectBytes));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::ranges::any_of(subject, is_control)) return refuse("a subject name with control characters");
  return {};
}

std::string subject_of_file(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 = 0
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0) name = name.substr(0, dot);
  return std::string(trimmed(without_numbering(name)));
}

Result<EnrolList> enrol_list_of_folder(const std::string& root) {
  VULTUS_TRY(FolderContent content, list_folder(root));
  EnrolList list{.pictures = {}, .errors = std::move(content.errors)};
  for (const std::string& name : content.pictures) {
    const std::string path = path_in(root, name);
    std::string subject = subject_of_file(name);
    if (const Status named = check_subject_name(subject); !named)
      list.errors.push_back({path, named.error().with_context(path)});
    else
      list.pictures.push_back({path, std::move(subject)});
  }
  for (const std::string& name : content.folders) {
    const std::string path = path_in(root, name);
    if (const Status named = check_subject_name(name); !named) {
      list.errors.push_back({path, named.error().with_context(path)});
      continue;
    }
    InputList inside = expand_inputs(std::span(&path, 1), {.recursive = true, .within = root});
    for (Input& input : inside.inputs) list.pictures.push_back({std::move(input.path), name});
    for (InputError& error : inside.errors) list.errors.push_back(std::move(error));
  }
  if (list.pictures.empty() && list.errors.empty())
    return fail(ErrorCode::not_found,
                root + ": no picture in this folder; expected NAME/*.jpg for each person, or NAME.jpg");
  return list;
}

Result<EnrolList> parse_enrol_csv(std::string_view text, const std::string& name, const std::string& folder) {
  CsvReader reader(text);
  Result<Columns> columns = columns_of(reader);
  if (!columns) return columns.error().with_context(name);
  EnrolList list;
  std::map<std::string, std::string> subject_of;  // by path
  while (true) {
    const Result<std::optional<CsvRow>> row = reader.next();
    if (!row) {
      list.errors.push_back({name, row.error().with_context(name)});
      continue;
    }
    if (!*row) break;
    const std::string place = name + ": line " + std::to_string((*row)->line);
    Result<LabelledPicture> picture = picture_of(**row, *columns, folder);
    if (!picture) {
      list.errors.push_back({name, picture.error().with_context(place)});
      continue;
    }
    const auto [known, is_new] = subject_of.emplace(picture->path, picture->subject);
    if (is_new)
      list.pictures.push_back(*std::move(picture));
    else if (known->second != picture->subject)
      list.errors.push_back({name, fail(ErrorCode::invalid_argument,
                                        place + ": " + picture->path + " is " + known->second + " in a line above")});
  }
  if (list.pictures.empty() && list.errors.empty())
    return fail(ErrorCode::not_found, name + ": no row below the header");
  return list;
}

Result<EnrolList> enrol_list_of_csv(const std::string& csv_path) {
  VULTUS_TRY(const std::vector<std::uint8_t> bytes, read_file(csv_path, kMaxCsvBytes));
  const std::size_t slash = csv_path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : csv_path.substr(0, slash + 1);
  return parse_enrol_csv({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, csv_path, folder);
}

}  // namespace vultus::media
