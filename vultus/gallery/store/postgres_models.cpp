// Models of a gallery in PostgreSQL.
#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_schema.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {

using postgres::Answer;
using postgres::Parameters;
using postgres_rows::if_given;

namespace {

constexpr int kMaxVectorDimension = 16'000;  // of halfvec  @source README of pgvector
constexpr int kMaxIndexDimension = 4'000;    // of halfvec under HNSW

}  // namespace

Result<std::vector<ModelRow>> PostgresStore::models() {
  VULTUS_TRY(const Answer rows,
             run("SELECT " + std::string(postgres_rows::kModelColumns) + " FROM models ORDER BY id"));
  std::vector<ModelRow> all;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    auto read = postgres_rows::read_model({rows, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    all.push_back(std::move(read.row));
  }
  return all;
}

Result<std::optional<ModelRow>> PostgresStore::searched_model() {
  VULTUS_TRY(const std::optional<std::string> id, meta(kMetaModel));
  VULTUS_TRY(const std::vector<ModelRow> all, models());
  for (const ModelRow& one : all)
    if (id && std::to_string(one.id) == *id) return std::optional(one);
  return std::optional<ModelRow>();
}

Result<ModelRowId> PostgresStore::add_model(const GalleryModel& model, UtcTime now) {
  const int limit = searchable_ == Searchable::hnsw    ? kMaxIndexDimension
                    : searchable_ == Searchable::exact ? kMaxVectorDimension
                                                       : static_cast<int>(Embedding::kMaxDimension);
  if (model.dimension > limit)
    return fail(ErrorCode::unsupported, "a model of dimension " + std::to_string(model.dimension) +
                                            ": pgvector takes at most " + std::to_string(limit) +
                                            " for this searchable gallery");
  VULTUS_TRY(const Answer id, run("UPDATE counter SET model = model + 1 RETURNING model"));
  const ModelRow row{.id = id.integer(0, 0), .model = model, .added = now};
  Parameters values;
  values.add(row.id).add(std::string_view(model.id.text())).add(std::int64_t{model.dimension});
  values.add(if_given(model.sha256)).add(if_given(model.preset)).add_time(now.time_since_epoch().count());
  values.add(sum_of(row));
  VULTUS_TRY(const Answer done, run("INSERT INTO models(id, name, dimension, sha256, preset, added, sum) "
                                    "VALUES($1, $2, $3::bigint, $4::text, $5::text, $6, $7)",
                                    values));
  if (searchable_ == Searchable::hnsw) VULTUS_CHECK(make_vector_index(*connection_, row));
  return row.id;
}

Status PostgresStore::remove_model(ModelRowId id) {
  VULTUS_TRY(const Answer templates, run("DELETE FROM templates WHERE model = $1", {id}));
  if (searchable_ == Searchable::hnsw)
    VULTUS_CHECK(connection_->execute("DROP INDEX IF EXISTS vectors_hnsw_" + std::to_string(id)));
  VULTUS_TRY(const Answer done, run("DELETE FROM models WHERE id = $1", {id}));
  return {};
}

}  // namespace vultus::gallery
