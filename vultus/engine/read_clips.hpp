// Displayed expressions over time: stretches of a video that a network reads as one.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {

struct ClipOptions {
  ModelId model;    ///< decoder "expression_dynamic"
  double rate = 8;  ///< frames that are looked at, per second, (0, 1000]
  media::DecodeLimits limits;
};

/// A stretch of a video in which one face was seen in every frame that was looked at.
struct ReadClip {
  double begin = 0, end = 0;          ///< seconds: of its first and last frame
  std::vector<double> probabilities;  ///< in the order of expression::kExpressionNames
  std::size_t best = 0;
  double peak_begin = 0, peak_end = 0;  ///< seconds: where the soft mask says that it happens
  std::vector<double> mask;             ///< its mean in each step of the stretch
};

/// Looks at the most prominent face; stretches follow each other by half of their length. Where no face is found the
/// stretch begins anew.
/// @param name     as of media::VideoReader
/// @param receive  gets each stretch; returns an error to stop everything with it
/// @return stretches that were read
/// @error of the video; invalid_argument  a model with another decoder or shape, a rate outside its range; cancelled
Result<std::size_t> read_clips(const Engine& engine, const std::string& name, const ClipOptions& options,
                               const std::function<Status(const ReadClip&)>& receive, const std::stop_token& stop = {});

}  // namespace vultus::engine
