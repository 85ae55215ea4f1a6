// The search over all shards, in this process and by search nodes, that misses nobody who is being moved.
//
// A subject moves from shard A to shard B by two commits: first it is there in B, with change b, then it is gone from
// A, with change a. A search that asked A behind a and B before b would miss it. Shards that are asked at the same time
// are at no moment in one state, whoever holds them, so each answer tells two numbers: all changes of its shard up to
// `seen` were searched, and nobody is missing who went by a change behind `lost`. This process knows two numbers of
// each shard, too: `seen` as well, and `settled`: when who went up to that change was seen to be gone, all shards were
// read once more. So if a <= settled(A), this process has read B since, and b <= seen(B) if that is asked for
// afterwards.
//
// Answers are complete, therefore, if with settled of all shards read first and seen of all shards then,
//     lost(answer of X) <= settled(X)  and  seen(answer of X) >= seen(X)  for every shard X:
// whoever is missing in A's answer because of a has a <= lost(A) <= settled(A), so b <= seen(B) <= seen(answer of B),
// which holds him unless he had moved on from B, which is the same question with B in the place of A. A chain of moves
// has an end, so somebody's answer holds him.
//
// Else the shards are read again, and only those are asked again whose answer is older than what is known then. That
// ends unless somebody goes from a shard during each round; enrolments alone ask for no second round.
#include <vultus/gallery/shards/sharded_gallery.hpp>

#include <algorithm>
#include <unordered_set>

#include <vultus/gallery/shards/each_part.hpp>

namespace vultus::gallery {
namespace {

constexpr int kMostRounds = 20;

/// The order of answers, as that of one index.
bool candidate_before(const Candidate& a, const Candidate& b) {
  return comes_before({a.subject, a.face, a.similarity}, {b.subject, b.face, b.similarity});
}

/// Of lists of several shards one for each probe; a subject that is being moved is in two of them.
void merge_candidates(std::vector<Candidate>& list, std::size_t top_k) {
  std::ranges::sort(list, candidate_before);
  std::unordered_set<SubjectId> told;
  std::erase_if(list, [&](const Candidate& one) { return !told.insert(one.subject).second; });
  if (list.size() > top_k) list.resize(top_k);
}

}  // namespace

struct ShardedGallery::Answer {
  ShardHits hits;
  std::vector<std::vector<Candidate>> named = {};
};

struct ShardedGallery::Bounds {
  Sequence settled = 0;
  Sequence seen = 0;
};

std::vector<ShardedGallery::Bounds> ShardedGallery::bounds_of(const std::vector<const Part*>& parts) {
  std::vector<Bounds> bounds(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) bounds[i].settled = parts[i]->gallery->settled();
  for (std::size_t i = 0; i < parts.size(); ++i) bounds[i].seen = parts[i]->gallery->seen();
  return bounds;
}

Result<ShardedGallery::Answer> ShardedGallery::ask(const Part& part, const Bounds& bounds,
                                                   std::span<const Embedding> probes, const SearchOptions& options) {
  Answer answer;
  if (part.nodes) {
    VULTUS_TRY(answer.hits, part.nodes->search(probes, options, part.gallery->model(), bounds.seen));
  } else {
    VULTUS_TRY(answer.hits, part.gallery->search_counted(probes, options));
  }
  return answer;
}

Result<bool> ShardedGallery::ask_some(const std::vector<const Part*>& parts, const std::vector<Bounds>& bounds,
                                      std::span<const Embedding> probes, const SearchOptions& options,
                                      Answers& answers) {
  std::vector<std::size_t> due;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto known = answers.find(parts[i]->gallery.get());
    if (known == answers.end() || known->second.hits.seen < bounds[i].seen) due.push_back(i);
  }
  auto fresh =
      each_at_once(due.size(), [&](std::size_t k) { return ask(*parts[due[k]], bounds[due[k]], probes, options); });
  std::string reasons;
  std::optional<ErrorCode> code;
  for (std::size_t k = 0; k < due.size(); ++k) {
    const Part& part = *parts[due[k]];
    if (fresh[k]) {
      answers[part.gallery.get()] = *std::move(fresh[k]);
      continue;
    }
    if (!part.nodes) return fresh[k].error();
    // A server that took over may have fewer changes than this process knows: then it is this one that is to read anew.
    if (fresh[k].error().code == ErrorCode::cancelled) {
      static_cast<void>(read_again());
      if (part.gallery->seen() < bounds[due[k]].seen) return false;
    }
    const ErrorCode why = fresh[k].error().code;
    const bool silent = why == ErrorCode::resource_limit || why == ErrorCode::cancelled;
    if (options_.partial == PartialAnswers::allow && silent) {
      part.nodes->leave_out(true);
      answers.erase(part.gallery.get());
      continue;
    }
    code = code.value_or(why);
    reasons += "; " + fresh[k].error().message;
  }
  if (!code) return true;
  const auto failed = static_cast<std::size_t>(
      std::ranges::count_if(fresh, [](const Result<Answer>& one) { return !one.has_value(); }));
  return fail(*code, std::to_string(parts.size() - failed) + " of " + std::to_string(this->parts()->all.size()) +
                         " shards answer" + reasons);
}

/// Names what was found. @return true where the answers are complete together; else `behind` says whether this process
/// has to read the shards first
bool ShardedGallery::are_complete(const std::vector<const Part*>& parts, const std::vector<Bounds>& bounds,
                                  Answers& answers, bool& behind) {
  bool complete = true;
  behind = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto at = answers.find(parts[i]->gallery.get());
    if (at == answers.end()) continue;  // left out
    const LocalGallery& gallery = *parts[i]->gallery;
    const ShardHits& hits = at->second.hits;
    const bool settled = hits.lost <= bounds[i].settled;
    // Somebody without a name here was enrolled or went since the last look.
    const bool named = gallery.name(hits.lists, at->second.named);
    complete = complete && settled && named;
    behind = behind || (!settled && hits.lost > gallery.settled()) || (!named && hits.seen > gallery.seen());
  }
  return complete;
}

Result<std::vector<std::vector<Candidate>>> ShardedGallery::search(std::span<const Embedding> probes,
                                                                   const SearchOptions& options) {
  Answers answers;
  std::vector<Shared> held;  // whose galleries are the keys of the answers
  for (int round = 0; round < kMostRounds; ++round) {
    VULTUS_TRY(const Shared now, answering());
    held.push_back(now);
    const auto parts = now->searched();
    const auto bounds = bounds_of(parts);
    VULTUS_TRY(const bool told, ask_some(parts, bounds, probes, options, answers));
    if (!told) continue;
    bool behind = false;
    if (!are_complete(parts, bounds, answers, behind)) {
      if (!behind) continue;
      if (const auto current = read_again(); !current) return current.error();
      continue;
    }
    std::vector<std::vector<Candidate>> merged(probes.size());
    std::vector<const Part*> asked;
    for (const Part* const part : parts) {
      const auto at = answers.find(part->gallery.get());
      if (at == answers.end()) continue;
      asked.push_back(part);
      for (std::size_t i = 0; i < probes.size(); ++i)
        merged[i].insert(merged[i].end(), at->second.named[i].begin(), at->second.named[i].end());
    }
    if (asked.empty()) return fail(ErrorCode::resource_limit, "none of its shards answers");
    for (auto& list : merged) merge_candidates(list, options.top_k);
    VULTUS_CHECK(note_search(asked, merged));
    return merged;
  }
  return fail(ErrorCode::cancelled, "people went from its shards faster than a search could follow; try again");
}

}  // namespace vultus::gallery
