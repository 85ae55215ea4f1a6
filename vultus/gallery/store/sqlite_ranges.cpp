#include <vultus/gallery/store/sqlite_ranges.hpp>

#include <limits>
#include <optional>

namespace vultus::gallery {
namespace {

using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

bool is_damage(const Error& error) { return error.code == ErrorCode::corrupt_data; }

class Reader {
 public:
  Reader(Database& file, const TableToRead& what) : file_(file), what_(what) {
    const std::string table(what.table);
    from_ = "SELECT " + std::string(what.columns) + ", " + table + ".rowid FROM " + table + " WHERE " + table +
            ".rowid >= ? ORDER BY " + table + ".rowid";
  }

  /// Reads from `next` on until the end or damage.
  /// @return true at the end; `next` is behind the last row that was read
  Result<bool> read(std::int64_t& next, const std::function<Status(const Statement&)>& take) {
    Result<Statement> rows = file_.prepare(from_);
    if (!rows) return is_damage(rows.error()) ? Result<bool>(false) : Result<bool>(rows.error());
    rows->bind(1, next);
    for (;;) {
      const Result<bool> row = rows->step();
      if (!row) return is_damage(row.error()) ? Result<bool>(false) : row;
      if (!*row) return true;
      const std::int64_t number = rows->integer(what_.width);
      if (number < next) return false;  // branches of the tree that meet again
      VULTUS_CHECK(take(*rows));
      if (number == kGreatest) return true;
      next = number + 1;
    }
  }

  /// The number of the first row from `number` on.
  /// @return nothing if the way there is damaged; kGreatest if there is none
  Result<std::optional<std::int64_t>> first_from(std::int64_t number) {
    Result<Statement> row = file_.prepare(from_ + " LIMIT 1");
    if (!row) return row.error();
    row->bind(1, number);
    const Result<bool> found = row->step();
    if (!found && !is_damage(found.error())) return found.error();
    if (!found) return std::optional<std::int64_t>();
    if (!*found) return std::optional(kGreatest);
    const std::int64_t at = row->integer(what_.width);
    return at < number ? std::nullopt : std::optional(at);
  }

 private:
  Database& file_;
  TableToRead what_;
  std::string from_;
};

/// Where reading can go on behind a place that cannot be read: steps that double, then halves.
/// @return kGreatest if nowhere
Result<std::int64_t> behind_damage(Reader& reader, std::int64_t damaged) {
  std::int64_t bad = damaged;  // no row can be read from here on
  std::int64_t step = 1;
  std::optional<std::int64_t> good;
  while (!good) {
    if (bad > kGreatest - step) return kGreatest;
    VULTUS_TRY(good, reader.first_from(bad + step));
    if (good) break;
    bad += step;
    step *= 2;
  }
  std::int64_t best = *good;
  std::int64_t reached = bad + step;  // from here on it can be read
  while (reached - bad > 1) {
    const std::int64_t middle = bad + (reached - bad) / 2;
    VULTUS_TRY(const std::optional<std::int64_t> row, reader.first_from(middle));
    (row ? reached : bad) = middle;
    if (row) best = *row;
  }
  return best;
}

}  // namespace

Status read_around_damage(Database& file, const TableToRead& what, const std::function<Status(const Statement&)>& take,
                          const std::function<void(std::int64_t, std::int64_t)>& lost) {
  Reader reader(file, what);
  for (std::int64_t next = 0;;) {
    VULTUS_TRY(const bool ended, reader.read(next, take));
    if (ended) return {};
    VULTUS_TRY(const std::int64_t good, behind_damage(reader, next));
    lost(next, good == kGreatest ? kGreatest : good - 1);
    if (good == kGreatest) return {};
    next = good;
  }
}

}  // namespace vultus::gallery
