#include <vultus/gallery/store/postgres_schema.hpp>

#include <algorithm>
#include <array>

#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {
namespace {

using postgres::Connection;
using postgres::Parameters;

// A published step is never changed: galleries were made with it. A change of the schema is a new step.
// Templates stay in their row (the longest that fit a page), because search reads all of them.
constexpr std::array<std::string_view, 1> kSteps{R"sql(
CREATE TABLE meta(
  key text PRIMARY KEY,
  value text NOT NULL,
  sum bigint NOT NULL
);
CREATE TABLE counter(
  single boolean PRIMARY KEY DEFAULT true CHECK(single),
  sequence bigint NOT NULL,
  subject bigint NOT NULL,
  face bigint NOT NULL,
  undo bigint NOT NULL,
  model bigint NOT NULL
) WITH (fillfactor = 10);
CREATE TABLE models(
  id bigint PRIMARY KEY,
  name text NOT NULL UNIQUE,
  dimension integer NOT NULL CHECK(dimension BETWEEN 1 AND 16384),
  sha256 text,
  preset text,
  added timestamptz NOT NULL,
  sum bigint NOT NULL
);
CREATE TABLE subjects(
  id bigint PRIMARY KEY,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL UNIQUE,
  created timestamptz NOT NULL,
  external_id text,
  tags text,
  consent text,
  purpose text,
  retain_until timestamptz,
  notes text,
  changed bigint NOT NULL,
  sum bigint NOT NULL
);
CREATE INDEX subjects_changed ON subjects(changed);
CREATE INDEX subjects_expiry ON subjects(retain_until) WHERE retain_until IS NOT NULL;
CREATE TABLE faces(
  id bigint PRIMARY KEY,
  subject bigint NOT NULL REFERENCES subjects(id) ON DELETE CASCADE,
  enrolled timestamptz NOT NULL,
  retain_until timestamptz,
  quality double precision,
  inter_eye_px double precision,
  detection double precision,
  source bytea,
  source_sha256 text,
  source_key text COLLATE "C",
  box_x double precision,
  box_y double precision,
  box_width double precision,
  box_height double precision,
  changed bigint NOT NULL,
  sum bigint NOT NULL
);
CREATE INDEX faces_of_subject ON faces(subject);
CREATE INDEX faces_of_source ON faces(source_key) WHERE source_key IS NOT NULL;
CREATE INDEX faces_changed ON faces(changed);
CREATE INDEX faces_expiry ON faces(retain_until) WHERE retain_until IS NOT NULL;
CREATE TABLE templates(
  face bigint NOT NULL REFERENCES faces(id) ON DELETE CASCADE,
  model bigint NOT NULL REFERENCES models(id),
  template bytea NOT NULL,
  sum bigint NOT NULL,
  PRIMARY KEY(face, model)
) WITH (toast_tuple_target = 8160);
ALTER TABLE templates ALTER COLUMN template SET STORAGE EXTERNAL;
CREATE TABLE thumbnails(
  face bigint PRIMARY KEY REFERENCES faces(id) ON DELETE CASCADE,
  format text NOT NULL CHECK(format IN ('jpeg', 'encrypted')),
  bytes bytea NOT NULL,
  sum bigint NOT NULL
);
ALTER TABLE thumbnails ALTER COLUMN bytes SET STORAGE EXTERNAL;
CREATE TABLE gone_subjects(subject bigint PRIMARY KEY, changed bigint NOT NULL);
CREATE INDEX gone_subjects_changed ON gone_subjects(changed);
CREATE TABLE gone_faces(face bigint PRIMARY KEY, changed bigint NOT NULL);
CREATE INDEX gone_faces_changed ON gone_faces(changed);
CREATE TABLE links(
  kind text NOT NULL CHECK(kind IN ('not_subject', 'not_face')),
  a bigint NOT NULL,
  b bigint NOT NULL,
  sum bigint NOT NULL,
  PRIMARY KEY(kind, a, b)
);
CREATE INDEX links_of_a ON links(a);
CREATE INDEX links_of_b ON links(b);
CREATE TABLE undo(
  number bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  sum bigint NOT NULL
);
CREATE TABLE audit(
  number bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  record text NOT NULL,
  mac bytea NOT NULL
);
CREATE TABLE calibrations(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  model bigint NOT NULL REFERENCES models(id) ON DELETE CASCADE,
  threshold double precision NOT NULL,
  false_match_rate double precision NOT NULL,
  source text NOT NULL,
  subjects bigint NOT NULL,
  made timestamptz NOT NULL,
  target double precision,
  fmr_low double precision,
  fmr_high double precision,
  fnmr double precision,
  fpir double precision,
  impostor_pairs bigint NOT NULL,
  mated_pairs bigint NOT NULL,
  slope double precision,
  intercept double precision,
  prior double precision,
  search_slope double precision,
  search_intercept double precision,
  search_prior double precision,
  ece double precision,
  data_sha256 text,
  sum bigint NOT NULL
);
CREATE TABLE calibration_rows(
  calibration bigint NOT NULL REFERENCES calibrations(id) ON DELETE CASCADE,
  false_match_rate double precision NOT NULL,
  threshold double precision NOT NULL,
  PRIMARY KEY(calibration, false_match_rate)
);
)sql"};

// The first version with halfvec. @source CHANGELOG of pgvector
constexpr std::string_view kOldestVector = "0.7.0";

std::string model_text(const ModelRow& model) { return std::to_string(model.id); }

/// The vectors of a model as the type that its index is made of.
std::string typed_vector(const std::string& schema, const ModelRow& model, const std::string& column) {
  return "(" + column + "::" + schema + ".halfvec(" + std::to_string(model.model.dimension) + "))";
}

}  // namespace

