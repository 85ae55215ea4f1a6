// A view as a file, and a view that moves to the file that was written from it.
#include <algorithm>
#include <utility>

#include <vultus/gallery/index/snapshot_eraser.hpp>
#include <vultus/gallery/index/template_view.hpp>

namespace vultus::gallery {

Status TemplateView::write(SnapshotOptions options) const {
  options.identity.model = model_;
  options.identity.dimension = rows_.dimension();
  options.rows = live();
  VULTUS_TRY(SnapshotWriter writer, SnapshotWriter::create(std::move(options)));
  std::vector<std::pair<FaceId, std::uint32_t>> order;
  order.reserve(live());
  for (std::size_t at = 0; at < rows_.size(); ++at)
    if (rows_.alive(at)) order.emplace_back(rows_.face(at), static_cast<std::uint32_t>(at));
  std::ranges::sort(order);
  for (const auto& [face, at] : order) VULTUS_CHECK(writer.add(rows_, at));
  std::vector<SubjectId> subjects = all_named();
  for (const SubjectId subject : subjects) VULTUS_CHECK(writer.name(subject, *name_of(subject)));
  if (damaged()) return fail(ErrorCode::corrupt_data, "damaged snapshot: templates");
  return writer.finish();
}

/// In rising order.
std::vector<SubjectId> TemplateView::all_named() const {
  std::vector<SubjectId> all;
  all.reserve(named_);
  if (base_ != nullptr)
    for (const std::int64_t subject : base_->subjects()) all.emplace_back(subject);
  names_.each([&](const SortedRuns<Name>::Entry& entry) { all.emplace_back(entry.key); });
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::erase_if(all, [&](SubjectId subject) { return !name_of(subject); });
  return all;
}

std::optional<TemplateView> TemplateView::moved_to(TemplateView moved, const TemplateView& earlier) const {
  if (origin_ != earlier.origin_ || moved.size() != earlier.live()) return std::nullopt;
  for (std::size_t at = 0; at < earlier.size(); ++at) {
    if (!earlier.rows_.alive(at)) continue;
    const auto row = moved.row_of(earlier.rows_.face(at));
    if (!row) return std::nullopt;
    if (!rows_.alive(at)) {
      moved.rows_.kill(*row);
    } else if (rows_.subject(at) != earlier.rows_.subject(at)) {
      moved.give({*row}, rows_.subject(at));
    }
  }
  moved.add_rows(rows_, earlier.size());
  // A name that is not among the changes is that of the base, which both have.
  std::vector<SubjectId> named;
  names_.each([&](const SortedRuns<Name>::Entry& entry) { named.emplace_back(entry.key); });
  std::ranges::sort(named);
  named.erase(std::unique(named.begin(), named.end()), named.end());
  std::vector<SortedRuns<Name>::Entry> entries;
  for (const SubjectId subject : named) {
    const auto name = name_of(subject);
    if (name == moved.name_of(subject)) continue;
    entries.push_back({subject.number(), name ? std::make_shared<const std::string>(*name) : nullptr});
  }
  moved.names_.add(std::move(entries));
  moved.named_ = named_;
  return moved;
}

Status TemplateView::erase_in_snapshot(const std::filesystem::path& path, const TemplateView* before,
                                       std::int64_t sequence) const {
  if (base_ == nullptr || (before != nullptr && before->base_ != base_)) return {};
  std::vector<std::size_t> rows;
  for (std::size_t at = 0; at < rows_of_base_; ++at) {
    if (before != nullptr && rows_.same_owners(before->rows_, at)) {
      at = (at / kRowsOfChunk + 1) * kRowsOfChunk - 1;  // nobody of this chunk has changed
      continue;
    }
    if (!rows_.alive(at) && (before == nullptr || before->rows_.alive(at))) rows.push_back(at);
  }
  std::vector<SnapshotExtent> names;
  names_.each([&](const SortedRuns<Name>::Entry& entry) {
    const SubjectId subject(entry.key);
    const auto place = base_->name_place(subject);
    // A name of zeros was overwritten before.
    if (!place || name_of(subject) == base_->name_of(subject) || base_->name_of(subject)->front() == '\0') return;
    if (before == nullptr || before->name_of(subject) == base_->name_of(subject)) names.push_back(*place);
  });
  return erase_from_snapshot(path, *rows_.snapshot(), {.rows = rows, .names = names, .sequence = sequence});
}

}  // namespace vultus::gallery
