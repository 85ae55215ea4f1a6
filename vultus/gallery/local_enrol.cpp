// Enrolment: which faces are there already, ids for the others, rows for all of them.
#include <vultus/gallery/local_gallery.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>

#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/subject_name.hpp>
#include <vultus/gallery/template_bytes.hpp>

namespace vultus::gallery {

/// One call of enrol, step by step. Everything is known before the first row is written.
class LocalGallery::Enrolment {
 public:
  Enrolment(LocalGallery& gallery, std::span<const NewFace> faces, UtcTime now)
      : gallery_(gallery), faces_(faces), now_(now), places_(faces.size()) {}

  Status find_people();
  Status find_twins();
  Status reserve();
  Status write();
  [[nodiscard]] std::vector<EnrolOutcome> outcomes() const;
  /// What the log says; nothing where nothing was added.
  [[nodiscard]] std::optional<AuditNote> act() const;
  /// Into memory, after the commit.
  Status publish() const;

 private:
  struct Person {
    std::string name;
    SubjectId id;
    bool made = false;
  };
  struct Place {
    std::size_t person = 0;
    std::string source_key;
    FaceId face;                           ///< 0 = new, until reserve()
    std::optional<std::size_t> like = {};  ///< the face before it in this call that it is the same as
    bool there = false;
  };

  Store& store() const { return *gallery_.store_; }
  Codec& codec() const { return gallery_.codec(); }
  Result<bool> same_template(const FaceRow& row, std::span<const float> values) const;
  [[nodiscard]] std::optional<std::size_t> like_before(std::size_t at) const;
  Result<WholeFace> sealed_row(std::size_t at) const;

  LocalGallery& gallery_;
  std::span<const NewFace> faces_;
  UtcTime now_;
  std::vector<Place> places_;
  std::vector<Person> people_;
  std::map<std::pair<std::size_t, std::string>, std::vector<std::size_t>> new_of_source_;
};

Status LocalGallery::Enrolment::find_people() {
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    VULTUS_TRY(std::string name, checked_name(faces_[i].subject));
    const auto [at, fresh] = known.emplace(name, people_.size());
    if (fresh) people_.push_back({std::move(name), SubjectId(), false});
    places_[i].person = at->second;
  }
  std::vector<std::string> keys;
  for (const Person& person : people_) {
    VULTUS_TRY(std::string key, codec().name_key(person.name));
    keys.push_back(std::move(key));
  }
  VULTUS_TRY(const auto found, store().find_subjects(keys));
  for (std::size_t i = 0; i < people_.size(); ++i) {
    people_[i].made = !found[i];
    if (found[i]) people_[i].id = found[i]->id;
  }
  return {};
}

Result<bool> LocalGallery::Enrolment::same_template(const FaceRow& row, std::span<const float> values) const {
  VULTUS_TRY(const auto stored, store().face_template(row.id, gallery_.memory_.model.id));
  if (!stored) return false;
  VULTUS_TRY(const auto known, gallery_.rows_.values_of(*stored, row.subject, gallery_.memory_.model.model));
  return std::ranges::equal(known, values);
}

std::optional<std::size_t> LocalGallery::Enrolment::like_before(std::size_t at) const {
  const auto before = new_of_source_.find({places_[at].person, places_[at].source_key});
  if (before == new_of_source_.end()) return std::nullopt;
  for (const std::size_t other : before->second) {
    const bool same_box = faces_[at].details.box && faces_[at].details.box == faces_[other].details.box;
    if (same_box || std::ranges::equal(faces_[at].embedding.values(), faces_[other].embedding.values())) return other;
  }
  return std::nullopt;
}

Status LocalGallery::Enrolment::find_twins() {
  std::vector<std::string> keys;
  std::unordered_map<std::string, std::size_t> at_key;
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    if (faces_[i].details.source_sha256.empty()) continue;
    VULTUS_TRY(places_[i].source_key, codec().source_key(faces_[i].details.source_sha256));
    if (at_key.emplace(places_[i].source_key, keys.size()).second) keys.push_back(places_[i].source_key);
  }
  VULTUS_TRY(const auto stored, store().faces_of_sources(keys));
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    Place& place = places_[i];
    if (place.source_key.empty()) continue;
    const Person& person = people_[place.person];
    if (!person.made)
      for (const FaceRow& row : stored[at_key.at(place.source_key)]) {
        if (row.subject != person.id) continue;
        const bool same_box = faces_[i].details.box && faces_[i].details.box == row.box;
        VULTUS_TRY(const bool same, same_box ? Result<bool>(true) : same_template(row, faces_[i].embedding.values()));
        if (!same) continue;
        place.face = row.id;
        place.there = true;
        break;
      }
    if (place.there) continue;
    place.like = like_before(i);
    if (!place.like) new_of_source_[{place.person, place.source_key}].push_back(i);
  }
  return {};
}

