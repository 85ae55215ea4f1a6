// The search index: templates in memory, read in as few bytes as an answer needs.
#pragma once

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/gallery/index/best_subjects.hpp>
#include <vultus/gallery/index/kernels.hpp>
#include <vultus/gallery/index/template_rows.hpp>
#include <vultus/gallery/search_index.hpp>

namespace vultus::gallery {

/// Similarities that are told are those of `similarity` bit for bit, whatever the method and the instructions.
/// Thread rule: const members from many threads at once; other members by one thread alone.
class TemplateIndex final : public SearchIndex {
 public:
  /// @param model      of every template and probe
  /// @param dimension  values per template, [1, Embedding::kMaxDimension]
  /// @param kernels    for tests; else the fastest of this processor
  TemplateIndex(ModelId model, std::size_t dimension, const Kernels& kernels = best_kernels());

  /// @cost reads floats: 4 bytes a value; bytes: 1 byte a value; cascade: 40 bytes a template, and some thousand bytes
  ///       for what comes near. Probes of one call share the reading.
  [[nodiscard]] Result<std::vector<std::vector<SearchHit>>> search(std::span<const Embedding> probes,
                                                                   const SearchOptions& options) const override;
  Status add(std::span<const IndexedFace> faces) override;
  void move(FaceId face, SubjectId to) override;
  void move(SubjectId from, SubjectId to) override;
  void remove(FaceId face) override;
  void remove(SubjectId subject) override;
  [[nodiscard]] std::size_t size() const override { return owners_.size(); }
  [[nodiscard]] std::optional<SubjectId> subject_of(FaceId face) const override;
  [[nodiscard]] std::vector<FaceId> faces() const override;
  [[nodiscard]] SearchMethod method() const override;
  [[nodiscard]] const char* instructions() const override { return kernels_->name; }

 private:
  struct Owner {
    FaceId face;
    SubjectId subject;
  };
  struct Probe;
  struct Near;

  [[nodiscard]] Status check(std::span<const Embedding> probes, const SearchOptions& options) const;
  [[nodiscard]] SearchMethod chosen(std::size_t probes, const SearchOptions& options) const;
  void search_some(std::vector<Probe>& probes, const std::vector<SubjectId>& subjects) const;
  void search_floats(std::vector<Probe>& probes) const;
  void search_bytes(std::vector<Probe>& probes) const;
  void search_cascade(std::vector<Probe>& probes) const;
  void look_at_tile(std::size_t from, const Probe& probe, Near& near) const;
  void find_near(std::span<Probe> probes, std::span<Near> near) const;
  void refine(Probe& probe, Near& near) const;
  [[nodiscard]] std::vector<float> starting_thresholds(std::span<const Probe> probes, std::size_t wanted) const;
  void compare(Probe& probe, std::size_t row) const;
  void drop_row(std::size_t at);

  ModelId model_;
  const Kernels* kernels_;
  TemplateRows rows_;
  std::vector<Owner> owners_;                                    // of each row
  std::unordered_map<FaceId, std::size_t> row_of_;               // of each face
  std::unordered_map<SubjectId, std::vector<FaceId>> faces_of_;  // of each subject that has any
};

}  // namespace vultus::gallery
