// The audit log through the whole facade, and what its verification finds.
#include <algorithm>

#include <unistd.h>

#include <gtest/gtest.h>

#include <vultus/gallery/audit/audit_log.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/store/row_sum.hpp>
#include <vultus/gallery/store/sqlite_schema.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/test_vault.hpp>
#include <vultus/sqlite/database.hpp>

namespace vultus::gallery {
namespace {

using testing::bytes_of;
using testing::embedding;
using testing::face;
using testing::fixed_time;
using testing::Folder;
using testing::options_for;

class Audit : public ::testing::TestWithParam<GalleryEncryption> {
 protected:
  void SetUp() override { ASSERT_TRUE(make_key_file(folder_ / "master")); }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "g.vgal"; }
  [[nodiscard]] GalleryOptions options() const {
    GalleryOptions options = options_for(path(), 4);
    options.key = KeySource::from_file(folder_ / "master");
    options.encryption = GetParam();
    options.audit = AuditLevel::all;
    options.who = "guard at gate 2";
    options.purpose = "entrance";
    return options;
  }
  [[nodiscard]] Gallery open() const { return Gallery::open(options()).value(); }
  static std::vector<AuditEntry> entries(const Gallery& gallery) {
    std::vector<AuditEntry> all;
    EXPECT_TRUE(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
      all.push_back(entry);
      return {};
    }));
    return all;
  }
  /// Five records: enrol, three descriptions, remove.
  void fill() const {
    Gallery gallery = open();
    const NewFace one = face("Ada Lovelace", embedding({1, 2, 3, 4}));
    const SubjectId id = gallery.enrol({&one, 1}).value()[0].subject;
    for (const char* note : {"a", "b", "c"}) ASSERT_TRUE(gallery.describe(id, {.notes = note}));
    ASSERT_TRUE(gallery.remove(id));
  }
  void sql(const std::string& text) const {
    auto file = sqlite::Database::open(format(), {.path = path(), .access = sqlite::Access::read_write}).value();
    ASSERT_TRUE(file.execute(text));
  }
  /// With a right sum, as anybody can compute it.
  void set_level_by_sql(const std::string& level) const {
    sql("UPDATE meta SET value='" + level + "', sum=" + std::to_string(sum_of_meta("audit", level)) +
        " WHERE key='audit'");
  }
  [[nodiscard]] std::vector<std::string> findings(const std::optional<AuditHead>& head = std::nullopt) const {
    return open().verify_audit(head).value().findings;
  }
  [[nodiscard]] static bool sealed() { return GetParam() == GalleryEncryption::sealed; }

  Folder folder_{Folder::On::memory};
};

INSTANTIATE_TEST_SUITE_P(Galleries, Audit, ::testing::Values(GalleryEncryption::none, GalleryEncryption::sealed),
                         [](const auto& tested) {
                           return tested.param == GalleryEncryption::none ? "plain" : "sealed";
                         });

