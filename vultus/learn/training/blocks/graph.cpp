#include <queue>

#include <vultus/learn/training/blocks/graph.hpp>

namespace vultus::learn::blocks {

torch::Tensor skeleton(std::int64_t points, const std::vector<std::pair<std::int64_t, std::int64_t>>& edges,
                       std::int64_t root) {
  TORCH_CHECK(points >= 1 && root >= 0 && root < points, "a skeleton of ", points, " points has no root ", root);
  std::vector<std::vector<std::int64_t>> beside(static_cast<std::size_t>(points));
  for (const auto& [a, b] : edges) {
    TORCH_CHECK(a >= 0 && b >= 0 && a < points && b < points && a != b, "no edge from ", a, " to ", b);
    beside[static_cast<std::size_t>(a)].push_back(b), beside[static_cast<std::size_t>(b)].push_back(a);
  }
  // Steps from the root; points that it does not reach are as far as each other.
  std::vector<std::int64_t> steps(static_cast<std::size_t>(points), points);
  std::queue<std::int64_t> open;
  steps[static_cast<std::size_t>(root)] = 0, open.push(root);
  for (; !open.empty(); open.pop())
    for (const std::int64_t next : beside[static_cast<std::size_t>(open.front())])
      if (steps[static_cast<std::size_t>(next)] == points) {
        steps[static_cast<std::size_t>(next)] = steps[static_cast<std::size_t>(open.front())] + 1;
        open.push(next);
      }
  torch::Tensor parts = torch::zeros({3, points, points});
  for (std::int64_t to = 0; to < points; ++to) {
    const double share = 1 / (1 + static_cast<double>(beside[static_cast<std::size_t>(to)].size()));
    parts[0][to][to] = share;
    for (const std::int64_t from : beside[static_cast<std::size_t>(to)]) {
      const bool nearer = steps[static_cast<std::size_t>(from)] < steps[static_cast<std::size_t>(to)];
      parts[nearer ? 1 : 2][from][to] = share;
    }
  }
  return parts;
}

GraphConv::GraphConv(std::int64_t in, std::int64_t out, const torch::Tensor& skeleton)
    : skeleton_(register_buffer("skeleton", skeleton.detach().clone())),
      edges_(register_parameter("edges", torch::ones_like(skeleton))) {
  for (std::int64_t k = 0; k < skeleton.size(0); ++k)
    layers_.push_back(part<Conv>("layer" + std::to_string(k), conv2d(in, out, 1)));
}

torch::Tensor GraphConv::forward(const torch::Tensor& x) {
  const torch::Tensor joined = skeleton_ * edges_;
  torch::Tensor sum;
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    const torch::Tensor one = torch::matmul(layers_[k]->forward(x), joined[static_cast<std::int64_t>(k)]);
    sum = k == 0 ? one : sum + one;
  }
  return sum;
}

std::string GraphConv::write(const Exporter& to, const std::string& x) const {
  const torch::Tensor joined = (skeleton_ * edges_).detach();
  std::string sum;
  for (std::size_t k = 0; k < layers_.size(); ++k) {
    const std::string number = std::to_string(k);
    const std::string one = to.matmul(layers_[k]->write(to.in("layer" + number), x),
                                      to.weight("joined" + number, joined[static_cast<std::int64_t>(k)]));
    sum = k == 0 ? one : to.add(sum, one);
  }
  return sum;
}

SkeletonNet::SkeletonNet(const SkeletonOptions& options, const torch::Tensor& skeleton)
    : norm_(part<BatchNorm>("norm", options.in)) {
  TORCH_CHECK(!options.widths.empty() && options.widths.size() == options.strides.size(),
              "blocks need a width and a stride each");
  std::int64_t in = options.in;
  for (std::size_t i = 0; i < options.widths.size(); ++i) {
    const std::int64_t width = options.widths[i], stride = options.strides[i];
    const auto branch = part<Chain>("branch" + std::to_string(i));
    branch->add<GraphConv>(in, width, skeleton);
    branch->add<BatchNorm>(width);
    branch->add<Activation>(Act::relu);
    branch->add<Conv>(ConvOptions{.in = width,
                                  .out = width,
                                  .kernel = {options.kernel, 1},
                                  .stride = {stride, 1},
                                  .padding = {options.kernel / 2, 0}});
    branch->add<BatchNorm>(width);
    branch->add<Dropout>(options.dropout);
    branches_.push_back(branch);
    std::shared_ptr<Chain> past;
    if (in != width || stride != 1) {
      past = part<Chain>("past" + std::to_string(i));
      past->add<Conv>(ConvOptions{.in = in, .out = width, .kernel = {1, 1}, .stride = {stride, 1}});
      past->add<BatchNorm>(width);
    }
    past_.push_back(past);
    in = width;
  }
}

