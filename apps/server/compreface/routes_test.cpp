// Every row of the table of the CompreFace interface: what is sent, and what comes back.
#include <functional>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include <apps/server/live/live.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_compreface.hpp>
#include <apps/server/testing/test_engine.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::ComprefaceWorld;
using testing::files;
using testing::picture_of;
using testing::picture_of_two;
using testing::TestJson;
using testing::World;

std::set<std::string> members(const TestJson& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

using Names = std::set<std::string>;

class Compreface : public ::testing::Test {
 protected:
  void SetUp() override { example_ = world_.add("anna", anna_); }

  TestJson ask(Method method, const std::string& path, const std::string& key, int status = 200, const Ask& with = {}) {
    const Response answer = world_.call(method, path, key, with);
    EXPECT_EQ(answer.status, status) << path << "\n" << answer.body;
    EXPECT_EQ(answer.headers.find("Content-Type"), "application/json") << path;
    return World::json(answer);
  }
  TestJson recognition(Method method, const std::string& path, int status = 200, const Ask& with = {}) {
    return ask(method, "/recognition" + path, world_.keys().recognition, status, with);
  }
  TestJson send(Method method, const std::string& path, const TestJson& body, int status = 200) {
    return recognition(method, path, status, {.body = body.dump()});
  }
  TestJson subjects() { return recognition(Method::get, "/subjects").at("subjects"); }
  std::vector<double> template_of(const std::string& picture) {
    const auto seen = ask(Method::post, "/detection/detect?face_plugins=calculator", world_.keys().detection, 200,
                          files({{"file", picture}}));
    return seen.at("result").at(0).at("embedding").get<std::vector<double>>();
  }

  ComprefaceWorld world_;
  const std::string anna_ = picture_of(50, 60), anna_again_ = picture_of(50, 100), bert_ = picture_of(120, 60);
  std::string example_;
};

TEST_F(Compreface, SubjectsAreAddedListedRenamedMergedAndRemoved) {
  EXPECT_EQ(send(Method::post, "/subjects", {{"subject", "bert"}}, 201), TestJson({{"subject", "bert"}}));
  EXPECT_EQ(subjects(), TestJson::parse(R"(["anna", "bert"])"));
  EXPECT_EQ(recognition(Method::get, "/subjects/").at("subjects"), subjects()) << "a slash at the end";
  EXPECT_EQ(send(Method::put, "/subjects/bert", {{"subject", "bertha"}}).at("updated"), TestJson(true));
  EXPECT_EQ(send(Method::put, "/subjects/bertha", {{"subject", "bertha"}}).at("updated"), TestJson(false));
  EXPECT_EQ(send(Method::put, "/subjects/anna", {{"subject", "bertha"}}).at("updated"), TestJson(true)) << "a merge";
  EXPECT_EQ(subjects(), TestJson::parse(R"(["bertha"])"));
  const auto faces = recognition(Method::get, "/faces").at("faces");
  ASSERT_EQ(faces.size(), 1U);
  EXPECT_EQ(faces.at(0), TestJson({{"image_id", example_}, {"subject", "bertha"}})) << "the same image_id as before";
  EXPECT_EQ(recognition(Method::del, "/subjects/bertha"), TestJson({{"subject", "bertha"}}));
  EXPECT_TRUE(recognition(Method::get, "/faces").at("faces").empty());
  send(Method::post, "/subjects", {{"subject", "a b"}}, 201);
  send(Method::post, "/subjects", {{"subject", "c"}}, 201);
  EXPECT_EQ(recognition(Method::del, "/subjects/a%20b"), TestJson({{"subject", "a b"}}));
  world_.add("d", bert_);
  EXPECT_EQ(recognition(Method::del, "/subjects"), TestJson({{"deleted", 2}}));
  EXPECT_TRUE(subjects().empty());
}

TEST_F(Compreface, AnExampleMakesItsSubjectAndIsListedPageByPage) {
  const auto added =
      recognition(Method::post, "/faces?subject=bert&det_prob_threshold=0.5", 201, files({{"file", bert_}}));
  EXPECT_EQ(members(added), (Names{"image_id", "subject"}));
  EXPECT_EQ(added.at("subject"), "bert");
  world_.add("anna", anna_again_);
  const auto page = recognition(Method::get, "/faces?page=1&size=2");
  EXPECT_EQ(members(page), (Names{"faces", "page_number", "page_size", "total_pages", "total_elements"}));
  EXPECT_EQ(page.at("faces"), TestJson::array({added}));
  EXPECT_EQ(page.at("page_number"), 1);
  EXPECT_EQ(page.at("page_size"), 2) << "as it was asked for";
  EXPECT_EQ(page.at("total_pages"), 2);
  EXPECT_EQ(page.at("total_elements"), 3);
  EXPECT_EQ(recognition(Method::get, "/faces").at("faces").size(), 3U);
  EXPECT_EQ(recognition(Method::get, "/faces").at("page_size"), 20);
  const auto of_anna = recognition(Method::get, "/faces?subject=anna");
  EXPECT_EQ(of_anna.at("total_elements"), 2);
  EXPECT_EQ(of_anna.at("faces").at(0).at("image_id"), example_) << "the oldest first";
  EXPECT_EQ(recognition(Method::get, "/faces?subject=nobody").at("total_elements"), 0);
}

TEST_F(Compreface, TheSamePictureOnceMoreIsTheSameExample) { EXPECT_EQ(world_.add("anna", anna_), example_); }

TEST_F(Compreface, ExamplesAreRemovedOneByOneInAListBySubjectAndAll) {
  const std::string second = world_.add("anna", anna_again_);
  EXPECT_EQ(recognition(Method::del, "/faces/" + example_), TestJson({{"image_id", example_}, {"subject", "anna"}}));
  EXPECT_EQ(subjects().size(), 1U);
  const std::string unknown = "6b135f5b-a365-4522-b1f1-4c9ac2dd0728";
  EXPECT_EQ(send(Method::post, "/faces/delete", {unknown, second}),
            TestJson::array({{{"image_id", second}, {"subject", "anna"}}}))
      << "an array; what is not known is passed over";
  EXPECT_TRUE(subjects().empty()) << "the subject goes with its last example";
  world_.add("anna", anna_);
  world_.add("bert", bert_);
  EXPECT_EQ(recognition(Method::del, "/faces?subject=anna"), TestJson({{"deleted", 1}}));
  world_.add("anna", anna_);
  EXPECT_EQ(recognition(Method::del, "/faces"), TestJson({{"deleted", 2}})) << "without a subject: all";
  EXPECT_EQ(recognition(Method::get, "/faces").at("total_elements"), 0);
}

TEST_F(Compreface, WhoIsRemovedTakesEventsAndWhatJobsHaveToldAlong) {
  Service& service = world_.service();
  const auto happen = [&](const std::string& name) {
    const auto staff = service.collections().use("staff").value();
    const auto subject = staff->gallery().find_subject(name).value();
    ASSERT_TRUE(subject) << name;
    Happening what{.kind = EventKind::known, .track = TrackId(1), .subject = subject->id, .box = {1, 2, 3, 4}};
    ASSERT_TRUE(service.live().record({.id = "c", .name = "hall"}, *staff, what));
  };
  const auto events = [&] { return World::json(world_.get("/v1/events")).at("events"); };
  const auto gone_after = [&](const std::string& name, const std::function<void()>& remove) {
    happen(name);
    const auto tells = [](const TellProgress&, const std::stop_token&) -> Result<Json> { return Json{{"subject", 1}}; };
    const std::string job = service.jobs().add("liveness", "staff", tells).value().id;
    while (!service.jobs().find(job)->ended) std::this_thread::yield();
    remove();
    EXPECT_EQ(events().size(), 0U) << name;
    EXPECT_FALSE(service.jobs().find(job)) << name;
  };
  world_.add("bert", bert_);
  happen("anna");
  send(Method::put, "/subjects/anna", {{"subject", "bert"}});
  ASSERT_EQ(events().size(), 1U);
  EXPECT_EQ(events().at(0).at("subject_id"), 2) << "of the one whose name it is";
  gone_after("bert", [&] { recognition(Method::del, "/subjects/bert"); });
  world_.add("anna", anna_);
  gone_after("anna", [&] { recognition(Method::del, "/subjects"); });
  std::string image = world_.add("anna", anna_);
  gone_after("anna", [&] { recognition(Method::del, "/faces/" + image); });
  image = world_.add("anna", anna_);
  gone_after("anna", [&] { send(Method::post, "/faces/delete", {image}); });
  world_.add("anna", anna_);
  gone_after("anna", [&] { recognition(Method::del, "/faces?subject=anna"); });
}

TEST_F(Compreface, ThePictureOfAnExampleIsAnsweredWithAndWithoutTheHeader) {
  const std::string key = world_.keys().recognition;
  const Response picture = world_.call(Method::get, "/recognition/faces/" + example_ + "/img", key);
  ASSERT_EQ(picture.status, 200);
  EXPECT_EQ(picture.headers.find("Content-Type"), "application/octet-stream");
  EXPECT_EQ(picture.headers.find("Cache-Control"), "public, max-age=31536000");
  EXPECT_EQ(picture.body.substr(0, 3), "\xFF\xD8\xFF") << "a JPEG";
  const Response same = world_.call(Method::get, "/static/" + key + "/images/" + example_, "");
  EXPECT_EQ(same.body, picture.body);
  EXPECT_EQ(same.headers.find("Cache-Control"), "public, max-age=31536000");
  const Response missing = world_.call(Method::get, "/recognition/faces/6b135f5b-a365-4522-b1f1-4c9ac2dd0728/img", key);
  EXPECT_EQ(missing.status, 200);
  EXPECT_EQ(missing.body, "");
}

TEST_F(Compreface, FacesAreRecognized) {
  world_.add("bert", bert_);
  const auto found = recognition(Method::post, "/recognize", 200, files({{"file", anna_}}));
  EXPECT_EQ(members(found), Names{"result"}) << "plugins_versions only with status";
  ASSERT_EQ(found.at("result").size(), 1U);
  const auto& face = found.at("result").at(0);
  EXPECT_EQ(members(face), (Names{"box", "subjects"}));
  EXPECT_EQ(members(face.at("box")), (Names{"probability", "x_max", "y_max", "x_min", "y_min"}));
  for (const char* side : {"x_max", "y_max", "x_min", "y_min"})
    EXPECT_TRUE(face.at("box").at(side).is_number_integer());
  ASSERT_EQ(face.at("subjects").size(), 1U) << "prediction_count is 1";
  EXPECT_EQ(face.at("subjects").at(0).at("subject"), "anna");
  EXPECT_EQ(face.at("subjects").at(0).at("similarity"), 1.0) << "the same picture";
}

TEST_F(Compreface, TheBestExamplesAreToldAndASubjectCanRepeat) {
  world_.add("anna", anna_again_);
  world_.add("bert", bert_);
  const auto found =
      recognition(Method::post, "/recognize?prediction_count=2", 200, files({{"file", anna_}})).at("result").at(0);
  ASSERT_EQ(found.at("subjects").size(), 2U);
  EXPECT_EQ(found.at("subjects").at(0).at("subject"), "anna");
  EXPECT_EQ(found.at("subjects").at(1).at("subject"), "anna");
  EXPECT_GT(found.at("subjects").at(0).at("similarity"), found.at("subjects").at(1).at("similarity"));
  const auto more =
      recognition(Method::post, "/recognize?prediction_count=3&vultus=true", 200, files({{"file", anna_}}));
  const auto& face = more.at("result").at(0);
  EXPECT_EQ(face.at("subjects").size(), 3U);
  EXPECT_EQ(members(face), (Names{"box", "subjects", "threshold", "fmr_estimate", "decision", "subject_level"}));
  EXPECT_EQ(face.at("threshold"), 0.5);
  EXPECT_EQ(face.at("fmr_estimate"), 1e-4) << "of the default preset";
  EXPECT_EQ(face.at("decision"), "match");
  ASSERT_EQ(face.at("subject_level").size(), 2U) << "nobody twice";
  Ask with = files({{"file", anna_}});
  with.headers.emplace_back("x-vultus", "1");
  EXPECT_TRUE(recognition(Method::post, "/recognize", 200, with).at("result").at(0).contains("decision"));
}

TEST_F(Compreface, AnEmptyCollectionKnowsNobody) {
  recognition(Method::del, "/subjects");
  const auto found = recognition(Method::post, "/recognize?prediction_count=3", 200, files({{"file", anna_}}));
  EXPECT_EQ(found.at("result").at(0).at("subjects"), TestJson::array());
}

TEST_F(Compreface, PluginsAndStatusAddWhatTheyAreAskedFor) {
  const std::string query =
      "?face_plugins=age,gender,landmarks,landmarks2d106,calculator,pose,mask&status=true&detect_faces=false&limit=1";
  const auto found = recognition(Method::post, "/recognize" + query, 200, files({{"file", anna_}}));
  EXPECT_EQ(members(found), (Names{"result", "plugins_versions"}));
  EXPECT_EQ(members(found.at("plugins_versions")), (Names{"pose", "detector", "calculator"}));
  const auto& face = found.at("result").at(0);
  EXPECT_EQ(members(face), (Names{"box", "landmarks", "embedding", "execution_time", "subjects"}))
      << "plugins without a network are passed over, and landmarks on a line have no pose (the e2e test has one)";
  ASSERT_EQ(face.at("landmarks").size(), 5U);
  for (const auto& point : face.at("landmarks")) {
    ASSERT_EQ(point.size(), 2U);
    EXPECT_TRUE(point.at(0).is_number_integer());
  }
  EXPECT_LT(face.at("landmarks").at(0).at(0), face.at("landmarks").at(1).at(0)) << "the eye at image left comes first";
  EXPECT_EQ(members(face.at("execution_time")), (Names{"pose", "detector", "calculator"}));
  EXPECT_EQ(face.at("embedding").size(), 192U) << "mobilefacenet192";
}

TEST_F(Compreface, TheLargestFacesComeFirstAndLimitCutsTheRest) {
  const std::string two = picture_of_two(50, 60);
  EXPECT_EQ(recognition(Method::post, "/recognize?limit=0", 200, files({{"file", two}})).at("result").size(), 2U);
  EXPECT_EQ(recognition(Method::post, "/recognize?limit=1", 200, files({{"file", two}})).at("result").size(), 1U);
}

TEST_F(Compreface, AFaceIsComparedWithAnExample) {
  const std::string path = "/faces/" + example_ + "/verify?limit=1&status=true&face_plugins=landmarks";
  const auto same = recognition(Method::post, path, 200, files({{"file", anna_}}));
  const auto& face = same.at("result").at(0);
  EXPECT_EQ(members(same), (Names{"result", "plugins_versions"}));
  EXPECT_EQ(members(face), (Names{"box", "landmarks", "execution_time", "subject", "similarity"}));
  EXPECT_EQ(face.at("subject"), "anna");
  EXPECT_EQ(face.at("similarity"), 1.0);
  const auto other = recognition(Method::post, path + "&vultus=true", 200, files({{"file", bert_}}));
  EXPECT_LT(other.at("result").at(0).at("similarity"), 0.5);
  EXPECT_EQ(other.at("result").at(0).at("decision"), "no match");
}

TEST_F(Compreface, TemplatesAreRecognizedAndComparedLikePictures) {
  const auto anna = template_of(anna_again_);
  const auto bert = template_of(bert_);
  const TestJson sent{{"embeddings", {bert, anna}}};
  const auto found = send(Method::post, "/embeddings/recognize?prediction_count=1", sent);
  ASSERT_EQ(found.at("result").size(), 2U);
  EXPECT_EQ(members(found.at("result").at(1)), (Names{"embedding", "similarities"}));
  EXPECT_EQ(found.at("result").at(1).at("embedding"), TestJson(anna)) << "as it was sent";
  EXPECT_EQ(found.at("result").at(1).at("similarities").at(0).at("subject"), "anna");
  const auto picture = recognition(Method::post, "/recognize", 200, files({{"file", anna_again_}}));
  EXPECT_EQ(found.at("result").at(1).at("similarities").at(0).at("similarity"),
            picture.at("result").at(0).at("subjects").at(0).at("similarity"));
  const auto verified = send(Method::post, "/embeddings/faces/" + example_ + "/verify", sent).at("result");
  ASSERT_EQ(verified.size(), 2U);
  EXPECT_EQ(members(verified.at(0)), (Names{"embedding", "similarity"}));
  EXPECT_EQ(verified.at(0).at("embedding"), TestJson(anna)) << "the most similar first";
  EXPECT_GT(verified.at(0).at("similarity"), verified.at(1).at("similarity"));
  const auto two = ask(Method::post, "/verification/embeddings/verify", world_.keys().verification, 200,
                       {.body = TestJson{{"source", anna}, {"targets", {bert, anna}}}.dump()})
                       .at("result");
  EXPECT_EQ(two.at(0).at("embedding"), TestJson(anna));
  EXPECT_EQ(two.at(0).at("similarity"), 1.0);
}

TEST_F(Compreface, FacesAreDetected) {
  const auto found = ask(Method::post, "/detection/detect?limit=0&det_prob_threshold=0.1&face_plugins=landmarks",
                         world_.keys().detection, 200, files({{"file", picture_of_two(50, 60)}}));
  ASSERT_EQ(found.at("result").size(), 2U);
  EXPECT_EQ(members(found.at("result").at(0)), (Names{"box", "landmarks"}));
}

TEST_F(Compreface, TwoPicturesAreCompared) {
  const std::string path = "/verification/verify?prediction_count=7&status=true&limit=0";
  const auto found = ask(Method::post, path, world_.keys().verification, 200,
                         files({{"source_image", anna_}, {"target_image", picture_of_two(120, 60)}}));
  ASSERT_EQ(found.at("result").size(), 1U);
  const auto& element = found.at("result").at(0);
  EXPECT_EQ(members(element), (Names{"source_image_face", "face_matches", "plugins_versions"}));
  EXPECT_EQ(members(element.at("source_image_face")), (Names{"box", "execution_time"}));
  ASSERT_EQ(element.at("face_matches").size(), 2U);
  EXPECT_EQ(members(element.at("face_matches").at(0)), (Names{"box", "execution_time", "similarity"}));
}

TEST_F(Compreface, Base64IsReadLikeAFile) {
  const auto without_times = [](const TestJson& answer) { return answer.at("result"); };
  const Ask json{.body = TestJson{{"file", base64_of(anna_again_)}}.dump()};
  EXPECT_EQ(without_times(recognition(Method::post, "/recognize?face_plugins=calculator", 200, json)),
            without_times(
                recognition(Method::post, "/recognize?face_plugins=calculator", 200, files({{"file", anna_again_}}))));
  EXPECT_EQ(
      without_times(recognition(Method::post, "/faces/" + example_ + "/verify", 200, json)),
      without_times(recognition(Method::post, "/faces/" + example_ + "/verify", 200, files({{"file", anna_again_}}))));
  EXPECT_EQ(ask(Method::post, "/detection/detect", world_.keys().detection, 200, json),
            ask(Method::post, "/detection/detect", world_.keys().detection, 200, files({{"file", anna_again_}})));
  const Ask two{.body = TestJson{{"source_image", base64_of(anna_)}, {"target_image", base64_of(anna_again_)}}.dump()};
  EXPECT_EQ(ask(Method::post, "/verification/verify", world_.keys().verification, 200, two),
            ask(Method::post, "/verification/verify", world_.keys().verification, 200,
                files({{"source_image", anna_}, {"target_image", anna_again_}})));
  const auto added = recognition(Method::post, "/faces?subject=carl", 201, {.body = json.body});
  EXPECT_EQ(added.at("subject"), "carl");
}

TEST_F(Compreface, TheServerTellsItsLimitsAndStateWithoutAKey) {
  EXPECT_EQ(ask(Method::get, "/config", ""),
            TestJson({{"clientMaxFileSize", 5242880}, {"clientMaxBodySize", 10485760}}));
  EXPECT_EQ(ask(Method::get, "/consistence/status", ""),
            TestJson::parse(R"({"demoFaceCollectionIsInconsistent": false, "dbIsInconsistent": false,
                                "saveImagesToDB": true, "status": "OK"})"));
  EXPECT_EQ(world_.call(Method::post, "/migrate", "").body, "Migration started");
}

TEST_F(Compreface, EveryLookIsInTheAuditLogOfTheCollectionWithTheKey) {
  recognition(Method::post, "/recognize", 200, files({{"file", anna_}}));
  recognition(Method::post, "/faces/" + example_ + "/verify", 200, files({{"file", anna_}}));
  send(Method::post, "/subjects", {{"subject", "bert"}}, 201);
  const auto log = World::json(world_.get("/v1/collections/staff/audit")).at("records");
  std::vector<std::string> acts;
  for (const auto& entry : log) {
    acts.push_back(entry.at("what"));
    EXPECT_EQ(entry.at("who").get<std::string>().substr(0, 4), "key ");
  }
  EXPECT_EQ(acts, (std::vector<std::string>{"enrol", "search", "decision", "verification", "add-subject"}));
}

TEST_F(Compreface, AnswersGoOverSeveralLines) {
  const Response answer = world_.call(Method::get, "/recognition/subjects", world_.keys().recognition);
  EXPECT_EQ(answer.body, "{\n  \"subjects\": [\n    \"anna\"\n  ]\n}");
}

}  // namespace
}  // namespace vultus::server
