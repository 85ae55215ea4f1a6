// Opening a gallery, transactions, lost connections, and the numbers of changes.
#include <vultus/gallery/store/postgres_store.hpp>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include <vultus/gallery/store/postgres_rows.hpp>
#include <vultus/gallery/store/postgres_schema.hpp>
#include <vultus/gallery/store/row_sum.hpp>

namespace vultus::gallery {

using postgres::Answer;
using postgres::Connection;
using postgres::Parameters;

namespace {

std::string_view name_of(Searchable searchable) { return searchable == Searchable::hnsw ? "hnsw" : "halfvec"; }

Parameters parameters_of(std::initializer_list<std::int64_t> numbers) {
  Parameters parameters;
  for (const std::int64_t number : numbers) parameters.add(number);
  return parameters;
}

}  // namespace

/// Rolls back what was not committed, and finds out what became of a commit whose answer was lost.
class PostgresStore::OpenTransaction final : public StoreTransaction {
 public:
  OpenTransaction(PostgresStore& store, postgres::Transaction transaction)
      : store_(store), transaction_(std::move(transaction)) {}
  OpenTransaction(const OpenTransaction&) = delete;
  OpenTransaction& operator=(const OpenTransaction&) = delete;
  ~OpenTransaction() override { end(); }

  Status commit() override {
    const std::int64_t number = store_.transaction_;
    Status done = transaction_.commit();
    end();
    if (done || number == 0 || !store_.connection_->is_broken()) return done;
    return store_.outcome_of(number, done.error());
  }

