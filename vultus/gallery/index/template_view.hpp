// What a search sees: templates and whose they are, at one moment. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/index/best_subjects.hpp>
#include <vultus/gallery/index/cascade.hpp>
#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/partition.hpp>
#include <vultus/gallery/index/snapshot_file.hpp>
#include <vultus/gallery/index/snapshot_tables.hpp>
#include <vultus/gallery/index/snapshot_writer.hpp>
#include <vultus/gallery/index/sorted_runs.hpp>
#include <vultus/gallery/index/template_rows.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// Changes that are seen by searches all at once. Done in the order of the members.
struct IndexChanges {
  std::vector<FaceId> gone;
  std::vector<std::pair<SubjectId, std::string>> named;
  std::vector<IndexedFace> added;
  std::vector<std::pair<FaceId, SubjectId>> moved;
  std::vector<std::pair<SubjectId, SubjectId>> merged;  ///< all faces of the first go to the second
  std::vector<SubjectId> subjects_gone;                 ///< with the faces that they still have
};

/// Whether probes can be searched among templates of a model.
/// @error model_mismatch, invalid_argument  as SearchIndex::search
[[nodiscard]] Status check_search(const ModelId& model, std::size_t dimension, std::span<const Embedding> probes,
                                  const SearchOptions& options);

/// A copy is cheap and stays as it is, so a writer changes a copy and puts it in the place of what searches see.
/// Thread rule: const members from many threads at once; others by one thread alone, on a copy that others do not see.
class TemplateView {
 public:
  TemplateView(ModelId model, std::size_t dimension, const Kernels& kernels, Holding holding = Holding::templates);
  /// What lies in a snapshot.
  /// @error corrupt_data  @throws std::bad_alloc
  static Result<TemplateView> load(std::shared_ptr<const SnapshotFile> file, ModelId model, const Kernels& kernels);

  /// As SearchIndex::search.
  [[nodiscard]] Result<std::vector<std::vector<SearchHit>>> search(std::span<const Embedding> probes,
                                                                   const SearchOptions& options) const;
  [[nodiscard]] const Kernels& kernels() const { return *kernels_; }
  [[nodiscard]] const ModelId& model() const { return model_; }
  [[nodiscard]] std::size_t dimension() const { return rows_.dimension(); }
  /// With nothing but ids, every search is `unsupported`, and values that are added are not kept.
  [[nodiscard]] Holding holding() const { return rows_.holding(); }
  [[nodiscard]] std::size_t bytes_of_templates() const { return rows_.bytes_of_templates(); }
  /// Templates that are searched.
  [[nodiscard]] std::size_t live() const { return rows_.size() - rows_.dead(); }
  [[nodiscard]] std::optional<SubjectId> subject_of(FaceId face) const;
  [[nodiscard]] std::vector<FaceId> faces() const;
  [[nodiscard]] SearchMethod method() const;
  [[nodiscard]] const char* instructions() const { return kernels_->name; }
  /// The name of a subject, if it has one here.
  [[nodiscard]] std::optional<std::string_view> name_of(SubjectId subject) const;
  /// All subjects that have a name, in rising order.
  [[nodiscard]] std::vector<SubjectId> all_named() const;
  /// Subjects that have a name.
  [[nodiscard]] std::size_t subjects() const { return named_; }

