#include <utility>

#include <fmt/format.h>

#include <apps/cli/identify_rows.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/liveness.hpp>
#include <apps/cli/sentence.hpp>

namespace vultus::cli {
namespace {

using engine::IdentifiedFace;
using engine::IdentifiedPicture;

Status tell_identify_json(Rows& rows, const IdentifiedPicture& picture, const std::string& annotated,
                          const IdentifyExtras& extras) {
  int number = 0;
  for (const IdentifiedFace& face : picture.faces) {
    const Decision& decision = face.decision;
    Json object = picture_face_json(picture.path, ++number, face.face);
    object["subject"] = decision.match ? Json(decision.match->name) : Json(nullptr);
    object["similarity"] = decision.told() ? score_json(decision.told()->similarity.value()) : Json(nullptr);
    object["threshold"] = score_json(decision.at.threshold.value());
    add_fmr(object, decision.at);
    add_calibration(object, decision.at, decision.told() ? decision.told()->probability : std::nullopt);
    if (extras.shards > 0) {
      object["partial"] = extras.shards_answered < extras.shards;
      object["shards_asked"] = extras.shards;
      object["shards_answered"] = extras.shards_answered;
    }
    if (extras.cells) object["search"] = cells_json(*extras.cells);
    if (extras.candidates) {
      Json list = Json::array();
      for (const Candidate& candidate : face.candidates) list.push_back(candidate_json(candidate));
      object["candidates"] = std::move(list);
    }
    if (face.quality) add_quality(object, *face.quality);
    if (extras.liveness) {
      if (face.liveness) add_liveness(object, *face.liveness);
      object["withheld"] = face.withheld ? Json(engine::why_not_live(face)) : Json(nullptr);
    }
    if (!annotated.empty()) object["annotated"] = annotated;
    VULTUS_CHECK(rows.json(json_line(object)));
  }
  return {};
}

Status tell_identify_csv(Rows& rows, const IdentifiedPicture& picture, const IdentifyExtras& extras) {
  int number = 0;
  for (const IdentifiedFace& face : picture.faces) {
    const Decision& decision = face.decision;
    const RectF& box = face.face.box;
    std::vector<std::string> fields{picture.path, fmt::format("{}", ++number)};
    for (const float v : {box.x, box.y, box.width, box.height}) fields.push_back(fmt::format("{:.1f}", v));
    fields.push_back(fmt::format("{:.4f}", face.face.detection.value()));
    fields.push_back(decision.match ? decision.match->name : std::string());
    fields.push_back(decision.told() ? fmt::format("{:.6f}", decision.told()->similarity.value()) : std::string());
    fields.push_back(fmt::format("{:.6f}", decision.at.threshold.value()));
    fields.push_back(fmt::format("{:.3g}", decision.at.false_match_rate));
    const auto probability = decision.told() ? decision.told()->probability : std::nullopt;
    fields.push_back(probability ? probability_json(*probability).dump() : std::string());
    fields.emplace_back(name_of(decision.at.calibrated));
    fields.emplace_back(decision.at.rate_is_bound ? "true" : "");
    if (face.quality) fields.push_back(fmt::format("{:.1f}", face.quality->unified));
    if (extras.liveness) {
      const bool scored = face.liveness && face.liveness->live;
      fields.push_back(scored ? probability_json(*face.liveness->live).dump() : std::string());
      fields.push_back(face.withheld ? engine::why_not_live(face) : std::string());
    }
    VULTUS_CHECK(rows.csv(std::move(fields)));
  }
  return {};
}

Cell who_cell(const IdentifiedFace& face) {
  if (face.withheld) return {"withheld: " + engine::why_not_live(face), Style::warn};
  return face.decision.match ? Cell{face.decision.match->name, Style::good} : Cell{"unknown", Style::warn};
}

/// A row, with the quality before the last cell where it is told.
Status tell_row(Rows& rows, Row cells, const IdentifyExtras& extras, std::string quality = {}) {
  if (extras.quality) cells.insert(cells.end() - 1, Cell{std::move(quality)});
  return rows.table(cells);
}

Status tell_identify_table(Rows& rows, const IdentifiedPicture& picture, const IdentifyExtras& extras) {
  if (picture.faces.empty())
    return tell_row(rows, {{picture.path}, {"-", Style::dim}, {}, {}, {}, {"no face", Style::dim}}, extras);
  int number = 0;
  for (const IdentifiedFace& face : picture.faces) {
    const Decision& decision = face.decision;
    const auto& who = decision.told();
    VULTUS_CHECK(tell_row(rows,
                          {{picture.path},
                           {fmt::format("{}", ++number)},
                           {box_text(face.face.box)},
                           {who ? cosine_text(who->similarity) : "-"},
                           {who ? probability_text(who->probability) : "-"},
                           who_cell(face)},
                          extras, face.quality ? fmt::format("{:.0f}", face.quality->unified) : std::string()));
    if (!extras.candidates) continue;
    int rank = 0;
    for (const Candidate& candidate : face.candidates)
      VULTUS_CHECK(tell_row(rows,
                            {{},
                             {},
                             {},
                             {cosine_text(candidate.similarity), Style::dim},
                             {probability_text(candidate.probability), Style::dim},
                             {fmt::format("  {}. {}", ++rank, candidate.name), Style::dim}},
                            extras));
  }
  return {};
}

}  // namespace

Rows identify_rows(Context& context, Format format, const std::vector<media::Input>& inputs,
                   const IdentifyExtras& extras) {
  std::vector<Column> columns{file_column(inputs),
                              {"FACE", Align::right},
                              {"BOX", Align::left, 20},
                              {"SIMILARITY", Align::right},
                              {"PROBABILITY", Align::right}};
  std::vector<std::string> csv{"file",    "face",       "x",         "y",   "width",       "height",      "detection",
                               "subject", "similarity", "threshold", "fmr", "probability", "calibration", "fmr_bound"};
  if (extras.quality) {
    columns.push_back({"QUALITY", Align::right});
    csv.emplace_back("quality");
  }
  if (extras.liveness) csv.insert(csv.end(), {"live", "withheld"});
  columns.push_back({"WHO"});
  return {context, format, std::move(columns), std::move(csv)};
}

void People::count(const IdentifiedPicture& picture) {
  for (const IdentifiedFace& face : picture.faces) {
    if (face.withheld) {
      ++withheld;
      continue;
    }
    if (!face.decision.match) {
      ++unknown;
      continue;
    }
    ++known;
    names.insert(face.decision.match->name);
  }
}

std::string People::text() const {
  return counted(known, "face") + " of " +
         counted(static_cast<std::int64_t>(names.size()), "known person", "known people") + ", " + grouped(unknown) +
         " unknown" + (withheld > 0 ? ", " + grouped(withheld) + " withheld (not judged live)" : "");
}

Status tell_identified(Rows& rows, const IdentifiedPicture& picture, const std::string& annotated,
                       const IdentifyExtras& extras) {
  switch (rows.format()) {
    case Format::json: return tell_identify_json(rows, picture, annotated, extras);
    case Format::csv: return tell_identify_csv(rows, picture, extras);
    case Format::table: break;
  }
  return tell_identify_table(rows, picture, extras);
}

}  // namespace vultus::cli
