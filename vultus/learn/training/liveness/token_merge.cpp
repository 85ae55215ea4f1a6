#include <vultus/learn/training/liveness/token_merge.hpp>

#include <array>
#include <span>
#include <vector>

namespace vultus::learn {
namespace {

using blocks::Exporter;

/// |x_i - x_j|^2 / d: [n, t, t].
torch::Tensor spread_squares(const torch::Tensor& x) {
  const torch::Tensor squares = (x * x).sum(2, true);
  const torch::Tensor all = squares + squares.transpose(1, 2) - 2 * torch::matmul(x, x.transpose(1, 2));
  return all.clamp_min(0) / static_cast<double>(x.size(2));
}

std::string as_floats(const Exporter& to, const std::string& truths) {
  return to.node("Cast", {truths}, {{.name = "to", .value = std::int64_t{1}}});
}

/// @param largest  1 or 0
std::string top(const Exporter& to, const std::string& x, std::int64_t count, std::int64_t largest) {
  return to.node("TopK", {x, to.wholes({count})},
                 {{.name = "axis", .value = std::int64_t{-1}},
                  {.name = "largest", .value = largest},
                  {.name = "sorted", .value = std::int64_t{1}}});
}

}  // namespace

torch::Tensor TokenMerge::members(const torch::Tensor& tokens) const {
  const torch::NoGradGuard no_gradients;
  TORCH_CHECK(clusters >= 1 && clusters <= tokens.size(1) && neighbours >= 1 && neighbours <= tokens.size(1),
              "merging ", tokens.size(1), " tokens into ", clusters, " by ", neighbours, " neighbours");
  const torch::Tensor squares = spread_squares(tokens.detach());
  const torch::Tensor rho = torch::exp(-std::get<0>(squares.topk(neighbours, 2, false)).mean(2));  // [n, t]
  const torch::Tensor apart = torch::sqrt(squares);
  const torch::Tensor denser = (rho.unsqueeze(1) > rho.unsqueeze(2)).to(torch::kFloat);  // [n, i, j]: j is denser
  const torch::Tensor furthest = apart.flatten(1).amax(1).view({-1, 1, 1});
  const torch::Tensor delta = (apart * denser + furthest * (1 - denser)).amin(2);
  const torch::Tensor peak = rho * delta;
  const torch::Tensor least = std::get<0>(peak.topk(clusters, 1)).slice(1, clusters - 1, clusters);
  const torch::Tensor is_centre = (peak >= least).to(torch::kFloat);  // [n, t]
  // The centre of a rank, in the order of places: [n, c, t].
  const torch::Tensor order = torch::arange(1, clusters + 1).view({1, -1, 1});
  const torch::Tensor centres =
      (torch::cumsum(is_centre, 1).unsqueeze(1) == order).to(torch::kFloat) * is_centre.unsqueeze(1);
  const torch::Tensor nearest = torch::matmul(centres, apart).argmin(1);  // [n, t]
  const torch::Tensor joined = (nearest.unsqueeze(1) == order - 1).to(torch::kFloat);
  const torch::Tensor any = centres.sum(1, true);
  return centres + joined * (1 - any);
}

torch::Tensor TokenMerge::forward(const torch::Tensor& tokens, const torch::Tensor& scores) const {
  const torch::Tensor weights = members(tokens) * torch::exp(scores - scores.amax(1, true)).unsqueeze(1);
  return torch::matmul(weights, tokens) / weights.sum(2, true);
}

std::string TokenMerge::write(const Exporter& to, const std::string& tokens, const std::string& scores,
                              std::int64_t width) const {
  const auto floats = [](std::int64_t from, std::int64_t count) {
    return torch::arange(from, from + count).to(torch::kFloat).view({1, -1, 1});
  };
  const std::string sums = to.sum(to.mul(tokens, tokens), {2}, true);
  const std::string product = to.matmul(tokens, to.transpose(tokens, {0, 2, 1}));
  const std::string all = to.sub(to.add(sums, to.transpose(sums, {0, 2, 1})), to.times(product, 2));
  const std::string squares = to.times(to.node("Relu", {all}), 1.0 / static_cast<double>(width));
  const std::string rho = to.node("Exp", {to.node("Neg", {to.mean(top(to, squares, neighbours, 0), {2}, false)})});
  const std::string apart = to.node("Sqrt", {squares});
  const std::string denser = as_floats(to, to.node("Greater", {to.unsqueeze(rho, {1}), to.unsqueeze(rho, {2})}));
  const std::string sparser = to.node("Sub", {to.scalar(1), denser});
  const blocks::Wholes inner{1, 2};
  const std::string furthest = to.node("ReduceMax", {apart}, {{.name = "axes", .value = inner}});
  const std::string delta =
      to.node("ReduceMin", {to.add(to.mul(apart, denser), to.mul(furthest, sparser))},
              {{.name = "axes", .value = blocks::Wholes{2}}, {.name = "keepdims", .value = std::int64_t{0}}});
  const std::string peak = to.mul(rho, delta);
  const std::string least = to.slice(top(to, peak, clusters, 1), 1, clusters - 1, clusters);
  const std::string is_centre = as_floats(to, to.node("GreaterOrEqual", {peak, least}));
  // The axis is a number, not a row of one.
  constexpr std::array<std::int64_t, 1> kAxis{1};
  const std::string axis = to.out().constant(to.out().fresh("axis"), {}, std::span<const std::int64_t>(kAxis));
  const std::string ranks = to.unsqueeze(to.node("CumSum", {is_centre, axis}), {1});
  const std::string centres =
      to.mul(as_floats(to, to.node("Equal", {ranks, to.constant(floats(1, clusters))})), to.unsqueeze(is_centre, {1}));
  const std::string nearest =
      to.node("ArgMin", {to.matmul(centres, apart)}, {{.name = "axis", .value = std::int64_t{1}}});  // [n, 1, t]
  const std::string joined =
      as_floats(to, to.node("Equal", {as_floats(to, nearest), to.constant(floats(0, clusters))}));
  const std::string free = to.node("Sub", {to.scalar(1), to.sum(centres, {1}, true)});
  const std::string members = to.add(centres, to.mul(joined, free));
  const std::string highest = to.node("ReduceMax", {scores}, {{.name = "axes", .value = blocks::Wholes{1}}});
  const std::string weights = to.mul(members, to.unsqueeze(to.node("Exp", {to.sub(scores, highest)}), {1}));
  return to.div(to.matmul(weights, tokens), to.sum(weights, {2}, true));
}

}  // namespace vultus::learn
