// Cells of what is searched: made from some number of faces on, or for a search that asks for them.
#include <vultus/gallery/local_gallery.hpp>

namespace vultus::gallery {

void LocalGallery::cells_if_due() {
  const std::int64_t from = options_.search == SearchMethod::cells ? 1 : options_.cells_from;
  const auto view = memory_.index->view();
  if (from <= 0 || static_cast<std::int64_t>(view->live()) < from) return;
  if (making_cells_ || !view->wants_partition(true)) return;
  making_cells_ = true;
  // The one before it has ended: joining does not wait.
  cells_maker_ = std::jthread([this, index = memory_.index](const std::stop_token& stop) {
    // Without cells every search looks at all templates, and the next change tries again.
    static_cast<void>(guarded(
        "cells", [&] { return index->partition({.recall = options_.cells_recall, .usual = true, .stop = stop}); }));
    making_cells_ = false;
  });
}

Status LocalGallery::require_cells(TemplateIndex& index) const {
  if (index.view()->partition_report()) return {};
  return guarded("cells", [&] { return index.partition({.recall = options_.cells_recall, .usual = false}); });
}

}  // namespace vultus::gallery
