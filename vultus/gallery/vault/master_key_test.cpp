#include <vultus/gallery/vault/master_key.hpp>

#include <cstdlib>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::Folder;
using testing::kCheap;
using testing::passphrase;
using testing::write_bytes;

const std::string kHex = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";

PassphraseRule counting_rule(const PassphraseCost& cost) {
  PassphraseRule rule{.cost = cost};
  for (std::size_t i = 0; i < rule.salt.size(); ++i) rule.salt[i] = static_cast<std::uint8_t>(i);
  return rule;
}

ErrorCode code_of(const KeySource& source) { return read_master_key(source, {}).error().code; }

TEST(MasterKey, ComesFromAFileOfItsOwner) {
  const Folder folder;
  const auto path = folder / "key";
  for (const char* end : {"", "\n", "\r\n"}) {
    write_bytes(path, kHex + end);
    const auto key = read_master_key(KeySource::from_file(path), {});
    ASSERT_TRUE(key) << key.error().message;
    EXPECT_EQ(hex_of(key->bytes()), kHex);
  }
}

TEST(MasterKey, AFileThatOthersMayReadIsRefused) {
  const Folder folder;
  const auto path = folder / "key";
  write_bytes(path, kHex);
  for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const auto key = read_master_key(KeySource::from_file(path), {});
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, ErrorCode::invalid_argument);
    EXPECT_NE(key.error().message.find("chmod 600"), std::string::npos);
  }
}

TEST(MasterKey, WhatIsNoKeyIsRefusedAndNotToldBack) {
  const Folder folder;
  const auto path = folder / "key";
  for (const std::string& bad : {std::string(), std::string("secret"), kHex.substr(1), kHex + "0", kHex + "\n\n",
                                 "g" + kHex.substr(1), std::string(5000, '0')}) {
    write_bytes(path, bad);
    const auto key = read_master_key(KeySource::from_file(path), {});
    ASSERT_FALSE(key) << bad;
    EXPECT_EQ(key.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(bad.empty() || key.error().message.find(bad.substr(0, 6)) == std::string::npos);
  }
  EXPECT_EQ(code_of(KeySource::from_file(folder / "none")), ErrorCode::not_found);
  EXPECT_EQ(code_of(KeySource::from_file(folder.path())), ErrorCode::invalid_argument);
  ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of(KeySource::from_file(folder / "pipe")), ErrorCode::invalid_argument) << "and does not wait";
}

TEST(MasterKey, ComesFromTheEnvironment) {
  ::setenv("VULTUS_TEST_KEY", kHex.c_str(), 1);
  EXPECT_EQ(hex_of(read_master_key(KeySource::from_variable("VULTUS_TEST_KEY"), {}).value().bytes()), kHex);
  ::setenv("VULTUS_TEST_KEY", "short", 1);
  EXPECT_EQ(code_of(KeySource::from_variable("VULTUS_TEST_KEY")), ErrorCode::invalid_argument);
  ::unsetenv("VULTUS_TEST_KEY");
  EXPECT_EQ(code_of(KeySource::from_variable("VULTUS_TEST_KEY")), ErrorCode::not_found);
}

TEST(MasterKey, APassphraseGivesTheKeyOfArgon2id) {
  // argon2-cffi 25.1: hash_secret_raw(b"correct horse", bytes(range(16)), time_cost=2, memory_cost=64, parallelism=1,
  // hash_len=32, type=Type.ID)
  const std::string expected = "9c87c06898bc18516669b54a8b95d36e622946494d7a55c26f391a0406068c19";
  const PassphraseRule rule = counting_rule({.passes = 2, .memory_bytes = 65536});
  EXPECT_EQ(hex_of(read_master_key(passphrase("correct horse"), rule).value().bytes()), expected);
  const Folder folder;
  for (const char* text : {"correct horse", "correct horse\n", "correct horse\r\n", "correct horse\nbattery\n"}) {
    write_bytes(folder / "pass", text);
    EXPECT_EQ(hex_of(read_master_key(KeySource::from_passphrase_file(folder / "pass"), rule).value().bytes()), expected)
        << text;
  }
}

TEST(MasterKey, AnEmptyOrEndlessPassphraseIsRefused) {
  const PassphraseRule rule = counting_rule(kCheap);
  EXPECT_EQ(read_master_key(passphrase(""), rule).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(read_master_key(passphrase(std::string(1025, 'x')), rule).error().code, ErrorCode::invalid_argument);
  EXPECT_TRUE(read_master_key(passphrase(std::string(1024, 'x')), rule));
  const Folder folder;
  write_bytes(folder / "pass", "");
  EXPECT_EQ(read_master_key(KeySource::from_passphrase_file(folder / "pass"), rule).error().code,
            ErrorCode::invalid_argument);
}

TEST(MasterKey, ACostOutsideItsRangeIsRefusedBeforeMemoryIsTaken) {
  for (const PassphraseCost& cost :
       {PassphraseCost{.passes = 0}, PassphraseCost{.passes = 17}, PassphraseCost{.passes = UINT64_MAX},
        PassphraseCost{.memory_bytes = 0}, PassphraseCost{.memory_bytes = (1ULL << 30) + 1},
        PassphraseCost{.memory_bytes = UINT64_MAX}})
    EXPECT_EQ(read_master_key(passphrase("x"), counting_rule(cost)).error().code, ErrorCode::invalid_argument);
}

TEST(MasterKey, ANewKeyFileIsPrivateAndNeverReplaced) {
  const Folder folder;
  const auto path = folder / "key";
  ASSERT_TRUE(make_key_file(path));
  struct stat about {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_TRUE(read_master_key(KeySource::from_file(path), {}));
  EXPECT_EQ(make_key_file(path).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(make_key_file(folder / "no" / "key").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace vultus::gallery