torch::Tensor SkeletonNet::forward(const torch::Tensor& x) {
  torch::Tensor at = norm_->forward(x);
  for (std::size_t i = 0; i < branches_.size(); ++i)
    at = torch::relu(branches_[i]->forward(at) + (past_[i] ? past_[i]->forward(at) : at));
  return at;
}

std::string SkeletonNet::write(const Exporter& to, const std::string& x) const {
  std::string at = norm_->write(to.in("norm"), x);
  for (std::size_t i = 0; i < branches_.size(); ++i) {
    const std::string number = std::to_string(i);
    const std::string past = past_[i] ? past_[i]->write(to.in("past" + number), at) : at;
    at = to.node("Relu", {to.add(branches_[i]->write(to.in("branch" + number), at), past)});
  }
  return at;
}

torch::Tensor nearest(const torch::Tensor& x, std::int64_t k) {
  TORCH_CHECK(k >= 1 && k <= x.size(2), k, " nearest of ", x.size(2), " points");
  const torch::Tensor inner = torch::matmul(x.transpose(1, 2), x), squares = x.square().sum(1);
  // |a - b|^2 without |a|^2, which is the same for all b.
  const torch::Tensor far = squares.unsqueeze(1) - 2 * inner;
  return std::get<1>(far.topk(k, 2, false, true));
}

EdgeConv::EdgeConv(std::int64_t in, std::int64_t out, std::int64_t k) : in_(in), k_(k), chain_(part<Chain>("chain")) {
  chain_->add<Conv>(conv2d(2 * in, out, 1, 1, false));
  chain_->add<BatchNorm>(out);
  chain_->add<Activation>(Act::relu);
}

torch::Tensor EdgeConv::forward(const torch::Tensor& x) {
  const std::int64_t n = x.size(0), v = x.size(2);
  const torch::Tensor which = nearest(x.detach(), k_).view({n, 1, v * k_}).expand({n, in_, v * k_});
  const torch::Tensor others = x.gather(2, which).view({n, in_, v, k_}), own = x.unsqueeze(3);
  return chain_->forward(torch::cat({own.expand_as(others), others - own}, 1)).amax(3);
}

std::string EdgeConv::write(const Exporter& to, const std::string& x) const {
  const std::string inner = to.matmul(to.transpose(x, {0, 2, 1}), x);
  const std::string far = to.sub(to.sum(to.mul(x, x), {1}, true), to.times(inner, 2));
  const std::string values = to.out().fresh("nearest"), which = to.out().fresh("nearest");
  to.out().node("TopK", std::vector{far, to.wholes({k_})}, std::vector{values, which},
                std::vector<OnnxAttribute>{{.name = "axis", .value = std::int64_t{2}},
                                           {.name = "largest", .value = std::int64_t{0}}});
  // [n, v, k] -> [n, in, v k], and back to [n, in, v, k].
  const std::string rows = to.reshape(which, {0, 1, -1});
  const std::string all = to.node("Expand", {rows, to.wholes({1, in_, 1})});
  const std::string others =
      to.reshape(to.node("GatherElements", {x, all}, {{.name = "axis", .value = std::int64_t{2}}}), {0, in_, -1, k_});
  const std::string own = to.unsqueeze(x, {3});
  const std::string apart = to.sub(others, own);
  const std::string joined = to.concat({to.sub(others, apart), apart}, 1);
  return to.node("ReduceMax", {chain_->write(to.in("chain"), joined)},
                 {{.name = "axes", .value = Wholes{3}}, {.name = "keepdims", .value = std::int64_t{0}}});
}

}  // namespace vultus::learn::blocks
