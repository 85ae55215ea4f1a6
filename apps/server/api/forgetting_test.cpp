// People who go take with them what the server keeps of them elsewhere, also where that fails at first.
#include <gtest/gtest.h>

#include <apps/server/data/server_database.hpp>
#include <apps/server/live/test_live_world.hpp>

namespace vultus::server {
namespace {

using testing::await;
using testing::LiveWorld;
using testing::TestJson;
using testing::World;

class Forgetting : public LiveWorld {
 protected:
  /// While it lives no event that is there can be removed, as on a disk that is full.
  class Stuck {
   public:
    explicit Stuck(const World& world) : database_(ServerDatabase::open(world.data() / "server.db").value()) {
      run("CREATE TABLE stuck(event INTEGER REFERENCES events(id))");
      run("INSERT INTO stuck SELECT id FROM events");
    }
    ~Stuck() { run("DROP TABLE stuck"); }
    Stuck(const Stuck&) = delete;
    Stuck& operator=(const Stuck&) = delete;

   private:
    void run(const char* sql) {
      EXPECT_TRUE(database_.with([&](sqlite::Database& database) { return database.execute(sql); }));
    }
    ServerDatabase database_;
  };
  Response remove(const std::string& what) { return world_->ask(Method::del, "/v1/collections/staff" + what); }
  Response post(const std::string& what, const TestJson& body = TestJson::object()) {
    return world_->post("/v1/collections/staff" + what, body);
  }
  std::string ada() const { return "/subjects/" + std::to_string(ada_); }
};

TEST_F(Forgetting, CanBeAskedForAgainWhereItFails) {
  happen(EventKind::known, ada_);
  {
    const Stuck stuck(*world_);
    EXPECT_GE(remove(ada()).status, 400);
    EXPECT_GE(post(ada() + "/forget").status, 400);
  }
  EXPECT_EQ(events().size(), 1U);
  const Response again = post(ada() + "/forget");
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_EQ(events().size(), 0U);
}

TEST_F(Forgetting, OfWhoHasExpiredCanBeAskedForAgain) {
  happen(EventKind::known, ada_);
  const TestJson until{{"retain_until", "2026-02-02"}};
  ASSERT_EQ(world_->ask(Method::patch, "/v1/collections/staff" + ada(), {.body = until.dump()}).status, 200);
  world_->advance(std::chrono::hours(24));
  {
    const Stuck stuck(*world_);
    EXPECT_GE(post("/expire", {{"dry_run", false}}).status, 400);
  }
  EXPECT_EQ(World::json(post("/expire", {{"dry_run", false}})).at("subjects").size(), 1U);
  EXPECT_EQ(events().size(), 0U);
}

TEST_F(Forgetting, OfACollectionGoesOnWhereItFailed) {
  happen(EventKind::known, ada_);
  {
    const Stuck stuck(*world_);
    EXPECT_GE(remove("").status, 400);
  }
  EXPECT_EQ(World::code(remove("")), "collection_not_found");
  EXPECT_EQ(events().size(), 0U);
}

TEST_F(Forgetting, TakesWhatJobsHaveToldOfPeople) {
  JobBoard& jobs = world_->service().jobs();
  const JobWork tells = [](const TellProgress&, const std::stop_token&) -> Result<Json> {
    return Json{{"subject", "Ada Lovelace"}};
  };
  const std::string told = jobs.add("liveness", "staff", tells).value().id;
  const std::string elsewhere = jobs.add("liveness", "guests", tells).value().id;
  ASSERT_TRUE(await([&] { return jobs.find(told)->ended && jobs.find(elsewhere)->ended; }));
  ASSERT_EQ(remove(ada()).status, 200);
  EXPECT_EQ(World::code(world_->get("/v1/jobs/" + told)), "job_not_found");
  EXPECT_EQ(world_->get("/v1/jobs/" + elsewhere).status, 200);
}

}  // namespace
}  // namespace vultus::server
