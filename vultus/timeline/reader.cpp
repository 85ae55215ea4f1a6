#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include <vultus/timeline/schema.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using sqlite::Statement;

std::optional<Score> score_at(const Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Score(static_cast<float>(row.real(column)));
}

float float_at(const Statement& row, int column) { return static_cast<float>(row.real(column)); }

/// Replays the rows of a file into a Timeline, which checks what they point at.
class Reader {
 public:
  explicit Reader(sqlite::Database file) : file_(std::move(file)) {}
  Result<Timeline> read();

 private:
  /// Calls `take` for each row. Column 0 counts upwards in a sound file; a tree whose branches meet again does not.
  Status each(std::string_view sql, const std::function<Status(const Statement&)>& take);
  Status add(const auto& value) {
    const Status added = timeline_.add(value);
    return added ? added : Status(damaged(added.error().message));
  }
  [[nodiscard]] Error damaged(const std::string& what) const {
    return file_.fail(ErrorCode::corrupt_data, "damaged timeline: " + what);
  }
  Result<ChannelId> channel_at(const Statement& row, int column) const;
  Status take_source(const Statement& row);
  Status take_evidence(const Statement& row);
  Status take_observation(const Statement& row);
  Status take_reading(const Statement& row);
  Status read_signals();
  Status take_annotation(const Statement& row);

  sqlite::Database file_;
  Timeline timeline_;
  std::unordered_map<std::int64_t, ChannelId> channels_;
};

Status Reader::each(std::string_view sql, const std::function<Status(const Statement&)>& take) {
  VULTUS_TRY(Statement rows, file_.prepare(sql));
  for (std::optional<std::int64_t> last;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return {};
    if (last && *last >= rows.integer(0)) return damaged("rows out of order");
    last = rows.integer(0);
    VULTUS_CHECK(take(rows));
  }
}

Result<ChannelId> Reader::channel_at(const Statement& row, int column) const {
  const auto at = channels_.find(row.integer(column));
  if (at == channels_.end()) return damaged("unknown channel " + std::to_string(row.integer(column)));
  return at->second;
}

Status Reader::take_source(const Statement& row) {
  Source source;
  source.id = SourceId(row.integer(1));
  source.path = row.text(2);
  source.width = static_cast<int>(row.integer(3));
  source.height = static_cast<int>(row.integer(4));
  if (source.width != row.integer(3) || source.height != row.integer(4)) return damaged("a picture of absurd size");
  source.clock = {row.integer(5), row.integer(6), row.real(7), row.real(8)};
  if (source.clock.numerator < 1 || source.clock.denominator < 1) return damaged("a clock that does not tick forward");
  if (!row.is_null(9)) {
    const auto code = timeline::error_code_named(row.text(9));
    if (!code) return damaged("unknown error code \"" + row.text(9) + "\"");
    source.error = Error{*code, row.text(10)};
  }
  return add(source);
}