std::span<const std::string_view> postgres_steps() { return kSteps; }

Result<std::string> use_schema(Connection& connection) {
  VULTUS_TRY(const auto row, connection.run("SELECT current_setting('vultus.schema', true)"));
  std::string name = row.text(0, 0);
  if (name.empty()) name = kSchema;
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  if (name.size() > kMaxSchemaName || !std::ranges::all_of(name, fits) || name.starts_with("pg_"))
    return connection.fail(ErrorCode::invalid_argument,
                           "a schema of a gallery has a name of 1 to 63 of a-z, 0-9 and _, not beginning with pg_");
  // Tables of a session's own come last: nobody can put one in the place of a gallery's.
  VULTUS_CHECK(connection.execute("SET search_path = " + Connection::quoted(name) + ", pg_temp"));
  return name;
}

Result<int> schema_version(Connection& connection) {
  VULTUS_TRY(const auto schema, connection.run("SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname = "
                                               "coalesce(nullif(current_setting('vultus.schema', true), ''), $1)",
                                               Parameters().add(kSchema)));
  if (schema.empty()) return 0;
  VULTUS_TRY(const std::int64_t table,
             connection.integer("SELECT to_regclass('meta') IS NOT NULL AND to_regclass('counter') IS NOT NULL"));
  if (table == 0)
    return connection.fail(ErrorCode::corrupt_data,
                           "its schema \"" + schema.text(0, 0) + "\" holds something else than a gallery");
  VULTUS_TRY(const auto row, connection.run("SELECT value FROM meta WHERE key = $1", Parameters().add(kMetaSchema)));
  const std::string text = row.empty() ? "" : row.text(0, 0);
  int version = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || version > 99'999)
      return connection.fail(ErrorCode::corrupt_data, "damaged gallery: its version is \"" + text + "\"");
    version = version * 10 + (c - '0');
  }
  if (version < 1) return connection.fail(ErrorCode::corrupt_data, "damaged gallery: its version is \"" + text + "\"");
  return version;
}

Status lock_schema(Connection& connection) {
  // Any fixed number will do: the first 8 bytes of "vultus.s".
  return connection.execute("SELECT pg_advisory_xact_lock(8535847916193132147)");
}

