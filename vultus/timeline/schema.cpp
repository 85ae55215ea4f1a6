#include <vultus/timeline/schema.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace vultus::timeline {
namespace {

// A published step is never changed: files were made with it. A change of the schema is a new step.
// In every table n counts the rows in the order in which they came.
constexpr std::array<std::string_view, 2> kSteps{R"sql(
CREATE TABLE sources(
  n INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  path TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  clock_numerator INTEGER NOT NULL CHECK(clock_numerator > 0),
  clock_denominator INTEGER NOT NULL CHECK(clock_denominator > 0),
  clock_offset REAL NOT NULL,
  clock_drift_ppm REAL NOT NULL,
  error_code TEXT,
  error_message TEXT
) STRICT;
CREATE TABLE evidence(
  n INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  producer TEXT NOT NULL,
  model TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  backend TEXT NOT NULL,
  protocol TEXT NOT NULL,
  data_sha256 TEXT NOT NULL,
  data TEXT NOT NULL CHECK(data IN ('user', 'public', 'planted'))
) STRICT;
CREATE TABLE channels(
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK(id <> ''),
  unit TEXT NOT NULL CHECK(unit <> ''),
  evidence INTEGER NOT NULL REFERENCES evidence(id)
) STRICT;
CREATE TABLE tracks(
  n INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  source INTEGER NOT NULL REFERENCES sources(id)
) STRICT;
CREATE TABLE observations(
  n INTEGER PRIMARY KEY,
  track INTEGER NOT NULL REFERENCES tracks(id),
  ticks INTEGER NOT NULL,
  box_x REAL NOT NULL,
  box_y REAL NOT NULL,
  box_width REAL NOT NULL,
  box_height REAL NOT NULL,
  keypoints BLOB NOT NULL,
  detection REAL NOT NULL,
  face_flag REAL,
  landmark_scheme TEXT,
  landmarks BLOB,
  yaw REAL,
  pitch REAL,
  roll REAL,
  quality_measured INTEGER NOT NULL,
  inter_eye_px REAL
) STRICT;
CREATE TABLE readings(
  n INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channels(n),
  track INTEGER NOT NULL REFERENCES tracks(id),
  ticks INTEGER NOT NULL,
  value ANY,
  reason TEXT NOT NULL
) STRICT;
CREATE TABLE signals(
  n INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channels(n),
  source INTEGER NOT NULL REFERENCES sources(id),
  track INTEGER REFERENCES tracks(id),
  rate REAL NOT NULL CHECK(rate > 0),
  start REAL NOT NULL
) STRICT;
CREATE TABLE signal_blocks(
  n INTEGER PRIMARY KEY,
  signal INTEGER NOT NULL REFERENCES signals(n),
  samples BLOB NOT NULL
) STRICT;
CREATE TABLE annotations(
  n INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channels(n),
  source INTEGER NOT NULL REFERENCES sources(id),
  track INTEGER REFERENCES tracks(id),
  from_s REAL NOT NULL,
  to_s REAL NOT NULL CHECK(to_s >= from_s),
  label TEXT NOT NULL,
  annotator TEXT NOT NULL,
  confidence REAL
) STRICT;
)sql",
                                                 // Values in a row: float32 in a BLOB. And every frame that was
                                                 // looked at, also those without a face.
                                                 R"sql(
CREATE TABLE frames(
  n INTEGER PRIMARY KEY,
  source INTEGER NOT NULL REFERENCES sources(id),
  ticks INTEGER NOT NULL,
  damaged INTEGER NOT NULL,
  cut INTEGER NOT NULL
) STRICT;
ALTER TABLE readings RENAME TO readings_of_version_1;
CREATE TABLE readings(
  n INTEGER PRIMARY KEY,
  channel INTEGER NOT NULL REFERENCES channels(n),
  track INTEGER NOT NULL REFERENCES tracks(id),
  ticks INTEGER NOT NULL,
  value ANY CHECK(typeof(value) <> 'blob' OR (length(value) > 0 AND length(value) % 4 = 0)),
  reason TEXT NOT NULL
) STRICT;
INSERT INTO readings SELECT n, channel, track, ticks, value, reason FROM readings_of_version_1;
DROP TABLE readings_of_version_1;
)sql"};

