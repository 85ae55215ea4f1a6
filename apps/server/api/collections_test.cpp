// Collections at the routes: names, pages, encryption, retention, the audit log, and other processes.
#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/key_source.hpp>

#include <apps/server/options.hpp>
#include <apps/server/service.hpp>
#include <apps/server/testing/test_engine.hpp>
#include <apps/server/testing/test_world.hpp>

namespace vultus::server {
namespace {

using testing::base64_of;
using testing::picture_of;
using testing::TestJson;
using testing::World;

TEST(CollectionNames, AreNoPaths) {
  World world;
  world.make_collection("staff");
  for (const char* name : {"..", "../staff", "a/b", "Staff", "", ".staff", "staff.vgal", "a\nb", "-a"})
    EXPECT_EQ(World::code(world.post("/v1/collections", {{"collection", name}})), "body_not_valid") << name;
  for (const char* path :
       {"%2e%2e", "..%2fstaff", "staff%2f..%2fstaff", "staff%00", "STAFF", "staff.vgal", "%2fetc%2fpasswd"})
    EXPECT_GE(world.get(std::string("/v1/collections/") + path).status, 400) << path;
  EXPECT_EQ(World::code(world.get("/v1/collections/..%2fstaff")), "collection_not_found");
}

TEST(CollectionLists, ComeInPages) {
  World world;
  for (const char* name : {"c", "a", "b"}) world.make_collection(name);
  EXPECT_EQ(World::code(world.post("/v1/collections", {{"collection", "a"}})), "collection_exists");
  auto page = World::json(world.get("/v1/collections?limit=2"));
  EXPECT_EQ(page.at("collections"), TestJson::parse(R"([{"collection": "a"}, {"collection": "b"}])"));
  page = World::json(world.get("/v1/collections?limit=2&cursor=" + page.at("next").get<std::string>()));
  EXPECT_EQ(page.at("collections"), TestJson::parse(R"([{"collection": "c"}])"));
  EXPECT_TRUE(page.at("next").is_null());
  EXPECT_EQ(World::code(world.get("/v1/collections?cursor=%21")), "parameter_not_valid");
  EXPECT_EQ(World::code(world.get("/v1/collections?limit=0")), "parameter_not_valid");
  EXPECT_EQ(World::code(world.get("/v1/collections?limt=3")), "parameter_not_valid") << "a slip is not passed over";
}

TEST(CollectionFiles, GoWithTheCollectionAndStayOverARestart) {
  World world;
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(50, 60));
  world.restart();
  EXPECT_EQ(World::json(world.get("/v1/collections/staff")).at("faces"), 1);
  const std::string of_it = world.key("read", {"staff"});
  const std::string of_two = world.key("read", {"guests", "staff"});
  const Response removed = world.ask(Method::del, "/v1/collections/staff");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(World::json(removed).at("keys"), 1) << "it is told that keys for this name are there still";
  EXPECT_TRUE(std::filesystem::is_empty(world.data() / "collections"));
  EXPECT_EQ(World::code(world.get("/v1/collections/staff")), "collection_not_found");
  EXPECT_EQ(World::code(world.ask(Method::del, "/v1/collections/staff")), "collection_not_found");
}

TEST(CollectionFiles, AreClosedWhenOthersAreUsed) {
  World world([](ServerOptions& options) { options.collections.max_open = 2; });
  for (const char* name : {"a", "b", "c", "d"}) world.make_collection(name);
  for (int round = 0; round < 3; ++round)
    for (const char* name : {"a", "b", "c", "d"})
      EXPECT_EQ(world.get("/v1/collections/" + std::string(name)).status, 200);
  EXPECT_LE(world.service().collections().open_count(), 2U);
  EXPECT_NE(world.get("/metrics").body.find("vultus_collections_open 2\n"), std::string::npos);
}

TEST(CollectionFiles, ShowWhatAnotherProcessHasChanged) {
  World world;
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(50, 60));
  Gallery other =
      Gallery::open({.path = world.data() / "collections" / "staff.vgal", .access = GalleryAccess::read_write}).value();
  ASSERT_TRUE(other.rename(SubjectId(1), "Ada King", IfNameTaken::refuse));
  EXPECT_EQ(World::json(world.get("/v1/collections/staff/subjects/1")).at("subject"), "Ada King");
}

TEST(EncryptedCollections, NeedTheKeyOfTheServer) {
  World plain;
  EXPECT_EQ(World::code(plain.post("/v1/collections", {{"collection", "a"}, {"encrypted", true}})),
            "encryption_not_set_up");
  const TestFolder folder;
  ASSERT_TRUE(make_key_file(folder / "master"));
  bool with_key = true;
  World world([&](ServerOptions& options) {
    if (with_key) options.collections.key = KeySource::from_file(folder / "master");
  });
  EXPECT_EQ(world.post("/v1/collections", {{"collection", "a"}, {"encrypted", true}}).status, 201);
  world.enrol("a", "Ada", picture_of(50, 60));
  with_key = false;
  world.restart();
  const Response refused = world.get("/v1/collections/a");
  EXPECT_EQ(World::code(refused), "collection_not_usable");
  EXPECT_EQ(refused.body.find(world.data().string()), std::string::npos) << "no paths for callers: " << refused.body;
  EXPECT_NE(world.log().back().find("fault"), std::string::npos) << "but for the log";
}

