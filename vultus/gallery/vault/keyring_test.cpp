#include <vultus/gallery/vault/keyring.hpp>

#include <csignal>

#include <gtest/gtest.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::bytes_of;
using testing::counting_id;
using testing::fixed_time;
using testing::Folder;
using testing::kCheap;
using testing::passphrase;
using testing::write_bytes;

/// A sealed keyring with keys for subjects 1, 2 and 3.
class KeyringTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(make_key_file(folder_ / "master"));
    ASSERT_TRUE(Keyring::make(how(KeySource::from_file(folder_ / "master"))));
    ASSERT_TRUE(open().add(std::vector<std::int64_t>{1, 2, 3}, fixed_time()));
  }
  [[nodiscard]] std::filesystem::path path() const { return folder_ / "people.vgal.keys"; }
  [[nodiscard]] KeySource master() const { return KeySource::from_file(folder_ / "master"); }
  [[nodiscard]] NewKeyring how(std::optional<KeySource> master) const {
    return {.at = path(), .gallery = counting_id(), .master = std::move(master), .cost = kCheap, .now = fixed_time()};
  }
  [[nodiscard]] Result<Keyring> try_open() const { return Keyring::open(path(), counting_id(), master()); }
  [[nodiscard]] Keyring open() const { return try_open().value(); }
  static std::string key_of(const Keyring& keyring, std::int64_t subject) {
    Secret key = Secret::of_size(kKeyBytes).value();
    const Status found = keyring.unwrap(subject, key);
    return found ? hex_of(key.bytes()) : found.error().message;
  }

  static std::string older_key_of(const Keyring& keyring, std::int64_t subject) {
    Secret key = Secret::of_size(kKeyBytes).value();
    const Status found = keyring.unwrap_old(subject, key);
    return found ? hex_of(key.bytes()) : found.error().message;
  }
  /// Where the record lies that was the n-th to be added to the first ones.
  static std::size_t place_of(std::size_t added) { return kRecordsAt + (kKeyUses + added) * kRecordBytes; }

  Folder folder_{Folder::On::memory};
};

