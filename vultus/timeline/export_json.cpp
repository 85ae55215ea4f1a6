#include <array>
#include <charconv>
#include <ostream>
#include <string>

#include <nlohmann/json.hpp>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/schema.hpp>
#include <vultus/timeline/timeline_file.hpp>

namespace vultus {
namespace timeline {
namespace {

/// Hands every row of a Timeline to a sink, kind by kind.
Status replay(const Timeline& timeline, TimelineSink& to) {
  const auto all = [&](const auto& rows) -> Status {
    for (const auto& row : rows) VULTUS_CHECK(to.add(row));
    return {};
  };
  VULTUS_CHECK(all(timeline.sources()));
  VULTUS_CHECK(all(timeline.evidence()));
  VULTUS_CHECK(all(timeline.channels()));
  VULTUS_CHECK(all(timeline.frames()));
  VULTUS_CHECK(all(timeline.tracks()));
  VULTUS_CHECK(all(timeline.observations()));
  VULTUS_CHECK(all(timeline.readings()));
  VULTUS_CHECK(all(timeline.signals()));
  return all(timeline.annotations());
}

}  // namespace
}  // namespace timeline

namespace {

// Keys stay in the order in which they are written, "type" first.
using Json = nlohmann::ordered_json;

template <class Tag>
Json optional_id(const std::optional<NumberId<Tag>>& id) {
  return id ? Json(id->number()) : Json();
}

template <class Tag>
Json optional_number(const std::optional<Quantity<Tag, float>>& number) {
  return number ? Json(number->value()) : Json();
}

Json points_of(std::span<const Point2f> points) {
  Json all = Json::array();
  for (const Point2f& point : points) all.push_back({point.x, point.y});
  return all;
}

Json json_of(const Source& source) {
  Json error;
  if (source.error) error = {{"code", name_of(source.error->code)}, {"message", source.error->message}};
  return {{"type", "source"},
          {"id", source.id.number()},
          {"path", source.path},
          {"width", source.width},
          {"height", source.height},
          {"clock",
           {{"numerator", source.clock.numerator},
            {"denominator", source.clock.denominator},
            {"offset", source.clock.offset},
            {"drift_ppm", source.clock.drift_ppm}}},
          {"error", error}};
}

Json json_of(const Evidence& evidence) {
  return {{"type", "evidence"},
          {"id", evidence.id.number()},
          {"producer", evidence.producer},
          {"model", evidence.model},
          {"model_sha256", evidence.model_sha256},
          {"backend", evidence.backend},
          {"protocol", evidence.protocol},
          {"data_sha256", evidence.data_sha256},
          {"data", timeline::name_of(evidence.data)}};
}

Json json_of(const Channel& channel) {
  return {
      {"type", "channel"}, {"id", channel.id.text()}, {"unit", channel.unit}, {"evidence", channel.evidence.number()}};
}

Json json_of(const SourceFrame& frame) {
  return {{"type", "frame"},
          {"source", frame.source.number()},
          {"ticks", frame.time.ticks},
          {"damaged", frame.damaged},
          {"cut", frame.cut}};
}

Json json_of(const Track& track) {
  return {{"type", "track"}, {"id", track.id.number()}, {"source", track.source.number()}};
}

Json json_of(const Observation& observation) {
  const FaceObservation& face = observation.face;
  Json json{{"type", "observation"},
            {"track", observation.track.number()},
            {"ticks", observation.time.ticks},
            {"box", {face.box.x, face.box.y, face.box.width, face.box.height}},
            {"keypoints", points_of(face.keypoints)},
            {"detection", face.detection.value()},
            {"face_flag", optional_number(face.face_flag)}};
  if (face.landmarks)
    json["landmarks"] = {{"scheme", timeline::name_of(face.landmarks->scheme)},
                         {"points", points_of(face.landmarks->points)}};
  if (face.pose)
    json["pose"] = {
        {"yaw", face.pose->yaw.value()}, {"pitch", face.pose->pitch.value()}, {"roll", face.pose->roll.value()}};
  if (face.quality)
    json["quality"] = {{"inter_eye_px", face.quality->inter_eye_px ? Json(*face.quality->inter_eye_px) : Json()}};
  return json;
}

/// The double with the shortest text that reads back as the same float.
double shortest(float value) {
  std::array<char, 64> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double number = 0;
  std::from_chars(text.data(), written.ptr, number);
  return number;
}

Json json_of(const Reading& reading) {
  Json value;
  if (const auto* values = std::get_if<std::vector<float>>(&reading.value)) {
    value = Json::array();
    for (const float each : *values) value.push_back(shortest(each));
  }
  if (const auto* number = std::get_if<double>(&reading.value)) value = *number;
  if (const auto* text = std::get_if<std::string>(&reading.value)) value = *text;
  return {{"type", "reading"},
          {"channel", reading.channel.text()},
          {"track", reading.track.number()},
          {"ticks", reading.time.ticks},
          {"value", value},
          {"reason", reading.reason}};
}

Json json_of(const Signal& signal) {
  return {{"type", "signal"},
          {"channel", signal.channel.text()},
          {"source", signal.source.number()},
          {"track", optional_id(signal.track)},
          {"rate", signal.rate},
          {"start", signal.start},
          {"samples", signal.samples}};
}

Json json_of(const Annotation& annotation) {
  return {{"type", "annotation"},
          {"channel", annotation.channel.text()},
          {"source", annotation.source.number()},
          {"track", optional_id(annotation.track)},
          {"from", annotation.from},
          {"to", annotation.to},
          {"label", annotation.label},
          {"annotator", annotation.annotator},
          {"confidence", optional_number(annotation.confidence)}};
}

/// Writes every row as a line.
class JsonLines final : public TimelineSink {
 public:
  explicit JsonLines(std::ostream& to) : to_(&to) {}
  Status add(const Source& source) override { return line(source); }
  Status add(const Evidence& evidence) override { return line(evidence); }
  Status add(const Channel& channel) override { return line(channel); }
  Status add(const SourceFrame& frame) override { return line(frame); }
  Status add(const Track& track) override { return line(track); }
  Status add(const Observation& observation) override { return line(observation); }
  Status add(const Reading& reading) override { return line(reading); }
  Status add(const Signal& signal) override { return line(signal); }
  Status add(const Annotation& annotation) override { return line(annotation); }
  Status finish() {
    to_->flush();
    return check();
  }

 private:
  template <class Row>
  Status line(const Row& row) {
    *to_ << json_of(row).dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    return check();
  }
  Status check() {
    if (*to_) return {};
    return fail(ErrorCode::resource_limit, "the JSON Lines of a timeline could not be written to the end");
  }
  std::ostream* to_;
};

}  // namespace

Status write_json_lines(const Timeline& timeline, std::ostream& to) {
  JsonLines lines(to);
  VULTUS_CHECK(timeline::replay(timeline, lines));
  return lines.finish();
}

Status write_json_lines(const std::filesystem::path& file, std::ostream& to) {
  JsonLines lines(to);
  VULTUS_CHECK(replay_timeline(file, lines));
  return lines.finish();
}

}  // namespace vultus
