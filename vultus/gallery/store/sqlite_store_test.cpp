// The gallery file as a store.
#include <vultus/gallery/store/sqlite_store.hpp>

#include <gmock/gmock.h>

#include <vultus/gallery/store/store_conformance.hpp>
#include <vultus/gallery/test_process.hpp>

namespace vultus::gallery::testing {
namespace {

class SqlitePlace final : public StorePlace {
 public:
  Result<std::unique_ptr<Store>> open(const NewStore& fill) override {
    VULTUS_TRY(auto store, SqliteStore::open({.path = folder_ / "g",
                                              .access = sqlite::Access::create_or_open,
                                              .busy_wait = std::chrono::milliseconds(200),
                                              .fill = [fill]() -> Result<NewStore> { return fill; }}));
    return std::unique_ptr<Store>(std::move(store));
  }
  std::string sql(const std::string& statement) override { return run_sql((folder_ / "g").string(), statement); }

 private:
  Folder folder_{Folder::On::memory};
};

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance,
                         ::testing::Values(StoreKind{"File", [] { return std::make_unique<SqlitePlace>(); }}),
                         name_of_place);

}  // namespace
}  // namespace vultus::gallery::testing
