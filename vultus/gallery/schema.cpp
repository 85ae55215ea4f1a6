#include <vultus/gallery/schema.hpp>

#include <array>

namespace vultus::gallery {
namespace {

// A published step is never changed: files were made with it. A change of the schema is a new step.
constexpr std::array<std::string_view, 2> kSteps{R"sql(
CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE models(
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  dimension INTEGER NOT NULL CHECK(dimension BETWEEN 1 AND 16384),
  sha256 TEXT,
  preset TEXT,
  added TEXT NOT NULL
) STRICT;
CREATE TABLE subjects(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL,
  external_id TEXT,
  tags TEXT NOT NULL DEFAULT '[]',
  consent TEXT,
  purpose TEXT,
  retain_until TEXT,
  notes TEXT
) STRICT;
CREATE TABLE faces(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject INTEGER NOT NULL REFERENCES subjects(id) ON DELETE CASCADE,
  model INTEGER NOT NULL REFERENCES models(id),
  template BLOB NOT NULL,
  enrolled TEXT NOT NULL,
  retain_until TEXT,
  quality REAL,
  inter_eye_px REAL,
  detection REAL,
  source TEXT,
  source_sha256 TEXT,
  box_x REAL,
  box_y REAL,
  box_width REAL,
  box_height REAL
) STRICT;
CREATE INDEX faces_of_subject ON faces(subject);
CREATE INDEX faces_of_source ON faces(source_sha256) WHERE source_sha256 IS NOT NULL;
CREATE TABLE thumbnails(
  face INTEGER PRIMARY KEY REFERENCES faces(id) ON DELETE CASCADE,
  format TEXT NOT NULL CHECK(format IN ('jpeg', 'encrypted')),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE calibrations(
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES models(id),
  threshold REAL NOT NULL,
  false_match_rate REAL NOT NULL,
  source TEXT NOT NULL,
  subjects INTEGER NOT NULL,
  made TEXT NOT NULL
) STRICT;
)sql",
                                                 // Version 2: what a calibration measured beside its threshold.
                                                 R"sql(
ALTER TABLE calibrations ADD COLUMN target REAL;
ALTER TABLE calibrations ADD COLUMN fmr_low REAL;
ALTER TABLE calibrations ADD COLUMN fmr_high REAL;
ALTER TABLE calibrations ADD COLUMN fnmr REAL;
ALTER TABLE calibrations ADD COLUMN fpir REAL;
ALTER TABLE calibrations ADD COLUMN impostor_pairs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calibrations ADD COLUMN mated_pairs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calibrations ADD COLUMN slope REAL;
ALTER TABLE calibrations ADD COLUMN intercept REAL;
ALTER TABLE calibrations ADD COLUMN prior REAL;
ALTER TABLE calibrations ADD COLUMN search_slope REAL;
ALTER TABLE calibrations ADD COLUMN search_intercept REAL;
ALTER TABLE calibrations ADD COLUMN search_prior REAL;
ALTER TABLE calibrations ADD COLUMN ece REAL;
ALTER TABLE calibrations ADD COLUMN data_sha256 TEXT;
CREATE TABLE calibration_rows(
  calibration INTEGER NOT NULL REFERENCES calibrations(id) ON DELETE CASCADE,
  false_match_rate REAL NOT NULL,
  threshold REAL NOT NULL,
  PRIMARY KEY(calibration, false_match_rate)
) STRICT, WITHOUT ROWID;
)sql"};

constexpr sqlite::Format kFormat{
    .noun = "gallery", .application_id = kApplicationId, .steps = kSteps, .page_bytes = 8192};

}  // namespace

const sqlite::Format& format() { return kFormat; }

}  // namespace vultus::gallery
