// Every row of the table of errors of the CompreFace interface, keys, limits and the borders between tenants.
#include <algorithm>

#include <gtest/gtest.h>

#include <apps/server/compreface/front.hpp>
#include <apps/server/testing/test_compreface.hpp>
#include <apps/server/testing/test_engine.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::ComprefaceWorld;
using testing::files;
using testing::picture_of;
using testing::picture_of_nobody;
using testing::picture_of_two;
using testing::TestJson;
using testing::World;

constexpr const char* kUnknownUuid = "6b135f5b-a365-4522-b1f1-4c9ac2dd0728";

class ComprefaceErrors : public ::testing::Test {
 protected:
  void SetUp() override { example_ = world_.add("anna", anna_); }

  void refused(int status, int code, const std::string& message, Method method, const std::string& path,
               const std::string& key, const Ask& with = {}) {
    const Response answer = world_.call(method, path, key, with);
    EXPECT_EQ(answer.status, status) << path << "\n" << answer.body;
    const auto json = TestJson::parse(answer.body);
    EXPECT_EQ(json.size(), 2U) << answer.body;
    EXPECT_EQ(json.at("code"), code) << path << "\n" << answer.body;
    if (!message.empty()) {
      EXPECT_EQ(json.at("message"), message) << path;
    }
  }
  static Ask json(const TestJson& body) { return {.body = body.dump()}; }

  ComprefaceWorld world_;
  const std::string anna_ = picture_of(50, 60);
  std::string example_;
  const std::string key_ = world_.keys().recognition;
};

TEST_F(ComprefaceErrors, AreThoseOfTheOriginal) {
  const std::string subjects = "/recognition/subjects";
  const std::string recognize = "/recognition/recognize";
  const std::string faces = "/recognition/faces";
  const std::string none = "No face is found in the given image";
  refused(400, 20, "Missing header: x-api-key", Method::get, subjects, "");
  refused(400, 26, "Service API key should be UUID", Method::get, subjects, "key");
  refused(404, 10, std::string("Recognition service with API Key ") + kUnknownUuid + " not found", Method::get,
          subjects, kUnknownUuid);
  refused(404, 10, std::string("Detection service with API Key ") + key_ + " not found", Method::post,
          "/detection/detect", key_, files({{"file", anna_}}));
  refused(404, 10, std::string("Verification service with API Key ") + key_ + " not found", Method::post,
          "/verification/verify", key_);
  refused(400, 28, none, Method::post, recognize, key_, files({{"file", picture_of_nobody()}}));
  refused(400, 28, none, Method::post, recognize + "?det_prob_threshold=0.995", key_, files({{"file", anna_}}));
  refused(400, 28, "", Method::post, recognize, key_, files({{"file", "no picture"}}));
  refused(400, 31, "More than one face in the source image", Method::post, faces + "?subject=anna", key_,
          files({{"file", picture_of_two(50, 60)}}));
  refused(400, 31, "More than one face in the source image", Method::post, "/verification/verify",
          world_.keys().verification, files({{"source_image", picture_of_two(50, 60)}, {"target_image", anna_}}));
  refused(404, 42, "Subject bert not found", Method::del, subjects + "/bert", key_);
  refused(404, 42, "Subject bert not found", Method::put, subjects + "/bert", key_, json({{"subject", "carl"}}));
  refused(404, 42, "Subject bert not found", Method::del, faces + "?subject=bert", key_);
  refused(400, 43, "Subject already exists", Method::post, subjects, key_, json({{"subject", "anna"}}));
  refused(404, 44, "Image ID not found", Method::del, faces + "/" + kUnknownUuid, key_);
  refused(404, 44, "Image ID not found", Method::post, faces + "/" + kUnknownUuid + "/verify", key_,
          files({{"file", anna_}}));
  refused(404, 44, "Image ID not found", Method::del, faces + "/7", key_);
  refused(400, 21, "File [face.txt] has an unavailable extension", Method::post, recognize, key_,
          files({{"file", anna_}}, "face.txt"));
  refused(400, 21, "Provided value is not Base64", Method::post, recognize, key_, json({{"file", "%%%"}}));
  refused(400, 33, "Required parameter subject is missing", Method::post, faces, key_, files({{"file", anna_}}));
  refused(400, 34, "Required part file is missing", Method::post, recognize, key_, files({{"picture", anna_}}));
  refused(400, 34, "Required part target_image is missing", Method::post, "/verification/verify",
          world_.keys().verification, files({{"source_image", anna_}}));
  for (const char* name : {"a;b", "a/b", "a\\b"})
    refused(400, 36, "", Method::post, subjects, key_, json({{"subject", name}}));
  refused(400, 26, "", Method::post, subjects, key_, json({{"subject", ""}}));
  refused(400, 26, "", Method::post, subjects, key_, json({{"subject", std::string(51, 'a')}}));
  refused(400, 37, "192 embeddings were expected, but 3 were provided", Method::post,
          "/recognition/embeddings/recognize", key_, json({{"embeddings", {{1, 2, 3}}}}));
  refused(404, 0, "", Method::patch, subjects, key_);
  refused(404, 0, "", Method::get, "/recognition/nothing", key_);
  refused(400, 0, "Something went wrong, please try again", Method::post, subjects, key_, {.body = "{"});
}

