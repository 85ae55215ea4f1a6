// People at the routes: enrolled, named, changed, merged, forgotten.
#include <gtest/gtest.h>

#include <apps/server/options.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::form_of;
using testing::picture_of;
using testing::picture_of_nobody;
using testing::TestJson;
using testing::World;

class People : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.make_collection("staff");
    EXPECT_EQ(world_.enrol("staff", "Ada Lovelace", ada_), 1);
    EXPECT_EQ(world_.enrol("staff", "Grace Hopper", grace_), 2);
  }
  TestJson post(const std::string& path, const TestJson& body) {
    return World::json(world_.post("/v1/collections/staff" + path, body));
  }
  Response patch(const TestJson& body, const testing::Headed& headers = {}) {
    return world_.ask(Method::patch, "/v1/collections/staff/subjects/1", {.body = body.dump(), .headers = headers});
  }
  static TestJson image(const std::string& picture) { return {{"image", base64_of(picture)}}; }

  World world_;
  const std::string ada_ = picture_of(50, 60), ada_again_ = picture_of(50, 100), grace_ = picture_of(120, 60);
};

TEST(PeopleByCells, AreNamedWithWhatTheSearchMayMiss) {
  World world([](ServerOptions& options) { options.collections.search = SearchMethod::cells; });
  world.make_collection("staff");
  // Few fit into one cell, and then nothing is missed: what is told is measured on the people who are there.
  for (int person = 0; person < 12; ++person)
    world.enrol("staff", "Person " + std::to_string(person), picture_of(20 + 15 * person, 60));
  const TestJson asked{{"image", base64_of(picture_of(50, 60))}};
  const TestJson found = World::json(world.post("/v1/collections/staff/identify", asked));
  EXPECT_EQ(found.at("faces").at(0).at("subject"), "Person 2");
  EXPECT_EQ(found.at("search_method"), "cells");
  EXPECT_GE(found.at("search_recall").get<double>(), 0.99);
  World exact;
  exact.make_collection("staff");
  exact.enrol("staff", "Ada Lovelace", picture_of(50, 60));
  EXPECT_FALSE(World::json(exact.post("/v1/collections/staff/identify", asked)).contains("search_method"));
}

TEST_F(People, AreNamedWithThresholdRateAndProbability) {
  const auto found = post("/identify?top_k=2", image(ada_again_));
  ASSERT_EQ(found.at("faces").size(), 1U);
  const auto& face = found.at("faces").at(0);
  EXPECT_EQ(face.at("subject"), "Ada Lovelace");
  EXPECT_EQ(face.at("subject_id"), 1);
  EXPECT_NEAR(face.at("similarity").get<double>(), 100.0 / 136, 0.01) << "see fake_template()";
  EXPECT_EQ(face.at("fmr"), 1e-4) << "of the default preset";
  EXPECT_EQ(face.at("calibration"), "preset");
  EXPECT_GT(face.at("probability").get<double>(), 0.5);
  ASSERT_EQ(face.at("candidates").size(), 2U);
  EXPECT_EQ(face.at("candidates").at(1).at("subject"), "Grace Hopper");
  EXPECT_FALSE(post("/identify", image(ada_again_)).at("faces").at(0).contains("candidates"));
  const auto strict = post("/identify?threshold=0.9", image(ada_again_)).at("faces").at(0);
  EXPECT_TRUE(strict.at("subject").is_null()) << "nobody reaches it";
  EXPECT_FALSE(strict.at("similarity").is_null()) << "but somebody is nearest";
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/identify?fmr=1e-12", image(ada_))), "rate_not_measured");
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/identify?top_k=101", image(ada_))), "parameter_not_valid");
}

