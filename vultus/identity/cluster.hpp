// Clustering: which faces show one person, when nobody has told who is who.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string_view>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/core/units.hpp>

namespace vultus::identity {

/// How clusters are made. All keep the constraints of ClusterItems.
enum class ClusterMethod : std::uint8_t {
  linkage,           ///< joins the two most similar clusters until none are similar enough; the order does not matter
  chinese_whispers,  ///< each face takes the label that most of its neighbours have, in a drawn order
  dbscan,            ///< faces with enough neighbours and all that can be reached from them
};

/// "linkage", "chinese_whispers", "dbscan".
[[nodiscard]] std::string_view name_of(ClusterMethod method);

/// Two items, as indices into ClusterItems::templates.
struct ItemPair {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  bool operator==(const ItemPair&) const = default;
};

/// What is clustered, and what is known before. `person_of` and `quality_of` may be empty; else each template has one.
struct ClusterItems {
  std::span<const Embedding> templates;                       ///< of one model
  std::span<const std::uint32_t> picture_of;                  ///< two faces of one picture are two people
  std::span<const std::optional<std::uint32_t>> person_of{};  ///< told by the user: the same number = one person,
                                                              ///< another one = another person
  std::span<const std::optional<float>> quality_of{};         ///< unified score, [0, 100]; empty = not measured
  std::span<const ItemPair> together{};                       ///< one person
  std::span<const ItemPair> apart{};                          ///< two people
};

struct ClusterOptions {
  ClusterMethod method = ClusterMethod::linkage;
  Cosine threshold{0.6F};       ///< from which similarity two faces, or two clusters, belong together, [-1, 1]
  float least_quality = 0;      ///< [0, 100]: faces with a lower one found no cluster, see cluster()
  std::size_t neighbours = 64;  ///< at most so many of the most similar faces of each face are looked at, [1, 1000]
  std::size_t core = 2;         ///< dbscan: faces within reach that make a face a core, itself among them, [1, 1000]
  std::uint64_t seed = 1;       ///< chinese_whispers: of the order
  int threads = 1;              ///< [1, 256]; does not change the answer
};

/// An answer: a number for each item, below `clusters`. A face that is alone is a cluster of one. Cluster 0 is the
/// largest; of equally large ones that with the earlier first item comes first.
struct Clustering {
  std::vector<std::uint32_t> cluster_of;
  std::uint32_t clusters = 0;
  bool operator==(const Clustering&) const = default;
};

/// Clusters faces. Two faces that may not be together never are, whatever leads from one to the other. The order of the
/// items changes nothing but the numbers of clusters of the same size, as long as no two templates are equal.
///
/// linkage: clusters A, B of means a, b are joined while s(A, B) = a.b / sqrt(|a| |b|) of the best pair reaches the
/// threshold: the geometric mean of their average pairwise cosine and of the cosine of their means. For single faces it
/// is their cosine; loose clusters must not be closer than tight ones to be joined, since the noise of single faces
/// averages out. When it ends no two clusters that may be joined reach the threshold, as far as `neighbours` shows.
///
/// Faces below least_quality about which nothing was told resemble each other more than the people they show. They are
/// left out at first; then each goes to the cluster whose mean is closest to it, in the sense of linkage, if one
/// reaches the threshold, and else is a cluster of one.
///
/// @param stop  asked between blocks of comparisons
/// @error model_mismatch    templates of two models
/// @error invalid_argument  an option outside its range, lists of different lengths, a pair beyond the items, or
///                          constraints that contradict each other: the message names the two items
/// @error cancelled         stop was requested
/// @thread no state; starts options.threads threads
/// @cost n^2 d for n templates of d values, memory n (d + neighbours): never a table of all pairs
/// @source C. Biemann, Chinese Whispers, TextGraphs 2006; M. Ester et al., DBSCAN, KDD 1996; constraints as in
///         C. Ruiz et al., C-DBSCAN, RSFDGrC 2007. The linkage was chosen by measurement: docs/clustering.md
[[nodiscard]] Result<Clustering> cluster(const ClusterItems& items, const ClusterOptions& options,
                                         const std::stop_token& stop = {});

}  // namespace vultus::identity