TEST_F(ComprefaceErrors, SeveralFaultsOfTheQueryAreToldTogether) {
  refused(400, 26,
          "limit must be a whole number from 0 to 1000000, got many; det_prob_threshold must be a number from "
          "0.0 to 1.0, got 2",
          Method::post, "/recognition/recognize?limit=many&det_prob_threshold=2", key_, files({{"file", anna_}}));
  refused(400, 26, "prediction_count must be a whole number from 1 to 10000, got 0", Method::post,
          "/recognition/recognize?prediction_count=0", key_, files({{"file", anna_}}));
}

TEST_F(ComprefaceErrors, FiftyCharactersAreCountedAsCharacters) {
  std::string name;
  for (int i = 0; i < 50; ++i) name += "\xC3\xA4";
  EXPECT_EQ(world_.call_json(Method::post, "/recognition/subjects", key_, {{"subject", name}}).status, 201);
}

TEST_F(ComprefaceErrors, AFileMayHaveFiveMegabytesAndARequestTen) {
  std::string large = anna_;
  large.resize(compreface::kMaxFileBytes, '\0');  // what follows the end of a PNG is not read
  EXPECT_EQ(world_.call(Method::post, "/recognition/recognize", key_, files({{"file", large}})).status, 200);
  large += '\0';
  refused(400, 0, "File [face.png] has more than 5242880 bytes, which is the most allowed", Method::post,
          "/recognition/recognize", key_, files({{"file", large}}));
  refused(400, 0, "The picture file has more than 5242880 bytes, which is the most allowed", Method::post,
          "/recognition/recognize", key_, json({{"file", base64_of(large)}}));
  Request head{.method = Method::post, .path = "/api/v1/recognition/recognize"};
  head.headers.add("x-api-key", key_);
  head.headers.add("Content-Length", std::to_string(compreface::kMaxBodyBytes + 1));
  const Router::Match match = world_.router().match(head);
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->body_limit, compreface::kMaxBodyBytes);
  const auto refusal = world_.service().admit(*match.route, head);
  ASSERT_TRUE(refusal) << "before the body is read";
  EXPECT_EQ(refusal->status, 413);
  EXPECT_EQ(World::json(*refusal).at("code"), 0);
}

TEST_F(ComprefaceErrors, TheNameOfAFileDoesNotMatterInBase64) {
  EXPECT_EQ(world_.call(Method::post, "/recognition/recognize", key_, files({{"file", anna_}}, "a.txt")).status, 400);
  EXPECT_EQ(world_.call_json(Method::post, "/recognition/recognize", key_, {{"file", base64_of(anna_)}}).status, 200);
  for (const char* name : {"a.jpeg", "a.JPG", "a.ico", "a.bmp", "a.gif", "a.tif", "a.tiff", "a.webp"})
    EXPECT_EQ(world_.call(Method::post, "/recognition/recognize", key_, files({{"file", anna_}}, name)).status, 200)
        << name;
}

TEST_F(ComprefaceErrors, KeysAreReadInAnyCaseAndOpenNothingElse) {
  std::string upper = key_;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(world_.call(Method::get, "/recognition/subjects", upper).status, 200);
  EXPECT_EQ(World::code(world_.ask(Method::get, "/v1/system", {.key = "", .headers = {{"x-api-key", key_}}})),
            "key_not_valid");
  refused(400, 26, "Service API key should be UUID", Method::get, "/recognition/subjects", world_.admin_key());
}

TEST_F(ComprefaceErrors, ServicesAreListedWithoutTheirKeysAndEnd) {
  const auto services = World::json(world_.get("/v1/compatibility/compreface/services")).at("services");
  ASSERT_EQ(services.size(), 3U);
  EXPECT_EQ(services.dump().find(key_), std::string::npos);
  for (const auto& key : World::json(world_.get("/v1/keys")).at("keys")) EXPECT_NE(key.at("name"), "a recognition");
  std::string id;
  for (const auto& service : services)
    if (service.at("kind") == "recognition") id = service.at("id");
  EXPECT_EQ(World::code(world_.get("/v1/keys/" + id)), "key_not_found");
  world_.restart();
  EXPECT_EQ(world_.call(Method::get, "/recognition/subjects", key_).status, 200) << "kept over a restart";
  EXPECT_EQ(world_.call(Method::del, "/recognition/faces/" + example_, key_).status, 200) << "image ids too";
  EXPECT_EQ(world_.ask(Method::del, "/v1/compatibility/compreface/services/" + id).status, 200);
  refused(404, 10, "Recognition service with API Key " + key_ + " not found", Method::get, "/recognition/subjects",
          key_);
  const auto wanted = [&](const TestJson& body) {
    return World::code(world_.post("/v1/compatibility/compreface/services", body));
  };
  EXPECT_EQ(wanted({{"name", "x"}, {"kind", "recognition"}}), "body_not_valid");
  EXPECT_EQ(wanted({{"name", "x"}, {"kind", "detection"}, {"collection", "staff"}}), "body_not_valid");
  EXPECT_EQ(wanted({{"name", "x"}, {"kind", "recognition"}, {"collection", "none"}}), "collection_not_found");
  EXPECT_EQ(wanted({{"name", "x"}, {"kind", "mask"}}), "body_not_valid");
}

