#include <vultus/engine/report_content.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include <vultus/engine/identify.hpp>

namespace vultus::engine {
namespace {

std::optional<double> number_of(const Reading* reading) {
  if (reading == nullptr || !std::holds_alternative<double>(reading->value)) return std::nullopt;
  return std::get<double>(reading->value);
}

/// The value that all have in common.
class Common {
 public:
  void see(std::optional<double> value) {
    if (!value) return;
    if (!value_) value_ = value;
    same_ = same_ && *value_ == *value;
  }
  [[nodiscard]] std::optional<double> value() const { return same_ ? value_ : std::nullopt; }

 private:
  std::optional<double> value_;
  bool same_ = true;
};

std::vector<ReportPerson> people_of(const ReportContent& content) {
  std::map<std::string, ReportPerson> by_name;
  for (const ReportFace& face : content.faces) {
    if (face.name.empty()) continue;
    ReportPerson& person = by_name[face.name];
    person.name = face.name;
    person.faces.push_back(face.number);
  }
  std::vector<ReportPerson> people;
  for (auto& [name, person] : by_name) {
    std::set<std::size_t> pictures;
    for (const std::size_t f : person.faces) pictures.insert(content.faces[f].picture);
    person.pictures = pictures.size();
    std::ranges::stable_sort(person.faces, [&](std::size_t a, std::size_t b) {
      return content.faces[a].similarity.value_or(-1) > content.faces[b].similarity.value_or(-1);
    });
    people.push_back(std::move(person));
  }
  std::ranges::stable_sort(people,
                           [](const ReportPerson& a, const ReportPerson& b) { return a.pictures > b.pictures; });
  return people;
}

ReportFace face_of(const Timeline& timeline, const Observation& seen) {
  ReportFace face{.face = seen.face};
  if (const Reading* name = timeline.reading(kIdentitySubject, seen.track)) {
    if (const auto* text = std::get_if<std::string>(&name->value)) face.name = *text;
    face.reason = name->reason;
  }
  face.similarity = number_of(timeline.reading(kIdentitySimilarity, seen.track));
  face.probability = number_of(timeline.reading(kIdentityProbability, seen.track));
  face.threshold = number_of(timeline.reading(kIdentityThreshold, seen.track));
  return face;
}

}  // namespace

ReportContent gather_report(const Timeline& timeline) {
  ReportContent content;
  std::unordered_map<SourceId, std::size_t> picture_of;
  for (const Source& source : timeline.sources()) {
    if (source.error) {
      content.failed.push_back(&source);
      continue;
    }
    picture_of[source.id] = content.pictures.size();
    content.pictures.push_back({.source = &source, .faces = {}});
  }
  Common threshold;
  Common fmr;
  std::set<TrackId> told;
  for (const Observation& seen : timeline.observations()) {
    const Track* track = timeline.find(seen.track);
    const auto at = track == nullptr ? picture_of.end() : picture_of.find(track->source);
    // A track is told once: in a picture it has one observation.
    if (at == picture_of.end() || !told.insert(seen.track).second) continue;
    ReportFace face = face_of(timeline, seen);
    face.picture = at->second;
    face.number = content.faces.size();
    threshold.see(face.threshold);
    fmr.see(number_of(timeline.reading(kIdentityFmr, seen.track)));
    if (face.name.empty()) content.unknown.push_back(face.number);
    content.pictures[at->second].faces.push_back(face.number);
    content.faces.push_back(std::move(face));
  }
  content.people = people_of(content);
  content.threshold = threshold.value();
  content.fmr = fmr.value();
  content.planted =
      std::ranges::any_of(timeline.evidence(), [](const Evidence& e) { return e.data == DataKind::planted; });
  return content;
}

}  // namespace vultus::engine
