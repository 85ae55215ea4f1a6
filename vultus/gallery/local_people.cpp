// Who is whom: merging, splitting, and what the owner says about it.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>
#include <set>

#include <vultus/gallery/undo_body.hpp>

namespace vultus::gallery {
namespace {

std::string number_of(std::int64_t id) { return std::to_string(id); }

bool holds(const std::vector<FaceRow>& rows, std::int64_t face) {
  return std::ranges::any_of(rows, [&](const FaceRow& row) { return row.id.number() == face; });
}

}  // namespace

Status LocalGallery::commit_and_show(StoreTransaction& transaction) {
  VULTUS_CHECK(transaction.commit());
  show_changes();
  return forget_unused();
}

Status LocalGallery::forget_unused() {
  for (const SubjectId id : std::exchange(forget_next_, {})) VULTUS_CHECK(codec_->forget(id));
  return {};
}

void LocalGallery::show_changes() {
  const auto view = store_->begin(Store::Kind::read);
  if (view && take_in_changes()) (void)(*view)->commit();
}

Status LocalGallery::load_negatives() {
  Negatives::BySubject samples;
  VULTUS_TRY(const std::vector<LinkRow> links, store_->links());
  for (const LinkRow& link : links) {
    if (link.kind != LinkKind::not_subject) continue;
    const FaceId face(link.a);
    VULTUS_TRY(const std::optional<FaceRow> row, store_->face(face));
    if (row && guard_->is_forgotten(row->subject)) continue;
    VULTUS_TRY(const std::optional<TemplateRow> stored, store_->face_template(face, memory_.model.id));
    if (!row || !stored) return damaged("the link of face " + number_of(link.a) + " points at what is not there");
    VULTUS_TRY(std::vector<float> values, values_of(*stored, row->subject, memory_.model.model));
    VULTUS_TRY(Embedding sample, Embedding::normalised(memory_.model.model.id, std::move(values)));
    samples[SubjectId(link.b)].push_back(std::move(sample));
  }
  negatives_.set(std::move(samples));
  return {};
}

void LocalGallery::reload_negatives() {
  if (negatives_.empty()) return;
  const auto view = store_->begin(Store::Kind::read);
  if (view && load_negatives()) (void)(*view)->commit();
}

Status LocalGallery::require_mergeable(const std::vector<FaceRow>& from, SubjectId from_id, SubjectId into) {
  VULTUS_TRY(const std::vector<FaceRow> others, store_->faces_of(into));
  VULTUS_TRY(const std::vector<LinkRow> links, store_->links());
  for (const LinkRow& link : links) {
    const bool a_first = holds(from, link.a);
    const bool a_second = holds(others, link.a);
    const bool person = link.kind == LinkKind::not_subject;
    const bool b_first = person ? link.b == from_id.number() : holds(from, link.b);
    const bool b_second = person ? link.b == into.number() : holds(others, link.b);
    if ((a_first && b_second) || (a_second && b_first))
      return store_->fail(ErrorCode::invalid_argument,
                          "subjects " + number_of(from_id.number()) + " and " + number_of(into.number()) +
                              " are not merged: it was said that face " + number_of(link.a) + " does not show " +
                              (person ? "subject " : "the person of face ") + number_of(link.b));
  }
  return {};
}

Status LocalGallery::merge_subjects(SubjectId from, SubjectId into) {
  VULTUS_TRY(const std::vector<FaceRow> rows, store_->faces_of(from));
  VULTUS_CHECK(require_mergeable(rows, from, into));
  VULTUS_TRY(const std::optional<SubjectRow> gone, store_->subject(from));
  if (!gone) return store_->fail(ErrorCode::not_found, "no subject " + number_of(from.number()));
  MergeUndo undo{.from = *gone, .into = into};
  for (const FaceRow& row : rows) undo.faces.push_back(row.id);
  VULTUS_TRY(const std::vector<LinkRow> links, store_->links());
  for (const LinkRow& link : links) {
    if (link.kind != LinkKind::not_subject || link.b != from.number()) continue;
    const LinkRow now{LinkKind::not_subject, link.a, into.number()};
    undo.not_from.emplace_back(link.a);
    if (std::ranges::find(links, now) != links.end()) continue;
    undo.not_into.emplace_back(link.a);
    VULTUS_CHECK(store_->add_link(now));
  }
  VULTUS_CHECK(move_faces(rows, into));
  const auto removed = store_->remove_subject(from);
  if (!removed) return removed.error();
  return write_undo(kMergeKind, body_of(undo));
}

Status LocalGallery::merge(SubjectId from, SubjectId into) {
  if (from == into)
    return store_->fail(ErrorCode::invalid_argument, "subject " + number_of(from.number()) + " with itself");
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(require_subject(into));
  VULTUS_CHECK(merge_subjects(from, into));
  VULTUS_CHECK(guard_->note(*store_, {.what = "merge", .subjects = {from, into}}, AuditKind::change));
  return commit_and_show(*transaction);
}

Result<SubjectId> LocalGallery::add_subject(const std::string& name) {
  VULTUS_TRY(const std::string key, codec_->name_key(name));
  VULTUS_TRY(const auto taken, store_->find_subjects({&key, 1}));
  if (taken.front())
    return store_->fail(ErrorCode::invalid_argument,
                        "subject " + number_of(taken.front()->id.number()) + " is called \"" + name + "\" already");
  VULTUS_TRY(const UtcTime time, now());
  VULTUS_TRY(const ReservedIds ids, store_->reserve_ids(1, 0));
  VULTUS_CHECK(codec_->add_subjects({&ids.subject, 1}));
  SubjectRow row{.id = ids.subject, .name = name, .created = time};
  VULTUS_CHECK(codec_->seal(row));
  VULTUS_CHECK(store_->add_subjects({&row, 1}));
  return ids.subject;
}

Result<SubjectId> LocalGallery::split(std::span<const FaceId> faces, const std::string& name) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  std::vector<FaceRow> rows;
  for (const FaceId id : std::set<FaceId>(faces.begin(), faces.end())) {
    VULTUS_TRY(std::optional<FaceRow> row, store_->face(id));
    if (!row) return store_->fail(ErrorCode::not_found, "no face " + number_of(id.number()));
    if (!rows.empty() && rows.front().subject != row->subject)
      return store_->fail(ErrorCode::invalid_argument, "faces " + number_of(rows.front().id.number()) + " and " +
                                                           number_of(id.number()) + " are of different subjects");
    rows.push_back(*std::move(row));
  }
  SplitUndo undo{.from = rows.front().subject};
  VULTUS_TRY(const std::vector<FaceRow> all, store_->faces_of(undo.from));
  if (all.size() == rows.size())
    return store_->fail(ErrorCode::invalid_argument,
                        "all faces of subject " + number_of(undo.from.number()) + " would go: rename it instead");
  VULTUS_TRY(undo.made, add_subject(name));
  VULTUS_CHECK(move_faces(rows, undo.made));
  for (const FaceRow& row : rows) {
    undo.faces.push_back(row.id);
    VULTUS_CHECK(store_->add_link({LinkKind::not_subject, row.id.number(), undo.from.number()}));
  }
  VULTUS_CHECK(write_undo(kSplitKind, body_of(undo)));
  VULTUS_CHECK(guard_->note(*store_, {.what = "split", .subjects = {undo.from, undo.made}, .faces = undo.faces},
                            AuditKind::change));
  VULTUS_CHECK(commit_and_show(*transaction));
  return undo.made;
}