TEST(AuditLogs, TellWhichKeyActedInWhichRequestAndWhy) {
  World world;
  world.make_collection("staff");
  const std::string key = world.key("enrol", {"staff"});
  const std::string id = World::json(world.get("/v1/whoami", key)).at("id");
  const TestJson body{{"faces", {{{"subject", "Ada"}, {"image", base64_of(picture_of(50, 60))}}}}};
  ASSERT_EQ(world
                .ask(Method::post, "/v1/collections/staff/faces?force=true",
                     {.body = body.dump(), .key = key, .headers = {{"X-Purpose", "first day"}}})
                .status,
            200);
  ASSERT_EQ(world.post("/v1/collections/staff/identify", {{"image", base64_of(picture_of(50, 60))}}, key).status, 200);
  ASSERT_EQ(
      world.post("/v1/collections/staff/subjects/1/verify", {{"image", base64_of(picture_of(50, 60))}}, key).status,
      200);
  const auto records = World::json(world.get("/v1/collections/staff/audit")).at("records");
  std::vector<std::string> acts;
  for (const auto& record : records) {
    acts.push_back(record.at("what"));
    EXPECT_TRUE(record.at("who").get<std::string>().starts_with("key " + id + " request request-")) << record;
  }
  EXPECT_EQ(acts.front(), "enrol");
  EXPECT_NE(std::ranges::find(acts, "decision"), acts.end());
  EXPECT_EQ(acts.back(), "verification");
  EXPECT_EQ(records.at(0).at("purpose"), "first day");
  EXPECT_TRUE(records.back().at("purpose").is_null());
  EXPECT_EQ(World::code(world.get("/v1/collections/staff/audit", key)), "scope_too_small");
  const Response head = world.get("/v1/collections/staff/audit/head");
  ASSERT_EQ(head.status, 200) << head.body;
  const auto verdict = World::json(world.post("/v1/collections/staff/audit/verify", {{"head", World::json(head)}}));
  EXPECT_EQ(verdict.at("ok"), true) << verdict;
  EXPECT_EQ(verdict.at("records"), records.size());
  std::size_t seen = 0;
  std::string cursor;
  do {
    const auto page = World::json(world.get("/v1/collections/staff/audit?limit=2" + cursor));
    seen += page.at("records").size();
    cursor = page.at("next").is_null() ? "" : "&cursor=" + page.at("next").get<std::string>();
  } while (!cursor.empty());
  EXPECT_EQ(seen, records.size());
}

TEST(Retention, RemovesWhatIsPastItsTimeAndOnlyTellsOnATrial) {
  World world;
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(50, 60));
  world.enrol("staff", "Grace", picture_of(120, 60));
  const TestJson until{{"retain_until", "2026-02-02"}};
  ASSERT_EQ(world.ask(Method::patch, "/v1/collections/staff/subjects/1", {.body = until.dump()}).status, 200);
  const auto expire = [&](bool dry_run) {
    return World::json(world.post("/v1/collections/staff/expire", {{"dry_run", dry_run}})).at("subjects").dump();
  };
  EXPECT_EQ(expire(false), "[]");
  world.advance(std::chrono::hours(24));
  EXPECT_EQ(expire(true), "[1]");
  EXPECT_EQ(world.get("/v1/collections/staff/subjects/1").status, 200);
  EXPECT_EQ(expire(false), "[1]");
  EXPECT_EQ(World::code(world.get("/v1/collections/staff/subjects/1")), "subject_not_found");
}

TestJson ended_job(World& world, const Response& started) {
  const std::string place(started.headers.find("Location").value());
  TestJson job;
  for (int i = 0; i < 500; ++i) {
    job = World::json(world.get(place));
    if (job.at("state") != "waiting" && job.at("state") != "running") break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return job;
}

TEST(Calibrations, TellTheCurveOfBothRates) {
  World world;
  world.make_collection("staff");
  for (const int green : {60, 100}) {
    world.enrol("staff", "Ada", picture_of(50, green));
    world.enrol("staff", "Grace", picture_of(120, green));
  }
  const auto job =
      ended_job(world, world.post("/v1/collections/staff/calibrations", {{"fmr", 0.8}, {"dry_run", true}}));
  ASSERT_EQ(job.at("state"), "done") << job;
  // See fake_template(): two pairs of strangers share nothing, two share the green, 36 / 136; of each person's two
  // pictures the red, 100 / 136.
  const auto rates_at = [&](double threshold) {
    for (const auto& point : job.at("result").at("curve"))
      if (point.at("threshold").get<double>() >= threshold)
        return std::pair(point.at("fmr").get<double>(), point.at("fnmr").get<double>());
    return std::pair(0.0, 1.0);
  };
  EXPECT_EQ(rates_at(-0.5), std::pair(1.0, 0.0));
  EXPECT_EQ(rates_at(0.15), std::pair(0.5, 0.0));
  EXPECT_EQ(rates_at(0.5), std::pair(0.0, 0.0));
  EXPECT_EQ(rates_at(0.9), std::pair(0.0, 1.0));
  EXPECT_TRUE(World::json(world.get("/v1/collections/staff/calibrations")).at("calibrations").empty()) << "dry_run";
}

TEST(Calibrations, RunAsJobsThatTellWhyTheyFail) {
  World world;
  world.make_collection("staff");
  world.enrol("staff", "Ada", picture_of(50, 60));
  const Response started = world.post("/v1/collections/staff/calibrations", {{"fmr", 0.1}});
  ASSERT_EQ(started.status, 202);
  const TestJson job = ended_job(world, started);
  EXPECT_EQ(job.at("state"), "failed") << job;
  EXPECT_EQ(job.at("error").at("code"), "invalid_argument") << "one person has no impostor pairs";
  EXPECT_EQ(job.dump().find(world.data().string()), std::string::npos) << job;
}

}  // namespace
}  // namespace vultus::server
