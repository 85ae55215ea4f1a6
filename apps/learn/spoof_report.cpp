#include <apps/learn/spoof_report.hpp>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include <fmt/format.h>

#include <vultus/engine/pad_benchmark.hpp>
#include <vultus/evaluation/attack.hpp>
#include <vultus/evaluation/ranking.hpp>
#include <vultus/liveness/reading.hpp>

#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

using learn::FaceScore;
using learn::Part;
using learn::Presentations;

constexpr double kSlipBpcer = 0.05, kMedianOdds = 2, kLiveCells = 0.005;
constexpr int kHalfCovered = 128;

std::string kind_name(const Presentations& faces, std::int64_t face) {
  const std::int64_t kind = faces.kind(face);
  return kind == 0 ? std::string() : faces.attacks()[static_cast<std::size_t>(kind) - 1];
}

bool is_left_out(const std::vector<std::string>& left_out, const std::string& kind) {
  return std::ranges::find(left_out, kind) != left_out.end();
}

double quantile_of(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return evaluation::quantile(values, q);
}

ReportJson rate_json(const std::optional<engine::PadRate>& rate) {
  if (!rate) return nullptr;
  ReportJson json{{"value", rate->value}};
  if (rate->interval) json["interval"] = {rate->interval->low, rate->interval->high};
  return json;
}

ReportJson rates_json(const engine::PadResult& result) {
  return {{"live", result.live},
          {"attacks", result.attacks},
          {"apcer", rate_json(result.apcer)},
          {"bpcer", rate_json(result.bpcer)},
          {"acer", rate_json(result.acer)},
          {"hter", rate_json(result.hter)},
          {"eer", rate_json(result.eer)},
          {"auc", rate_json(result.auc)}};
}

/// Share of the cells that both mark, of those that either does; 1 where neither marks any.
double overlap_of(const std::vector<float>& map, double level, std::span<const std::byte> covered) {
  std::size_t both = 0, either = 0;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const bool marked = map[i] > level, masked = std::to_integer<int>(covered[i]) >= kHalfCovered;
    both += marked && masked ? 1 : 0, either += marked || masked ? 1 : 0;
  }
  return either == 0 ? 1 : static_cast<double>(both) / static_cast<double>(either);
}

bool peak_inside(const std::vector<float>& map, std::span<const std::byte> covered) {
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(map) - map.begin());
  return std::to_integer<int>(covered[peak]) >= kHalfCovered;
}

bool covers_a_part(std::span<const std::byte> covered) {
  const auto cells =
      std::ranges::count_if(covered, [](std::byte c) { return std::to_integer<int>(c) >= kHalfCovered; });
  return cells > 0 && cells < std::ssize(covered);
}

}  // namespace

Result<SpoofScale> scale_on_validation(SpoofSystem system, const Presentations& faces,
                                       std::span<const FaceScore> scores, const std::vector<std::string>& left_out) {
  std::vector<evaluation::Presentation> rows;
  std::vector<double> live, all;
  for (const FaceScore& score : scores) {
    const std::string kind = kind_name(faces, score.face);
    if (faces.part(score.face) != Part::validation || is_left_out(left_out, kind)) continue;
    rows.push_back({-score.score, kind});
    all.push_back(score.score);
    if (kind.empty()) live.push_back(score.score);
  }
  if (live.empty()) return fail(ErrorCode::invalid_argument, "no live face is in the validation part");
  SpoofScale made;
  if (system == SpoofSystem::slip) {
    made.offset = quantile_of(live, 1 - kSlipBpcer);
    made.scale = kMedianOdds / std::max(made.offset - quantile_of(live, 0.5), 1e-9);
    return made;
  }
  VULTUS_TRY(const auto equal, evaluation::equal_error(rows));
  made.offset = -equal.threshold;
  for (double& score : all) score = std::abs(score - made.offset);
  made.scale = kMedianOdds / std::max(quantile_of(all, 0.5), 1e-9);
  return made;
}

Result<ReportJson> test_report(const Presentations& faces, std::span<const FaceScore> scores, const SpoofScale& scale,
                               const std::vector<std::string>& left_out) {
  std::vector<engine::ScoredFile> files;
  for (const FaceScore& score : scores) {
    if (faces.part(score.face) != Part::test) continue;
    engine::ScoredFile file{.file = {.path = fmt::format("face {}", score.face),
                                     .species = kind_name(faces, score.face),
                                     .group = fmt::format("subject {}", faces.subject(score.face))},
                            .reading = {},
                            .saturation = {},
                            .error = {}};
    file.reading.live = liveness::probability_of(scale.scale * (scale.offset - score.score));
    files.push_back(std::move(file));
  }
  VULTUS_TRY(const auto whole,
             engine::pad_result(files, {.real = "test", .fake = "test", .policy = {}, .bootstrap = {}}));
  ReportJson report{{"planted", faces.planted()}, {"all", rates_json(whole)}, {"kinds", ReportJson::array()}};
  for (const std::string& kind : faces.attacks()) {
    std::vector<engine::ScoredFile> some;
    for (const engine::ScoredFile& file : files)
      if (file.file.species.empty() || file.file.species == kind) some.push_back(file);
    const auto one = engine::pad_result(some, {.real = "test", .fake = kind, .policy = {}, .bootstrap = {}});
    if (!one) continue;
    ReportJson row{{"kind", kind}, {"left_out", is_left_out(left_out, kind)}};
    row.update(rates_json(*one));
    report["kinds"].push_back(std::move(row));
  }
  return report;
}

