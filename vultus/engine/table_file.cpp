#include <vultus/engine/table_file.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/media/csv.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/picture_hash.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using OrderedJson = nlohmann::ordered_json;

Result<evaluation::Table> table_of_csv(std::string_view text, const std::string& source) {
  media::CsvReader reader(text);
  VULTUS_TRY(auto header, reader.next().with_context(source));
  if (!header) return fail(ErrorCode::corrupt_data, source + ": empty");
  std::vector<evaluation::TableRow> rows;
  for (;;) {
    VULTUS_TRY(auto row, reader.next().with_context(source));
    if (!row) break;
    rows.push_back({row->line, std::move(row->fields)});
  }
  return evaluation::Table::of(source, std::move(header->fields), std::move(rows));
}

Result<std::string> field_of(const OrderedJson& value, const std::string& where) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return std::string();
  if (value.is_number() || value.is_boolean()) return value.dump();
  return fail(ErrorCode::corrupt_data, where + " is neither text, number, true, false nor null");
}

Result<evaluation::Table> table_of_json(std::string_view text, const std::string& source) {
  // The callback stops deep nesting before the parser builds it.
  const OrderedJson list = OrderedJson::parse(
      text, [](int depth, OrderedJson::parse_event_t, OrderedJson&) { return depth < 4; }, false);
  if (list.is_discarded() || !list.is_array())
    return fail(ErrorCode::corrupt_data, source + ": not a JSON list of objects");
  std::vector<std::string> columns;
  std::vector<evaluation::TableRow> rows;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const OrderedJson& object = list[i];
    const std::string where = fmt::format("{}: entry {}", source, i + 1);
    if (!object.is_object()) return fail(ErrorCode::corrupt_data, where + " is not an object");
    if (i == 0)
      for (const auto& [name, value] : object.items()) columns.push_back(name);
    if (object.size() != columns.size())
      return fail(ErrorCode::corrupt_data,
                  fmt::format("{} has {} names, the first {}", where, object.size(), columns.size()));
    evaluation::TableRow row{.line = i + 1, .fields = {}};
    for (const std::string& name : columns) {
      const auto at = object.find(name);
      if (at == object.end()) return fail(ErrorCode::corrupt_data, fmt::format("{} has no \"{}\"", where, name));
      VULTUS_TRY(std::string field, field_of(*at, fmt::format("{}: \"{}\"", where, name)));
      row.fields.push_back(std::move(field));
    }
    rows.push_back(std::move(row));
  }
  return evaluation::Table::of(source, std::move(columns), std::move(rows));
}

}  // namespace

Result<evaluation::Table> parse_table(std::string_view text, const std::string& source) {
  const auto first = std::find_if(text.begin(), text.end(), [](char c) { return c != ' ' && c != '\n' && c != '\r'; });
  if (first != text.end() && *first == '[') return table_of_json(text, source);
  return table_of_csv(text, source);
}

Result<TableFile> read_table(const std::string& path) {
  VULTUS_TRY(const auto bytes, media::read_file(path, kMaxTableBytes));
  VULTUS_TRY(evaluation::Table table, parse_table({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, path));
  return TableFile{.table = std::move(table), .sha256 = runtime::sha256(bytes)};
}

Result<evaluation::Table> with_picture_hashes(const evaluation::Table& table, const std::string& id,
                                              const std::string& folder) {
  constexpr const char* kColumn = "picture_hash";
  constexpr int kWantedSide = 128;  // the hash looks at 32 pixels: a JPEG may come in an eighth of its size
  if (table.find(kColumn))
    return fail(ErrorCode::invalid_argument, table.source() + ": there is a column \"picture_hash\" already");
  VULTUS_TRY(const std::size_t column, table.column(id));
  std::vector<std::string> columns = table.columns();
  columns.emplace_back(kColumn);
  std::vector<evaluation::TableRow> rows;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    VULTUS_TRY(const media::Picture picture,
               media::read_picture(folder + "/" + table.at(row, column), {.limits = {}, .wanted_side = kWantedSide}));
    VULTUS_TRY(const std::uint64_t hash, media::picture_hash(picture.image.view()));
    evaluation::TableRow made{.line = table.line(row), .fields = {}};
    for (std::size_t c = 0; c < table.columns().size(); ++c) made.fields.push_back(table.at(row, c));
    made.fields.push_back(media::hash_text(hash));
    rows.push_back(std::move(made));
  }
  return evaluation::Table::of(table.source(), std::move(columns), std::move(rows));
}

}  // namespace vultus::engine
