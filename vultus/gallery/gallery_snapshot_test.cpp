// A gallery opened from its snapshot answers as one that was read as a whole.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/index/snapshot_writer.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>
#include <vultus/gallery/test_faces.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus {
namespace {

using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::random_embedding;

constexpr int kDimension = 16;

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool holds(const std::filesystem::path& path, const Embedding& e) {
  const std::string bytes(reinterpret_cast<const char*>(e.values().data()), e.values().size_bytes());
  return bytes_of(path).find(bytes) != std::string::npos;
}

class GallerySnapshots : public ::testing::Test {
 protected:
  GallerySnapshots() {
    for (int i = 0; i < 200; ++i) embeddings_.push_back(random_embedding(random_, kDimension));
  }
  [[nodiscard]] GalleryOptions options(std::int64_t from) const {
    GalleryOptions some = options_for(path_, kDimension);
    some.snapshot_from = from;
    return some;
  }
  [[nodiscard]] Gallery open(std::int64_t from = 50) const { return Gallery::open(options(from)).value(); }
  void enrol(Gallery& gallery, int first, int count) const {
    std::vector<NewFace> faces;
    for (int i = first; i < first + count; ++i)
      faces.push_back(face("P" + std::to_string(i % 40), embeddings_[static_cast<std::size_t>(i)]));
    ASSERT_TRUE(gallery.enrol(faces));
  }
  /// Without any snapshot is the truth.
  void expect_the_truth(const Gallery& told) const {
    const Gallery truth = open(0);
    EXPECT_EQ(told.info().faces, truth.info().faces);
    EXPECT_EQ(told.info().subjects, truth.info().subjects);
    for (std::size_t i = 0; i < embeddings_.size(); i += 7)
      EXPECT_EQ(told.search(embeddings_[i], {.top_k = 60}).value(),
                truth.search(embeddings_[i], {.top_k = 60}).value());
  }

  Folder folder_{Folder::On::memory};
  std::filesystem::path path_ = folder_ / "people.vultus", index_ = folder_ / "people.vultus.index";
  std::mt19937 random_{3};
  std::vector<Embedding> embeddings_;
};

TEST_F(GallerySnapshots, AreWrittenWhenEnoughFacesAreThereAndNotBefore) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 49);
  }
  EXPECT_FALSE(std::filesystem::exists(index_));
  {
    Gallery gallery = open();
    enrol(gallery, 49, 1);
  }
  EXPECT_TRUE(std::filesystem::exists(index_)) << "closing waits for it";
  std::filesystem::remove(index_);
  expect_the_truth(Gallery::open({.path = path_, .snapshot_from = 50}).value());
  EXPECT_FALSE(std::filesystem::exists(index_)) << "who only reads does not write";
  (void)open(0);
  EXPECT_FALSE(std::filesystem::exists(index_));
  (void)open();
  EXPECT_TRUE(std::filesystem::exists(index_)) << "a missing one is written again";
}

TEST_F(GallerySnapshots, AreReadInsteadOfTheGallery) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 100);
  }
  // A snapshot of our own making, with a name that the gallery does not know: only whoever reads it can tell it.
  auto store = gallery::SqliteStore::open({.path = path_, .access = sqlite::Access::read_write}).value();
  const auto id = store->meta(gallery::kMetaGallery).value().value();
  gallery::SnapshotOptions own{.path = index_,
                               .identity = {.gallery = id, .model = ModelId("planted"), .dimension = kDimension},
                               .rows = 1,
                               .sequence = store->sequence().value()};
  auto writer = gallery::SnapshotWriter::create(own).value();
  ASSERT_TRUE(writer.add(FaceId(1), SubjectId(1), embeddings_[0].values()));
  ASSERT_TRUE(writer.name(SubjectId(1), "Told by the snapshot"));
  ASSERT_TRUE(writer.finish());
  const GalleryOptions reading{.path = path_, .snapshot_from = 50};
  EXPECT_NE(Gallery::open(reading).value().search(embeddings_[0]).value().front().name, "Told by the snapshot")
      << "not registered: it may be of another history of this gallery";
  const auto file = gallery::SnapshotFile::open(index_, own.identity).value();
  std::string salt;
  for (const unsigned char byte : file->header().salt) {
    salt += "0123456789abcdef"[byte / 16];
    salt += "0123456789abcdef"[byte % 16];
  }
  auto transaction = store->begin(gallery::Store::Kind::write).value();
  ASSERT_TRUE(store->set_meta(gallery::kMetaSnapshot, salt));
  ASSERT_TRUE(transaction->commit());
  const Gallery told = Gallery::open(reading).value();
  EXPECT_EQ(told.search(embeddings_[0]).value().front().name, "Told by the snapshot");
  EXPECT_EQ(told.info().faces, 1);
}

