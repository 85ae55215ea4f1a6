// The people of a collection: listing and looking.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/api/subject_access.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Reply list_subjects(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const Gallery& gallery = collection->gallery();
  Json list = Json::array();
  Json next = nullptr;
  if (const auto name = call.text("name")) {
    VULTUS_TRY(const auto subject, gallery.find_subject(*name));
    if (subject) list.push_back(listed_subject_json(*subject));
  } else {
    VULTUS_TRY(std::string after, page_begin(call));
    const std::size_t limit = page_size(call);
    VULTUS_TRY(const auto subjects, gallery.subjects({.after = std::move(after), .limit = limit + 1}));
    for (const Subject& subject : subjects) {
      if (list.size() == limit) {
        next = cursor_behind(subjects[limit - 1].name);
        break;
      }
      list.push_back(listed_subject_json(subject));
    }
  }
  return answer({{"subjects", std::move(list)}, {"next", std::move(next)}});
}

Reply show_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const Subject subject, subject_of(call, collection->gallery()));
  if (call.request.headers.find("If-None-Match") == etag_of(subject)) {
    Response same{.status = 304};
    same.headers.set("ETag", etag_of(subject));
    return same;
  }
  return subject_answer(subject);
}

Reply list_faces(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_TRY(const Subject subject, subject_of(call, collection->gallery()));
  VULTUS_TRY(const auto faces, collection->gallery().faces(subject.id));
  Json list = Json::array();
  for (const EnrolledFace& face : faces) list.push_back(enrolled_face_json(face));
  return answer({{"faces", std::move(list)}});
}

constexpr const char* kAda =
    R"({"subject": "Ada Lovelace", "id": 1, "faces": 1, "created": "2026-01-31T09:05:00Z", "external_id": "hr-17",
        "tags": ["board"], "consent": "form 2026-114", "use": "door", "retain_until": "2027-01-31T00:00:00Z",
        "notes": null})";

}  // namespace

std::vector<Operation> subject_operations() {
  const std::vector<std::string> problems{"collection_not_found", "collection_not_usable"};
  Route listing{.method = Method::get,
                .path = "/v1/collections/{collection}/subjects",
                .operation = "listSubjects",
                .tag = "subjects",
                .summary = "The people of a collection",
                .description = "In the order of the bytes of their names.",
                .scope = Scope::read,
                .parameters = {collection_parameter(), limit_parameter(), cursor_parameter(),
                               query_parameter("name", "Only the subject of this name.",
                                               R"({"type": "string", "minLength": 1, "maxLength": 256})")},
                .response_schema = schema_ref("SubjectList"),
                .problems = problems,
                .examples = {{"one", "",
                              R"({"subjects": [{"subject": "Ada Lovelace", "id": 1, "faces": 1,
                                                "created": "2026-01-31T09:05:00Z"}], "next": null})"}}};
  Route showing{.method = Method::get,
                .path = "/v1/collections/{collection}/subjects/{subject}",
                .operation = "getSubject",
                .tag = "subjects",
                .summary = "What is known of a person",
                .description = "With an ETag for changes with If-Match.",
                .scope = Scope::read,
                .parameters = {collection_parameter(), subject_parameter(), unless_match_parameter("subject")},
                .response_schema = schema_ref("Subject"),
                .response_headers = {"ETag"},
                .problems = problems,
                .examples = {{"Ada", "", kAda}}};
  showing.problems.emplace_back("subject_not_found");
  Route faces{.method = Method::get,
              .path = "/v1/collections/{collection}/subjects/{subject}/faces",
              .operation = "listFaces",
              .tag = "faces",
              .summary = "The enrolled faces of a person",
              .description = "Oldest first; without templates.",
              .scope = Scope::read,
              .parameters = {collection_parameter(), subject_parameter()},
              .response_schema = schema_ref("FaceList"),
              .problems = showing.problems,
              .examples = {{"one", "",
                            R"({"faces": [{"face": 1, "subject_id": 1, "enrolled": "2026-01-31T09:05:00Z",
                                "source": "request 7f3a, image 1", "source_sha256": "", "box": [100.0, 80.0, 120.0, 150.0],
                                "detection": 0.9987, "inter_eye_px": 60.0, "quality": 0.93, "retain_until": null,
                                "thumbnail": true}]})"}}};
  return {{std::move(listing), &list_subjects}, {std::move(showing), &show_subject}, {std::move(faces), &list_faces}};
}

}  // namespace vultus::server
