// Liveness over the API, without networks: who may answer a challenge, and when; and what is said of pictures.
#include <algorithm>
#include <cctype>
#include <set>

#include <gtest/gtest.h>

#include <vultus/liveness/challenge.hpp>

#include <apps/server/options.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::Ask;
using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

constexpr const char* kChallengesOfStaff = "/v1/collections/staff/liveness/challenges";
constexpr int kLive = 120, kScreen = 225;  // red: see testing/test_engine.cpp

class LivenessApi : public ::testing::Test {
 protected:
  void SetUp() override { world_.make_collection("staff"); }
  TestJson challenge(const std::string& key = "admin", const TestJson& body = TestJson::object()) {
    const Response made = world_.post(kChallengesOfStaff, body, key);
    EXPECT_EQ(made.status, 201) << made.body;
    return World::json(made);
  }
  /// No video: what is refused and what is taken is decided before anybody looks at it.
  Response send(const std::string& text, const std::string& key = "admin", const std::string& collection = "staff") {
    return world_.post("/v1/collections/" + collection + "/liveness/challenges/" + text + "/video",
                       {{"video", base64_of("no film")}}, key);
  }
  World world_;
};

TEST_F(LivenessApi, AChallengeIsDrawnFromItsNonceAndSaysHowLongItLasts) {
  const TestJson asked = challenge("admin", {{"steps", 5}, {"limit_s", 4}});
  const auto drawn = liveness::draw_steps(5, std::stoull(asked.at("nonce").get<std::string>())).value();
  ASSERT_EQ(asked.at("steps").size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(asked.at("steps").at(i), std::string(liveness::name_of(drawn[i])));
  EXPECT_EQ(asked.at("limit_s"), 4.0);
  EXPECT_EQ(asked.at("show_s"), 2.0);
  EXPECT_EQ(asked.at("created"), "2026-02-01T10:00:00Z");
  EXPECT_EQ(asked.at("expires"), "2026-02-01T10:02:20Z") << "two minutes, and five times four seconds";
  EXPECT_EQ(challenge().at("steps").size(), 3U) << "unless told";
  EXPECT_EQ(World::code(world_.post(kChallengesOfStaff, {{"steps", 0}})), "body_not_valid");
  EXPECT_EQ(World::code(world_.post(kChallengesOfStaff, {{"steps", 7}})), "body_not_valid");
  EXPECT_EQ(World::code(world_.post(kChallengesOfStaff, {{"limit_s", 1}})), "body_not_valid");
}

TEST_F(LivenessApi, NoTwoChallengesAreTheSame) {
  std::set<std::string> texts;
  std::set<std::string> nonces;
  for (int i = 0; i < 50; ++i) {
    const TestJson asked = challenge();
    texts.insert(asked.at("challenge"));
    nonces.insert(asked.at("nonce"));
  }
  EXPECT_EQ(texts.size(), 50U);
  EXPECT_EQ(nonces.size(), 50U);
}

TEST_F(LivenessApi, AChallengeIsAnsweredOnceHoweverItIsWritten) {
  const std::string text = challenge().at("challenge");
  const Response taken = send(text);
  ASSERT_EQ(taken.status, 202) << taken.body;
  EXPECT_EQ(World::json(taken).at("kind"), "liveness");
  EXPECT_EQ(World::code(send(text)), "challenge_answered");
  std::string upper = text;
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(World::code(send(upper)), "challenge_answered");
  world_.restart();
  EXPECT_EQ(World::code(send(text)), "challenge_answered") << "also after a restart";
}

TEST_F(LivenessApi, AnAnswerComesInTimeOrNotAtAll) {
  const std::string in_time = challenge().at("challenge");
  const std::string late = challenge().at("challenge");
  world_.advance(std::chrono::seconds(120 + 3 * 6 - 1));
  EXPECT_EQ(send(in_time).status, 202);
  world_.advance(std::chrono::seconds(1));
  EXPECT_EQ(World::code(send(late)), "challenge_expired");
}

TEST_F(LivenessApi, AChallengeIsOfItsKeyAndItsCollection) {
  world_.make_collection("guests");
  const std::string own = world_.key("identify", {"staff"});
  const std::string text = challenge(own).at("challenge");
  EXPECT_EQ(World::code(send(text)), "challenge_not_found") << "another key";
  EXPECT_EQ(World::code(send(challenge().at("challenge"), "admin", "guests")), "challenge_not_found");
  EXPECT_EQ(World::code(send(text, own, "guests")), "collection_not_found") << "not of this key";
  std::string other = text;
  other.back() = other.back() == '0' ? '1' : '0';
  EXPECT_EQ(World::code(send(other, own)), "challenge_not_found") << "changed";
  for (const char* none : {"00", "zz", "0", "abcdef0123456789"})
    EXPECT_EQ(World::code(send(none, own)), "challenge_not_found") << none;
  EXPECT_EQ(send(text, own).status, 202) << "and still there for its own";
}

TEST_F(LivenessApi, ARequestThatIsRefusedForSomethingElseUsesNothingUp) {
  const std::string text = challenge().at("challenge");
  const std::string path = std::string(kChallengesOfStaff) + "/" + text + "/video";
  EXPECT_EQ(World::code(world_.post(path, {{"video", "???"}})), "body_not_valid");
  EXPECT_EQ(World::code(world_.post(path + "?camera=nowhere", {{"video", base64_of("no film")}})),
            "parameter_not_valid");
  EXPECT_EQ(send(text).status, 202);
}

TEST_F(LivenessApi, TheLogTellsThatAChallengeWasAskedFor) {
  challenge();
  const TestJson log = World::json(world_.get("/v1/collections/staff/audit"));
  EXPECT_NE(log.dump().find("liveness-challenge"), std::string::npos) << log;
}

TEST_F(LivenessApi, APictureOfAScreenIsToldAndItsFaceIsNotNamed) {
  world_.enrol("staff", "Ada", picture_of(kLive, 40));
  world_.enrol("staff", "Grace", picture_of(kScreen, 40));
  const auto identify = [&](int red, const std::string& query) {
    const Response told =
        world_.post("/v1/collections/staff/identify" + query, {{"image", base64_of(picture_of(red, 40))}});
    EXPECT_EQ(told.status, 200) << told.body;
    return World::json(told).at("faces").at(0);
  };
  EXPECT_EQ(identify(kScreen, "").at("subject"), "Grace") << "nobody asked";
  const TestJson ada = identify(kLive, "?require_live=true");
  EXPECT_EQ(ada.at("subject"), "Ada") << ada;
  EXPECT_EQ(ada.at("live_decision"), "live");
  EXPECT_EQ(ada.at("withheld"), false);
  const TestJson screen = identify(kScreen, "?require_live=true&top_k=2");
  EXPECT_EQ(screen.at("subject"), nullptr);
  EXPECT_EQ(screen.at("similarity"), nullptr);
  EXPECT_EQ(screen.at("candidates").size(), 0U);
  EXPECT_EQ(screen.at("live_decision"), "spoof");
  EXPECT_EQ(screen.at("withheld"), true);
  const Response found = world_.post("/v1/detect?liveness=true", {{"image", base64_of(picture_of(kScreen, 40))}});
  EXPECT_EQ(World::json(found).at("faces").at(0).at("live_decision"), "spoof") << found.body;
  EXPECT_FALSE(World::json(world_.post("/v1/detect", {{"image", base64_of(picture_of(kScreen, 40))}}))
                   .at("faces")
                   .at(0)
                   .contains("live_decision"));
}

TEST(LivenessOfACamera, HasTheThresholdThatWasMeasuredForIt) {
  World world([](ServerOptions& options) {
    // What the networks of the tests say of a person lies below this.
    options.camera_thresholds["strict"] = {.threshold = 0.99999999};
    options.camera_thresholds["usual"] = {.threshold = 0.5};
  });
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(kLive, 40));
  const auto identify = [&](const std::string& camera) {
    return world.post("/v1/collections/staff/identify?require_live=true&camera=" + camera,
                      {{"image", base64_of(picture_of(kLive, 40))}});
  };
  EXPECT_EQ(World::json(identify("usual")).at("faces").at(0).at("subject"), "Ada");
  EXPECT_EQ(World::json(identify("strict")).at("faces").at(0).at("subject"), nullptr);
  const Response none = identify("other");
  EXPECT_EQ(World::code(none), "parameter_not_valid");
  EXPECT_NE(none.body.find("strict"), std::string::npos) << "those that there are";
}

}  // namespace
}  // namespace vultus::server
