// The last layers of a trunk in front of a learner: they learn along, while everything before them was computed once
// and lies in the features. Not installed: shows libtorch.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/learner.hpp>
#include <vultus/learn/training/trunk.hpp>
#include <vultus/runtime/graph.hpp>

namespace vultus::learn {

/// The part of a network behind one of its outputs, which becomes its input [batch, channels, side, side].
/// @param graph   with that output and others. @param output  name of it
/// @error invalid_argument  no such output, none behind it, no map, or others that need more of the picture than it
[[nodiscard]] Result<runtime::Graph> graph_behind(const runtime::Graph& graph, const std::string& output);

/// A learner that reads its own inputs behind one that the tail makes: [tail(inputs[0]), inputs...].
/// @param tail  with one output, that the learner takes as its first input
/// @param rate  of the tail's weights, as a share of the learner's, [0, 1]
[[nodiscard]] std::unique_ptr<Learner> with_tail(std::unique_ptr<Learner> learner, std::shared_ptr<Trunk> tail,
                                                 double rate);

}  // namespace vultus::learn
