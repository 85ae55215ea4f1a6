// What only a store on a server can get wrong: lost connections, other histories, numbers in the order of commits.
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/gallery/store/postgres_schema.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/template_bytes.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery {
namespace {

using postgres::Connection;
using postgres::testing::fresh_database;
using postgres::testing::Server;
using Kind = Store::Kind;
using std::chrono::milliseconds;

UtcTime at(int seconds) { return UtcTime(std::chrono::seconds(1'767'323'045 + seconds)); }

NewStore new_store(int dimension = 4) {
  return {.model = {.id = ModelId("planted"), .dimension = dimension, .sha256 = "", .preset = "default"},
          .created = at(0),
          .meta = {{std::string(kMetaEncryption), "none"}, {std::string(kMetaGallery), std::string(32, 'b')}}};
}

PostgresOptions options_for(const std::string& url) {
  return {.url = url, .access = PostgresAccess::create_or_open, .deadline = std::chrono::seconds(30), .fill = [] {
            return new_store();
          }};
}

std::unique_ptr<PostgresStore> open(const PostgresOptions& options) {
  auto store = PostgresStore::open(options);
  EXPECT_TRUE(store) << (store ? "" : store.error().message);
  return *std::move(store);
}

Bytes template_of(std::vector<float> values) { return to_bytes(values); }

/// Adds a subject with one face, and commits.
FaceId enrol(Store& store, const std::string& name) {
  auto transaction = store.begin(Kind::write).value();
  const ReservedIds ids = store.reserve_ids(1, 1).value();
  const SubjectRow subject{.id = ids.subject, .name = name, .name_key = name, .created = at(1)};
  store.add_subjects({&subject, 1}).value();
  WholeFace whole;
  whole.face = {.id = ids.face, .subject = ids.subject, .enrolled = at(2)};
  whole.templates = {{.face = ids.face, .model = 1, .bytes = template_of({0.6F, 0.8F, 0, 0})}};
  store.add_faces({&whole, 1}).value();
  transaction->commit().value();
  return ids.face;
}

/// Ends a session at the server, as a restart or a firewall does.
void cut(const std::string& url, int process) {
  Connection other = Connection::open({.url = url, .deadline = std::chrono::seconds(30)}).value();
  ASSERT_EQ(
      other.integer("SELECT pg_terminate_backend($1::int, 10000)", postgres::Parameters().add(std::int64_t{process}))
          .value(),
      1);
}

TEST(PostgresStore, IdsNameTheirShard) {
  PostgresOptions options = options_for(fresh_database());
  options.shard = 3;
  const auto store = open(options);
  const FaceId face = enrol(*store, "Ada");
  EXPECT_EQ(face.number(), 3 * (std::int64_t{1} << 47) + 1);
  EXPECT_EQ(store->shard().value(), 3);
  EXPECT_EQ(store->face(face).value()->subject.number() >> 47, 3);
  options.shard = 65536;
  EXPECT_EQ(PostgresStore::open(options).error().code, ErrorCode::invalid_argument);
}

TEST(PostgresStore, WhatIsNotThereIsNotMadeUnasked) {
  const std::string url = fresh_database();
  PostgresOptions options = options_for(url);
  options.access = PostgresAccess::read_write;
  const auto none = PostgresStore::open(options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  Connection::open({.url = url}).value().execute("CREATE SCHEMA vultus").value();
  options.access = PostgresAccess::create_or_open;
  EXPECT_EQ(PostgresStore::open(options).error().code, ErrorCode::corrupt_data);
}

TEST(PostgresStore, TwoSchemasOfOneDatabaseAreTwoGalleries) {
  const std::string url = fresh_database();
  const auto in = [&url](const std::string& schema) {
    return url + (url.find('?') == std::string::npos ? "?" : "&") + "options=-cvultus.schema%3D" + schema;
  };
  const auto plain = open(options_for(url));
  const auto seven = open(options_for(in("people_7")));
  PostgresOptions searchable = options_for(in("people_8"));
  searchable.searchable = Searchable::exact;
  const auto eight = open(searchable);
  enrol(*plain, "Ada");
  enrol(*seven, "Grace");
  EXPECT_EQ(plain->counts().value().first, 1);
  EXPECT_EQ(seven->counts().value().first, 1);
  EXPECT_EQ(eight->counts().value().first, 0);
  EXPECT_EQ(seven->subjects("", 10).value().at(0).name, "Grace");
  EXPECT_NE(seven->name().find("people_7"), std::string::npos) << seven->name();
  EXPECT_TRUE(seven->check({}).value().sound());
  // A change is told to those who wait for this gallery, and to nobody else.
  const Sequence seen = plain->sequence().value();
  EXPECT_FALSE(plain->wait_for_change(seen, milliseconds(1)).value());
  const Sequence before = seven->sequence().value();
  enrol(*seven, "Alan");
  EXPECT_FALSE(plain->wait_for_change(seen, milliseconds(1)).value());
  EXPECT_TRUE(seven->wait_for_change(before, milliseconds(1)).value());
  Connection look = Connection::open({.url = url}).value();
  EXPECT_EQ(look.integer("SELECT count(*) FROM people_7.subjects").value(), 2);
  look.execute("DROP SCHEMA people_8 CASCADE").value();
  EXPECT_TRUE(look.integer("SELECT count(*) FROM pg_extension WHERE extname = 'vector'").value() == 1)
      << "pgvector belongs to no gallery";
  PostgresOptions wrong = options_for(in("Two"));
  EXPECT_EQ(PostgresStore::open(wrong).error().code, ErrorCode::invalid_argument);
}

TEST(PostgresStore, TwoThatMakeAGalleryAtOnceGetTheSameOne) {
  const std::string url = fresh_database();
  std::vector<std::jthread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { good += PostgresStore::open(options_for(url)) ? 1 : 0; });
  threads.clear();
  EXPECT_EQ(good, 4);
  EXPECT_EQ(open(options_for(url))->models().value().size(), 1U);
}

TEST(PostgresStore, ANewerVersionIsRefusedAndAnOlderOneIsBroughtUpToDate) {
  const std::string url = fresh_database();
  open(options_for(url));
  Connection connection = Connection::open({.url = url}).value();
  EXPECT_EQ(use_schema(connection).value(), kSchema);
  std::vector<std::string_view> steps(postgres_steps().begin(), postgres_steps().end());
  EXPECT_EQ(schema_version(connection).value(), static_cast<int>(steps.size()));
  steps.emplace_back("ALTER TABLE vultus.subjects ADD COLUMN nickname text");
  migrate(connection, steps).value();
  migrate(connection, steps).value();  // by another process: nothing is left to be done
  EXPECT_EQ(schema_version(connection).value(), static_cast<int>(steps.size()));
  ASSERT_TRUE(connection.run("SELECT nickname FROM vultus.subjects"));
  const auto newer = PostgresStore::open(options_for(url));
  ASSERT_FALSE(newer);
  EXPECT_EQ(newer.error().code, ErrorCode::unsupported) << newer.error().message;
  EXPECT_EQ(migrate(connection, postgres_steps()).error().code, ErrorCode::unsupported);
  steps.emplace_back("ALTER TABLE vultus.nobody ADD COLUMN x text");
  EXPECT_FALSE(migrate(connection, steps));
  EXPECT_EQ(schema_version(connection).value(), static_cast<int>(steps.size()) - 1) << "a failed step leaves nothing";
}

TEST(PostgresStore, NumbersAppearInTheOrderOfCommits) {
  const std::string url = fresh_database();
  const auto reader = open(options_for(url));
  constexpr int kWriters = 4;
  constexpr int kEach = 25;
  std::atomic<int> running = kWriters;
  std::vector<std::jthread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&, w] {
      const auto store = open(options_for(url));
      for (int i = 0; i < kEach; ++i) enrol(*store, "w" + std::to_string(w) + " " + std::to_string(i));
      --running;
    });
  // Whoever reads while others write sees every row exactly once, if no number ever appears behind a greater one.
  Sequence seen = 0;
  std::vector<std::int64_t> faces;
  for (bool last = false; !last;) {
    last = running == 0;
    auto view = reader->begin(Kind::read).value();
    const Changes changes = reader->changes_after(seen).value();
    EXPECT_FALSE(changes.model);
    for (const auto& [face, subject] : changes.faces) faces.push_back(face.number());
    EXPECT_GE(changes.up_to, seen);
    seen = changes.up_to;
  }
  EXPECT_EQ(seen, kWriters * kEach);
  std::ranges::sort(faces);
  EXPECT_TRUE(std::ranges::adjacent_find(faces) == faces.end()) << "a face was told twice";
  EXPECT_EQ(faces.size(), static_cast<std::size_t>(kWriters * kEach));
}

TEST(PostgresStore, NoChangeIsMissedWhenConnectionsAreLost) {
  const std::string url = fresh_database();
  const auto reader = open(options_for(url));
  const auto writer = open(options_for(url));
  Sequence seen = 0;
  std::vector<std::int64_t> told;
  const auto take_in = [&] {
    const Changes changes = reader->changes_after(seen).value();
    EXPECT_FALSE(changes.model);
    for (const auto& [face, subject] : changes.faces) told.push_back(face.number());
    seen = changes.up_to;
  };
  std::vector<std::int64_t> enrolled;
  for (int i = 0; i < 30; ++i) {
    if (i % 3 == 0) cut(url, reader->process());
    if (i % 5 == 0) cut(url, writer->process());
    enrolled.push_back(enrol(*writer, "subject " + std::to_string(i)).number());
    if (i % 2 == 0) continue;  // the notice of this one may have come while nobody listened
    ASSERT_TRUE(reader->wait_for_change(seen, std::chrono::seconds(20)).value());
    take_in();
  }
  take_in();
  EXPECT_EQ(told, enrolled);
  EXPECT_FALSE(reader->wait_for_change(seen, milliseconds(100)).value());
}

TEST(PostgresStore, AWaiterIsWokenByACommit) {
  const std::string url = fresh_database();
  const auto reader = open(options_for(url));
  const auto writer = open(options_for(url));
  EXPECT_FALSE(reader->wait_for_change(0, milliseconds(50)).value());
  const std::jthread later([&] {
    std::this_thread::sleep_for(milliseconds(200));
    enrol(*writer, "Ada");
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(reader->wait_for_change(0, std::chrono::seconds(60)).value());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
}

TEST(PostgresStore, AConnectionLostInsideATransactionKeepsNothingOfIt) {
  const std::string url = fresh_database();
  const auto store = open(options_for(url));
  {
    auto transaction = store->begin(Kind::write).value();
    const ReservedIds ids = store->reserve_ids(1, 0).value();
    const SubjectRow subject{.id = ids.subject, .name = "Ada", .name_key = "Ada", .created = at(1)};
    store->add_subjects({&subject, 1}).value();
    cut(url, store->process());
    const auto after = store->subjects("", 10);
    ASSERT_FALSE(after) << "no reading may slip out of the transaction onto a new connection";
    EXPECT_EQ(after.error().code, ErrorCode::resource_limit);
    EXPECT_FALSE(transaction->commit());
  }
  EXPECT_TRUE(store->subjects("", 10).value().empty());
  EXPECT_EQ(store->sequence().value(), 0);
  enrol(*store, "Ada");
  EXPECT_EQ(store->sequence().value(), 1);
}

TEST(PostgresStore, ACommitWhoseAnswerWasLostIsFoundOut) {
  const std::string url = fresh_database();
  const auto store = open(options_for(url));
  // A trigger that runs at the commit holds it up; the session is ended meanwhile, before or after the commit.
  Connection other = Connection::open({.url = url, .deadline = std::chrono::seconds(30)}).value();
  other
      .execute(
          "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.7); RETURN NULL; "
          "END $$; CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON vultus.subjects DEFERRABLE INITIALLY DEFERRED "
          "FOR EACH ROW EXECUTE FUNCTION hold()")
      .value();
  const int process = store->process();
  const std::jthread cutter([&] {
    std::this_thread::sleep_for(milliseconds(300));
    cut(url, process);
  });
  auto transaction = store->begin(Kind::write).value();
  const ReservedIds ids = store->reserve_ids(1, 0).value();
  const SubjectRow subject{.id = ids.subject, .name = "Ada", .name_key = "Ada", .created = at(1)};
  store->add_subjects({&subject, 1}).value();
  const Status done = transaction->commit();
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().message.find("nothing of the change was kept"), std::string::npos) << done.error().message;
  EXPECT_TRUE(store->subjects("", 10).value().empty());
}

TEST(PostgresStore, AnotherHistoryIsReadAnew) {
  Server primary;
  Server standby({"--standby-of", primary.folder().string()});
  const auto host = [](const std::string& url) {
    return url.substr(url.find('@') + 1, url.rfind('/') - url.find('@') - 1);
  };
  const std::string both = "postgresql://vultus@" + host(primary.url()) + "," + host(standby.url()) + "/vultus";
  const auto store = open(options_for(both));
  enrol(*store, "Ada");
  const Sequence seen = store->sequence().value();
  EXPECT_FALSE(store->changes_after(seen).value().model);
  {
    Connection follower = Connection::open({.url = standby.url(), .role = postgres::Role::any}).value();
    for (int i = 0; i < 400; ++i) {
      const auto count = follower.integer("SELECT count(*) FROM vultus.subjects");
      if (count && *count == 1) break;
      std::this_thread::sleep_for(milliseconds(20));
    }
  }
  primary.kill();
  standby.promote();
  EXPECT_TRUE(store->changes_after(seen).value().model) << "what the new primary holds need not be what was seen";
  EXPECT_FALSE(store->changes_after(seen).value().model) << "told once";
  EXPECT_EQ(store->subjects("", 10).value().size(), 1U);
  enrol(*store, "Grace");
  EXPECT_EQ(store->subjects("", 10).value().size(), 2U);
}

TEST(PostgresStore, AlteredRowsAreFound) {
  const std::string url = fresh_database();
  const auto store = open(options_for(url));
  const FaceId face = enrol(*store, "Ada");
  EXPECT_TRUE(store->check({}).value().sound());
  Connection thief = Connection::open({.url = url}).value();
  thief.execute("UPDATE vultus.templates SET template = set_byte(template, 3, 64)").value();
  EXPECT_EQ(store->face_template(face, 1).error().code, ErrorCode::corrupt_data);
  thief.execute("UPDATE vultus.subjects SET notes = 'was never written'").value();
  EXPECT_EQ(store->subjects("", 10).error().code, ErrorCode::corrupt_data);
  thief.execute("UPDATE vultus.meta SET value = 'none at all' WHERE key = 'encryption'").value();
  const GalleryCheck found = store->check({}).value();
  EXPECT_EQ(found.findings.size(), 3U) << ::testing::PrintToString(found.findings);
  EXPECT_EQ(found.subjects, 1);
  EXPECT_EQ(found.faces, 1);
}

TEST(PostgresStore, AnOwnerOfTheDatabaseAloneNeedsNoMoreRights) {
  const std::string url = fresh_database();
  const std::string database = url.substr(url.rfind('/') + 1);
  {
    Connection super = Connection::open({.url = url}).value();
    super.execute("CREATE ROLE r_" + database + " LOGIN; ALTER DATABASE " + database + " OWNER TO r_" + database)
        .value();
  }
  std::string mine = url;
  mine.replace(mine.find("vultus@"), 6, "r_" + database);
  {
    const auto store = open(options_for(mine));
    enrol(*store, "Ada");
    EXPECT_TRUE(store->check({}).value().sound());
  }
  Connection super = Connection::open({.url = url}).value();
  super
      .execute("REASSIGN OWNED BY r_" + database + " TO vultus; DROP OWNED BY r_" + database + "; DROP ROLE r_" +
               database)
      .value();
}

class SearchableStore : public ::testing::TestWithParam<Searchable> {};

TEST_P(SearchableStore, IsSearchedByAnyClientOfSql) {
  const std::string url = fresh_database();
  PostgresOptions options = options_for(url);
  options.searchable = GetParam();
  const auto store = open(options);
  EXPECT_EQ(store->searchable().value(), GetParam());
  auto transaction = store->begin(Kind::write).value();
  const ReservedIds ids = store->reserve_ids(2, 2).value();
  const std::int64_t s = ids.subject.number();
  const std::vector<SubjectRow> subjects{
      {.id = SubjectId(s), .name = "Ada", .name_key = "Ada", .created = at(1)},
      {.id = SubjectId(s + 1), .name = "Grace", .name_key = "Grace", .created = at(1)}};
  store->add_subjects(subjects).value();
  const std::vector<std::vector<float>> values{{1, 0, 0, 0}, {0.6F, 0.8F, 0, 0}};
  std::vector<WholeFace> faces(2);
  for (int i = 0; i < 2; ++i) {
    const FaceId face(ids.face.number() + i);
    faces[static_cast<std::size_t>(i)].face = {.id = face, .subject = SubjectId(s + i), .enrolled = at(2)};
    faces[static_cast<std::size_t>(i)].templates = {
        {.face = face, .model = 1, .bytes = template_of(values[static_cast<std::size_t>(i)])}};
  }
  store->add_faces(faces).value();
  transaction->commit().value();

  Connection client = Connection::open({.url = url}).value();
  // Cosines by hand: 1 and 0.6 to the first axis; 0 and 0.8 to the second.
  const std::string sql =
      "SELECT name, 1 - (embedding <=> '[1,0,0,0]') FROM vultus.searchable "
      "ORDER BY embedding <=> '[1,0,0,0]' LIMIT 2";
  const auto first = client.run(sql).value();
  ASSERT_EQ(first.rows(), 2U);
  EXPECT_EQ(first.text(0, 0), "Ada");
  EXPECT_NEAR(first.real(0, 1), 1.0, 1e-6);
  EXPECT_EQ(first.text(1, 0), "Grace");
  EXPECT_NEAR(first.real(1, 1), 0.6, 1e-3);  // a half keeps 11 bits
  EXPECT_TRUE(store->check({}).value().sound());
  if (GetParam() == Searchable::hnsw) {
    client.execute("SET enable_seqscan = off; SET enable_sort = off").value();
    const auto plan = client.run("EXPLAIN " + sql).value();
    std::string text;
    for (std::size_t i = 0; i < plan.rows(); ++i) text += plan.text(i, 0) + "\n";
    EXPECT_NE(text.find("vectors_hnsw_1"), std::string::npos) << text;
  }
  client.execute("UPDATE vultus.vectors SET embedding = '[0,0,0,1]' WHERE face = 2").value();
  EXPECT_EQ(store->check({}).value().findings.size(), 1U);

  // A removed face is found by nobody; another model has a dimension of its own.
  auto removal = store->begin(Kind::write).value();
  EXPECT_EQ(store->remove_subject(SubjectId(s + 1)).value(), 1);
  const ModelRowId other =
      store->add_model({.id = ModelId("other"), .dimension = 2, .sha256 = "", .preset = ""}, at(3)).value();
  const TemplateRow again{.face = ids.face, .model = other, .bytes = template_of({0, 1})};
  store->add_templates({&again, 1}).value();
  store->set_meta(kMetaModel, std::to_string(other)).value();
  removal->commit().value();
  const auto second = client.run("SELECT name, embedding::text FROM vultus.searchable").value();
  ASSERT_EQ(second.rows(), 1U);
  EXPECT_EQ(second.text(0, 1), "[0,1]");
  auto end = store->begin(Kind::write).value();
  store->remove_model(1).value();
  end->commit().value();
  EXPECT_TRUE(store->check({}).value().sound());
  EXPECT_EQ(open(options_for(url))->searchable().value(), GetParam()) << "the choice is the gallery's";
}

INSTANTIATE_TEST_SUITE_P(All, SearchableStore, ::testing::Values(Searchable::exact, Searchable::hnsw),
                         [](const auto& what) { return what.param == Searchable::hnsw ? "hnsw" : "exact"; });

}  // namespace
}  // namespace vultus::gallery
