#include <vultus/media/csv.hpp>

#include <algorithm>

namespace vultus::media {

CsvReader::CsvReader(std::string_view text) : text_(text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
}

bool CsvReader::at_line_end() const {
  return at_ >= text_.size() || text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n";
}

void CsvReader::skip_line_end() {
  if (at_ >= text_.size()) return;
  at_ += text_[at_] == '\r' ? 2 : 1;
  ++line_;
}

void CsvReader::skip_line() {
  at_ = std::min(text_.find('\n', at_), text_.size());
  skip_line_end();
}

Error CsvReader::fault(std::size_t line, std::string_view what) {
  skip_line();
  return fail(ErrorCode::corrupt_data, "line " + std::to_string(line) + ": " + std::string(what));
}

Result<std::optional<CsvRow>> CsvReader::next() {
  while (at_ < text_.size() && at_line_end()) skip_line_end();
  if (at_ >= text_.size()) return std::optional<CsvRow>();
  CsvRow row{.line = line_, .fields = {}};
  while (true) {
    VULTUS_TRY(std::string value, field());
    row.fields.push_back(std::move(value));
    if (at_line_end()) break;
    ++at_;  // the comma
  }
  skip_line_end();
  return std::optional<CsvRow>(std::move(row));
}

Result<std::string> CsvReader::field() {
  if (at_ < text_.size() && text_[at_] == '"') return quoted_field();
  const std::size_t begin = at_;
  for (; !at_line_end() && text_[at_] != ','; ++at_)
    if (text_[at_] == '"') return fault(line_, "a quote amid a field; quotes enclose whole fields");
  return std::string(text_.substr(begin, at_ - begin));
}

Result<std::string> CsvReader::quoted_field() {
  const std::size_t opened_at = at_;
  const std::size_t opened_line = line_;
  std::string value;
  ++at_;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    if (c != '"') {
      value += c;
    } else if (at_ < text_.size() && text_[at_] == '"') {
      value += '"';
      ++at_;
    } else if (at_line_end() || text_[at_] == ',') {
      return value;
    } else {
      return fault(line_, "text behind a closing quote");
    }
  }
  // Back to the line of the quote: one forgotten quote must not hide all lines behind it.
  at_ = opened_at;
  line_ = opened_line;
  return fault(opened_line, "a quote that is not closed");
}

std::string csv_row(std::span<const std::string> fields) {
  std::string row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += ',';
    const std::string& field = fields[i];
    if (field.find_first_of(",\"\r\n") == std::string::npos && !(field.empty() && fields.size() == 1)) {
      row += field;
      continue;
    }
    row += '"';
    for (const char c : field) {
      if (c == '"') row += '"';
      row += c;
    }
    row += '"';
  }
  return row + "\r\n";
}

}  // namespace vultus::media
