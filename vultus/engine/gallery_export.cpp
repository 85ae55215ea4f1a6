#include <vultus/engine/gallery_export.hpp>

#include <iterator>
#include <utility>

namespace vultus::engine {
namespace {

Result<std::vector<Subject>> all_of(const Gallery& gallery) {
  std::vector<Subject> all;
  ListOptions page{.after = {}, .limit = 1000};
  for (;;) {
    VULTUS_TRY(std::vector<Subject> some, gallery.subjects(page));
    const bool last = some.size() < page.limit;
    std::move(some.begin(), some.end(), std::back_inserter(all));
    if (last) return all;
    page.after = all.back().name;
  }
}

}  // namespace

Result<GalleryExport> GalleryExport::of_everyone(const Gallery& gallery) {
  VULTUS_TRY(std::vector<Subject> people, all_of(gallery));
  return GalleryExport(gallery, std::move(people), Whom::everyone);
}

GalleryExport GalleryExport::of(const Gallery& gallery, Subject subject) {
  std::vector<Subject> people;
  people.push_back(std::move(subject));
  return GalleryExport(gallery, std::move(people), Whom::one);
}

std::int64_t GalleryExport::faces() const {
  std::int64_t sum = 0;
  for (const Subject& one : people_) sum += one.faces;
  return sum;
}

Error GalleryExport::changed() const {
  return fail(ErrorCode::resource_limit, gallery_->info().path +
                                             ": was changed while it was exported, so the export would tell of people "
                                             "and faces that are not in it; repeat it");
}

Result<std::vector<Subject>> GalleryExport::now() const {
  if (whom_ == Whom::everyone) return all_of(*gallery_);
  VULTUS_TRY(Subject one, gallery_->subject(people_.front().id));
  std::vector<Subject> people;
  people.push_back(std::move(one));
  return people;
}

Status GalleryExport::write_faces(const Subject& subject, ExportLines& lines,
                                  const std::function<Status(std::string_view)>& take) const {
  VULTUS_TRY(const auto faces, gallery_->faces(subject.id));
  VULTUS_TRY(const auto templates, gallery_->templates(subject.id));
  // Between the two a face may have gone and another one come.
  VULTUS_TRY(const auto still, gallery_->faces(subject.id));
  if (faces != still || templates.size() != faces.size() || std::cmp_not_equal(faces.size(), subject.faces))
    return changed();
  for (std::size_t i = 0; i < faces.size(); ++i) {
    ExportedFace one{.face = faces[i], .values = {}, .thumbnail = {}};
    one.values.assign(templates[i].values().begin(), templates[i].values().end());
    VULTUS_TRY(one.thumbnail, gallery_->thumbnail(faces[i].id));
    VULTUS_CHECK(take(lines.face(one)));
  }
  return {};
}

Status GalleryExport::write(const std::string& gallery_id, UtcTime made,
                            const std::function<Status(std::string_view)>& take) const {
  ExportLines lines;
  const GalleryModel model = gallery_->info().model;
  VULTUS_CHECK(take(
      lines.header({.gallery = gallery_id, .model = model, .made = made, .subjects = subjects(), .faces = faces()})));
  for (const Subject& subject : people_) {
    VULTUS_CHECK(take(lines.subject(subject)));
    const Status written = write_faces(subject, lines, take);
    if (!written && written.error().code == ErrorCode::not_found) return changed();
    VULTUS_CHECK(written);
  }
  const auto after = now();
  if (!after && after.error().code == ErrorCode::not_found) return changed();
  if (!after) return after.error();
  if (*after != people_ || gallery_->info().model != model) return changed();
  return take(lines.end());
}

}  // namespace vultus::engine
