// 68 landmarks against those that people marked.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::engine {

struct LandmarkBenchmarkOptions {
  std::string marks;            ///< as read_marked_faces() takes it
  double failure_above = 0.08;  ///< error from which a face counts as failed
  evaluation::BootstrapOptions bootstrap;
};

/// Errors are mean distances of the points over the distance of the outer eye corners (36, 45).
struct LandmarkBenchmark {
  std::size_t faces = 0;
  std::size_t missed = 0;  ///< no face was found there: they count as failed, and in no error
  double mean = 0;         ///< of 68 points, over the faces that were found
  double median = 0;
  double inner_mean = 0;                              ///< of the 51 points without the jaw
  double failed = 0;                                  ///< share of all faces, [0, 1]
  std::optional<evaluation::Interval> mean_interval;  ///< bootstrap over faces
  double seconds = 0;
};

/// The landmarks of the face whose box covers the marked one best (at least 0.2 of both together), as `vultus track`
/// has them in landmarks.68.
/// @param progress  faces done and of how many; may be empty
/// @error as read_marked_faces(); a picture that cannot be read; invalid_argument  no face was found at all;
///        cancelled  stop was requested
[[nodiscard]] Result<LandmarkBenchmark> run_landmark_benchmark(
    const Engine& engine, const LandmarkBenchmarkOptions& options,
    const std::function<void(std::size_t, std::size_t)>& progress = {}, const std::stop_token& stop = {});

}  // namespace vultus::engine
