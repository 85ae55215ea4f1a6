#include <vultus/gallery/vault/sealing.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include <sys/prctl.h>
#include <sys/resource.h>

#include <vultus/gallery/vault/test_vault.hpp>

namespace vultus::gallery {
namespace {

using testing::counting_id;
using testing::counting_key;

std::vector<std::byte> from_hex(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.size() / 2);
  EXPECT_TRUE(bytes_from_hex(text, bytes));
  const auto all = std::as_bytes(std::span(bytes));
  return {all.begin(), all.end()};
}

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Made with PyCryptodome 3.23 (ChaCha20_Poly1305 with a nonce of 24 bytes): key 80..9f, nonce 40..57, associated data
// "vultus1\0", 00..0f, 16 and 7 as 8 bytes each.
constexpr std::string_view kSealed =
    "404142434445464748494a4b4c4d4e4f5051525354555657bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb73"
    "1c7f1b0b4aa644f07aebaf17ad9afd1a67f360cb55f760";
constexpr std::string_view kWords = "Ladies and Gentlemen of the class of '99";

SealedPlace place(SealedColumn column = SealedColumn::face_template, std::int64_t row = 7) {
  return {.gallery = counting_id(), .column = column, .row = row};
}

TEST(Sealing, OpensWhatAnotherImplementationSealed) {
  const auto opened = unseal(from_hex(kSealed), counting_key(), place());
  ASSERT_TRUE(opened);
  EXPECT_EQ(text_of(*opened), kWords);
  EXPECT_EQ(unseal_text("s1:QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXsGgSdFvw9Fr7EnfT9q6dVTJHcm4FRJzsyrr1DEJVDcgFFEHXPXbqu74+"
                        "s1MLHIOf",
                        counting_key(), place(SealedColumn::subject_name))
                .value(),
            "Ada");
}

TEST(Sealing, AnAlteredByteAnywhereIsAnError) {
  const std::vector<std::byte> sound = from_hex(kSealed);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    std::vector<std::byte> altered = sound;
    altered[i] ^= std::byte{1};
    EXPECT_EQ(unseal(altered, counting_key(), place()).error().code, ErrorCode::corrupt_data) << i;
  }
  for (std::size_t length = 0; length < sound.size(); ++length)
    EXPECT_FALSE(unseal(std::span(sound).first(length), counting_key(), place())) << length;
}

TEST(Sealing, AValueOpensInItsPlaceAlone) {
  const std::vector<std::byte> sealed = from_hex(kSealed);
  EXPECT_FALSE(unseal(sealed, counting_key(), place(SealedColumn::face_template, 8)));
  EXPECT_FALSE(unseal(sealed, counting_key(), place(SealedColumn::thumbnail)));
  SealedPlace elsewhere = place();
  elsewhere.gallery[15] ^= 1U;
  EXPECT_FALSE(unseal(sealed, counting_key(), elsewhere));
}

TEST(Sealing, ATextComesBackAndItsLengthIsHidden) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(31, 'a'), std::string(32, 'b'),
                                  std::string("zero\0inside", 11), std::string(65536, '\x80')}) {
    const std::string sealed = seal_text(text, counting_key(), place());
    EXPECT_EQ(unseal_text(sealed, counting_key(), place()).value(), text);
    EXPECT_EQ(sealed.size() == seal_text("", counting_key(), place()).size(), text.size() < 32);
  }
  EXPECT_NE(seal_text("x", counting_key(), place()), seal_text("x", counting_key(), place()))
      << "a new nonce each time";
}

TEST(Sealing, ATextThatIsNoneIsRefused) {
  const std::string sealed = seal_text("Ada", counting_key(), place());
  for (const std::string& bad : {std::string(), std::string("s1:"), std::string("Ada"), "s2:" + sealed.substr(3),
                                 sealed + "!", sealed.substr(0, sealed.size() - 1), std::string("s1:====")})
    EXPECT_EQ(unseal_text(bad, counting_key(), place()).error().code, ErrorCode::corrupt_data) << bad;
}

TEST(Sealing, HashesAreThoseOfBlake2b) {
  // Python: hashlib.blake2b(b"Ada", key=bytes(range(0x80, 0xa0)), digest_size=32), and b"abc" without a key.
  EXPECT_EQ(hex_of(keyed_hash("Ada", counting_key())),
            "4b5d5389a7fe2f8100285d45ccfd3461c63b16ac63e7cfffa7977a6cede7aa0a");
  const std::array<std::uint8_t, 3> abc{'a', 'b', 'c'};
  EXPECT_EQ(hex_of(plain_hash(abc)), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(fingerprint(counting_key()), "bb49f20694e58cbc");
}

TEST(Secret, WhileOneIsHeldTheProcessLeavesNoCoreDump) {
  rlimit before{};
  getrlimit(RLIMIT_CORE, &before);
  ASSERT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
  {
    const Secret one = Secret::random().value();
    const Secret two = Secret::random().value();
    EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    rlimit held{};
    getrlimit(RLIMIT_CORE, &held);
    EXPECT_EQ(held.rlim_cur, 0U);
    EXPECT_FALSE(std::ranges::equal(one.bytes(), two.bytes()));
  }
  EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
  rlimit after{};
  getrlimit(RLIMIT_CORE, &after);
  EXPECT_EQ(after.rlim_cur, before.rlim_cur);
}

TEST(Secret, WhatLiesOpenOnTheDiskLeavesCoreDumpsAsTheyWere) {
  const Secret open = Secret::random(kKeyBytes, Guarding::light).value();
  EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
}

TEST(Secret, ItsPagesAreLocked) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers lock no pages";
#endif
  const auto locked_kib = [] {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmLck:")) return std::stol(line.substr(6));
    return -1L;
  };
  const long before = locked_kib();
  const Secret held = Secret::random().value();
  EXPECT_GT(locked_kib(), before);
}

}  // namespace
}  // namespace vultus::gallery
