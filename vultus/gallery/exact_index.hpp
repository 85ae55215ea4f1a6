// The exact search: every probe against every template, in memory.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include <vultus/gallery/search_index.hpp>

namespace vultus {

/// Float32 rows, compared one by one: the answer equals that of `similarity` on every pair, bit for bit.
/// Thread rule: const members from many threads at once; other members by one thread alone.
class ExactIndex final : public SearchIndex {
 public:
  /// @param model      of every template and probe
  /// @param dimension  values per template, [1, Embedding::kMaxDimension]
  ExactIndex(ModelId model, std::size_t dimension);

  /// @cost size() * dimension multiply-adds a probe; probes of one call share the reading of the rows
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
  [[nodiscard]] const char* method() const override { return "exact float32"; }

 private:
  struct Owner {
    FaceId face;
    SubjectId subject;
  };
  void make_room(std::size_t more);
  void remove_row(std::size_t at);
  [[nodiscard]] float* row(std::size_t at) { return blocks_[at / kBlockRows].data() + (at % kBlockRows) * dimension_; }
  [[nodiscard]] const float* row(std::size_t at) const {
    return blocks_[at / kBlockRows].data() + (at % kBlockRows) * dimension_;
  }

  // Rows lie one after another inside blocks, so that growing copies nothing.
  static constexpr std::size_t kBlockRows = 1024;

  ModelId model_;
  std::size_t dimension_;
  std::vector<std::vector<float>> blocks_;
  std::vector<Owner> owners_;                     // of each row
  std::unordered_map<FaceId, std::size_t> rows_;  // of each face
};

}  // namespace vultus
