// What SQL alone cannot do when an older file is brought up to date.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <sodium.h>

#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/store/sqlite_rows.hpp>
#include <vultus/gallery/store/sqlite_schema.hpp>
#include <vultus/gallery/store/store.hpp>

namespace vultus::gallery {
namespace {

using sqlite::Database;
using sqlite::Statement;

/// Writes the checksum of every row of a table. A row that cannot be read keeps the sum 0, and a check tells of it.
template <class Read>
Status write_sums(Database& file, const std::string& table, std::string_view columns, const Read& read) {
  VULTUS_TRY(Statement rows, file.prepare("SELECT " + std::string(columns) + ", " + table + ".rowid FROM " + table +
                                          " WHERE " + table + ".rowid > ? ORDER BY " + table + ".rowid LIMIT 1"));
  VULTUS_TRY(Statement write, file.prepare("UPDATE " + table + " SET sum=? WHERE rowid=?"));
  for (std::int64_t last = 0;;) {
    rows.reset();
    rows.bind(1, last);
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return {};
    const auto one = read(rows);
    last = rows.integer(static_cast<int>(std::ranges::count(columns, ',')) + 1);
    if (!one) continue;
    write.bind(1, sum_of(one->row)).bind(2, last);
    VULTUS_CHECK(write.run());
  }
}

Status write_calibration_sums(Database& file) {
  VULTUS_TRY(Statement rows, file.prepare("SELECT " + std::string(kCalibrationColumns) + " FROM calibrations"));
  std::vector<std::pair<std::int64_t, std::int64_t>> sums;  // of each id; written when the reading is over
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    VULTUS_TRY(auto points, calibration_rows(file, rows.integer(17)));
    const auto one = read_calibration(rows, std::move(points));
    if (one) sums.emplace_back(rows.integer(17), sum_of(rows.integer(21), one->row));
  }
  VULTUS_TRY(Statement write, file.prepare("UPDATE calibrations SET sum=? WHERE id=?"));
  for (const auto& [id, sum] : sums) {
    write.bind(1, sum).bind(2, id);
    VULTUS_CHECK(write.run());
  }
  return {};
}

}  // namespace

Status finish_migration(Database& file, int from) {
  constexpr int kFirstWithSums = 3;
  if (from >= kFirstWithSums) return {};
  VULTUS_CHECK(write_sums(file, "subjects", kSubjectColumns, read_subject));
  VULTUS_CHECK(write_sums(file, "faces", kFaceColumns, read_face));
  VULTUS_CHECK(
      write_sums(file, "templates", kTemplateColumns, [](const Statement& row) { return read_template(row); }));
  VULTUS_CHECK(write_sums(file, "thumbnails", kThumbnailColumns, read_thumbnail));
  VULTUS_CHECK(write_sums(file, "models", kModelColumns, read_model));
  VULTUS_CHECK(write_calibration_sums(file));
  VULTUS_CHECK(write_meta(file, kMetaSequence, "1"));
  VULTUS_CHECK(write_meta(file, kMetaGallery, new_gallery_id()));
  std::vector<std::pair<std::string, std::string>> old;
  VULTUS_TRY(Statement meta, file.prepare("SELECT key, value FROM meta"));
  for (;;) {
    VULTUS_TRY(const bool row, meta.step());
    if (!row) break;
    old.emplace_back(meta.text(0), meta.text(1));
  }
  for (const auto& [key, value] : old) VULTUS_CHECK(write_meta(file, key, value));
  return {};
}

std::string new_gallery_id() {
  std::array<unsigned char, 16> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace vultus::gallery
