#include <vultus/gallery/exact_index.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>

namespace vultus {
namespace {

struct ComesBefore {
  bool operator()(const SearchHit& a, const SearchHit& b) const { return comes_before(a, b); }
};

/// The best subjects of one probe so far. A subject that was pushed out comes back if a better template of it follows,
/// so the result is that of comparing all templates first.
class BestSubjects {
 public:
  explicit BestSubjects(std::size_t limit) : limit_(limit) {}

  /// False if a template of this similarity cannot change the answer whoever it belongs to.
  [[nodiscard]] bool may_matter(float similarity) const {
    return hits_.size() < limit_ || similarity >= hits_.rbegin()->similarity.value();
  }

  void offer(const SearchHit& hit) {
    const auto known = of_subject_.find(hit.subject);
    if (known != of_subject_.end()) {
      if (!comes_before(hit, *known->second)) return;
      hits_.erase(known->second);
      known->second = hits_.insert(hit).first;
      return;
    }
    if (hits_.size() == limit_) {
      const auto last = std::prev(hits_.end());
      if (!comes_before(hit, *last)) return;
      of_subject_.erase(last->subject);
      hits_.erase(last);
    }
    of_subject_[hit.subject] = hits_.insert(hit).first;
  }

  [[nodiscard]] std::vector<SearchHit> answer() const { return {hits_.begin(), hits_.end()}; }

 private:
  using Hits = std::set<SearchHit, ComesBefore>;
  std::size_t limit_;
  Hits hits_;
  std::unordered_map<SubjectId, Hits::const_iterator> of_subject_;
};

// Rows that stay in the first-level caches while every probe of a batch passes over them.
constexpr std::size_t kTileRows = 16;

}  // namespace

ExactIndex::ExactIndex(ModelId model, std::size_t dimension) : model_(std::move(model)), dimension_(dimension) {}

Result<std::vector<std::vector<SearchHit>>> ExactIndex::search(std::span<const Embedding> probes,
                                                               const SearchOptions& options) const {
  if (options.top_k < 1 || options.top_k > SearchOptions::kMaxTopK)
    return fail(ErrorCode::invalid_argument, "top_k = " + std::to_string(options.top_k) + ", 1 to " +
                                                 std::to_string(SearchOptions::kMaxTopK) + " is allowed");
  for (const Embedding& probe : probes)
    if (probe.model() != model_ || probe.values().size() != dimension_)
      return fail(ErrorCode::model_mismatch, "a probe of model " + probe.model().text() + " with " +
                                                 std::to_string(probe.values().size()) +
                                                 " values cannot be searched among templates of model " +
                                                 model_.text() + " with " + std::to_string(dimension_));
  std::unordered_set<SubjectId> wanted;
  if (options.subjects) wanted.insert(options.subjects->begin(), options.subjects->end());

  std::vector<BestSubjects> best(probes.size(), BestSubjects(options.top_k));
  for (std::size_t from = 0; from < size(); from += kTileRows) {
    const std::size_t to = std::min(from + kTileRows, size());
    for (std::size_t p = 0; p < probes.size(); ++p) {
      for (std::size_t at = from; at < to; ++at) {
        if (options.subjects && !wanted.contains(owners_[at].subject)) continue;
        const float product = inner_product(probes[p].values(), {row(at), dimension_});
        if (!best[p].may_matter(product)) continue;
        best[p].offer({owners_[at].subject, owners_[at].face, Cosine(std::clamp(product, -1.0F, 1.0F))});
      }
    }
  }
  std::vector<std::vector<SearchHit>> answers;
  answers.reserve(best.size());
  for (const BestSubjects& one : best) answers.push_back(one.answer());
  return answers;
}

Status ExactIndex::add(std::span<const IndexedFace> faces) {
  std::unordered_set<FaceId> fresh;
  for (const IndexedFace& face : faces) {
    if (face.values.size() != dimension_)
      return fail(ErrorCode::invalid_argument, "face " + std::to_string(face.face.number()) + " with " +
                                                   std::to_string(face.values.size()) + " values, the index holds " +
                                                   std::to_string(dimension_));
    if (rows_.contains(face.face) || !fresh.insert(face.face).second)
      return fail(ErrorCode::invalid_argument,
                  "face " + std::to_string(face.face.number()) + " is in the index already");
  }
  make_room(faces.size());
  for (const IndexedFace& face : faces) {
    const std::size_t at = owners_.size();
    rows_[face.face] = at;
    owners_.push_back({face.face, face.subject});
    std::ranges::copy(face.values, row(at));
  }
  return {};
}

/// What may fail for lack of memory comes before the first change. Grows by halves, so that adding one by one is cheap.
void ExactIndex::make_room(std::size_t more) {
  const std::size_t needed = owners_.size() + more;
  if (needed > owners_.capacity()) {
    const std::size_t ahead = std::max(needed, owners_.size() + owners_.size() / 2);
    owners_.reserve(ahead);
    rows_.reserve(ahead);
  }
  while (blocks_.size() * kBlockRows < needed) blocks_.emplace_back(kBlockRows * dimension_);
}

void ExactIndex::move(FaceId face, SubjectId to) {
  if (const auto at = rows_.find(face); at != rows_.end()) owners_[at->second].subject = to;
}

void ExactIndex::move(SubjectId from, SubjectId to) {
  for (Owner& owner : owners_)
    if (owner.subject == from) owner.subject = to;
}

void ExactIndex::remove(FaceId face) {
  if (const auto at = rows_.find(face); at != rows_.end()) remove_row(at->second);
}

void ExactIndex::remove(SubjectId subject) {
  for (std::size_t at = owners_.size(); at-- > 0;)
    if (owners_[at].subject == subject) remove_row(at);
}

/// The last row takes the place of the one that goes; answers do not depend on the order of rows.
void ExactIndex::remove_row(std::size_t at) {
  const std::size_t last = owners_.size() - 1;
  rows_.erase(owners_[at].face);
  if (at != last) {
    std::copy_n(row(last), dimension_, row(at));
    owners_[at] = owners_[last];
    rows_[owners_[at].face] = at;
  }
  std::fill_n(row(last), dimension_, 0.0F);  // nothing of a removed face stays in memory
  owners_.pop_back();
  // One block is kept in reserve, so that adding and removing at a border does not allocate each time.
  while (blocks_.size() > 1 && (blocks_.size() - 2) * kBlockRows >= owners_.size()) blocks_.pop_back();
}

std::optional<SubjectId> ExactIndex::subject_of(FaceId face) const {
  const auto at = rows_.find(face);
  if (at == rows_.end()) return std::nullopt;
  return owners_[at->second].subject;
}

std::vector<FaceId> ExactIndex::faces() const {
  std::vector<FaceId> all;
  all.reserve(owners_.size());
  for (const Owner& owner : owners_) all.push_back(owner.face);
  return all;
}

}  // namespace vultus
