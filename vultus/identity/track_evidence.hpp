// Who a track is: templates of one person gathered over time, weighted by how good the face was.
#pragma once

#include <optional>
#include <vector>

#include <vultus/core/decision.hpp>
#include <vultus/core/embedding.hpp>
#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>

namespace vultus::identity {

struct EvidenceOptions {
  double enough = 1.5;        ///< sum of weights before a name is given, > 0: two good views, or more poor ones
  double least_weight = 0.1;  ///< faces below it are not worth a template, [0, 1)
  Seconds gap{0.15};          ///< between two templates, >= 0: neighbouring frames say the same
  Seconds recheck{3};         ///< after so long one template is made anyway: is it still the same person?
  Cosine same_person{0.25F};  ///< a template less similar than this to the track's own mean is of somebody else
  bool operator==(const EvidenceOptions&) const = default;
};

/// How much a view of a face says about who it is, [0, 1]: 1 for a frontal face with 40 or more pixels between the
/// eyes, less for smaller and turned ones.
[[nodiscard]] double evidence_weight(const FaceObservation& face);

/// The evidence of one track. Thread-compatible.
class TrackEvidence {
 public:
  explicit TrackEvidence(const EvidenceOptions& options = {}) : options_(options) {}

  /// Could a template of this weight change the decision? Not where too little is known yet only because of a poor
  /// view, nor where even the most different template would leave the answer as it is.
  /// @param weight  evidence_weight()
  /// @param at      the threshold in use; nothing = nobody asks who it is
  [[nodiscard]] bool wants(double weight, Seconds now, const std::optional<OperatingPoint>& at) const;

  /// Takes a template in. One that is clearly of somebody else begins anew: the track has jumped to another face.
  /// @param weight  > 0
  /// @return false if it began anew
  /// @error model_mismatch  a template of another model than those before
  Result<bool> add(const Embedding& embedding, double weight, Seconds now);

  /// What a search for the mean of the evidence gave.
  void decided(std::optional<Cosine> best) { best_ = best; }

  /// The weighted mean, unit length; nothing before the first template.
  [[nodiscard]] const std::optional<Embedding>& mean() const { return mean_; }
  [[nodiscard]] bool enough() const { return weight_ >= options_.enough; }
  [[nodiscard]] double weight() const { return weight_; }
  [[nodiscard]] int templates() const { return templates_; }

 private:
  EvidenceOptions options_;
  std::vector<double> sum_;
  double length_ = 0;  // of sum_
  std::optional<Embedding> mean_;
  double weight_ = 0;
  int templates_ = 0;
  Seconds last_{0};
  std::optional<Cosine> best_;
};

}  // namespace vultus::identity
