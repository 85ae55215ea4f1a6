// /api/v1/recognition/faces: the examples of subjects, and their pictures.
#include <algorithm>

#include <vultus/engine/enrol.hpp>

#include <apps/server/api/forgetting.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/picture.hpp>
#include <apps/server/compreface/subject_name.hpp>

namespace vultus::server::compreface {
namespace {

constexpr std::size_t kMostIds = 10'000;

Json example_json(const std::string& image_id, const std::string& subject) {
  return {{"image_id", image_id}, {"subject", subject}};
}

Reply add_face(Call& call) {
  VULTUS_TRY(const std::string text, required_parameter(call, "subject"));
  VULTUS_TRY(const std::string name, new_subject_name(text));
  VULTUS_TRY(const FaceQuery query, face_query(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  VULTUS_CHECK(engine::require_model(call.service.faces().engine(), collection->gallery()));
  VULTUS_TRY(engine::SeenPicture seen, look_at(call, "file", query, {.for_enrolment = true}));
  if (seen.faces.size() > 1) return several_faces();
  std::vector<engine::SeenEnrolment> faces;
  faces.push_back({.seen = std::move(seen), .subject = name});
  engine::EnrolOptions options;
  options.force = true;  // the original takes whatever shows one face
  std::optional<engine::EnrolStep> told;
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const engine::EnrolReport report,
             engine::enrol_seen(call.service.faces().engine(), collection->gallery(), std::move(faces), options,
                                [&](const engine::EnrolStep& step) { told = step; }));
  static_cast<void>(report);
  if (!told) return fail(ErrorCode::internal, "an enrolment without an outcome");
  if (told->error) return *told->error;
  return pretty_answer(example_json(image_ids_of(call).of(told->face), name), 201);
}

/// The part of all examples that lies on a page: subjects by name, of each the oldest first.
class PageOfFaces {
 public:
  PageOfFaces(const Gallery& gallery, const ImageIds& ids, const PageQuery& query)
      : gallery_(gallery), ids_(ids), begin_(query.page * query.size), end_(begin_ + query.size) {}

  /// Counts the faces of a subject, and reads them where they are on the page.
  Status add(const Subject& subject) {
    const std::int64_t first = total_;
    total_ += subject.faces;
    if (total_ <= begin_ || first >= end_) return {};
    VULTUS_TRY(const auto faces, gallery_.faces(subject.id));
    for (std::size_t i = 0; i < faces.size(); ++i) {
      const std::int64_t place = first + static_cast<std::int64_t>(i);
      if (place >= begin_ && place < end_) list_.push_back(example_json(ids_.of(faces[i].id), subject.name));
    }
    return {};
  }

  [[nodiscard]] std::int64_t total() const { return total_; }
  [[nodiscard]] Json take() { return std::move(list_); }

 private:
  const Gallery& gallery_;
  const ImageIds& ids_;
  std::int64_t begin_;
  std::int64_t end_;
  std::int64_t total_ = 0;
  Json list_ = Json::array();
};

Reply list_faces(Call& call) {
  VULTUS_TRY(const PageQuery query, page_query(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const Gallery& gallery = collection->gallery();
  const ImageIds ids = image_ids_of(call);
  PageOfFaces page(gallery, ids, query);
  const std::string only = call.text("subject").value_or("");
  if (only.empty()) {
    Status read;
    VULTUS_CHECK(each_subject(gallery, [&](const Subject& one) {
      read = page.add(one);
      return static_cast<bool>(read);
    }));
    VULTUS_CHECK(read);
  } else if (const auto subject = subject_named(gallery, only)) {
    VULTUS_CHECK(page.add(*subject));
  } else if (subject.error().problem.status != 404) {
    return subject.error();
  }
  const std::int64_t total = page.total();
  return pretty_answer({{"faces", page.take()},
                        {"page_number", query.page},
                        {"page_size", query.size},
                        {"total_pages", (total + query.size - 1) / query.size},
                        {"total_elements", total}});
}

/// Removes an example; a subject that has no other goes with it.
Result<std::string> remove_example(Service& service, Collection& collection, FaceId id) {
  Gallery& gallery = collection.gallery();
  VULTUS_TRY(const EnrolledFace face, gallery.face(id));
  VULTUS_TRY(const Subject subject, gallery.subject(face.subject));
  VULTUS_TRY(const Removal removal, subject.faces > 1 ? gallery.remove(id)
                                                      : remove_forgetting(service, collection, {&subject.id, 1},
                                                                          [&] { return gallery.remove(subject.id); }));
  static_cast<void>(removal);
  return subject.name;
}

Reply remove_faces(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  std::vector<SubjectId> whose;
  if (const std::string only = call.text("subject").value_or(""); !only.empty()) {
    VULTUS_TRY(const Subject subject, subject_named(gallery, only));
    if (subject.faces > 0) whose.push_back(subject.id);
  } else {
    VULTUS_CHECK(each_subject(gallery, [&](const Subject& one) {
      if (one.faces > 0) whose.push_back(one.id);
      return true;
    }));
  }
  VULTUS_TRY(const std::int64_t removed, remove_people(call.service, *collection, whose));
  return pretty_answer({{"deleted", removed}});
}

Reply remove_face(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const std::string image_id = call.path_text("image_id");
  const auto id = image_ids_of(call).face_of(image_id);
  if (!id) return image_not_found();
  const std::scoped_lock lock(collection->changing());
  const auto subject = remove_example(call.service, *collection, *id);
  if (!subject && subject.error().code == ErrorCode::not_found) return image_not_found();
  if (!subject) return subject.error();
  return pretty_answer(example_json(image_id, *subject));
}

Reply remove_some_faces(Call& call) {
  const auto is_text = [](const Json& one) { return one.is_string(); };
  if (!call.body.is_array() || !std::ranges::all_of(call.body, is_text))
    return not_valid("A list of image ids is wanted");
  if (call.body.size() > kMostIds)
    return not_valid("At most " + std::to_string(kMostIds) + " image ids are allowed, got " +
                     std::to_string(call.body.size()));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const ImageIds ids = image_ids_of(call);
  const std::scoped_lock lock(collection->changing());
  Json removed = Json::array();
  for (const Json& image_id : call.body) {
    const auto id = ids.face_of(image_id.get_ref<const std::string&>());
    if (!id) continue;
    const auto subject = remove_example(call.service, *collection, *id);
    if (subject)
      removed.push_back(example_json(image_id.get<std::string>(), *subject));
    else if (subject.error().code != ErrorCode::not_found)
      return subject.error();
  }
  return pretty_answer(std::move(removed));
}

Reply show_picture(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  Response response;
  response.headers.set("Content-Type", "application/octet-stream");
  response.headers.set("Cache-Control", "public, max-age=31536000");
  const auto id = image_ids_of(call).face_of(call.path_text("image_id"));
  if (!id) return response;
  const auto kept = collection->gallery().thumbnail(*id);
  if (!kept && kept.error().code != ErrorCode::not_found) return kept.error();
  if (kept && *kept && (*kept)->format == ThumbnailFormat::jpeg)
    response.body.assign(reinterpret_cast<const char*>((*kept)->bytes.data()), (*kept)->bytes.size());
  return response;
}

}  // namespace

std::vector<Row> face_rows() {
  constexpr auto kKind = ServiceKind::recognition;
  const std::string all = "/recognition/faces";
  return {
      {Method::post, all, "comprefaceAddFace", kKind, Body::picture, &add_face},
      {Method::get, all, "comprefaceListFaces", kKind, Body::none, &list_faces},
      {Method::del, all, "comprefaceDeleteFaces", kKind, Body::none, &remove_faces},
      {Method::del, all + "/{image_id}", "comprefaceDeleteFace", kKind, Body::none, &remove_face},
      {Method::post, all + "/delete", "comprefaceDeleteSomeFaces", kKind, Body::json, &remove_some_faces},
      {Method::get, all + "/{image_id}/img", "comprefaceShowFace", kKind, Body::none, &show_picture},
      {Method::get, "/static/{api_key}/images/{image_id}", "comprefaceStaticFace", kKind, Body::none, &show_picture}};
}

}  // namespace vultus::server::compreface
