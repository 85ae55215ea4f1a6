// Finding the subjects that resemble a probe: the interface behind which search is made fast.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/ids.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>

namespace vultus {

/// How a search goes through the templates. All but `cascade` and `cells` give the exact answer.
enum class SearchMethod : std::uint8_t {
  automatic,  ///< by the number of templates
  floats,     ///< every template as it is
  bytes,      ///< a byte a value first; what could be among the best is then compared exactly
  cascade,    ///< one bit a dimension first, then bytes, then exactly; misses an answer very rarely
  cells,      ///< as cascade, among the templates of the cells nearest to the probe. A gallery makes them where there
              ///< are none; an index then searches as cascade
};

/// What searches by cells find and cost, measured on templates of the gallery itself, each searched among the others.
struct SearchCells {
  std::size_t cells = 0;
  std::size_t looked_at = 0;  ///< cells of one search
  double share = 0;           ///< of all templates that one search looks at, on average
  double recall_at_1 = 0;     ///< the most similar template lies in the cells that are looked at
  double recall_at_10 = 0;    ///< of the ten most similar
  std::size_t probes = 0;     ///< templates by which it was measured
  bool operator==(const SearchCells&) const = default;
};

struct SearchOptions {
  std::size_t top_k = 1;                           ///< subjects to answer at most, [1, kMaxTopK]
  std::optional<std::vector<SubjectId>> subjects;  ///< search only these; empty optional = all
  SearchMethod method = SearchMethod::automatic;
  static constexpr std::size_t kMaxTopK = 10'000;
};

/// The best template of one subject.
struct SearchHit {
  SubjectId subject;
  FaceId face;
  Cosine similarity;
  bool operator==(const SearchHit&) const = default;
};

/// The order of answers: the more similar first, then the lower subject, then the lower face. Total, so that an answer
/// does not depend on the order in which templates lie in memory.
[[nodiscard]] inline bool comes_before(const SearchHit& a, const SearchHit& b) {
  if (a.similarity != b.similarity) return a.similarity > b.similarity;
  if (a.subject != b.subject) return a.subject < b.subject;
  return a.face < b.face;
}

/// A template to be searched. The values are copied when it is added.
struct IndexedFace {
  FaceId face;
  SubjectId subject;
  std::span<const float> values;  ///< unit length, as many as the dimension of the index
};

/// Templates of one model, searched by similarity. A subject's similarity is the greatest of its templates'.
/// Searching is safe from many threads at once; changing needs the index alone.
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;

  /// The subjects most similar to each probe, each at most once, in the order of comes_before.
  /// @return one list per probe, of at most top_k subjects; an empty index answers empty lists
  /// @error model_mismatch    a probe of another model or dimension
  /// @error invalid_argument  top_k outside its range
  [[nodiscard]] virtual Result<std::vector<std::vector<SearchHit>>> search(std::span<const Embedding> probes,
                                                                           const SearchOptions& options) const = 0;

  /// Adds templates; none if one of them is wrong.
  /// @error invalid_argument  a face that is there already, or another number of values than the dimension
  virtual Status add(std::span<const IndexedFace> faces) = 0;
  /// Gives a face to another subject; nothing happens if it is not there.
  virtual void move(FaceId face, SubjectId to) = 0;
  /// Gives all faces of a subject to another one.
  virtual void move(SubjectId from, SubjectId to) = 0;
  /// Takes a face out; nothing happens if it is not there.
  virtual void remove(FaceId face) = 0;
  /// Takes all faces of a subject out.
  virtual void remove(SubjectId subject) = 0;

  /// Templates in the index.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// The subject of a face, if it is there.
  [[nodiscard]] virtual std::optional<SubjectId> subject_of(FaceId face) const = 0;
  /// All faces in the index, in no order.
  [[nodiscard]] virtual std::vector<FaceId> faces() const = 0;
  /// What `automatic` means for so many templates as there are: never automatic itself.
  [[nodiscard]] virtual SearchMethod method() const = 0;
  /// The instructions that it uses, e.g. "AVX-512 VNNI", for reports.
  [[nodiscard]] virtual const char* instructions() const = 0;
};

/// "floats", "bytes", "cascade", "cells", "automatic".
[[nodiscard]] std::string_view name_of(SearchMethod method);

}  // namespace vultus
