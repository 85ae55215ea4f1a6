#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <vultus/timeline/replay.hpp>
#include <vultus/timeline/rows.hpp>
#include <vultus/timeline/schema.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace timeline {

Status Replay::each(std::string_view sql, const std::function<Status(const Statement&)>& take) {
  VULTUS_TRY(Statement rows, file_->prepare(sql));
  for (std::optional<std::int64_t> last;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) return {};
    if (last && *last >= rows.integer(0)) return damaged("rows out of order");
    last = rows.integer(0);
    VULTUS_CHECK(take(rows));
  }
}

Result<ChannelId> Replay::channel_at(const Statement& row, int column) const {
  const auto at = channels_.find(row.integer(column));
  if (at == channels_.end()) return damaged("unknown channel " + std::to_string(row.integer(column)));
  return at->second;
}

Status Replay::take_source(const Statement& row) {
  Source source;
  source.id = SourceId(row.integer(1));
  source.path = row.text(2);
  source.width = static_cast<int>(row.integer(3));
  source.height = static_cast<int>(row.integer(4));
  if (source.width != row.integer(3) || source.height != row.integer(4)) return damaged("a picture of absurd size");
  source.clock = {row.integer(5), row.integer(6), row.real(7), row.real(8)};
  if (source.clock.numerator < 1 || source.clock.denominator < 1) return damaged("a clock that does not tick forward");
  if (!row.is_null(9)) {
    const auto code = error_code_named(row.text(9));
    if (!code) return damaged("unknown error code \"" + row.text(9) + "\"");
    source.error = Error{*code, row.text(10)};
  }
  return add(source);
}

Status Replay::take_evidence(const Statement& row) {
  const auto kind = data_kind_named(row.text(8));
  if (!kind) return damaged("unknown kind of data \"" + row.text(8) + "\"");
  if (evidence_++ >= TimelineWriter::kMaxEvidence) return damaged("too many rows of evidence");
  return add(Evidence{EvidenceId(row.integer(1)), row.text(2), row.text(3), row.text(4), row.text(5), row.text(6),
                      row.text(7), *kind});
}

Status Replay::take_observation(const Statement& row) {
  Observation observation{.track = TrackId(row.integer(1)), .time = {row.integer(2)}, .face = {}};
  if (const Status face = read_face(row, observation.face); !face) return damaged(face.error().message);
  return add(observation);
}

Status Replay::take_reading(const Statement& row) {
  VULTUS_TRY(const ChannelId channel, channel_at(row, 1));
  Reading reading{channel, TrackId(row.integer(2)), {row.integer(3)}, {}, row.text(5)};
  if (const Status value = read_value(row, reading.value); !value) return damaged(value.error().message);
  return add(reading);
}

Status Replay::read_signals() {
  // Both tables are in the order of their signals, so they are read side by side.
  VULTUS_TRY(Statement blocks, file_->prepare("SELECT signal, samples FROM signal_blocks ORDER BY n"));
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
                        if (!append_samples(blocks.blob(1), signal.samples))
                          return damaged("samples of " + std::to_string(blocks.blob(1).size()) + " bytes");
                        VULTUS_TRY(more, blocks.step());
                      }
                      return add(signal);
                    }));
  return more ? Status(damaged("samples without a signal")) : Status();
}

Status Replay::take_annotation(const Statement& row) {
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

Status Replay::read_head() {
  VULTUS_CHECK(
      each("SELECT n, id, path, width, height, clock_numerator, clock_denominator, clock_offset, "
           "clock_drift_ppm, error_code, error_message FROM sources ORDER BY n",
           [&](const Statement& row) { return take_source(row); }));
  VULTUS_CHECK(
      each("SELECT n, id, producer, model, model_sha256, backend, protocol, data_sha256, data FROM evidence "
           "ORDER BY n",
           [&](const Statement& row) { return take_evidence(row); }));
  return each("SELECT n, id, unit, evidence FROM channels ORDER BY n", [&](const Statement& row) -> Status {
    if (channels_.size() >= TimelineWriter::kMaxChannels) return damaged("too many channels");
    channels_.emplace(row.integer(0), ChannelId(row.text(1)));
    return add(Channel{ChannelId(row.text(1)), row.text(2), EvidenceId(row.integer(3))});
  });
}

Status Replay::read_tracks() {
  return each("SELECT n, id, source FROM tracks ORDER BY n", [&](const Statement& row) {
    return add(Track{TrackId(row.integer(1)), SourceId(row.integer(2))});
  });
}

Status Replay::read_annotations() {
  return each(
      "SELECT n, channel, source, track, from_s, to_s, label, annotator, confidence FROM annotations "
      "ORDER BY n",
      [&](const Statement& row) { return take_annotation(row); });
}

Status Replay::read_all() {
  VULTUS_TRY(auto view, sqlite::Transaction::begin(*file_, sqlite::Transaction::Kind::read));
  VULTUS_CHECK(read_head());
  if (file_->version() >= kFirstWithFrames)
    VULTUS_CHECK(each("SELECT n, source, ticks, damaged, cut FROM frames ORDER BY n", [&](const Statement& row) {
      return add(SourceFrame{SourceId(row.integer(1)), {row.integer(2)}, row.integer(3) != 0, row.integer(4) != 0});
    }));
  VULTUS_CHECK(read_tracks());
  VULTUS_CHECK(each(std::string(kSelectObservations) + " ORDER BY n",
                    [&](const Statement& row) { return take_observation(row); }));
  VULTUS_CHECK(each("SELECT n, channel, track, ticks, value, reason, typeof(value) FROM readings ORDER BY n",
                    [&](const Statement& row) { return take_reading(row); }));
  VULTUS_CHECK(read_signals());
  VULTUS_CHECK(read_annotations());
  return view.commit();
}

}  // namespace timeline

Result<Timeline> read_timeline(const std::filesystem::path& path) {
  VULTUS_TRY(auto file, timeline::open_for_reading(path));
  Timeline timeline;
  VULTUS_CHECK(timeline::Replay(file, timeline, timeline::SinkErrors::of_the_file).read_all());
  return timeline;
}

bool has_timeline_head(const std::filesystem::path& path) {
  // https://www.sqlite.org/fileformat.html, "The Database Header": the application's mark is big-endian.
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  constexpr std::size_t kMarkAt = 68;
  std::array<char, kMarkAt + 4> head{};
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return false;  // a pipe would be waited for
  std::ifstream file(path, std::ios::binary);
  if (!file.read(head.data(), head.size())) return false;
  std::uint32_t mark = 0;
  for (std::size_t i = kMarkAt; i < head.size(); ++i) mark = mark << 8U | static_cast<unsigned char>(head.at(i));
  return std::string_view(head.data(), kMagic.size()) == kMagic &&
         mark == static_cast<std::uint32_t>(timeline::kApplicationId);
}

Status replay_timeline(const std::filesystem::path& path, TimelineSink& to) {
  VULTUS_TRY(auto file, timeline::open_for_reading(path));
  return timeline::Replay(file, to, timeline::SinkErrors::of_the_sink).read_all();
}

}  // namespace vultus
