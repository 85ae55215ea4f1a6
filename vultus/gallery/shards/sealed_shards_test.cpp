// Encryption, rotation, forgetting and the audit log of a gallery over three databases.
#include <algorithm>
#include <array>
#include <map>

#include <gtest/gtest.h>

#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>
#include <vultus/gallery/shards/test_shards.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/vault/test_vault.hpp>
#include <vultus/postgres/connection.hpp>

namespace vultus::gallery::testing {
namespace {

class SealedShards : public ThreeShards {
 protected:
  SealedShards() {
    make_key_file(folder_ / "key").value();
    make_key_file(folder_ / "next").value();
  }

  [[nodiscard]] GalleryOptions options(GalleryAccess access = GalleryAccess::create_or_open) const {
    GalleryOptions options = options_of(shards_, access);
    options.sql_search = SqlSearch::none;
    options.key = key();
    options.who = "tester";
    return options;
  }
  [[nodiscard]] KeySource key() const { return KeySource::from_file(folder_ / "key"); }
  [[nodiscard]] KeySource next_key() const { return KeySource::from_file(folder_ / "next"); }
  [[nodiscard]] std::string url(std::size_t shard) const { return shards_.map().shards[shard].urls[0]; }
  [[nodiscard]] postgres::Connection client(std::size_t shard) const {
    return postgres::Connection::open({.url = url(shard)}).value();
  }
  /// The keyring of a shard, as a program of its own opens it.
  [[nodiscard]] Keyring keyring(std::size_t shard, const KeySource& with) const {
    auto thief = client(shard);
    const auto id = thief.run("SELECT value FROM vultus.meta WHERE key = 'gallery'").value();
    return Keyring::open(KeyringAt(url(shard), shards_.map().shards[shard].name),
                         gallery_id_from(id.text(0, 0)).value(), with)
        .value();
  }
  /// In which shards a subject has rows, and in which a key.
  [[nodiscard]] std::vector<std::size_t> shards_with_row(SubjectId id) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < 3; ++i)
      if (client(i).integer("SELECT count(*) FROM vultus.subjects WHERE id = " + std::to_string(id.number())).value() >
          0)
        all.push_back(i);
    return all;
  }
  [[nodiscard]] std::vector<std::size_t> shards_with_key(SubjectId id) const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < 3; ++i)
      if (keyring(i, key()).has(id.number())) all.push_back(i);
    return all;
  }

  Folder folder_;
};

TEST_F(SealedShards, AreMadeByDefaultAndTellAThiefNothing) {
  GalleryOptions without = options();
  without.key.reset();
  EXPECT_EQ(Gallery::open(without).error().code, ErrorCode::invalid_argument);
  const auto faces = people(60);
  Gallery gallery = open(options());
  EXPECT_TRUE(gallery.info().encrypted);
  EXPECT_EQ(gallery.info().audit, AuditLevel::all);
  ASSERT_TRUE(gallery.enrol(faces));
  const Folder folder;
  Gallery one = open(options_for(folder / "g", kDimension));
  ASSERT_TRUE(one.enrol(faces));
  const Gallery reader = open(options(GalleryAccess::read_only));
  std::mt19937 random(7);
  for (int i = 0; i < 5; ++i) {
    const Embedding probe = random_embedding(random, kDimension);
    const auto here = reader.search(probe, {.top_k = 10}).value();
    const auto there = one.search(probe, {.top_k = 10}).value();
    ASSERT_EQ(here.size(), there.size());
    for (std::size_t k = 0; k < here.size(); ++k) {
      EXPECT_EQ(here[k].name, there[k].name);
      EXPECT_EQ(here[k].similarity, there[k].similarity);
    }
  }
  EXPECT_EQ(reader.faces_of_source(digest('3')).value().size(), 6U);
  EXPECT_EQ(reader.find_subject("subject 7").value().value().name, "subject 7");
  for (std::size_t i = 0; i < 3; ++i) {
    auto thief = client(i);
    std::string all;
    for (const char* table : {"subjects", "faces", "templates", "audit", "meta"}) {
      const auto rows = thief.run("SELECT t::text FROM vultus." + std::string(table) + " t").value();
      for (std::size_t row = 0; row < rows.rows(); ++row) all += rows.text(row, 0) + "\n";
    }
    EXPECT_GT(all.size(), 1000U);
    EXPECT_EQ(all.find("subject 1"), std::string::npos);
    EXPECT_EQ(all.find(digest('3')), std::string::npos);
    EXPECT_EQ(all.find("tester"), std::string::npos) << "records of the log are sealed";
  }
  for (const EnrolOutcome& again : gallery.enrol(faces).value()) EXPECT_TRUE(again.already_there);
  EXPECT_TRUE(gallery.check().value().sound());
  GalleryOptions wrong = options();
  wrong.key = next_key();
  EXPECT_EQ(Gallery::open(wrong).error().code, ErrorCode::invalid_argument);
}

