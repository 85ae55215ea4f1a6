#include <vultus/learn/training/systems/dfn_net.hpp>

namespace vultus::learn {
namespace {

using namespace blocks;

}  // namespace

DfnNet::Branch DfnNet::branch(const std::string& name, std::int64_t inputs, std::int64_t answers) {
  Branch made;
  made.name = name;
  for (std::int64_t i = 0; i < options_.blocks; ++i) {
    const std::string at = name + std::to_string(i);
    made.norms.push_back(register_module(at + "_norm", std::make_shared<LayerNorm>(options_.width)));
    made.down.push_back(register_module(at + "_down", std::make_shared<Linear>(options_.width, options_.rank)));
    made.up.push_back(register_module(at + "_up", std::make_shared<Linear>(options_.rank, options_.width)));
  }
  made.last = register_module(name + "_last", std::make_shared<LayerNorm>(options_.width));
  made.head = register_module(name + "_head", std::make_shared<Linear>(inputs, answers));
  return made;
}

DfnNet::DfnNet(const DfnOptions& options) : options_(options) {
  regions_ = region_weights(options.grid);
  const auto units = static_cast<std::int64_t>(options.units.size());
  // A unit's head is its own row on its own region; an expression's looks at the whole and at every region.
  if (units > 0) units_ = branch("units", options.width, units);
  if (options.expressions > 0)
    expressions_ = branch("expressions", options.width * (1 + kFaceRegions), options.expressions);
  unit_regions_ = regions_of_units(options.units);
}

torch::Tensor DfnNet::through(const Branch& branch, const std::vector<torch::Tensor>& blocks) {
  torch::Tensor side = torch::zeros_like(blocks.front());
  for (std::size_t i = 0; i < blocks.size(); ++i)
    side =
        side + branch.up[i]->forward(torch::gelu(branch.down[i]->forward(branch.norms[i]->forward(blocks[i]) + side)));
  return branch.last->forward(blocks.back() + side);
}

DfnNet::Answers DfnNet::forward(const std::vector<torch::Tensor>& blocks) {
  Answers said;
  if (units_.head) {
    const torch::Tensor local = local_tokens(through(units_, blocks), regions_);
    said.units = unit_answers(local, unit_regions_, units_.head->weight, units_.head->bias);
  }
  if (expressions_.head) {
    const torch::Tensor tokens = through(expressions_, blocks);
    const torch::Tensor all = torch::cat({tokens.slice(1, 0, 1), local_tokens(tokens, regions_)}, 1).flatten(1);
    said.expressions = expressions_.head->forward(torch::dropout(all, options_.dropout, is_training()));
  }
  return said;
}

torch::Tensor DfnNet::penalty() const {
  torch::Tensor sum = torch::zeros({});
  if (!units_.head || !expressions_.head) return sum;
  for (std::size_t i = 0; i < units_.up.size(); ++i)
    sum = sum + torch::mm(units_.up[i]->weight.t(), expressions_.up[i]->weight).pow(2).sum();
  return options_.apart * sum;
}

std::string DfnNet::write_through(const Exporter& to, const Branch& branch,
                                  const std::vector<std::string>& blocks) const {
  std::string side;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const Exporter at = to.in(branch.name + std::to_string(i));
    std::string in = branch.norms[i]->write(at.in("norm"), blocks[i]);
    if (i > 0) in = at.add(in, side);
    const std::string narrow = Activation(Act::gelu).write(at, branch.down[i]->write(at.in("down"), in));
    const std::string change = branch.up[i]->write(at.in("up"), narrow);
    side = i == 0 ? change : at.add(side, change);
  }
  return branch.last->write(to.in(branch.name + "_last"), to.add(blocks.back(), side));
}

void DfnNet::write(const Exporter& to, const std::vector<std::string>& blocks) const {
  if (units_.head) {
    const std::string local = write_local_tokens(to, write_through(to, units_, blocks), regions_);
    to.named("Sigmoid",
             {write_unit_answers(to.in("units_head"), local, unit_regions_, units_.head->weight, units_.head->bias)},
             "adapted_units");
    to.out().output("adapted_units", Wholes{1, units_.head->weight.size(0)});
  }
  if (expressions_.head) {
    const std::string tokens = write_through(to, expressions_, blocks);
    const std::string all = to.concat({to.slice(tokens, 1, 0, 1), write_local_tokens(to, tokens, regions_)}, 1);
    const std::string row = to.reshape(all, {0, options_.width * (1 + kFaceRegions)});
    to.named("Softmax", {expressions_.head->write(to.in("expressions_head"), row)}, "probabilities",
             {{.name = "axis", .value = std::int64_t{1}}});
    to.out().output("probabilities", Wholes{0, options_.expressions});
  }
}

std::int64_t DfnNet::trainable() const {
  std::int64_t numbers = 0;
  for (const torch::Tensor& parameter : parameters()) numbers += parameter.numel();
  return numbers;
}

}  // namespace vultus::learn
