#include <vultus/gallery/search_node.hpp>

#include <algorithm>
#include <utility>

#include <vultus/gallery/shards/asked_once.hpp>
#include <vultus/gallery/shards/node_wire.hpp>
#include <vultus/gallery/shards/shard_map.hpp>
#include <vultus/gallery/shards/shard_mover.hpp>

namespace vultus {
namespace {

using gallery::LocalGallery;
using gallery::NodeQuestion;
using gallery::NodeReport;
using gallery::Sequence;
using gallery::Shard;
using gallery::ShardHits;

struct Served {
  std::string name;
  std::string gallery;  ///< id of the whole
  std::unique_ptr<LocalGallery> local;
};

Result<Served> serve_shard(const GalleryOptions& options, const Shard& shard) {
  GalleryOptions mine = options;
  mine.access = GalleryAccess::read_only;
  mine.see_changes = SeeChanges::at_once;
  if (!mine.now) mine.now = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  VULTUS_TRY(mine.path, joined_url(shard));
  Served served{.name = shard.name, .gallery = {}, .local = nullptr};
  VULTUS_TRY(served.local, LocalGallery::open_shard(
                               std::move(mine), {.number = shard.number, .map = {}, .keys = {.shard = shard.name}}));
  VULTUS_CHECK(served.local->with_store([&](gallery::Store& store) -> Status {
    VULTUS_TRY(const gallery::ShardMap stored, gallery::map_of(store));
    VULTUS_TRY(const auto id, store.meta(gallery::kMetaGallery));
    const auto self = std::ranges::find(stored.shards, shard.name, &Shard::name);
    if (self == stored.shards.end() || self->number != shard.number)
      return store.fail(ErrorCode::invalid_argument, "not shard \"" + shard.name + "\"");
    served.gallery = id.value_or("");
    return {};
  }));
  return served;
}

Status require_model(const GalleryModel& mine, const GalleryModel& wanted) {
  const bool other_file = !mine.sha256.empty() && !wanted.sha256.empty() && mine.sha256 != wanted.sha256;
  if (mine.id == wanted.id && mine.dimension == wanted.dimension && !other_file) return {};
  return fail(ErrorCode::model_mismatch, "it holds templates of model " + mine.id.text() + " with " +
                                             std::to_string(mine.dimension) + " values, and was asked for model " +
                                             wanted.id.text() + " with " + std::to_string(wanted.dimension) +
                                             (other_file ? " of another file" : ""));
}

/// Takes in what the router knows already.
Status catch_up(LocalGallery& local, Sequence at_least) {
  if (local.seen() >= at_least) return {};
  const auto refreshed = local.refresh();
  if (local.seen() >= at_least) return {};
  return fail(ErrorCode::cancelled, "it has seen change " + std::to_string(local.seen()) + ", and change " +
                                        std::to_string(at_least) + " was asked for" +
                                        (refreshed ? "" : ": " + refreshed.error().message));
}

Result<ShardHits> search_in(const std::vector<Served>& all, const NodeQuestion& question) {
  const auto at = std::ranges::find(all, question.shard, &Served::name);
  if (at == all.end()) return fail(ErrorCode::not_found, "it does not search shard \"" + question.shard + "\"");
  if (at->gallery != question.gallery) return fail(ErrorCode::not_found, "it searches another gallery");
  VULTUS_CHECK(require_model(at->local->model(), question.model));
  VULTUS_CHECK(catch_up(*at->local, question.at_least));
  return at->local->search_counted(question.probes, question.options);
}

}  // namespace

struct SearchNode::Parts {
  std::vector<Served> shards;
};

SearchNode::SearchNode(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
SearchNode::SearchNode(SearchNode&&) noexcept = default;
SearchNode& SearchNode::operator=(SearchNode&&) noexcept = default;
SearchNode::~SearchNode() = default;

Result<SearchNode> SearchNode::open(const SearchNodeOptions& options) {
  VULTUS_TRY(const gallery::ShardMap file, gallery::read_shards(options.gallery.path));
  GalleryOptions how = options.gallery;
  for (auto* const key : {&how.key, &how.other_key})
    if (*key) *key = gallery::asked_once(**key);
  auto parts = std::make_unique<Parts>();
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::invalid_argument, options.gallery.path.string() + ": " + why);
  };
  if (options.shards.empty()) return refuse("no shard was named to be searched here");
  for (const std::string& name : options.shards) {
    const auto at = std::ranges::find(file.shards, name, &Shard::name);
    if (at == file.shards.end()) return refuse("there is no shard \"" + name + "\"");
    if (std::ranges::find(parts->shards, name, &Served::name) != parts->shards.end())
      return refuse("shard \"" + name + "\" was named twice");
    auto served = serve_shard(how, *at);
    if (!served) return fail(served.error().code, "shard \"" + name + "\": " + served.error().message);
    if (!parts->shards.empty() && parts->shards.front().gallery != served->gallery)
      return refuse("its shards belong to different galleries");
    parts->shards.push_back(*std::move(served));
  }
  return SearchNode(std::move(parts));
}

std::string SearchNode::answer(std::string_view question) const {
  const auto bytes = guarded("search node", [&]() -> Result<std::string> {
    VULTUS_TRY(const NodeQuestion asked, gallery::question_from(question));
    if (asked.kind == NodeQuestion::Kind::status) return gallery::wire_bytes(NodeReport{.shards = status()});
    VULTUS_TRY(const ShardHits hits, search_in(parts_->shards, asked));
    return gallery::wire_bytes(hits);
  });
  return bytes ? *bytes : gallery::wire_bytes(bytes.error());
}

std::vector<ServedShard> SearchNode::status() const {
  std::vector<ServedShard> all;
  for (const Served& one : parts_->shards)
    all.push_back({.name = one.name,
                   .faces = one.local->info().faces,
                   .sequence = one.local->seen(),
                   .bytes = static_cast<std::int64_t>(one.local->bytes_of_templates())});
  return all;
}

}  // namespace vultus
