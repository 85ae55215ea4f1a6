// The methods of search; template_view.cpp keeps the rows.
#include <algorithm>
#include <array>
#include <bit>
#include <unordered_set>
#include <utility>

#include <vultus/gallery/index/cascade.hpp>
#include <vultus/gallery/index/codes.hpp>
#include <vultus/gallery/index/subject_set.hpp>
#include <vultus/gallery/index/template_view.hpp>

namespace vultus::gallery {
namespace {

// Rows that stay in the first-level cache while every probe of a batch passes over them.
constexpr std::size_t kFloatTile = 16;
constexpr std::size_t kByteTile = 64;
// What is sought by bits in any case, so that the first few are far from the border at which rows are left out.
constexpr std::size_t kLeastByBits = 10;
// Fewer subjects than one for so many templates are looked up one by one and compared exactly; more by going through
// all templates with the others left out. An estimate, at about four templates a subject; not measured.
constexpr std::size_t kRowsOfListed = 256;

}  // namespace

/// A probe on its way.
struct TemplateView::Probe {
  ProbeCode code;
  BestSubjects best;
};

Result<std::vector<std::vector<SearchHit>>> TemplateView::search(std::span<const Embedding> probes,
                                                                 const SearchOptions& options) const {
  VULTUS_CHECK(check(probes, options));
  const bool listed = options.subjects.has_value();
  const bool few = listed && options.subjects->size() * kRowsOfListed < live();
  const std::vector<std::uint64_t> only = listed && !few ? rows_of(*options.subjects) : std::vector<std::uint64_t>();
  std::size_t rows = live();
  if (listed && !few) {
    rows = 0;
    for (const std::uint64_t word : only) rows += static_cast<std::size_t>(std::popcount(word));
  }
  const SearchMethod method = chosen(probes.size(), rows, options);
  const bool by_bits = !few && (method == SearchMethod::cascade || method == SearchMethod::cells);
  std::vector<Probe> all;
  all.reserve(probes.size());
  for (const Embedding& probe : probes)
    all.push_back({.code = rows_.probe(probe.values()),
                   .best = BestSubjects(by_bits ? std::max(options.top_k, kLeastByBits) : options.top_k)});
  if (few) {
    search_some(all, *options.subjects);
  } else if (rows > 0) {
    switch (method) {
      case SearchMethod::floats: search_floats(all, only); break;
      case SearchMethod::bytes: search_bytes(all, only); break;
      default: search_cascade(all, only, method == SearchMethod::cells); break;
    }
  }
  if (rows_.damaged()) return fail(ErrorCode::corrupt_data, "damaged snapshot: templates");
  std::vector<std::vector<SearchHit>> answers;
  answers.reserve(all.size());
  for (const Probe& one : all) {
    answers.push_back(one.best.answer());
    if (answers.back().size() > options.top_k) answers.back().resize(options.top_k, answers.back().front());
  }
  return answers;
}

/// The truth about one row.
void TemplateView::compare(std::span<const float> probe, BestSubjects& best, std::size_t row) const {
  float product = 0;
  kernels_->products(rows_.floats(row, 1), rows_.dimension(), 1, probe.data(), rows_.dimension(), &product);
  if (best.may_matter(product)) offer(best, row, product);
}

void TemplateView::offer(BestSubjects& best, std::size_t row, float product) const {
  if (!rows_.alive(row)) return;
  best.offer({rows_.subject(row), rows_.face(row), Cosine(std::clamp(product, -1.0F, 1.0F))});
}

void TemplateView::search_some(std::vector<Probe>& probes, const std::vector<SubjectId>& subjects) const {
  const std::unordered_set<SubjectId> wanted(subjects.begin(), subjects.end());
  for (const SubjectId subject : wanted)
    for (const std::size_t row : rows_of(subject))
      for (Probe& probe : probes) compare(probe.code.values, probe.best, row);
}

/// Bits of the rows of many subjects: their owners are read one behind the other, which is faster than looking up the
/// rows of each.
std::vector<std::uint64_t> TemplateView::rows_of(const std::vector<SubjectId>& subjects) const {
  const SubjectSet wanted(subjects);
  std::vector<std::uint64_t> rows((size() + kWordBits - 1) / kWordBits);
  for (std::size_t at = 0; at < size(); ++at)
    if (rows_.alive(at) && wanted.contains(rows_.subject(at)))
      rows[at / kWordBits] |= std::uint64_t{1} << (at % kWordBits);
  return rows;
}

namespace {

bool has(RowSet only, std::size_t row) {
  return only.empty() || (only[row / kWordBits] >> (row % kWordBits) & 1U) != 0;
}

/// True if none of some rows may be found. @param from  these rows lie in one word of the set
bool none(RowSet only, std::size_t from, std::size_t count) {
  if (only.empty()) return false;
  const std::uint64_t word = only[from / kWordBits] >> (from % kWordBits);
  return (count < kWordBits ? word & ((std::uint64_t{1} << count) - 1) : word) == 0;
}

}  // namespace

void TemplateView::search_floats(std::vector<Probe>& probes, RowSet only) const {
  std::array<float, kFloatTile> products{};
  for (std::size_t from = 0; from < size(); from += kFloatTile) {
    const std::size_t count = std::min(kFloatTile, size() - from);
    if (none(only, from, count)) continue;
    for (Probe& probe : probes) {
      kernels_->products(rows_.floats(from, count), rows_.dimension(), count, probe.code.values.data(),
                         rows_.dimension(), products.data());
      for (std::size_t i = 0; i < count; ++i)
        if (probe.best.may_matter(products[i]) && has(only, from + i)) offer(probe.best, from + i, products[i]);
    }
  }
}

void TemplateView::search_bytes(std::vector<Probe>& probes, RowSet only) const {
  const std::size_t width = probes.empty() ? 0 : probes.front().code.bytes.size();
  std::vector<std::int8_t> bytes;  // of all probes, one behind the other
  bytes.reserve(width * probes.size());
  for (const Probe& probe : probes) bytes.insert(bytes.end(), probe.code.bytes.begin(), probe.code.bytes.end());
  std::array<std::int32_t, kByteTile * kProbesAtOnce> sums{};
  std::array<std::uint32_t, kByteTile> found{};
  // Rows outside, so that they are read from memory once: groups of probes pass over a tile in the cache.
  for (std::size_t from = 0; from < size(); from += kByteTile) {
    const std::size_t count = std::min(kByteTile, size() - from);
    if (none(only, from, count)) continue;
    for (std::size_t p = 0; p < probes.size(); p += kProbesAtOnce) {
      const std::size_t group = std::min(kProbesAtOnce, probes.size() - p);
      kernels_->byte_products(rows_.bytes(from, count), width, count, bytes.data() + p * width, group, sums.data());
      for (std::size_t i = 0; i < group; ++i) {
        Probe& probe = probes[p + i];
        const std::size_t near =
            kernels_->may_reach(sums.data() + i * count, rows_.byte_scale(from), rows_.byte_error(from), count,
                                probe.code.byte, probe.best.floor(), found.data());
        for (std::size_t n = 0; n < near; ++n)
          if (has(only, from + found[n])) compare(probe.code.values, probe.best, from + found[n]);
      }
    }
  }
}

void TemplateView::search_cascade(std::vector<Probe>& probes, RowSet only, bool by_cells) const {
  std::vector<CascadeTask> tasks;
  tasks.reserve(probes.size());
  for (Probe& probe : probes) tasks.push_back({.code = &probe.code, .best = &probe.best});
  CascadeOptions options{
      .compare = [&](std::size_t task, std::size_t row) { compare(probes[task].code.values, probes[task].best, row); },
      .only = only};
  if (by_cells && partition_ != nullptr) {
    options.partition = partition_.get();
    options.cells = partition_->report.looked_at;
  }
  search_by_bits(rows_, *kernels_, tasks, options);
}

}  // namespace vultus::gallery