TEST_F(SealedShards, KeepTheirKeyringsInFilesWhereThatIsWanted) {
  GalleryOptions files = options();
  files.keyring = folder_ / "keys";
  ASSERT_TRUE(open(files).enrol(people(9)));
  for (const char* name : {"keys.a", "keys.b", "keys.c"}) EXPECT_TRUE(std::filesystem::exists(folder_ / name)) << name;
  EXPECT_EQ(client(0).integer("SELECT to_regclass('vultus_keys.rings') IS NULL").value(), 1);
  EXPECT_EQ(open(files).info().faces, 9);
  EXPECT_EQ(Gallery::open(options()).error().code, ErrorCode::not_found) << "not in the database";
}

TEST_F(SealedShards, APassphraseIsAskedForOnce) {
  int asked = 0;
  GalleryOptions phrase = options();
  phrase.passphrase_cost = kCheap;
  phrase.key = KeySource::from_passphrase([&]() -> Result<std::string> {
    ++asked;
    return std::string("correct horse");
  });
  ASSERT_TRUE(open(phrase).enrol(people(9)));
  EXPECT_EQ(asked, 1);
  EXPECT_TRUE(wants_passphrase(shards_.path()));
  EXPECT_EQ(open(phrase).info().faces, 9);
  EXPECT_EQ(asked, 2);
}

TEST_F(SealedShards, WhoMovesGetsAnotherKeyAndLeavesNoneBehind) {
  Gallery gallery = open(options());
  const auto faces = people(12);
  const SubjectId id = gallery.enrol(faces).value()[0].subject;
  std::size_t moves = 0;
  auto before = shards_with_row(id);
  for (int i = 0; i < 8; ++i) {
    ASSERT_TRUE(gallery.rename(id, "new name " + std::to_string(i), IfNameTaken::refuse));
    const auto now = shards_with_row(id);
    ASSERT_EQ(now.size(), 1U);
    EXPECT_EQ(shards_with_key(id), now);
    if (now != before) ++moves;
    before = now;
  }
  EXPECT_GT(moves, 0U);
  const auto found = gallery.search(faces[0].embedding).value();
  EXPECT_EQ(found.at(0).name, "new name 7");
  EXPECT_EQ(open(options(GalleryAccess::read_only)).templates(id).value().size(), 1U);
  EXPECT_TRUE(gallery.check().value().sound());
}

TEST_F(SealedShards, ForgettingDestroysEveryKeyThatIsLeft) {
  Gallery gallery = open(options());
  const auto faces = people(12);
  const SubjectId id = gallery.enrol(faces).value()[0].subject;
  const std::size_t at = shards_with_row(id).at(0);
  // What a move that was interrupted behind its second commit leaves: a key without rows.
  const std::size_t other = (at + 1) % 3;
  ASSERT_TRUE(keyring(other, key()).add(std::array{id.number()}, fixed_time()));
  Secret secret = Secret::of_size(kKeyBytes).value();
  ASSERT_TRUE(keyring(at, key()).unwrap(id.number(), secret));
  const std::string mark = fingerprint(secret.key());
  const ForgetProof proof = gallery.forget(id).value();
  EXPECT_EQ(proof.key_fingerprint, mark);
  EXPECT_NE(proof.keyring.find("\"" + shards_.map().shards[at].name + "\" in postgresql://"), std::string::npos);
  EXPECT_TRUE(proof.clean());
  EXPECT_TRUE(shards_with_row(id).empty());
  EXPECT_TRUE(shards_with_key(id).empty());
  for (const std::size_t i : {at, other}) {
    const Keyring ring = keyring(i, key());
    EXPECT_TRUE(ring.destroyed().contains(id.number()));
    EXPECT_EQ(ring.unwrap(id.number(), secret).error().code, ErrorCode::not_found);
  }
  EXPECT_EQ(gallery.forget(id).error().code, ErrorCode::not_found);
  EXPECT_EQ(everybody(gallery, faces[0].embedding).size(), 11U);
  EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
}

