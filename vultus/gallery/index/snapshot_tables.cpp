#include <vultus/gallery/index/snapshot_tables.hpp>

#include <algorithm>
#include <array>
#include <functional>

#include <vultus/gallery/index/column.hpp>

namespace vultus::gallery {

Result<std::shared_ptr<const SnapshotTables>> SnapshotTables::load(const SnapshotFile& file) {
  constexpr std::array kParts{Section::subjects, Section::rows_begin, Section::rows_of_subject, Section::names_begin,
                              Section::names};
  std::uint64_t whole = 0;
  for (const Section section : kParts) whole += whole_blocks(file.bytes_of(section));
  const auto tables = std::make_shared<SnapshotTables>();
  tables->memory_ = own_memory(whole + kSnapshotBlock);
  auto* at = static_cast<std::byte*>(tables->memory_.get());
  const auto part = [&]<class T>(Section section, std::span<const T>& values) -> Status {
    VULTUS_CHECK(file.read(section, at));
    values = {reinterpret_cast<const T*>(at), file.bytes_of(section) / sizeof(T)};
    at += whole_blocks(file.bytes_of(section));
    return {};
  };
  VULTUS_CHECK(part(Section::subjects, tables->subjects_));
  VULTUS_CHECK(part(Section::rows_begin, tables->rows_begin_));
  VULTUS_CHECK(part(Section::rows_of_subject, tables->rows_));
  VULTUS_CHECK(part(Section::names_begin, tables->names_begin_));
  VULTUS_CHECK(part(Section::names, tables->names_));
  VULTUS_CHECK(tables->check(file.rows()));
  for (std::size_t i = 0; i < tables->subjects_.size(); ++i)
    tables->named_ += tables->names_begin_[i + 1] > tables->names_begin_[i] ? 1 : 0;
  return std::shared_ptr<const SnapshotTables>(tables);
}

Status SnapshotTables::check(std::size_t rows) const {
  const auto rises_to = [](std::span<const std::uint64_t> begins, std::size_t end) {
    return begins.front() == 0 && begins.back() == end && std::ranges::is_sorted(begins);
  };
  const bool sound = std::ranges::adjacent_find(subjects_, std::greater_equal<>()) == subjects_.end() &&
                     rises_to(rows_begin_, rows) && rises_to(names_begin_, names_.size()) &&
                     std::ranges::all_of(rows_, [&](std::uint32_t row) { return row < rows; });
  if (!sound) return fail(ErrorCode::corrupt_data, "damaged snapshot: its tables of subjects");
  return {};
}

std::optional<std::size_t> SnapshotTables::place_of(SubjectId subject) const {
  const auto at = std::ranges::lower_bound(subjects_, subject.number());
  if (at == subjects_.end() || *at != subject.number()) return std::nullopt;
  return static_cast<std::size_t>(at - subjects_.begin());
}

std::span<const std::uint32_t> SnapshotTables::rows_of(SubjectId subject) const {
  const auto place = place_of(subject);
  if (!place) return {};
  return rows_.subspan(rows_begin_[*place], rows_begin_[*place + 1] - rows_begin_[*place]);
}

std::optional<SnapshotExtent> SnapshotTables::name_place(SubjectId subject) const {
  const auto place = place_of(subject);
  if (!place || names_begin_[*place] == names_begin_[*place + 1]) return std::nullopt;
  return SnapshotExtent{names_begin_[*place], names_begin_[*place + 1] - names_begin_[*place]};
}

std::optional<std::string_view> SnapshotTables::name_of(SubjectId subject) const {
  const auto place = name_place(subject);
  if (!place) return std::nullopt;
  return std::string_view(names_.data() + place->offset, place->bytes);
}

}  // namespace vultus::gallery
