// A database of PostgreSQL as a store: everything that every store has to do.
#include <chrono>
#include <memory>
#include <string>

#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/store_conformance.hpp>
#include <vultus/postgres/test_server.hpp>

namespace vultus::gallery::testing {
namespace {

class PostgresPlace final : public StorePlace {
 public:
  Result<std::unique_ptr<Store>> open(const NewStore& fill) override {
    VULTUS_TRY(auto store, PostgresStore::open({.url = url_,
                                                .access = PostgresAccess::create_or_open,
                                                .deadline = std::chrono::seconds(60),
                                                .busy_wait = std::chrono::milliseconds(200),
                                                .fill = [fill]() -> Result<NewStore> { return fill; }}));
    return std::unique_ptr<Store>(std::move(store));
  }
  std::string sql(const std::string& statement) override {
    auto connection = postgres::Connection::open({.url = url_, .deadline = std::chrono::seconds(60)});
    if (!connection) return connection.error().message;
    const Status done = connection->execute("SET search_path=vultus; " + statement);
    return done ? "" : done.error().message;
  }

 private:
  std::string url_ = postgres::testing::fresh_database();
};

INSTANTIATE_TEST_SUITE_P(Postgres, StoreConformance,
                         ::testing::Values(StoreKind{"Database", [] { return std::make_unique<PostgresPlace>(); }}),
                         name_of_place);

}  // namespace
}  // namespace vultus::gallery::testing
