#include <cmath>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>

#include <vultus/timeline/schema.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace {

using sqlite::Statement;
using sqlite::Transaction;
using timeline::to_bytes;

constexpr std::size_t kMaxRowsPerCommit = 1'000'000;

/// The statements, prepared once.
struct Statements {
  Statement source, evidence, channel, frame, track, observation, reading, signal, block, annotation;

  static Result<Statements> prepare(sqlite::Database& file) {
    VULTUS_TRY(auto source, file.prepare("INSERT INTO sources(id, path, width, height, clock_numerator, "
                                         "clock_denominator, clock_offset, clock_drift_ppm, error_code, error_message) "
                                         "VALUES(?,?,?,?,?,?,?,?,?,?)"));
    VULTUS_TRY(auto evidence, file.prepare("INSERT INTO evidence(id, producer, model, model_sha256, backend, protocol, "
                                           "data_sha256, data) VALUES(?,?,?,?,?,?,?,?)"));
    VULTUS_TRY(auto channel, file.prepare("INSERT INTO channels(id, unit, evidence) VALUES(?,?,?)"));
    VULTUS_TRY(auto frame, file.prepare("INSERT INTO frames(source, ticks, damaged, cut) VALUES(?,?,?,?)"));
    VULTUS_TRY(auto track, file.prepare("INSERT INTO tracks(id, source) VALUES(?,?)"));
    VULTUS_TRY(auto observation,
               file.prepare("INSERT INTO observations(track, ticks, box_x, box_y, box_width, box_height, keypoints, "
                            "detection, face_flag, landmark_scheme, landmarks, yaw, pitch, roll, quality_measured, "
                            "inter_eye_px) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
    VULTUS_TRY(auto reading,
               file.prepare("INSERT INTO readings(channel, track, ticks, value, reason) VALUES(?,?,?,?,?)"));
    VULTUS_TRY(auto signal, file.prepare("INSERT INTO signals(channel, source, track, rate, start) VALUES(?,?,?,?,?)"));
    VULTUS_TRY(auto block, file.prepare("INSERT INTO signal_blocks(signal, samples) VALUES(?,?)"));
    VULTUS_TRY(auto annotation, file.prepare("INSERT INTO annotations(channel, source, track, from_s, to_s, label, "
                                             "annotator, confidence) VALUES(?,?,?,?,?,?,?,?)"));
    return Statements{std::move(source), std::move(evidence),    std::move(channel), std::move(frame),
                      std::move(track),  std::move(observation), std::move(reading), std::move(signal),
                      std::move(block),  std::move(annotation)};
  }
};

/// SQLite would keep a NaN as "not measured"; the Timeline knows a reason for that instead.
Status check_finite(const char* what, std::initializer_list<double> numbers) {
  for (const double number : numbers)
    if (!std::isfinite(number))
      return fail(ErrorCode::invalid_argument, std::string("timeline: ") + what + " with a number that is not finite");
  return {};
}

/// Its landmarks are as many as their scheme has, too.
Status check_finite(const Observation& observation) {
  const FaceObservation& face = observation.face;
  VULTUS_CHECK(check_finite("observation", {face.box.x, face.box.y, face.box.width, face.box.height,
                                            face.detection.value(), face.face_flag.value_or(Score()).value()}));
  for (const Point2f& point : face.keypoints) VULTUS_CHECK(check_finite("keypoint", {point.x, point.y}));
  if (face.landmarks) {
    const std::size_t wanted = count_of(face.landmarks->scheme);
    if (face.landmarks->points.size() != wanted)
      return fail(ErrorCode::invalid_argument, "timeline: observation with " +
                                                   std::to_string(face.landmarks->points.size()) + " landmarks, " +
                                                   std::to_string(wanted) + " are wanted");
    for (const Point2f& point : face.landmarks->points) VULTUS_CHECK(check_finite("landmark", {point.x, point.y}));
  }
  const HeadPose pose = face.pose.value_or(HeadPose());
  VULTUS_CHECK(check_finite("head pose", {pose.yaw.value(), pose.pitch.value(), pose.roll.value()}));
  return check_finite("quality", {face.quality.value_or(Quality()).inter_eye_px.value_or(0)});
}

Status check_values(const Reading& reading, const std::vector<float>& values) {
  if (values.empty() || values.size() > TimelineWriter::kMaxValues)
    return fail(ErrorCode::invalid_argument, "timeline: reading of channel " + reading.channel.text() + " with " +
                                                 std::to_string(values.size()) + " values, 1 to " +
                                                 std::to_string(TimelineWriter::kMaxValues) + " are allowed");
  for (const float value : values) VULTUS_CHECK(check_finite("reading", {value}));
  return {};
}

template <class Tag>
std::string text(NumberId<Tag> id) {
  return std::to_string(id.number());
}

std::string_view view(const std::string& text) { return text; }

}  // namespace

class TimelineWriter::Impl {
 public:
  Impl(sqlite::Database file, Statements statements, TimelineWriterOptions options)
      : file_(std::move(file)), to_(std::move(statements)), options_(std::move(options)) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { (void)commit(); }

