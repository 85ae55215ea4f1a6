// One row of the pipeline benchmark: a way from a JPEG file to a template of the main face.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/looker.hpp>

namespace vultus::bench {

/// A worker of a row. Thread-compatible: one for each thread.
class Worker {
 public:
  Worker() = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  virtual ~Worker() = default;
  /// @param stages  the time of this picture is added
  /// @return the template of the largest face; nothing where there is no face
  virtual Result<std::optional<Embedding>> look(const std::string& path, engine::StageSeconds& stages) = 0;
};

/// Makes the workers of a row. `describe` says what really runs.
struct Row {
  std::string describe;
  int dimension = 0;
  ModelId model;
  std::function<Result<std::unique_ptr<Worker>>()> make;
};

/// A preset of Vultus.
Result<Row> vultus_row(const std::string& models, const std::string& preset, const std::string& precision);
/// The networks of preset fast in OpenCV's DNN module, the detector in its shipped size, all else as in Vultus.
Result<Row> opencv_dnn_row(const std::string& models);

}  // namespace vultus::bench