TEST_F(GallerySnapshots, AreBroughtUpToDate) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
  }
  const std::string before = bytes_of(index_);
  {
    Gallery other = open(0);  // knows nothing of snapshots
    enrol(other, 120, 30);
    ASSERT_TRUE(other.remove(SubjectId(3)));
    ASSERT_TRUE(other.remove(FaceId(11)));
    ASSERT_TRUE(other.rename(SubjectId(5), "Renamed", IfNameTaken::refuse));
    ASSERT_TRUE(other.rename(SubjectId(6), "P8", IfNameTaken::merge));
  }
  EXPECT_EQ(bytes_of(index_), before);
  expect_the_truth(Gallery::open({.path = path_, .snapshot_from = 50}).value());
  EXPECT_EQ(bytes_of(index_), before);
  EXPECT_TRUE(holds(index_, embeddings_[2]));
  expect_the_truth(open());
  EXPECT_FALSE(holds(index_, embeddings_[2])) << "what others removed is overwritten by the next who may write";
  expect_the_truth(open());
}

TEST_F(GallerySnapshots, KeepNothingOfWhatWasRemoved) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
  }
  Gallery gallery = open();
  ASSERT_TRUE(holds(index_, embeddings_[2]));  // of P2, with 42 and 82
  ASSERT_TRUE(gallery.remove(gallery.find_subject("P2").value()->id));
  for (const std::size_t i : {2U, 42U, 82U}) EXPECT_FALSE(holds(index_, embeddings_[i]));
  EXPECT_EQ(bytes_of(index_).find("P1P2"), std::string::npos);
  EXPECT_TRUE(holds(index_, embeddings_[3]));
  expect_the_truth(gallery);
  expect_the_truth(open());
}

TEST_F(GallerySnapshots, OfAnotherHistoryAreNotBelieved) {
  const std::filesystem::path copy = folder_ / "copy";
  {
    Gallery gallery = open();
    enrol(gallery, 0, 60);
  }
  std::filesystem::copy_file(path_, copy);
  {
    Gallery gallery = open();
    enrol(gallery, 60, 60);
    ASSERT_TRUE(gallery.write_snapshot());
  }
  // An older copy comes back, and goes on to the same number of changes with other faces.
  std::filesystem::copy_file(copy, path_, std::filesystem::copy_options::overwrite_existing);
  for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
  {
    Gallery gallery = open(0);
    enrol(gallery, 130, 60);
    enrol(gallery, 190, 5);
  }
  expect_the_truth(Gallery::open({.path = path_, .snapshot_from = 50}).value());
  expect_the_truth(open());
}

TEST_F(GallerySnapshots, OutOfWhichSomebodyWasTakenAreNotThoseOfAnOlderCopy) {
  const std::filesystem::path copy = folder_ / "copy";
  const auto put_back = [&] {
    std::filesystem::copy_file(copy, path_, std::filesystem::copy_options::overwrite_existing);
    for (const char* suffix : {"-wal", "-shm"}) std::filesystem::remove(path_.string() + suffix);
  };
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
    ASSERT_TRUE(gallery.write_snapshot());
  }
  std::filesystem::copy_file(path_, copy);
  {
    Gallery gallery = open();
    ASSERT_TRUE(gallery.remove(gallery.find_subject("P2").value()->id));
    ASSERT_TRUE(gallery.rename(gallery.find_subject("P5").value()->id, "Renamed", IfNameTaken::refuse));
  }
  ASSERT_FALSE(holds(index_, embeddings_[2]));
  put_back();
  const Gallery reader = Gallery::open({.path = path_, .snapshot_from = 50}).value();
  EXPECT_EQ(reader.search(embeddings_[2]).value().front().name, "P2");
  EXPECT_EQ(reader.search(embeddings_[5]).value().front().name, "P5");
  expect_the_truth(reader);
  {
    const Gallery writer = open();
    EXPECT_EQ(writer.search(embeddings_[2]).value().front().name, "P2");
  }
  // Also when the copy has gone on behind the number of that removal.
  {
    Gallery gallery = open(0);
    for (int i = 0; i < 5; ++i) enrol(gallery, 130 + i, 1);
  }
  expect_the_truth(open());
}