  Status load_known();
  Status commit();
  /// Writes the next row. Errors of the caller leave the writer as it was; any other is its end.
  template <class Row>
  Status add(const Row& row);

 private:
  Status write(const Source& source);
  Status write(const Evidence& evidence);
  Status write(const Channel& channel);
  Status write(const SourceFrame& frame);
  Status write(const Track& track);
  Status write(const Observation& observation);
  Status write(const Reading& reading);
  Status write(const Signal& signal);
  Status write(const Annotation& annotation);
  Result<std::int64_t> row_of(const ChannelId& channel) const;

  sqlite::Database file_;
  Statements to_;
  TimelineWriterOptions options_;
  std::optional<Transaction> transaction_;
  std::size_t waiting_ = 0;
  std::chrono::steady_clock::time_point oldest_{};
  std::optional<Error> broken_;
  std::unordered_map<ChannelId, std::int64_t> channels_;
  std::size_t evidence_ = 0;
};

Status TimelineWriter::Impl::load_known() {
  VULTUS_TRY(Statement rows, file_.prepare("SELECT n, id FROM channels"));
  for (;;) {
    VULTUS_TRY(const bool row, rows.step());
    if (!row) break;
    channels_.emplace(ChannelId(rows.text(1)), rows.integer(0));
    if (channels_.size() > kMaxChannels) return file_.fail(ErrorCode::corrupt_data, "holds too many channels");
  }
  VULTUS_TRY(const std::int64_t evidence, file_.integer("SELECT count(*) FROM evidence"));
  evidence_ = static_cast<std::size_t>(evidence);
  return {};
}

Status TimelineWriter::Impl::commit() {
  if (broken_) return *broken_;
  if (!transaction_) return {};
  Status done = transaction_->commit();
  transaction_.reset();
  waiting_ = 0;
  if (!done) broken_ = done.error();
  return done;
}

template <class Row>
Status TimelineWriter::Impl::add(const Row& row) {
  if (broken_) return *broken_;
  if (!transaction_) {
    Result<Transaction> begun = Transaction::begin(file_, Transaction::Kind::write);
    if (!begun) return *(broken_ = begun.error());
    transaction_.emplace(*std::move(begun));
  }
  if (Status written = write(row); !written) {
    if (written.error().code != ErrorCode::invalid_argument) {
      broken_ = written.error();
      transaction_.reset();
    }
    return written;
  }
  const auto now = options_.now();
  if (waiting_++ == 0) oldest_ = now;
  if (waiting_ >= options_.rows_per_commit || now - oldest_ >= options_.commit_after) return commit();
  return {};
}

Result<std::int64_t> TimelineWriter::Impl::row_of(const ChannelId& channel) const {
  const auto at = channels_.find(channel);
  if (at == channels_.end()) return fail(ErrorCode::invalid_argument, "timeline: unknown channel " + channel.text());
  return at->second;
}

Status TimelineWriter::Impl::write(const Source& source) {
  VULTUS_CHECK(check_finite("clock", {source.clock.offset, source.clock.drift_ppm}));
  to_.source.bind(1, source.id.number()).bind(2, view(source.path));
  to_.source.bind(3, std::int64_t{source.width}).bind(4, std::int64_t{source.height});
  to_.source.bind(5, source.clock.numerator).bind(6, source.clock.denominator);
  to_.source.bind(7, source.clock.offset).bind(8, source.clock.drift_ppm);
  if (source.error) to_.source.bind(9, name_of(source.error->code)).bind(10, view(source.error->message));
  return to_.source.run().with_context("source " + text(source.id));
}

Status TimelineWriter::Impl::write(const Evidence& evidence) {
  if (evidence_ >= kMaxEvidence)
    return fail(ErrorCode::invalid_argument,
                "timeline: more than " + std::to_string(kMaxEvidence) + " rows of evidence");
  to_.evidence.bind(1, evidence.id.number()).bind(2, view(evidence.producer)).bind(3, view(evidence.model));
  to_.evidence.bind(4, view(evidence.model_sha256)).bind(5, view(evidence.backend)).bind(6, view(evidence.protocol));
  to_.evidence.bind(7, view(evidence.data_sha256)).bind(8, timeline::name_of(evidence.data));
  VULTUS_CHECK(to_.evidence.run().with_context("evidence " + text(evidence.id)));
  ++evidence_;
  return {};
}

Status TimelineWriter::Impl::write(const Channel& channel) {
  if (channels_.size() >= kMaxChannels)
    return fail(ErrorCode::invalid_argument, "timeline: more than " + std::to_string(kMaxChannels) + " channels");
  to_.channel.bind(1, view(channel.id.text())).bind(2, view(channel.unit)).bind(3, channel.evidence.number());
  VULTUS_CHECK(
      to_.channel.run().with_context("channel \"" + channel.id.text() + "\" of evidence " + text(channel.evidence)));
  channels_[channel.id] = file_.last_row();
  return {};
}

Status TimelineWriter::Impl::write(const SourceFrame& frame) {
  to_.frame.bind(1, frame.source.number()).bind(2, frame.time.ticks);
  to_.frame.bind(3, std::int64_t{frame.damaged ? 1 : 0}).bind(4, std::int64_t{frame.cut ? 1 : 0});
  return to_.frame.run().with_context("frame of source " + text(frame.source));
}

Status TimelineWriter::Impl::write(const Track& track) {
  to_.track.bind(1, track.id.number()).bind(2, track.source.number());
  return to_.track.run().with_context("track " + text(track.id) + " of source " + text(track.source));
}

Status TimelineWriter::Impl::write(const Observation& observation) {
  VULTUS_CHECK(check_finite(observation));
  const FaceObservation& face = observation.face;
  Statement& row = to_.observation;
  row.bind(1, observation.track.number()).bind(2, observation.time.ticks);
  row.bind(3, double{face.box.x}).bind(4, double{face.box.y});
  row.bind(5, double{face.box.width}).bind(6, double{face.box.height});
  row.bind(7, std::span<const std::byte>(to_bytes(face.keypoints))).bind(8, double{face.detection.value()});
  if (face.face_flag) row.bind(9, double{face.face_flag->value()});
  if (face.landmarks) {
    row.bind(10, timeline::name_of(face.landmarks->scheme));
    row.bind(11, std::span<const std::byte>(to_bytes(face.landmarks->points)));
  }
  if (face.pose) {
    row.bind(12, double{face.pose->yaw.value()}).bind(13, double{face.pose->pitch.value()});
    row.bind(14, double{face.pose->roll.value()});
  }
  row.bind(15, std::int64_t{face.quality ? 1 : 0});
  if (face.quality && face.quality->inter_eye_px) row.bind(16, double{*face.quality->inter_eye_px});
  return row.run().with_context("observation of track " + text(observation.track));
}

Status TimelineWriter::Impl::write(const Reading& reading) {
  VULTUS_TRY(const std::int64_t channel, row_of(reading.channel));
  to_.reading.bind(1, channel).bind(2, reading.track.number()).bind(3, reading.time.ticks);
  if (const auto* number = std::get_if<double>(&reading.value)) {
    VULTUS_CHECK(check_finite("reading", {*number}));
    to_.reading.bind(4, *number);
  } else if (const auto* words = std::get_if<std::string>(&reading.value)) {
    to_.reading.bind(4, view(*words));
  } else if (const auto* values = std::get_if<std::vector<float>>(&reading.value)) {
    VULTUS_CHECK(check_values(reading, *values));
    to_.reading.bind(4, std::span<const std::byte>(to_bytes(std::span<const float>(*values))));
  }
  to_.reading.bind(5, view(reading.reason));
  return to_.reading.run().with_context("reading of track " + text(reading.track));
}

Status TimelineWriter::Impl::write(const Signal& signal) {
  VULTUS_TRY(const std::int64_t channel, row_of(signal.channel));
  VULTUS_CHECK(check_finite("signal", {signal.rate, signal.start}));
  for (const double sample : signal.samples) VULTUS_CHECK(check_finite("signal", {sample}));
  to_.signal.bind(1, channel).bind(2, signal.source.number());
  if (signal.track) to_.signal.bind(3, signal.track->number());
  to_.signal.bind(4, signal.rate).bind(5, signal.start);
  VULTUS_CHECK(to_.signal.run().with_context("signal of source " + text(signal.source)));
  const std::int64_t row = file_.last_row();
  std::span<const double> rest = signal.samples;
  while (!rest.empty()) {
    const auto block = rest.first(std::min(rest.size(), timeline::kSamplesPerBlock));
    VULTUS_CHECK(to_.block.bind(1, row).bind(2, std::span<const std::byte>(to_bytes(block))).run());
    rest = rest.subspan(block.size());
  }
  return {};
}

Status TimelineWriter::Impl::write(const Annotation& annotation) {
  VULTUS_TRY(const std::int64_t channel, row_of(annotation.channel));
  VULTUS_CHECK(
      check_finite("annotation", {annotation.from, annotation.to, annotation.confidence.value_or(Score()).value()}));
  to_.annotation.bind(1, channel).bind(2, annotation.source.number());
  if (annotation.track) to_.annotation.bind(3, annotation.track->number());
  to_.annotation.bind(4, annotation.from).bind(5, annotation.to);
  to_.annotation.bind(6, view(annotation.label)).bind(7, view(annotation.annotator));
  if (annotation.confidence) to_.annotation.bind(8, double{annotation.confidence->value()});
  return to_.annotation.run().with_context("annotation \"" + annotation.label + "\" of source " +
                                           text(annotation.source));
}

TimelineWriter::TimelineWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TimelineWriter::TimelineWriter(TimelineWriter&&) noexcept = default;
TimelineWriter& TimelineWriter::operator=(TimelineWriter&&) noexcept = default;

TimelineWriter::~TimelineWriter() = default;

Result<TimelineWriter> TimelineWriter::open(TimelineWriterOptions options) {
  if (options.rows_per_commit < 1 || options.rows_per_commit > kMaxRowsPerCommit)
    return fail(ErrorCode::invalid_argument, "timeline rows_per_commit of " + std::to_string(options.rows_per_commit) +
                                                 ", 1 to " + std::to_string(kMaxRowsPerCommit) + " is allowed");
  if (options.commit_after.count() < 0)
    return fail(
        ErrorCode::invalid_argument,
        "timeline commit_after of " + std::to_string(options.commit_after.count()) + " ms, 0 or more is allowed");
  std::error_code ignored;
  if (options.mode == TimelineFileMode::create && std::filesystem::exists(options.path, ignored))
    return fail(ErrorCode::invalid_argument, options.path.string() + ": exists already");
  if (!options.now) options.now = &std::chrono::steady_clock::now;
  VULTUS_TRY(auto file, sqlite::Database::open(timeline::format(),
                                               {.path = options.path, .access = sqlite::Access::create_or_open}));
  VULTUS_TRY(auto statements, Statements::prepare(file));
  auto impl = std::make_unique<Impl>(std::move(file), std::move(statements), std::move(options));
  VULTUS_CHECK(impl->load_known());
  return TimelineWriter(std::move(impl));
}

Status TimelineWriter::add(const Source& source) { return impl_->add(source); }
Status TimelineWriter::add(const Evidence& evidence) { return impl_->add(evidence); }
Status TimelineWriter::add(const Channel& channel) { return impl_->add(channel); }
Status TimelineWriter::add(const SourceFrame& frame) { return impl_->add(frame); }
Status TimelineWriter::add(const Track& track) { return impl_->add(track); }
Status TimelineWriter::add(const Observation& observation) { return impl_->add(observation); }
Status TimelineWriter::add(const Reading& reading) { return impl_->add(reading); }
Status TimelineWriter::add(const Signal& signal) { return impl_->add(signal); }
Status TimelineWriter::add(const Annotation& annotation) { return impl_->add(annotation); }
Status TimelineWriter::commit() { return impl_->commit(); }

}  // namespace vultus
