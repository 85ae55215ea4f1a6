// Partitioning a view, and measuring on its own templates how many cells a search has to look at.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include <vultus/gallery/index/cascade.hpp>
#include <vultus/gallery/index/partition.hpp>
#include <vultus/gallery/index/template_view.hpp>

namespace vultus::gallery {
namespace {

/// How far down the list of cells those of the best templates stand.
struct Ranks {
  std::vector<std::size_t> first, ten;

  /// Cells that hold a share of the most similar templates.
  [[nodiscard]] std::size_t cells_for(double recall) {
    std::ranges::sort(first);
    const auto needed = static_cast<std::size_t>(std::ceil(recall * static_cast<double>(first.size())));
    return first.empty() ? 1 : first[std::clamp<std::size_t>(needed, 1, first.size()) - 1] + 1;
  }
  static double within(const std::vector<std::size_t>& ranks, std::size_t cells) {
    const auto in = std::ranges::count_if(ranks, [&](std::size_t rank) { return rank < cells; });
    return ranks.empty() ? 1 : static_cast<double>(in) / static_cast<double>(ranks.size());
  }
};

}  // namespace

PartitionReport TemplateView::measured(const Partition& partition, const PartitionOptions& options) const {
  constexpr std::size_t kBest = 10;
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < options.probes; ++i) {
    const std::size_t row = size() * i / options.probes;
    if (rows_.alive(row) && (own.empty() || own.back() != row)) own.push_back(row);
  }
  std::vector<ProbeCode> codes;
  codes.reserve(own.size());
  for (const std::size_t row : own) codes.push_back(rows_.probe({rows_.floats(row, 1), rows_.dimension()}));
  std::vector<BestSubjects> best(own.size(), BestSubjects(kBest));
  std::vector<CascadeTask> tasks;
  for (std::size_t i = 0; i < own.size(); ++i) tasks.push_back({.code = &codes[i], .best = &best[i]});
  search_by_bits(rows_, *kernels_, tasks, {.compare = [&](std::size_t task, std::size_t row) {
                   if (row != own[task]) compare(codes[task].values, best[task], row);
                 }});

  std::vector<std::uint32_t> cell_of(partition.rows());
  for (std::size_t c = 0; c < partition.cells(); ++c) {
    const Cell cell = partition.cell(c);
    for (std::size_t i = 0; i < cell.count; ++i) cell_of[cell.rows[i]] = static_cast<std::uint32_t>(c);
  }
  Ranks ranks;
  std::vector<std::vector<std::uint32_t>> orders;
  for (std::size_t i = 0; i < own.size(); ++i) {
    orders.push_back(partition.nearest(codes[i].values, *kernels_));
    std::vector<std::size_t> rank(partition.cells());
    for (std::size_t r = 0; r < rank.size(); ++r) rank[orders.back()[r]] = r;
    bool first = true;
    for (const SearchHit& hit : best[i].answer()) {
      const auto row = row_of(hit.face);
      if (!row) continue;
      ranks.ten.push_back(rank[cell_of[*row]]);
      if (std::exchange(first, false)) ranks.first.push_back(ranks.ten.back());
    }
  }
  PartitionReport report{
      .cells = partition.cells(), .looked_at = ranks.cells_for(options.recall), .probes = own.size()};
  report.recall_at_1 = Ranks::within(ranks.first, report.looked_at);
  report.recall_at_10 = Ranks::within(ranks.ten, report.looked_at);
  for (const auto& order : orders)
    for (std::size_t i = 0; i < report.looked_at; ++i)
      report.share += static_cast<double>(partition.cell(order[i]).count) /
                      (static_cast<double>(partition.rows()) * static_cast<double>(orders.size()));
  return report;
}

Result<std::shared_ptr<const Partition>> TemplateView::make_partition(const PartitionOptions& options) const {
  if (size() == 0) return fail(ErrorCode::invalid_argument, "an index without templates cannot be partitioned");
  if (options.cells > PartitionOptions::kMostCells || !(options.recall >= 0.5 && options.recall <= 1) ||
      options.probes < 1)
    return fail(ErrorCode::invalid_argument,
                "partition: up to " + std::to_string(PartitionOptions::kMostCells) +
                    " cells, a recall of 0.5 to 1 and at least one probe are allowed, got " +
                    std::to_string(options.cells) + ", " + std::to_string(options.recall) + " and " +
                    std::to_string(options.probes));
  const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(size())));
  const std::size_t cells = std::clamp<std::size_t>(options.cells == 0 ? root : options.cells, 1,
                                                    std::min(size(), PartitionOptions::kMostCells));
  const auto stopped = fail(ErrorCode::cancelled, "stopped while cells were being made");
  auto made = std::make_shared<Partition>(rows_, *kernels_, cells, options.stop);
  if (options.stop.stop_requested()) return stopped;
  made->report = measured(*made, options);
  made->usual = options.usual;
  if (rows_.damaged()) return fail(ErrorCode::corrupt_data, "damaged snapshot: templates");
  return std::shared_ptr<const Partition>(std::move(made));
}

Status TemplateView::partition(const PartitionOptions& options) {
  VULTUS_TRY(partition_, make_partition(options));
  return {};
}

bool TemplateView::take_partition(std::shared_ptr<const Partition> made, const TemplateView& of) {
  if (origin_ != of.origin_) return false;
  partition_ = std::move(made);
  return true;
}

bool TemplateView::wants_partition(bool usual) const {
  // Every search looks at what is in no cell: worth the making when it is a quarter of what is.
  constexpr std::size_t kShareOutside = 4;
  if (live() == 0 || holding() == Holding::nothing) return false;
  return partition_ == nullptr || (usual && !partition_->usual) ||
         (size() - partition_->rows()) * kShareOutside > partition_->rows();
}

std::optional<PartitionReport> TemplateView::partition_report() const {
  if (partition_ == nullptr) return std::nullopt;
  return partition_->report;
}

}  // namespace vultus::gallery
