// Who is whom, and what can be taken back: under the lock, with the log, and as memory shows it.
#include <vultus/gallery/local_gallery.hpp>

namespace vultus::gallery {

Status LocalGallery::commit_and_show(StoreTransaction& transaction) {
  VULTUS_CHECK(transaction.commit());
  show_changes();
  (void)steps_.forget_committed();
  return {};
}

void LocalGallery::show_changes() {
  const auto view = store_->begin(Store::Kind::read);
  if (view && take_in_changes()) (void)(*view)->commit();
}

Status LocalGallery::load_negatives() {
  if (shard_.holding == Holding::nothing) return {};  // they are templates, and who searches has them
  VULTUS_TRY(auto samples, whom_.negatives(memory_.model));
  negatives_.set(std::move(samples));
  return {};
}

void LocalGallery::reload_negatives() {
  if (negatives_.empty()) return;
  const auto view = store_->begin(Store::Kind::read);
  if (view && load_negatives()) (void)(*view)->commit();
}

Status LocalGallery::merge(SubjectId from, SubjectId into) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(rows_.require_subject(into));
  if (from == into)
    return store_->fail(ErrorCode::invalid_argument, rows_.called(into) + " cannot be merged with itself");
  VULTUS_TRY(const UtcTime time, now());
  VULTUS_CHECK(whom_.merge(from, into, time));
  VULTUS_CHECK(guard_->note(*store_, {.what = "merge", .subjects = {from, into}}, AuditKind::change));
  return commit_and_show(*transaction);
}

Result<SubjectId> LocalGallery::split(std::span<const FaceId> faces, const std::string& name) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const UtcTime time, now());
  VULTUS_TRY(const SplitUndo done, whom_.split(faces, name, time));
  VULTUS_CHECK(guard_->note(*store_, {.what = "split", .subjects = {done.from, done.made}, .faces = done.faces},
                            AuditKind::change));
  VULTUS_CHECK(commit_and_show(*transaction));
  return done.made;
}

Status LocalGallery::not_this_person(FaceId face, SubjectId subject, Say say) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const UtcTime time, now());
  VULTUS_CHECK(whom_.not_this_person(face, subject, say, time));
  VULTUS_CHECK(guard_->note(*store_,
                            {.what = say == Say::yes ? "not-this-person" : "not-this-person-withdrawn",
                             .subjects = {subject},
                             .faces = {face}},
                            AuditKind::change));
  return commit_and_show(*transaction);
}

Status LocalGallery::not_same_person(FaceId a, FaceId b, Say say) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(const UtcTime time, now());
  VULTUS_CHECK(whom_.not_same_person(a, b, say, time));
  VULTUS_CHECK(guard_->note(
      *store_, {.what = say == Say::yes ? "not-same-person" : "not-same-person-withdrawn", .faces = {a, b}},
      AuditKind::change));
  return commit_and_show(*transaction);
}

Result<std::vector<NotSame>> LocalGallery::not_same() {
  return read([&] { return whom_.all(); });
}

Result<std::vector<UndoEntry>> LocalGallery::undoable() {
  return read([&] { return steps_.told(); });
}

Result<UndoEntry> LocalGallery::undo(std::optional<std::int64_t> number) {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_TRY(UndoEntry entry, steps_.take_back(number));
  VULTUS_CHECK(guard_->note(*store_, {.what = "undo", .detail = entry.kind}, AuditKind::change));
  VULTUS_CHECK(commit_and_show(*transaction));
  return entry;
}

Status LocalGallery::forget_undo() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  VULTUS_CHECK(steps_.drop_all());
  VULTUS_CHECK(commit_and_show(*transaction));
  // That the keys are gone is what was asked for, so one that is left is told.
  VULTUS_CHECK(steps_.forget_committed());
  (void)store_->empty_log();  // what is overwritten is overwritten; the rest follows when the log can be emptied
  return {};
}

}  // namespace vultus::gallery
