// A gallery over three real servers: the same answers as one gallery, dead shards, failover, moving.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>
#include <vultus/gallery/shards/test_shards.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/postgres/connection.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery::testing {
namespace {

using postgres::testing::Server;

TEST_F(ThreeShards, AnswerAsOneGalleryDoes) {
  const auto faces = people(300);
  Gallery sharded = open(options_of(shards_));
  const Folder folder;
  Gallery one = open(options_for(folder / "g", kDimension));
  const auto outcomes = sharded.enrol(faces).value();
  ASSERT_TRUE(one.enrol(faces));
  ASSERT_EQ(outcomes.size(), faces.size());
  std::set<std::int64_t> shards;
  for (std::size_t i = 0; i < faces.size(); ++i) {
    EXPECT_FALSE(outcomes[i].already_there);
    EXPECT_EQ(sharded.subject(outcomes[i].subject).value().name, faces[i].subject);
    shards.insert(outcomes[i].subject.number() >> 47);
  }
  EXPECT_EQ(shards, (std::set<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(sharded.info().subjects, 300);
  EXPECT_EQ(sharded.info().shards_answered, 3);
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    const Embedding probe = random_embedding(random, kDimension);
    const auto here = sharded.search(probe, {.top_k = 10}).value();
    const auto there = one.search(probe, {.top_k = 10}).value();
    ASSERT_EQ(here.size(), 10U);
    for (std::size_t k = 0; k < here.size(); ++k) {
      EXPECT_EQ(here[k].name, there[k].name);
      EXPECT_EQ(here[k].similarity, there[k].similarity);
    }
  }
  std::vector<std::string> listed;
  for (std::string after;;) {
    const auto page = sharded.subjects({.after = after, .limit = 37}).value();
    for (const Subject& subject : page) listed.push_back(subject.name);
    if (page.size() < 37) break;
    after = page.back().name;
  }
  EXPECT_EQ(listed.size(), 300U);
  EXPECT_TRUE(std::ranges::is_sorted(listed));
  for (const EnrolOutcome& again : sharded.enrol(faces).value()) EXPECT_TRUE(again.already_there);
  EXPECT_EQ(open(options_of(shards_, GalleryAccess::read_only)).info().faces, 300);
  EXPECT_TRUE(sharded.check().value().sound());
}

TEST_F(ThreeShards, ChangesFindTheirShard) {
  Gallery gallery = open(options_of(shards_));
  const auto outcomes = gallery.enrol(people(30)).value();
  const SubjectOutcome added = gallery.add_subject("nobody yet").value();
  EXPECT_EQ(gallery.add_subject("nobody yet").value(), (SubjectOutcome{added.subject, true}));
  EXPECT_EQ(gallery.find_subject("nobody yet").value().value().id, added.subject);
  EXPECT_EQ(gallery.face(outcomes[3].face).value().subject, outcomes[3].subject);
  const SubjectId first = outcomes[0].subject;
  EXPECT_FALSE(gallery.rename(first, "subject 1", IfNameTaken::refuse));
  for (int i = 0; i < 8; ++i)  // some of these names are at home elsewhere
    ASSERT_EQ(gallery.rename(first, "new name " + std::to_string(i), IfNameTaken::refuse).value(), first);
  EXPECT_EQ(gallery.find_subject("new name 7").value().value().id, first);
  EXPECT_FALSE(gallery.find_subject("new name 6").value());
  EXPECT_EQ(gallery.faces(first).value().size(), 1U);
  ASSERT_TRUE(gallery.describe(first, {.external_id = "7", .notes = "moved around"}));
  EXPECT_EQ(gallery.subject(first).value().details.notes, "moved around");
  for (int i = 2; i < 8; ++i) {
    const auto merged = gallery.rename(outcomes[static_cast<std::size_t>(i)].subject, "subject 1", IfNameTaken::merge);
    ASSERT_TRUE(merged) << merged.error().message;
    EXPECT_EQ(*merged, outcomes[1].subject);
  }
  EXPECT_EQ(gallery.faces(outcomes[1].subject).value().size(), 7U);
  EXPECT_EQ(gallery.remove(outcomes[1].subject).value().faces, 7);
  EXPECT_EQ(gallery.remove(outcomes[9].face).value().faces, 1);
  EXPECT_EQ(gallery.remove(outcomes[1].subject).error().code, ErrorCode::not_found);
  EXPECT_EQ(gallery.remove(FaceId(3)).error().code, ErrorCode::not_found);
  const Embedding probe = people(1)[0].embedding;
  std::multiset<std::string> left{"new name 7"};
  for (int i = 8; i < 30; ++i)
    if (i != 9) left.insert("subject " + std::to_string(i));
  EXPECT_EQ(everybody(gallery, probe), left);
  Gallery reader = open(options_of(shards_, GalleryAccess::read_only));
  EXPECT_EQ(everybody(reader, probe), left);
  EXPECT_TRUE(gallery.check().value().sound());
}

TEST_F(ThreeShards, AnotherProgramsChangesAreTakenIn) {
  Gallery writer = open(options_of(shards_));
  Gallery reader = open(options_of(shards_, GalleryAccess::read_only));
  const auto faces = people(20);
  ASSERT_TRUE(writer.enrol(faces));
  EXPECT_TRUE(reader.refresh().value());
  EXPECT_FALSE(reader.refresh().value());
  EXPECT_EQ(everybody(reader, faces[0].embedding), names_of(faces));
  ASSERT_TRUE(writer.remove(writer.find_subject("subject 3").value().value().id));
  EXPECT_TRUE(reader.refresh().value());
  EXPECT_EQ(everybody(reader, faces[0].embedding).count("subject 3"), 0U);
}

/// Ends all connections to the databases, as a network that breaks does.
void cut_connections(const ShardMap& map) {
  for (const Shard& shard : map.shards)
    ASSERT_TRUE(
        postgres::Connection::open({.url = shard.urls[0]})
            .value()
            .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                     "AND pid <> pg_backend_pid()"));
}

TEST_F(ThreeShards, ChangesAreSeenWithoutBeingAskedForAlsoWhenConnectionsAreCut) {
  Gallery writer = open(options_of(shards_));
  GalleryOptions listening = options_of(shards_, GalleryAccess::read_only);
  listening.see_changes = SeeChanges::at_once;
  const Gallery reader = open(listening);
  const auto faces = people(60);
  for (std::size_t i = 0; i < faces.size(); i += 5) {
    if (i % 15 == 0) cut_connections(shards_.map());
    // The writer's own connections were cut too; an enrolment can be repeated without harm.
    for (int attempt = 0; attempt < 20 && !writer.enrol(std::span(faces).subspan(i, 5)); ++attempt) {
    }
  }
  ASSERT_EQ(everybody(writer, faces[0].embedding), names_of(faces));
  for (int i = 0; i < 600 && reader.info().faces < 60; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(everybody(reader, faces[0].embedding), names_of(faces));
  SubjectId gone = writer.find_subject("subject 7").value().value().id;
  ASSERT_TRUE(writer.remove(gone));
  for (int i = 0; i < 600 && reader.info().faces > 59; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(everybody(reader, faces[0].embedding).count("subject 7"), 0U);
}

TEST_F(ThreeShards, WrongConfigurationsAreRefused) {
  open(options_of(shards_));
  shards_.map().shards.pop_back();
  shards_.write();
  EXPECT_EQ(Gallery::open(options_of(shards_)).error().code, ErrorCode::invalid_argument);
  shards_.add("d", {fresh_database()});
  EXPECT_EQ(Gallery::open(options_of(shards_)).error().code, ErrorCode::invalid_argument);
  Configuration swapped;
  swapped.add("a", shards_.map().shards[1].urls);
  EXPECT_EQ(Gallery::open(options_of(swapped)).error().code, ErrorCode::invalid_argument);
}

TEST(ShardedGallery, ADeadShardIsToldAndComesBack) {
  std::vector<std::unique_ptr<Server>> servers;
  Configuration shards;
  for (const char* name : {"a", "b", "c"}) {
    servers.push_back(std::make_unique<Server>());
    shards.add(name, {servers.back()->url()});
  }
  const auto faces = people(90);
  Gallery gallery = open(options_of(shards));
  ASSERT_TRUE(gallery.enrol(faces));
  const Embedding probe = faces[0].embedding;
  servers[1]->kill();
  EXPECT_EQ(everybody(gallery, probe), names_of(faces)) << "what is in memory is searched without the server";
  EXPECT_FALSE(gallery.refresh());
  const auto more = people(95);
  const auto refused = gallery.enrol(more);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::resource_limit);

  auto fresh_options = options_of(shards, GalleryAccess::read_only);
  Gallery fresh = open(fresh_options);
  EXPECT_EQ(fresh.info().shards, 3);
  EXPECT_EQ(fresh.info().shards_answered, 2);
  const auto partial = fresh.search(probe, {.top_k = 100});
  ASSERT_FALSE(partial);
  EXPECT_EQ(partial.error().code, ErrorCode::resource_limit);
  EXPECT_NE(partial.error().message.find("2 of 3 shards answer; shard \"b\""), std::string::npos)
      << partial.error().message;
  fresh_options.partial = PartialAnswers::allow;
  const Gallery allowed = open(fresh_options);
  const auto some = everybody(allowed, probe);
  EXPECT_LT(some.size(), 90U);
  EXPECT_GT(some.size(), 30U);
  EXPECT_EQ(static_cast<std::int64_t>(some.size()), allowed.info().subjects);

  servers[1]->start();
  ASSERT_TRUE(fresh.refresh());
  EXPECT_EQ(fresh.info().shards_answered, 3);
  EXPECT_EQ(everybody(fresh, probe), names_of(faces));
  ASSERT_TRUE(gallery.enrol(more)) << "the connection is made anew";
  EXPECT_EQ(everybody(gallery, probe), names_of(more));
}

TEST(ShardedGallery, AStandbyTakesOver) {
  Server other;
  auto primary = std::make_unique<Server>();
  Server standby({"--standby-of", primary->folder().string()});
  Configuration shards;
  shards.add("a", {other.url()});
  shards.add("b", {primary->url(), standby.url()});
  const auto faces = people(40);
  Gallery gallery = open(options_of(shards));
  ASSERT_TRUE(gallery.enrol(faces));
  auto follower = postgres::Connection::open({.url = standby.url(), .role = postgres::Role::any}).value();
  const auto count = gallery.info().faces;
  for (int i = 0; i < 500; ++i) {
    const auto a =
        postgres::Connection::open({.url = primary->url()}).value().integer("SELECT sequence FROM vultus.counter");
    const auto b = follower.integer("SELECT sequence FROM vultus.counter");
    if (a && b && *a == *b) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  primary->kill();
  standby.promote();
  ASSERT_TRUE(gallery.refresh()) << "at the server that took over";
  EXPECT_EQ(gallery.info().faces, count);
  const auto more = people(60);
  ASSERT_TRUE(gallery.enrol(more));
  EXPECT_EQ(everybody(gallery, faces[0].embedding), names_of(more));
  Gallery fresh = open(options_of(shards, GalleryAccess::read_only));
  EXPECT_EQ(everybody(fresh, faces[0].embedding), names_of(more));
}

TEST_F(ThreeShards, AShardIsAddedWhileTheGalleryIsInService) {
  const auto faces = people(400);
  Gallery writer = open(options_of(shards_));
  ASSERT_TRUE(writer.enrol(faces));
  const Embedding probe = faces[0].embedding;
  std::atomic<bool> over = false;
  std::atomic<int> searches = 0;
  // Somebody searches all the time: everybody is there, and nobody twice.
  std::jthread searcher([&] {
    Gallery reader = open(options_of(shards_, GalleryAccess::read_only));
    while (!over || searches < 3) {
      const auto refreshed = reader.refresh();
      EXPECT_TRUE(refreshed) << (refreshed ? "" : refreshed.error().message);
      EXPECT_EQ(everybody(reader, probe), names_of(faces));
      ++searches;
    }
    EXPECT_EQ(reader.info().shards, 4);
  });
  const ShardToAdd added{.name = "d", .urls = {fresh_database()}, .weight = 1};
  const auto made = add_shard(shards_.path(), added, {.sql_search = SqlSearch::exact});
  ASSERT_TRUE(made) << made.error().message;
  const auto before = shard_status(shards_.path(), {});
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_EQ(before->size(), 4U);
  EXPECT_EQ((*before)[3].subjects, 0);
  // Who holds the older map may write no more, and says so.
  const auto old = writer.enrol(faces);
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code, ErrorCode::cancelled) << old.error().message;
  ASSERT_TRUE(writer.refresh());
  for (const EnrolOutcome& one : writer.enrol(std::span(faces).first(40)).value())
    EXPECT_TRUE(one.already_there) << "a subject that has not been moved yet is not made anew";
  const auto report = rebalance_shards(shards_.path(), {.subjects_at_once = 7});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->moved, 30);
  over = true;
  searcher.join();
  const auto after = shard_status(shards_.path(), {}).value();
  std::int64_t sum = 0;
  for (const ShardStatus& shard : after) {
    EXPECT_NEAR(static_cast<double>(shard.subjects), 100, 45) << shard.name;  // five deviations of 8.7
    EXPECT_EQ(shard.misplaced, 0) << shard.name;
    sum += shard.subjects;
  }
  EXPECT_EQ(sum, 400);
  EXPECT_EQ(rebalance_shards(shards_.path(), {})->moved, 0);
  ASSERT_TRUE(writer.refresh());
  EXPECT_EQ(everybody(writer, probe), names_of(faces));
  const auto more = people(440);
  const auto added_now = writer.enrol(more);
  ASSERT_TRUE(added_now) << added_now.error().message;
  EXPECT_TRUE(std::ranges::any_of(*added_now, [](const EnrolOutcome& one) { return one.face.number() >> 47 == 4; }))
      << "the new shard takes new people";
  EXPECT_EQ(everybody(writer, probe), names_of(more));
  EXPECT_TRUE(writer.check().value().sound());
}

TEST_F(ThreeShards, AShardOfWeightZeroIsEmptied) {
  const auto faces = people(60);
  ASSERT_TRUE(open(options_of(shards_)).enrol(faces));
  shards_.map().shards[0].weight = 0;
  shards_.write();
  ASSERT_TRUE(rebalance_shards(shards_.path(), {}));
  EXPECT_EQ(shard_status(shards_.path(), {}).value()[0].subjects, 0);
  EXPECT_EQ(everybody(open(options_of(shards_)), faces[0].embedding), names_of(faces));
}

TEST_F(ThreeShards, AMoveThatWasInterruptedLeavesNobodyLostOrTwice) {
  const auto faces = people(30);
  Gallery gallery = open(options_of(shards_));
  ASSERT_TRUE(gallery.enrol(faces));
  // Every subject of shard a goes to b; the mover ends between its two commits.
  const auto options = [&](std::size_t i) {
    return PostgresOptions{.url = shards_.map().shards[i].urls[0], .access = PostgresAccess::read_write};
  };
  const auto a = PostgresStore::open(options(0)).value();
  const auto b = PostgresStore::open(options(1)).value();
  const auto guard = [&](Store& store, std::size_t i) {
    GalleryOptions mine = options_of(shards_);
    mine.keyring = shards_.map().shards[i].urls[0];
    return Guard::open(store, mine, {.shard = shards_.map().shards[i].name}).value();
  };
  const auto guard_a = guard(*a, 0);
  const auto guard_b = guard(*b, 1);
  std::vector<SubjectId> subjects;
  ASSERT_TRUE(a->each_subject([&](const SubjectRow& row) -> Status {
    subjects.push_back(row.id);
    return {};
  }));
  ASSERT_FALSE(subjects.empty());
  struct Ended {};
  const std::int64_t version = map_of(*a).value().version;
  EXPECT_THROW(
      (void)move_subjects({shards_.map().shards[0], a.get(), guard_a.get()},
                          {shards_.map().shards[1], b.get(), guard_b.get()}, subjects, version, [] { throw Ended(); }),
      Ended);
  ASSERT_TRUE(gallery.refresh());
  const Embedding probe = faces[0].embedding;
  EXPECT_EQ(everybody(gallery, probe), names_of(faces)) << "nobody twice";
  EXPECT_EQ(gallery.subjects({.limit = 100}).value().size(), 30U);
  // A change settles it, and what was removed does not come back from the other copy.
  ASSERT_TRUE(gallery.remove(subjects[0]));
  ASSERT_TRUE(gallery.refresh());
  EXPECT_EQ(everybody(gallery, probe).size(), 29U);
  ASSERT_TRUE(rebalance_shards(shards_.path(), {}));
  ASSERT_TRUE(gallery.refresh());
  EXPECT_EQ(everybody(gallery, probe).size(), 29U);
  std::int64_t sum = 0;
  for (const ShardStatus& shard : shard_status(shards_.path(), {}).value()) sum += shard.subjects;
  EXPECT_EQ(sum, 29);
}

TEST_F(ThreeShards, ACheckNamesTheShardsAndRowsThatOthersAltered) {
  ASSERT_TRUE(open(options_of(shards_)).enrol(people(30)));
  const GalleryCheck sound = check_gallery(options_of(shards_, GalleryAccess::read_only)).value();
  EXPECT_TRUE(sound.sound());
  EXPECT_EQ(sound.faces, 30);
  for (const std::size_t at : {0U, 2U}) {
    auto other = postgres::Connection::open({.url = shards_.map().shards[at].urls[0]}).value();
    ASSERT_TRUE(other.run("UPDATE vultus.subjects SET notes = 'x' WHERE id = (SELECT min(id) FROM vultus.subjects)"));
  }
  const GalleryCheck found = check_gallery(options_of(shards_, GalleryAccess::read_only)).value();
  EXPECT_EQ(found.subjects, 30);
  EXPECT_EQ(found.faces, 30);
  ASSERT_EQ(found.findings.size(), 2U);
  EXPECT_TRUE(found.findings[0].starts_with("shard a: subject ")) << found.findings[0];
  EXPECT_TRUE(found.findings[1].starts_with("shard c: subject ")) << found.findings[1];
  const Folder folder;
  EXPECT_EQ(repair_gallery(shards_.path(), folder / "new").error().code, ErrorCode::unsupported);
  EXPECT_EQ(backup_gallery(shards_.path(), folder / "new").error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::gallery::testing
