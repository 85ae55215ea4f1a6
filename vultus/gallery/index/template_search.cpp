// The methods of search; template_view.cpp keeps the rows.
#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_set>
#include <utility>

#include <vultus/gallery/index/template_view.hpp>

namespace vultus::gallery {
namespace {

// Rows that stay in the first-level cache while every probe of a batch passes over them.
constexpr std::size_t kFloatTile = 16;
constexpr std::size_t kByteTile = 64;
constexpr std::size_t kBitTile = 512;
// Rows that give the threshold to begin with.
constexpr std::size_t kSampleTiles = 12;
// How far an estimate by bits is off: 0.755 / sqrt(dimensions) for a random rotation, where 0.755 =
// sqrt(1 - a^2) / a with a = sqrt(2 / pi), the expected cosine of a vector and its signs (Gao and Long, RaBitQ, eq.
// 15). A probe's levels add a little; three times it is exceeded by about one of 700 that lie just at the border.
constexpr float kSureOfBits = 3 * 0.8F;
// Rows that are compared by bytes, and how many times as many pass the first look: chosen with bench/gallery so that,
// of planted templates, 999 and more of 1,000 among the ten best are found.
constexpr std::size_t kBreadth = 4;
constexpr std::size_t kFirstLook = 6;
constexpr float kNone = -1e30F;

void prefetch(const void* at, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += 64) __builtin_prefetch(static_cast<const char*>(at) + i);
}

}  // namespace

/// A probe on its way.
struct TemplateView::Probe {
  ProbeCode code;
  BestSubjects best;
};

namespace {

/// More similar first; the order of equals is that of the rows, so that no answer depends on how they were found.
bool comes_first(const EstimatedRow& a, const EstimatedRow& b) {
  return a.estimate != b.estimate ? a.estimate > b.estimate : a.row < b.row;
}

/// Room for more than a threshold from a sample lets through, as rows are cheaper to look at than to choose from.
constexpr std::size_t kSpare = 2;

}  // namespace

/// The rows whose first bits are most like the probe's.
struct TemplateView::Near {
  std::size_t wanted = 0;
  float threshold = kNone;
  std::vector<EstimatedRow> rows;

  void keep_wanted() {
    if (rows.size() <= wanted) return;
    const auto last = rows.begin() + static_cast<std::ptrdiff_t>(wanted) - 1;
    std::ranges::nth_element(rows, last, comes_first);
    threshold = last->estimate;
    rows.resize(wanted);
  }
};

Result<std::vector<std::vector<SearchHit>>> TemplateView::search(std::span<const Embedding> probes,
                                                                 const SearchOptions& options) const {
  VULTUS_CHECK(check(probes, options));
  std::vector<Probe> all;
  all.reserve(probes.size());
  for (const Embedding& probe : probes)
    all.push_back({.code = rows_.probe(probe.values()), .best = BestSubjects(options.top_k)});
  if (options.subjects) {
    search_some(all, *options.subjects);
  } else {
    switch (chosen(probes.size(), options)) {
      case SearchMethod::floats: search_floats(all); break;
      case SearchMethod::bytes: search_bytes(all); break;
      default: search_cascade(all); break;
    }
  }
  if (rows_.damaged()) return fail(ErrorCode::corrupt_data, "damaged snapshot: templates");
  std::vector<std::vector<SearchHit>> answers;
  answers.reserve(all.size());
  for (const Probe& one : all) answers.push_back(one.best.answer());
  return answers;
}

/// The truth about one row.
void TemplateView::compare(Probe& probe, std::size_t row) const {
  float product = 0;
  kernels_->products(rows_.floats(row, 1), rows_.dimension(), 1, probe.code.values.data(), rows_.dimension(), &product);
  if (probe.best.may_matter(product)) offer(probe, row, product);
}

void TemplateView::offer(Probe& probe, std::size_t row, float product) const {
  if (!rows_.alive(row)) return;
  probe.best.offer({rows_.subject(row), rows_.face(row), Cosine(std::clamp(product, -1.0F, 1.0F))});
}

void TemplateView::search_some(std::vector<Probe>& probes, const std::vector<SubjectId>& subjects) const {
  const std::unordered_set<SubjectId> wanted(subjects.begin(), subjects.end());
  for (const SubjectId subject : wanted)
    for (const std::size_t row : rows_of(subject))
      for (Probe& probe : probes) compare(probe, row);
}

