// A challenge held against a video or a camera: the analysers read what the face does, the state machine judges it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/liveness/challenge.hpp>
#include <vultus/liveness/reading.hpp>
#include <vultus/media/video.hpp>

namespace vultus::engine {

struct ChallengeRunOptions {
  liveness::ChallengeOptions challenge;
  liveness::Policy policy;  ///< of the passive judgement beside it
  media::VideoOptions video;
};

/// How a challenge went.
struct ChallengeRun {
  liveness::ChallengeState state = liveness::ChallengeState::waiting;
  std::vector<liveness::StepResult> steps;
  liveness::Reading passive;          ///< the worst that was judged of the tracks that answered; no `live` = none was
  std::optional<double> least_alike;  ///< lowest cosine to the face of the first moments
  std::int64_t frames = 0;            ///< that were looked at
  double seconds = 0;                 ///< of video until it was decided
  std::optional<Embedding> face;      ///< of the first moments with the head nearly frontal; empty = there were none

  /// live: all steps were done, and the passive judgement had frames to judge and does not say spoof. spoof: it says so
  /// of any track that answered, or another person took the place. unknown: everything else; who turns the wrong way is
  /// no spoof yet, but has not passed.
  [[nodiscard]] liveness::Decision decision() const;
  /// Why: the state of the challenge; where all steps were done, "spoof" if the passive judgement says so, and
  /// "not_judged" if none of the frames could be judged.
  [[nodiscard]] std::string_view reason() const;
};

/// The networks that a challenge needs beside the preset's.
[[nodiscard]] Result<std::vector<ModelId>> challenge_models();

/// Whether the networks that a challenge needs are there.
/// @error not_found  one was not fetched: the message says how to fetch it
[[nodiscard]] Status check_challenge_models(const Engine& engine);

/// Runs a challenge on the face that is there first; when it is lost, on the most prominent one, once it was compared
/// and is the same person: until its head is nearly frontal it does not count as seen. It ends with its answer or with
/// the source.
/// @param name    see media::VideoReader::open
/// @param steps   see liveness::Challenge::start
/// @param told    called when the state or the step changes; may be empty
/// @error invalid_argument  steps or options; not_found  a network that was not fetched; else those of follow_video
[[nodiscard]] Result<ChallengeRun> run_challenge(
    const Engine& engine, const std::string& name, std::span<const liveness::Step> steps,
    const ChallengeRunOptions& options,
    const std::function<void(liveness::ChallengeState, liveness::Step, double seconds)>& told = {},
    const std::stop_token& stop = {});

}  // namespace vultus::engine
