#include <vultus/gallery/who_is_whom.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace vultus::gallery {
namespace {

std::string number_of(std::int64_t id) { return std::to_string(id); }

bool holds(const std::vector<FaceRow>& rows, std::int64_t face) {
  return std::ranges::any_of(rows, [&](const FaceRow& row) { return row.id.number() == face; });
}

}  // namespace

Status WhoIsWhom::require_mergeable(const std::vector<FaceRow>& from, SubjectId from_id, SubjectId into) const {
  VULTUS_TRY(const std::vector<FaceRow> others, store_.faces_of(into));
  VULTUS_TRY(const std::vector<LinkRow> links, store_.links());
  for (const LinkRow& link : links) {
    const bool a_first = holds(from, link.a);
    const bool a_second = holds(others, link.a);
    const bool person = link.kind == LinkKind::not_subject;
    const bool b_first = person ? link.b == from_id.number() : holds(from, link.b);
    const bool b_second = person ? link.b == into.number() : holds(others, link.b);
    if ((a_first && b_second) || (a_second && b_first))
      return store_.fail(ErrorCode::invalid_argument,
                         rows_.called(from_id) + " and " + rows_.called(into) +
                             " are not merged: it was said that face " + number_of(link.a) + " does not show " +
                             (person ? rows_.called(SubjectId(link.b)) : "the person of face " + number_of(link.b)));
  }
  return {};
}

Status WhoIsWhom::merge(SubjectId from, SubjectId into, UtcTime now) {
  VULTUS_TRY(const std::vector<FaceRow> rows, store_.faces_of(from));
  VULTUS_CHECK(require_mergeable(rows, from, into));
  VULTUS_TRY(const std::optional<SubjectRow> gone, store_.subject(from));
  if (!gone) return store_.fail(ErrorCode::not_found, "no subject " + number_of(from.number()));
  MergeUndo undo{.from = *gone, .into = into};
  for (const FaceRow& row : rows) undo.faces.push_back(row.id);
  VULTUS_TRY(const std::vector<LinkRow> links, store_.links());
  for (const LinkRow& link : links) {
    if (link.kind != LinkKind::not_subject || link.b != from.number()) continue;
    const LinkRow instead{LinkKind::not_subject, link.a, into.number()};
    undo.not_from.emplace_back(link.a);
    if (std::ranges::find(links, instead) != links.end()) continue;
    undo.not_into.emplace_back(link.a);
    VULTUS_CHECK(store_.add_link(instead));
  }
  VULTUS_CHECK(rows_.move_faces(rows, into));
  const auto removed = store_.remove_subject(from);
  if (!removed) return removed.error();
  return steps_.write(kMergeKind, body_of(undo), now);
}

Result<SplitUndo> WhoIsWhom::split(std::span<const FaceId> faces, const std::string& name, UtcTime now) {
  std::vector<FaceRow> rows;
  for (const FaceId id : std::set<FaceId>(faces.begin(), faces.end())) {
    VULTUS_TRY(std::optional<FaceRow> row, store_.face(id));
    if (!row) return store_.fail(ErrorCode::not_found, "no face " + number_of(id.number()));
    if (!rows.empty() && rows.front().subject != row->subject)
      return store_.fail(ErrorCode::invalid_argument, "faces " + number_of(rows.front().id.number()) + " and " +
                                                          number_of(id.number()) + " are of different subjects");
    rows.push_back(*std::move(row));
  }
  SplitUndo undo{.from = rows.front().subject};
  VULTUS_TRY(const std::vector<FaceRow> all, store_.faces_of(undo.from));
  if (all.size() == rows.size())
    return store_.fail(ErrorCode::invalid_argument,
                       "all faces of " + rows_.called(undo.from) + " would go: rename the person instead");
  VULTUS_TRY(undo.made, rows_.add_subject(name, now));
  VULTUS_CHECK(rows_.move_faces(rows, undo.made));
  for (const FaceRow& row : rows) {
    undo.faces.push_back(row.id);
    VULTUS_CHECK(store_.add_link({LinkKind::not_subject, row.id.number(), undo.from.number()}));
  }
  VULTUS_CHECK(steps_.write(kSplitKind, body_of(undo), now));
  return undo;
}

Status WhoIsWhom::say(const LinkRow& link, Say how, UtcTime now) {
  VULTUS_TRY(const std::vector<LinkRow> links, store_.links());
  const bool said = std::ranges::find(links, link) != links.end();
  if (said == (how == Say::yes)) return {};
  VULTUS_CHECK(how == Say::yes ? store_.add_link(link) : store_.remove_link(link));
  return steps_.write(kLinkKind, body_of(LinkUndo{link, how == Say::yes}), now);
}

Status WhoIsWhom::not_this_person(FaceId face, SubjectId subject, Say how, UtcTime now) {
  VULTUS_TRY(const std::optional<FaceRow> row, store_.face(face));
  if (!row) return store_.fail(ErrorCode::not_found, "no face " + number_of(face.number()));
  VULTUS_CHECK(rows_.require_subject(subject));
  if (row->subject == subject && how == Say::yes)
    return store_.fail(ErrorCode::invalid_argument, "face " + number_of(face.number()) + " is one of " +
                                                        rows_.called(subject) + ": split it off first");
  return say({LinkKind::not_subject, face.number(), subject.number()}, how, now);
}

Status WhoIsWhom::not_same_person(FaceId a, FaceId b, Say how, UtcTime now) {
  VULTUS_TRY(const std::optional<FaceRow> first, store_.face(a));
  VULTUS_TRY(const std::optional<FaceRow> second, store_.face(b));
  if (!first || !second) return store_.fail(ErrorCode::not_found, "no face " + number_of((first ? b : a).number()));
  if (first->subject == second->subject && how == Say::yes)
    return store_.fail(ErrorCode::invalid_argument, "faces " + number_of(a.number()) + " and " + number_of(b.number()) +
                                                        " are both of " + rows_.called(first->subject) +
                                                        ": split one off first");
  return say({LinkKind::not_face, a.number(), b.number()}, how, now);
}

Result<std::vector<NotSame>> WhoIsWhom::all() const {
  VULTUS_TRY(const std::vector<LinkRow> links, store_.links());
  std::vector<NotSame> all;
  for (const LinkRow& link : links) {
    NotSame one{.face = FaceId(link.a)};
    if (link.kind == LinkKind::not_face) one.other = FaceId(link.b);
    if (link.kind == LinkKind::not_subject) one.subject = SubjectId(link.b);
    all.push_back(one);
  }
  return all;
}

Result<Negatives::BySubject> WhoIsWhom::negatives(const ModelRow& model) const {
  Negatives::BySubject samples;
  VULTUS_TRY(const std::vector<LinkRow> links, store_.links());
  for (const LinkRow& link : links) {
    if (link.kind != LinkKind::not_subject) continue;
    const FaceId face(link.a);
    VULTUS_TRY(const std::optional<FaceRow> row, store_.face(face));
    if (row && rows_.is_forgotten(row->subject)) continue;
    VULTUS_TRY(const std::optional<TemplateRow> stored, store_.face_template(face, model.id));
    if (!row || !stored) return rows_.damaged("the link of face " + number_of(link.a) + " points at what is not there");
    VULTUS_TRY(std::vector<float> values, rows_.values_of(*stored, row->subject, model.model));
    VULTUS_TRY(Embedding sample, Embedding::normalised(model.model.id, std::move(values)));
    samples[SubjectId(link.b)].push_back(std::move(sample));
  }
  return samples;
}

}  // namespace vultus::gallery
