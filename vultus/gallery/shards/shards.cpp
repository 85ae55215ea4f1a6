#include <vultus/gallery/shards.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>

#include <unistd.h>

#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards/each_part.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>
#include <vultus/gallery/store/postgres_store.hpp>

namespace vultus {
namespace {

using gallery::PostgresAccess;
using gallery::PostgresStore;
using gallery::Shard;
using gallery::ShardMap;
using gallery::ShardStore;
using gallery::Store;

Result<std::unique_ptr<PostgresStore>> open_store(const Shard& shard, PostgresAccess access,
                                                  std::chrono::milliseconds deadline) {
  VULTUS_TRY(const std::string url, joined_url(shard));
  return PostgresStore::open({.url = url, .access = access, .deadline = deadline, .busy_wait = deadline})
      .with_context("shard \"" + shard.name + "\"");
}

/// All shards of a configuration, open for writing.
struct OpenShards {
  ShardMap file;
  std::vector<std::unique_ptr<PostgresStore>> stores;
  std::vector<ShardStore> all;
  ShardMap newest;  ///< of the maps that they store
};

Result<OpenShards> open_all(const std::filesystem::path& configuration, std::chrono::milliseconds deadline) {
  OpenShards open;
  VULTUS_TRY(open.file, gallery::read_shards(configuration));
  for (const Shard& shard : open.file.shards) {
    VULTUS_TRY(auto store, open_store(shard, PostgresAccess::read_write, deadline));
    VULTUS_TRY(const ShardMap map, gallery::map_of(*store));
    if (map.version > open.newest.version) open.newest = map;
    open.all.push_back({shard, store.get()});
    open.stores.push_back(std::move(store));
  }
  for (const Shard& shard : open.newest.shards)
    if (std::ranges::find(open.file.shards, shard.name, &Shard::name) == open.file.shards.end())
      return fail(ErrorCode::invalid_argument,
                  configuration.string() + ": shard \"" + shard.name + "\" is part of the gallery and missing here");
  return open;
}

/// Where the subjects of a shard that do not belong there are to go.
Result<std::map<std::size_t, std::vector<SubjectId>>> misplaced(Store& store, std::size_t here, const ShardMap& map) {
  std::map<std::size_t, std::vector<SubjectId>> away;
  const auto look = [&](const gallery::SubjectRow& row) -> Status {
    const std::size_t wanted = gallery::home_of(row.name_key, map.shards);
    if (wanted != here) away[wanted].push_back(row.id);
    return {};
  };
  VULTUS_TRY(const auto view, store.begin(Store::Kind::read));
  VULTUS_CHECK(store.each_subject(look));
  VULTUS_CHECK(view->commit());
  return away;
}

Status ask(const Shard& shard, const ShardsOptions& options, ShardStatus& status) {
  VULTUS_TRY(const auto store, open_store(shard, PostgresAccess::read_only, options.server_deadline));
  status.server = store->name();
  VULTUS_TRY(const ShardMap map, gallery::map_of(*store));
  const auto self = std::ranges::find(map.shards, shard.name, &Shard::name);
  if (self == map.shards.end()) return store->fail(ErrorCode::invalid_argument, "not shard \"" + shard.name + "\"");
  status.weight = self->weight;
  status.map_version = map.version;
  VULTUS_TRY(status.sequence, store->sequence());
  VULTUS_TRY(const auto counts, store->counts());
  status.subjects = counts.first;
  status.faces = counts.second;
  VULTUS_TRY(const auto away, misplaced(*store, static_cast<std::size_t>(self - map.shards.begin()), map));
  for (const auto& [to, subjects] : away) status.misplaced += static_cast<std::int64_t>(subjects.size());
  return {};
}

/// Replaces the file as a whole, readable by its owner alone: it may hold passwords.
Status write_file(const std::filesystem::path& path, const std::string& text) {
  std::string fresh = path.string() + ".XXXXXX";
  const int handle = mkstemp(fresh.data());
  const auto lost = [&](const char* what) {
    if (handle >= 0) unlink(fresh.c_str());
    return fail(ErrorCode::resource_limit, path.string() + ": cannot be " + what);
  };
  if (handle < 0) return lost("replaced");
  const bool written =
      write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(handle) == 0;
  if (close(handle) != 0 || !written) return lost("written");
  std::error_code failed;
  std::filesystem::rename(fresh, path, failed);
  return failed ? Status(lost("replaced")) : Status();
}

}  // namespace

Result<std::vector<ShardStatus>> shard_status(const std::filesystem::path& configuration,
                                              const ShardsOptions& options) {
  VULTUS_TRY(const ShardMap file, gallery::read_shards(configuration));
  const auto answers = gallery::each_at_once(file.shards.size(), [&](std::size_t i) -> Result<ShardStatus> {
    const Shard& shard = file.shards[i];
    ShardStatus status{.name = shard.name, .number = shard.number, .weight = shard.weight};
    VULTUS_TRY(const std::string url, joined_url(shard));
    VULTUS_TRY(status.server, postgres::shown_url(url));
    if (const Status asked = ask(shard, options, status); !asked) status.error = asked.error();
    return status;
  });
  std::vector<ShardStatus> all;
  for (const auto& answer : answers) {
    if (!answer) return answer.error();
    all.push_back(*answer);
  }
  return all;
}

Result<std::int64_t> add_shard(const std::filesystem::path& configuration, const ShardToAdd& shard,
                               const AddShardOptions& options) {
  VULTUS_TRY(OpenShards open, open_all(configuration, options.server_deadline));
  ShardMap file = open.file;
  Shard added{.name = shard.name, .weight = shard.weight, .urls = shard.urls};
  for (const Shard& one : file.shards) added.number = std::max(added.number, one.number + 1);
  file.shards.push_back(added);
  // What parse_shards refuses is refused before anything is made.
  VULTUS_TRY(const ShardMap checked, gallery::parse_shards(gallery::shards_text(file), configuration.string()));
  ShardMap map = open.newest;
  ++map.version;
  map.shards.push_back(added);
  map.shards.back().urls.clear();

  Store& first = *open.all.front().store;
  VULTUS_TRY(const auto model_id, first.meta(gallery::kMetaModel));
  VULTUS_TRY(const auto models, first.models());
  VULTUS_TRY(const auto id, first.meta(gallery::kMetaGallery));
  VULTUS_TRY(const auto encryption, first.meta(gallery::kMetaEncryption));
  VULTUS_TRY(const auto audit, first.meta(gallery::kMetaAudit));
  VULTUS_TRY(const auto searchable, open.stores.front()->searchable());
  const auto model = std::ranges::find_if(models, [&](const auto& one) { return std::to_string(one.id) == model_id; });
  if (model == models.end()) return first.fail(ErrorCode::corrupt_data, "damaged gallery: its model is not there");
  if ((searchable == gallery::Searchable::no) != (options.sql_search == SqlSearch::none))
    return fail(ErrorCode::invalid_argument,
                "the new shard must be searchable by SQL clients exactly if the others are");
  VULTUS_TRY(const std::string url, joined_url(added));
  bool made = false;
  const auto fill = [&]() -> Result<gallery::NewStore> {
    made = true;
    return gallery::NewStore{.model = model->model,
                             .created = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()),
                             .meta = {{std::string(gallery::kMetaEncryption), encryption.value_or("none")},
                                      {std::string(gallery::kMetaGallery), id.value_or("")},
                                      {std::string(gallery::kMetaAudit), audit.value_or("off")},
                                      {std::string(gallery::kMetaShards), gallery::stored_map(map)}}};
  };
  VULTUS_TRY(auto store, PostgresStore::open({.url = url,
                                              .access = PostgresAccess::create_or_open,
                                              .deadline = options.server_deadline,
                                              .fill = fill,
                                              .searchable = searchable,
                                              .shard = added.number}));
  VULTUS_TRY(const auto known, store->meta(gallery::kMetaGallery));
  VULTUS_TRY(const auto counts, store->counts());
  if (!made && (known != id || counts.first > 0))
    return store->fail(ErrorCode::invalid_argument, "has a gallery already");
  // The file first: programs that see the new map look there for the new URL.
  VULTUS_CHECK(write_file(configuration, gallery::shards_text(file)));
  open.all.push_back({added, store.get()});
  VULTUS_CHECK(gallery::publish_map(open.all, map));
  return added.number;
}