  /// @error invalid_argument  a face to be added that is there already, or another number of values than the dimension;
  ///                          nothing is changed then
  /// @throws std::bad_alloc   what this copy shows is of no use then
  Status change(const IndexChanges& changes);
  /// Writes what is seen here as a snapshot.
  /// @param options  `identity.dimension`, `identity.model` and `rows` are filled in here
  /// @error as those of SnapshotWriter; corrupt_data if this lies on a damaged snapshot itself
  Status write(SnapshotOptions options) const;
  /// The same as this, on a snapshot that was written from an earlier state of it.
  /// @param base     what was loaded from the snapshot
  /// @param earlier  what was written
  /// @return nothing if this does not come from `earlier` by changes alone
  /// @throws std::bad_alloc
  [[nodiscard]] std::optional<TemplateView> moved_to(TemplateView base, const TemplateView& earlier) const;
  /// Rows that are not in a snapshot, or are dead in it: what rewriting it would put in order.
  [[nodiscard]] std::size_t beyond_snapshot() const { return size() - rows_of_base_ + rows_.dead(); }
  /// Null: there is none.
  [[nodiscard]] const SnapshotFile* snapshot() const { return rows_.snapshot(); }
  /// Overwrites in the snapshot that this lies on what is there of rows that are dead, and of names that are gone or
  /// have changed.
  /// @param path    where it lies
  /// @param before  only what it had and this has not; null: all of it
  /// @param sequence  number of the last change that this shows
  /// @error as erase_from_snapshot
  Status erase_in_snapshot(const std::filesystem::path& path, const TemplateView* before,
                           std::int64_t sequence = 0) const;
  /// True if the snapshot was found to be damaged: every search fails then.
  [[nodiscard]] bool damaged() const { return rows_.damaged(); }
  /// Groups the templates, so that searches by cells look at a part of them. Templates that are added later are looked
  /// at by every search; compacting and moving to a snapshot undo it.
  /// @error invalid_argument  options outside their range; corrupt_data
  /// @throws std::bad_alloc
  Status partition(const PartitionOptions& options);
  /// The same, to be taken by a view that comes from this one: for whom making it may not hold up.
  /// @error as partition; cancelled  it was asked to stop
  [[nodiscard]] Result<std::shared_ptr<const Partition>> make_partition(const PartitionOptions& options) const;
  /// @param of  the view that it was made of
  /// @return false, and nothing happens, where this does not come from that one by changes alone
  bool take_partition(std::shared_ptr<const Partition> made, const TemplateView& of);
  /// True where there are templates and no cells, or too many templates in no cell.
  /// @param usual  they are wanted for every search
  [[nodiscard]] bool wants_partition(bool usual) const;
  /// What searches by cells find and cost; nothing if there are no cells.
  [[nodiscard]] std::optional<PartitionReport> partition_report() const;
  /// True if so many rows are dead that moving the others together pays.
  [[nodiscard]] bool wants_compacting() const;
  /// The same without dead rows.
  /// @throws std::bad_alloc
  [[nodiscard]] TemplateView compacted() const;

 private:
  struct Probe;
  using Name = std::shared_ptr<const std::string>;  // null: the subject is gone

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] Status check(std::span<const Embedding> probes, const SearchOptions& options) const;
  [[nodiscard]] SearchMethod chosen(std::size_t probes, std::size_t rows, const SearchOptions& options) const;
  [[nodiscard]] SearchMethod usual_for(std::size_t rows) const;
  void search_some(std::vector<Probe>& probes, const std::vector<SubjectId>& subjects) const;
  void search_floats(std::vector<Probe>& probes, RowSet only) const;
  void search_bytes(std::vector<Probe>& probes, RowSet only) const;
  void search_cascade(std::vector<Probe>& probes, RowSet only, bool by_cells) const;
  [[nodiscard]] std::vector<std::uint64_t> rows_of(const std::vector<SubjectId>& subjects) const;
  void compare(std::span<const float> probe, BestSubjects& best, std::size_t row) const;
  void offer(BestSubjects& best, std::size_t row, float product) const;
  [[nodiscard]] PartitionReport measured(const Partition& partition, const PartitionOptions& options) const;

  [[nodiscard]] Status check(std::span<const IndexedFace> added, const std::vector<FaceId>& gone) const;
  [[nodiscard]] std::optional<std::size_t> row_of(FaceId face) const;
  [[nodiscard]] std::vector<std::size_t> rows_of(SubjectId subject) const;
  void add(std::span<const IndexedFace> added);
  void add_rows(const TemplateRows& others, std::size_t from);
  void give(const std::vector<std::size_t>& rows, SubjectId to);
  void name(const IndexChanges& changes);

  ModelId model_;
  const Kernels* kernels_;
  TemplateRows rows_;
  std::shared_ptr<const SnapshotTables> base_;  // null: there is no snapshot
  std::size_t rows_of_base_ = 0;                // the first rows, by rising face
  std::shared_ptr<const int> origin_;           // the same for views that come from each other by changes
  // What is not in the base, or has changed since.
  // Rows of faces and of subjects. What these say was true once; whether it is still is seen at the row.
  SortedRuns<std::uint32_t> rows_of_faces_;
  SortedRuns<std::uint32_t> rows_of_subjects_;
  SortedRuns<Name> names_;  // the latest is true
  std::size_t named_ = 0;
  std::shared_ptr<const Partition> partition_;  // of the first rows; null: there is none
};

}  // namespace vultus::gallery