TEST_P(Audit, EveryActIsWrittenDownWithoutNames) {
  Gallery gallery = open();
  const std::vector<NewFace> faces{face("Ada Lovelace", embedding({1, 2, 3, 4})),
                                   face("Grace Hopper", embedding({4, 3, 2, 1}))};
  const auto added = gallery.enrol(faces).value();
  ASSERT_TRUE(gallery.enrol({})) << "nothing is added, so nothing is written";
  ASSERT_TRUE(gallery.search(faces[1].embedding));
  ASSERT_TRUE(gallery.note({.what = "decision", .subjects = {added[1].subject}, .detail = "match"}));
  ASSERT_TRUE(gallery.rename(added[0].subject, "Ada King", IfNameTaken::refuse));
  ASSERT_TRUE(gallery.note_change({.what = "export", .count = 2}));
  ASSERT_TRUE(gallery.remove(added[1].face));
  ASSERT_TRUE(gallery.forget(added[1].subject));
  const std::string ada = gallery.pseudonym(added[0].subject);
  const std::string grace = gallery.pseudonym(added[1].subject);
  EXPECT_NE(ada, grace);

  const auto log = entries(gallery);
  std::vector<std::string> acts;
  for (const AuditEntry& entry : log) {
    acts.push_back(entry.what);
    EXPECT_EQ(entry.number, static_cast<std::int64_t>(acts.size()));
    EXPECT_EQ(entry.who, "guard at gate 2");
    EXPECT_EQ(entry.purpose, "entrance");
    EXPECT_EQ(entry.at, fixed_time());
  }
  EXPECT_EQ(acts,
            (std::vector<std::string>{"enrol", "search", "decision", "rename", "export", "remove-face", "forget"}));
  EXPECT_EQ(log[0].subjects, (std::vector{ada, grace}));
  EXPECT_EQ(log[0].count, 2);
  EXPECT_EQ(log[1].subjects, std::vector{grace}) << "whom the search found";
  EXPECT_EQ(log[2].detail, "match");
  EXPECT_EQ(log[6].subjects, std::vector{grace});
  EXPECT_EQ(log[6].detail.empty(), !sealed()) << "the fingerprint of the key";
  const AuditVerdict verdict = gallery.verify_audit(std::nullopt).value();
  EXPECT_TRUE(verdict.sound());
  EXPECT_EQ(verdict.records, 7);
  EXPECT_FALSE(verdict.proven.empty());
  EXPECT_FALSE(verdict.not_proven.empty());
}

TEST_P(Audit, ASubjectWithoutAFaceIsWrittenDownOnce) {
  Gallery gallery = open();
  const SubjectId ada = gallery.add_subject("Ada Lovelace").value().subject;
  ASSERT_TRUE(gallery.add_subject("Ada Lovelace").value().already_there);
  const auto log = entries(gallery);
  ASSERT_EQ(log.size(), 1U) << "where nothing was added, nothing is written";
  EXPECT_EQ(log[0].what, "add-subject");
  EXPECT_EQ(log[0].subjects, std::vector{gallery.pseudonym(ada)});
  EXPECT_EQ(gallery.subject(ada).value().name, "Ada Lovelace");
}

TEST_P(Audit, AProgramThatActsForManySaysAtEachRecordForWhom) {
  std::string who = "key a1";
  GalleryOptions options = this->options();
  options.actor = [&who] { return AuditActor{.who = who, .purpose = "of " + who}; };
  Gallery gallery = Gallery::open(options).value();
  const NewFace one = face("Ada", embedding({1, 2, 3, 4}));
  ASSERT_TRUE(gallery.enrol({&one, 1}));
  who = "key b2";
  ASSERT_TRUE(gallery.search(one.embedding));
  const auto log = entries(gallery);
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].who, "key a1");
  EXPECT_EQ(log[0].purpose, "of key a1");
  EXPECT_EQ(log[1].who, "key b2");
  EXPECT_EQ(log[1].purpose, "of key b2");
}

TEST_P(Audit, TheLevelSaysWhatIsWritten) {
  GalleryOptions options = this->options();
  options.audit = AuditLevel::changes;
  Gallery gallery = Gallery::open(options).value();
  const NewFace one = face("Ada", embedding({1, 2, 3, 4}));
  ASSERT_TRUE(gallery.enrol({&one, 1}));
  ASSERT_TRUE(gallery.search(one.embedding));
  ASSERT_TRUE(gallery.note({.what = "decision"}));
  EXPECT_EQ(entries(gallery).size(), 1U);
  ASSERT_TRUE(gallery.set_audit(AuditLevel::off));
  ASSERT_TRUE(gallery.describe(SubjectId(1), {.notes = "x"}));
  ASSERT_TRUE(gallery.set_audit(AuditLevel::all));
  ASSERT_TRUE(gallery.search(one.embedding));
  const auto log = entries(gallery);
  ASSERT_EQ(log.size(), 4U);
  EXPECT_EQ(log[1].detail, "off") << "that it was switched off is the last thing written";
  EXPECT_EQ(log[2].detail, "all");
  EXPECT_EQ(log[3].what, "search");
  EXPECT_EQ(gallery.info().audit, AuditLevel::all);
}