TEST_F(SealedShards, AreListedAfterARemovalByAnotherServer) {
  Gallery gallery = open(options());
  const auto outcomes = gallery.enrol(people(12)).value();
  Gallery other = open(options());
  ASSERT_TRUE(other.remove(outcomes[4].subject));
  const auto listed = gallery.subjects({.limit = 11});
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(listed->size(), 11U) << "a page is full as long as there is somebody";
  EXPECT_EQ(std::ranges::count(*listed, outcomes[4].subject, &Subject::id), 0);
}

TEST_F(SealedShards, AChangeOfTheKeyThatWasInterruptedGoesOn) {
  const auto faces = people(12);
  { ASSERT_TRUE(open(options()).enrol(faces)); }
  ASSERT_TRUE(keyring(1, key()).change_master(next_key(), {}));
  EXPECT_EQ(Gallery::open(options()).error().code, ErrorCode::invalid_argument) << "one shard wants the other key";
  GalleryOptions both = options();
  both.other_key = next_key();
  { ASSERT_TRUE(open(both).rotate_key(next_key(), {}, RenewKeys::master)); }
  EXPECT_EQ(Gallery::open(options()).error().code, ErrorCode::invalid_argument);
  GalleryOptions fresh = options();
  fresh.key = next_key();
  Gallery gallery = open(fresh);
  EXPECT_EQ(everybody(gallery, faces[0].embedding), names_of(faces));
  Secret before = Secret::of_size(kKeyBytes).value();
  Secret after = Secret::of_size(kKeyBytes).value();
  const SubjectId id = gallery.find_subject("subject 3").value().value().id;
  const std::size_t at = shards_with_row(id).at(0);
  ASSERT_TRUE(keyring(at, next_key()).unwrap(id.number(), before));
  ASSERT_TRUE(gallery.rotate_key(key(), {}, RenewKeys::all));
  ASSERT_TRUE(keyring(at, key()).unwrap(id.number(), after));
  EXPECT_NE(fingerprint(before.key()), fingerprint(after.key()));
  EXPECT_EQ(everybody(open(options()), faces[0].embedding), names_of(faces));
}

TEST_F(SealedShards, TheLogSaysInEachShardWhatConcernsIt) {
  Gallery gallery = open(options());
  const auto faces = people(12);
  const auto outcomes = gallery.enrol(faces).value();
  ASSERT_TRUE(gallery.search(faces[4].embedding, {.top_k = 3}));
  const std::string whose = gallery.pseudonym(outcomes[4].subject);
  ASSERT_EQ(whose.size(), 16U);
  ASSERT_TRUE(gallery.note({.what = "decision", .subjects = {outcomes[4].subject}, .detail = "match"}));
  ASSERT_TRUE(gallery.note_change({.what = "export"}));
  std::map<std::string, std::map<std::string, int>> acts;  // by act, then by shard
  std::map<std::string, std::int64_t> last;
  int searched = 0;
  ASSERT_TRUE(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
    ++acts[entry.what][entry.shard];
    EXPECT_EQ(entry.number, ++last[entry.shard]);
    EXPECT_EQ(entry.who, "tester");
    if (entry.what == "search") searched += static_cast<int>(std::ranges::count(entry.subjects, whose));
    return {};
  }));
  EXPECT_EQ(acts["search"].size(), 3U) << "all were searched";
  EXPECT_EQ(searched, 1) << "and one has who was found";
  EXPECT_EQ(acts["decision"].size(), 1U);
  EXPECT_EQ(acts["export"].size(), 3U);
  EXPECT_GT(acts["enrol"].size(), 1U);
}