constexpr sqlite::Format kFormat{.noun = "timeline", .application_id = kApplicationId, .steps = kSteps};
constexpr sqlite::Format kFormatOfVersion1{
    .noun = "timeline", .application_id = kApplicationId, .steps = std::span(kSteps).first(1)};

template <class Enum, class Names>
std::optional<Enum> named(const Names& names, std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

template <class Bits, class Number>
void append_bytes(std::vector<std::byte>& bytes, Number number) {
  const auto bits = std::bit_cast<Bits>(number);
  for (std::size_t b = 0; b < sizeof(Bits); ++b) bytes.push_back(static_cast<std::byte>(bits >> (8 * b) & 0xFFU));
}

template <class Bits, class Number>
Number number_at(std::span<const std::byte> bytes, std::size_t at) {
  Bits bits = 0;
  for (std::size_t b = 0; b < sizeof(Bits); ++b) bits |= std::to_integer<Bits>(bytes[at + b]) << (8 * b);
  return std::bit_cast<Number>(bits);
}

}  // namespace

const sqlite::Format& format() { return kFormat; }

Result<sqlite::Database> open_for_reading(const std::filesystem::path& path) {
  auto newest = sqlite::Database::open(kFormat, {.path = path});
  if (newest || newest.error().code != ErrorCode::unsupported) return newest;
  auto old = sqlite::Database::open(kFormatOfVersion1, {.path = path});
  return old ? std::move(old) : std::move(newest);
}

std::string_view name_of(LandmarkScheme scheme) { return kSchemeNames[static_cast<std::size_t>(scheme)]; }
std::string_view name_of(DataKind kind) { return kDataNames[static_cast<std::size_t>(kind)]; }
std::optional<LandmarkScheme> scheme_named(std::string_view name) { return named<LandmarkScheme>(kSchemeNames, name); }
std::optional<DataKind> data_kind_named(std::string_view name) { return named<DataKind>(kDataNames, name); }

std::optional<ErrorCode> error_code_named(std::string_view name) {
  for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code)
    if (vultus::name_of(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
  return std::nullopt;
}

std::vector<std::byte> to_bytes(std::span<const Point2f> points) {
  std::vector<std::byte> bytes;
  bytes.reserve(points.size() * 2 * sizeof(float));
  for (const Point2f& point : points) {
    append_bytes<std::uint32_t>(bytes, point.x);
    append_bytes<std::uint32_t>(bytes, point.y);
  }
  return bytes;
}

std::vector<std::byte> to_bytes(std::span<const double> samples) {
  std::vector<std::byte> bytes;
  bytes.reserve(samples.size() * sizeof(double));
  for (const double sample : samples) append_bytes<std::uint64_t>(bytes, sample);
  return bytes;
}

std::vector<std::byte> to_bytes(std::span<const float> values) {
  std::vector<std::byte> bytes;
  bytes.reserve(values.size() * sizeof(float));
  for (const float value : values) append_bytes<std::uint32_t>(bytes, value);
  return bytes;
}

std::optional<std::vector<float>> values_from(std::span<const std::byte> bytes) {
  if (bytes.empty() || bytes.size() % sizeof(float) != 0) return std::nullopt;
  std::vector<float> values;
  values.reserve(bytes.size() / sizeof(float));
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(float))
    values.push_back(number_at<std::uint32_t, float>(bytes, at));
  return values;
}

std::optional<std::vector<Point2f>> points_from(std::span<const std::byte> bytes) {
  constexpr std::size_t kPointBytes = 2 * sizeof(float);
  if (bytes.size() % kPointBytes != 0) return std::nullopt;
  std::vector<Point2f> points;
  points.reserve(bytes.size() / kPointBytes);
  for (std::size_t at = 0; at < bytes.size(); at += kPointBytes)
    points.push_back({number_at<std::uint32_t, float>(bytes, at), number_at<std::uint32_t, float>(bytes, at + 4)});
  return points;
}

bool append_samples(std::span<const std::byte> bytes, std::vector<double>& samples) {
  if (bytes.size() % sizeof(double) != 0) return false;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(double))
    samples.push_back(number_at<std::uint64_t, double>(bytes, at));
  return true;
}

}  // namespace vultus::timeline
