// What was trained, exported and run by the inference runtime: for tests that compare both.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <vultus/learn/training/blocks/block.hpp>

namespace vultus::learn::test {

/// What may lie between an answer of torch and one of the runtime.
inline constexpr double kGap = 1e-4;

/// Writes a part of a graph. @param input  name of a tensor of the shape that was asked for. @return name of the answer
using Writing = std::function<std::string(const blocks::Exporter& to, const std::string& input)>;

/// An input of a shape, between -2.5 and 2.5, that the runtime can be given: it reads bytes.
torch::Tensor input_of(const blocks::Wholes& shape, std::uint64_t seed = 1);

/// The answer of the exported graph to such an input, in f32.
std::vector<float> in_runtime(const Writing& write, const torch::Tensor& input);

/// The largest gap between what torch answers and what the runtime answers, relative to the larger of 1 and the largest
/// number of the answer; infinite where one of them has another number of numbers, or one that is no number.
double gap_to_runtime(const torch::Tensor& answer, const Writing& write, const torch::Tensor& input);

/// The same for a block, after eval(), with weights that were moved away from where they begin.
double gap_to_runtime(blocks::Block& block, const blocks::Wholes& shape);

/// Moves every parameter and running mean by chance, variances to between 0.5 and 1.5: nothing stays a neutral element.
void stir(torch::nn::Module& module, std::uint64_t seed = 3);

}  // namespace vultus::learn::test