TEST_F(SealedShards, TheLogShowsWhatWasDoneToIt) {
  Gallery gallery = open(options());
  // So many that no shard stays empty: who lies where is drawn anew in every gallery.
  ASSERT_TRUE(gallery.enrol(people(60)));
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(gallery.search(people(1)[0].embedding));
  const AuditHead head = gallery.audit_head().value();
  ASSERT_EQ(head.shards.size(), 3U);
  const AuditHead read = audit_head_from_json(audit_head_to_json(head)).value();
  EXPECT_EQ(read, head);
  AuditHead forged = head;
  forged.shards[1].number -= 1;
  EXPECT_FALSE(audit_head_from_json(audit_head_to_json(forged)));
  forged = head;
  forged.shards.pop_back();
  EXPECT_FALSE(audit_head_from_json(audit_head_to_json(forged))) << "a shard was left out";
  ASSERT_TRUE(gallery.search(people(1)[0].embedding));
  const AuditVerdict sound = gallery.verify_audit(read).value();
  EXPECT_TRUE(sound.sound()) << sound.findings.front();
  EXPECT_GE(sound.records, 15);
  EXPECT_FALSE(sound.not_proven.empty());

  const auto finding = [&](const std::string& part) {
    const AuditVerdict verdict = gallery.verify_audit(read).value();
    return std::ranges::any_of(verdict.findings, [&](const std::string& one) {
      return one.starts_with("shard \"b\": ") && one.find(part) != std::string::npos;
    });
  };
  auto b = client(1);
  ASSERT_TRUE(b.execute("CREATE TABLE kept AS SELECT * FROM vultus.audit; DELETE FROM vultus.audit WHERE number = 2"));
  EXPECT_TRUE(finding("record 2 is missing"));
  ASSERT_TRUE(
      b.execute("DELETE FROM vultus.audit; INSERT INTO vultus.audit SELECT * FROM kept; "
                "UPDATE vultus.audit SET at = at + interval '1 s' WHERE number = 3"));
  EXPECT_TRUE(finding("record 3 was changed"));
  // The whole log of shard a in the place of b's: sound in itself, and all shards have one key.
  ASSERT_TRUE(b.execute("DELETE FROM vultus.audit"));
  auto a = client(0);
  const auto rows = a.run("SELECT number, at::text, record, encode(mac, 'hex') FROM vultus.audit").value();
  for (std::size_t i = 0; i < rows.rows(); ++i)
    ASSERT_TRUE(b.execute("INSERT INTO vultus.audit VALUES(" + std::to_string(rows.integer(i, 0)) + ", '" +
                          rows.text(i, 1) + "', '" + rows.text(i, 2) + "', decode('" + rows.text(i, 3) + "', 'hex'))"));
  EXPECT_TRUE(finding("record 1 was changed"));
}

TEST_F(SealedShards, TakeOneMoreAndMovePeopleThere) {
  Gallery gallery = open(options());
  const auto faces = people(80);
  ASSERT_TRUE(gallery.enrol(faces));
  const ShardToAdd added{.name = "d", .urls = {postgres::testing::fresh_database()}, .weight = 1};
  EXPECT_EQ(add_shard(shards_.path(), added, {}).error().code, ErrorCode::invalid_argument) << "without the key";
  const ShardsProtection with{.key = key(), .who = "mover"};
  const auto number = add_shard(shards_.path(), added, {.protection = with});
  ASSERT_TRUE(number) << number.error().message;
  const auto report = rebalance_shards(shards_.path(), {.subjects_at_once = 7, .protection = with});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->moved, 5);
  ASSERT_TRUE(gallery.refresh());
  EXPECT_EQ(gallery.info().shards_answered, 4);
  EXPECT_EQ(everybody(gallery, faces[0].embedding), names_of(faces));
  int moved_in = 0;
  ASSERT_TRUE(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
    if (entry.what == "move-in" && entry.shard == "d") moved_in += static_cast<int>(entry.subjects.size());
    return {};
  }));
  EXPECT_EQ(moved_in, report->moved);
  EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
  EXPECT_TRUE(gallery.check().value().sound());
  for (const EnrolOutcome& again : gallery.enrol(faces).value()) EXPECT_TRUE(again.already_there);
}

TEST_F(SealedShards, PlainOnesKeepALogToo) {
  GalleryOptions plain = options();
  plain.sql_search = SqlSearch::exact;
  plain.key.reset();
  Gallery gallery = open(plain);
  EXPECT_FALSE(gallery.info().encrypted);
  EXPECT_EQ(gallery.info().audit, AuditLevel::changes);
  ASSERT_TRUE(gallery.enrol(people(60)));
  ASSERT_TRUE(gallery.set_audit(AuditLevel::all));
  ASSERT_TRUE(gallery.search(people(1)[0].embedding));
  const AuditVerdict verdict = gallery.verify_audit(std::nullopt).value();
  EXPECT_TRUE(verdict.sound());
  EXPECT_GE(verdict.records, 9);
  EXPECT_EQ(gallery.encrypt(key()).error().code, ErrorCode::unsupported);
}

}  // namespace
}  // namespace vultus::gallery::testing