TEST_F(GallerySnapshots, ThatAreDamagedAreMadeAgain) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
  }
  const std::string sound = bytes_of(index_);
  // In the header; in the owners (2nd column); in the floats (10th; the 8th is empty); in the names; and cut off.
  for (const std::size_t at :
       {std::size_t{100}, std::size_t{2 * 16384}, std::size_t{9 * 16384 + 64}, sound.find("P1P2"), std::size_t{0}}) {
    ASSERT_LT(at, sound.size());
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    if (at == 0) changed = sound.substr(0, 100'000);
    std::ofstream(index_, std::ios::binary | std::ios::trunc) << changed;
    expect_the_truth(Gallery::open({.path = path_, .snapshot_from = 50}).value());
    EXPECT_EQ(bytes_of(index_), changed);
    {
      const Gallery gallery = open();
      expect_the_truth(gallery);
    }
    EXPECT_NE(bytes_of(index_), changed);
    expect_the_truth(open());
  }
}

TEST_F(GallerySnapshots, ThatAreDamagedGoWhenTheGalleryIsOpenedForWriting) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
  }
  const std::string sound = bytes_of(index_);
  for (const std::size_t at : {std::size_t{1160}, std::size_t{2 * 16384}}) {  // in the header; in the owners
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x10);
    std::ofstream(index_, std::ios::binary | std::ios::trunc) << changed;
    EXPECT_FALSE(check_gallery(path_).value().sound());
    const Gallery gallery = open(1'000'000);  // too few faces for another one
    EXPECT_FALSE(std::filesystem::exists(index_));
    EXPECT_TRUE(gallery.check().value().sound());
    expect_the_truth(gallery);
  }
}

