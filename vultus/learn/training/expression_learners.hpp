// Three published expression systems as learners: pairwise heads, prior-based objective inference, compounds. Not
// installed: shows libtorch.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <torch/torch.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/training/learner.hpp>
#include <vultus/learn/training/map_net.hpp>

namespace vultus::learn {

/// System 27: a logit for each two of K classes on one shared layer. Answers r_ij.
/// @param net     `answers` is set here. @param counts  samples of each class that are trained on
/// @param power   of the balance within a pair: pair_weights()
/// @error invalid_argument  fewer than 2 classes
[[nodiscard]] Result<std::unique_ptr<Learner>> pairwise_learner(MapHeadOptions net, const std::vector<double>& counts,
                                                                double power);

/// The same network with one softmax over all classes: what pairs are compared with at equal size.
/// @param focus  gamma of the focal loss; 0 = cross-entropy. @param power  of the class weights, (mean / count)^power
/// @source focal loss: T.-Y. Lin et al., ICCV 2017, eq. 5
[[nodiscard]] Result<std::unique_ptr<Learner>> multinomial_learner(MapHeadOptions net,
                                                                   const std::vector<double>& counts, double power,
                                                                   double focus);

/// A region of the map that shows some action units, and what they say of the E classes.
struct PriorRegion {
  std::string name;
  std::int64_t from_row = 0, to_row = 7;  ///< of the stem's map
  std::vector<float> weights;             ///< [E][units]: log odds of a unit given a class
  std::vector<float> bias;                ///< [E]
};

/// The control of a prior: each unit says of a class what it said of another, drawn for each unit anew; its biases are
/// those of the units as they are now, so that nothing of the true table is left.
/// @param region  with sum_u log(1 - P(u|e)) in its bias
void shuffle_prior(PriorRegion& region, std::mt19937_64& engine);

/// Which number says that a label may be wrong.
enum class Doubt : std::uint8_t {
  entropy,       ///< of the mean answer over two views, over log E: the face is ambiguous
  disagreement,  ///< 1 - probability that the mean answer over two views gives the label
};

struct PoiOptions {
  MapHeadOptions net;  ///< the target network; `answers` = E
  std::vector<PriorRegion> regions;
  std::int64_t samples = 0;      ///< whose doubts are kept: LearnBatch::samples lie below it; 0 = none are kept
  std::int64_t prior_stem = 32;  ///< channels of the prior network
  double mutual = 1;             ///< weight of the mutual divergence; 0 = regions learn alone
  double guide = 1;              ///< highest share of the soft label, [0, 1]; 0 = plain cross-entropy
  double temperature = 2;
  double ramp = 0.5;  ///< part of the run over which the share rises
  Doubt doubt = Doubt::disagreement;
};

/// What the learner of system 28 knows beside its answers.
class PoiLearner : public Learner {
 public:
  /// Doubt about each sample's label when it was last trained on, [0, 1]; -1 where it never was. A buffer of net(): a
  /// run that went on knows those of before.
  [[nodiscard]] virtual std::vector<double> doubts() const = 0;
  /// The soft label that the regions make together: [n, E].
  virtual torch::Tensor prior(const std::vector<torch::Tensor>& inputs) = 0;
  /// What each region says: [n, regions, E].
  virtual torch::Tensor opinions(const std::vector<torch::Tensor>& inputs) = 0;
};

/// System 28. Answers the target network's probabilities; its graph has outputs "probabilities" and "prior" of E
/// numbers and "regions" of E for each region.
/// @error invalid_argument  no regions, rows outside the map, or weights that do not fit
[[nodiscard]] Result<std::unique_ptr<PoiLearner>> poi_learner(const PoiOptions& options);

/// System 30: independent probabilities of parts that add up to compounds.
/// @param parts     [all samples, P]: what each sample shows
/// @param distance  weight of balanced_distance() beside the binary cross-entropy
/// @error invalid_argument  parts that are no table
[[nodiscard]] Result<std::unique_ptr<Learner>> compound_learner(MapHeadOptions net, torch::Tensor parts,
                                                                double distance);

}  // namespace vultus::learn