TEST_F(ComprefaceErrors, LimitsOfAServiceHold) {
  const Response made =
      world_.post("/v1/compatibility/compreface/services",
                  {{"name", "slow"}, {"kind", "recognition"}, {"collection", "staff"}, {"per_day", 1}});
  const std::string slow = World::json(made).at("secret");
  EXPECT_EQ(world_.call(Method::get, "/recognition/subjects", slow).status, 200);
  const Response refusal = world_.call(Method::get, "/recognition/subjects", slow);
  EXPECT_EQ(refusal.status, 429);
  EXPECT_TRUE(refusal.headers.find("Retry-After"));
}

TEST_F(ComprefaceErrors, TenantsDoNotMeet) {
  world_.make_collection("visitors");
  const std::string other = world_.make_service("recognition", "visitors");
  EXPECT_TRUE(World::json(world_.call(Method::get, "/recognition/subjects", other)).at("subjects").empty());
  EXPECT_EQ(World::json(world_.call(Method::get, "/recognition/faces", other)).at("total_elements"), 0);
  // The image_id of another collection is answered byte for byte like one that nobody has, on every route.
  int routes = 0;
  for (const Route& route : world_.router().routes()) {
    const auto at = route.path.find("{image_id}");
    if (route.tag != "compreface" || at == std::string::npos) continue;
    const auto ask = [&](const std::string& id) {
      std::string path = route.path;
      path.replace(at, 10, id);
      if (const auto key = path.find("{api_key}"); key != std::string::npos) path.replace(key, 9, other);
      Ask with = path.find("embeddings") == std::string::npos ? files({{"file", anna_}})
                                                              : json({{"embeddings", {std::vector<double>(192, 0.1)}}});
      if (route.method != Method::post) with.body.clear();
      return world_.call(route.method, path.substr(std::string("/api/v1").size()), other, with);
    };
    const Response hidden = ask(example_);
    const Response missing = ask(kUnknownUuid);
    EXPECT_EQ(hidden.status, missing.status) << route.path;
    EXPECT_EQ(hidden.body, missing.body) << route.path;
    EXPECT_EQ(hidden.headers.fields(), missing.headers.fields()) << route.path;
    routes += hidden.body.find("Image ID not found") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(routes, 6) << "removing, comparing a picture and a template, each with and without a slash at the end";
  EXPECT_EQ(world_.call_json(Method::post, "/recognition/faces/delete", other, {example_}).body, "[]");
  EXPECT_EQ(world_.call(Method::get, "/static/" + other + "/images/" + example_, "").body, "");
  const auto found = World::json(world_.call(Method::post, "/recognition/recognize", other, files({{"file", anna_}})));
  EXPECT_TRUE(found.at("result").at(0).at("subjects").empty());
  EXPECT_EQ(world_.call(Method::del, "/recognition/subjects", other).status, 200);
  EXPECT_EQ(World::json(world_.call(Method::get, "/recognition/faces", key_)).at("total_elements"), 1);
}

TEST_F(ComprefaceErrors, AServiceWhoseCollectionIsGoneIsNotFound) {
  EXPECT_EQ(world_.ask(Method::del, "/v1/collections/staff").status, 200);
  refused(404, 10, "", Method::get, "/recognition/subjects", key_);
}

TEST_F(ComprefaceErrors, TheLogHoldsNoKeysNamesOrPictures) {
  world_.call(Method::get, "/static/" + key_ + "/images/" + example_, "");
  world_.call(Method::get, "/static/" + std::string(kUnknownUuid) + "/images/" + example_, "");
  world_.call(Method::del, "/recognition/subjects/nobody-of-this-name", key_);
  world_.call_json(Method::post, "/recognition/recognize", key_, {{"file", base64_of(anna_)}});
  const auto lines = world_.log();
  ASSERT_GE(lines.size(), 5U);
  for (const std::string& line : lines)
    for (const std::string& secret :
         {key_, key_.substr(0, 13), std::string(kUnknownUuid), example_, std::string("anna"),
          std::string("nobody-of-this-name"), base64_of(anna_).substr(0, 40)})
      EXPECT_EQ(line.find(secret), std::string::npos) << line;
  const auto last = TestJson::parse(lines.at(lines.size() - 4));
  EXPECT_EQ(last.at("route"), "/api/v1/static/{api_key}/images/{image_id}");
  EXPECT_EQ(last.at("collection"), "staff");
  EXPECT_EQ(last.at("key").get<std::string>().size(), 16U);
}

}  // namespace
}  // namespace vultus::server
