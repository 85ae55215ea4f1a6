#include <vultus/gallery/open_rows.hpp>

#include <algorithm>
#include <utility>

#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/store/postgres_schema.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {

std::string OpenRows::called(SubjectId id) const {
  const Result<SubjectRow> row = require_subject(id);
  return row ? "\"" + row->name + "\"" : "subject " + std::to_string(id.number());
}

Result<SubjectRow> OpenRows::require_subject(SubjectId id) const {
  VULTUS_TRY(std::optional<SubjectRow> row, store_.subject(id));
  if (!row) return store_.fail(ErrorCode::not_found, "no subject " + std::to_string(id.number()));
  VULTUS_CHECK(codec().open(*row));
  return *std::move(row);
}

Result<Subject> OpenRows::opened(SubjectRow row) const {
  VULTUS_CHECK(codec().open(row));
  Result<Subject> subject = subject_of(row);
  if (!subject) return damaged(subject.error().message);
  return subject;
}

Result<std::vector<EnrolledFace>> OpenRows::opened(std::vector<FaceRow> rows) const {
  std::vector<EnrolledFace> faces;
  faces.reserve(rows.size());
  for (FaceRow& row : rows) {
    VULTUS_CHECK(codec().open(row));
    faces.push_back(enrolled_face(row));
  }
  return faces;
}

Result<std::vector<float>> OpenRows::values_of(TemplateRow row, SubjectId owner, const GalleryModel& model) const {
  VULTUS_CHECK(codec().open(row, owner));
  std::vector<float> values;
  if (const auto wrong = from_bytes(row.bytes, static_cast<std::size_t>(model.dimension), values))
    return damaged("face " + std::to_string(row.face.number()) + " " + *wrong);
  return values;
}

Result<WholeFace> OpenRows::sealed_for(FaceRow row, SubjectId owner, Codec& to) const {
  WholeFace whole;
  VULTUS_TRY(const std::vector<ModelRow> models, store_.models());
  for (const ModelRow& model : models) {
    VULTUS_TRY(std::optional<TemplateRow> one, store_.face_template(row.id, model.id));
    if (!one) continue;
    VULTUS_CHECK(codec().open(*one, row.subject));
    VULTUS_CHECK(to.seal(*one, owner));
    whole.templates.push_back(*std::move(one));
  }
  VULTUS_TRY(whole.thumbnail, store_.thumbnail(row.id));
  if (whole.thumbnail) {
    VULTUS_CHECK(codec().open(*whole.thumbnail, row.subject));
    VULTUS_CHECK(to.seal(*whole.thumbnail, owner));
  }
  VULTUS_CHECK(codec().open(row));
  row.subject = owner;
  VULTUS_CHECK(to.seal(row));
  whole.face = std::move(row);
  return whole;
}

/// The store alone does not know what was given: where an older copy of it was put back, the keyring has gone on.
Result<ReservedIds> OpenRows::reserve_ids(std::int64_t subjects, std::int64_t faces) const {
  VULTUS_TRY(ReservedIds first, store_.reserve_ids(subjects, faces));
  if (subjects == 0) return first;
  // The keyring of a shard also has keys of people who came from others, with ids of those.
  const SubjectId end(first.subject.number() | (kIdsOfShard - 1));
  VULTUS_TRY(const auto taken, codec().taken_from(first.subject, subjects, end));
  if (!taken) return first;
  const std::int64_t last = first.subject.number() + subjects - 1;
  const std::int64_t between = std::max<std::int64_t>(0, taken->number() - last);
  VULTUS_TRY(const ReservedIds behind, store_.reserve_ids(between + subjects, 0));
  first.subject = SubjectId(behind.subject.number() + between);
  return first;
}

Result<SubjectId> OpenRows::add_subject(const std::string& name, UtcTime now) const {
  VULTUS_TRY(const std::string key, codec().name_key(name));
  VULTUS_TRY(const auto taken, store_.find_subjects({&key, 1}));
  if (taken.front()) return store_.fail(ErrorCode::invalid_argument, "somebody is called \"" + name + "\" already");
  VULTUS_TRY(const ReservedIds ids, reserve_ids(1, 0));
  VULTUS_CHECK(codec().add_subjects({&ids.subject, 1}));
  SubjectRow row{.id = ids.subject, .name = name, .created = now};
  VULTUS_CHECK(codec().seal(row));
  VULTUS_CHECK(store_.add_subjects({&row, 1}));
  return ids.subject;
}

Status OpenRows::move_faces(const std::vector<FaceRow>& rows, SubjectId to) const {
  if (!codec().binds_to_subject()) {
    std::vector<FaceId> ids;
    ids.reserve(rows.size());
    for (const FaceRow& row : rows) ids.push_back(row.id);
    return store_.move_faces(ids, to);
  }
  for (const FaceRow& row : rows) {
    VULTUS_TRY(const WholeFace whole, sealed_for(row, to, codec()));
    VULTUS_CHECK(store_.update_faces({&whole, 1}));
  }
  return {};
}

Status OpenRows::write_all_again(Codec& to) const {
  std::vector<SubjectId> people;
  VULTUS_CHECK(store_.each_subject([&](const SubjectRow& row) -> Status {
    people.push_back(row.id);
    return {};
  }));
  VULTUS_CHECK(to.add_subjects(people));
  for (const SubjectId id : people) {
    VULTUS_TRY(const std::vector<FaceRow> rows, store_.faces_of(id));
    for (const FaceRow& row : rows) {
      VULTUS_TRY(const WholeFace whole, sealed_for(row, id, to));
      VULTUS_CHECK(store_.update_faces({&whole, 1}));
    }
    VULTUS_TRY(SubjectRow subject, require_subject(id));
    VULTUS_CHECK(to.seal(subject));
    VULTUS_CHECK(store_.update_subject(subject));
  }
  VULTUS_TRY(const std::vector<UndoRow> steps, store_.undo_rows());
  for (const UndoRow& step : steps) VULTUS_CHECK(store_.remove_undo(step.number));
  return {};
}

}  // namespace vultus::gallery
