// How much of what a face displays is left in a released video. Internal to the room.
#pragma once

#include <optional>
#include <string>

#include <vultus/engine/dp_video.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/face/finder.hpp>

namespace vultus::engine {

/// Counts what was read before and after, frame by frame. Thread-compatible.
class DpExpressionTally {
 public:
  /// What is displayed in a frame of the original and in that of the release.
  Status add(const expression::Distribution& before, const expression::Distribution& after);
  /// A frame of the original whose face was read, and of the release whose face was not found or not read.
  void add_lost() { ++lost_; }
  /// A frame of the original whose face was seen and could not be read.
  void add_unread() { ++unread_; }
  /// Fills in all but the model; says why nothing was measured.
  [[nodiscard]] DpExpression result() const;

 private:
  std::int64_t unread_ = 0, lost_ = 0;
  evaluation::ConfusionMatrix labels_ = evaluation::ConfusionMatrix::of_classes(expression::kExpressions).value();
  double differences_ = 0;  ///< sum over frames of the mean over labels
};

/// Reads frames with the expression network. Thread-compatible.
class DpExpressionMeter {
 public:
  /// @param model  nothing = not wanted
  /// @error corrupt_data, invalid_argument  the network; one that was not fetched is none: finish() says so
  static Result<DpExpressionMeter> start(const Engine& engine, const std::optional<ModelId>& model);

  /// Both frames are searched in the same way, so that a copy differs in nothing.
  /// @param face    of the original, as it was followed: says which of the faces that are found is meant
  Status add(ImageView original, ImageView released, const FaceObservation& face, face::FaceFinder& finder);
  [[nodiscard]] DpExpression finish() const;

 private:
  Result<std::optional<expression::Distribution>> read(ImageView picture, const FaceObservation& face,
                                                       face::FaceFinder& finder);
  DpExpressionMeter(std::string model, std::string reason) : model_(std::move(model)), reason_(std::move(reason)) {}

  std::string model_, reason_;
  std::optional<expression::ExpressionNet> net_;
  DpExpressionTally tally_;
};

}  // namespace vultus::engine
