// Faces that say little, and what has been left undone.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <vultus/identity/health_findings.hpp>
#include <vultus/identity/scale.hpp>

namespace vultus::identity {
namespace {

/// Faces of a subject by the groups that match each other, the largest first; those that lie elsewhere left out.
std::vector<std::vector<std::size_t>> groups_of(const GalleryScan& scan, const ScannedSubject& subject,
                                                const std::vector<bool>& misplaced) {
  std::map<std::uint32_t, std::vector<std::size_t>> by_group;
  for (std::size_t row = subject.first_face; row < subject.first_face + subject.faces; ++row)
    if (!misplaced[row]) by_group[scan.standing[row].group].push_back(row);
  std::vector<std::vector<std::size_t>> groups;
  groups.reserve(by_group.size());
  for (auto& [unused, rows] : by_group) groups.push_back(std::move(rows));
  std::ranges::stable_sort(groups, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return groups;
}

void tell_lonely(const HealthGround& ground, std::uint32_t s, std::size_t row, std::vector<HealthFinding>& into) {
  const FaceStanding& face = ground.scan.standing[row];
  HealthFinding finding{.code = HealthCode::lonely,
                        .at = ground.place(s, row),
                        .other = {},
                        .value = double{*face.own},
                        .limit = double{ground.options.limits.match.value()},
                        .own = Cosine(*face.own),
                        .text = {},
                        .mend = {}};
  finding.text = fmt::format("face {} of {} matches none of its person's: {:.3f} at most", finding.at->face->number(),
                             finding.at->name, *face.own);
  if (!face.others.empty() && face.others.front().similarity > *face.own) {
    const NearSubject& near = face.others.front();
    finding.code = HealthCode::closer_to_other;
    finding.other = ground.place(near.subject);
    finding.other->face = near.face;
    finding.text += fmt::format("; nearer to {} with {:.3f}", finding.other->name, near.similarity);
  }
  finding.mend = {remove_face_command(ground.path, *finding.at->face)};
  into.push_back(std::move(finding));
}

/// One finding for all who lack something if everybody does, else one for each.
void tell_lacking(const HealthGround& ground, HealthCode code, const std::vector<std::uint32_t>& lacking,
                  const std::string& what, std::vector<HealthFinding>& into) {
  const std::size_t all = ground.scan.subjects.size();
  if (lacking.empty()) return;
  if (lacking.size() == all) {
    into.push_back({.code = code,
                    .at = {},
                    .other = {},
                    .value = static_cast<double>(all),
                    .limit = 0,
                    .own = {},
                    .text = fmt::format("nobody of {} people has {}", all, what),
                    .mend = {}});
    return;
  }
  for (const std::uint32_t s : lacking) {
    HealthFinding finding{.code = code,
                          .at = ground.place(s),
                          .other = {},
                          .value = 1,
                          .limit = 0,
                          .own = {},
                          .text = {},
                          .mend = {show_command(ground.path, ground.scan.subjects[s].name)}};
    finding.text = finding.at->name + " has no " + what.substr(what.find(' ') + 1);
    into.push_back(std::move(finding));
  }
}

/// Days that a moment is over.
double days_over(UtcTime when, UtcTime now) {
  return std::chrono::duration<double, std::ratio<86400>>(now - when).count();
}

void find_overdue(const HealthGround& ground, std::uint32_t s, std::vector<HealthFinding>& into) {
  const ScannedSubject& subject = ground.scan.subjects[s];
  const UtcTime now = ground.options.now;
  if (subject.retain_until && *subject.retain_until < now) {
    into.push_back({.code = HealthCode::retention_over,
                    .at = ground.place(s),
                    .other = {},
                    .value = days_over(*subject.retain_until, now),
                    .limit = 0,
                    .own = {},
                    .text = fmt::format("{} was to be removed by {}", subject.name, to_iso8601(*subject.retain_until)),
                    .mend = {remove_command(ground.path, subject.name)}});
    return;
  }
  for (std::size_t row = subject.first_face; row < subject.first_face + subject.faces; ++row) {
    const ScannedFace& face = ground.scan.faces[row];
    if (!face.retain_until || *face.retain_until >= now) continue;
    into.push_back({.code = HealthCode::retention_over,
                    .at = ground.place(s, row),
                    .other = {},
                    .value = days_over(*face.retain_until, now),
                    .limit = 0,
                    .own = {},
                    .text = fmt::format("face {} of {} was to be removed by {}", face.id.number(), subject.name,
                                        to_iso8601(*face.retain_until)),
                    .mend = {remove_face_command(ground.path, face.id)}});
  }
}

}  // namespace

HealthPlace HealthGround::place(std::uint32_t subject) const {
  return {scan.subjects[subject].id, scan.subjects[subject].name, std::nullopt};
}

HealthPlace HealthGround::place(std::uint32_t subject, std::size_t face) const {
  return {scan.subjects[subject].id, scan.subjects[subject].name, scan.faces[face].id};
}

void find_outliers(const HealthGround& ground, const std::vector<bool>& misplaced, std::vector<HealthFinding>& into) {
  const double limit = double{ground.options.limits.match.value()};
  for (std::uint32_t s = 0; s < ground.scan.subjects.size(); ++s) {
    const ScannedSubject& subject = ground.scan.subjects[s];
    const auto groups = groups_of(ground.scan, subject, misplaced);
    if (groups.size() < 2) continue;
    HealthFinding whole{.code = HealthCode::faces_disagree,
                        .at = ground.place(s, groups[0].front()),
                        .other = ground.place(s, groups[1].front()),
                        .value = double{subject.apart.value_or(0)},
                        .limit = limit,
                        .own = subject.apart ? std::optional(Cosine(*subject.apart)) : std::nullopt,
                        .text = {},
                        .mend = {show_command(ground.path, subject.name)}};
    if (groups[0].size() == 1) {
      whole.text = fmt::format("no two of the {} faces of {} match each other", groups.size(), subject.name);
      into.push_back(std::move(whole));
      continue;
    }
    for (std::size_t g = 1; g < groups.size(); ++g)
      if (groups[g].size() == 1) tell_lonely(ground, s, groups[g].front(), into);
    if (groups[1].size() == 1) continue;
    whole.code = HealthCode::two_people;
    whole.text = fmt::format("{} faces of {} match each other and none of {} others that do, too", groups[1].size(),
                             subject.name, groups[0].size());
    std::vector<FaceId> second;
    for (const std::size_t row : groups[1]) second.push_back(ground.scan.faces[row].id);
    whole.mend = {split_command(ground.path, second, subject.name + " (2)")};
    into.push_back(std::move(whole));
  }
}

void find_poor_faces(const HealthGround& ground, std::vector<HealthFinding>& into) {
  const HealthLimits& limits = ground.options.limits;
  for (std::uint32_t s = 0; s < ground.scan.subjects.size(); ++s) {
    const ScannedSubject& subject = ground.scan.subjects[s];
    for (std::size_t row = subject.first_face; row < subject.first_face + subject.faces; ++row) {
      const ScannedFace& face = ground.scan.faces[row];
      const auto tell = [&](HealthCode code, float value, float limit, const std::string& text) {
        into.push_back({.code = code,
                        .at = ground.place(s, row),
                        .other = {},
                        .value = double{value},
                        .limit = double{limit},
                        .own = {},
                        .text = fmt::format("face {} of {} {}", face.id.number(), subject.name, text),
                        .mend = {remove_face_command(ground.path, face.id)}});
      };
      if (face.inter_eye_px && *face.inter_eye_px < limits.inter_eye_px)
        tell(HealthCode::too_small, *face.inter_eye_px, limits.inter_eye_px,
             fmt::format("has {:.1f} pixels between the eyes", *face.inter_eye_px));
      if (face.quality && *face.quality < limits.quality)
        tell(HealthCode::low_quality, *face.quality, limits.quality,
             fmt::format("has a quality of {:.2f}", *face.quality));
    }
  }
}

void find_undone(const HealthGround& ground, std::vector<HealthFinding>& into) {
  std::vector<std::uint32_t> consent;
  std::vector<std::uint32_t> retention;
  for (std::uint32_t s = 0; s < ground.scan.subjects.size(); ++s) {
    if (!ground.scan.subjects[s].consent) consent.push_back(s);
    if (!ground.scan.subjects[s].retain_until) retention.push_back(s);
    find_overdue(ground, s, into);
  }
  tell_lacking(ground, HealthCode::no_consent, consent, "a reference of consent", into);
  tell_lacking(ground, HealthCode::no_retention, retention, "a date of removal", into);
}

Status find_stale_calibration(const HealthGround& ground, std::vector<HealthFinding>& into) {
  const auto now = static_cast<std::int64_t>(ground.scan.subjects.size());
  VULTUS_TRY(const auto calibrations, ground.gallery.calibrations());
  if (calibrations.empty()) {
    if (now > 0)
      into.push_back({.code = HealthCode::not_calibrated,
                      .at = {},
                      .other = {},
                      .value = 0,
                      .limit = 1,
                      .own = {},
                      .text = "the gallery was not calibrated: answers rest on the numbers of the preset",
                      .mend = {calibrate_command(ground.path)}});
    return {};
  }
  const Calibration& last = calibrations.back();
  if (!is_stale(last.subjects, now)) return {};
  into.push_back(
      {.code = HealthCode::calibration_stale,
       .at = {},
       .other = {},
       .value = static_cast<double>(now),
       .limit = 1.1 * static_cast<double>(last.subjects),
       .own = {},
       .text = fmt::format("the gallery had {} people when it was calibrated and has {} now", last.subjects, now),
       .mend = {calibrate_command(ground.path)}});
  return {};
}

}  // namespace vultus::identity
