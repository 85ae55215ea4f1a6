#include <vultus/identity/misplaced.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace vultus::identity {
namespace {

constexpr float kOnePercent = 2.33F;  // of a normal distribution lies so many deviations above the mean

/// Similarities of all faces, and where each face belongs for the time being.
class Board {
 public:
  Board(std::span<const Embedding> faces, std::span<const std::uint32_t> subject, const ConflictLimits& limits)
      : limits_(limits), size_(faces.size()), owner_(subject.begin(), subject.end()), table_(size_ * size_) {
    for (std::size_t i = 0; i < size_; ++i)
      for (std::size_t j = 0; j < i; ++j)
        table_[i * size_ + j] = table_[j * size_ + i] = inner_product(faces[i].values(), faces[j].values());
  }

  [[nodiscard]] float at(std::size_t i, std::size_t j) const { return table_[i * size_ + j]; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<std::uint32_t>& owner() const { return owner_; }
  void move(std::size_t face, std::uint32_t to) { owner_[face] = to; }

  /// What would be said of a face where everything lies as it does now.
  [[nodiscard]] std::optional<MisplacedFace> misplaced(std::size_t face) const {
    std::optional<std::size_t> own;
    std::optional<std::size_t> other;
    for (std::size_t j = 0; j < size_; ++j) {
      if (j == face) continue;
      auto& best = owner_[j] == owner_[face] ? own : other;
      if (!best || at(face, j) > at(face, *best)) best = j;
    }
    if (!own || !other) return std::nullopt;
    const float to_own = at(face, *own);
    const float to_other = at(face, *other);
    const bool weak = to_own < limits_.match && to_other >= limits_.weak_conflict;
    const bool strong = to_other >= limits_.conflict && to_other - to_own > kOnePercent * limits_.spread;
    // A copy of a picture says of both names the same; it is told as a copy.
    if (!(to_other > to_own) || !(weak || strong) || to_other >= limits_.copy) return std::nullopt;
    return MisplacedFace{face, owner_[*other], *other, to_other, to_own};
  }

 private:
  const ConflictLimits& limits_;
  std::size_t size_;
  std::vector<std::uint32_t> owner_;
  std::vector<float> table_;
};

/// The face that is nearer to another subject by most.
std::optional<MisplacedFace> clearest(const Board& board, const std::vector<bool>& moved) {
  std::optional<MisplacedFace> best;
  for (std::size_t i = 0; i < board.size(); ++i) {
    if (moved[i]) continue;
    const auto one = board.misplaced(i);
    if (one && (!best || one->other - one->own > best->other - best->own)) best = one;
  }
  return best;
}

/// Subjects that had faces and have none of their own any more.
std::set<std::uint32_t> emptied(std::span<const std::uint32_t> before, const std::vector<std::uint32_t>& after) {
  std::set<std::uint32_t> gone(before.begin(), before.end());
  for (std::size_t i = 0; i < after.size(); ++i)
    if (after[i] == before[i]) gone.erase(before[i]);
  return gone;
}

/// Sums of similarities, for means.
struct Mean {
  double sum = 0;
  std::size_t count = 0;
  void add(float value) {
    sum += double{value};
    ++count;
  }
  [[nodiscard]] std::optional<float> value() const {
    return count == 0 ? std::nullopt : std::optional(static_cast<float>(sum / static_cast<double>(count)));
  }
};

struct Meeting {
  Mean between;
  std::size_t a = 0;
  std::size_t b = 0;
  float best = -2;
};

PairKind kind_of(const SubjectPair& pair, const ConflictLimits& limits) {
  if (pair.similarity >= limits.copy) return PairKind::same_picture;
  if (pair.between < limits.match) return PairKind::matches_other;
  return pair.between >= pair.within - kOnePercent * limits.spread ? PairKind::same_person : PairKind::lookalikes;
}

std::vector<SubjectPair> pairs_of(const Board& board, const ConflictLimits& limits) {
  std::map<std::uint32_t, Mean> within;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Meeting> meetings;
  const auto& owner = board.owner();
  for (std::size_t i = 0; i < board.size(); ++i)
    for (std::size_t j = i + 1; j < board.size(); ++j) {
      if (owner[i] == owner[j]) {
        within[owner[i]].add(board.at(i, j));
        continue;
      }
      const bool ordered = owner[i] < owner[j];
      Meeting& meeting = meetings[std::minmax(owner[i], owner[j])];
      meeting.between.add(board.at(i, j));
      if (board.at(i, j) <= meeting.best) continue;
      meeting.best = board.at(i, j);
      meeting.a = ordered ? i : j;
      meeting.b = ordered ? j : i;
    }
  std::vector<SubjectPair> pairs;
  for (const auto& [subjects, meeting] : meetings) {
    if (meeting.best < limits.conflict) continue;
    Mean both = within[subjects.first];
    both.sum += within[subjects.second].sum;
    both.count += within[subjects.second].count;
    SubjectPair pair{.kind = {},
                     .a = meeting.a,
                     .b = meeting.b,
                     .similarity = meeting.best,
                     .between = meeting.between.value().value_or(0),
                     .within = both.value().value_or(limits.within)};
    pair.kind = kind_of(pair, limits);
    pairs.push_back(pair);
  }
  return pairs;
}

using Couple = std::pair<std::uint32_t, std::uint32_t>;

/// The subjects, lower first, that are one person by what their faces are like.
std::set<Couple> one_person(const std::vector<SubjectPair>& pairs, const std::vector<std::uint32_t>& owner) {
  std::set<Couple> same;
  for (const SubjectPair& pair : pairs)
    if (pair.kind == PairKind::same_person) same.insert(std::minmax(owner[pair.a], owner[pair.b]));
  return same;
}

}  // namespace

Conflicts explain_conflicts(std::span<const Embedding> faces, std::span<const std::uint32_t> subject,
                            const ConflictLimits& limits) {
  Conflicts found;
  Board board(faces, subject, limits);
  std::vector<bool> moved(board.size(), false);
  while (const auto one = clearest(board, moved)) {
    moved[one->face] = true;
    board.move(one->face, one->to);
    found.misplaced.push_back(*one);
  }
  // Whoever lost all faces was somebody else under another name: those faces stay, and the pair is told. The same where
  // what stayed behind is the other person too.
  const auto gone = emptied(subject, board.owner());
  const auto same = one_person(pairs_of(board, limits), board.owner());
  std::erase_if(found.misplaced, [&](const MisplacedFace& one) {
    if (!gone.contains(subject[one.face]) && !same.contains(std::minmax(subject[one.face], one.to))) return false;
    board.move(one.face, subject[one.face]);
    return true;
  });
  found.pairs = pairs_of(board, limits);
  return found;
}

}  // namespace vultus::identity
