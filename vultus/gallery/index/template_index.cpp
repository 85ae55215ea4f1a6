#include <vultus/gallery/index/template_index.hpp>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>

namespace vultus {

std::string_view name_of(SearchMethod method) {
  switch (method) {
    case SearchMethod::floats: return "floats";
    case SearchMethod::bytes: return "bytes";
    case SearchMethod::cascade: return "cascade";
    case SearchMethod::automatic: break;
  }
  return "automatic";
}

namespace gallery {
namespace {

// Below, what reads more and looks once is as fast; measured with bench/gallery.
constexpr std::size_t kFewForBytes = 500;
constexpr std::size_t kFewForCascade = 20'000;
// So many probes share the reading of the bytes that the exact answer is also the faster one in galleries of this size.
constexpr std::size_t kManyProbes = 16;
constexpr std::size_t kFewForManyProbes = 200'000;
// The cascade keeps some times as many rows as are asked for; for long lists it would keep most of them.
constexpr std::size_t kMostForCascade = 100;

}  // namespace

TemplateIndex::TemplateIndex(ModelId model, std::size_t dimension, const Kernels& kernels)
    : model_(std::move(model)), kernels_(&kernels), rows_(dimension) {}

SearchMethod TemplateIndex::method() const {
  return size() < kFewForBytes     ? SearchMethod::floats
         : size() < kFewForCascade ? SearchMethod::bytes
                                   : SearchMethod::cascade;
}

SearchMethod TemplateIndex::chosen(std::size_t probes, const SearchOptions& options) const {
  if (options.method != SearchMethod::automatic) return options.method;
  const SearchMethod usual = method();
  const bool shared = probes >= kManyProbes && size() < kFewForManyProbes;
  return usual == SearchMethod::cascade && (shared || options.top_k > kMostForCascade) ? SearchMethod::bytes : usual;
}

Status TemplateIndex::check(std::span<const Embedding> probes, const SearchOptions& options) const {
  if (options.top_k < 1 || options.top_k > SearchOptions::kMaxTopK)
    return fail(ErrorCode::invalid_argument, "top_k = " + std::to_string(options.top_k) + ", 1 to " +
                                                 std::to_string(SearchOptions::kMaxTopK) + " is allowed");
  for (const Embedding& probe : probes)
    if (probe.model() != model_ || probe.values().size() != rows_.dimension())
      return fail(ErrorCode::model_mismatch, "a probe of model " + probe.model().text() + " with " +
                                                 std::to_string(probe.values().size()) +
                                                 " values cannot be searched among templates of model " +
                                                 model_.text() + " with " + std::to_string(rows_.dimension()));
  return {};
}

Status TemplateIndex::add(std::span<const IndexedFace> faces) {
  std::unordered_set<FaceId> fresh;
  for (const IndexedFace& face : faces) {
    if (face.values.size() != rows_.dimension())
      return fail(ErrorCode::invalid_argument, "face " + std::to_string(face.face.number()) + " with " +
                                                   std::to_string(face.values.size()) + " values, the index holds " +
                                                   std::to_string(rows_.dimension()));
    if (row_of_.contains(face.face) || !fresh.insert(face.face).second)
      return fail(ErrorCode::invalid_argument,
                  "face " + std::to_string(face.face.number()) + " is in the index already");
  }
  // What may fail for lack of memory comes before the first change. Grows by halves, so that adding one by one is
  // cheap.
  const std::size_t needed = owners_.size() + faces.size();
  if (needed > owners_.capacity()) {
    const std::size_t ahead = std::max(needed, owners_.size() + owners_.size() / 2);
    owners_.reserve(ahead);
    row_of_.reserve(ahead);
  }
  rows_.make_room(needed);
  for (const IndexedFace& face : faces) {
    row_of_[face.face] = owners_.size();
    faces_of_[face.subject].push_back(face.face);
    owners_.push_back({face.face, face.subject});
    rows_.add(face.values);
  }
  return {};
}

void TemplateIndex::move(FaceId face, SubjectId to) {
  const auto at = row_of_.find(face);
  if (at == row_of_.end()) return;
  SubjectId& subject = owners_[at->second].subject;
  auto& left = faces_of_[subject];
  std::erase(left, face);
  if (left.empty()) faces_of_.erase(subject);
  faces_of_[to].push_back(face);
  subject = to;
}

void TemplateIndex::move(SubjectId from, SubjectId to) {
  if (from == to) return;
  auto node = faces_of_.extract(from);
  if (node.empty()) return;
  for (const FaceId face : node.mapped()) owners_[row_of_.at(face)].subject = to;
  auto& all = faces_of_[to];
  all.insert(all.end(), node.mapped().begin(), node.mapped().end());
}

void TemplateIndex::remove(FaceId face) {
  const auto at = row_of_.find(face);
  if (at == row_of_.end()) return;
  const SubjectId subject = owners_[at->second].subject;
  auto& left = faces_of_[subject];
  std::erase(left, face);
  if (left.empty()) faces_of_.erase(subject);
  drop_row(at->second);
}

void TemplateIndex::remove(SubjectId subject) {
  auto node = faces_of_.extract(subject);
  if (node.empty()) return;
  for (const FaceId face : node.mapped()) drop_row(row_of_.at(face));
}

/// The last row takes the place of the one that goes; answers do not depend on the order of rows.
void TemplateIndex::drop_row(std::size_t at) {
  row_of_.erase(owners_[at].face);
  rows_.remove(at);
  if (at + 1 != owners_.size()) {
    owners_[at] = owners_.back();
    row_of_[owners_[at].face] = at;
  }
  owners_.pop_back();
}

std::optional<SubjectId> TemplateIndex::subject_of(FaceId face) const {
  const auto at = row_of_.find(face);
  if (at == row_of_.end()) return std::nullopt;
  return owners_[at->second].subject;
}

std::vector<FaceId> TemplateIndex::faces() const {
  std::vector<FaceId> all;
  all.reserve(owners_.size());
  for (const Owner& owner : owners_) all.push_back(owner.face);
  return all;
}

}  // namespace gallery
}  // namespace vultus