Status LocalGallery::say(const LinkRow& link, Say say) {
  VULTUS_TRY(const std::vector<LinkRow> links, store_->links());
  const bool said = std::ranges::find(links, link) != links.end();
  if (said == (say == Say::yes)) return {};
  VULTUS_CHECK(say == Say::yes ? store_->add_link(link) : store_->remove_link(link));
  return write_undo(kLinkKind, body_of(LinkUndo{link, say == Say::yes}));
}

Status LocalGallery::not_this_person(FaceId face, SubjectId subject, Say how) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const std::optional<FaceRow> row, store_->face(face));
  if (!row) return store_->fail(ErrorCode::not_found, "no face " + number_of(face.number()));
  VULTUS_CHECK(require_subject(subject));
  if (row->subject == subject && how == Say::yes)
    return store_->fail(ErrorCode::invalid_argument, "face " + number_of(face.number()) + " is one of subject " +
                                                         number_of(subject.number()) + ": split it off first");
  VULTUS_CHECK(say({LinkKind::not_subject, face.number(), subject.number()}, how));
  VULTUS_CHECK(
      guard_->note(*store_, {.what = "not-this-person", .subjects = {subject}, .faces = {face}}, AuditKind::change));
  return commit_and_show(*transaction);
}

Status LocalGallery::not_same_person(FaceId a, FaceId b, Say how) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const std::optional<FaceRow> first, store_->face(a));
  VULTUS_TRY(const std::optional<FaceRow> second, store_->face(b));
  if (!first || !second) return store_->fail(ErrorCode::not_found, "no face " + number_of((first ? b : a).number()));
  if (first->subject == second->subject && how == Say::yes)
    return store_->fail(ErrorCode::invalid_argument, "faces " + number_of(a.number()) + " and " +
                                                         number_of(b.number()) + " are both of subject " +
                                                         number_of(first->subject.number()) + ": split one off first");
  VULTUS_CHECK(say({LinkKind::not_face, a.number(), b.number()}, how));
  VULTUS_CHECK(guard_->note(*store_, {.what = "not-same-person", .faces = {a, b}}, AuditKind::change));
  return commit_and_show(*transaction);
}

Result<std::vector<NotSame>> LocalGallery::not_same() {
  return read([&]() -> Result<std::vector<NotSame>> {
    VULTUS_TRY(const std::vector<LinkRow> links, store_->links());
    std::vector<NotSame> all;
    for (const LinkRow& link : links) {
      NotSame one{.face = FaceId(link.a)};
      if (link.kind == LinkKind::not_face) one.other = FaceId(link.b);
      if (link.kind == LinkKind::not_subject) one.subject = SubjectId(link.b);
      all.push_back(one);
    }
    return all;
  });
}

}  // namespace vultus::gallery
