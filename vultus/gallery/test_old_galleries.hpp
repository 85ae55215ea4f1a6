// Galleries as older versions of the program wrote them: for the tests of this room.
#pragma once

#include <filesystem>
#include <string>

namespace vultus::gallery::testing {

// The tables of version 1, to the letter.
inline constexpr const char* kTablesOfVersion1 = R"sql(
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
)sql";

// What version 2 added.
inline constexpr const char* kStepToVersion2 = R"sql(
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
)sql";

// Rows of both, dumped from a file that the program of version 2 made: two people, three faces, and ids that belonged
// to a subject 3 and a face 4 that were removed.
inline constexpr const char* kOldRows = R"sql(
INSERT INTO meta VALUES('created','2026-01-02T03:04:05Z'), ('encryption','none'), ('model','1');
INSERT INTO models VALUES(1,'planted',2,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','default',
  '2026-01-02T03:04:05Z');
INSERT INTO subjects VALUES(1,'Ada','2026-01-02T03:04:05Z','crm-7','["staff","Zoë"]','form 12','door',
  '2030-03-17T17:46:40Z','line
line');
INSERT INTO subjects VALUES(2,'Bea','2026-01-02T03:04:05Z',NULL,'[]',NULL,NULL,NULL,NULL);
INSERT INTO faces VALUES(1,1,1,X'9A99193FCDCC4C3F','2026-01-02T03:04:05Z','2033-05-18T03:33:20Z',0.5,41.25,0.75,
  'a 1.jpg','1111111111111111111111111111111111111111111111111111111111111111',10.5,20.0,100.0,0.0);
INSERT INTO faces VALUES(2,2,1,X'0000803F00000000','2026-01-02T03:04:05Z',
  NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO faces VALUES(3,2,1,X'000000000000803F','2026-01-02T03:04:05Z',NULL,NULL,NULL,NULL,NULL,
  '2222222222222222222222222222222222222222222222222222222222222222',NULL,NULL,NULL,NULL);
INSERT INTO thumbnails VALUES(1,'jpeg',X'FF00D8');
UPDATE sqlite_sequence SET seq=3 WHERE name='subjects';
UPDATE sqlite_sequence SET seq=4 WHERE name='faces';
)sql";

inline constexpr const char* kCalibrationOfVersion1 = R"sql(
INSERT INTO calibrations VALUES(1,1,0.5,0.001,'of version 1',2,'2026-01-02T03:04:05Z');
)sql";
inline constexpr const char* kCalibrationOfVersion2 = R"sql(
INSERT INTO calibrations VALUES(1,1,0.5,0.001,'of version 2',2,'2026-01-02T03:04:05Z',NULL,0.0005,0.002,NULL,NULL,
  0,0,9.0,-3.0,0.5,NULL,NULL,NULL,NULL,NULL);
INSERT INTO calibration_rows VALUES(1,0.0001,6.00000023841857910156e-01), (1,0.01,4.00000005960464477539e-01);
)sql";

/// Makes a gallery of version 1 or 2.
void make_old_gallery(const std::filesystem::path& path, int version);

}  // namespace vultus::gallery::testing
