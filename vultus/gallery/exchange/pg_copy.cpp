#include <vultus/gallery/exchange/pg_copy.hpp>

#include <algorithm>

namespace vultus::gallery {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The character that a backslash and `text` stand for; takes what it used off the front of `text`.
char escaped(std::string_view& text) {
  const char kind = text.front();
  text.remove_prefix(1);
  switch (kind) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    default: break;
  }
  if (is_octal(kind)) {
    int value = kind - '0';
    for (int i = 0; i < 2 && !text.empty() && is_octal(text.front()); ++i, text.remove_prefix(1))
      value = value * 8 + (text.front() - '0');
    return static_cast<char>(value & 0xFF);
  }
  if (kind == 'x' && !text.empty() && hex_digit(text.front()) >= 0) {
    int value = 0;
    for (int i = 0; i < 2 && !text.empty() && hex_digit(text.front()) >= 0; ++i, text.remove_prefix(1))
      value = value * 16 + hex_digit(text.front());
    return static_cast<char>(value);
  }
  return kind;
}

std::optional<std::string> unescaped(std::string_view field) {
  if (field == "\\N") return std::nullopt;
  std::string text;
  text.reserve(field.size());
  while (!field.empty()) {
    const char c = field.front();
    field.remove_prefix(1);
    text += c == '\\' && !field.empty() ? escaped(field) : c;
  }
  return text;
}

/// Takes an identifier off the front of `text`, quoted or not.
std::string identifier(std::string_view& text) {
  std::string name;
  if (!text.starts_with('"')) {
    const std::size_t end = std::min(text.find_first_of(" .,()"), text.size());
    name = text.substr(0, end);
    text.remove_prefix(end);
    return name;
  }
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      if (!text.starts_with('"')) return name;
      text.remove_prefix(1);
    }
    name += c;
  }
  return name;
}

bool skip(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

}  // namespace

Error PgCopyReader::refuse(ErrorCode code, const std::string& what) const {
  return fail(code, "line " + std::to_string(line_) + ": " + what);
}

Status PgCopyReader::begin_table(std::string_view line) {
  std::string_view rest = line.substr(5);
  std::string name = identifier(rest);
  if (skip(rest, ".")) name = identifier(rest);
  std::vector<std::string> columns;
  bool sound = skip(rest, " (");
  while (sound && columns.size() <= kMaxColumns) {
    columns.push_back(identifier(rest));
    if (skip(rest, ")")) break;
    sound = skip(rest, ", ");
  }
  if (!sound || name.empty() || columns.size() > kMaxColumns || rest != " FROM stdin;")
    return refuse(ErrorCode::corrupt_data, "a COPY that pg_dump does not write");
  table_ = std::move(name);
  columns_ = std::move(columns);
  in_table_ = true;
  return {};
}

Status PgCopyReader::read_row(std::string_view line) {
  fields_.clear();
  for (;;) {
    const std::size_t tab = line.find('\t');
    fields_.push_back(unescaped(line.substr(0, tab)));
    if (fields_.size() > columns_.size()) break;
    if (tab == std::string_view::npos) break;
    line.remove_prefix(tab + 1);
  }
  if (fields_.size() == columns_.size()) return {};
  return refuse(ErrorCode::corrupt_data,
                "a row of table " + table_ + " without its " + std::to_string(columns_.size()) + " columns");
}

Result<bool> PgCopyReader::take(std::string_view line) {
  ++line_;
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() > kMaxLineBytes)
    return refuse(ErrorCode::corrupt_data, "longer than " + std::to_string(kMaxLineBytes) + " bytes");
  if (line_ == 1 && line.starts_with("PGDMP"))
    return refuse(ErrorCode::unsupported,
                  "a dump in the custom format; make text of it with: pg_restore -f dump.sql FILE");
  if (in_table_) {
    if (line == "\\.") {
      in_table_ = false;
      return false;
    }
    VULTUS_CHECK(read_row(line));
    return true;
  }
  if (line.starts_with("INSERT INTO "))
    return refuse(ErrorCode::unsupported, "a dump with INSERT; make it without --inserts and --column-inserts");
  if (line.starts_with("COPY ")) VULTUS_CHECK(begin_table(line));
  return false;
}

Status PgCopyReader::finish() const {
  if (!in_table_) return {};
  return refuse(ErrorCode::corrupt_data, "the dump ends inside table " + table_ + ": it is cut off");
}

const std::optional<std::string>& PgCopyReader::field(std::string_view column) const {
  const auto at = std::ranges::find(columns_, column);
  if (at == columns_.end() || fields_.size() != columns_.size()) return none_;
  return fields_[static_cast<std::size_t>(at - columns_.begin())];
}

}  // namespace vultus::gallery