Status Reader::take_evidence(const Statement& row) {
  const auto kind = timeline::data_kind_named(row.text(8));
  if (!kind) return damaged("unknown kind of data \"" + row.text(8) + "\"");
  if (timeline_.evidence().size() >= TimelineWriter::kMaxEvidence) return damaged("too many rows of evidence");
  return add(Evidence{EvidenceId(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                      row.text(7), *kind});
}

Status Reader::take_observation(const Statement& row) {
  Observation observation{.track = TrackId(row.integer(1)), .time = {row.integer(2)}, .face = {}};
  FaceObservation& face = observation.face;
  face.box = {float_at(row, 3), float_at(row, 4), float_at(row, 5), float_at(row, 6)};
  const auto keypoints = timeline::points_from(row.blob(7));
  if (!keypoints || keypoints->size() != face.keypoints.size())
    return damaged("keypoints of " + std::to_string(row.blob(7).size()) + " bytes, 40 are wanted");
  std::ranges::copy(*keypoints, face.keypoints.begin());
  face.detection = Score(float_at(row, 8));
  face.face_flag = score_at(row, 9);
  if (!row.is_null(10)) {
    const auto scheme = timeline::scheme_named(row.text(10));
    auto points = timeline::points_from(row.blob(11));
    if (!scheme || !points) return damaged("landmarks that are none");
    face.landmarks = Landmarks{*scheme, *std::move(points)};
  }
  if (!row.is_null(12))
    face.pose = HeadPose{Radians(float_at(row, 12)), Radians(float_at(row, 13)), Radians(float_at(row, 14))};
  if (row.integer(15) != 0) {
    face.quality = Quality();
    if (!row.is_null(16)) face.quality->inter_eye_px = float_at(row, 16);
  }
  return add(observation);
}

Status Reader::take_reading(const Statement& row) {
  VULTUS_TRY(const ChannelId channel, channel_at(row, 1));
  Reading reading{channel, TrackId(row.integer(2)), {row.integer(3)}, {}, row.text(5)};
  if (row.is_text(4)) {
    reading.value = row.text(4);
  } else if (!row.is_null(4)) {
    reading.value = row.real(4);
  }
  return add(reading);
}

Status Reader::read_signals() {
  // Both tables are in the order of their signals, so they are read side by side.
  VULTUS_TRY(Statement blocks, file_.prepare("SELECT signal, samples FROM signal_blocks ORDER BY n"));
  VULTUS_TRY(bool more, blocks.step());
  VULTUS_CHECK(each("SELECT n, channel, source, track, rate, start FROM signals ORDER BY n",
                    [&](const Statement& row) -> Status {
                      VULTUS_TRY(const ChannelId channel, channel_at(row, 1));
                      Signal signal{.channel = channel,
                                    .source = SourceId(row.integer(2)),
                                    .track = {},
                                    .rate = row.real(4),
                                    .start = row.real(5),
                                    .samples = {}};
                      if (!row.is_null(3)) signal.track = TrackId(row.integer(3));
                      while (more && blocks.integer(0) == row.integer(0)) {
                        if (!timeline::append_samples(blocks.blob(1), signal.samples))
                          return damaged("samples of " + std::to_string(blocks.blob(1).size()) + " bytes");
                        VULTUS_TRY(more, blocks.step());
                      }
                      return add(signal);
                    }));
  return more ? Status(damaged("samples without a signal")) : Status();
}

Status Reader::take_annotation(const Statement& row) {
  VULTUS_TRY(const ChannelId channel, channel_at(row, 1));
  Annotation annotation{.channel = channel,
                        .source = SourceId(row.integer(2)),
                        .track = {},
                        .from = row.real(4),
                        .to = row.real(5),
                        .label = row.text(6),
                        .annotator = row.text(7),
                        .confidence = score_at(row, 8)};
  if (!row.is_null(3)) annotation.track = TrackId(row.integer(3));
  return add(annotation);
}

Result<Timeline> Reader::read() {
  VULTUS_TRY(auto view, sqlite::Transaction::begin(file_, sqlite::Transaction::Kind::read));
  VULTUS_CHECK(
      each("SELECT n, id, path, width, height, clock_numerator, clock_denominator, clock_offset, "
           "clock_drift_ppm, error_code, error_message FROM sources ORDER BY n",
           [&](const Statement& row) { return take_source(row); }));
  VULTUS_CHECK(
      each("SELECT n, id, producer, model, model_sha256, backend, protocol, data_sha256, data FROM evidence "
           "ORDER BY n",
           [&](const Statement& row) { return take_evidence(row); }));
  VULTUS_CHECK(each("SELECT n, id, unit, evidence FROM channels ORDER BY n", [&](const Statement& row) -> Status {
    if (channels_.size() >= TimelineWriter::kMaxChannels) return damaged("too many channels");
    channels_.emplace(row.integer(0), ChannelId(row.text(1)));
    return add(Channel{ChannelId(row.text(1)), row.text(2), EvidenceId(row.integer(3))});
  }));
  VULTUS_CHECK(each("SELECT n, id, source FROM tracks ORDER BY n", [&](const Statement& row) {
    return add(Track{TrackId(row.integer(1)), SourceId(row.integer(2))});
  }));
  VULTUS_CHECK(
      each("SELECT n, track, ticks, box_x, box_y, box_width, box_height, keypoints, detection, face_flag, "
           "landmark_scheme, landmarks, yaw, pitch, roll, quality_measured, inter_eye_px "
           "FROM observations ORDER BY n",
           [&](const Statement& row) { return take_observation(row); }));
  VULTUS_CHECK(each("SELECT n, channel, track, ticks, value, reason FROM readings ORDER BY n",
                    [&](const Statement& row) { return take_reading(row); }));
  VULTUS_CHECK(read_signals());
  VULTUS_CHECK(
      each("SELECT n, channel, source, track, from_s, to_s, label, annotator, confidence FROM annotations "
           "ORDER BY n",
           [&](const Statement& row) { return take_annotation(row); }));
  VULTUS_CHECK(view.commit());
  return std::move(timeline_);
}

}  // namespace

Result<Timeline> read_timeline(const std::filesystem::path& path) {
  VULTUS_TRY(auto file, sqlite::Database::open(timeline::format(), {.path = path}));
  return Reader(std::move(file)).read();
}

}  // namespace vultus