void TemplateView::search_floats(std::vector<Probe>& probes) const {
  std::array<float, kFloatTile> products{};
  for (std::size_t from = 0; from < size(); from += kFloatTile) {
    const std::size_t count = std::min(kFloatTile, size() - from);
    for (Probe& probe : probes) {
      kernels_->products(rows_.floats(from, count), rows_.dimension(), count, probe.code.values.data(),
                         rows_.dimension(), products.data());
      for (std::size_t i = 0; i < count; ++i)
        if (probe.best.may_matter(products[i])) offer(probe, from + i, products[i]);
    }
  }
}

namespace {

/// Rows of the first look that go on: more of a larger gallery, and more for longer answers.
std::size_t rows_for_bytes(std::size_t size, std::size_t top_k) {
  return 64 + 16 * top_k + kBreadth * static_cast<std::size_t>(std::sqrt(static_cast<double>(size)));
}

}  // namespace

void TemplateView::search_bytes(std::vector<Probe>& probes) const {
  const std::size_t width = probes.empty() ? 0 : probes.front().code.bytes.size();
  std::vector<std::int8_t> bytes;  // of all probes, one behind the other
  bytes.reserve(width * probes.size());
  for (const Probe& probe : probes) bytes.insert(bytes.end(), probe.code.bytes.begin(), probe.code.bytes.end());
  std::array<std::int32_t, kByteTile * kProbesAtOnce> sums{};
  std::array<std::uint32_t, kByteTile> found{};
  // Rows outside, so that they are read from memory once: groups of probes pass over a tile in the cache.
  for (std::size_t from = 0; from < size(); from += kByteTile) {
    const std::size_t count = std::min(kByteTile, size() - from);
    for (std::size_t p = 0; p < probes.size(); p += kProbesAtOnce) {
      const std::size_t group = std::min(kProbesAtOnce, probes.size() - p);
      kernels_->byte_products(rows_.bytes(from, count), width, count, bytes.data() + p * width, group, sums.data());
      for (std::size_t i = 0; i < group; ++i) {
        Probe& probe = probes[p + i];
        const std::size_t near =
            kernels_->may_reach(sums.data() + i * count, rows_.byte_scale(from), rows_.byte_error(from), count,
                                probe.code.byte, probe.best.floor(), found.data());
        for (std::size_t n = 0; n < near; ++n) compare(probe, from + found[n]);
      }
    }
  }
}

void TemplateView::search_cascade(std::vector<Probe>& probes) const {
  constexpr std::size_t kProbesTogether = 16;
  for (std::size_t p = 0; p < probes.size(); p += kProbesTogether) {
    const std::size_t group = std::min(kProbesTogether, probes.size() - p);
    const std::span<Probe> some(probes.data() + p, group);
    std::vector<Near> near(group);
    const std::size_t looks = rows_.rest_words() > 0 ? kFirstLook : 1;
    for (std::size_t i = 0; i < group; ++i) {
      const std::size_t wanted = rows_for_bytes(live(), some[i].best.limit());
      near[i].wanted = looks * wanted;
    }
    find_near(some, near);
    for (std::size_t i = 0; i < group; ++i) refine(some[i], near[i]);
  }
}

/// Thresholds that about 1.3 times the wanted number of rows pass, from tiles all over the gallery. A threshold that
/// rises while rows are read would let many more pass.
std::vector<float> TemplateView::starting_thresholds(std::span<const Probe> probes, std::size_t wanted) const {
  std::vector<float> thresholds(probes.size(), kNone);
  const std::size_t tiles = size() / kBitTile;
  if (tiles < 4 * kSampleTiles) return thresholds;
  const std::size_t words = rows_.first_words();
  std::array<std::int32_t, kBitTile> sums;
  std::vector<EstimatedRow> estimates(kSampleTiles * kBitTile);
  for (std::size_t p = 0; p < probes.size(); ++p) {
    const ProbeCode& code = probes[p].code;
    std::size_t seen = 0;  // dead rows are above nothing
    for (std::size_t t = 0; t < kSampleTiles; ++t) {
      const std::size_t from = tiles * t / kSampleTiles * kBitTile;
      kernels_->bit_sums(rows_.first(from), words, kBitTile / kRowsOfBlock, code.planes.data(), sums.data());
      seen += kernels_->above(sums.data(), rows_.first_base(from), rows_.first_factor(from), kBitTile, code.offset,
                              kNone, 0, estimates.data() + seen);
    }
    const double share = 1.3 * static_cast<double>(wanted) / static_cast<double>(live());
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(seen)) + 8;
    if (rank >= seen) continue;
    const auto at = estimates.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(estimates.begin(), at, estimates.begin() + static_cast<std::ptrdiff_t>(seen), comes_first);
    thresholds[p] = at->estimate;
  }
  return thresholds;
}