TEST_P(Audit, AReaderLeavesRecordsToo) {
  fill();
  GalleryOptions options = this->options();
  options.access = GalleryAccess::read_only;
  options.model.reset();
  const Gallery reader = Gallery::open(options).value();
  ASSERT_TRUE(reader.search(embedding({1, 2, 3, 4})));
  EXPECT_EQ(entries(open()).size(), 6U);
  EXPECT_TRUE(findings().empty());
}

TEST_P(Audit, ASearchThatCannotBeWrittenIsRefused) {
  fill();
  if (geteuid() == 0) GTEST_SKIP() << "a file that cannot be written cannot be made as root";
  std::filesystem::permissions(path(), std::filesystem::perms::owner_read);
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  GalleryOptions options = this->options();
  options.access = GalleryAccess::read_only;
  const Gallery reader = Gallery::open(options).value();
  EXPECT_FALSE(reader.search(embedding({1, 2, 3, 4})));
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
}

TEST_P(Audit, AChangedRecordIsFound) {
  fill();
  sql("UPDATE audit SET at='2020-01-01T00:00:00Z' WHERE number=3");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(findings()[0].starts_with("record 3 was changed")) << findings()[0];
}

TEST_P(Audit, MissingRecordsAreFound) {
  fill();
  sql("DELETE FROM audit WHERE number IN (2,3)");
  EXPECT_EQ(findings(), std::vector<std::string>{"records 2 to 3 are missing"});
}

TEST_P(Audit, ATakenOutRecordIsFoundAlsoWhenTheOthersAreNumberedAnew) {
  fill();
  sql("DELETE FROM audit WHERE number=2; UPDATE audit SET number=number-1 WHERE number=3;"
      "UPDATE audit SET number=number-1 WHERE number=4; UPDATE audit SET number=number-1 WHERE number=5");
  EXPECT_GE(findings().size(), 2U);
  EXPECT_TRUE(findings()[0].starts_with("record 2 was changed"));
}

TEST_P(Audit, ReorderedRecordsAreFound) {
  fill();
  sql("UPDATE audit SET number=99 WHERE number=2; UPDATE audit SET number=2 WHERE number=3;"
      "UPDATE audit SET number=3 WHERE number=99");
  EXPECT_GE(findings().size(), 2U);
}

TEST_P(Audit, ACutOffLogIsFoundByTheStoredHeadAndByAnExportedOne) {
  fill();
  const AuditHead head = open().audit_head().value();
  EXPECT_EQ(head.number, 5);
  EXPECT_TRUE(findings(head).empty());
  sql("DELETE FROM audit WHERE number>3");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(findings()[0].starts_with("the log was cut off behind record 3")) << findings()[0];
  EXPECT_EQ(findings(head).size(), 2U);
  // A forger who also takes the head away, or puts a wrong one there, is found too.
  sql("DELETE FROM meta WHERE key='audit_head'");
  EXPECT_EQ(findings()[0], "the head that the gallery keeps is missing");
  const std::string forged = "3 " + std::string(64, '0') + " " + std::string(64, '0');
  sql("INSERT INTO meta(key, value, sum) VALUES('audit_head', '" + forged + "', " +
      std::to_string(sum_of_meta("audit_head", forged)) + ")");
  EXPECT_EQ(findings()[0], "the head that the gallery keeps was changed");
}

TEST_P(Audit, ALogThatWasTakenOutAsAWholeIsFound) {
  fill();
  sql("DELETE FROM audit; DELETE FROM meta WHERE key='audit_head'");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(findings()[0].starts_with("the log is empty and has no head")) << findings()[0];
  // When it goes on it is not sure whether there was one: a gallery of an older version begins so too.
  ASSERT_TRUE(open().note_change({.what = "export"}));
  EXPECT_EQ(entries(open())[0].what, "log-broken");
  const AuditVerdict verdict = open().verify_audit(std::nullopt).value();
  EXPECT_TRUE(verdict.sound());
  EXPECT_EQ(
      std::ranges::count_if(verdict.not_proven,
                            [](const std::string& line) { return line.starts_with("that record 1 is the first"); }),
      1);
}

