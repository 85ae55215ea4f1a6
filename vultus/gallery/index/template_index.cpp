#include <vultus/gallery/index/template_index.hpp>

#include <utility>

#include <vultus/gallery/index/published.hpp>

namespace vultus {

std::string_view name_of(SearchMethod method) {
  switch (method) {
    case SearchMethod::floats: return "floats";
    case SearchMethod::bytes: return "bytes";
    case SearchMethod::cascade: return "cascade";
    case SearchMethod::cells: return "cells";
    case SearchMethod::automatic: break;
  }
  return "automatic";
}

namespace gallery {

struct TemplateIndex::State {
  explicit State(std::shared_ptr<const TemplateView> first) : view(std::move(first)) {}
  std::mutex changing;      // held by changes alone
  std::mutex partitioning;  // held while cells are made; before the other
  Published<TemplateView> view;
};

TemplateIndex::TemplateIndex(ModelId model, std::size_t dimension, const Kernels& kernels, Holding holding)
    : state_(std::make_unique<State>(
          std::make_shared<const TemplateView>(std::move(model), dimension, kernels, holding))) {}
TemplateIndex::TemplateIndex(TemplateView view)
    : state_(std::make_unique<State>(std::make_shared<const TemplateView>(std::move(view)))) {}

Result<TemplateIndex> TemplateIndex::open(const std::filesystem::path& snapshot, const SnapshotIdentity& identity,
                                          const std::optional<SnapshotKey>& key, const Kernels& kernels) {
  VULTUS_TRY(auto file, SnapshotFile::open(snapshot, identity, key));
  return on(std::move(file), identity.model, kernels).with_context(snapshot.string());
}

Result<TemplateIndex> TemplateIndex::on(std::shared_ptr<const SnapshotFile> file, const ModelId& model,
                                        const Kernels& kernels) {
  return guarded("snapshot", [&]() -> Result<TemplateIndex> {
    VULTUS_TRY(TemplateView view, TemplateView::load(std::move(file), model, kernels));
    return TemplateIndex(std::move(view));
  });
}

TemplateIndex::TemplateIndex(TemplateIndex&&) noexcept = default;
TemplateIndex& TemplateIndex::operator=(TemplateIndex&&) noexcept = default;
TemplateIndex::~TemplateIndex() = default;

std::shared_ptr<const TemplateView> TemplateIndex::view() const { return state_->view.get(); }

Result<std::vector<std::vector<SearchHit>>> TemplateIndex::search(std::span<const Embedding> probes,
                                                                  const SearchOptions& options) const {
  return view()->search(probes, options);
}

Status TemplateIndex::change(const IndexChanges& changes) {
  return update([&](TemplateView& next) { return next.change(changes); });
}

Status TemplateIndex::update(const std::function<Status(TemplateView&)>& edit) {
  const std::scoped_lock lock(state_->changing);
  auto next = std::make_shared<TemplateView>(*state_->view.get());
  VULTUS_CHECK(edit(*next));
  if (next->wants_compacting()) next = std::make_shared<TemplateView>(next->compacted());
  state_->view.put(std::move(next));
  return {};
}

Status TemplateIndex::partition(const PartitionOptions& options) {
  constexpr int kTries = 3;
  const std::scoped_lock lock(state_->partitioning);
  // Again where the rows were moved together meanwhile, or onto a snapshot.
  for (int i = 0; i < kTries; ++i) {
    const auto from = view();
    if (!from->wants_partition(options.usual)) return {};
    VULTUS_TRY(const auto made, from->make_partition(options));
    bool taken = false;
    VULTUS_CHECK(update([&](TemplateView& next) -> Status {
      taken = next.take_partition(made, *from);
      return {};
    }));
    if (taken) return {};
  }
  return fail(ErrorCode::cancelled, "the templates were moved again and again while cells were being made");
}

Result<std::shared_ptr<const SnapshotFile>> TemplateIndex::write_snapshot(const TemplateView& written,
                                                                          const SnapshotOptions& options) {
  VULTUS_CHECK(written.write(options));
  SnapshotIdentity identity = options.identity;
  identity.model = written.model();
  identity.dimension = written.dimension();
  VULTUS_TRY(const auto file, SnapshotFile::open(options.path, identity, options.key));
  VULTUS_TRY(TemplateView base, TemplateView::load(file, identity.model, written.kernels()));
  VULTUS_CHECK(update([&](TemplateView& next) -> Status {
    if (auto moved = next.moved_to(std::move(base), written)) next = *std::move(moved);
    return {};
  }));
  return file;
}

Status TemplateIndex::add(std::span<const IndexedFace> faces) {
  return change({.added = {faces.begin(), faces.end()}});
}

// Only an addition can be refused.
void TemplateIndex::move(FaceId face, SubjectId to) { change({.moved = {{face, to}}}).value(); }
void TemplateIndex::move(SubjectId from, SubjectId to) { change({.merged = {{from, to}}}).value(); }
void TemplateIndex::remove(FaceId face) { change({.gone = {face}}).value(); }
void TemplateIndex::remove(SubjectId subject) { change({.subjects_gone = {subject}}).value(); }

}  // namespace gallery
}  // namespace vultus