TEST_F(KeyringTest, IsPrivateAndKeepsItsKeys) {
  struct stat about {};
  ASSERT_EQ(stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  const Keyring first = open();
  const Keyring second = open();
  EXPECT_EQ(first.subjects(), (std::vector<std::int64_t>{1, 2, 3}));
  for (const std::int64_t subject : {1, 2, 3}) {
    EXPECT_EQ(key_of(first, subject).size(), 64U);
    EXPECT_EQ(key_of(first, subject), key_of(second, subject));
  }
  EXPECT_NE(key_of(first, 1), key_of(first, 2));
  EXPECT_EQ(hex_of(first.key(KeyUse::audit)), hex_of(second.key(KeyUse::audit)));
  EXPECT_NE(hex_of(first.key(KeyUse::audit)), hex_of(first.key(KeyUse::names)));
}

TEST_F(KeyringTest, TheFileHoldsNoKeyInPlain) {
  const Keyring keyring = open();
  const std::string file = bytes_of(path());
  for (const std::int64_t subject : {1, 2, 3}) {
    Secret key = Secret::of_size(kKeyBytes).value();
    ASSERT_TRUE(keyring.unwrap(subject, key));
    EXPECT_EQ(file.find(std::string(key.bytes().begin(), key.bytes().end())), std::string::npos);
  }
  const KeyView audit = keyring.key(KeyUse::audit);
  EXPECT_EQ(file.find(std::string(audit.begin(), audit.end())), std::string::npos);
}

TEST_F(KeyringTest, TheWrongKeyIsOneClearError) {
  ASSERT_TRUE(make_key_file(folder_ / "other"));
  const auto wrong = Keyring::open(path(), counting_id(), KeySource::from_file(folder_ / "other"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(wrong.error().message.starts_with("wrong key")) << wrong.error().message;
  EXPECT_EQ(Keyring::open(path(), counting_id(), std::nullopt).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(Keyring::open(path(), counting_id(), passphrase("x")).error().code, ErrorCode::invalid_argument);
  GalleryId other = counting_id();
  other[0] ^= 1U;
  EXPECT_EQ(Keyring::open(path(), other, master()).error().code, ErrorCode::corrupt_data);
}

TEST_F(KeyringTest, APassphraseOpensItWithTheStoredRule) {
  std::filesystem::remove(path());
  ASSERT_TRUE(Keyring::make(how(passphrase("horse"))));
  EXPECT_EQ(Keyring::open(path(), counting_id(), passphrase("horse")).value().kind(), KeyringKind::passphrase);
  EXPECT_TRUE(Keyring::open(path(), counting_id(), passphrase("house")).error().message.starts_with("wrong key"));
  EXPECT_EQ(try_open().error().code, ErrorCode::invalid_argument);
}

TEST_F(KeyringTest, AnAlteredByteAnywhereIsFound) {
  const std::string sound = bytes_of(path());
  const std::string first = key_of(open(), 1);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    std::string altered = sound;
    altered[i] = static_cast<char>(altered[i] ^ 4);
    write_bytes(path(), altered);
    const auto opened = try_open();
    if (i < kRecordsAt) {
      // The other header still opens it, and mends the damaged one.
      ASSERT_TRUE(opened) << i << opened.error().message;
      EXPECT_EQ(bytes_of(path()), sound) << i;
      EXPECT_EQ(key_of(*opened, 1), first);
    } else if (i < kRecordsAt + kKeyUses * kRecordBytes) {
      ASSERT_FALSE(opened) << i;
      EXPECT_EQ(opened.error().code, ErrorCode::corrupt_data) << i;
    } else {
      ASSERT_TRUE(opened) << i;
      EXPECT_EQ(opened->check().value().findings.size(), 1U) << i;
    }
  }
}

TEST_F(KeyringTest, WithBothHeadersDamagedNothingOpens) {
  std::string altered = bytes_of(path());
  altered[100] = static_cast<char>(altered[100] ^ 1);
  altered[kHeaderBytes + 200] = static_cast<char>(altered[kHeaderBytes + 200] ^ 1);
  write_bytes(path(), altered);
  EXPECT_EQ(try_open().error().code, ErrorCode::corrupt_data);
  write_bytes(path(), "");
  EXPECT_EQ(try_open().error().code, ErrorCode::corrupt_data);
}

TEST_F(KeyringTest, ADestroyedKeyIsGoneFromTheFileAndForEveryProcess) {
  const std::string before = bytes_of(path());
  Keyring keyring = open();
  const Keyring other = open();
  Secret key = Secret::of_size(kKeyBytes).value();
  ASSERT_TRUE(keyring.unwrap(2, key));
  const std::string print = fingerprint(key.key());

  const auto gone = keyring.destroy(2, fixed_time()).value();
  ASSERT_TRUE(gone);
  EXPECT_EQ(*gone, (DestroyedKey{2, print, fixed_time()}));
  const std::string after = bytes_of(path());
  ASSERT_EQ(after.size(), before.size());
  // Records follow the keys of the gallery: that of subject 2 is the second of three.
  const std::size_t at = kRecordsAt + (kKeyUses + 1) * kRecordBytes;
  EXPECT_EQ(after.find(before.substr(at + 24, kWrappedBytes)), std::string::npos) << "the wrapped key is nowhere";
  EXPECT_EQ(after.substr(0, at), before.substr(0, at)) << "and nothing else changed";
  EXPECT_EQ(after.substr(at + kRecordBytes), before.substr(at + kRecordBytes));

  EXPECT_EQ(key_of(keyring, 2), "subject 2: its key was destroyed");
  EXPECT_EQ(key_of(other, 2), "subject 2: its key was destroyed");
  EXPECT_EQ(key_of(open(), 2), "subject 2: its key was destroyed");
  EXPECT_EQ(key_of(other, 1).size(), 64U);
  EXPECT_EQ(open().destroyed().at(2), *gone);
  EXPECT_EQ(keyring.destroy(2, fixed_time()).value(), gone) << "a second time tells the same";
  EXPECT_EQ(open().add(std::vector<std::int64_t>{2}, fixed_time()).error().code, ErrorCode::internal);
  EXPECT_FALSE(keyring.destroy(99, fixed_time()).value());
}

TEST_F(KeyringTest, AForgedMarkOfDestructionIsRefused) {
  std::string file = bytes_of(path());
  const RecordBytes forged = to_bytes(KeyringRecord{.kind = RecordKind::destroyed, .id = 3});
  file.replace(kRecordsAt + (kKeyUses + 2) * kRecordBytes, kRecordBytes, std::string(forged.begin(), forged.end()));
  write_bytes(path(), file);
  EXPECT_EQ(try_open().error().code, ErrorCode::corrupt_data);
}

TEST_F(KeyringTest, ARecordOfAnotherSubjectDoesNotOpen) {
  std::string file = bytes_of(path());
  KeyringRecord stolen = *record_from(std::span(reinterpret_cast<const std::uint8_t*>(file.data()), file.size())
                                          .subspan(kRecordsAt + kKeyUses * kRecordBytes)
                                          .first<kRecordBytes>());
  ASSERT_EQ(stolen.id, 1);
  stolen.id = 3;
  const RecordBytes bytes = to_bytes(stolen);
  file.replace(kRecordsAt + (kKeyUses + 2) * kRecordBytes, kRecordBytes, std::string(bytes.begin(), bytes.end()));
  write_bytes(path(), file);
  EXPECT_NE(key_of(open(), 3).find("does not open"), std::string::npos);
}

TEST_F(KeyringTest, WhatWasNotWrittenWholeDoesNotCount) {
  const std::string sound = bytes_of(path());
  for (std::size_t rest = 1; rest < kRecordBytes; rest += 9) {
    write_bytes(path(), sound + std::string(rest, 'x'));
    Keyring keyring = open();
    EXPECT_EQ(keyring.subjects().size(), 3U);
    ASSERT_TRUE(keyring.add(std::vector<std::int64_t>{4}, fixed_time()));
    EXPECT_EQ(key_of(open(), 4).size(), 64U);
    EXPECT_TRUE(open().check().value().findings.empty());
  }
}

TEST_F(KeyringTest, OneProcessSeesWhatAnotherAdds) {
  Keyring reader = open();
  ASSERT_TRUE(open().add(std::vector<std::int64_t>{4}, fixed_time()));
  EXPECT_FALSE(reader.has(4));
  ASSERT_TRUE(reader.refresh());
  EXPECT_EQ(key_of(reader, 4).size(), 64U);
  EXPECT_EQ(key_of(reader, 4), key_of(open(), 4));
}

TEST_F(KeyringTest, ASubjectKeepsItsKeyWhenItIsAddedAgain) {
  Keyring keyring = open();
  const std::string before = key_of(keyring, 1);
  ASSERT_TRUE(keyring.add(std::vector<std::int64_t>{1, 5}, fixed_time()));
  EXPECT_EQ(key_of(open(), 1), before);
  EXPECT_TRUE(open().has(5));
}

TEST_F(KeyringTest, ANewMasterKeyOpensItAndTheOldOneDoesNot) {
  const std::string before = key_of(open(), 1);
  ASSERT_TRUE(make_key_file(folder_ / "next"));
  ASSERT_TRUE(open().change_master(KeySource::from_file(folder_ / "next"), kCheap));
  EXPECT_TRUE(try_open().error().message.starts_with("wrong key"));
  const auto opened = Keyring::open(path(), counting_id(), KeySource::from_file(folder_ / "next"));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(key_of(*opened, 1), before);
}

TEST_F(KeyringTest, AnInterruptedChangeOfTheMasterKeyIsFinishedAtTheNextOpening) {
  const std::string before = bytes_of(path());
  ASSERT_TRUE(make_key_file(folder_ / "next"));
  ASSERT_TRUE(open().change_master(KeySource::from_file(folder_ / "next"), kCheap));
  std::string after = bytes_of(path());
  // As if the power had gone between the two headers: the first is still the old one.
  std::string half = before.substr(0, kHeaderBytes) + after.substr(kHeaderBytes);
  write_bytes(path(), half);
  ASSERT_TRUE(Keyring::open(path(), counting_id(), KeySource::from_file(folder_ / "next")));
  EXPECT_EQ(bytes_of(path()), after);
  // And before the first write: nothing has happened.
  write_bytes(path(), before);
  EXPECT_TRUE(try_open());
}

TEST_F(KeyringTest, ANewKeyOfTheGalleryKeepsTheKeysOfSubjects) {
  Keyring keyring = open();
  ASSERT_TRUE(keyring.destroy(2, fixed_time()));
  const std::string one = key_of(keyring, 1);
  const std::string audit = hex_of(keyring.key(KeyUse::audit));
  const std::string before = bytes_of(path());
  Keyring other = open();
  ASSERT_TRUE(keyring.renew_gallery_key(master(), kCheap));
  EXPECT_EQ(key_of(keyring, 1), one);
  const Keyring opened = open();
  EXPECT_EQ(key_of(opened, 1), one);
  EXPECT_EQ(hex_of(opened.key(KeyUse::audit)), audit);
  EXPECT_EQ(opened.destroyed(), keyring.destroyed());
  EXPECT_EQ(opened.destroyed().at(2).at, fixed_time());
  EXPECT_FALSE(std::filesystem::exists(path().string() + ".new"));
  EXPECT_EQ(bytes_of(path()).find(before.substr(72, kWrappedBytes)), std::string::npos);
  EXPECT_EQ(other.refresh().error().code, ErrorCode::invalid_argument) << "who had it open is told to open it again";
}

TEST_F(KeyringTest, TwoGenerationsOpenUntilTheOldOneIsDropped) {
  Keyring keyring = open();
  const std::string before = key_of(keyring, 1);
  ASSERT_TRUE(keyring.add_new_generation(fixed_time()));
  Keyring again = open();
  EXPECT_TRUE(again.has_old_generation());
  EXPECT_NE(key_of(again, 1), before);
  Secret old = Secret::of_size(kKeyBytes).value();
  ASSERT_TRUE(again.unwrap_old(1, old));
  EXPECT_EQ(hex_of(old.bytes()), before);
  ASSERT_TRUE(again.drop_old_generation());
  EXPECT_FALSE(open().has_old_generation());
  EXPECT_EQ(key_of(open(), 1), key_of(keyring, 1));
}

// During a renewal subject 2 has an older key, the second that was added, and a newer one, the fifth.
TEST_F(KeyringTest, ADestructionThatWasInterruptedBetweenTwoKeysIsFinishedAtTheNextOpening) {
  const std::string first = key_of(open(), 1);
  ASSERT_TRUE(open().add_new_generation(fixed_time()));
  const std::string before = bytes_of(path());
  ASSERT_TRUE(open().destroy(2, fixed_time()));
  const std::string after = bytes_of(path());
  std::string half = before;
  half.replace(place_of(4), kRecordBytes, after, place_of(4), kRecordBytes);
  ASSERT_NE(half, after);
  write_bytes(path(), half);
  {
    const Keyring keyring = open();
    EXPECT_EQ(keyring.subjects(), (std::vector<std::int64_t>{1, 3}));
    EXPECT_EQ(keyring.destroyed().count(2), 1U);
    EXPECT_EQ(key_of(keyring, 2), "subject 2: its key was destroyed");
    EXPECT_EQ(older_key_of(keyring, 2), "subject 2: its key was destroyed");
    EXPECT_EQ(older_key_of(keyring, 1), first);
    EXPECT_EQ(key_of(keyring, 3).size(), 64U);
  }
  EXPECT_EQ(bytes_of(path()), after);
  // Who may not write the file finishes nothing, and opens nothing of that person either.
  write_bytes(path(), half, std::filesystem::perms::owner_read);
  EXPECT_EQ(older_key_of(open(), 2), "subject 2: its key was destroyed");
}

TEST_F(KeyringTest, ADestructionThatCannotBeWrittenLeavesBothKeys) {
  ASSERT_TRUE(open().add_new_generation(fixed_time()));
  Keyring keyring = open();
  const std::string before = bytes_of(path());
  // Nothing can be written from the newer key on, as if the process were killed there.
  rlimit all{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &all), 0);
  const rlimit some{.rlim_cur = place_of(4), .rlim_max = all.rlim_max};
  auto* const signalled = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &some), 0);
  const auto gone = keyring.destroy(2, fixed_time());
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &all), 0);
  std::signal(SIGXFSZ, signalled);
  EXPECT_FALSE(gone);
  EXPECT_EQ(bytes_of(path()), before) << "the older key goes last";
  EXPECT_EQ(older_key_of(open(), 2).size(), 64U);
}

