// The engine as Python holds it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <vultus/engine/engine.hpp>

#include <python/binding.hpp>

namespace vultus::python {

/// An engine and the workers that its calls have made. Thread-safe.
class EngineHandle {
 public:
  EngineHandle(const engine::EngineOptions& options, bool commercial_only);

  [[nodiscard]] const engine::Engine& engine() const { return *engine_; }
  /// Faces of a picture in memory, most prominent first.
  std::vector<engine::SeenFace> look(ImageView picture, bool embed);
  [[nodiscard]] OperatingPoint operating_point(std::optional<double> fmr, std::optional<double> threshold) const;

 private:
  std::unique_ptr<engine::Engine> engine_;
  Pool<engine::Looker> lookers_;
};

/// (threshold, false match rate, source)
[[nodiscard]] py::tuple tuple_of(const OperatingPoint& at);
[[nodiscard]] py::dict dict_of(const engine::SeenFace& seen);
/// Numbers of a template as the embedding that they were.
[[nodiscard]] Embedding embedding_of(const std::string& model, const py::array_t<float>& values);

}  // namespace vultus::python
