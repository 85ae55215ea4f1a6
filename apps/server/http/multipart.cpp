#include <apps/server/http/multipart.hpp>

#include <algorithm>
#include <utility>

#include <vultus/core/utf8.hpp>

#include <apps/server/http/ascii.hpp>
#include <apps/server/http/header_value.hpp>
#include <apps/server/http/percent.hpp>

namespace vultus::server {
namespace {

Error broken_form(std::string what) { return fail(ErrorCode::corrupt_data, "form: " + std::move(what)); }

// RFC 2046, 5.1.1: at most 70 characters of "bchars", not ending with a blank.
bool is_boundary(std::string_view text) {
  constexpr std::size_t kMost = 70;
  return !text.empty() && text.size() <= kMost && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
                  std::string_view("'()+_,-./:=? ").find(c) != std::string_view::npos;
         });
}

// Browsers write a quote and line ends in names as %22, %0D, %0A and nothing else so (HTML standard, form submission).
std::string without_browser_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view next = text.substr(i, 3);
    const bool escape = next == "%22" || ascii_equal(next, "%0D") || ascii_equal(next, "%0A");
    if (!escape) {
      plain += text[i];
      continue;
    }
    plain += next == "%22" ? '"' : ' ';
    i += 2;
  }
  return plain;
}

Result<std::string> form_name(std::string_view text, const char* what, std::size_t most) {
  if (text.size() > most)
    return fail(ErrorCode::resource_limit, "form: " + std::string(what) + " of " + std::to_string(text.size()) +
                                               " bytes, at most " + std::to_string(most));
  const bool control = std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; });
  if (control || !is_utf8(text)) return broken_form(std::string(what) + " is no text in UTF-8");
  return without_browser_escapes(text);
}

// filename*=UTF-8''na%C3%AFve.jpg, which RFC 7578 forbids and HTTP libraries of old send (RFC 8187).
std::optional<std::string> extended_file_name(std::string_view text) {
  constexpr std::string_view kUtf8 = "UTF-8'";
  if (!ascii_equal(text.substr(0, kUtf8.size()), kUtf8)) return std::nullopt;
  const std::size_t end = text.find('\'', kUtf8.size());
  return end == std::string_view::npos ? std::nullopt : percent_decoded(text.substr(end + 1));
}

Status read_disposition(std::string_view value, const MultipartLimits& limits, FormPart& part) {
  const auto parsed = parse_header_value(value, Backslash::escapes_quotes);
  if (!parsed || parsed->value != "form-data") return broken_form("a part's Content-Disposition is not form-data");
  const auto name = parsed->find("name");
  if (!name) return broken_form("a part without a name");
  VULTUS_TRY(part.name, form_name(*name, "a field's name", limits.name_bytes));
  if (const auto file = parsed->find("filename")) {
    VULTUS_TRY(part.file_name, form_name(*file, "a file's name", limits.name_bytes));
  } else if (const auto extended = parsed->find("filename*")) {
    const auto decoded = extended_file_name(*extended);
    if (!decoded) return broken_form("a file's name is not in UTF-8");
    VULTUS_TRY(part.file_name, form_name(*decoded, "a file's name", limits.name_bytes));
  }
  return {};
}

Status read_part_field(std::string_view line, const MultipartLimits& limits, bool& named, FormPart& part) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return broken_form("a part's header is none");
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (ascii_equal(name, "Content-Disposition")) {
    if (std::exchange(named, true)) return broken_form("a part with two names");
    return read_disposition(value, limits, part);
  }
  if (ascii_equal(name, "Content-Type")) {
    const auto type = parse_header_value(value);
    if (!type) return broken_form("a part's Content-Type is none");
    part.content_type = type->value;
  } else if (ascii_equal(name, "Content-Transfer-Encoding")) {
    for (const std::string_view plain : {"binary", "8bit", "7bit"})
      if (ascii_equal(value, plain)) return {};
    return fail(ErrorCode::unsupported, "form: a part's Content-Transfer-Encoding must be binary, 8bit or 7bit");
  }
  return {};
}