TEST_F(KeyringTest, AnOlderKeyThatIsGoneAloneIsSeen) {
  const std::string one = bytes_of(path());
  ASSERT_TRUE(open().add_new_generation(fixed_time()));
  const std::string two = bytes_of(path());
  std::string half = two;
  half.replace(place_of(1), kRecordBytes, kRecordBytes, '\0');
  write_bytes(path(), half);
  const auto lacks = [](const Keyring& keyring, std::int64_t subject) {
    return keyring.may_lack_older_key(subject, fixed_time());
  };
  Keyring keyring = open();
  EXPECT_TRUE(lacks(keyring, 2));
  for (const std::int64_t subject : {1, 3, 4}) EXPECT_FALSE(lacks(keyring, subject));
  ASSERT_TRUE(keyring.add(std::vector<std::int64_t>{4}, fixed_time() + std::chrono::seconds(1)));
  EXPECT_FALSE(lacks(keyring, 4)) << "was enrolled later";
  ASSERT_TRUE(keyring.destroy(2, fixed_time()));
  EXPECT_EQ(open().subjects(), (std::vector<std::int64_t>{1, 3, 4}));
  EXPECT_FALSE(lacks(open(), 2));
  for (const std::string& sound : {one, two}) {
    write_bytes(path(), sound);
    for (const std::int64_t subject : {1, 2, 3}) EXPECT_FALSE(lacks(open(), subject));
  }
}

