// Opening a gallery, loading it, and taking in what others have changed.
#include <vultus/gallery/local_gallery.hpp>

#include <vultus/gallery/input_checks.hpp>
#include <vultus/gallery/protection_check.hpp>
#include <vultus/gallery/record_rows.hpp>
#include <vultus/gallery/row_check.hpp>
#include <vultus/gallery/store/postgres_schema.hpp>
#include <vultus/gallery/store/postgres_store.hpp>
#include <vultus/gallery/store/sqlite_store.hpp>

namespace vultus::gallery {
namespace {

sqlite::Access access_of(GalleryAccess access) {
  switch (access) {
    case GalleryAccess::read_only: return sqlite::Access::read_only;
    case GalleryAccess::read_write: return sqlite::Access::read_write;
    case GalleryAccess::create_or_open: return sqlite::Access::create_or_open;
  }
  return sqlite::Access::read_only;
}

/// The path, or the URL without its password.
std::string shown(const std::filesystem::path& path) {
  return postgres::is_url(path.native()) ? postgres::shown_url(path.native()).value_or("a URL of PostgreSQL")
                                         : path.string();
}

Status check_options(const GalleryOptions& options) {
  if (options.busy_wait.count() < 0 || options.busy_wait > std::chrono::hours(1))
    return vultus::fail(
        ErrorCode::invalid_argument,
        "gallery busy_wait of " + std::to_string(options.busy_wait.count()) + " ms, 0 to 3600000 is allowed");
  if (options.max_bytes < 0)
    return vultus::fail(ErrorCode::invalid_argument,
                        "gallery max_bytes of " + std::to_string(options.max_bytes) + ", 0 or more is allowed");
  if (options.cells_from < 0 || !(options.cells_recall >= 0.5 && options.cells_recall <= 1))
    return vultus::fail(ErrorCode::invalid_argument,
                        "gallery cells_from of " + std::to_string(options.cells_from) + " and cells_recall of " +
                            std::to_string(options.cells_recall) + ", 0 or more and 0.5 to 1 are allowed");
  if (options.model) VULTUS_CHECK(check_model(*options.model));
  if (options.access == GalleryAccess::create_or_open && !options.model)
    return vultus::fail(ErrorCode::invalid_argument,
                        shown(options.path) + ": a gallery cannot be made without a model");
  return {};
}

Status require_model(const Store& store, const GalleryModel& mine, const GalleryModel& wanted) {
  const auto mismatch = [&](const std::string& made, const std::string& other) {
    return store.fail(ErrorCode::model_mismatch, "made with model " + made + ", opened with model " + other);
  };
  if (wanted.id != mine.id) return mismatch(mine.id.text(), wanted.id.text());
  if (wanted.dimension != mine.dimension)
    return mismatch(mine.id.text() + " of dimension " + std::to_string(mine.dimension),
                    wanted.id.text() + " of dimension " + std::to_string(wanted.dimension));
  if (!wanted.sha256.empty() && !mine.sha256.empty() && wanted.sha256 != mine.sha256)
    return mismatch(mine.id.text() + " (SHA-256 " + mine.sha256 + ")",
                    wanted.id.text() + " (SHA-256 " + wanted.sha256 + ")");
  return {};
}

PostgresAccess server_access_of(GalleryAccess access) {
  switch (access) {
    case GalleryAccess::read_only: return PostgresAccess::read_only;
    case GalleryAccess::read_write: return PostgresAccess::read_write;
    case GalleryAccess::create_or_open: return PostgresAccess::create_or_open;
  }
  return PostgresAccess::read_only;
}

Searchable searchable_of(SqlSearch search) {
  switch (search) {
    case SqlSearch::none: return Searchable::no;
    case SqlSearch::exact: return Searchable::exact;
    case SqlSearch::hnsw: return Searchable::hnsw;
  }
  return Searchable::no;
}

/// What a new gallery on a server is made with. Rows on somebody's server are sealed, unless SQL clients shall search.
Result<NewStore> new_server_store(const GalleryOptions& options, const AsShard& shard) {
  GalleryOptions how = options;
  const auto refuse = [&](ErrorCode code, const char* why) {
    return vultus::fail(code, options.path.string() + ": " + why);
  };
  if (options.sql_search != SqlSearch::none && options.encryption == GalleryEncryption::sealed)
    return refuse(ErrorCode::invalid_argument,
                  "SQL clients can search no encrypted templates: encryption or SQL search");
  if (options.sql_search == SqlSearch::none) {
    if (!options.key)
      return refuse(ErrorCode::invalid_argument,
                    "a new gallery on a server is encrypted, which needs a key; templates in plain are kept there only "
                    "for search by SQL clients, which has to be chosen");
    how.encryption = GalleryEncryption::sealed;
  }
  VULTUS_TRY(NewStore made, Guard::new_store(how, shard.keys));
  if (!shard.map.empty()) made.meta.emplace_back(kMetaShards, shard.map);
  return made;
}

}  // namespace

Result<std::unique_ptr<LocalGallery>> LocalGallery::open(GalleryOptions options) {
  if (postgres::is_url(options.path.native())) return open_shard(std::move(options), {});
  VULTUS_CHECK(check_options(options));
  const auto open_store = [&options](sqlite::Access access) {
    return SqliteStore::open({.path = options.path,
                              .access = access,
                              .busy_wait = options.busy_wait,
                              .max_bytes = options.max_bytes,
                              .fill = [&options]() { return Guard::new_store(options); }});
  };
  VULTUS_TRY(std::unique_ptr<SqliteStore> store, open_store(access_of(options.access)));
  VULTUS_TRY(auto guard, Guard::open(*store, options));
  if (options.access == GalleryAccess::read_only && guard->level() == AuditLevel::all && !store->frozen())
    // Who may only read still leaves records in the log; where that cannot be, searches are refused later.
    if (auto again = open_store(sqlite::Access::read_write)) store = *std::move(again);
  return finish(std::move(store), std::move(guard), std::move(options), {});
}

Result<std::unique_ptr<LocalGallery>> LocalGallery::open_shard(GalleryOptions options, AsShard shard) {
  VULTUS_CHECK(check_options(options));
  const std::string url = options.path.native();
  if (options.keyring.empty()) options.keyring = options.path;
  // From here on the path is only shown, and a password is never shown.
  options.path = shown(options.path);
  const auto open_store = [&](PostgresAccess access) {
    return PostgresStore::open({.url = url,
                                .access = access,
                                .deadline = options.server_deadline,
                                .busy_wait = options.busy_wait,
                                .fill = [&] { return new_server_store(options, shard); },
                                .searchable = searchable_of(options.sql_search),
                                .shard = shard.number});
  };
  VULTUS_TRY(std::unique_ptr<PostgresStore> store, open_store(server_access_of(options.access)));
  VULTUS_TRY(auto guard, Guard::open(*store, options, shard.keys));
  if (options.access == GalleryAccess::read_only && guard->level() == AuditLevel::all)
    if (auto again = open_store(PostgresAccess::read_write)) store = *std::move(again);
  const bool follows = options.see_changes == SeeChanges::at_once && shard.map.empty();
  const auto deadline = options.server_deadline;
  VULTUS_TRY(auto made, finish(std::move(store), std::move(guard), std::move(options), std::move(shard)));
  if (follows)
    made->follower_.emplace(
        PostgresOptions{.url = url, .deadline = deadline}, [all = made.get()] { return all->seen(); },
        [all = made.get()]() -> Status {
          const auto changed = all->refresh();
          return changed ? Status() : Status(changed.error());
        });
  return made;
}

Result<std::unique_ptr<LocalGallery>> LocalGallery::finish(std::unique_ptr<Store> store, std::unique_ptr<Guard> guard,
                                                           GalleryOptions options, AsShard shard) {
  // Every shard has a snapshot of its own.
  if (!shard.map.empty() && !options.snapshot.empty()) options.snapshot += "." + std::to_string(shard.number);
  std::unique_ptr<LocalGallery> made(
      new LocalGallery(std::move(store), std::move(guard), std::move(options), std::move(shard)));
  VULTUS_CHECK(made->load());
  return made;
}

Status LocalGallery::load() {
  const std::scoped_lock lock(file_);
  Status loaded = load_rows();
  if (loaded || loaded.error().code != ErrorCode::corrupt_data || !guard_->sealed()) return loaded;
  const Result<bool> taken_up = take_up_forgetting();
  return taken_up && *taken_up ? load_rows() : loaded;
}

Status LocalGallery::load_rows() {
  VULTUS_CHECK(finish_forgetting());
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_CHECK(guard_->require_same_rows(*store_));
  VULTUS_TRY(const std::string created, required_meta(*store_, kMetaCreated));
  const std::optional<UtcTime> time = from_iso8601(created);
  if (!time) return rows_.damaged("it was created at \"" + created + "\", which is no time");
  created_ = *time;
  VULTUS_TRY(const std::optional<std::string> searchable, store_->meta(kMetaSearchable));
  sql_searchable_ = searchable.has_value();
  VULTUS_TRY(const ModelRow model, searched_model(*store_));
  if (options_.model) VULTUS_CHECK(require_model(*store_, model.model, *options_.model));
  VULTUS_CHECK(fill_memory(model, nullptr));
  VULTUS_CHECK(load_negatives());
  VULTUS_CHECK(view->commit());
  tend_index();
  return {};
}

void LocalGallery::publish(Memory memory, Sequence number) {
  gone_.read_anew();
  settled_ = 0;  // also where a server that took over counts from an earlier number
  lost_ = number;
  memory_ = std::move(memory);
  searched_.put(std::make_shared<const Memory>(memory_));
  shows(number);
}

void LocalGallery::shows(Sequence number) {
  seen_ = number;
  if (gone_.settled()) settled_ = number;
}

Result<UtcTime> LocalGallery::now() const {
  const UtcTime time = options_.now();
  VULTUS_CHECK(check_time("the clock of the gallery says", time));
  return time;
}

GalleryInfo LocalGallery::info() const {
  // What is asked of the store does not change while it is open, so this waits for no disk.
  const auto memory = searched_.get();
  const auto view = memory->index->view();
  return {.path = store_->name(),
          .model = memory->model.model,
          .version = store_->version(),
          .created = created_,
          .subjects = static_cast<std::int64_t>(view->subjects()),
          .faces = static_cast<std::int64_t>(view->live()),
          .writable = options_.access != GalleryAccess::read_only,
          .encrypted = guard_->sealed(),
          .audit = guard_->level(),
          .frozen = store_->frozen(),
          .templates_here =
              view->holding() == Holding::templates ? static_cast<std::int64_t>(view->live()) : std::int64_t{0},
          .sql_searchable = sql_searchable_,
          .cells = view->partition_report(),
          .search = options_.search == SearchMethod::automatic && view->holding() == Holding::templates
                        ? view->method()
                        : options_.search};
}

GalleryModel LocalGallery::model() const { return searched_.get()->model.model; }

Result<std::unique_ptr<StoreTransaction>> LocalGallery::begin_change() {
  if (options_.access == GalleryAccess::read_only)
    return store_->fail(ErrorCode::invalid_argument, "opened for reading only");
  VULTUS_TRY(auto transaction, store_->begin(Store::Kind::write));
  if (shard_.guard) VULTUS_CHECK(shard_.guard(*store_));
  if (const Result<bool> changed = take_in_changes(); !changed) return changed.error();
  steps_.begin();
  return transaction;
}

Status LocalGallery::commit(StoreTransaction& transaction) {
  VULTUS_TRY(const Sequence number, store_->sequence());
  VULTUS_CHECK(transaction.commit());
  shows(number);
  return {};
}

Result<bool> LocalGallery::take_in_changes() {
  VULTUS_CHECK(guard_->require_same_rows(*store_));
  // Asked also where the number is the same: a standby that took over may have given it to another change.
  VULTUS_TRY(const Changes changes, store_->changes_after(seen_));
  if (changes.up_to == seen_ && !changes.model) return false;
  VULTUS_CHECK(guard_->refresh(*store_));
  logs_all_ = guard_->level() == AuditLevel::all;
  if (changes.model) {
    VULTUS_TRY(Memory again, load_memory(*store_, rows_, shard_.holding));
    publish(std::move(again), changes.up_to);
    VULTUS_CHECK(load_negatives());
    cells_if_due();
    return true;
  }
  if (changes.links) VULTUS_CHECK(load_negatives());
  const auto before = memory_.index->view();
  VULTUS_CHECK(take_in(changes, memory_));
  shows(changes.up_to);
  erase_gone(memory_, before.get());
  cells_if_due();
  return true;
}

Status LocalGallery::take_in(const Changes& changes, const Memory& memory) {
  IndexChanges dropped = gone_.to_drop(changes);
  if (!dropped.gone.empty() || !dropped.subjects_gone.empty()) lost_ = changes.up_to;
  return take_into_memory(*store_, rows_, changes, std::move(dropped), memory);
}

Result<bool> LocalGallery::refresh() {
  const std::scoped_lock lock(file_);
  VULTUS_TRY(const auto view, store_->begin(Store::Kind::read));
  VULTUS_TRY(const bool changed, take_in_changes());
  VULTUS_CHECK(view->commit());
  return changed;
}

Result<GalleryCheck> LocalGallery::check() {
  return read([&]() -> Result<GalleryCheck> {
    VULTUS_TRY(
        GalleryCheck found,
        check_rows(*store_, {.codec = &codec(), .is_going = [&](SubjectId id) { return guard_->is_forgotten(id); }}));
    if (guard_->sealed()) found.sealed_values_checked = true;
    if (guard_->keyring() != nullptr) {
      VULTUS_TRY(const AuditLog log, guard_->log(*store_, false));
      VULTUS_CHECK(check_keyring_and_log(*store_, *guard_->keyring(), log, found));
    } else {
      VULTUS_CHECK(check_plain_protection(*store_, options_, shard_.keys, found));
    }
    if (!keeps_snapshot()) return found;
    VULTUS_TRY(const SnapshotOptions options, snapshot_options(memory_.model.model));
    VULTUS_TRY(const auto ours, store_->meta(kMetaSnapshot));
    if (auto finding = finding_in_snapshot(options.path, options.identity, options.key, ours))
      found.findings.push_back(*std::move(finding));
    return found;
  });
}

}  // namespace vultus::gallery