Status take_steps(Connection& connection, std::span<const std::string_view> steps, int from) {
  for (const std::string_view step : steps.subspan(static_cast<std::size_t>(from)))
    VULTUS_CHECK(connection.execute(std::string(step)));
  const std::string version = std::to_string(steps.size());
  VULTUS_TRY(const auto done,
             connection.run(
                 "INSERT INTO meta(key, value, sum) VALUES($1, $2, $3) "
                 "ON CONFLICT(key) DO UPDATE SET value = excluded.value, sum = excluded.sum",
                 Parameters().add(kMetaSchema).add(std::string_view(version)).add(sum_of_meta(kMetaSchema, version))));
  return {};
}

Status migrate(Connection& connection, std::span<const std::string_view> steps) {
  VULTUS_TRY(auto transaction, postgres::Transaction::begin(connection, postgres::Transaction::Kind::write));
  VULTUS_CHECK(lock_schema(connection));
  VULTUS_TRY(const int version, schema_version(connection));
  if (version > static_cast<int>(steps.size()))
    return connection.fail(ErrorCode::unsupported, "gallery version " + std::to_string(version) +
                                                       ", this program knows 1 to " + std::to_string(steps.size()));
  VULTUS_CHECK(take_steps(connection, steps, version));
  return transaction.commit();
}

Result<std::string> vector_schema(Connection& connection) {
  constexpr std::string_view kWhere =
      "SELECT n.nspname, e.extversion, string_to_array(e.extversion, '.')::int[] >= string_to_array($1, '.')::int[] "
      "FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace "
      "WHERE e.extname = 'vector'";
  VULTUS_TRY(auto found, connection.run(kWhere, Parameters().add(kOldestVector)));
  if (found.empty()) {
    VULTUS_TRY(const std::int64_t offered,
               connection.integer("SELECT EXISTS(SELECT 1 FROM "
                                  "pg_catalog.pg_available_extensions WHERE name = 'vector')"));
    if (offered == 0)
      return connection.fail(ErrorCode::unsupported, "the server has no pgvector, which a searchable gallery needs");
    VULTUS_CHECK(connection.execute("CREATE EXTENSION vector SCHEMA public"));
    VULTUS_TRY(found, connection.run(kWhere, Parameters().add(kOldestVector)));
  }
  if (found.integer(0, 2) == 0)
    return connection.fail(ErrorCode::unsupported, "the server's pgvector is " + found.text(0, 1) + ", " +
                                                       std::string(kOldestVector) + " or newer is needed");
  return Connection::quoted(found.text(0, 0));
}

Status make_vectors(Connection& connection) {
  VULTUS_TRY(const std::string schema, vector_schema(connection));
  return connection.execute(
      "CREATE TABLE vectors(face bigint NOT NULL REFERENCES faces(id) ON DELETE CASCADE, "
      "model bigint NOT NULL REFERENCES models(id) ON DELETE CASCADE, embedding " +
      schema +
      ".halfvec NOT NULL, PRIMARY KEY(face, model)) WITH (toast_tuple_target = 8160); "
      "ALTER TABLE vectors ALTER COLUMN embedding SET STORAGE EXTERNAL");
}

Status make_vector_index(Connection& connection, const ModelRow& model) {
  VULTUS_TRY(const std::string schema, vector_schema(connection));
  return connection.execute("CREATE INDEX vectors_hnsw_" + model_text(model) + " ON vectors USING hnsw (" +
                            typed_vector(schema, model, "embedding") + " " + schema +
                            ".halfvec_cosine_ops) WHERE model = " + model_text(model));
}

Status make_view(Connection& connection, const ModelRow& model) {
  VULTUS_TRY(const std::string schema, vector_schema(connection));
  return connection.execute(
      "DROP VIEW IF EXISTS searchable; CREATE VIEW searchable AS SELECT s.id AS subject, "
      "s.name, f.id AS face, " +
      typed_vector(schema, model, "v.embedding") +
      " AS embedding FROM vectors v JOIN faces f ON f.id = v.face "
      "JOIN subjects s ON s.id = f.subject WHERE v.model = " +
      model_text(model));
}

}  // namespace vultus::gallery
