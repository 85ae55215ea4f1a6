#include <vultus/gallery/store/sqlite_schema.hpp>

#include <array>

namespace vultus::gallery {
namespace {

// A published step is never changed: files were made with it. A change of the schema is a new step.
constexpr std::array<std::string_view, 3> kSteps{R"sql(
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
)sql",
                                                 // Version 3: checksums, numbers of changes, keys of equality,
                                                 // templates of several models, links, undo, audit log.
                                                 // finish_migration() fills the checksums. The order of copying and
                                                 // dropping keeps every row that points at another one beside it.
                                                 R"sql(
CREATE TABLE subjects_3(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,
  created TEXT NOT NULL,
  external_id TEXT,
  tags TEXT,
  consent TEXT,
  purpose TEXT,
  retain_until TEXT,
  notes TEXT,
  changed INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE faces_3(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  subject INTEGER NOT NULL REFERENCES subjects_3(id) ON DELETE CASCADE,
  enrolled TEXT NOT NULL,
  retain_until TEXT,
  quality REAL,
  inter_eye_px REAL,
  detection REAL,
  source TEXT,
  source_sha256 TEXT,
  source_key TEXT,
  box_x REAL,
  box_y REAL,
  box_width REAL,
  box_height REAL,
  changed INTEGER NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE templates(
  face INTEGER NOT NULL REFERENCES faces_3(id) ON DELETE CASCADE,
  model INTEGER NOT NULL REFERENCES models(id),
  template BLOB NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY(face, model)
) STRICT;
CREATE TABLE thumbnails_3(
  face INTEGER PRIMARY KEY REFERENCES faces_3(id) ON DELETE CASCADE,
  format TEXT NOT NULL CHECK(format IN ('jpeg', 'encrypted')),
  bytes BLOB NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
INSERT INTO subjects_3 SELECT id, name, name, created, external_id, nullif(tags, '[]'), consent, purpose,
  retain_until, notes, 1, 0 FROM subjects ORDER BY id;
INSERT INTO faces_3 SELECT id, subject, enrolled, retain_until, quality, inter_eye_px, detection, source,
  source_sha256, source_sha256, box_x, box_y, box_width, box_height, 1, 0 FROM faces ORDER BY id;
INSERT INTO templates SELECT id, model, template, 0 FROM faces ORDER BY id;
INSERT INTO thumbnails_3 SELECT face, format, bytes, 0 FROM thumbnails ORDER BY face;
UPDATE sqlite_sequence SET seq=(SELECT max(seq) FROM sqlite_sequence WHERE name IN ('subjects', 'subjects_3'))
  WHERE name='subjects_3';
UPDATE sqlite_sequence SET seq=(SELECT max(seq) FROM sqlite_sequence WHERE name IN ('faces', 'faces_3'))
  WHERE name='faces_3';
INSERT INTO sqlite_sequence(name, seq) SELECT old.name || '_3', old.seq FROM sqlite_sequence AS old
  WHERE old.name IN ('subjects', 'faces')
  AND NOT EXISTS(SELECT 1 FROM sqlite_sequence AS new WHERE new.name = old.name || '_3');
DROP TABLE thumbnails;
DROP TABLE faces;
DROP TABLE subjects;
ALTER TABLE subjects_3 RENAME TO subjects;
ALTER TABLE faces_3 RENAME TO faces;
ALTER TABLE thumbnails_3 RENAME TO thumbnails;
ALTER TABLE meta ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE models ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calibrations ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
CREATE INDEX subjects_changed ON subjects(changed);
CREATE INDEX subjects_expiry ON subjects(retain_until) WHERE retain_until IS NOT NULL;
CREATE INDEX faces_of_subject ON faces(subject);
CREATE INDEX faces_of_source ON faces(source_key) WHERE source_key IS NOT NULL;
CREATE INDEX faces_changed ON faces(changed);
CREATE INDEX faces_expiry ON faces(retain_until) WHERE retain_until IS NOT NULL;
CREATE TABLE gone_subjects(
  subject INTEGER PRIMARY KEY,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX gone_subjects_changed ON gone_subjects(changed);
CREATE TABLE gone_faces(
  face INTEGER PRIMARY KEY,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX gone_faces_changed ON gone_faces(changed);
CREATE TABLE links(
  kind TEXT NOT NULL CHECK(kind IN ('not_subject', 'not_face')),
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  sum INTEGER NOT NULL,
  PRIMARY KEY(kind, a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_of_b ON links(b);
CREATE TABLE undo(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
CREATE TABLE audit(
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  record TEXT NOT NULL,
  mac BLOB NOT NULL
) STRICT;
)sql"};

constexpr sqlite::Format kFormat{
    .noun = "gallery", .application_id = kApplicationId, .steps = kSteps, .page_bytes = 8192};

}  // namespace

const sqlite::Format& format() { return kFormat; }

}  // namespace vultus::gallery
