#include <vultus/gallery/shards/remote_shard.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace vultus::gallery {

Result<ShardHits> RemoteShard::ask(const NodeQuestion& question, std::span<const Embedding> probes) const {
  if (!ask_)
    return fail(ErrorCode::unsupported,
                "shard \"" + name_ + "\" is searched by search nodes, which this program does not ask");
  const std::string bytes = wire_bytes(question, probes);
  if (bytes.size() > SearchNode::kMaxQuestion)
    return fail(ErrorCode::resource_limit, "a search among so many subjects is more than a search node takes");
  const std::size_t first = first_;
  std::string reasons;
  std::vector<ErrorCode> codes;
  for (std::size_t k = 0; k < nodes_.size(); ++k) {
    const std::size_t at = (first + k) % nodes_.size();
    const auto answer = guarded("search node", [&]() -> Result<ShardHits> {
      VULTUS_TRY(const std::string text,
                 ask_({.node = nodes_[at], .access = access_, .question = bytes, .deadline = deadline_}));
      VULTUS_TRY(ShardHits hits, hits_from(text, probes.size(), question.options.top_k));
      if (hits.seen < question.at_least)
        return fail(ErrorCode::corrupt_data, "it answers without the changes that were asked for");
      return hits;
    });
    if (answer) {
      first_ = at;
      return answer;
    }
    reasons += "; " + nodes_[at] + ": " + answer.error().message;
    codes.push_back(answer.error().code);
  }
  // What every node says is the reason; where they differ, it is that none answers.
  const bool same = std::ranges::all_of(codes, [&](ErrorCode one) { return one == codes.front(); });
  const bool told = codes.front() == ErrorCode::cancelled || codes.front() == ErrorCode::model_mismatch;
  return fail(same && told ? codes.front() : ErrorCode::resource_limit,
              "no search node of shard \"" + name_ + "\" answers" + reasons);
}

Result<ShardHits> RemoteShard::search(std::span<const Embedding> probes, const SearchOptions& options,
                                      const GalleryModel& model, Sequence at_least) const {
  VULTUS_CHECK(check_search(model.id, static_cast<std::size_t>(model.dimension), probes, options));
  if (options.subjects && options.subjects->size() > kMostSubjects)
    return fail(ErrorCode::resource_limit, "a search among " + std::to_string(options.subjects->size()) +
                                               " subjects, a search node takes " + std::to_string(kMostSubjects));
  NodeQuestion question{.kind = NodeQuestion::Kind::search,
                        .gallery = gallery_,
                        .shard = name_,
                        .model = {.id = model.id, .dimension = model.dimension, .sha256 = model.sha256},
                        .at_least = at_least,
                        .options = options};
  const std::size_t by_values = kMostValues / static_cast<std::size_t>(model.dimension);
  const std::size_t at_once = std::max<std::size_t>(1, std::min(by_values, kMostHits / options.top_k));
  ShardHits all;
  for (std::size_t from = 0; from < probes.size(); from += at_once) {
    VULTUS_TRY(ShardHits some, ask(question, probes.subspan(from, std::min(at_once, probes.size() - from))));
    std::ranges::move(some.lists, std::back_inserter(all.lists));
    all.seen = from == 0 ? some.seen : std::min(all.seen, some.seen);
    all.lost = std::max(all.lost, some.lost);
  }
  if (probes.empty()) all.seen = at_least;
  return all;
}

}  // namespace vultus::gallery
