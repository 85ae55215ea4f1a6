#include <vultus/gallery/index/template_index.hpp>

#include <atomic>
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

struct TemplateIndex::State {
  std::mutex changing;  // held by changes alone
  std::atomic<std::shared_ptr<const TemplateView>> view;
};

TemplateIndex::TemplateIndex(ModelId model, std::size_t dimension, const Kernels& kernels)
    : state_(std::make_unique<State>()) {
  state_->view.store(std::make_shared<const TemplateView>(std::move(model), dimension, kernels));
}
TemplateIndex::TemplateIndex(TemplateIndex&&) noexcept = default;
TemplateIndex& TemplateIndex::operator=(TemplateIndex&&) noexcept = default;
TemplateIndex::~TemplateIndex() = default;

std::shared_ptr<const TemplateView> TemplateIndex::view() const { return state_->view.load(); }

Result<std::vector<std::vector<SearchHit>>> TemplateIndex::search(std::span<const Embedding> probes,
                                                                  const SearchOptions& options) const {
  return view()->search(probes, options);
}

Status TemplateIndex::change(const IndexChanges& changes) {
  return update([&](TemplateView& next) { return next.change(changes); });
}

Status TemplateIndex::update(const std::function<Status(TemplateView&)>& edit) {
  const std::scoped_lock lock(state_->changing);
  auto next = std::make_shared<TemplateView>(*state_->view.load());
  VULTUS_CHECK(edit(*next));
  if (next->wants_compacting()) next = std::make_shared<TemplateView>(next->compacted());
  state_->view.store(std::move(next));
  return {};
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
