// Spans of time: how well two agree, losses of heads that find them, and what they answer. Not installed: shows
// libtorch.
#pragma once

#include <cstdint>
#include <vector>

#include <vultus/learn/training/blocks/temporal.hpp>

namespace vultus::learn::blocks {

/// Intersection over union of pairs of spans: [n, 2], [n, 2] (begin, end) -> [n].
[[nodiscard]] torch::Tensor span_iou(const torch::Tensor& a, const torch::Tensor& b);
/// IoU less the squared distance of the centres over the length of the smallest span that holds both: [n].
/// @source Z. Zheng et al., Distance-IoU Loss, AAAI 2020, eq. 7, of one dimension
[[nodiscard]] torch::Tensor span_diou(const torch::Tensor& a, const torch::Tensor& b);

/// Sum over all of -alpha_t (1 - p_t)^gamma log p_t, for each class by itself.
/// @param logits, targets  of one shape; targets 0 or 1
/// @source T. Lin et al., Focal Loss, ICCV 2017, eq. 5
[[nodiscard]] torch::Tensor focal_loss(const torch::Tensor& logits, const torch::Tensor& targets, double alpha = 0.25,
                                       double gamma = 2);

/// What was found.
struct FoundSpan {
  double begin = 0;
  double end = 0;
  std::int64_t label = 0;
  double score = 0;
  bool operator==(const FoundSpan&) const = default;
};

/// Spans of one sample whose score is above a least one, in moments of the first level.
/// @param answers  of SpanHeads; level i has a stride of 2^i. @param sample  row of the batch
[[nodiscard]] std::vector<FoundSpan> decode_spans(const std::vector<SpanAnswer>& answers, std::int64_t sample,
                                                  double least);

/// Takes the best, lowers the others of its label by exp(-IoU^2 / sigma), and again; drops what falls below `least`.
/// @return by falling score
/// @source N. Bodla et al., Soft-NMS, ICCV 2017, eq. 3
[[nodiscard]] std::vector<FoundSpan> soft_nms(std::vector<FoundSpan> spans, double sigma = 0.5, double least = 0.05);

}  // namespace vultus::learn::blocks
