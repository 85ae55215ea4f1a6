// Liveness as an analyser: each followed face is judged again and again, and its frames must agree.
#pragma once

#include <memory>
#include <vector>

#include <vultus/core/analyser.hpp>
#include <vultus/core/result.hpp>
#include <vultus/liveness/passive.hpp>
#include <vultus/liveness/track_liveness.hpp>

namespace vultus::liveness {

// Channels that others read.
inline const ChannelId kLive{"liveness.live"};          ///< of the track so far, [0, 1]
inline const ChannelId kFrame{"liveness.frame"};        ///< of this frame alone, [0, 1]
inline const ChannelId kDecision{"liveness.decision"};  ///< name: live, spoof, unknown
inline const ChannelId kReason{"liveness.reason"};      ///< name, see Reason

struct AnalyserOptions {
  Policy policy;
  TrackPolicy track;
  double every_s = 0.2;  ///< seconds between looks at a face, [0, 60]: the networks are dear
};

/// What it reads and writes, without loading anything.
[[nodiscard]] AnalyserInfo declared_liveness();

/// @error not_found  a network that was not fetched; invalid_argument  an option outside its range
/// @cost compiles two networks: some 100 ms with a warm cache
[[nodiscard]] Result<std::unique_ptr<Analyser>> make_liveness(const ModelSource& models,
                                                              const AnalyserOptions& options = {});

}  // namespace vultus::liveness