TEST_F(GallerySnapshots, AreLookedThroughByTheCheck) {
  {
    Gallery gallery = open();
    enrol(gallery, 0, 120);
  }
  EXPECT_TRUE(check_gallery(path_).value().sound());
  EXPECT_TRUE(open().check().value().sound());
  std::string changed = bytes_of(index_);
  changed[9 * 16384 + 64] = static_cast<char>(changed[9 * 16384 + 64] ^ 1);
  std::ofstream(index_, std::ios::binary | std::ios::trunc) << changed;
  const GalleryCheck found = check_gallery(path_).value();
  ASSERT_EQ(found.findings.size(), 1U);
  EXPECT_NE(found.findings[0].find("1 of its blocks"), std::string::npos) << found.findings[0];
  EXPECT_FALSE(Gallery::open({.path = path_}).value().check().value().sound());
  std::ofstream(index_, std::ios::binary | std::ios::trunc) << changed.substr(0, 20'000);
  EXPECT_FALSE(check_gallery(path_).value().sound());
}

/// The same of an encrypted gallery.
class SealedGallerySnapshots : public GallerySnapshots {
 protected:
  void SetUp() override { ASSERT_TRUE(make_key_file(folder_ / "key")); }
  [[nodiscard]] Result<Gallery> open_sealed(std::int64_t from = 50) const {
    GalleryOptions some = options(from);
    some.key = KeySource::from_file(folder_ / "key");
    some.encryption = GalleryEncryption::sealed;
    return Gallery::open(some);
  }
  void expect_the_sealed_truth(const Gallery& told) const {
    const Gallery truth = open_sealed(0).value();
    EXPECT_EQ(told.info().faces, truth.info().faces);
    for (std::size_t i = 0; i < embeddings_.size(); i += 7)
      EXPECT_EQ(told.search(embeddings_[i], {.top_k = 60}).value(),
                truth.search(embeddings_[i], {.top_k = 60}).value());
  }
  /// Alters the first stored templates, which no number of a change tells: only who reads them sees it.
  void damage_rows(int count) const {
    ASSERT_EQ(gallery::testing::run_sql(path_.string(),
                                        "UPDATE templates SET template=zeroblob(length(template)) "
                                        "WHERE face<=" +
                                            std::to_string(count)),
              "");
  }
};

TEST_F(SealedGallerySnapshots, StayAndAreReadInsteadOfTheGallery) {
  for (const bool on_demand : {false, true}) {
    for (const char* const end : {"", "-wal", "-shm", ".keys", ".index"}) std::filesystem::remove(path_.string() + end);
    {
      Gallery gallery = open_sealed(on_demand ? 1'000'000 : 50).value();
      enrol(gallery, 0, 120);
      if (on_demand) {
        ASSERT_TRUE(gallery.write_snapshot());
      }
    }
    ASSERT_TRUE(std::filesystem::exists(index_));
    EXPECT_FALSE(holds(index_, embeddings_[2]));
    EXPECT_EQ(bytes_of(index_).find("P1P2"), std::string::npos);
    const std::string written = bytes_of(index_);
    {
      Gallery gallery = open_sealed().value();
      expect_the_sealed_truth(gallery);
      enrol(gallery, 120, 5);
      expect_the_sealed_truth(gallery);
    }
    EXPECT_EQ(bytes_of(index_), written) << "who takes nobody away leaves it";
    expect_the_sealed_truth(open_sealed().value());
    EXPECT_EQ(bytes_of(index_), written);
    const auto truth = open_sealed(0)->search(embeddings_[2], {.top_k = 60}).value();
    damage_rows(120);  // of which the snapshot was written
    EXPECT_FALSE(open_sealed(0));
    const auto told = open_sealed();
    ASSERT_TRUE(told) << told.error().message;
    EXPECT_EQ(told->search(embeddings_[2], {.top_k = 60}).value(), truth);
  }
}

TEST_F(SealedGallerySnapshots, GoWithWhoeverWasInThem) {
  const auto take_away = [](Gallery& gallery, const std::string& how) {
    const SubjectId id = gallery.find_subject("P2").value()->id;
    if (how == "forget") return gallery.forget(id).has_value();
    if (how == "remove") return gallery.remove(id).has_value();
    if (how == "rename") return gallery.rename(id, "Other", IfNameTaken::refuse).has_value();
    return gallery.remove(gallery.faces(id).value().front().id).has_value();
  };
  for (const std::string how : {"forget", "remove", "rename", "face"})
    for (const bool by_other : {false, true}) {
      SCOPED_TRACE(how + (by_other ? " by another" : ""));
      for (const char* const end : {"", "-wal", "-shm", ".keys", ".index"})
        std::filesystem::remove(path_.string() + end);
      {
        Gallery gallery = open_sealed().value();
        enrol(gallery, 0, 120);
      }
      const std::string written = bytes_of(index_);
      ASSERT_FALSE(written.empty());
      {
        Gallery gallery = open_sealed(by_other ? 0 : 50).value();
        ASSERT_TRUE(take_away(gallery, how));
        if (!by_other) {
          EXPECT_NE(bytes_of(index_), written) << "gone, or written anew";
        }
      }
      {
        const Gallery gallery = open_sealed().value();
        EXPECT_NE(bytes_of(index_), written);
        expect_the_sealed_truth(gallery);
      }
      {
        const Gallery again = open_sealed().value();
        expect_the_sealed_truth(again);
      }
      EXPECT_TRUE(std::filesystem::exists(index_)) << "written again without them";
    }
}

TEST_F(GallerySnapshots, AreWrittenOnDemand) {
  Gallery gallery = open(1'000'000);
  enrol(gallery, 0, 10);
  const auto bytes = gallery.write_snapshot();
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(static_cast<std::uintmax_t>(*bytes), std::filesystem::file_size(index_));
  expect_the_truth(gallery);
  EXPECT_EQ(open(0).write_snapshot().error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(Gallery::open({.path = path_}).value().write_snapshot().error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(std::filesystem::status(index_).permissions() & std::filesystem::perms::all,
            std::filesystem::status(path_).permissions() & std::filesystem::perms(0666));
}

}  // namespace
}  // namespace vultus
