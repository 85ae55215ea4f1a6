// Opening the shards, and keeping up with what others change.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>

#include <vultus/gallery/shards/each_part.hpp>
#include <vultus/gallery/store/postgres_store.hpp>

namespace vultus::gallery {
namespace {

constexpr const char* kAddHint = "; vultus gallery shards add puts a new one in";

const Shard* named(const std::vector<Shard>& shards, const std::string& name) {
  const auto at = std::ranges::find(shards, name, &Shard::name);
  return at == shards.end() ? nullptr : &*at;
}

}  // namespace

ShardedGallery::ShardedGallery(GalleryOptions options)
    : options_(std::move(options)), version_(std::make_shared<std::atomic<std::int64_t>>(0)) {
  for (auto* const key : {&options_.key, &options_.other_key})
    if (*key) *key = asked_once(**key);
}

/// What a shard says before it is opened.
struct ShardedGallery::Probe {
  std::optional<Error> why;  ///< it cannot be asked
  bool empty = false;        ///< there is no gallery in its database
  bool untouched = true;     ///< there is none, or one that nothing was put into
  ShardMap map;
  std::string id;
};

ShardedGallery::Probe ShardedGallery::probe(const Shard& shard) const {
  Probe probe;
  const auto ask = [&]() -> Status {
    VULTUS_TRY(const std::string url, joined_url(shard));
    auto store = PostgresStore::open({.url = url, .deadline = options_.server_deadline});
    if (!store && store.error().code == ErrorCode::not_found) {
      probe.empty = true;
      probe.why = store.error();
      return {};
    }
    if (!store) return store.error();
    VULTUS_TRY(probe.map, map_of(**store));
    VULTUS_TRY(const auto id, (*store)->meta(kMetaGallery));
    VULTUS_TRY(const Sequence number, (*store)->sequence());
    probe.id = id.value_or("");
    probe.untouched = number == 0;
    return {};
  };
  if (const Status asked = ask(); !asked) probe.why = asked.error();
  return probe;
}

Result<ShardedGallery::Parts> ShardedGallery::plan() const {
  VULTUS_TRY(const ShardMap file, read_shards(options_.path));
  const auto probes =
      each_at_once(file.shards.size(), [&](std::size_t i) -> Result<Probe> { return probe(file.shards[i]); });
  Parts parts;
  parts.access = node_access(file, options_.path);
  bool untouched = true;
  bool reached = true;
  bool agreed = true;
  for (const auto& one : probes) {
    const Probe& probe = *one;
    untouched = untouched && probe.untouched;
    reached = reached && (!probe.why || probe.empty);
    if (probe.why) continue;
    if (!parts.id.empty() && probe.id != parts.id)
      return fail(ErrorCode::invalid_argument, "its shards belong to different galleries");
    agreed = agreed && (parts.id.empty() || probe.map.version == parts.map.version);
    parts.id = probe.id;
    if (probe.map.version > parts.map.version) parts.map = probe.map;
  }
  if (!agreed && options_.access != GalleryAccess::read_only)
    return fail(ErrorCode::cancelled, "its map of shards is being changed; vultus gallery shards rebalance " +
                                          options_.path.string() + " finishes that");
  const bool creates = options_.access == GalleryAccess::create_or_open;
  if (parts.id.empty()) {
    for (const auto& one : probes)
      if (one->why && !(one->empty && creates))
        return fail(one->why->code, "no shard can be opened: " + one->why->message);
    parts.id = new_gallery_id();
    parts.map = file;
    parts.map.version = 1;
    for (Shard& shard : parts.map.shards) shard.urls.clear();
  }
  for (const Shard& shard : parts.map.shards)
    if (named(file.shards, shard.name) == nullptr)
      return fail(ErrorCode::invalid_argument, "shard \"" + shard.name + "\" is part of the gallery and missing here");
  for (std::size_t i = 0; i < file.shards.size(); ++i) {
    const Shard* stored = named(parts.map.shards, file.shards[i].name);
    if (stored == nullptr || stored->number != file.shards[i].number)
      return fail(ErrorCode::invalid_argument, "shard \"" + file.shards[i].name + "\" with number " +
                                                   std::to_string(file.shards[i].number) +
                                                   " is no part of the gallery" + kAddHint);
    Part part{.shard = *stored, .gallery = nullptr, .why = probes[i]->why};
    part.shard.urls = file.shards[i].urls;
    part.shard.searched_by = file.shards[i].searched_by;
    // A shard is made only together with all the others: an empty database in the place of one that held people is a
    // loss that somebody has to look at.
    part.is_new = probes[i]->empty && creates && untouched && reached;
    if (part.is_new) part.why.reset();
    parts.all.push_back(std::move(part));
  }
  return parts;
}

Result<std::shared_ptr<LocalGallery>> ShardedGallery::open_part(const Shard& shard, const Parts& of) const {
  GalleryOptions mine = options_;
  VULTUS_TRY(mine.path, joined_url(shard));
  AsShard as{.number = shard.number,
             .map = stored_map(of.map),
             .keys = {.shard = shard.name, .gallery = of.id, .common = common_},
             .guard = [version = version_](Store& store) { return require_map(store, *version); },
             .holding = shard.searched_by.empty() ? Holding::templates : Holding::nothing};
  VULTUS_TRY(auto made, LocalGallery::open_shard(std::move(mine), std::move(as)));
  VULTUS_CHECK(made->with_store([&](Store& store) -> Status {
    VULTUS_TRY(const ShardMap stored, map_of(store));
    VULTUS_TRY(const auto id, store.meta(kMetaGallery));
    const Shard* self = named(stored.shards, shard.name);
    if (id.value_or("") == of.id && self != nullptr && self->number == shard.number) return {};
    return store.fail(ErrorCode::invalid_argument, "not shard \"" + shard.name + "\" of this gallery");
  }));
  if (const auto current = made->refresh_keeping_gone(); !current) return current.error();
  return std::shared_ptr<LocalGallery>(std::move(made));
}

void ShardedGallery::open_some(Parts& parts, bool are_new) const {
  std::vector<Part*> missing;
  for (Part& part : parts.all)
    if (!part.gallery && !part.why && part.is_new == are_new) missing.push_back(&part);
  const auto open_one = [&](std::size_t i) { return open_part(missing[i]->shard, parts); };
  // A key of a passphrase takes 256 MiB of memory while it is made: one after the other.
  const bool one_by_one = options_.key && options_.key->is_passphrase();
  const auto opened = one_by_one ? each_in_turn(missing.size(), open_one) : each_at_once(missing.size(), open_one);
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (!opened[i]) {
      missing[i]->why = opened[i].error();
      continue;
    }
    missing[i]->gallery = *opened[i];
    if (!missing[i]->shard.searched_by.empty())
      missing[i]->nodes = std::make_shared<RemoteShard>(missing[i]->shard, parts.access, options_.ask_node, parts.id,
                                                        options_.server_deadline);
  }
}

