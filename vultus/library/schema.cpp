#include <vultus/library/schema.hpp>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace vultus::library {
namespace {

// A published step is never changed: files were made with it. A change of the schema is a new step.
constexpr std::array<std::string_view, 1> kSteps{R"sql(
CREATE TABLE model(
  id INTEGER PRIMARY KEY CHECK(id = 1),
  name TEXT NOT NULL,
  dimension INTEGER NOT NULL CHECK(dimension BETWEEN 1 AND 16384),
  preset TEXT NOT NULL,
  next_cluster INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE photos(
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL
) STRICT;
CREATE TABLE files(
  path TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  photo INTEGER NOT NULL REFERENCES photos(id)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_of_photo ON files(photo);
CREATE TABLE faces(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  photo INTEGER NOT NULL REFERENCES photos(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  box_x REAL NOT NULL,
  box_y REAL NOT NULL,
  box_width REAL NOT NULL,
  box_height REAL NOT NULL,
  detection REAL NOT NULL,
  inter_eye_px REAL,
  quality REAL,
  sharpness REAL,
  yaw REAL,
  pitch REAL,
  template BLOB NOT NULL,
  thumbnail BLOB NOT NULL,
  cluster INTEGER
) STRICT;
CREATE INDEX faces_of_photo ON faces(photo);
CREATE TABLE names(
  cluster INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE apart(
  first INTEGER NOT NULL REFERENCES faces(id) ON DELETE CASCADE,
  second INTEGER NOT NULL REFERENCES faces(id) ON DELETE CASCADE,
  PRIMARY KEY(first, second)
) STRICT, WITHOUT ROWID;
CREATE INDEX apart_second ON apart(second);
)sql"};

constexpr sqlite::Format kFormat{
    .noun = "photo library", .application_id = kApplicationId, .steps = kSteps, .page_bytes = 8192};

// Rounding to float32 moves the length by less than 1e-5; a flipped bit that matters moves it further.
constexpr double kLengthTolerance = 1e-4;

}  // namespace

const sqlite::Format& format() { return kFormat; }

std::vector<std::byte> to_bytes(std::span<const float> values) {
  std::vector<std::byte> bytes;
  bytes.reserve(values.size() * sizeof(float));
  for (const float value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned b = 0; b < sizeof(float); ++b) bytes.push_back(static_cast<std::byte>(bits >> (8 * b) & 0xFFU));
  }
  return bytes;
}

Result<Embedding> from_bytes(std::span<const std::byte> bytes, const LibraryModel& model) {
  const auto dimension = static_cast<std::size_t>(model.dimension);
  if (bytes.size() != dimension * sizeof(float))
    return fail(ErrorCode::corrupt_data, "a template of " + std::to_string(bytes.size()) + " bytes, the model makes " +
                                             std::to_string(dimension * sizeof(float)));
  std::vector<float> values(dimension);
  double square = 0;
  for (std::size_t i = 0; i < dimension; ++i) {
    std::uint32_t bits = 0;
    for (std::size_t b = 0; b < sizeof(float); ++b)
      bits |= std::to_integer<std::uint32_t>(bytes[i * sizeof(float) + b]) << (8 * b);
    values[i] = std::bit_cast<float>(bits);
    square += double{values[i]} * values[i];
  }
  if (!(std::abs(std::sqrt(square) - 1) <= kLengthTolerance))
    return fail(ErrorCode::corrupt_data, "a template that is not of length 1");
  return Embedding::normalised(model.id, std::move(values));
}

Result<LibraryModel> read_model(sqlite::Database& file) {
  VULTUS_TRY(sqlite::Statement row, file.prepare("SELECT name, dimension, preset FROM model"));
  VULTUS_TRY(const bool found, row.step());
  if (!found || row.text(0).empty()) return file.fail(ErrorCode::corrupt_data, "damaged: its model is not there");
  return LibraryModel{.id = ModelId(row.text(0)), .dimension = static_cast<int>(row.integer(1)), .preset = row.text(2)};
}

}  // namespace vultus::library
