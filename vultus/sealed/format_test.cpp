// Files of encrypted search: what is written is read, what was altered is refused.
#include <algorithm>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <vultus/core/test_folder.hpp>
#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/format.hpp>
#include <vultus/sealed/scheme.hpp>
#include <vultus/sealed/test_faces.hpp>

namespace vultus::sealed {
namespace {

using ::testing::HasSubstr;
constexpr GuessCost kCheap{.passes = 1, .memory_kib = 8};

const auto kNoPhrase = [] { return Result<std::string>(fail(ErrorCode::invalid_argument, "asked")); };

struct Everything {
  SealedGallery gallery;
  SealedProbe probe;
  SealedResult result, compared;
};

const Everything& everything() {
  static const Everything kAll = [] {
    const PublicKey& key = test_key().public_key();
    const auto rows = planted(3, 8, 1);
    SealedGallery gallery = make_gallery(key, "planted", 8, {}).value();
    EXPECT_TRUE(Enroller::make(key)->add(gallery, rows));
    Searcher searcher = Searcher::make(gallery).value();
    return Everything{.gallery = gallery,
                      .probe = seal_probe(key, "planted", rows[0].values, {}).value(),
                      .result = searcher.search(rows[1].values).value(),
                      .compared = searcher.compare(rows[1].values, 2).value()};
  }();
  return kAll;
}

TEST(Files, TellWhatTheyAreByTheirBeginning) {
  const auto& [gallery, probe, result, compared] = everything();
  const Bytes open = encode(test_key().public_key());
  const Bytes secret = encode_secret(test_key(), "").value();
  const Bytes guarded = encode_secret(test_key(), "open sesame", kCheap).value();
  EXPECT_EQ(kind_of(open), FileKind::public_key);
  EXPECT_EQ(kind_of(secret), FileKind::secret_key);
  EXPECT_EQ(kind_of(guarded), FileKind::secret_key);
  EXPECT_EQ(kind_of(encode(gallery)), FileKind::gallery);
  EXPECT_EQ(kind_of(encode(probe)), FileKind::probe);
  EXPECT_EQ(kind_of(encode(compared)), FileKind::result);
  // A secret key is recognised however damaged, and of whatever version.
  Bytes newer = secret;
  newer[7] = 200;
  EXPECT_EQ(kind_of(newer), FileKind::secret_key);
  EXPECT_EQ(kind_of(ByteView(secret).first(9)), FileKind::secret_key);
  EXPECT_FALSE(kind_of(ByteView(secret).first(8)));
  Bytes unknown = secret;
  for (const std::uint8_t kind : {std::uint8_t{0}, std::uint8_t{6}, std::uint8_t{255}}) {
    unknown[8] = kind;
    EXPECT_FALSE(kind_of(unknown));
  }
  EXPECT_FALSE(kind_of({}));
}

TEST(Files, TellOfAGalleryByItsHead) {
  const SealedGallery& gallery = everything().gallery;
  const Bytes file = encode(gallery);
  const ByteView beginning = ByteView(file).first(std::min(file.size(), kMaxGalleryHead));
  const GalleryHead head = decode_gallery_head(beginning).value();
  EXPECT_EQ(head.rows, 3);
  EXPECT_EQ(head.packs(), gallery.packs());
  EXPECT_EQ(head.layout, gallery.layout);
  EXPECT_EQ(head.id, gallery.id);
  EXPECT_EQ(head.model, "planted");
  EXPECT_EQ(head.key.id(), gallery.key.id());
  EXPECT_EQ(decode_gallery_head(encode(everything().probe)).error().code, ErrorCode::corrupt_data);
  EXPECT_THAT(decode_gallery_head(ByteView(file).first(200)).error().message, HasSubstr("the file has"));
  // The largest head: Okamoto-Uchiyama's g and h beside n, of 4096 bits, and the longest name of a model.
  EXPECT_GE(kMaxGalleryHead, 9U + 6 + 3 * (8 + 512) + 32 + (8 + 1024) + (8 + 32) + 12 + 8);
}

TEST(Files, KeepEverything) {
  const auto& [gallery, probe, result, compared] = everything();
  const SealedGallery again = decode_gallery(encode(gallery)).value();
  EXPECT_EQ(again.ciphertexts, gallery.ciphertexts);
  EXPECT_EQ(again.names, gallery.names);
  EXPECT_EQ(again.layout, gallery.layout);
  EXPECT_EQ(again.key.id(), gallery.key.id());
  EXPECT_EQ(again.model, "planted");
  EXPECT_EQ(again.id, gallery.id);
  EXPECT_EQ(decode_probe(encode(probe))->ciphertexts, probe.ciphertexts);
  EXPECT_EQ(open_best(test_key(), decode_result(encode(result)).value(), 1)->front().name, "row 1");
  EXPECT_EQ(decode_result(encode(compared))->row, 2);
  EXPECT_EQ(open_best(test_key(), decode_result(encode(compared)).value(), 1)->front().name, "row 2");
  for (const auto& [scheme, s] :
       {std::pair(Scheme::paillier, 1), std::pair(Scheme::damgard_jurik, 2), std::pair(Scheme::okamoto_uchiyama, 1)}) {
    const SecretKey& key = test_key(scheme, s);
    const PublicKey open = decode_public_key(encode(key.public_key())).value();
    EXPECT_EQ(open.id(), key.public_key().id());
    const SecretKey read = decode_secret_key(encode_secret(key, "").value(), kNoPhrase).value();
    EXPECT_EQ(decrypt(read, encrypt(open, -12345)), Number(-12345));
  }
}

TEST(Files, RefuseEveryAlteredByteAndEveryEnd) {
  const Bytes sound = encode(everything().result);
  for (std::size_t i = 0; i < sound.size(); i += i < 20 ? 1 : 37) {
    Bytes altered = sound;
    altered[i] ^= 0x10U;
    EXPECT_FALSE(decode_result(altered)) << "byte " << i;
    EXPECT_FALSE(decode_result(ByteView(sound).first(i))) << "end " << i;
  }
  EXPECT_THAT(decode_gallery(sound).error().message, HasSubstr("a sealed gallery is wanted, this is a sealed result"));
  Bytes newer = sound;
  newer[7] = 2;
  EXPECT_EQ(decode_result(newer).error().code, ErrorCode::unsupported);
  Bytes longer = sound;
  longer.push_back(0);
  EXPECT_FALSE(decode_result(longer));
}

TEST(SecretKeys, OpenWithTheirPassphraseAlone) {
  const SecretKey& key = test_key();
  const Bytes sealed = encode_secret(key, "open sesame", kCheap).value();
  const auto tell = [](const char* phrase) { return [phrase] { return Result<std::string>(std::string(phrase)); }; };
  EXPECT_EQ(decode_secret_key(sealed, tell("open sesame"))->public_key().id(), key.public_key().id());
  EXPECT_THAT(decode_secret_key(sealed, tell("open barley")).error().message, HasSubstr("a wrong passphrase"));
  EXPECT_FALSE(decode_secret_key(sealed, tell("")));
  EXPECT_FALSE(decode_secret_key(sealed, nullptr));
  EXPECT_EQ(decode_secret_key(sealed, kNoPhrase).error().message, "asked");
  const Bytes p = [&] {
    Bytes bytes(64);
    put_number(bytes, key.parts().p);
    return bytes;
  }();
  EXPECT_EQ(std::search(sealed.begin(), sealed.end(), p.begin(), p.end()), sealed.end()) << "the prime lies open";
  EXPECT_FALSE(encode_secret(key, "x", {.passes = 17}));
  EXPECT_FALSE(encode_secret(key, "x", {.memory_kib = 7}));
}

TEST(SecretKeys, AreFilesOfTheirOwnerAlone) {
  const TestFolder folder;
  const auto path = folder.path() / "a.key";
  const Bytes bytes = encode_secret(test_key(), "").value();
  const mode_t before = ::umask(0);
  ASSERT_TRUE(write_secret_file(path, bytes));
  ::umask(before);
  struct stat about {};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_EQ(read_secret_file(path).value(), bytes);
  EXPECT_THAT(write_secret_file(path, bytes).error().message, HasSubstr("is there already"));
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_THAT(read_secret_file(path).error().message, HasSubstr("chmod 600"));
  }
  EXPECT_EQ(read_secret_file(folder.path() / "none").error().code, ErrorCode::not_found);
  EXPECT_EQ(write_file(folder.path() / "no" / "where", bytes).error().code, ErrorCode::not_found);
  const Bytes open = encode(test_key().public_key());
  ASSERT_TRUE(write_file(folder.path() / "open", open));
  ASSERT_TRUE(write_file(folder.path() / "open", ByteView(open).first(5)));
  EXPECT_EQ(read_file(folder.path() / "open")->size(), 5U);
}

TEST(SecretKeys, AreReplacedByNoWriter) {
  const TestFolder folder;
  const auto path = folder.path() / "a.key";
  const Bytes result = encode(everything().result);
  for (const std::string& phrase : {std::string(), std::string("open sesame")}) {
    const Bytes bytes = encode_secret(test_key(), phrase, kCheap).value();
    std::filesystem::remove(path);
    ASSERT_TRUE(write_secret_file(path, bytes));
    for (const Status& wrote : {write_file(path, result), write_private_file(path, result), spare_secret_key(path)}) {
      ASSERT_FALSE(wrote);
      EXPECT_EQ(wrote.error().code, ErrorCode::invalid_argument);
      EXPECT_THAT(wrote.error().message, HasSubstr("holds a secret key"));
    }
    EXPECT_EQ(read_secret_file(path).value(), bytes);
  }
  // By another name too.
  std::filesystem::create_symlink(path, folder.path() / "link");
  EXPECT_FALSE(write_file(folder.path() / "link", result));
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
  // Everything else may be replaced.
  EXPECT_TRUE(spare_secret_key(folder.path() / "none"));
  EXPECT_TRUE(spare_secret_key(folder.path()));
  const auto other = folder.path() / "b.result";
  ASSERT_TRUE(write_file(other, {}));
  ASSERT_TRUE(write_file(other, result));
  EXPECT_TRUE(write_file(other, result));
}

TEST(SecretKeys, OfOtherPrimesAreRefused) {
  // A sound file around a wrong body: the sum is right, the numbers are not.
  auto secret = std::make_shared<SecretParts>();
  const SecretKey other = generate_key({.bits = 1024}).value();
  secret->p = other.parts().p;
  secret->q = other.parts().q;
  const SecretKey mixed(test_key().public_key(), secret);
  EXPECT_THAT(decode_secret_key(encode_secret(mixed, "").value(), kNoPhrase).error().message,
              HasSubstr("not those of the public key"));
}

}  // namespace
}  // namespace vultus::sealed