TEST_F(People, AreAddedWithoutAFaceAndGetTheirFirstOneLater) {
  const Response made = world_.post("/v1/collections/staff/subjects", {{"subject", "Mary Somerville"}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(World::json(made).at("faces"), 0);
  EXPECT_EQ(made.headers.find("Location"), "/v1/collections/staff/subjects/3");
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects", {{"subject", "Mary Somerville"}})), "name_taken");
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects/3/verify", image(ada_))), "subject_without_faces");
  EXPECT_EQ(world_.enrol("staff", "Mary Somerville", picture_of(200, 60)), 3);
}

TEST_F(People, AreFoundInAFormAsInJson) {
  auto form = form_of({{"image", ada_again_}});
  const Response answer = world_.ask(Method::post, "/v1/collections/staff/identify", form);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(World::json(answer), post("/identify", image(ada_again_)));
  form = form_of({{"image", ada_}, {"imgae", ada_}});
  EXPECT_EQ(World::code(world_.ask(Method::post, "/v1/collections/staff/identify", form)), "body_not_valid");
  form = form_of({{"image", ada_}, {"image", ada_}});
  EXPECT_EQ(World::code(world_.ask(Method::post, "/v1/collections/staff/identify", form)), "body_not_valid");
}

TEST_F(People, AreVerifiedAgainstOneSubject) {
  const auto same = post("/subjects/1/verify", image(ada_again_));
  EXPECT_EQ(same.at("match"), true);
  EXPECT_EQ(same.at("subject"), "Ada Lovelace");
  EXPECT_EQ(post("/subjects/2/verify", image(ada_again_)).at("match"), false);
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects/1/verify", image(picture_of_nobody()))), "no_face");
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects/9/verify", image(ada_))), "subject_not_found");
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects/x/verify", image(ada_))), "subject_not_found");
}

TEST_F(People, TwoPicturesAreComparedWithoutACollection) {
  const TestJson two{{"image_a", base64_of(ada_)}, {"image_b", base64_of(ada_again_)}};
  EXPECT_EQ(World::json(world_.post("/v1/verify", two)).at("match"), true);
  EXPECT_EQ(World::json(world_.post("/v1/compare", two)).at("pairs").size(), 1U);
  const auto seen = World::json(world_.post("/v1/detect?quality=true", image(ada_)));
  EXPECT_EQ(seen.at("width"), 160);
  EXPECT_TRUE(seen.at("faces").at(0).contains("quality"));
  EXPECT_TRUE(World::json(world_.post("/v1/detect", image(picture_of_nobody()))).at("faces").empty());
  EXPECT_EQ(World::json(world_.post("/v1/embed", image(ada_))).at("faces").at(0).at("embedding").size(), 192U);
}

TEST_F(People, PicturesThatCannotBeReadAreRefusedWithAReason) {
  const auto code = [&](const TestJson& body) { return World::code(world_.post("/v1/detect", body)); };
  EXPECT_EQ(code(image("no picture at all")), "picture_not_readable");
  EXPECT_EQ(code(image(ada_.substr(0, ada_.size() / 2))), "picture_not_readable");
  EXPECT_EQ(code({{"image", "***"}}), "body_not_valid");
  EXPECT_EQ(code({{"image", "/etc/passwd"}}), "body_not_valid") << "a path is no picture";
  EXPECT_EQ(code({{"image", 7}}), "body_not_valid");
  EXPECT_EQ(code({{"url", "http://127.0.0.1/"}}), "body_not_valid");
  EXPECT_EQ(World::code(world_.ask(Method::post, "/v1/detect", {.body = "{"})), "body_not_valid");
  EXPECT_EQ(
      World::code(world_.ask(Method::post, "/v1/detect", {.body = "x", .headers = {{"Content-Type", "text/plain"}}})),
      "body_type_not_supported");
}

TEST(PictureLimits, AreThoseOfTheServer) {
  World world([](ServerOptions& options) {
    options.faces.decode.max_pixels = 10'000;
    options.faces.max_pictures = 2;
  });
  const std::string picture = base64_of(picture_of(50, 60));
  EXPECT_EQ(World::code(world.post("/v1/detect", {{"image", picture}})), "picture_too_large") << "160 x 160";
  world.make_collection("staff");
  TestJson faces = TestJson::array();
  for (int i = 0; i < 3; ++i) faces.push_back({{"subject", "Ada"}, {"image", picture}});
  EXPECT_EQ(World::code(world.post("/v1/collections/staff/faces", {{"faces", faces}})), "body_not_valid");
}

TEST_F(People, EnrolmentTellsOfEachPictureWhatBecameOfIt) {
  const TestJson faces{{{"subject", "Ada Lovelace"}, {"image", base64_of(ada_again_)}},
                       {{"subject", "Ada Lovelace"}, {"image", base64_of(ada_)}},
                       {{"subject", "Joan"}, {"image", base64_of(picture_of_nobody())}},
                       {{"subject", "Joan"}, {"image", base64_of("nothing")}}};
  const auto report = post("/faces?force=true", {{"faces", faces}});
  EXPECT_EQ(report.at("enrolled"), 1);
  EXPECT_EQ(report.at("already_there"), 1);
  EXPECT_EQ(report.at("skipped"), 2);
  const auto& steps = report.at("faces");
  EXPECT_EQ(steps.at(0).at("result"), "enrolled");
  EXPECT_EQ(steps.at(0).at("subject_id"), 1);
  EXPECT_EQ(steps.at(1).at("reason"), "duplicate_of:1");
  EXPECT_EQ(steps.at(2).at("reason"), "no_face");
  EXPECT_EQ(steps.at(3).at("reason"), "picture_not_readable");
  EXPECT_TRUE(steps.at(3).at("message").get<std::string>().starts_with("image 4: ")) << steps.at(3);
  EXPECT_TRUE(steps.at(3).at("face").is_null());
  EXPECT_EQ(World::json(world_.get("/v1/collections/staff/subjects?name=Joan")).at("subjects").size(), 0U);
}

TEST_F(People, AFormEnrolsManyPicturesOfOnePerson) {
  const auto form = form_of({{"subject", "Joan"}, {"image", picture_of(180, 60)}, {"image", picture_of(180, 100)}});
  const Response answer = world_.ask(Method::post, "/v1/collections/staff/faces?force=true", form);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(World::json(answer).at("enrolled"), 2);
  const auto faces = World::json(world_.get("/v1/collections/staff/subjects/3/faces")).at("faces");
  ASSERT_EQ(faces.size(), 2U);
  const std::string number = faces.at(0).at("face").dump();
  const Response small = world_.get("/v1/collections/staff/faces/" + number + "/thumbnail");
  EXPECT_EQ(small.headers.find("Content-Type"), "image/jpeg");
  EXPECT_TRUE(small.body.starts_with("\xFF\xD8\xFF")) << "a JPEG";
  EXPECT_EQ(world_.ask(Method::del, "/v1/collections/staff/faces/" + number).status, 200);
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/collections/staff/faces/" + number)), "face_not_found");
  EXPECT_EQ(World::code(world_.get("/v1/collections/staff/faces/" + number + "/thumbnail")), "face_not_found");
}

TEST_F(People, AreChangedWhereTheyHaveNotChangedSince) {
  const Response before = world_.get("/v1/collections/staff/subjects/1");
  const std::string tag(before.headers.find("ETag").value());
  EXPECT_EQ(world_.ask(Method::get, "/v1/collections/staff/subjects/1", {.headers = {{"If-None-Match", tag}}}).status,
            304);
  const Response changed =
      patch({{"consent", "form 114"}, {"tags", {"board"}}, {"retain_until", "2027-01-31"}}, {{"If-Match", tag}});
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(World::json(changed).at("retain_until"), "2027-01-31T00:00:00Z");
  EXPECT_NE(changed.headers.find("ETag"), tag);
  EXPECT_EQ(World::code(patch({{"notes", "late"}}, {{"If-Match", tag}})), "precondition_failed");
  EXPECT_EQ(World::code(world_.ask(Method::del, "/v1/collections/staff/subjects/1", {.headers = {{"If-Match", tag}}})),
            "precondition_failed");
  const auto now = World::json(patch({{"consent", nullptr}}, {{"If-Match", "*"}}));
  EXPECT_TRUE(now.at("consent").is_null());
  EXPECT_EQ(now.at("tags"), TestJson::parse(R"(["board"])")) << "what is not named stays";
  EXPECT_EQ(World::code(patch({{"retain_until", "soon"}})), "body_not_valid");
  EXPECT_EQ(World::code(patch({{"colour", "red"}})), "body_not_valid");
}

TEST_F(People, AreRenamedAndMergedWhenThatIsMeant) {
  EXPECT_EQ(World::json(patch({{"subject", "Ada King"}})).at("subject"), "Ada King");
  EXPECT_EQ(World::code(patch({{"subject", "Grace Hopper"}})), "name_taken");
  ASSERT_EQ(world_.ask(Method::patch, "/v1/collections/staff/subjects/2", {.body = R"({"consent": "form 7"})"}).status,
            200);
  ASSERT_EQ(patch({{"consent", "form 114"}}).status, 200);
  const auto merged = World::json(patch({{"subject", "Grace Hopper"}, {"if_taken", "merge"}, {"notes", "twice"}}));
  EXPECT_EQ(merged.at("consent"), "form 7") << "of the one whose name it is";
  EXPECT_EQ(merged.at("notes"), "twice");
  EXPECT_EQ(merged.at("id"), 2);
  EXPECT_EQ(merged.at("faces"), 2);
  EXPECT_EQ(World::code(world_.get("/v1/collections/staff/subjects/1")), "subject_not_found");
  world_.enrol("staff", "Joan", picture_of(180, 60));
  EXPECT_EQ(post("/subjects/3/merge", {{"into", 2}}).at("faces"), 3);
  EXPECT_EQ(World::code(world_.post("/v1/collections/staff/subjects/2/merge", {{"into", 9}})), "subject_not_found");
}

TEST_F(People, AreForgottenWithAProof) {
  const auto proof = post("/subjects/1/forget", {});
  EXPECT_EQ(proof.at("forgotten"), 1);
  EXPECT_FALSE(proof.at("searched").empty());
  EXPECT_EQ(proof.at("clean"), true) << proof;
  EXPECT_EQ(proof.dump().find("Ada"), std::string::npos) << "the proof does not bring the name back";
  EXPECT_TRUE(post("/identify", image(ada_)).at("faces").at(0).at("subject").is_null());
}

TEST_F(People, ComeInPages) {
  for (const char* name : {"Zoë", "Bob", "Carl"}) world_.enrol("staff", name, picture_of(180, 60));
  std::vector<std::string> names;
  std::string cursor;
  do {
    const auto page = World::json(world_.get("/v1/collections/staff/subjects?limit=2" + cursor));
    EXPECT_LE(page.at("subjects").size(), 2U);
    for (const auto& subject : page.at("subjects")) names.push_back(subject.at("subject"));
    cursor = page.at("next").is_null() ? "" : "&cursor=" + page.at("next").get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(names, (std::vector<std::string>{"Ada Lovelace", "Bob", "Carl", "Grace Hopper", "Zoë"}));
}

TEST_F(People, WhomNobodyHasNamedAreInClusters) {
  TestJson images = TestJson::array();
  for (const auto& picture : {ada_again_, picture_of(220, 40), picture_of(220, 60), picture_of(170, 40),
                              testing::picture_of_nobody(), std::string("no picture")})
    images.push_back(base64_of(picture));
  const Response told =
      world_.post("/v1/collections/staff/clusters?threshold=0.5&least_quality=0", {{"images", images}});
  ASSERT_EQ(told.status, 200) << told.body;
  const TestJson answer = World::json(told);
  ASSERT_EQ(answer.at("known").size(), 1U);
  EXPECT_EQ(answer.at("known")[0].at("subject"), "Ada Lovelace");
  EXPECT_EQ(answer.at("known")[0].at("faces")[0].at("image"), 1);
  ASSERT_EQ(answer.at("clusters").size(), 2U) << told.body;
  EXPECT_EQ(answer.at("clusters")[0].at("faces").size(), 2U);
  EXPECT_EQ(answer.at("clusters")[1].at("faces")[0].at("image"), 4);
  ASSERT_EQ(answer.at("skipped").size(), 1U);
  EXPECT_EQ(answer.at("skipped")[0].at("image"), 6);

  // The faces of a cluster get a name by their boxes.
  const TestJson first = answer.at("clusters")[0].at("faces")[0];
  const std::size_t image = first.at("image").get<std::size_t>() - 1;
  const TestJson named{{"subject", "Somebody"}, {"image", images[image]}, {"box", first.at("box")}};
  const TestJson beside{{"subject", "Somebody"}, {"image", images[image]}, {"box", {900, 900, 5, 5}}};
  const TestJson report =
      World::json(world_.post("/v1/collections/staff/faces?force=true", {{"faces", {named, beside}}}));
  EXPECT_EQ(report.at("faces")[0].at("result"), "enrolled") << report;
  EXPECT_EQ(report.at("faces")[1].at("reason"), "no_face_in_box");
}

TEST_F(People, AreSplitWhereFacesAreSomebodyElses) {
  EXPECT_EQ(world_.enrol("staff", "Ada Lovelace", ada_again_), 1);
  EXPECT_EQ(post("/subjects/1/split", {{"faces", {3}}, {"subject", "Grace Hopper"}}).at("code"), "name_taken");
  EXPECT_EQ(post("/subjects/1/split", {{"faces", {2}}, {"subject", "Mary"}}).at("code"), "face_not_found") << "Grace's";
  EXPECT_EQ(post("/subjects/1/split", {{"faces", {1, 3}}, {"subject", "Mary"}}).at("code"), "not_to_be_split");
  const auto made = post("/subjects/1/split", {{"faces", {3}}, {"subject", "Mary"}});
  EXPECT_EQ(made.at("subject"), "Mary");
  EXPECT_EQ(made.at("faces"), 1);
  EXPECT_EQ(post("/identify", image(ada_again_)).at("faces").at(0).at("subject"), "Mary");
  EXPECT_EQ(post("/subjects/1/merge", {{"into", made.at("id")}}).at("code"), "not_to_be_merged");
}

TEST_F(People, AreNotMergedOnceAFaceWasSaidNotToShowThem) {
  EXPECT_EQ(post("/faces/1/not-this-person", {{"subject", 1}}).at("code"), "not_to_be_split") << "it is theirs";
  EXPECT_EQ(post("/faces/99/not-this-person", {{"subject", 2}}).at("code"), "face_not_found");
  EXPECT_EQ(post("/faces/1/not-this-person", {{"subject", 2}}).at("said"), true);
  EXPECT_EQ(post("/subjects/1/merge", {{"into", 2}}).at("code"), "not_to_be_merged");
  EXPECT_EQ(post("/faces/1/not-this-person", {{"subject", 2}, {"taken_back", true}}).at("said"), false);
  EXPECT_EQ(post("/subjects/1/merge", {{"into", 2}}).at("faces"), 2);
}

}  // namespace
}  // namespace vultus::server