TEST_P(Audit, ALogIsKnownToHaveBeenCutOffAlsoWhenItGoesOn) {
  fill();
  sql("DELETE FROM audit WHERE number>3");
  ASSERT_TRUE(open().note_change({.what = "export"}));
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(findings()[0],
            "when record 4 was written, the log was cut off behind record 3: the head that the gallery keeps says 5 "
            "records");
  ASSERT_TRUE(open().note_change({.what = "export"}));
  EXPECT_EQ(findings().size(), 1U);
}

TEST_P(Audit, ALevelThatWasChangedPastTheLogIsFound) {
  fill();
  ASSERT_TRUE(open().set_audit(AuditLevel::changes));
  EXPECT_TRUE(findings().empty());
  set_level_by_sql("off");
  ASSERT_TRUE(open().enrol(std::vector{face("Grace", embedding({1, 0, 0, 0}))})) << "which nobody writes down";
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_EQ(
      findings()[0],
      "the level of the log is \"off\" now, record 6 set it to \"changes\": it was changed past the log, and what "
      "was done since need not stand in it");
  // It stays known when somebody sets the level again, also to what it was changed to.
  ASSERT_TRUE(open().set_audit(AuditLevel::off));
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(findings()[0].starts_with("when record 7 was written, the level of the log is \"off\"")) << findings()[0];
  EXPECT_EQ(entries(open()).back().detail, "off");
}

TEST_P(Audit, ALevelBelowThatOfTheRecordsIsFoundWhereNoRecordSetsIt) {
  fill();
  EXPECT_TRUE(findings().empty());
  set_level_by_sql("off");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(
      findings()[0].starts_with("the level of the log is \"off\" now, no record sets it, and record 5 was written"))
      << findings()[0];
  set_level_by_sql("all");
  EXPECT_TRUE(findings().empty());
  ASSERT_TRUE(open().search(embedding({1, 2, 3, 4})));
  set_level_by_sql("changes");
  ASSERT_EQ(findings().size(), 1U);
  EXPECT_TRUE(findings()[0].find("record 6 was written at \"all\":") != std::string::npos) << findings()[0];
}

TEST_P(Audit, WhatALevelThatIsPutBackHidesIsSaidToBeUnproven) {
  fill();
  set_level_by_sql("off");
  ASSERT_TRUE(open().enrol(std::vector{face("Grace", embedding({1, 0, 0, 0}))}));
  set_level_by_sql("all");
  const AuditVerdict verdict = open().verify_audit(std::nullopt).value();
  EXPECT_TRUE(verdict.sound());
  EXPECT_EQ(
      std::ranges::count_if(verdict.not_proven,
                            [](const std::string& line) { return line.starts_with("that every act was written"); }),
      1);
}

TEST_P(Audit, ALogBeginsWithAHead) {
  {
    const Gallery gallery = open();
    EXPECT_EQ(gallery.audit_head().value().number, 0);
    EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
  }
  sql("DELETE FROM meta WHERE key='audit_head'");
  EXPECT_EQ(findings().size(), 1U);
}

TEST_P(Audit, AnOlderCopyIsFoundByAnExportedHeadAlone) {
  fill();
  const std::string before = bytes_of(path());
  {
    Gallery gallery = open();
    const NewFace one = face("Grace", embedding({1, 0, 0, 0}));
    ASSERT_TRUE(gallery.enrol({&one, 1}));
  }
  const AuditHead head = open().audit_head().value();
  for (const char* more : {"-wal", "-shm"}) std::filesystem::remove(path().string() + more);
  testing::write_bytes(path(), before);
  EXPECT_TRUE(findings().empty()) << "which is what the verdict says it cannot prove";
  ASSERT_EQ(findings(head).size(), 1U);
  EXPECT_TRUE(findings(head)[0].starts_with("the log was cut off behind record 5"));
}

TEST_P(Audit, AHeadIsSignedAndReadBack) {
  fill();
  const AuditHead head = open().audit_head().value();
  const std::string json = audit_head_to_json(head);
  EXPECT_EQ(audit_head_from_json(json).value(), head);
  for (std::size_t i = 0; i < json.size(); ++i) {
    std::string altered = json;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(audit_head_from_json(altered)) << i;
  }
  AuditHead other = head;
  other.number = 2;
  EXPECT_FALSE(is_signed(other));
  // Signed, but by another gallery.
  const Folder elsewhere(Folder::On::memory);
  GalleryOptions options = this->options();
  options.path = elsewhere / "g";
  const AuditHead foreign = Gallery::open(options).value().audit_head().value();
  ASSERT_EQ(findings(foreign).size(), 1U);
  EXPECT_EQ(findings(foreign)[0], "the exported head was not made by this gallery");
}

