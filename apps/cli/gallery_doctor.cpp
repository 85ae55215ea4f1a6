// vultus gallery doctor: what is wrong with a gallery, and the commands that mend it.
#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <span>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/gallery_health.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/gallery_access.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

using identity::HealthCode;
using identity::HealthFinding;
using identity::HealthReport;
using identity::HealthWeight;

constexpr const char* kGalleryDoctorExamples =
    "Exit code 0 whether or not something was found. A run that was stopped goes on where it was.\n"
    "What the findings mean, and what they are worth: docs/gallery-health.md.\n\n"
    "Examples:\n"
    "  vultus gallery doctor people.vgal\n"
    "  vultus gallery doctor people.vgal --json --html health.html";

/// Findings of one kind that the table shows.
constexpr std::size_t kShown = 10;

struct GalleryDoctorSettings {
  KeySettings keys;
  PlaceSettings places;
  ThresholdSettings threshold;
  std::string gallery;
  std::string html;
  std::uint64_t seed = 1;
  int threads = 0;
  bool json = false;
  bool quiet = false;
};

Json place_subject(const std::optional<identity::HealthPlace>& place) {
  return place ? Json(place->name) : Json(nullptr);
}

Json place_face(const std::optional<identity::HealthPlace>& place) {
  return place && place->face ? Json(place->face->number()) : Json(nullptr);
}

Json finding_json(const HealthFinding& one) {
  Json object;
  object["code"] = std::string(name_of(one.code));
  object["weight"] = std::string(name_of(weight_of(one.code)));
  object["subject"] = place_subject(one.at);
  object["face"] = place_face(one.at);
  object["other_subject"] = place_subject(one.other);
  object["other_face"] = place_face(one.other);
  object["value"] = number_json(one.value, 6);
  object["limit"] = number_json(one.limit, 6);
  object["own"] = one.own ? score_json(double{one.own->value()}) : Json(nullptr);
  object["text"] = one.text;
  const std::string command = engine::command_text(one.mend);
  object["command"] = command.empty() ? Json(nullptr) : Json(command);
  return object;
}