Status ShardedGallery::compare_keys(Part& part) {
  const bool writes = options_.access != GalleryAccess::read_only;
  VULTUS_TRY(const auto common, part.gallery->with_guard([&](Store&, Guard& guard) {
    const bool has_keyring = guard.sealed() || (writes && guard.level() != AuditLevel::off);
    return has_keyring ? guard.common_keys() : Result<std::shared_ptr<const Secret>>(std::shared_ptr<const Secret>());
  }));
  if (!common) return {};
  if (!common_) common_ = common;
  if (std::ranges::equal(common->bytes(), common_->bytes())) return {};
  return fail(ErrorCode::corrupt_data, "its keyring does not belong to those of the other shards");
}

Status ShardedGallery::open_missing(Parts& parts) {
  std::vector<Part*> before;
  for (Part& part : parts.all)
    if (part.gallery) before.push_back(&part);
  open_some(parts, false);
  const auto compare = [&](const auto& wanted) -> Status {
    for (Part& part : parts.all)
      if (part.gallery && std::ranges::find(before, &part) == before.end() && wanted(part))
        if (const Status same = compare_keys(part); !same) {
          part.gallery.reset();
          part.why = same.error();
        }
    return {};
  };
  VULTUS_CHECK(compare([](const Part& part) { return !part.is_new; }));
  if (std::ranges::any_of(parts.all, [](const Part& part) { return part.is_new && !part.gallery && !part.why; })) {
    if (!common_) {
      VULTUS_CHECK(start_sodium());
      const bool sealed = options_.sql_search == SqlSearch::none;
      VULTUS_TRY(Secret made, new_common_keys(sealed ? Guarding::full : Guarding::light));
      common_ = std::make_shared<const Secret>(std::move(made));
    }
    open_some(parts, true);
    VULTUS_CHECK(compare([](const Part& part) { return part.is_new; }));
  }
  for (Part& part : parts.all)
    if (part.gallery) part.gallery->with_guard([&](Store&, Guard& guard) { guard.share_keys(common_); });
  return {};
}

