// How a router asks the search nodes of a shard: by a callable, so that this room knows no network.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

#include <vultus/core/result.hpp>

namespace vultus {

/// How a configuration of shards says that search nodes are reached.
struct NodeAccess {
  std::filesystem::path token_file;  ///< with the secret that every node wants; only its owner may read it
  std::filesystem::path ca_file;     ///< certificates that are trusted beside those of the system, PEM; empty = none
  bool plain_http = false;           ///< unencrypted also on other than loopback addresses
  bool operator==(const NodeAccess&) const = default;
};

/// A question to one search node.
struct NodeCall {
  std::string node;  ///< its URL: "https://node1:9443"
  NodeAccess access;
  std::string question;  ///< bytes that SearchNode::answer understands
  std::chrono::milliseconds deadline{};
};

/// Carries a question to a search node and brings its answer. Called from many threads at once; an error says what the
/// network or the node said, and never shows the secret.
using AskNode = std::function<Result<std::string>(const NodeCall&)>;

}  // namespace vultus
