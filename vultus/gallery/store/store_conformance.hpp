// What every store has to do, as tests with a store as parameter. Another store takes part with one line in a test of
// its own:  INSTANTIATE_TEST_SUITE_P(Postgres, StoreConformance, ::testing::Values(postgres_place()), name_of_place);
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include <vultus/gallery/store/store.hpp>
#include <vultus/gallery/test_faces.hpp>

namespace vultus::gallery::testing {

/// Where one test keeps its store. What is in it goes with the object.
class StorePlace {
 public:
  StorePlace() = default;
  StorePlace(const StorePlace&) = delete;
  StorePlace& operator=(const StorePlace&) = delete;
  virtual ~StorePlace() = default;

  /// Another user of the store, for writing, who waits at most 0.2 s for others. The first call makes it with `fill`.
  virtual Result<std::unique_ptr<Store>> open(const NewStore& fill) = 0;
  /// Changes rows as another program would, without their checksums.
  /// @return what went wrong; empty = nothing
  virtual std::string sql(const std::string& statement) = 0;
};

struct StoreKind {
  std::string name;
  std::function<std::unique_ptr<StorePlace>()> make;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name googletest looks for.
inline void PrintTo(const StoreKind& kind, std::ostream* to) { *to << kind.name; }
inline std::string name_of_place(const ::testing::TestParamInfo<StoreKind>& info) { return info.param.name; }

inline NewStore new_store() {
  return {
      .model = model_of(2), .created = fixed_time(), .meta = {{"encryption", "none"}, {"gallery", new_gallery_id()}}};
}

class StoreConformance : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override {
    place_ = GetParam().make();
    store_ = another();
    ASSERT_NE(store_, nullptr);
  }

  /// Another user of the same store.
  std::unique_ptr<Store> another() {
    Result<std::unique_ptr<Store>> opened = place_->open(new_store());
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    return opened ? *std::move(opened) : nullptr;
  }

  /// Runs `what` in a write transaction and commits.
  template <class What>
  void change(const What& what) {
    auto transaction = store_->begin(Store::Kind::write);
    ASSERT_TRUE(transaction) << transaction.error().message;
    const Status done = what();
    ASSERT_TRUE(done) << done.error().message;
    const Status kept = (*transaction)->commit();
    ASSERT_TRUE(kept) << kept.error().message;
  }

  static SubjectRow subject_row(std::int64_t id, const std::string& name) {
    return {.id = SubjectId(id), .name = name, .name_key = name, .created = fixed_time()};
  }

  /// A face with the template (1, 0) of the first model.
  static WholeFace whole_face(std::int64_t id, std::int64_t subject) {
    WholeFace whole;
    whole.face = {.id = FaceId(id), .subject = SubjectId(subject), .enrolled = fixed_time()};
    whole.templates = {{FaceId(id), 1, template_bytes(static_cast<unsigned char>(id))}};
    return whole;
  }

  static Bytes template_bytes(unsigned char mark) { return {std::byte{mark}, std::byte{0}, std::byte{0xFF}}; }

  /// Two people: 1 with the faces 1 and 2, 2 with the face 3.
  void fill() {
    change([&]() -> Status {
      VULTUS_CHECK(store_->reserve_ids(2, 3));
      const std::vector<SubjectRow> people{subject_row(1, "Ada"), subject_row(2, "Bea")};
      VULTUS_CHECK(store_->add_subjects(people));
      const std::vector<WholeFace> faces{whole_face(1, 1), whole_face(2, 1), whole_face(3, 2)};
      return store_->add_faces(faces);
    });
  }

  std::unique_ptr<StorePlace> place_;
  std::unique_ptr<Store> store_;
};

}  // namespace vultus::gallery::testing
