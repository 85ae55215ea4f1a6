// Faces under a wrong name and people under two: which subjects resemble each other, and why.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <vultus/identity/health_findings.hpp>

namespace vultus::identity {
namespace {

// A table of all similarities of so many faces takes 16 MB; two subjects alone may have twice as many.
constexpr std::size_t kMostFaces = 2000;
// From so many people on their own similarities tell a spread.
constexpr std::size_t kFewestPeople = 10;
constexpr float kMadToDeviation = 1.4826F;

float median_of(std::vector<float> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Is the likeness of a face to another subject more than chance?
bool conflicts(const FaceStanding& face, const NearSubject& near, const HealthLimits& limits) {
  if (near.similarity >= limits.conflict.value()) return true;
  return face.own && *face.own < limits.match.value() && near.similarity >= limits.weak_conflict.value();
}

using Edge = std::pair<std::uint32_t, std::uint32_t>;

std::set<Edge> edges_of(const HealthGround& ground) {
  std::set<Edge> edges;
  for (std::uint32_t s = 0; s < ground.scan.subjects.size(); ++s) {
    const ScannedSubject& subject = ground.scan.subjects[s];
    for (std::size_t i = 0; i < subject.faces; ++i) {
      const FaceStanding& face = ground.scan.standing[subject.first_face + i];
      for (const NearSubject& near : face.others)
        if (conflicts(face, near, ground.options.limits)) edges.insert(std::minmax(s, near.subject));
    }
  }
  return edges;
}

/// Subjects that hang together by conflicts, each set sorted; a set that is too large falls into its pairs.
std::vector<std::vector<std::uint32_t>> clusters_of(const HealthGround& ground, const std::set<Edge>& edges) {
  std::map<std::uint32_t, std::uint32_t> parent;
  const auto root = [&](std::uint32_t at) {
    parent.try_emplace(at, at);
    while (parent[at] != at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (const auto& [a, b] : edges) {
    const std::uint32_t x = root(a);
    const std::uint32_t y = root(b);
    parent[std::max(x, y)] = std::min(x, y);
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> sets;
  for (const auto& [subject, unused] : parent) sets[root(subject)].push_back(subject);
  const auto faces = [&](const std::vector<std::uint32_t>& set) {
    std::size_t sum = 0;
    for (const std::uint32_t s : set) sum += ground.scan.subjects[s].faces;
    return sum;
  };
  std::vector<std::vector<std::uint32_t>> clusters;
  for (auto& [unused, set] : sets)
    if (faces(set) <= kMostFaces) clusters.push_back(std::move(set));
  std::set<std::uint32_t> covered;
  for (const auto& set : clusters) covered.insert(set.begin(), set.end());
  for (const auto& [a, b] : edges)
    if (!covered.contains(a)) clusters.push_back({a, b});
  return clusters;
}

/// Which faces of a subject are looked at beside those of a cluster: all, or where there are too many, those that
/// conflict with others of the cluster and the first of the rest. @return places within the subject, rising
std::vector<std::size_t> faces_to_load(const HealthGround& ground, const std::vector<std::uint32_t>& cluster,
                                       std::uint32_t s) {
  std::size_t together = 0;
  for (const std::uint32_t one : cluster) together += ground.scan.subjects[one].faces;
  const ScannedSubject& subject = ground.scan.subjects[s];
  std::vector<std::size_t> chosen(subject.faces);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  if (together <= 2 * kMostFaces || chosen.size() <= kMostFaces) return chosen;
  std::stable_partition(chosen.begin(), chosen.end(), [&](std::size_t i) {
    const FaceStanding& face = ground.scan.standing[subject.first_face + i];
    return std::ranges::any_of(face.others, [&](const NearSubject& near) {
      return std::ranges::find(cluster, near.subject) != cluster.end() && conflicts(face, near, ground.options.limits);
    });
  });
  chosen.resize(kMostFaces);
  std::ranges::sort(chosen);
  return chosen;
}

/// Conflicts of one cluster, as findings.
class Cluster {
 public:
  Cluster(const HealthGround& ground, const ConflictLimits& limits, ConflictFindings& into)
      : ground_(ground), limits_(limits), into_(into) {}

  Status load(const std::vector<std::uint32_t>& subjects) {
    for (const std::uint32_t s : subjects) {
      const ScannedSubject& subject = ground_.scan.subjects[s];
      VULTUS_TRY(auto faces, templates_of(ground_.gallery, subject));
      for (const std::size_t i : faces_to_load(ground_, subjects, s)) {
        templates_.push_back(std::move(faces[i]));
        owner_.push_back(s);
        row_.push_back(subject.first_face + i);
      }
    }
    return {};
  }

  void explain() {
    const Conflicts found = explain_conflicts(templates_, owner_, limits_);
    for (const MisplacedFace& one : found.misplaced) tell(one);
    for (const SubjectPair& pair : found.pairs) tell(pair);
  }

 private:
  void excuse(std::uint32_t a, std::uint32_t b) {
    into_.explained[a].push_back(b);
    into_.explained[b].push_back(a);
  }

  void tell(const MisplacedFace& one) {
    const std::size_t row = row_[one.face];
    excuse(owner_[one.face], one.to);
    if (into_.misplaced[row]) return;  // told already, by another pair of a cluster that was too large
    into_.misplaced[row] = true;
    HealthFinding finding{.code = HealthCode::mislabelled,
                          .at = ground_.place(owner_[one.face], row),
                          .other = ground_.place(owner_[one.like], row_[one.like]),
                          .value = double{one.other},
                          .limit = double{one.own < limits_.match ? limits_.weak_conflict : limits_.conflict},
                          .own = Cosine(one.own),
                          .text = {},
                          .mend = {}};
    // The nearest face may itself be on its way: where the face belongs is what counts.
    if (owner_[one.like] != one.to) finding.other = ground_.place(one.to);
    finding.text = fmt::format("face {} of {} resembles {} with {:.3f}, its own person with {:.3f} at most",
                               finding.at->face->number(), finding.at->name, finding.other->name, one.other, one.own);
    // A name that nobody has, for the moment between the two.
    const std::string aside = fmt::format("{} (face {})", finding.at->name, finding.at->face->number());
    finding.mend = {split_command(ground_.path, {&*finding.at->face, 1}, aside),
                    merge_command(ground_.path, aside, finding.other->name)};
    into_.findings.push_back(std::move(finding));
  }

  void tell(const SubjectPair& pair) {
    HealthFinding finding{.code = code_of(pair.kind),
                          .at = ground_.place(owner_[pair.a], row_[pair.a]),
                          .other = ground_.place(owner_[pair.b], row_[pair.b]),
                          .value = double{pair.between},
                          .limit = {},
                          .own = Cosine(pair.within),
                          .text = {},
                          .mend = {}};
    const std::string a = finding.at->name;
    const std::string b = finding.other->name;
    switch (pair.kind) {
      case PairKind::same_picture:
        finding.value = double{pair.similarity};
        finding.limit = double{limits_.copy};
        finding.text = fmt::format("{} and {} have copies of one picture, similarity {:.3f}", a, b, pair.similarity);
        finding.mend = {pair.between >= limits_.match ? merge_command(ground_.path, b, a)
                                                      : remove_face_command(ground_.path, *finding.at->face)};
        break;
      case PairKind::same_person:
        finding.limit = std::max(double{limits_.match}, double{pair.within} - 2.33 * double{limits_.spread});
        finding.text = fmt::format(
            "{} and {} resemble each other with {:.3f} on average, as faces of one person do ({:.3f}); twins may, too",
            a, b, pair.between, pair.within);
        finding.mend = {merge_command(ground_.path, b, a)};
        break;
      case PairKind::lookalikes:
        finding.limit = double{limits_.match};
        finding.text = fmt::format(
            "{} and {} resemble each other with {:.3f} on average, less than faces of one person do ({:.3f}): "
            "relatives, twins, or one person at different times",
            a, b, pair.between, pair.within);
        finding.mend = {not_command(ground_.path, *finding.at->face, b)};
        break;
      case PairKind::matches_other:
        finding.value = double{pair.similarity};
        finding.limit = double{limits_.conflict};
        finding.text =
            fmt::format("a face of {} matches one of {} with {:.3f}; their other faces do not", a, b, pair.similarity);
        finding.mend = {not_command(ground_.path, *finding.at->face, b)};
        break;
    }
    excuse(owner_[pair.a], owner_[pair.b]);
    into_.findings.push_back(std::move(finding));
  }

  static HealthCode code_of(PairKind kind) {
    switch (kind) {
      case PairKind::same_picture: return HealthCode::same_picture;
      case PairKind::same_person: return HealthCode::same_person;
      case PairKind::lookalikes: return HealthCode::lookalikes;
      case PairKind::matches_other: break;
    }
    return HealthCode::matches_other;
  }

  const HealthGround& ground_;
  const ConflictLimits& limits_;
  ConflictFindings& into_;
  std::vector<Embedding> templates_;
  std::vector<std::uint32_t> owner_;
  std::vector<std::size_t> row_;  // of the scan
};

}  // namespace

ConflictLimits conflict_limits(const GalleryScan& scan, const HealthLimits& limits) {
  ConflictLimits made{.match = limits.match.value(),
                      .conflict = limits.conflict.value(),
                      .weak_conflict = limits.weak_conflict.value(),
                      .copy = limits.copy.value()};
  std::vector<float> within;
  for (const ScannedSubject& subject : scan.subjects)
    if (subject.together) within.push_back(*subject.together);
  if (within.size() < kFewestPeople) return made;
  made.within = median_of(within);
  for (float& value : within) value = std::abs(value - made.within);
  made.spread = kMadToDeviation * median_of(within);
  return made;
}

Result<ConflictFindings> find_conflicts(const HealthGround& ground, const std::stop_token& stop) {
  ConflictFindings found;
  found.misplaced.assign(ground.scan.faces.size(), false);
  found.explained.resize(ground.scan.subjects.size());
  const ConflictLimits limits = conflict_limits(ground.scan, ground.options.limits);
  for (const auto& subjects : clusters_of(ground, edges_of(ground))) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while explaining conflicts");
    Cluster cluster(ground, limits, found);
    VULTUS_CHECK(cluster.load(subjects));
    cluster.explain();
  }
  for (auto& list : found.explained) {
    std::ranges::sort(list);
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return found;
}

}  // namespace vultus::identity
