// The deepface interface: every route, every kind of picture, and what is refused.
#include <set>

#include <gtest/gtest.h>

#include <apps/server/deepface/front.hpp>
#include <apps/server/testing/test_compreface.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::files;
using testing::picture_of;
using testing::picture_of_nobody;
using testing::picture_of_two;
using testing::TestJson;
using testing::World;

std::string data_uri(const std::string& picture) { return "data:image/png;base64," + base64_of(picture); }

std::set<std::string> members_of(const TestJson& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

using Members = std::set<std::string>;

class Deepface : public ::testing::Test {
 protected:
  void SetUp() override {
    world_.make_collection("staff");
    key_ = world_.key("enrol", {"staff"});
    ASSERT_TRUE(add_deepface_routes(router_, world_.service()));
  }
  Response call(const std::string& path, Ask with) {
    Request request{.method = Method::post, .path = path, .body = std::move(with.body), .id = "test"};
    if (!with.key.empty()) request.headers.add("Authorization", "Bearer " + (with.key == "admin" ? key_ : with.key));
    for (const auto& [name, value] : with.headers) request.headers.set(name, value);
    if (!request.headers.find("Content-Type")) request.headers.set("Content-Type", "application/json");
    const Router::Match match = router_.match(request);
    return match.route == nullptr ? match.refusal : match.route->handle(request);
  }
  Response send(const std::string& path, const TestJson& body) { return call(path, {.body = body.dump()}); }
  TestJson told(const std::string& path, const TestJson& body) {
    const Response answer = send(path, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return World::json(answer);
  }
  void refused(const std::string& path, const TestJson& body) {
    const Response answer = send(path, body);
    EXPECT_EQ(answer.status, 400) << path << body.dump().substr(0, 200);
    EXPECT_EQ(members_of(World::json(answer)), Members{"exception"}) << answer.body;
  }

  World world_;
  Router router_;
  std::string key_;
  const std::string anna_ = picture_of(50, 60), anna_again_ = picture_of(50, 100), bert_ = picture_of(120, 60);
};

const Members kArea{"x", "y", "w", "h", "left_eye", "right_eye"};

TEST_F(Deepface, WantsATokenThatAllowsIt) {
  for (const char* path : {"/represent", "/verify", "/analyze", "/register", "/search", "/build/index"})
    for (const char* key : {"", "wrong"}) {
      const Response answer = call(path, {.body = "{}", .key = key});
      EXPECT_EQ(answer.status, 401) << path;
      EXPECT_EQ(World::json(answer), TestJson({{"message", "Invalid or missing authentication token"}}));
    }
  EXPECT_EQ(call("/register", {.body = "{}", .key = world_.key("identify", {"staff"})}).status, 403);
}

TEST_F(Deepface, RepresentsEveryFaceOfAFileOrADataUri) {
  const auto one = told("/represent", {{"img", data_uri(anna_)}, {"model_name", "VGG-Face"}}).at("results");
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(members_of(one.at(0)), (Members{"embedding", "facial_area", "face_confidence"}));
  EXPECT_EQ(members_of(one.at(0).at("facial_area")), kArea);
  EXPECT_GT(one.at(0).at("facial_area").at("left_eye").at(0), one.at(0).at("facial_area").at("right_eye").at(0))
      << "the person's left eye is at image right";
  EXPECT_EQ(World::json(call("/represent", files({{"img", anna_}}))).at("results"), one);
  EXPECT_EQ(told("/represent", {{"img", data_uri(picture_of_two(50, 60))}}).at("results").size(), 2U);
  EXPECT_EQ(told("/represent", {{"img", data_uri(picture_of_two(50, 60))}, {"max_faces", 1}}).at("results").size(), 1U);
}

TEST_F(Deepface, OpensNeitherPathsNorAddresses) {
  for (const char* img : {"/etc/passwd", "a.jpg", "http://localhost/a.jpg", "https://localhost/a.jpg", "file:///a.jpg"})
    refused("/represent", {{"img", img}});
}

TEST_F(Deepface, APictureWithoutAFaceIsRefusedUnlessItIsAllowed) {
  refused("/represent", {{"img", data_uri(picture_of_nobody())}});
  refused("/represent", {{"img", data_uri(picture_of_nobody())}, {"enforce_detection", true}});
  EXPECT_TRUE(
      told("/represent", {{"img", data_uri(picture_of_nobody())}, {"enforce_detection", false}}).at("results").empty());
  // The text "false" is false, in JSON and in a form.
  EXPECT_TRUE(told("/represent", {{"img", data_uri(picture_of_nobody())}, {"enforce_detection", "false"}})
                  .at("results")
                  .empty());
  Ask form = files({{"img", picture_of_nobody()}});
  form.body = "--frontier\r\nContent-Disposition: form-data; name=\"enforce_detection\"\r\n\r\nfalse\r\n" + form.body;
  EXPECT_EQ(call("/represent", form).status, 200);
  refused("/represent", {{"img", data_uri(anna_)}, {"enforce_detection", "maybe"}});
}

TEST_F(Deepface, VerifiesWithTheCalibratedThresholdInEveryMetric) {
  for (const char* metric : {"cosine", "euclidean", "euclidean_l2", "angular"}) {
    const auto same =
        told("/verify", {{"img1", data_uri(anna_)}, {"img2", data_uri(anna_again_)}, {"distance_metric", metric}});
    EXPECT_EQ(members_of(same), (Members{"verified", "distance", "threshold", "confidence", "model", "detector_backend",
                                         "distance_metric", "similarity_metric", "facial_areas", "time"}));
    EXPECT_EQ(same.at("verified"), true) << metric;
    EXPECT_LE(same.at("distance"), same.at("threshold")) << metric;
    EXPECT_EQ(same.at("distance_metric"), metric);
    EXPECT_EQ(members_of(same.at("facial_areas").at("img1")), kArea);
    EXPECT_GT(same.at("confidence"), 50);
    const auto other =
        told("/verify", {{"img1", data_uri(anna_)}, {"img2", data_uri(bert_)}, {"distance_metric", metric}});
    EXPECT_EQ(other.at("verified"), false) << metric;
    EXPECT_GT(other.at("distance"), other.at("threshold")) << metric;
  }
  // By hand, see fake_template(): a cosine of 100 / 136.
  EXPECT_NEAR(
      told("/verify", {{"img1", data_uri(anna_)}, {"img2", data_uri(anna_again_)}}).at("distance").get<double>(),
      1 - 100.0 / 136, 0.01);
  refused("/verify", {{"img1", data_uri(anna_)}, {"img2", data_uri(bert_)}, {"distance_metric", "taxi"}});
  refused("/verify", {{"img1", data_uri(anna_)}});
}

TEST_F(Deepface, WhatNothingMeasuresIsRefusedInPlainWords) {
  for (const char* action : {"age", "gender", "emotion", "race"})
    refused("/analyze", {{"img", data_uri(anna_)}, {"actions", {action}}});
  refused("/analyze", {{"img", data_uri(anna_)}});
  refused("/analyze", {{"img", data_uri(anna_)}, {"actions", "age,gender"}});
  const auto faces = told("/analyze", {{"img", data_uri(anna_)}, {"actions", TestJson::array()}}).at("results");
  EXPECT_EQ(members_of(faces.at(0)), (Members{"region", "face_confidence"}));
  refused("/represent", {{"img", data_uri(anna_)}, {"anti_spoofing", true}});
  EXPECT_NE(send("/represent", {{"img", data_uri(anna_)}, {"anti_spoofing", true}}).body.find("liveness=true"),
            std::string::npos)
      << "it is told who judges it";
  refused("/represent", {{"img", data_uri(anna_)}, {"align", "0"}});
}

TEST_F(Deepface, RegistersAndSearchesTheCollectionOfTheToken) {
  EXPECT_EQ(told("/register", {{"img", data_uri(anna_)}, {"img_name", "anna"}}), TestJson({{"inserted", 1}}));
  EXPECT_EQ(told("/register", {{"img", data_uri(anna_)}, {"img_name", "anna"}}), TestJson({{"inserted", 0}}));
  EXPECT_EQ(World::json(call("/register", files({{"img", bert_}}, "bert.png"))), TestJson({{"inserted", 1}}));
  refused("/register", {{"img", data_uri(picture_of_two(50, 60))}, {"img_name", "two"}});
  refused("/register", {{"img", data_uri(anna_)}});
  EXPECT_EQ(told("/build/index", TestJson::object()).at("faces"), 2);
  const auto found = told("/search", {{"img", data_uri(anna_again_)}, {"search_method", "ann"}}).at("results");
  ASSERT_EQ(found.size(), 1U) << "one list a face";
  ASSERT_EQ(found.at(0).size(), 1U) << "who is far is not there";
  const auto& row = found.at(0).at(0);
  EXPECT_EQ(members_of(row), (Members{"identity", "hash", "target_x", "target_y", "target_w", "target_h", "source_x",
                                      "source_y", "source_w", "source_h", "threshold", "distance", "confidence"}));
  EXPECT_EQ(row.at("identity"), "anna");
  EXPECT_EQ(row.at("hash").get<std::string>().size(), 64U);
  EXPECT_EQ(
      told("/search", {{"img", data_uri(anna_)}, {"similarity_search", true}, {"k", 2}}).at("results").at(0).size(),
      2U);
  EXPECT_EQ(told("/search", {{"img", data_uri(picture_of_two(50, 60))}}).at("results").size(), 2U);
  refused("/search", {{"img", data_uri(anna_)}, {"search_method", "guess"}});
  refused("/search", {{"img", data_uri(anna_)}, {"k", 0}});
}

TEST_F(Deepface, ATokenForSeveralCollectionsHasNoCollection) {
  world_.make_collection("visitors");
  const Response answer = call("/search", {.body = TestJson{{"img", data_uri(anna_)}}.dump(),
                                           .key = world_.key("enrol", {"staff", "visitors"})});
  EXPECT_EQ(answer.status, 400);
  told("/register", {{"img", data_uri(anna_)}, {"img_name", "anna"}});
  const Response other =
      call("/search", {.body = TestJson{{"img", data_uri(anna_)}}.dump(), .key = world_.key("enrol", {"visitors"})});
  EXPECT_EQ(World::json(other).at("results"), TestJson::parse("[[]]")) << "tenants do not meet";
}

TEST_F(Deepface, TheLogHoldsNoTokensOrNames) {
  told("/register", {{"img", data_uri(anna_)}, {"img_name", "anna"}});
  for (const std::string& line : world_.log()) {
    EXPECT_EQ(line.find(key_), std::string::npos);
    EXPECT_EQ(line.find("anna"), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace vultus::server
