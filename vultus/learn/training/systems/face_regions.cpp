#include <array>

#include <vultus/learn/training/systems/face_regions.hpp>

namespace vultus::learn {
namespace {

using blocks::Exporter;

struct FaceSquare {
  double left, top, right, bottom;  // shares of the aligned crop
};
// Where the parts lie in the crop of the embedder's alignment: eyes at .46, the tip of the nose at .64, the mouth at
// .82 of its height. The order: brows, between the brows, eyes, cheeks, nose, mouth, right corner, left corner, chin.
constexpr std::array<FaceSquare, kFaceRegions> kSquares{{{.10, .22, .90, .48},
                                                         {.38, .26, .62, .52},
                                                         {.14, .36, .86, .62},
                                                         {.12, .50, .88, .76},
                                                         {.30, .42, .70, .76},
                                                         {.20, .66, .80, 1.0},
                                                         {.14, .64, .52, 1.0},
                                                         {.48, .64, .86, 1.0},
                                                         {.24, .80, .76, 1.0}}};
constexpr std::int64_t kBrows = 0, kEyes = 2, kNose = 4, kMouth = 5, kChin = 8;

}  // namespace

torch::Tensor region_weights(std::int64_t grid) {
  torch::Tensor weights = torch::zeros({kFaceRegions, grid * grid});
  for (std::int64_t r = 0; r < kFaceRegions; ++r) {
    const FaceSquare& square = kSquares.at(static_cast<std::size_t>(r));
    for (std::int64_t y = 0; y < grid; ++y)
      for (std::int64_t x = 0; x < grid; ++x) {
        const double u = (static_cast<double>(x) + .5) / static_cast<double>(grid);
        const double v = (static_cast<double>(y) + .5) / static_cast<double>(grid);
        if (u >= square.left && u <= square.right && v >= square.top && v <= square.bottom)
          weights[r][y * grid + x] = 1;
      }
  }
  return weights / weights.sum(1, true).clamp_min(1);
}

std::int64_t region_of(int facs) {
  switch (facs) {
    case 1:
    case 2:
    case 4: return kBrows;
    case 5:
    case 6:
    case 7:
    case 45: return kEyes;
    case 9: return kNose;
    case 17: return kChin;
    default: return kMouth;
  }
}

torch::Tensor regions_of_units(const std::vector<int>& units) {
  std::vector<std::int64_t> regions;
  for (const int unit : units) regions.push_back(region_of(unit));
  return torch::tensor(regions, torch::kLong);
}

torch::Tensor local_tokens(const torch::Tensor& tokens, const torch::Tensor& regions) {
  return torch::matmul(regions, tokens.slice(1, 1));
}

std::string write_local_tokens(const Exporter& to, const std::string& tokens, const torch::Tensor& regions) {
  return to.matmul(to.constant(regions), to.slice(tokens, 1, 1, 1 + regions.size(1)));
}

torch::Tensor unit_answers(const torch::Tensor& local, const torch::Tensor& which, const torch::Tensor& weight,
                           const torch::Tensor& bias) {
  return (local.index_select(1, which) * weight).sum(2) + bias;
}

std::string write_unit_answers(const Exporter& to, const std::string& local, const torch::Tensor& which,
                               const torch::Tensor& weight, const torch::Tensor& bias) {
  const torch::Tensor choice = torch::one_hot(which, kFaceRegions).to(torch::kFloat);
  const std::string own = to.matmul(to.constant(choice), local);
  return to.add(to.sum(to.mul(own, to.weight("weight", weight)), {2}, false), to.weight("bias", bias));
}

}  // namespace vultus::learn
