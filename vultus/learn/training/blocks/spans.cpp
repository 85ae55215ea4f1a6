#include <algorithm>
#include <cmath>

#include <vultus/learn/training/blocks/spans.hpp>

namespace vultus::learn::blocks {
namespace {

struct Ends {
  torch::Tensor begin, end;
};
Ends ends_of(const torch::Tensor& spans) { return {spans.select(1, 0), spans.select(1, 1)}; }

double iou_of(const FoundSpan& a, const FoundSpan& b) {
  const double common = std::max(0.0, std::min(a.end, b.end) - std::max(a.begin, b.begin));
  const double all = (a.end - a.begin) + (b.end - b.begin) - common;
  return all > 0 ? common / all : 0;
}

}  // namespace

torch::Tensor span_iou(const torch::Tensor& a, const torch::Tensor& b) {
  const auto [a0, a1] = ends_of(a);
  const auto [b0, b1] = ends_of(b);
  const torch::Tensor common = (torch::minimum(a1, b1) - torch::maximum(a0, b0)).clamp_min(0);
  return common / ((a1 - a0) + (b1 - b0) - common).clamp_min(1e-9);
}

torch::Tensor span_diou(const torch::Tensor& a, const torch::Tensor& b) {
  const auto [a0, a1] = ends_of(a);
  const auto [b0, b1] = ends_of(b);
  const torch::Tensor apart = ((a0 + a1) - (b0 + b1)) / 2;
  const torch::Tensor around = (torch::maximum(a1, b1) - torch::minimum(a0, b0)).clamp_min(1e-9);
  return span_iou(a, b) - (apart / around).square();
}

torch::Tensor focal_loss(const torch::Tensor& logits, const torch::Tensor& targets, double alpha, double gamma) {
  const torch::Tensor of_true = logits * (2 * targets - 1);  // logit of the answer that is right
  const torch::Tensor weight = targets * alpha + (1 - targets) * (1 - alpha);
  return -(weight * torch::sigmoid(-of_true).pow(gamma) * torch::log_sigmoid(of_true)).sum();
}

std::vector<FoundSpan> decode_spans(const std::vector<SpanAnswer>& answers, std::int64_t sample, double least) {
  std::vector<FoundSpan> spans;
  double stride = 1;
  for (const SpanAnswer& level : answers) {
    const torch::Tensor scores = torch::sigmoid(level.classes[sample]).to(torch::kDouble).contiguous(),
                        reach = level.reach[sample].to(torch::kDouble).contiguous();
    const auto score = scores.accessor<double, 2>();
    const auto far = reach.accessor<double, 2>();
    for (std::int64_t t = 0; t < scores.size(0); ++t)
      for (std::int64_t c = 0; c < scores.size(1); ++c)
        if (score[t][c] > least) {
          const auto at = static_cast<double>(t);
          spans.push_back(
              {.begin = (at - far[t][0]) * stride, .end = (at + far[t][1]) * stride, .label = c, .score = score[t][c]});
        }
    stride *= 2;
  }
  return spans;
}

std::vector<FoundSpan> soft_nms(std::vector<FoundSpan> spans, double sigma, double least) {
  std::vector<FoundSpan> kept;
  std::erase_if(spans, [&](const FoundSpan& span) { return span.score < least; });
  while (!spans.empty()) {
    const auto best = std::ranges::max_element(spans, {}, &FoundSpan::score);
    const FoundSpan taken = *best;
    spans.erase(best);
    kept.push_back(taken);
    for (FoundSpan& span : spans)
      if (span.label == taken.label) {
        const double iou = iou_of(span, taken);
        span.score *= std::exp(-iou * iou / sigma);
      }
    std::erase_if(spans, [&](const FoundSpan& span) { return span.score < least; });
  }
  return kept;
}

}  // namespace vultus::learn::blocks
