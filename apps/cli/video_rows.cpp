#include <apps/cli/video_rows.hpp>

#include <algorithm>
#include <span>
#include <vector>

#include <fmt/format.h>

#include <vultus/face/finder.hpp>

#include <apps/cli/json_lines.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/track_json.hpp>

namespace vultus::cli {
namespace {

using engine::FollowedFace;
using engine::TrackSummary;

Json subject_json(const Decision& decision) { return decision.match ? Json(decision.match->name) : Json(nullptr); }

/// Similarity, and the threshold it is held against; null where nobody was looked for.
void add_decision(Json& object, const Decision& decision) {
  object["subject"] = subject_json(decision);
  object["similarity"] = decision.told() ? score_json(decision.told()->similarity.value()) : Json(nullptr);
  const bool asked = !decision.at.source.empty();
  object["threshold"] = asked ? score_json(decision.at.threshold.value()) : Json(nullptr);
  object["fmr"] = nullptr;
  if (asked) add_fmr(object, decision.at);
  if (asked) add_calibration(object, decision.at, decision.told() ? decision.told()->probability : std::nullopt);
}

Cell who(const Decision& decision, bool enough) {
  if (decision.match) return {decision.match->name, Style::good};
  if (!decision.best) return {"-", Style::dim};
  return {enough ? "unknown" : "unknown (too little seen)", Style::warn};
}

std::string subject_text(const Decision& decision) { return decision.match ? decision.match->name : std::string(); }
std::string similarity_text(const Decision& decision) {
  return decision.told() ? fmt::format("{:.6f}", decision.told()->similarity.value()) : std::string();
}

Cell similarity_cell(const Decision& decision) {
  return {decision.told() ? cosine_text(decision.told()->similarity) : "-"};
}
Cell probability_cell(const Decision& decision) {
  return {decision.told() ? probability_text(decision.told()->probability) : "-"};
}

/// The last columns of both tables for machines.
void add_threshold(std::vector<std::string>& fields, const Decision& decision) {
  if (decision.at.source.empty()) {  // nobody was looked for
    fields.resize(fields.size() + 5);
    return;
  }
  fields.push_back(fmt::format("{:.6f}", decision.at.threshold.value()));
  fields.push_back(fmt::format("{:.3g}", decision.at.false_match_rate));
  const auto probability = decision.told() ? decision.told()->probability : std::nullopt;
  fields.push_back(probability ? probability_json(*probability).dump() : std::string());
  fields.emplace_back(name_of(decision.at.calibrated));
  fields.emplace_back(decision.at.rate_is_bound ? "true" : "");
}

}  // namespace

Rows track_rows(Context& context, Format format) {
  return {context,
          format,
          {{"FILE", Align::left, 24},
           {"TRACK", Align::right},
           {"FROM", Align::right, 9},
           {"TO", Align::right, 9},
           {"FRAMES", Align::right},
           {"SIMILARITY", Align::right},
           {"PROBABILITY", Align::right},
           {"WHO"}},
          {"file", "track", "from", "to", "frames", "templates", "subject", "similarity", "threshold", "fmr",
           "probability", "calibration", "fmr_bound"}};
}

Status tell_track(Rows& rows, const std::string& file, const TrackSummary& track) {
  const Decision& decision = track.decision;
  const auto seconds = [](Seconds s) { return fmt::format("{:.2f}", s.value()); };
  if (rows.format() == Format::table)
    return rows.table({{file},
                       {fmt::format("{}", track.track.number())},
                       {seconds(track.from)},
                       {seconds(track.to)},
                       {fmt::format("{}", track.frames)},
                       similarity_cell(decision),
                       probability_cell(decision),
                       who(decision, track.enough)});
  if (rows.format() == Format::csv) {
    std::vector<std::string> fields{file,
                                    fmt::format("{}", track.track.number()),
                                    fmt::format("{:.3f}", track.from.value()),
                                    fmt::format("{:.3f}", track.to.value()),
                                    fmt::format("{}", track.frames),
                                    fmt::format("{}", track.templates),
                                    subject_text(decision),
                                    similarity_text(decision)};
    add_threshold(fields, decision);
    return rows.csv(std::move(fields));
  }
  Json object;
  object["file"] = file;
  add_track(object, track, add_decision);
  return rows.json(json_line(object));
}

Rows frame_rows(Context& context, Format format) {
  return {context,
          format,
          {{"FILE", Align::left, 24},
           {"FRAME", Align::right, 6},
           {"TIME", Align::right, 9},
           {"TRACK", Align::right},
           {"FACE", Align::right},
           {"BOX", Align::left, 20},
           {"SIMILARITY", Align::right},
           {"PROBABILITY", Align::right},
           {"WHO"}},
          {"file", "frame", "time", "track", "face", "x", "y", "width", "height", "subject", "similarity", "threshold",
           "fmr", "probability", "calibration", "fmr_bound"}};
}

/// The number of each face in its frame, from 1 on: the most prominent first, as in a picture.
std::vector<int> face_numbers(const engine::FollowedFrame& frame) {
  const Image& image = frame.frame->image;
  const auto rank = [&](const FollowedFace& face) {
    return face::prominence(face.face.box, image.width(), image.height());
  };
  std::vector<int> numbers;
  for (const FollowedFace& face : frame.faces) {
    const auto before =
        std::ranges::count_if(frame.faces, [&](const FollowedFace& other) { return rank(other) > rank(face); });
    const auto equal = std::ranges::count_if(std::span(frame.faces).first(numbers.size()),
                                             [&](const FollowedFace& other) { return rank(other) == rank(face); });
    numbers.push_back(static_cast<int>(before + equal) + 1);
  }
  return numbers;
}

Status tell_frame_json(Rows& rows, const std::string& file, const engine::FollowedFrame& frame) {
  const std::vector<int> numbers = face_numbers(frame);
  for (std::size_t i = 0; i < frame.faces.size(); ++i) {
    const FollowedFace& face = frame.faces[i];
    Json object;
    object["file"] = file;
    object["frame"] = frame.frame->number;
    object["time"] = number_json(frame.time.value(), 3);
    object["track"] = face.track.number();
    object["face"] = numbers[i];
    add_face(object, face.face);
    object["detected"] = face.detected;
    add_decision(object, face.decision);
    VULTUS_CHECK(rows.json(json_line(object)));
  }
  return {};
}

Status tell_frame(Rows& rows, const std::string& file, const engine::FollowedFrame& frame) {
  if (rows.format() == Format::json) return tell_frame_json(rows, file, frame);
  const std::vector<int> numbers = face_numbers(frame);
  for (std::size_t i = 0; i < frame.faces.size(); ++i) {
    const FollowedFace& face = frame.faces[i];
    const RectF& box = face.face.box;
    const Decision& decision = face.decision;
    std::vector<std::string> start{file, fmt::format("{}", frame.frame->number),
                                   fmt::format("{:.3f}", frame.time.value()), fmt::format("{}", face.track.number()),
                                   fmt::format("{}", numbers[i])};
    if (rows.format() == Format::table) {
      VULTUS_CHECK(rows.table({{start[0]},
                               {start[1]},
                               {start[2]},
                               {start[3]},
                               {start[4]},
                               {box_text(box)},
                               similarity_cell(decision),
                               probability_cell(decision),
                               who(decision, face.enough)}));
      continue;
    }
    for (const float v : {box.x, box.y, box.width, box.height}) start.push_back(fmt::format("{:.1f}", v));
    start.push_back(subject_text(decision));
    start.push_back(similarity_text(decision));
    add_threshold(start, decision);
    VULTUS_CHECK(rows.csv(std::move(start)));
  }
  return {};
}

}  // namespace vultus::cli
