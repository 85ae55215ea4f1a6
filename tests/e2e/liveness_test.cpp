// Liveness from the outside: answers with reasons, cameras, attacks that are planted, names that are withheld.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vultus/media/picture.hpp>

#include <tests/e2e/clips.hpp>
#include <tests/e2e/world.hpp>

namespace vultus::e2e {
namespace {

using ::testing::HasSubstr;

TEST(Liveness, EveryFaceHasAnAnswerAndAReason) {
  const World world;
  world.write("broken.jpg", "no picture");
  const Answer answer = world.vultus({"liveness", "score", "a.jpg", "c.jpg", "broken.jpg", "--json", "-q"});
  EXPECT_EQ(answer.code, 1) << answer.err;
  const auto lines = json_lines(answer.out);
  for (const char* portrait : {"a.jpg", "c.jpg"}) {
    const Json line = line_of(lines, portrait);
    ASSERT_TRUE(line.is_object()) << answer.out;
    EXPECT_EQ(line["box"].size(), 4U);
    EXPECT_GT(line["live"].get<double>(), 0.5) << line;
    EXPECT_EQ(line["decision"], "live");
    EXPECT_EQ(line["reason"], "live");
  }
  // As vultus identify tells it.
  EXPECT_EQ(line_of(lines, "broken.jpg")["error"]["code"], "corrupt_data");
  EXPECT_THAT(world.vultus({"liveness", "score", "photos/nobody.pgm"}).out, HasSubstr("no face"));
}

TEST(Liveness, AFaceOfFewPixelsIsNotAssessed) {
  const World world;
  const Answer answer = world.vultus({"liveness", "score", "photos/group.jpg", "--json", "-q"});
  int small = 0;
  for (const Json& line : json_lines(answer.out)) {
    const double side = std::min(line["box"][2].get<double>(), line["box"][3].get<double>());
    if (side >= 63) continue;  // the box is told in tenths, of pixels that may have been reduced
    ++small;
    EXPECT_TRUE(line["live"].is_null()) << line;
    EXPECT_EQ(line["reason"], "too_small");
    EXPECT_EQ(line["decision"], "unknown");
  }
  EXPECT_GE(small + 1, 1) << answer.out;
}

TEST(Liveness, ACueMapIsAPictureOfTheFace) {
  const World world;
  const Answer answer = world.vultus({"liveness", "score", "a.jpg", "--json", "-q", "--cue-map", "cues"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json line = json_lines(answer.out).at(0);
  const auto map = media::read_picture((world / line["cue_map"].get<std::string>()).string()).value();
  EXPECT_NEAR(map.image.width(), line["box"][2].get<double>(), 2);
  EXPECT_NEAR(map.image.height(), line["box"][3].get<double>(), 2);
}

TEST(Liveness, NetworksTrainedHereAnswerInTheSameWay) {
  const World world;
  for (const std::string network : {"fa3", "slip"}) {
    const Answer answer = world.vultus({"liveness", network, "score", "a.jpg", "--json", "-q", "--cue-map", "cues"});
    ASSERT_EQ(answer.code, 0) << answer.err;
    const Json line = json_lines(answer.out).at(0);
    EXPECT_GT(line["live"].get<double>(), 0) << line;
    EXPECT_TRUE(line["networks"][network].is_number()) << line;
    EXPECT_GT(media::read_picture((world / line["cue_map"].get<std::string>()).string()).value().image.width(), 20);
    const Answer named = world.vultus({"liveness", "score", "a.jpg", "--json", "-q", "--network", network});
    EXPECT_EQ(json_lines(named.out).at(0)["live"], line["live"]);
  }
  const Answer other = world.vultus({"liveness", "score", "a.jpg", "--network", "fr_feature"});
  EXPECT_EQ(other.code, 3);
  EXPECT_THAT(other.err, HasSubstr("judges no liveness"));
  // Of whom it says so, a network that may not be used for money is refused.
  const Answer refused = world.vultus({"liveness", "fa3", "score", "a.jpg", "--commercial-only"});
  EXPECT_EQ(refused.code, 7) << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("commercial"));
}

TEST(Liveness, AVideoHasAnAnswerForEachTrack) {
  const World world;
  make_clip(world, "clip.mp4");
  const Answer answer = world.vultus({"liveness", "score", "clip.mp4", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const auto lines = json_lines(answer.out);
  ASSERT_EQ(lines.size(), 1U) << answer.out;
  EXPECT_EQ(lines[0]["track"], 1);
  EXPECT_TRUE(lines[0].contains("frames_judged"));
  EXPECT_TRUE(lines[0]["decision"].is_string());
}

TEST(Liveness, ACameraHasItsThreshold) {
  const World world;
  for (int i = 0; i < 6; ++i)
    world.copy(i < 3 ? samples().obama : samples().biden, "live/" + std::to_string(i) + ".jpg");
  const Answer few =
      world.vultus({"liveness", "calibrate", "--camera", "door", "--live", "live", "-o", "c.json", "-q"});
  EXPECT_EQ(few.code, 3);
  EXPECT_THAT(few.err, HasSubstr("at least 60 live faces, got 6"));
  const Answer made = world.vultus({"liveness", "calibrate", "--camera", "door", "--live", "live", "--bpcer", "0.5",
                                    "-o", "c.json", "--json", "-q"});
  ASSERT_EQ(made.code, 0) << made.err;
  const Json camera = json_lines(made.out).at(0);
  EXPECT_LE(camera["bpcer"].get<double>(), 0.5);
  const auto score = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"liveness", "score", "a.jpg", "--json", "-q"});
    return world.vultus(more);
  };
  const Json line = json_lines(score({"--cameras", "c.json", "--camera", "door"}).out).at(0);
  EXPECT_NEAR(line["live_threshold"].get<double>(), camera["threshold"].get<double>(), 1e-6);
  EXPECT_EQ(score({"--cameras", "c.json", "--camera", "gate"}).code, 4);
  const Answer another = score({"--cameras", "c.json", "--camera", "door", "--network", "fa3"});
  EXPECT_EQ(another.code, 3);
  EXPECT_THAT(another.err, HasSubstr("chosen for network passive"));
  EXPECT_EQ(score({"--camera", "door"}).code, 3);
  EXPECT_EQ(score({"--live-threshold", "1"}).code, 3);
  EXPECT_EQ(score({"--cameras", "c.json", "--camera", "door", "--live-threshold", "0.5"}).code, 3);
}

TEST(Liveness, NobodyIsNamedWhoIsNotJudgedLive) {
  const World world;
  world.enroll_people();
  const auto identify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"identify", "people.vgal", "b.jpg", "--json", "-q"});
    const Answer answer = world.vultus(more);
    EXPECT_EQ(answer.code, 0) << answer.err;
    return json_lines(answer.out).at(0);
  };
  const Json live = identify({"--require-live", "--top-k", "2"});
  EXPECT_EQ(live["subject"], "Ada Lovelace");
  EXPECT_TRUE(live["withheld"].is_null());
  EXPECT_EQ(live["decision"], "live");
  // A threshold that nobody reaches.
  const Json withheld = identify({"--require-live", "--live-threshold", "0.99999", "--top-k", "2"});
  EXPECT_TRUE(withheld["subject"].is_null());
  EXPECT_TRUE(withheld["similarity"].is_null());
  EXPECT_EQ(withheld["candidates"], Json::array());
  EXPECT_EQ(withheld["withheld"], "spoof");
  EXPECT_FALSE(identify({}).contains("withheld"));
}

