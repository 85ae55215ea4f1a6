// Faces and what is known of them, as the methods of clustering see them. Internal to the room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/identity/cluster.hpp>

namespace vultus::identity {

/// Items that are one person for sure.
struct ClusterNode {
  std::vector<std::uint32_t> items;
  std::vector<std::uint32_t> pictures;  ///< sorted, each once
  std::optional<std::uint32_t> person;
  std::vector<std::uint32_t> apart;  ///< nodes that are other people, sorted
  bool poor = false;                 ///< one face of low quality about which nothing else is known
};

struct ClusterNodes {
  std::vector<ClusterNode> nodes;
  std::vector<float> sums;  ///< of the templates of each node, nodes * dimension
  std::size_t dimension = 0;

  [[nodiscard]] std::span<const float> sum(std::size_t node) const {
    return std::span(sums).subspan(node * dimension, dimension);
  }
  /// The means at unit length.
  [[nodiscard]] std::vector<float> unit_rows() const;
};

/// Two sorted lists with an element in common. @cost the shorter times the logarithm of the longer
[[nodiscard]] bool meet(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

/// Nodes in an order that does not depend on that of the items.
/// @error as cluster()
/// @param least_quality  faces below it are poor
[[nodiscard]] Result<ClusterNodes> make_nodes(const ClusterItems& items, float least_quality);

/// Nodes joined into groups.
class ClusterGroups {
 public:
  explicit ClusterGroups(const ClusterNodes& nodes);
  /// The group of a node, named by one of its nodes.
  [[nodiscard]] std::uint32_t group_of(std::uint32_t node) const;
  [[nodiscard]] std::size_t pictures_of(std::uint32_t group) const { return groups_[group].pictures.size(); }
  /// @param a, b  groups
  [[nodiscard]] bool may_join(std::uint32_t a, std::uint32_t b) const;
  /// `b` becomes part of `a`, which should be the larger one, so that ways stay short. @pre may_join(a, b)
  void join(std::uint32_t a, std::uint32_t b);

 private:
  struct Group {
    std::vector<std::uint32_t> pictures;
    std::optional<std::uint32_t> person;
    std::vector<std::uint32_t> apart;
  };
  std::vector<std::uint32_t> parent_;  // not shortened while it is read: many threads may ask
  std::vector<Group> groups_;
};

// The methods. Each gives a group to every node; any numbers.
[[nodiscard]] Result<std::vector<std::uint32_t>> by_linkage(const ClusterNodes& nodes, const ClusterOptions& options,
                                                            const std::stop_token& stop);
[[nodiscard]] Result<std::vector<std::uint32_t>> by_whispers(const ClusterNodes& nodes, const ClusterOptions& options,
                                                             const std::stop_token& stop);
[[nodiscard]] Result<std::vector<std::uint32_t>> by_dbscan(const ClusterNodes& nodes, const ClusterOptions& options,
                                                           const std::stop_token& stop);

}  // namespace vultus::identity
