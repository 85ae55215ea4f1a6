// Clustering where some faces say little: blurred, tiny or covered ones resemble each other more than they resemble the
// person they show. Internal to the room.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/identity/cluster.hpp>
#include <vultus/identity/cluster_nodes.hpp>

namespace vultus::identity {

using GroupNodes = std::function<Result<std::vector<std::uint32_t>>(const ClusterNodes&)>;

/// Groups the nodes that are not poor by `group`. A poor one then goes to the group whose mean it is closest to, as far
/// as one reaches the threshold and may take it, and else stays alone: so poor faces never meet each other but through
/// faces that say who it is, and never bring two groups together. The order of the nodes does not matter.
/// @return a group for every node; any numbers
/// @error those of `group`; cancelled
[[nodiscard]] Result<std::vector<std::uint32_t>> group_good_faces_first(const ClusterNodes& nodes,
                                                                        const ClusterOptions& options,
                                                                        const GroupNodes& group,
                                                                        const std::stop_token& stop);

}  // namespace vultus::identity