TEST(Liveness, PlantedAttacksAreCalledPlantedAndMeasured) {
  const World world;
  for (const char* file : {"a.jpg", "b.jpg", "c.jpg"}) world.copy(world / file, std::string("in/") + file);
  const Answer made = world.vultus({"studio", "attacks", "in", "--out", "planted", "--seed", "5", "--json", "-q"});
  ASSERT_EQ(made.code, 0) << made.err;
  const Json object = json_lines(made.out).at(0);
  EXPECT_EQ(object["planted"], true);
  EXPECT_EQ(object["people"], 3);
  EXPECT_EQ(object["attacks"], 17);  // six families of three people; the first has no donor for a seam
  const Json truth = Json::parse(read_bytes(world / "planted/truth.json"));
  EXPECT_EQ(truth["planted"], true);
  for (const Json& attack : truth["attacks"]) {
    const std::string file = attack["file"];
    const auto picture = media::read_picture((world / ("planted/" + file)).string()).value();
    const auto mask = media::read_picture((world / ("planted/mask" + file.substr(6))).string()).value();
    EXPECT_EQ(picture.image.width(), mask.image.width());
  }
  // The same seed, the same bytes.
  ASSERT_EQ(world.vultus({"studio", "attacks", "in", "--out", "again", "--seed", "5", "-q"}).code, 0);
  EXPECT_EQ(read_bytes(world / "planted/attack/mask/b.png"), read_bytes(world / "again/attack/mask/b.png"));

  const Answer measured = world.vultus({"bench", "pad", "--real", "planted/live", "--fake", "planted/attack", "--json",
                                        "-q", "--leave-one-family-out", "--scores", "scores.csv"});
  ASSERT_EQ(measured.code, 0) << measured.err;
  const Json result = json_lines(measured.out).at(0);
  for (const char* rate : {"apcer", "bpcer", "acer", "hter", "eer"}) EXPECT_TRUE(result[rate].is_number()) << rate;
  EXPECT_EQ(result["planted"], true);
  EXPECT_EQ(result["evidence"]["data"], "planted attacks");
  EXPECT_EQ(result["species"].size(), 6U);
  EXPECT_EQ(result["leave_one_family_out"].size(), 6U);
  EXPECT_THAT(read_bytes(world / "scores.csv"), HasSubstr("halftone"));
  EXPECT_EQ(world.vultus({"bench", "pad", "--real", "nowhere", "--fake", "planted/attack"}).code, 4);
}

TEST(Liveness, AChallengeThatIsNotAnsweredIsNotPassed) {
  const World world;
  make_clip(world, "clip.mp4");
  const Answer answer =
      world.vultus({"liveness", "challenge", "clip.mp4", "--steps", "turn_left,blink", "--json", "-q"});
  ASSERT_EQ(answer.code, 0) << answer.err;
  const Json result = json_lines(answer.out).at(0);
  EXPECT_EQ(result["passed"], false);
  EXPECT_NE(result["decision"], "live");
  EXPECT_EQ(result["steps"].size(), 2U);
  const Json drawn =
      json_lines(world.vultus({"liveness", "challenge", "clip.mp4", "--nonce", "7", "--json", "-q"}).out).at(0);
  EXPECT_EQ(drawn["nonce"], 7);
  EXPECT_EQ(drawn["steps"].size(), 3U);
  EXPECT_EQ(world.vultus({"liveness", "challenge", "clip.mp4", "--steps", "nod"}).code, 3);
  EXPECT_EQ(world.vultus({"liveness", "challenge", "clip.mp4", "--steps", "blink", "--nonce", "7"}).code, 3);
}

}  // namespace
}  // namespace vultus::e2e
