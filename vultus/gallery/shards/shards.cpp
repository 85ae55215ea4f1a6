#include <vultus/gallery/shards.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <system_error>

#include <unistd.h>

#include <vultus/gallery/guard.hpp>
#include <vultus/gallery/shards/asked_once.hpp>
#include <vultus/gallery/shards/each_part.hpp>
#include <vultus/gallery/shards/node_wire.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>
#include <vultus/gallery/store/postgres_store.hpp>

namespace vultus {
namespace {

using gallery::Guard;
using gallery::PostgresAccess;
using gallery::PostgresStore;
using gallery::Secret;
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
  std::vector<std::unique_ptr<Guard>> guards;
  std::vector<ShardStore> all;
  ShardMap newest;                       ///< of the maps that they store
  std::shared_ptr<const Secret> common;  ///< keys that their keyrings have in common; empty = there are none
};

/// How the keyring and the log of a shard are opened.
Result<GalleryOptions> options_of(const Shard& shard, const ShardsProtection& how, std::chrono::milliseconds deadline) {
  VULTUS_TRY(const std::string url, joined_url(shard));
  VULTUS_TRY(const std::string shown, postgres::shown_url(url));
  GalleryOptions options{.path = shown, .access = GalleryAccess::read_write};
  options.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  options.key = how.key;
  options.keyring = how.keyring.empty() ? std::filesystem::path(url) : how.keyring;
  options.who = how.who;
  options.purpose = how.purpose;
  options.server_deadline = deadline;
  return options;
}

Result<OpenShards> open_all(const std::filesystem::path& configuration, ShardsProtection how,
                            std::chrono::milliseconds deadline) {
  OpenShards open;
  VULTUS_TRY(open.file, gallery::read_shards(configuration));
  if (how.key) how.key = gallery::asked_once(*how.key);
  for (const Shard& shard : open.file.shards) {
    VULTUS_TRY(auto store, open_store(shard, PostgresAccess::read_write, deadline));
    VULTUS_TRY(const ShardMap map, gallery::map_of(*store));
    if (map.version > open.newest.version) open.newest = map;
    VULTUS_TRY(const GalleryOptions options, options_of(shard, how, deadline));
    VULTUS_TRY(auto guard, Guard::open(*store, options, {.shard = shard.name}));
    if (!open.common && guard->level() != AuditLevel::off) {
      VULTUS_TRY(open.common, guard->common_keys());
    }
    open.all.push_back({shard, store.get(), guard.get()});
    open.stores.push_back(std::move(store));
    open.guards.push_back(std::move(guard));
  }
  for (const auto& guard : open.guards) guard->share_keys(open.common);
  for (const Shard& shard : open.newest.shards)
    if (std::ranges::find(open.file.shards, shard.name, &Shard::name) == open.file.shards.end())
      return fail(ErrorCode::invalid_argument,
                  configuration.string() + ": shard \"" + shard.name + "\" is part of the gallery and missing here");
  return open;
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
  VULTUS_TRY(const auto away,
             gallery::misplaced_groups(*store, static_cast<std::size_t>(self - map.shards.begin()), map));
  for (const auto& [to, groups] : away)
    for (const auto& group : groups) status.misplaced += static_cast<std::int64_t>(group.size());
  return {};
}

NodeStatus ask_node(const std::string& node, const Shard& shard, const NodeAccess& access,
                    const ShardsOptions& options) {
  NodeStatus status{.node = node};
  const auto ask = [&]() -> Status {
    if (!options.ask_node) return fail(ErrorCode::unsupported, "this program does not ask search nodes");
    VULTUS_TRY(const std::string answer, options.ask_node({.node = node,
                                                           .access = access,
                                                           .question = gallery::wire_bytes(gallery::NodeQuestion()),
                                                           .deadline = options.server_deadline}));
    VULTUS_TRY(const gallery::NodeReport report, gallery::report_from(answer));
    const auto at = std::ranges::find(report.shards, shard.name, &ServedShard::name);
    if (at == report.shards.end()) return fail(ErrorCode::not_found, "it does not search shard \"" + shard.name + "\"");
    status.faces = at->faces;
    status.sequence = at->sequence;
    status.bytes = at->bytes;
    return {};
  };
  if (const Status asked = guarded("search node", ask); !asked) status.error = asked.error();
  return status;
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

Result<NodeAccess> search_node_access(const std::filesystem::path& configuration) {
  VULTUS_TRY(const ShardMap file, gallery::read_shards(configuration));
  return gallery::node_access(file, configuration);
}

Result<std::vector<ShardStatus>> shard_status(const std::filesystem::path& configuration,
                                              const ShardsOptions& options) {
  VULTUS_TRY(const ShardMap file, gallery::read_shards(configuration));
  const NodeAccess access = gallery::node_access(file, configuration);
  const auto answers = gallery::each_at_once(file.shards.size(), [&](std::size_t i) -> Result<ShardStatus> {
    const Shard& shard = file.shards[i];
    ShardStatus status{.name = shard.name, .number = shard.number, .weight = shard.weight};
    VULTUS_TRY(const std::string url, joined_url(shard));
    VULTUS_TRY(status.server, postgres::shown_url(url));
    if (const Status asked = ask(shard, options, status); !asked) status.error = asked.error();
    for (const std::string& node : shard.searched_by) status.nodes.push_back(ask_node(node, shard, access, options));
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
  VULTUS_TRY(OpenShards open, open_all(configuration, options.protection, options.server_deadline));
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
  VULTUS_TRY(GalleryOptions fresh, options_of(added, options.protection, options.server_deadline));
  fresh.model = model->model;
  const bool sealed = encryption.value_or("none") != "none";
  fresh.encryption = sealed ? GalleryEncryption::sealed : GalleryEncryption::none;
  fresh.audit = audit_level_from(audit.value_or("off"));
  fresh.passphrase_cost = options.passphrase_cost;
  const gallery::ShardKeys keys{.shard = added.name, .gallery = id.value_or(""), .common = open.common};
  const auto fill = [&]() -> Result<gallery::NewStore> {
    made = true;
    VULTUS_TRY(gallery::NewStore with, Guard::new_store(fresh, keys));
    with.meta.emplace_back(std::string(gallery::kMetaShards), gallery::stored_map(map));
    return with;
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
  open.all.push_back({added, store.get(), nullptr});
  VULTUS_CHECK(gallery::publish_map(open.all, map));
  return added.number;
}

Result<RebalanceReport> rebalance_shards(const std::filesystem::path& configuration, const RebalanceOptions& options) {
  if (options.subjects_at_once < 1 || options.subjects_at_once > 1000)
    return fail(ErrorCode::invalid_argument,
                "moving " + std::to_string(options.subjects_at_once) + " subjects at once, 1 to 1000 is allowed");
  VULTUS_TRY(const OpenShards open, open_all(configuration, options.protection, options.server_deadline));
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
  std::vector<std::map<std::size_t, std::vector<std::vector<SubjectId>>>> away;
  for (std::size_t i = 0; i < map.shards.size(); ++i) {
    VULTUS_TRY(auto some, gallery::misplaced_groups(*open.all[place(map.shards[i].name)].store, i, map));
    for (const auto& [to, groups] : some)
      for (const auto& group : groups) wanted += static_cast<std::int64_t>(group.size());
    away.push_back(std::move(some));
  }
  for (std::size_t i = 0; i < away.size(); ++i)
    for (const auto& [to, groups] : away[i])
      for (std::size_t k = 0; k < groups.size();) {
        if (options.stop.stop_requested())
          return fail(ErrorCode::cancelled, "stopped after " + std::to_string(report.moved) + " of " +
                                                std::to_string(wanted) +
                                                " subjects; the same command goes on from here");
        std::vector<SubjectId> some;
        do some.insert(some.end(), groups[k].begin(), groups[k].end());
        while (++k < groups.size() && some.size() + groups[k].size() <= options.subjects_at_once);
        VULTUS_TRY(const std::int64_t moved,
                   gallery::move_subjects(open.all[place(map.shards[i].name)], open.all[place(map.shards[to].name)],
                                          some, map.version));
        report.moved += moved;
        if (options.progress) options.progress(report.moved, wanted);
      }
  if (report.moved > 0)
    for (const auto& guard : open.guards) VULTUS_CHECK(guard->scrub_keys());
  return report;
}

bool wants_passphrase(const std::filesystem::path& gallery, const std::filesystem::path& keyring) {
  GalleryOptions options{.path = gallery};
  options.keyring = keyring;
  gallery::ShardKeys of;
  switch (gallery_kind(gallery)) {
    case GalleryKind::file: break;
    case GalleryKind::database:
      if (keyring.empty()) options.keyring = gallery;
      break;
    case GalleryKind::shards: {
      const auto map = gallery::read_shards(gallery);
      const auto url = map ? joined_url(map->shards.front()) : Result<std::string>(map.error());
      if (!url) return false;
      if (keyring.empty()) options.keyring = *url;
      of.shard = map->shards.front().name;
    }
  }
  const auto header = gallery::look_at_keyring(gallery::place_of_keyring(options, of));
  return header && header->kind == gallery::KeyringKind::passphrase;
}

}  // namespace vultus