ReportJson place_report(const Presentations& faces, std::span<const FaceScore> scores) {
  std::vector<double> cells;
  for (const FaceScore& score : scores)
    if (faces.part(score.face) == Part::validation && faces.kind(score.face) == 0)
      cells.insert(cells.end(), score.map.begin(), score.map.end());
  if (cells.empty()) return nullptr;
  const double level = quantile_of(std::move(cells), 1 - kLiveCells);
  ReportJson report{{"level", level}, {"kinds", ReportJson::array()}};
  for (std::size_t k = 0; k < faces.attacks().size(); ++k) {
    std::vector<const FaceScore*> some;
    for (const FaceScore& score : scores)
      if (faces.part(score.face) == Part::test && faces.kind(score.face) == static_cast<std::int64_t>(k) + 1 &&
          covers_a_part(faces.covered(score.face)))
        some.push_back(&score);
    if (some.size() < 2) continue;
    double iou = 0, other = 0, peak = 0, other_peak = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto covered = faces.covered(some[i]->face);
      const std::vector<float>& shuffled = some[(i + some.size() / 2) % some.size()]->map;
      iou += overlap_of(some[i]->map, level, covered), other += overlap_of(shuffled, level, covered);
      peak += peak_inside(some[i]->map, covered) ? 1 : 0, other_peak += peak_inside(shuffled, covered) ? 1 : 0;
    }
    const auto n = static_cast<double>(some.size());
    report["kinds"].push_back({{"kind", faces.attacks()[k]},
                               {"faces", some.size()},
                               {"iou", iou / n},
                               {"iou_of_another_map", other / n},
                               {"peak_inside", peak / n},
                               {"peak_of_another_map_inside", other_peak / n}});
  }
  return report;
}

ReportJson auc_report(const Presentations& faces, std::span<const FaceScore> scores,
                      const std::function<double(const FaceScore&)>& number) {
  ReportJson report;
  for (std::size_t k = 0; k < faces.attacks().size(); ++k) {
    std::vector<evaluation::RankedItem> items;
    for (const FaceScore& score : scores) {
      const std::int64_t kind = faces.kind(score.face);
      if (faces.part(score.face) == Part::test && (kind == 0 || kind == static_cast<std::int64_t>(k) + 1))
        items.push_back({number(score), kind != 0});
    }
    const auto auc = evaluation::roc_auc(items);
    report[faces.attacks()[k]] = auc ? ReportJson(*auc) : ReportJson(nullptr);
  }
  return report;
}

ReportJson spoof_manifest(SpoofSystem system, const std::string& name, const std::string& onnx,
                          const Presentations& faces, const SpoofScale& scale, const learn::TensorNotes& card) {
  const bool fa3 = system == SpoofSystem::fa3;
  const auto note = [&](const char* key) {
    const auto at = card.find(key);
    return at == card.end() ? std::string("not stated") : at->second;
  };
  const auto crop = faces.notes().find("crop_scale");
  // FA3-CLIP's network says live less fake: the score of a report is its negative.
  const double offset = fa3 ? scale.scale * scale.offset : scale.offset;
  ReportJson row = row_of({.id = name,
                           .task = fa3 ? "is the face live: image and words, with a stream of fine structure (FA3-CLIP)"
                                       : "where a face shows cues of a spoof, taught on live faces alone (SLIP)",
                           .decoder = fa3 ? "fa3" : "slip",
                           .file = name + ".onnx",
                           .sha256 = sum_of(onnx),
                           .bytes = onnx.size(),
                           .weights = note("terms"),
                           .commercial = note("commercial")});
  row["input"] = {{"shape", {1, 3, faces.seen(), faces.seen()}},
                  {"layout", "NCHW"},
                  {"colour", "rgb"},
                  {"mean", {127.5, 127.5, 127.5}},
                  {"scale", {127.5, 127.5, 127.5}},
                  {"resizable", false}};
  row["outputs"] = fa3 ? ReportJson{{"logits", "logits"}} : ReportJson{{"map", "map"}};
  row["parameters"] = {{"crop_scale", crop == faces.notes().end() ? 1.2 : std::stod(crop->second)},
                       {"live_scale", scale.scale},
                       {"live_offset", offset}};
  row["measured"] = note("measured");
  return row;
}

}  // namespace vultus::learning