TEST_F(KeyringTest, DroppingKeysTakesBothOfThem) {
  ASSERT_TRUE(open().add_new_generation(fixed_time()));
  ASSERT_TRUE(open().drop(std::vector<std::int64_t>{2}));
  const Keyring keyring = open();
  EXPECT_EQ(keyring.subjects(), (std::vector<std::int64_t>{1, 3}));
  EXPECT_FALSE(keyring.has_old(2));
  EXPECT_FALSE(keyring.knows(2)) << "may come back";
}

TEST_F(KeyringTest, WhoseKeyAnotherProcessDestroyedGetsNoNewOne) {
  Keyring renewing = open();
  ASSERT_TRUE(open().destroy(2, fixed_time()));
  ASSERT_TRUE(renewing.add_new_generation(fixed_time()));
  ASSERT_TRUE(renewing.drop_old_generation());
  ASSERT_TRUE(renewing.renew_gallery_key(master(), kCheap));
  EXPECT_EQ(open().subjects(), (std::vector<std::int64_t>{1, 3}));
  EXPECT_EQ(open().destroyed().count(2), 1U);
}

TEST_F(KeyringTest, AKeyOfTheGalleryIsRenewedAlone) {
  Keyring keyring = open();
  const std::string before = hex_of(keyring.key(KeyUse::snapshot));
  const std::string audit = hex_of(keyring.key(KeyUse::audit));
  ASSERT_TRUE(keyring.renew(KeyUse::snapshot, fixed_time()));
  EXPECT_NE(hex_of(keyring.key(KeyUse::snapshot)), before);
  EXPECT_EQ(hex_of(open().key(KeyUse::snapshot)), hex_of(keyring.key(KeyUse::snapshot)));
  EXPECT_EQ(hex_of(open().key(KeyUse::audit)), audit);
}

TEST_F(KeyringTest, AnOpenKeyringNeedsNoKeyAndCanBeSealed) {
  std::filesystem::remove(path());
  ASSERT_TRUE(Keyring::make(how(std::nullopt)));
  Keyring keyring = Keyring::open(path(), counting_id(), std::nullopt).value();
  EXPECT_EQ(keyring.kind(), KeyringKind::open);
  const std::string audit = hex_of(keyring.key(KeyUse::audit));
  ASSERT_TRUE(keyring.renew_gallery_key(master(), kCheap));
  EXPECT_EQ(Keyring::open(path(), counting_id(), std::nullopt).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(hex_of(open().key(KeyUse::audit)), audit);
}

TEST_F(KeyringTest, OneThatOthersMayReadOrThatIsThereAlreadyIsRefused) {
  EXPECT_EQ(Keyring::make(how(master())).error().code, ErrorCode::invalid_argument);
  ASSERT_EQ(chmod(path().c_str(), 0644), 0);
  EXPECT_NE(try_open().error().message.find("chmod 600"), std::string::npos);
  std::filesystem::remove(path());
  EXPECT_EQ(try_open().error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::gallery