// What may stand between a delimiter and the end of its line; nothing where it is no delimiter, but content.
std::optional<std::string_view> behind_delimiter(std::string_view rest) {
  const std::size_t text = std::min(rest.find_first_not_of(" \t"), rest.size());
  rest.remove_prefix(text);
  if (!rest.starts_with("\r\n")) return std::nullopt;
  return rest.substr(2);
}

}  // namespace

MultipartReader::MultipartReader(std::string delimiter, std::string_view body, MultipartLimits limits)
    : delimiter_(std::move(delimiter)), rest_(body), limits_(limits) {}

Result<MultipartReader> MultipartReader::open(std::string_view content_type, std::string_view body,
                                              MultipartLimits limits) {
  const auto type = parse_header_value(content_type);
  if (!type) return broken_form("Content-Type does not follow its grammar");
  if (type->value != "multipart/form-data")
    return fail(ErrorCode::unsupported, "a form must be multipart/form-data, not \"" + type->value + "\"");
  const auto boundary = type->find("boundary");
  if (!boundary || !is_boundary(*boundary)) return broken_form("Content-Type has no boundary of 1 to 70 characters");
  MultipartReader reader("\r\n--" + std::string(*boundary), body, limits);
  // The first delimiter may begin the body; what stands before it is for readers of mail.
  const std::string_view first = std::string_view(reader.delimiter_).substr(2);
  std::size_t at = body.starts_with(first) ? first.size() : body.find(reader.delimiter_);
  if (at == std::string_view::npos) return broken_form("the body does not hold its boundary");
  if (!body.starts_with(first)) at += reader.delimiter_.size();
  reader.rest_ = body.substr(at);
  return reader;
}

Result<std::optional<FormPart>> MultipartReader::next() {
  if (ended_ || rest_.starts_with("--")) return std::optional<FormPart>();
  ended_ = true;  // unless this part is sound
  const auto part_text = behind_delimiter(rest_);
  if (!part_text) return broken_form("a line that begins with the boundary goes on");
  if (read_ >= limits_.parts)
    return fail(ErrorCode::resource_limit, "form: more than " + std::to_string(limits_.parts) + " parts");
  std::string_view text = *part_text;
  FormPart part;
  part.content_type = "text/plain";
  bool named = false;
  std::size_t header_bytes = 0;
  while (!text.starts_with("\r\n")) {
    const std::size_t end = text.substr(0, limits_.header_bytes - header_bytes + 2).find("\r\n");
    if (end == std::string_view::npos && text.size() > limits_.header_bytes - header_bytes)
      return fail(ErrorCode::resource_limit,
                  "form: a part's header is longer than " + std::to_string(limits_.header_bytes) + " bytes");
    if (end == std::string_view::npos) return broken_form("a part's header does not end");
    VULTUS_CHECK(read_part_field(text.substr(0, end), limits_, named, part));
    header_bytes += end;
    text.remove_prefix(end + 2);
  }
  if (!named) return broken_form("a part without a name");
  // The line that ends the header may be the one that begins the delimiter: a part without content.
  const std::size_t end = text.find(delimiter_);
  if (end == std::string_view::npos) return broken_form("the part \"" + part.name + "\" does not end");
  part.content = end == 0 ? std::string_view() : text.substr(2, end - 2);
  rest_ = text.substr(end + delimiter_.size());
  ++read_;
  ended_ = false;
  return std::optional<FormPart>(std::move(part));
}

Result<std::vector<FormPart>> parse_multipart(std::string_view content_type, std::string_view body,
                                              MultipartLimits limits) {
  VULTUS_TRY(MultipartReader reader, MultipartReader::open(content_type, body, limits));
  std::vector<FormPart> parts;
  while (true) {
    VULTUS_TRY(std::optional<FormPart> part, reader.next());
    if (!part) return parts;
    parts.push_back(*std::move(part));
  }
}

}  // namespace vultus::server