 private:
  void end() {
    store_.in_transaction_ = false;
    store_.number_ = 0;
    store_.transaction_ = 0;
  }
  PostgresStore& store_;
  postgres::Transaction transaction_;
};

PostgresStore::PostgresStore(Connection connection, PostgresOptions options)
    : connection_(std::move(connection)), options_(std::move(options)), name_(connection_->name()) {}
PostgresStore::~PostgresStore() = default;

Result<std::unique_ptr<PostgresStore>> PostgresStore::open(const PostgresOptions& options) {
  if (options.shard < 0 || options.shard > kMaxShard)
    return vultus::fail(ErrorCode::invalid_argument, "shard " + std::to_string(options.shard) + ", 0 to " +
                                                         std::to_string(kMaxShard) + " is allowed");
  const bool writes = options.access != PostgresAccess::read_only;
  VULTUS_TRY(Connection made, Connection::open({.url = options.url,
                                                .role = writes ? postgres::Role::primary : postgres::Role::any,
                                                .deadline = options.deadline}));
  std::unique_ptr<PostgresStore> store(new PostgresStore(std::move(made), options));
  VULTUS_CHECK(store->begin_session());
  Connection& connection = *store->connection_;
  VULTUS_TRY(int version, schema_version(connection));
  const auto newest = static_cast<int>(postgres_steps().size());
  if (version == 0 && options.access != PostgresAccess::create_or_open)
    return store->fail(ErrorCode::not_found, "no gallery in this database");
  if (version > 0 && version < newest && !writes)
    return store->fail(ErrorCode::unsupported, "gallery version " + std::to_string(version) +
                                                   ", this program knows 1 to " + std::to_string(newest) +
                                                   "; open it once for writing to bring it up to date");
  if (version > newest)
    return store->fail(ErrorCode::unsupported, "gallery version " + std::to_string(version) +
                                                   ", this program knows 1 to " + std::to_string(newest));
  if (version == 0)
    VULTUS_CHECK(store->create());
  else if (version < newest)
    VULTUS_CHECK(migrate(connection, postgres_steps()));
  store->version_ = newest;
  VULTUS_TRY(const std::optional<std::string> searchable, store->meta(kMetaSearchable));
  store->searchable_ = !searchable ? Searchable::no : *searchable == "hnsw" ? Searchable::hnsw : Searchable::exact;
  return store;
}

Status PostgresStore::create() {
  Connection& connection = *connection_;
  VULTUS_TRY(auto transaction, postgres::Transaction::begin(connection, postgres::Transaction::Kind::write));
  in_transaction_ = true;
  const std::unique_ptr<bool, void (*)(bool*)> over(&in_transaction_, [](bool* flag) { *flag = false; });
  VULTUS_CHECK(lock_schema(connection));
  VULTUS_TRY(const int version, schema_version(connection));
  if (version != 0) return transaction.commit();  // another process was faster
  VULTUS_TRY(const NewStore with, options_.fill());
  VULTUS_CHECK(connection.execute("CREATE SCHEMA " + Connection::quoted(schema_)));
  VULTUS_CHECK(take_steps(connection, postgres_steps(), 0));
  const std::int64_t first = options_.shard * kIdsOfShard;
  VULTUS_TRY(const Answer counter, run("INSERT INTO counter(sequence, subject, face, undo, model) "
                                       "VALUES(0, $1, $1, 0, 0)",
                                       {first}));
  searchable_ = options_.searchable;
  if (searchable_ != Searchable::no) {
    VULTUS_CHECK(make_vectors(connection));
    VULTUS_CHECK(set_meta(kMetaSearchable, name_of(searchable_)));
  }
  VULTUS_TRY(const ModelRowId model, add_model(with.model, with.created));
  VULTUS_CHECK(set_meta(kMetaCreated, to_iso8601(with.created)));
  for (const auto& [key, value] : with.meta) VULTUS_CHECK(set_meta(key, value));
  const std::string text = std::to_string(model);
  VULTUS_TRY(const Answer meta,
             run("INSERT INTO meta(key, value, sum) VALUES($1, $2, $3)",
                 Parameters().add(kMetaModel).add(std::string_view(text)).add(sum_of_meta(kMetaModel, text))));
  if (searchable_ != Searchable::no) {
    VULTUS_TRY(const auto row, searched_model());
    VULTUS_CHECK(make_view(connection, *row));
  }
  return transaction.commit();
}

Status PostgresStore::connect() {
  connection_.reset();
  listening_ = false;
  VULTUS_TRY(Connection made, Connection::open({.url = options_.url,
                                                .role = writable() ? postgres::Role::primary : postgres::Role::any,
                                                .deadline = options_.deadline}));
  connection_.emplace(std::move(made));
  name_ = connection_->name();
  return begin_session();
}

Status PostgresStore::begin_session() {
  VULTUS_TRY(schema_, use_schema(*connection_));
  if (schema_ != kSchema) name_ = connection_->name() + " (schema " + schema_ + ")";
  // 0 would mean without end.
  VULTUS_CHECK(connection_->execute("SET lock_timeout=" +
                                    std::to_string(std::max<std::int64_t>(options_.busy_wait.count(), 1))));
  VULTUS_TRY(const Answer row,
             connection_->run("SELECT CASE WHEN pg_is_in_recovery() THEN '' ELSE "
                              "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) END || ' ' || "
                              "(SELECT system_identifier::text FROM pg_control_system())"));
  std::string now = row.text(0, 0);
  if (!timeline_.empty() && now != timeline_) another_history_ = true;
  timeline_ = std::move(now);
  return {};
}

Result<Connection*> PostgresStore::connection() {
  if (connection_ && !connection_->is_broken()) return &*connection_;
  if (in_transaction_) return fail(ErrorCode::resource_limit, "the connection was lost inside a transaction");
  VULTUS_CHECK(connect());
  return &*connection_;
}

Result<Answer> PostgresStore::run(std::string_view sql, const Parameters& parameters) {
  VULTUS_TRY(Connection * open, connection());
  Result<Answer> answer = open->run(sql, parameters);
  // Outside a transaction only reading is done, and reading can be done again.
  if (answer || in_transaction_ || !open->is_broken()) return answer;
  VULTUS_CHECK(connect());
  return connection_->run(sql, parameters);
}

Result<Answer> PostgresStore::run(std::string_view sql, std::initializer_list<std::int64_t> numbers) {
  return run(sql, parameters_of(numbers));
}

Status PostgresStore::copy(const char* sql, postgres::CopyRows& rows) {
  VULTUS_TRY(Connection * open, connection());
  rows.end();
  VULTUS_CHECK(open->begin_copy(sql));
  VULTUS_CHECK(open->copy(rows.take()));
  VULTUS_TRY(const std::int64_t count, open->end_copy());
  (void)count;
  return {};
}

Result<std::unique_ptr<StoreTransaction>> PostgresStore::begin(Kind kind) {
  const bool writes = kind == Kind::write;
  if (writes && !writable()) return fail(ErrorCode::invalid_argument, "opened for reading only");
  for (int attempt = 0;; ++attempt) {
    VULTUS_TRY(Connection * open, connection());
    auto begun = postgres::Transaction::begin(
        *open, writes ? postgres::Transaction::Kind::write : postgres::Transaction::Kind::read);
    // A connection that broke while nobody used it is seen only now.
    if (!begun && open->is_broken() && attempt == 0) continue;
    if (!begun) return begun.error();
    auto transaction = std::make_unique<OpenTransaction>(*this, *std::move(begun));
    in_transaction_ = true;
    if (writes) {
      const Result<Answer> locked = run("SELECT sequence FROM counter FOR UPDATE");
      if (!locked) return locked.error();
    }
    return std::unique_ptr<StoreTransaction>(std::move(transaction));
  }
}

Status PostgresStore::outcome_of(std::int64_t transaction, const Error& loss) {
  const Error unsure = vultus::fail(loss.code, loss.message +
                                                   "; whether the change was kept is not known, it can be "
                                                   "repeated without harm");
  const std::string before = timeline_;
  const auto until = std::chrono::steady_clock::now() + options_.deadline;
  for (;;) {
    if (connect() && timeline_ == before) {
      const auto row = connection_->run("SELECT pg_xact_status($1::text::xid8)",
                                        Parameters().add(std::string_view(std::to_string(transaction))));
      const std::string status = row && !row->empty() ? row->text(0, 0) : "";
      if (status == "committed") return {};
      if (status == "aborted") return vultus::fail(loss.code, loss.message + "; nothing of the change was kept");
    } else if (connection_ && timeline_ != before) {
      return unsure;  // another history: its numbers of transactions mean something else
    }
    if (std::chrono::steady_clock::now() >= until) return unsure;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Result<Sequence> PostgresStore::sequence() {
  if (number_ != 0) return number_;
  VULTUS_TRY(const Answer row, run("SELECT sequence FROM counter"));
  if (row.rows() != 1) return damaged("its counter has " + std::to_string(row.rows()) + " rows");
  return row.integer(0, 0);
}

Result<Sequence> PostgresStore::take_number() {
  if (number_ != 0) return number_;
  VULTUS_TRY(const Answer row,
             run("WITH next AS (UPDATE counter SET sequence = sequence + 1 RETURNING sequence) SELECT sequence, "
                 "pg_current_xact_id()::text::bigint, pg_notify($1, sequence::text) IS NULL FROM next",
                 Parameters().add(std::string_view(channel()))));
  if (row.rows() != 1) return damaged("its counter has " + std::to_string(row.rows()) + " rows");
  number_ = row.integer(0, 0);
  transaction_ = row.integer(0, 1);
  return number_;
}

Result<Changes> PostgresStore::changes_after(Sequence seen) {
  Changes changes;
  VULTUS_TRY(changes.up_to, sequence());
  // A standby that took over, or a restored copy, may lack numbers that were seen: everything is to be read again.
  if (std::exchange(another_history_, false) || changes.up_to < seen) {
    changes.model = true;
    return changes;
  }
  if (changes.up_to == seen) return changes;
  VULTUS_TRY(const Answer subjects, run("SELECT " + std::string(postgres_rows::kSubjectColumns) +
                                            " FROM subjects s WHERE s.changed > $1 ORDER BY s.id",
                                        {seen}));
  for (std::size_t i = 0; i < subjects.rows(); ++i) {
    auto read = postgres_rows::read_subject({subjects, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    changes.subjects.push_back(std::move(read.row));
  }
  VULTUS_TRY(const Answer faces, run("SELECT " + std::string(postgres_rows::kFaceColumns) +
                                         " FROM faces f WHERE f.changed > $1 ORDER BY f.id",
                                     {seen}));
  for (std::size_t i = 0; i < faces.rows(); ++i) {
    const auto read = postgres_rows::read_face({faces, i});
    if (!read.wrong.empty()) return damaged(read.wrong);
    changes.faces.emplace_back(read.row.id, read.row.subject);
  }
  VULTUS_TRY(const Answer gone, run("SELECT subject FROM gone_subjects WHERE changed > $1 ORDER BY subject", {seen}));
  for (std::size_t i = 0; i < gone.rows(); ++i) changes.gone_subjects.emplace_back(gone.integer(i, 0));
  VULTUS_TRY(const Answer lost, run("SELECT face FROM gone_faces WHERE changed > $1 ORDER BY face", {seen}));
  for (std::size_t i = 0; i < lost.rows(); ++i) changes.gone_faces.emplace_back(lost.integer(i, 0));
  for (const auto& [key, flag] : {std::pair(kMetaLinks, &changes.links), std::pair(kMetaSwitched, &changes.model)}) {
    VULTUS_TRY(const std::optional<std::string> text, meta(key));
    if (text) *flag = std::strtoll(text->c_str(), nullptr, 10) > seen;
  }
  return changes;
}

Result<std::optional<std::string>> PostgresStore::meta(std::string_view key) {
  if (key == kMetaSequence) {
    VULTUS_TRY(const Sequence number, sequence());
    return std::optional(std::to_string(number));
  }
  VULTUS_TRY(const Answer row, run("SELECT value, sum FROM meta WHERE key = $1", Parameters().add(key)));
  if (row.empty()) return std::optional<std::string>();
  std::string value = row.text(0, 0);
  if (sum_of_meta(key, value) != row.integer(0, 1))
    return damaged("row \"" + std::string(key) + "\" of meta is not as it was written: its checksum does not fit");
  return std::optional(std::move(value));
}

Status PostgresStore::set_number(std::string_view key, std::int64_t value) {
  return set_meta(key, std::to_string(value));
}

Status PostgresStore::set_meta(std::string_view key, std::string_view value) {
  if (key == kMetaSequence || key == kMetaSchema)
    return fail(ErrorCode::invalid_argument, "meta '" + std::string(key) + "' is the store's own");
  VULTUS_TRY(const Answer done, run("INSERT INTO meta(key, value, sum) VALUES($1, $2, $3) "
                                    "ON CONFLICT(key) DO UPDATE SET value = excluded.value, sum = excluded.sum",
                                    Parameters().add(key).add(value).add(sum_of_meta(key, value))));
  if (key != kMetaModel) return {};
  VULTUS_TRY(const Sequence number, take_number());
  VULTUS_CHECK(set_number(kMetaSwitched, number));
  if (searchable_ == Searchable::no) return {};
  VULTUS_TRY(const auto model, searched_model());
  return model ? make_view(*connection_, *model) : Status();
}

Result<std::int64_t> PostgresStore::shard() {
  VULTUS_TRY(const Answer row, run("SELECT subject FROM counter"));
  if (row.rows() != 1) return damaged("its counter has " + std::to_string(row.rows()) + " rows");
  return row.integer(0, 0) / kIdsOfShard;
}

Result<Searchable> PostgresStore::searchable() { return searchable_; }

Result<std::pair<std::int64_t, std::int64_t>> PostgresStore::counts() {
  VULTUS_TRY(const Answer row, run("SELECT (SELECT count(*) FROM subjects), (SELECT count(*) FROM faces)"));
  return std::pair(row.integer(0, 0), row.integer(0, 1));
}

std::string PostgresStore::channel() const {
  return schema_.substr(0, kMaxSchemaName - kChannelEnding.size()) + std::string(kChannelEnding);
}

int PostgresStore::process() const { return connection_ && !connection_->is_broken() ? connection_->process() : 0; }

Result<bool> PostgresStore::wait_for_change(Sequence seen, std::chrono::milliseconds wait) {
  if (in_transaction_) return fail(ErrorCode::internal, "waiting for a change inside a transaction");
  VULTUS_TRY(Connection * open, connection());
  if (!listening_) {
    const Status heard = open->execute("LISTEN " + Connection::quoted(channel()));
    if (!heard && open->is_broken()) return true;  // look again
    VULTUS_CHECK(heard);
  }
  listening_ = true;
  // What was committed before LISTEN, or while there was no connection, sent its notice to nobody: the number tells it.
  VULTUS_TRY(const Sequence now, sequence());
  if (now != seen || another_history_) return true;
  // Lost and made anew meanwhile: nobody has listened yet.
  if (!listening_ || !connection_ || connection_->is_broken()) return true;
  const auto notices = connection_->notices(wait);
  return !notices || !notices->empty();  // lost: look again
}

Status PostgresStore::backup(const BackupOptions& /*options*/) {
  return fail(ErrorCode::unsupported, "a database is copied with the server's own tools: pg_dump or pg_basebackup");
}

}  // namespace vultus::gallery