TEST(AuditRecords, TheChainIsKeyedBlake2bOverTheDocumentedText) {
  AuditRow row{.number = 2, .at = fixed_time(), .record = R"({"what":"enrol","who":"x"})"};
  Hash before{};
  before.fill(0x11);
  // Python: hashlib.blake2b(b'vultus audit 1\n2\n2026-01-02T03:04:05Z\n26\n{"what":"enrol","who":"x"}\n' + b'11'*32,
  //                         key=bytes(range(0x80, 0xa0)), digest_size=32).hexdigest()
  EXPECT_EQ(hex_of(mac_of(row, before, testing::counting_key())),
            "714852141e7f123d88ff60c5671e8905878298fc55573c1d2892ac0bed1c042a");
}

TEST(AuditRecords, AnActWithManySubjectsTakesSeveralRecords) {
  const Folder folder(Folder::On::memory);
  Gallery gallery = Gallery::open(options_for(folder / "g", 2)).value();
  std::vector<NewFace> faces;
  for (int i = 0; i < 1001; ++i) faces.push_back(face("P" + std::to_string(i), embedding({1, 0})));
  ASSERT_TRUE(gallery.enrol(faces));
  std::vector<std::size_t> sizes;
  ASSERT_TRUE(gallery.each_audit(0, [&](const AuditEntry& entry) -> Status {
    sizes.push_back(entry.subjects.size());
    return {};
  }));
  EXPECT_EQ(sizes, (std::vector<std::size_t>{500, 500, 1}));
  EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
}

TEST(AuditRecords, TheKeyringThatADeletedPlainGalleryLeftIsMovedAside) {
  const Folder folder(Folder::On::memory);
  const auto path = folder / "g";
  const NewFace one = face("Ada", embedding({1, 0}));
  ASSERT_TRUE(Gallery::open(options_for(path, 2)).value().enrol({&one, 1}));
  std::filesystem::remove(path);
  Gallery gallery = Gallery::open(options_for(path, 2)).value();
  ASSERT_TRUE(gallery.enrol({&one, 1}));
  EXPECT_TRUE(gallery.verify_audit(std::nullopt).value().sound());
  // That of an encrypted gallery stays where it is: with it every copy would be lost.
  std::filesystem::remove(path);
  std::filesystem::remove(keyring_path(path));
  ASSERT_TRUE(make_key_file(folder / "master"));
  GalleryOptions sealed = options_for(path, 2);
  sealed.key = KeySource::from_file(folder / "master");
  sealed.encryption = GalleryEncryption::sealed;
  ASSERT_TRUE(Gallery::open(sealed));
  std::filesystem::remove(path);
  const std::string keys = bytes_of(keyring_path(path));
  EXPECT_EQ(Gallery::open(sealed).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(bytes_of(keyring_path(path)), keys);
}

TEST(AuditRecords, APlainGalleryWhoseKeyringIsGoneGoesOnAndSaysSo) {
  const Folder folder(Folder::On::memory);
  const auto path = folder / "g";
  const NewFace one = face("Ada", embedding({1, 0}));
  ASSERT_TRUE(Gallery::open(options_for(path, 2)).value().enrol({&one, 1}));
  std::filesystem::remove(keyring_path(path));
  Gallery gallery = Gallery::open(options_for(path, 2)).value();
  EXPECT_EQ(gallery.verify_audit(std::nullopt).error().code, ErrorCode::not_found);
  const NewFace two = face("Grace", embedding({0, 1}));
  ASSERT_TRUE(gallery.enrol({&two, 1}));
  const AuditVerdict verdict = gallery.verify_audit(std::nullopt).value();
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_TRUE(verdict.findings[0].starts_with("records 1 to 1 were written with a keyring"));
}

}  // namespace
}  // namespace vultus::gallery
