// A gallery that is searched by cells: when they are made, what they promise, and that changes are seen at once.
#include <chrono>
#include <cmath>
#include <thread>

#include <gtest/gtest.h>

#include <vultus/gallery/gallery.hpp>
#include <vultus/gallery/search_choice.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus {
namespace {

using gallery::testing::embedding;
using gallery::testing::face;
using gallery::testing::Folder;
using gallery::testing::options_for;
using gallery::testing::random_embedding;

constexpr int kValues = 64;
constexpr int kGroups = 20;

class GalleryCells : public ::testing::Test {
 protected:
  GalleryCells() {
    for (int g = 0; g < kGroups; ++g) middles_.push_back(random_embedding(random_, kValues));
  }
  [[nodiscard]] GalleryOptions options() const { return options_for(path_, kValues); }
  /// Near one of the groups, which are far apart.
  Embedding near_group(int group) {
    const auto& middle = middles_[static_cast<std::size_t>(group % kGroups)].values();
    std::vector<float> values(middle.begin(), middle.end());
    std::normal_distribution<float> normal;
    for (float& v : values) v += 0.06F * normal(random_);
    return embedding(std::move(values));
  }
  void enrol(Gallery& gallery, int count) {
    std::vector<NewFace> faces;
    for (int i = 0; i < count; ++i, ++people_) {
      known_.push_back(near_group(people_));
      faces.push_back(face("P" + std::to_string(people_), known_.back()));
    }
    ASSERT_TRUE(gallery.enrol(faces));
  }
  /// Waits for the thread that makes them.
  static std::optional<SearchCells> made(const Gallery& gallery) {
    for (int i = 0; i < 2000 && !gallery.info().cells; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return gallery.info().cells;
  }

  Folder folder_{Folder::On::memory};
  std::filesystem::path path_ = folder_ / "people.vultus";
  std::mt19937 random_{7};
  std::vector<Embedding> middles_, known_;
  int people_ = 0;
};

TEST_F(GalleryCells, AreMadeForASearchThatAsksForThemAndForNoOther) {
  Gallery gallery = Gallery::open(options()).value();
  const Embedding nobody = near_group(0);
  EXPECT_TRUE(gallery.search(nobody, {.method = SearchMethod::cells}).value().empty()) << "nobody is there";
  enrol(gallery, 600);
  ASSERT_TRUE(gallery.search(known_.front()));
  EXPECT_FALSE(gallery.info().cells);
  EXPECT_EQ(gallery.search(known_.front(), {.method = SearchMethod::cells}).value().at(0).name, "P0");
  const SearchCells cells = gallery.info().cells.value();
  EXPECT_GE(cells.recall_at_1, 0.99) << "what is asked for unless told";
  EXPECT_LT(cells.share, 0.7) << "most groups are left out";
  EXPECT_EQ(gallery.info().search, usual_method(600)) << "others are searched as before";
}

TEST_F(GalleryCells, AreTheUsualSearchFromTheNumberOfFacesOnThatWasTold) {
  GalleryOptions how = options();
  how.cells_from = 9000;  // above what the cascade begins at
  Gallery gallery = Gallery::open(how).value();
  enrol(gallery, 8999);
  EXPECT_EQ(gallery.info().search, SearchMethod::cascade);
  EXPECT_FALSE(gallery.info().cells);
  enrol(gallery, 1);
  const auto cells = made(gallery);
  ASSERT_TRUE(cells);
  EXPECT_EQ(gallery.info().search, SearchMethod::cells);
  EXPECT_EQ(gallery.search(known_.back()).value().at(0).name, "P8999");
  how.access = GalleryAccess::read_only;
  EXPECT_TRUE(made(Gallery::open(how).value())) << "also where nothing is written";
}

TEST_F(GalleryCells, ChangesAreSeenByTheNextSearch) {
  GalleryOptions how = options();
  how.search = SearchMethod::cells;
  Gallery gallery = Gallery::open(how).value();
  enrol(gallery, 400);
  ASSERT_TRUE(made(gallery));
  for (int i = 0; i < 20; ++i) {
    // Far from every group: in no cell that a search would look at.
    known_.push_back(random_embedding(random_, kValues));
    const NewFace fresh = face("New " + std::to_string(i), known_.back());
    const auto outcome = gallery.enrol({&fresh, 1}).value().at(0);
    EXPECT_EQ(gallery.search(known_.back()).value().at(0).name, fresh.subject);
    if (i % 2 == 0) {
      ASSERT_TRUE(gallery.remove(outcome.subject));
      EXPECT_NE(gallery.search(known_.back()).value().at(0).name, fresh.subject);
    } else {
      ASSERT_TRUE(gallery.rename(outcome.subject, "Old " + std::to_string(i), IfNameTaken::refuse));
      EXPECT_EQ(gallery.search(known_.back()).value().at(0).name, "Old " + std::to_string(i));
    }
  }
}

TEST_F(GalleryCells, ComeBackAfterASnapshotWasWritten) {
  GalleryOptions how = options();
  how.search = SearchMethod::cells;
  how.snapshot_from = 100;
  Gallery gallery = Gallery::open(how).value();
  enrol(gallery, 300);
  ASSERT_TRUE(gallery.write_snapshot());
  ASSERT_TRUE(made(gallery));
  EXPECT_EQ(gallery.search(known_.front()).value().at(0).name, "P0");
  EXPECT_EQ(gallery.info().search, SearchMethod::cells);
}

TEST_F(GalleryCells, AHigherRecallLooksAtMoreCells) {
  {
    Gallery gallery = Gallery::open(options()).value();
    std::vector<NewFace> faces;
    for (int i = 0; i < 800; ++i) faces.push_back(face("R" + std::to_string(i), random_embedding(random_, kValues)));
    ASSERT_TRUE(gallery.enrol(faces));
  }
  std::vector<SearchCells> seen;
  for (const double recall : {0.5, 1.0}) {
    GalleryOptions how = options();
    how.cells_recall = recall;
    const Gallery gallery = Gallery::open(how).value();
    ASSERT_TRUE(gallery.search(middles_.front(), {.method = SearchMethod::cells}));
    seen.push_back(gallery.info().cells.value());
    EXPECT_GE(seen.back().recall_at_1, recall);
  }
  EXPECT_LT(seen[0].looked_at, seen[1].looked_at);
  EXPECT_LT(seen[0].share, seen[1].share);
}

TEST_F(GalleryCells, OptionsOutsideTheirRangeAreRefused) {
  for (const double recall : {0.4, 1.1, std::nan("")}) {
    GalleryOptions how = options();
    how.cells_recall = recall;
    EXPECT_EQ(Gallery::open(how).error().code, ErrorCode::invalid_argument) << recall;
  }
  GalleryOptions how = options();
  how.cells_from = -1;
  EXPECT_EQ(Gallery::open(how).error().code, ErrorCode::invalid_argument);
}

TEST(SearchMethodName, IsReadAsItIsTold) {
  for (const SearchMethod method :
       {SearchMethod::automatic, SearchMethod::floats, SearchMethod::bytes, SearchMethod::cascade, SearchMethod::cells})
    EXPECT_EQ(search_method_from(name_of(method)), method);
  EXPECT_FALSE(search_method_from("fast"));
}

}  // namespace
}  // namespace vultus
