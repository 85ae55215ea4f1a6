#include <vultus/gallery/undo_steps.hpp>

#include <algorithm>
#include <utility>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/undo_body.hpp>

namespace vultus::gallery {
namespace {

std::string faces_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " face" : " faces"); }

}  // namespace

Status UndoSteps::forget_unused() { return forget(unused_); }

Status UndoSteps::forget_committed() {
  committed_.insert(committed_.end(), unused_.begin(), unused_.end());
  unused_.clear();
  return forget(committed_);
}

Status UndoSteps::forget(std::vector<SubjectId>& keys) const {
  while (!keys.empty()) {
    VULTUS_CHECK(rows_.codec().forget(keys.back()));
    keys.pop_back();
  }
  return {};
}

Status UndoSteps::write(std::string_view kind, std::string body, UtcTime now) {
  VULTUS_CHECK(store_.add_undo({.at = now, .kind = std::string(kind), .body = std::move(body)}));
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  for (std::size_t i = Gallery::kMaxUndo; i < rows.size(); ++i) VULTUS_CHECK(drop(rows[i]));
  return {};
}

Status UndoSteps::drop(const UndoRow& row) {
  if (row.kind == kMergeKind)
    if (const Result<MergeUndo> merge = merge_from(row.body)) {
      VULTUS_TRY(const std::optional<SubjectRow> back, store_.subject(merge->from.id));
      if (!back) unused_.push_back(merge->from.id);
    }
  return store_.remove_undo(row.number);
}

Result<std::optional<std::string>> UndoSteps::name_key_back(std::int64_t number) const {
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  const auto row = std::ranges::find(rows, number, &UndoRow::number);
  if (row == rows.end() || row->kind != kMergeKind) return std::optional<std::string>();
  VULTUS_TRY(const MergeUndo undo, merge_from(row->body));
  return std::optional(undo.from.name_key);
}

Status UndoSteps::drop_all() {
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  for (const UndoRow& row : rows) VULTUS_CHECK(drop(row));
  return {};
}

Result<std::int64_t> UndoSteps::drop_of(SubjectId subject) {
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  std::int64_t dropped = 0;
  // Who was merged into somebody who was merged into the subject is a part of it too. The rows come newest first, so
  // of such a chain its end comes first.
  std::vector<SubjectId> parts{subject};
  for (const UndoRow& row : rows) {
    if (std::ranges::none_of(parts, [&](SubjectId part) { return mentions(row, part); })) continue;
    if (row.kind == kMergeKind)
      if (const Result<MergeUndo> merge = merge_from(row.body);
          merge && std::ranges::find(parts, merge->into) != parts.end())
        parts.push_back(merge->from.id);
    VULTUS_CHECK(drop(row));
    ++dropped;
  }
  return dropped;
}

Result<std::vector<FaceRow>> UndoSteps::still_with(const std::vector<FaceId>& faces, SubjectId owner) const {
  std::vector<FaceRow> rows;
  for (const FaceId id : faces) {
    VULTUS_TRY(std::optional<FaceRow> row, store_.face(id));
    if (row && row->subject == owner) rows.push_back(*std::move(row));
  }
  return rows;
}

Status UndoSteps::undo_merge(const UndoRow& row) {
  VULTUS_TRY(const MergeUndo undo, merge_from(row.body));
  VULTUS_CHECK(rows_.require_subject(undo.into));
  VULTUS_TRY(const auto taken, store_.find_subjects({&undo.from.name_key, 1}));
  if (taken.front())
    return store_.fail(ErrorCode::invalid_argument, "the merge is not taken back: somebody else is called " +
                                                        rows_.called(taken.front()->id) + " now; rename them first");
  VULTUS_CHECK(store_.add_subjects({&undo.from, 1}));
  VULTUS_TRY(const std::vector<FaceRow> rows, still_with(undo.faces, undo.into));
  VULTUS_CHECK(rows_.move_faces(rows, undo.from.id));
  for (const FaceId face : undo.not_into)
    VULTUS_CHECK(store_.remove_link({LinkKind::not_subject, face.number(), undo.into.number()}));
  for (const FaceId face : undo.not_from) {
    VULTUS_TRY(const std::optional<FaceRow> there, store_.face(face));
    if (there && there->subject != undo.from.id)
      VULTUS_CHECK(store_.add_link({LinkKind::not_subject, face.number(), undo.from.id.number()}));
  }
  return {};
}

