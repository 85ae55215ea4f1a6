// The expression systems answer in the runtime, once they are exported, as they do in libtorch.
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <vultus/learn/training/expression_learners.hpp>

#include "in_runtime.hpp"

namespace vultus::learn {
namespace {

using test::gap_to_runtime;
using test::input_of;
using test::kGap;

MapHeadOptions small_net() {
  return {.inputs = {{"map", 4, 7}}, .scales = {{"map", 1.7}}, .stem = 6, .hidden = 9, .answers = 5};
}

/// The largest gap over the outputs of a learner. @param wanted  what libtorch answers, in the order of the outputs
double worst_gap(Learner& learner, const torch::Tensor& input, const std::vector<torch::Tensor>& wanted) {
  double worst = 0;
  for (std::size_t k = 0; k < wanted.size(); ++k)
    worst = std::max(worst, gap_to_runtime(
                                wanted[k],
                                [&](const blocks::Exporter& to, const std::string& x) {
                                  return learner.write(to, {x}).at(k).tensor;
                                },
                                input));
  return worst;
}

void make_ready(Learner& learner) {
  test::stir(*learner.net());
  learner.net()->eval();
}

TEST(ExpressionSystemsInRuntime, PairsSoftmaxAndParts) {
  const torch::Tensor input = input_of({3, 4, 7, 7});
  const torch::NoGradGuard no_gradients;
  std::vector<std::unique_ptr<Learner>> learners;
  learners.push_back(pairwise_learner(small_net(), {5, 4, 3, 2, 1}, 1).value());
  learners.push_back(multinomial_learner(small_net(), {5, 4, 3, 2, 1}, 1, 2).value());
  learners.push_back(compound_learner(small_net(), torch::zeros({3, 6}), 1).value());
  for (const auto& learner : learners) {
    make_ready(*learner);
    EXPECT_LT(worst_gap(*learner, input, {learner->answers({input})}), kGap);
  }
}

TEST(ExpressionSystemsInRuntime, AnswerPriorAndRegions) {
  const torch::Tensor input = input_of({2, 4, 7, 7});
  const torch::NoGradGuard no_gradients;
  PoiOptions options{.net = small_net(), .regions = {}, .prior_stem = 3};
  for (const auto& [from, to] : {std::pair<std::int64_t, std::int64_t>{0, 3}, {2, 7}}) {
    PriorRegion region{
        .name = "rows" + std::to_string(from), .from_row = from, .to_row = to, .weights = {}, .bias = {}};
    for (int i = 0; i < 5 * 4; ++i) region.weights.push_back(static_cast<float>(std::sin(i + double(from))));
    for (int i = 0; i < 5; ++i) region.bias.push_back(static_cast<float>(-0.2 * i));
    options.regions.push_back(region);
  }
  const auto learner = poi_learner(options).value();
  make_ready(*learner);
  EXPECT_LT(worst_gap(*learner, input,
                      {learner->answers({input}), learner->prior({input}), learner->opinions({input}).flatten(1)}),
            kGap);
}

}  // namespace
}  // namespace vultus::learn
