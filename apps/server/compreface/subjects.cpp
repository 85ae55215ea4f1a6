// /api/v1/recognition/subjects
#include <apps/server/api/forgetting.hpp>
#include <apps/server/compreface/front.hpp>
#include <apps/server/compreface/subject_name.hpp>
#include <apps/server/live/live.hpp>

namespace vultus::server::compreface {
namespace {

Reply add_subject(Call& call) {
  VULTUS_TRY(const std::string name, new_subject_in_body(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const SubjectOutcome made, collection->gallery().add_subject(name));
  if (made.already_there) return bad(Code::subject_exists, "Subject already exists");
  return pretty_answer({{"subject", name}}, 201);
}

Reply list_subjects(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  Json names = Json::array();
  VULTUS_CHECK(each_subject(collection->gallery(), [&](const Subject& one) {
    names.push_back(one.name);
    return true;
  }));
  return pretty_answer({{"subjects", std::move(names)}});
}

Reply rename_subject(Call& call) {
  VULTUS_TRY(const std::string name, new_subject_in_body(call));
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject subject, subject_named(collection->gallery(), call.path_text("subject")));
  if (subject.name == name) return pretty_answer({{"updated", false}});
  VULTUS_TRY(const SubjectId kept, collection->gallery().rename(subject.id, name, IfNameTaken::merge));
  VULTUS_CHECK(call.service.live().merge(collection->name(), subject.id, kept));
  return pretty_answer({{"updated", true}});
}

Reply remove_subject(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(const Subject subject, subject_named(collection->gallery(), call.path_text("subject")));
  VULTUS_TRY(const std::int64_t faces, remove_people(call.service, *collection, {&subject.id, 1}));
  static_cast<void>(faces);
  return pretty_answer({{"subject", subject.name}});
}

Reply remove_all_subjects(Call& call) {
  VULTUS_TRY(const CollectionLease collection, collection_of(call));
  const std::scoped_lock lock(collection->changing());
  std::vector<SubjectId> all;
  VULTUS_CHECK(each_subject(collection->gallery(), [&](const Subject& one) {
    all.push_back(one.id);
    return true;
  }));
  VULTUS_TRY(const std::int64_t faces, remove_people(call.service, *collection, all));
  static_cast<void>(faces);
  return pretty_answer({{"deleted", all.size()}});
}

}  // namespace

std::vector<Row> subject_rows() {
  constexpr auto kKind = ServiceKind::recognition;
  const std::string all = "/recognition/subjects";
  const std::string one = "/recognition/subjects/{subject}";
  return {{Method::post, all, "comprefaceAddSubject", kKind, Body::json, &add_subject},
          {Method::get, all, "comprefaceListSubjects", kKind, Body::none, &list_subjects},
          {Method::put, one, "comprefaceRenameSubject", kKind, Body::json, &rename_subject},
          {Method::del, one, "comprefaceDeleteSubject", kKind, Body::none, &remove_subject},
          {Method::del, all, "comprefaceDeleteAllSubjects", kKind, Body::none, &remove_all_subjects}};
}

}  // namespace vultus::server::compreface