Status LocalGallery::Enrolment::reserve() {
  const auto people = std::ranges::count_if(people_, &Person::made);
  const auto faces = std::ranges::count_if(places_, [](const Place& one) { return !one.there && !one.like; });
  if (people == 0 && faces == 0) return {};
  VULTUS_TRY(const ReservedIds first, gallery_.rows_.reserve_ids(people, faces));
  std::int64_t next_person = first.subject.number();
  std::int64_t next_face = first.face.number();
  for (Person& person : people_)
    if (person.made) person.id = SubjectId(next_person++);
  for (Place& place : places_) {
    if (!place.there) place.face = place.like ? places_[*place.like].face : FaceId(next_face++);
    place.there = place.there || place.like;
  }
  return {};
}

Result<WholeFace> LocalGallery::Enrolment::sealed_row(std::size_t at) const {
  const NewFace& face = faces_[at];
  const SubjectId owner = people_[places_[at].person].id;
  WholeFace whole;
  whole.face = row_of(face.details, now_);
  whole.face.id = places_[at].face;
  whole.face.subject = owner;
  VULTUS_CHECK(codec().seal(whole.face));
  TemplateRow row{
      .face = whole.face.id, .model = gallery_.memory_.model.id, .bytes = to_bytes(face.embedding.values())};
  VULTUS_CHECK(codec().seal(row, owner));
  whole.templates.push_back(std::move(row));
  if (face.thumbnail) {
    whole.thumbnail = ThumbnailRow{whole.face.id, face.thumbnail->format, face.thumbnail->bytes};
    VULTUS_CHECK(codec().seal(*whole.thumbnail, owner));
  }
  return whole;
}

Status LocalGallery::Enrolment::write() {
  std::vector<SubjectId> made;
  for (const Person& person : people_)
    if (person.made) made.push_back(person.id);
  VULTUS_CHECK(codec().add_subjects(made));
  std::vector<SubjectRow> subjects;
  for (const Person& person : people_) {
    if (!person.made) continue;
    SubjectRow row{.id = person.id, .name = person.name, .created = now_};
    VULTUS_CHECK(codec().seal(row));
    subjects.push_back(std::move(row));
  }
  VULTUS_CHECK(store().add_subjects(subjects));
  constexpr std::size_t kRowsAtOnce = 256;  // so that a large call does not hold all its rows twice
  std::vector<WholeFace> rows;
  for (std::size_t i = 0; i < faces_.size(); ++i) {
    if (!places_[i].there) {
      VULTUS_TRY(WholeFace row, sealed_row(i));
      rows.push_back(std::move(row));
    }
    if (rows.size() < kRowsAtOnce && i + 1 < faces_.size()) continue;
    VULTUS_CHECK(store().add_faces(rows));
    rows.clear();
  }
  return {};
}

std::vector<EnrolOutcome> LocalGallery::Enrolment::outcomes() const {
  std::vector<EnrolOutcome> all;
  all.reserve(places_.size());
  for (const Place& place : places_) all.push_back({place.face, people_[place.person].id, place.there});
  return all;
}

std::optional<AuditNote> LocalGallery::Enrolment::act() const {
  AuditNote act{.what = "enrol", .count = 0};
  std::vector<bool> told(people_.size());
  for (const Place& place : places_) {
    if (place.there) continue;
    ++*act.count;
    if (!told[place.person]) act.subjects.push_back(people_[place.person].id);
    told[place.person] = true;
  }
  if (act.count == 0) return std::nullopt;
  return act;
}

Status LocalGallery::Enrolment::publish() const {
  IndexChanges changes;
  for (std::size_t i = 0; i < faces_.size(); ++i)
    if (!places_[i].there)
      changes.added.push_back({places_[i].face, people_[places_[i].person].id, faces_[i].embedding.values()});
  for (const Person& person : people_)
    if (person.made) changes.named.emplace_back(person.id, person.name);
  return gallery_.memory_.index->change(changes);
}

Result<std::vector<EnrolOutcome>> LocalGallery::enrol(std::span<const NewFace> faces) {
  VULTUS_TRY(const UtcTime time, now());
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto transaction, begin_change());
  Enrolment enrolment(*this, faces, time);
  VULTUS_CHECK(enrolment.find_people());
  VULTUS_CHECK(enrolment.find_twins());
  VULTUS_CHECK(enrolment.reserve());
  VULTUS_CHECK(enrolment.write());
  if (const auto act = enrolment.act()) VULTUS_CHECK(guard_->note(*store_, *act, AuditKind::change));
  VULTUS_CHECK(commit(*transaction));
  VULTUS_CHECK(enrolment.publish());
  tend_index();
  return enrolment.outcomes();
}

}  // namespace vultus::gallery
