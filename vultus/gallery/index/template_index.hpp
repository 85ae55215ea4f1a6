// The search index: templates in memory, read in as few bytes as an answer needs, while others are added.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/template_view.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// Similarities that are told are those of `similarity` bit for bit, whatever the method and the instructions.
/// Thread-safe. A search goes through the view that it found when it began, and takes no lock that a change holds:
/// a change works on a copy, and is seen by the searches that begin when it has returned (read-copy-update).
/// Changes go one after the other.
class TemplateIndex final : public SearchIndex {
 public:
  /// @param model      of every template and probe
  /// @param dimension  values per template, [1, Embedding::kMaxDimension]
  /// @param kernels    for tests; else the fastest of this processor
  /// @param holding    whether it can be searched at all
  TemplateIndex(ModelId model, std::size_t dimension, const Kernels& kernels = best_kernels(),
                Holding holding = Holding::templates);
  /// The index that lies in a snapshot, to be searched at once.
  /// @error as SnapshotFile::open; out of memory is resource_limit
  static Result<TemplateIndex> open(const std::filesystem::path& snapshot, const SnapshotIdentity& identity,
                                    const std::optional<SnapshotKey>& key = std::nullopt,
                                    const Kernels& kernels = best_kernels());
  /// The index that lies in an open snapshot. @error corrupt_data; out of memory is resource_limit
  static Result<TemplateIndex> on(std::shared_ptr<const SnapshotFile> file, const ModelId& model,
                                  const Kernels& kernels = best_kernels());
  TemplateIndex(TemplateIndex&&) noexcept;
  TemplateIndex& operator=(TemplateIndex&&) noexcept;
  ~TemplateIndex() override;

  /// What is searched now. It stays as it is while others change the index.
  [[nodiscard]] std::shared_ptr<const TemplateView> view() const;
  /// Makes changes, all at once or none.
  /// @error invalid_argument  a face to be added that is there already, or another number of values than the dimension
  Status change(const IndexChanges& changes);
  /// Lets `edit` change a copy of the view, which then takes its place unless `edit` failed. Searches go on meanwhile.
  Status update(const std::function<Status(TemplateView&)>& edit);
  /// Makes cells where there are none, or too many templates are in none. Searches and changes go on meanwhile; what is
  /// added before it returns is in no cell, and found all the same.
  /// @error as TemplateView::make_partition
  Status partition(const PartitionOptions& options);
  /// Writes a snapshot of a view of this index, while searches and changes go on, and then lies on it itself.
  /// @return the snapshot  @error as TemplateView::write; what is searched is the same as before then
  Result<std::shared_ptr<const SnapshotFile>> write_snapshot(const TemplateView& written,
                                                             const SnapshotOptions& options);

  /// @cost reads floats: 4 bytes a value; bytes: 1 byte a value; cascade: 40 bytes a template, and some thousand bytes
  ///       for what comes near. Probes of one call share the reading.
  [[nodiscard]] Result<std::vector<std::vector<SearchHit>>> search(std::span<const Embedding> probes,
                                                                   const SearchOptions& options) const override;
  Status add(std::span<const IndexedFace> faces) override;
  void move(FaceId face, SubjectId to) override;
  void move(SubjectId from, SubjectId to) override;
  void remove(FaceId face) override;
  void remove(SubjectId subject) override;
  [[nodiscard]] std::size_t size() const override { return view()->live(); }
  [[nodiscard]] std::optional<SubjectId> subject_of(FaceId face) const override { return view()->subject_of(face); }
  [[nodiscard]] std::vector<FaceId> faces() const override { return view()->faces(); }
  [[nodiscard]] SearchMethod method() const override { return view()->method(); }
  [[nodiscard]] const char* instructions() const override { return view()->instructions(); }

 private:
  struct State;
  explicit TemplateIndex(TemplateView view);
  std::unique_ptr<State> state_;
};

}  // namespace vultus::gallery
