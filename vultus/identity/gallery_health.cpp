#include <vultus/identity/gallery_health.hpp>

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include <vultus/identity/attracting.hpp>
#include <vultus/identity/health_findings.hpp>
#include <vultus/identity/scan_state.hpp>
#include <vultus/identity/search_recall.hpp>
#include <vultus/identity/told_apart.hpp>

namespace vultus::identity {
namespace {

Status refuse(const std::string& what) { return fail(ErrorCode::invalid_argument, what); }

bool is_cosine(Cosine value) { return value >= Cosine(-1) && value <= Cosine(1.01F); }

Status check(const HealthOptions& options) {
  const HealthLimits& limits = options.limits;
  if (options.threads < 1 || options.threads > 256)
    return refuse(fmt::format("threads = {}, must be 1 to 256", options.threads));
  if (options.references < 2 || options.references > 10'000)
    return refuse(fmt::format("references = {}, must be 2 to 10000", options.references));
  if (options.recall_probes < 1 || options.recall_probes > 100'000)
    return refuse(fmt::format("recall_probes = {}, must be 1 to 100000", options.recall_probes));
  if (!is_cosine(limits.match) || !is_cosine(limits.conflict) || !is_cosine(limits.weak_conflict))
    return refuse("a limit of similarity is outside [-1, 1]");
  if (limits.conflict < limits.match || limits.weak_conflict < limits.match)
    return refuse(fmt::format("conflicts begin at {:.4f} and {:.4f}, below the match limit {:.4f}",
                              limits.conflict.value(), limits.weak_conflict.value(), limits.match.value()));
  if (!(limits.attracting_q > 0 && limits.attracting_q < 1))
    return refuse(fmt::format("attracting_q = {}, must be between 0 and 1", limits.attracting_q));
  return {};
}

void add_attracting(const HealthGround& ground, const ConflictFindings& conflicts, std::vector<HealthFinding>& into) {
  for (const Attracting& one :
       attracting_subjects(ground.scan, conflicts.explained, ground.options.limits.attracting_q)) {
    HealthFinding finding{.code = HealthCode::attracts_false_matches,
                          .at = ground.place(one.subject),
                          .other = {},
                          .value = one.share,
                          .limit = one.usual_share,
                          .own = {},
                          .text = {},
                          .mend = {show_command(ground.path, ground.scan.subjects[one.subject].name)}};
    finding.text = fmt::format(
        "{} is matched by {:.2g} of all strangers, {:.2g} is usual; mean similarity {:.3f}, usual {:.3f} (p = {:.1g})",
        finding.at->name, one.share, one.usual_share, one.similarity, one.usual_similarity, one.probability);
    into.push_back(std::move(finding));
  }
}

Status add_recall(const HealthGround& ground, HealthReport& report) {
  VULTUS_TRY(report.recall, measure_recall(ground.gallery, ground.scan, ground.options.limits.match,
                                           ground.options.recall_probes, ground.options.seed));
  // After the searches: they make the cells that are asked for.
  report.cells = ground.gallery.info().cells;
  if (report.recall.empty()) return {};
  report.recall_probes = std::min(ground.options.recall_probes, ground.scan.faces.size());
  const SearchRecall& used = report.recall.front();
  if (used.at_1 >= ground.options.limits.recall) return {};
  report.findings.push_back(
      {.code = HealthCode::search_misses,
       .at = {},
       .other = {},
       .value = used.at_1,
       .limit = ground.options.limits.recall,
       .own = {},
       .text = fmt::format("the search that is used finds the nearest person of {:.2f} % of {} faces that are left out",
                           100 * used.at_1, report.recall_probes),
       .mend = {}});
  return {};
}

/// Chance conflicts of a clean gallery: faces that match their own rarely meet the low limit.
double expected_conflicts(const GalleryScan& scan, const HealthLimits& limits) {
  if (scan.subjects.size() < 2) return 0;
  double sum = 0;
  for (const FaceStanding& face : scan.standing)
    sum += face.own && *face.own < limits.match.value() ? limits.weak_expected : limits.expected;
  return sum;
}

/// The clearest first: by how far the value lies from its limit.
void sort_findings(std::vector<HealthFinding>& findings) {
  std::ranges::stable_sort(findings, [](const HealthFinding& a, const HealthFinding& b) {
    if (a.code != b.code) return a.code < b.code;
    return std::abs(a.value - a.limit) > std::abs(b.value - b.limit);
  });
}

}  // namespace

Result<HealthReport> examine_gallery(const Gallery& gallery, const HealthOptions& options,
                                     const HealthProgress& progress, const std::stop_token& stop) {
  VULTUS_CHECK(check(options));
  const auto tell = [&](std::string_view what, std::size_t done, std::size_t total) {
    if (progress) progress(what, done, total);
  };
  tell("list", 0, 0);
  VULTUS_TRY(GalleryScan scan, list_gallery(gallery, stop));
  const CompareOptions compare{.match = options.limits.match.value(),
                               .keep = std::min(options.limits.conflict, options.limits.weak_conflict).value(),
                               .threads = options.threads,
                               .seed = options.seed,
                               .references = options.references};
  ScanState state(options.state, fingerprint_of(scan, gallery.info().model, compare));
  auto known = state.begin(scan, options.references);
  const std::size_t faces = scan.faces.size();
  tell("compare", 0, faces);
  VULTUS_CHECK(compare_gallery(
      gallery, scan, std::move(known), compare,
      [&](std::uint32_t subject, const SubjectStanding& standing) -> Status {
        state.add(subject, standing);
        return {};
      },
      [&](std::size_t done) { tell("compare", done, faces); }, stop));

  HealthReport report{.subjects = static_cast<std::int64_t>(scan.subjects.size()),
                      .faces = static_cast<std::int64_t>(faces),
                      .findings = {},
                      .limits = options.limits,
                      .expected_conflicts = expected_conflicts(scan, options.limits),
                      .recall = {},
                      .recall_probes = 0,
                      .reused = scan.reused};
  const HealthGround ground{gallery, scan, options, gallery.info().path};
  tell("explain", 0, 0);
  VULTUS_TRY(ConflictFindings conflicts, find_conflicts(ground, stop));
  VULTUS_TRY(const ToldApart told, ToldApart::read(gallery, scan));
  std::erase_if(conflicts.findings, [&](const HealthFinding& one) { return told.covers(one); });
  report.findings = std::move(conflicts.findings);
  find_outliers(ground, conflicts.misplaced, report.findings);
  find_poor_faces(ground, report.findings);
  add_attracting(ground, conflicts, report.findings);
  find_undone(ground, report.findings);
  VULTUS_CHECK(find_stale_calibration(ground, report.findings));
  tell("search", 0, 0);
  VULTUS_CHECK(add_recall(ground, report));
  sort_findings(report.findings);
  state.remove();
  return report;
}

}  // namespace vultus::identity