void TemplateView::look_at_tile(std::size_t from, const Probe& probe, Near& near) const {
  std::array<std::int32_t, kBitTile> sums;
  std::array<EstimatedRow, kBitTile> found;
  const std::size_t count = std::min(kBitTile, size() - from);
  kernels_->bit_sums(rows_.first(from), rows_.first_words(), (count + kRowsOfBlock - 1) / kRowsOfBlock,
                     probe.code.planes.data(), sums.data());
  const std::size_t more =
      kernels_->above(sums.data(), rows_.first_base(from), rows_.first_factor(from), count, probe.code.offset,
                      near.threshold, static_cast<std::uint32_t>(from), found.data());
  near.rows.insert(near.rows.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(more));
  if (near.rows.size() > kSpare * near.wanted) near.keep_wanted();
}

void TemplateView::find_near(std::span<Probe> probes, std::span<Near> near) const {
  const std::vector<float> starts = starting_thresholds(probes, near.front().wanted);
  for (std::size_t p = 0; p < probes.size(); ++p) near[p].threshold = starts[p];
  for (std::size_t from = 0; from < size(); from += kBitTile)
    for (std::size_t p = 0; p < probes.size(); ++p) look_at_tile(from, probes[p], near[p]);
  for (std::size_t p = 0; p < probes.size(); ++p) {
    if (near[p].rows.size() < std::min(near[p].wanted, live()) && near[p].threshold == starts[p] &&
        starts[p] != kNone) {
      // The sample promised more than there is: once more without it.
      near[p].rows.clear();
      near[p].threshold = kNone;
      for (std::size_t from = 0; from < size(); from += kBitTile) look_at_tile(from, probes[p], near[p]);
    }
  }
}

/// From the first bits to the answer: the rest of the bits, then bytes, then floats, of fewer and fewer rows.
void TemplateView::refine(Probe& probe, Near& near) const {
  constexpr std::size_t kAhead = 12;
  constexpr std::size_t kPortion = 128;
  if (rows_.rest_words() > 0)
    kernels_->add_rest(rows_.rest(), kChunkShift, rows_.rest_words(), probe.code.planes_rest.data(),
                       probe.code.offset_rest, near.rows.data(), near.rows.size());
  const std::size_t width = probe.code.bytes.size();
  const float sure = kSureOfBits / std::sqrt(static_cast<float>(rows_.rotation().size()));
  const std::size_t most = std::min(near.rows.size(), rows_for_bytes(live(), probe.best.limit()));
  // The best come first, a portion at a time: mostly the first ones settle the answer.
  for (std::size_t from = 0; from < most; from += kPortion) {
    const auto begin = near.rows.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = near.rows.begin() + static_cast<std::ptrdiff_t>(std::min(from + kPortion, most));
    if (end != near.rows.end()) std::nth_element(begin, end, near.rows.end(), comes_first);
    std::sort(begin, end, comes_first);
    for (auto at = begin; at != end; ++at) {
      // Rows come in falling order: when one is surely too far, so are all behind it.
      if (!probe.best.may_matter(at->estimate * probe.code.step + sure)) return;
      if (end - at > static_cast<std::ptrdiff_t>(kAhead)) prefetch(rows_.place_of_bytes(at[kAhead].row), width);
      std::int32_t sum = 0;
      kernels_->byte_products(rows_.bytes(at->row, 1), width, 1, probe.code.bytes.data(), 1, &sum);
      std::uint32_t found = 0;
      if (kernels_->may_reach(&sum, rows_.byte_scale(at->row), rows_.byte_error(at->row), 1, probe.code.byte,
                              probe.best.floor(), &found) > 0)
        compare(probe, at->row);
    }
  }
}

}  // namespace vultus::gallery