Result<RebalanceReport> rebalance_shards(const std::filesystem::path& configuration, const RebalanceOptions& options) {
  if (options.subjects_at_once < 1 || options.subjects_at_once > 1000)
    return fail(ErrorCode::invalid_argument,
                "moving " + std::to_string(options.subjects_at_once) + " subjects at once, 1 to 1000 is allowed");
  VULTUS_TRY(const OpenShards open, open_all(configuration, options.server_deadline));
  ShardMap map = open.newest;
  bool agreed = gallery::same_places(map, open.file);
  if (!agreed) {
    map = open.file;
    map.version = open.newest.version + 1;
    for (Shard& shard : map.shards) shard.urls.clear();
  }
  for (const ShardStore& one : open.all) {
    VULTUS_TRY(const ShardMap stored, gallery::map_of(*one.store));
    agreed = agreed && stored.version == map.version;
  }
  if (!agreed) VULTUS_CHECK(gallery::publish_map(open.all, map));
  RebalanceReport report{.map_version = map.version};
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(open.file.shards, name, &Shard::name) - open.file.shards.begin());
  };
  std::int64_t wanted = 0;
  std::vector<std::map<std::size_t, std::vector<SubjectId>>> away;
  for (std::size_t i = 0; i < map.shards.size(); ++i) {
    VULTUS_TRY(auto some, misplaced(*open.all[place(map.shards[i].name)].store, i, map));
    for (const auto& [to, subjects] : some) wanted += static_cast<std::int64_t>(subjects.size());
    away.push_back(std::move(some));
  }
  for (std::size_t i = 0; i < away.size(); ++i)
    for (const auto& [to, subjects] : away[i])
      for (std::size_t k = 0; k < subjects.size(); k += options.subjects_at_once) {
        if (options.stop.stop_requested())
          return fail(ErrorCode::cancelled, "stopped after " + std::to_string(report.moved) + " of " +
                                                std::to_string(wanted) +
                                                " subjects; the same command goes on from here");
        const auto some = std::span(subjects).subspan(k, std::min(options.subjects_at_once, subjects.size() - k));
        VULTUS_TRY(const std::int64_t moved,
                   gallery::move_subjects(open.all[place(map.shards[i].name)], open.all[place(map.shards[to].name)],
                                          some, map.version));
        report.moved += moved;
        if (options.progress) options.progress(report.moved, wanted);
      }
  return report;
}

}  // namespace vultus