Status UndoSteps::undo_split(const UndoRow& row) {
  VULTUS_TRY(const SplitUndo undo, split_from(row.body));
  VULTUS_CHECK(rows_.require_subject(undo.from));
  VULTUS_CHECK(rows_.require_subject(undo.made));
  VULTUS_TRY(const std::vector<FaceRow> rows, still_with(undo.faces, undo.made));
  for (const FaceId face : undo.faces)
    VULTUS_CHECK(store_.remove_link({LinkKind::not_subject, face.number(), undo.from.number()}));
  VULTUS_CHECK(rows_.move_faces(rows, undo.from));
  VULTUS_TRY(const std::vector<FaceRow> left, store_.faces_of(undo.made));
  if (!left.empty()) return {};
  VULTUS_CHECK(store_.remove_subject(undo.made));
  unused_.push_back(undo.made);
  return {};
}

Status UndoSteps::undo_link(const UndoRow& row) {
  VULTUS_TRY(const LinkUndo undo, link_from(row.body));
  return undo.added ? store_.remove_link(undo.link) : store_.add_link(undo.link);
}

std::string UndoSteps::name_of(SubjectId id) const {
  const Result<SubjectRow> row = rows_.require_subject(id);
  return row ? row->name : "subject " + std::to_string(id.number());
}

Result<UndoEntry> UndoSteps::told(const UndoRow& row) const {
  UndoEntry entry{.number = row.number, .at = row.at, .kind = row.kind};
  if (row.kind == kMergeKind) {
    VULTUS_TRY(MergeUndo undo, merge_from(row.body));
    VULTUS_CHECK(rows_.codec().open(undo.from));
    entry.what = undo.from.name + " was merged into " + name_of(undo.into) + ", " + faces_text(undo.faces.size());
  } else if (row.kind == kSplitKind) {
    VULTUS_TRY(const SplitUndo undo, split_from(row.body));
    entry.what = name_of(undo.made) + " was split off " + name_of(undo.from) + ", " + faces_text(undo.faces.size());
  } else {
    VULTUS_TRY(const LinkUndo undo, link_from(row.body));
    const bool person = undo.link.kind == LinkKind::not_subject;
    entry.what = std::string("it was said that face ") + std::to_string(undo.link.a) +
                 (undo.added ? " does not show " : " may show ") +
                 (person ? name_of(SubjectId(undo.link.b)) : "the person of face " + std::to_string(undo.link.b));
  }
  return entry;
}

Result<std::vector<UndoEntry>> UndoSteps::told() const {
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  std::vector<UndoEntry> all;
  for (const UndoRow& row : rows) {
    VULTUS_TRY(UndoEntry one, told(row));
    all.push_back(std::move(one));
  }
  return all;
}

Result<UndoEntry> UndoSteps::take_back(std::optional<std::int64_t> number) {
  VULTUS_TRY(const std::vector<UndoRow> rows, store_.undo_rows());
  const auto row = number ? std::ranges::find(rows, *number, &UndoRow::number) : rows.begin();
  if (row == rows.end())
    return store_.fail(ErrorCode::not_found, number ? "no change " + std::to_string(*number) + " that can be taken back"
                                                    : "no change that can be taken back");
  VULTUS_TRY(UndoEntry entry, told(*row));
  if (row->kind == kMergeKind) {
    VULTUS_CHECK(undo_merge(*row));
  } else if (row->kind == kSplitKind) {
    VULTUS_CHECK(undo_split(*row));
  } else {
    VULTUS_CHECK(undo_link(*row));
  }
  VULTUS_CHECK(store_.remove_undo(row->number));
  return entry;
}

}  // namespace vultus::gallery
