// The network of an expression system on one thread.
#pragma once

#include <memory>

#include <vultus/core/face.hpp>
#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/system.hpp>
#include <vultus/runtime/network.hpp>

namespace vultus::expression {

/// Shows a face to a network as its system wants it and reads the answer. Thread-compatible: each worker loads its own.
class SystemNet {
 public:
  /// @error invalid_argument  a model whose decoder reads no expressions; corrupt_data  from the backend
  static Result<SystemNet> load(const runtime::ModelHandle& model);

  [[nodiscard]] const System& system() const { return *system_; }
  /// @param picture  rgb8, upright
  /// @param face     its keypoints or its box, as the system needs; what lies outside the picture is black or left out
  /// @error invalid_argument  a box outside the picture, or keypoints that decide nothing; corrupt_data  outputs of
  ///        another size than the system's; internal  the backend failed
  Result<Reading> read(ImageView picture, const FaceObservation& face);

 private:
  SystemNet(const System* system, std::unique_ptr<runtime::Network> network)
      : system_(system), network_(std::move(network)) {}
  Status show(ImageView picture, const FaceObservation& face);

  const System* system_;
  std::unique_ptr<runtime::Network> network_;
};

}  // namespace vultus::expression