Result<std::unique_ptr<ShardedGallery>> ShardedGallery::open(GalleryOptions options) {
  std::unique_ptr<ShardedGallery> made(new ShardedGallery(std::move(options)));
  VULTUS_TRY(Parts parts, made->plan());
  *made->version_ = parts.map.version;
  VULTUS_CHECK(made->open_missing(parts));
  if (parts.open().empty()) return made->fail(parts.all.front().why->code, parts.all.front().why->message);
  // A shard that says something else than "not reached" is a fault of the gallery, which partial answers do not mend.
  for (const Part& part : parts.all)
    if (part.why && part.why->code != ErrorCode::resource_limit)
      return made->fail(part.why->code, "shard \"" + part.shard.name + "\": " + part.why->message);
  made->publish(std::move(parts));
  // Shards were read one after the other, so somebody may have moved past. What cannot be read now is read for a
  // search.
  static_cast<void>(made->settle(*made->parts()));
  VULTUS_CHECK(made->follow(*made->parts()));
  return made;
}

void ShardedGallery::publish(Parts next) {
  *version_ = next.map.version;
  auto shared = std::make_shared<const Parts>(std::move(next));
  const std::unique_lock lock(lock_);
  parts_ = std::move(shared);
}

Status ShardedGallery::keep_up() {
  const Shared now = parts();
  std::int64_t newest = now->map.version;
  for (const auto& gallery : now->open()) {
    const auto map = gallery->with_store([](Store& store) { return map_of(store); });
    if (map) newest = std::max(newest, map->version);
  }
  if (newest == now->map.version && now->complete()) return {};
  VULTUS_TRY(Parts next, plan());
  for (Part& part : next.all)
    for (const Part& before : now->all)
      if (before.shard.name == part.shard.name && before.gallery) {
        part.gallery = before.gallery;
        part.nodes = before.nodes;
        part.why.reset();
      }
  VULTUS_CHECK(open_missing(next));
  publish(std::move(next));
  return follow(*parts());
}

Status ShardedGallery::follow(const Parts& parts) {
  if (options_.see_changes != SeeChanges::at_once) return {};
  for (const Part& part : parts.all) {
    if (!part.gallery || followers_.contains(part.shard.name)) continue;
    VULTUS_TRY(const std::string url, joined_url(part.shard));
    // All shards are looked at for a change of one: who is gone from it may have come to another.
    followers_.try_emplace(
        part.shard.name, PostgresOptions{.url = url, .deadline = options_.server_deadline},
        [this, name = part.shard.name]() -> Sequence {
          const Shared now = this->parts();
          const auto at = std::ranges::find(now->all, name, [](const Part& one) { return one.shard.name; });
          return at != now->all.end() && at->gallery ? at->gallery->seen() : 0;
        },
        [this]() -> Status {
          const auto changed = refresh();
          return changed ? Status() : Status(changed.error());
        });
  }
  return {};
}

Status ShardedGallery::settle(const Parts& parts) {
  const auto open = parts.open();
  if (std::ranges::all_of(open, [](const auto& one) { return one->settled() == one->seen(); })) return {};
  std::vector<Gone> gone;
  gone.reserve(open.size());
  for (const auto& gallery : open) gone.push_back(gallery->gone());
  const auto read = each_at_once(open.size(), [&](std::size_t i) { return open[i]->refresh_keeping_gone(); });
  for (const auto& one : read)
    if (!one) return one.error();
  for (std::size_t i = 0; i < open.size(); ++i) VULTUS_CHECK(open[i]->drop_gone(gone[i]));
  return {};
}

Result<bool> ShardedGallery::refresh() {
  for (const Part& part : parts()->all)
    if (part.nodes) part.nodes->leave_out(false);
  return read_again();
}

Result<bool> ShardedGallery::read_again() {
  const std::scoped_lock lock(changes_);
  bool changed = false;
  std::optional<Error> failed;
  const auto before = parts()->open();
  const auto read = each_at_once(before.size(), [&](std::size_t i) { return before[i]->refresh_keeping_gone(); });
  for (const auto& one : read) {
    changed = changed || one.value_or(false);
    if (!one && !failed) failed = one.error();
  }
  // A subject that is gone here may have moved there. It was there before it was gone here, so what is read after the
  // first round holds it: in shards that were open, and in those that the map has got meanwhile.
  const Status kept_up = keep_up();
  const Shared now = parts();
  changed = changed || now->open().size() != before.size();
  const Status settled = settle(*now);
  if (options_.partial == PartialAnswers::allow) return changed;
  if (failed) return *failed;
  VULTUS_CHECK(kept_up);
  VULTUS_CHECK(settled);
  return changed;
}

}  // namespace vultus::gallery