Json summary_json(const GalleryDoctorSettings& settings, const HealthReport& report) {
  Json object;
  object["gallery"] = shown_gallery(settings.gallery);
  object["subjects"] = report.subjects;
  object["faces"] = report.faces;
  Json counts = Json::object();
  for (const HealthFinding& one : report.findings) {
    Json& count = counts[std::string(name_of(one.code))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  object["findings"] = std::move(counts);
  object["match"] = score_json(double{report.limits.match.value()});
  object["conflict"] = score_json(double{report.limits.conflict.value()});
  object["weak_conflict"] = score_json(double{report.limits.weak_conflict.value()});
  object["expected_conflicts"] = number_json(report.expected_conflicts, 1);
  Json recall = Json::array();
  for (const identity::SearchRecall& one : report.recall)
    recall.push_back({{"method", std::string(name_of(one.method))},
                      {"used", one.used ? Json(std::string(name_of(*one.used))) : Json(nullptr)},
                      {"recall_at_1", number_json(one.at_1, 5)},
                      {"recall_at_10", number_json(one.at_10, 5)}});
  object["search"] = std::move(recall);
  object["cells"] = report.cells ? cells_json(*report.cells) : Json(nullptr);
  object["search_probes"] = report.recall_probes;
  return object;
}

Style style_of(HealthWeight weight) {
  switch (weight) {
    case HealthWeight::problem: return Style::bad;
    case HealthWeight::look: return Style::warn;
    case HealthWeight::note: break;
  }
  return Style::dim;
}

Status tell_kind(const std::vector<const HealthFinding*>& findings, Context& context) {
  const HealthCode code = findings.front()->code;
  std::string text = "\n" + styled(std::string(name_of(code)), style_of(weight_of(code)), context.out.colour()) + ": " +
                     engine::heading_of(code) + "\n";
  for (std::size_t i = 0; i < std::min(findings.size(), kShown); ++i) {
    text += "  " + printable(findings[i]->text) + "\n";
    if (const std::string command = engine::command_text(findings[i]->mend); !command.empty())
      text += styled("    " + printable(command), Style::dim, context.out.colour()) + "\n";
  }
  if (findings.size() > kShown)
    text += fmt::format("  and {} more\n", grouped(static_cast<std::int64_t>(findings.size() - kShown)));
  return context.out.write(text);
}

std::string used_text(const identity::SearchRecall& one) {
  return one.used ? std::string(name_of(*one.used)) : "each shard takes its own by its size";
}

Status tell(const GalleryDoctorSettings& settings, const HealthReport& report, Context& context) {
  if (settings.json) {
    for (const HealthFinding& one : report.findings) VULTUS_CHECK(context.out.write(json_line(finding_json(one))));
    return context.out.write(json_line(summary_json(settings, report)));
  }
  std::map<HealthCode, std::vector<const HealthFinding*>> by_code;
  std::int64_t problems = 0;
  for (const HealthFinding& one : report.findings) {
    by_code[one.code].push_back(&one);
    problems += weight_of(one.code) == HealthWeight::problem ? 1 : 0;
  }
  VULTUS_CHECK(context.out.write(
      printable(shown_gallery(settings.gallery)) + ": " + counted(report.faces, "face") + " of " +
      counted(report.subjects, "person", "people") + ": " + counted(problems, "problem") + ", " +
      grouped(static_cast<std::int64_t>(report.findings.size()) - problems) + " to look at or to know.\n"));
  for (const auto& [code, findings] : by_code) VULTUS_CHECK(tell_kind(findings, context));
  std::string text = fmt::format(
      "\nFaces match from {:.4f}; a conflict begins at {:.4f}, which chance lets up to {:.1f} faces reach.\n",
      report.limits.match.value(), report.limits.conflict.value(), report.expected_conflicts);
  if (!report.recall.empty())
    text += fmt::format(
        "The search that is used ({}) finds the nearest person of {:.2f} % of {} faces that are left "
        "out.\n",
        used_text(report.recall.front()), 100 * report.recall.front().at_1,
        grouped(static_cast<std::int64_t>(report.recall_probes)));
  if (report.cells) text += cells_sentence(*report.cells) + "\n";
  if (!settings.html.empty()) text += "Page: " + printable(settings.html) + "\n";
  return context.out.write(text);
}

Result<ExitCode> doctor(const GalleryDoctorSettings& settings, Context& context) {
  VULTUS_CHECK(Originals(std::span(&settings.gallery, 1)).spare(settings.html, "--html"));
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const Gallery gallery, open_gallery(settings.gallery, GalleryAccess::read_only, settings.keys));
  VULTUS_TRY(const auto folder, model_folder_of(settings.places));
  VULTUS_TRY(const auto presets, engine::load_presets(folder));
  identity::PointWanted wanted{.fmr = settings.threshold.fmr, .threshold = {}};
  if (settings.threshold.threshold) wanted.threshold = Cosine(static_cast<float>(*settings.threshold.threshold));
  identity::HealthOptions options;
  VULTUS_TRY(options.limits, engine::health_limits(gallery, presets, wanted));
  options.threads = settings.threads > 0 ? settings.threads
                                         : std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, 256);
  options.seed = settings.seed;
  options.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  // A gallery on a server has no folder of its own, and its URL may hold a password.
  if (gallery_kind(settings.gallery) != GalleryKind::database) options.state = settings.gallery + ".doctor";
  const auto report = with_progress(context, "gallery doctor", [&](const Progress& progress) {
    return identity::examine_gallery(gallery, options, progress, context.stop);
  });
  if (!report) {
    if (report.error().code != ErrorCode::cancelled) return report.error();
    return fail(ErrorCode::cancelled, report.error().message + "; the same command goes on from here");
  }
  if (!settings.html.empty()) {
    VULTUS_TRY(const std::string page, engine::health_page(gallery, *report));
    VULTUS_CHECK(media::write_file_atomically(settings.html, page));
  }
  VULTUS_CHECK(tell(settings, *report, context));
  return ExitCode::done;
}

}  // namespace

void add_gallery_doctor(CLI::App& gallery, Commands& commands) {
  CLI::App* command = gallery.add_subcommand(
      "doctor", "find wrong names, people under two names, poor faces and what else is wrong with a gallery");
  auto settings = std::make_shared<GalleryDoctorSettings>();
  command->add_option("GALLERY", settings->gallery, "the gallery's file")->type_name("")->required();
  command->add_option("--html", settings->html, "write a page with the faces of each finding")->type_name("FILE");
  command->add_option("--threads", settings->threads, "threads; one a processor unless told")->type_name("N");
  command->add_option("--seed", settings->seed, "of the samples; 1 unless told")->type_name("N");
  add_key_options(*command, settings->keys);
  add_search_options(*command, settings->keys);
  add_threshold_options(*command, settings->threshold);
  add_place_options(*command, settings->places);
  command->add_flag("--json", settings->json, "JSON Lines: one object for each finding, then a summary")
      ->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar, no remarks")->group("Output");
  command->footer(kGalleryDoctorExamples);
  commands.push_back({command, [settings](Context& context) { return doctor(*settings, context); }});
}

}  // namespace vultus::cli
