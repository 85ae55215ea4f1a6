// What a view holds and how it is changed; template_search.cpp searches it.
#include <vultus/gallery/index/template_view.hpp>

#include <algorithm>
#include <new>
#include <unordered_map>
#include <unordered_set>

#include <vultus/gallery/search_choice.hpp>

namespace vultus::gallery {
namespace {

// So many probes share the reading of the bytes that the exact answer is also the faster one in galleries of this size.
constexpr std::size_t kManyProbes = 16;
constexpr std::size_t kFewForManyProbes = 50'000;
// The cascade keeps some times as many rows as are asked for; for long lists it would keep most of them.
constexpr std::size_t kMostForCascade = 100;
// Moving rows together costs about as much as reading them all: worth it when a quarter is dead.
constexpr std::size_t kLeastDead = 1024;
constexpr std::size_t kShareOfDead = 4;
// A row is named by 32 bits.
constexpr std::size_t kMostRows = UINT32_MAX;

}  // namespace

TemplateView::TemplateView(ModelId model, std::size_t dimension, const Kernels& kernels, Holding holding)
    : model_(std::move(model)), kernels_(&kernels), rows_(dimension, holding), origin_(std::make_shared<const int>()) {}

Result<TemplateView> TemplateView::load(std::shared_ptr<const SnapshotFile> file, ModelId model,
                                        const Kernels& kernels) {
  TemplateView view(std::move(model), file->shape().dimension, kernels);
  VULTUS_TRY(view.base_, SnapshotTables::load(*file));
  VULTUS_TRY(view.rows_, TemplateRows::load(std::move(file)));
  view.rows_of_base_ = view.rows_.size();
  view.named_ = view.base_->named();
  return view;
}

SearchMethod TemplateView::method() const { return usual_for(live()); }

SearchMethod TemplateView::usual_for(std::size_t rows) const {
  const SearchMethod usual = usual_method(static_cast<std::int64_t>(rows));
  return usual == SearchMethod::cascade && partition_ != nullptr && partition_->usual ? SearchMethod::cells : usual;
}

/// @param rows  that may be found
SearchMethod TemplateView::chosen(std::size_t probes, std::size_t rows, const SearchOptions& options) const {
  if (options.method != SearchMethod::automatic) return options.method;
  const SearchMethod usual = usual_for(rows);
  const bool by_bits = usual == SearchMethod::cascade || usual == SearchMethod::cells;
  const bool shared = probes >= kManyProbes && live() < kFewForManyProbes;
  return by_bits && (shared || options.top_k > kMostForCascade) ? SearchMethod::bytes : usual;
}

Status check_search(const ModelId& model, std::size_t dimension, std::span<const Embedding> probes,
                    const SearchOptions& options) {
  if (options.top_k < 1 || options.top_k > SearchOptions::kMaxTopK)
    return fail(ErrorCode::invalid_argument, "top_k = " + std::to_string(options.top_k) + ", 1 to " +
                                                 std::to_string(SearchOptions::kMaxTopK) + " is allowed");
  for (const Embedding& probe : probes)
    if (probe.model() != model || probe.values().size() != dimension)
      return fail(ErrorCode::model_mismatch, "a probe of model " + probe.model().text() + " with " +
                                                 std::to_string(probe.values().size()) +
                                                 " values cannot be searched among templates of model " + model.text() +
                                                 " with " + std::to_string(dimension));
  return {};
}

Status TemplateView::check(std::span<const Embedding> probes, const SearchOptions& options) const {
  if (holding() == Holding::nothing) return fail(ErrorCode::unsupported, "the templates are searched elsewhere");
  return check_search(model_, rows_.dimension(), probes, options);
}

std::optional<std::size_t> TemplateView::row_of(FaceId face) const {
  std::optional<std::size_t> row;
  rows_of_faces_.any(face.number(), [&](std::uint32_t at) {
    if (!rows_.alive(at)) return false;  // taken out, and perhaps added again at another row
    row = at;
    return true;
  });
  if (row || rows_of_base_ == 0) return row;
  // The rows of a snapshot are in the order of their faces.
  std::size_t at = 0;
  for (std::size_t end = rows_of_base_; at < end;) {
    const std::size_t middle = at + (end - at) / 2;
    if (rows_.face(middle) < face)
      at = middle + 1;
    else
      end = middle;
  }
  if (at < rows_of_base_ && rows_.face(at) == face && rows_.alive(at)) row = at;
  return row;
}

/// In no order; a row may be told twice.
std::vector<std::size_t> TemplateView::rows_of(SubjectId subject) const {
  std::vector<std::size_t> rows;
  rows_of_subjects_.any(subject.number(), [&](std::uint32_t at) {
    if (rows_.alive(at) && rows_.subject(at) == subject) rows.push_back(at);
    return false;
  });
  if (base_ == nullptr) return rows;
  for (const std::uint32_t at : base_->rows_of(subject))
    if (rows_.alive(at) && rows_.subject(at) == subject) rows.push_back(at);
  return rows;
}

std::optional<SubjectId> TemplateView::subject_of(FaceId face) const {
  const auto row = row_of(face);
  if (!row) return std::nullopt;
  return rows_.subject(*row);
}

std::vector<FaceId> TemplateView::faces() const {
  std::vector<FaceId> all;
  all.reserve(live());
  for (std::size_t at = 0; at < rows_.size(); ++at)
    if (rows_.alive(at)) all.push_back(rows_.face(at));
  return all;
}

std::optional<std::string_view> TemplateView::name_of(SubjectId subject) const {
  std::optional<std::string_view> name;
  const bool changed = names_.any(subject.number(), [&](const Name& latest) {
    if (latest != nullptr) name = *latest;
    return true;
  });
  return changed || base_ == nullptr ? name : base_->name_of(subject);
}

Status TemplateView::check(std::span<const IndexedFace> added, const std::vector<FaceId>& gone) const {
  const std::unordered_set<FaceId> going(gone.begin(), gone.end());
  std::unordered_set<FaceId> fresh;
  for (const IndexedFace& face : added) {
    const std::string which = "face " + std::to_string(face.face.number());
    if (holding() == Holding::templates && face.values.size() != rows_.dimension())
      return fail(ErrorCode::invalid_argument, which + " with " + std::to_string(face.values.size()) +
                                                   " values, the index holds " + std::to_string(rows_.dimension()));
    if (!fresh.insert(face.face).second || (!going.contains(face.face) && row_of(face.face)))
      return fail(ErrorCode::invalid_argument, which + " is in the index already");
  }
  if (rows_.size() + added.size() > kMostRows)
    return fail(ErrorCode::resource_limit, "an index holds " + std::to_string(kMostRows) + " templates at most");
  return {};
}

Status TemplateView::change(const IndexChanges& changes) {
  VULTUS_CHECK(check(changes.added, changes.gone));
  for (const FaceId face : changes.gone)
    if (const auto row = row_of(face)) rows_.kill(*row);
  add(changes.added);
  for (const auto& [face, to] : changes.moved)
    if (const auto row = row_of(face)) give({*row}, to);
  for (const auto& [from, to] : changes.merged)
    if (from != to) give(rows_of(from), to);
  for (const SubjectId subject : changes.subjects_gone)
    for (const std::size_t row : rows_of(subject))
      if (rows_.alive(row)) rows_.kill(row);
  name(changes);
  return {};
}

void TemplateView::add(std::span<const IndexedFace> added) {
  rows_.make_room(rows_.size() + added.size());
  std::vector<SortedRuns<std::uint32_t>::Entry> of_faces, of_subjects;
  of_faces.reserve(added.size());
  of_subjects.reserve(added.size());
  for (const IndexedFace& face : added) {
    const auto row = static_cast<std::uint32_t>(rows_.size());
    of_faces.push_back({face.face.number(), row});
    of_subjects.push_back({face.subject.number(), row});
    rows_.add(face.face, face.subject, face.values);
  }
  rows_of_faces_.add(std::move(of_faces));
  rows_of_subjects_.add(std::move(of_subjects));
  rows_.close();
}

void TemplateView::give(const std::vector<std::size_t>& rows, SubjectId to) {
  std::vector<SortedRuns<std::uint32_t>::Entry> entries;
  for (const std::size_t row : rows) {
    if (rows_.subject(row) == to) continue;
    rows_.give(row, to);
    entries.push_back({to.number(), static_cast<std::uint32_t>(row)});
  }
  rows_of_subjects_.add(std::move(entries));
}

void TemplateView::name(const IndexChanges& changes) {
  std::vector<SortedRuns<Name>::Entry> entries;
  std::unordered_set<SubjectId> done;
  for (const auto& [subject, text] : changes.named) {
    if (!name_of(subject) && done.insert(subject).second) ++named_;
    entries.push_back({subject.number(), std::make_shared<const std::string>(text)});
  }
  names_.add(std::move(entries));
  entries.clear();
  done.clear();
  for (const SubjectId subject : changes.subjects_gone) {
    if (!name_of(subject) || !done.insert(subject).second) continue;
    entries.push_back({subject.number(), nullptr});
    --named_;
  }
  names_.add(std::move(entries));
}

bool TemplateView::wants_compacting() const {
  // On a snapshot, rewriting that does it.
  return base_ == nullptr && rows_.dead() >= kLeastDead && rows_.dead() * kShareOfDead > rows_.size();
}

TemplateView TemplateView::compacted() const {
  TemplateView fresh(model_, rows_.dimension(), *kernels_, holding());
  fresh.names_ = names_;
  fresh.named_ = named_;
  fresh.add_rows(rows_, 0);
  return fresh;
}

/// The living rows behind `from`.
void TemplateView::add_rows(const TemplateRows& others, std::size_t from) {
  std::size_t count = 0;
  for (std::size_t at = from; at < others.size(); ++at) count += others.alive(at) ? 1 : 0;
  rows_.make_room(rows_.size() + count);
  std::vector<SortedRuns<std::uint32_t>::Entry> of_faces, of_subjects;
  of_faces.reserve(count);
  of_subjects.reserve(count);
  for (std::size_t at = from; at < others.size(); ++at) {
    if (!others.alive(at)) continue;
    const auto row = static_cast<std::uint32_t>(rows_.size());
    of_faces.push_back({others.face(at).number(), row});
    of_subjects.push_back({others.subject(at).number(), row});
    rows_.add(others, at);
  }
  rows_of_faces_.add(std::move(of_faces));
  rows_of_subjects_.add(std::move(of_subjects));
  rows_.close();
}

}  // namespace vultus::gallery
