#include <vultus/gallery/index/cascade.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <vultus/gallery/index/partition.hpp>

namespace vultus::gallery {
namespace {

// Rows whose codes stay in the second-level cache while the probes look at them, a few at a time, whose tables stay in
// the first-level one. Then the thresholds follow what was found.
constexpr std::size_t kRowsOfTile = kRowsOfPiece;
constexpr std::size_t kRowsAtFirst = 6 * kRowsOfBlock;
// Probes whose tables stay in the second-level cache.
constexpr std::size_t kProbesTogether = 64;
// An estimate by n bits of a vector of unit length is off by 0.755 / sqrt(n), where 0.755 = sqrt(1 - a^2) / a with a =
// sqrt(2 / pi), the expected cosine of a vector and its signs (RaBitQ, eq. 15). The probe's levels add a little.
constexpr float kErrorOfSigns = 0.8F;
// Deviations that a row must be off by to be missed by a look: one of 160 that lie at the border itself, fewer above
// it.
constexpr float kSure = 2.5F;
// Deviations that a product by bytes is off at most, where one is the length of what rounding took over
// sqrt(dimension).
constexpr float kSureOfBytes = 8;
// Probes that together look at most rows of a tile more closely.
constexpr std::size_t kManyWays = 16;

/// More similar first; the order of equals is that of the rows, so that no answer depends on how they were found.
bool comes_first(const EstimatedRow& a, const EstimatedRow& b) {
  return a.estimate != b.estimate ? a.estimate > b.estimate : a.row < b.row;
}

/// Rows that are compared by bytes at most, before the rest is given up: what limits the time where nothing stands out.
std::size_t most_by_bytes(std::size_t size, std::size_t top_k) {
  return 256 + 16 * top_k + 16 * static_cast<std::size_t>(std::sqrt(static_cast<double>(size)));
}

void prefetch(const void* at, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; i += kCacheLine) __builtin_prefetch(static_cast<const char*>(at) + i);
}

/// Rows whose first bits lie together.
struct Segment {
  const std::uint8_t* first;
  const std::int16_t* scales;
  std::size_t count;
  std::uint32_t from;         ///< number of the first row
  const std::uint32_t* rows;  ///< null: they have the numbers that follow
};

/// One task on its way through the rows.
class Way {
 public:
  Way(const TemplateRows& rows, const Kernels& kernels, const CascadeOptions& options, std::size_t number,
      const CascadeTask& task)
      : rows_(rows), kernels_(kernels), options_(options), number_(number), code_(*task.code), best_(*task.best) {
    const auto dimensions = static_cast<float>(rows.rotation().size());
    const float first = code_.first_square;
    split_square_ = first * std::max(0.0F, 1 - first) / dimensions;
    signs_square_ = first * kErrorOfSigns * kErrorOfSigns / dimensions;
    sure_ = kSure * kErrorOfSigns / std::sqrt(dimensions);
    rounding_ = std::min(1.0F, kSureOfBytes / std::sqrt(static_cast<float>(rows.dimension())));
    most_ = most_by_bytes(rows.size(), best_.limit());
  }

  /// What to look for in the rows that follow.
  [[nodiscard]] FirstLook look() const {
    FirstLook look{.tables = code_.tables.front().entries.data(),
                   .wide = code_.wide.front().entries.data(),
                   .from = -1,
                   .slope = 0};
    const float floor = best_.floor();
    if (!best_.full()) return look;
    // A row of similarity `floor` has about this share of it in the first dimensions.
    const float off = std::sqrt(split_square_ * std::max(0.0F, 1 - floor * floor) + signs_square_);
    const float least = floor * code_.first_square - kSure * off;
    const float unit = look_unit(rows_.rotation().size());
    constexpr float kWhole = 65536;
    look.from = static_cast<std::int16_t>(std::floor(code_.level) - 1);
    look.slope = static_cast<std::int16_t>(
        std::clamp(std::floor(least * unit / code_.entry * kWhole), float{INT16_MIN}, float{INT16_MAX}));
    return look;
  }

  /// Takes what a look at some rows found.
  void take(const Segment& segment, const FirstLook& look) {
    found_.resize(look.found);
    if (segment.rows == nullptr) {
      for (std::size_t i = 0; i < look.found; ++i)
        found_[i] = {code_.estimate(look.sums[i]), segment.from + look.rows[i]};
    } else {
      for (std::size_t i = 0; i < look.found; ++i)
        found_[i] = {code_.estimate(look.sums[i]), segment.rows[look.rows[i]]};
    }
    if (!options_.only.empty())
      std::erase_if(found_,
                    [&](const EstimatedRow& one) { return (options_.only[one.row / 64] >> (one.row % 64) & 1U) == 0; });
  }

  /// The rest of the bits of what was found; what promises to be among the best is compared at once, so that the floor
  /// rises, and the rest when all is known.
  void go_on() {
    if (rows_.rest_words() > 0) {
      kernels_.add_rest(rows_.rest(), kChunkShift, rows_.rest_words(), code_.planes_rest.data(), code_.offset_rest,
                        found_.data(), found_.size());
    } else {
      const float unit = look_unit(rows_.rotation().size());
      for (EstimatedRow& one : found_) one.estimate /= static_cast<float>(*rows_.first_scale(one.row)) * unit;
    }
    leave_out(found_);
    if (!best_.full()) {
      later_.insert(later_.end(), found_.begin(), found_.end());
      return finish();
    }
    // What was asked for after the last tile has come from memory by now.
    compare_floats();
    take_bytes(promising_);
    promising_.clear();
    for (const EstimatedRow& one : found_) {
      if (best_.may_matter(one.estimate * code_.step)) {
        fetch_bytes(one.row);
        promising_.push_back(one);
      } else {
        later_.push_back(one);
      }
    }
    if (later_.size() > most_) finish();
  }

  /// Compares what was left for later.
  void finish() {
    take_bytes(promising_);
    compare_floats();
    promising_.clear();
    leave_out(later_);
    compare_later();
    later_.clear();
  }

 private:
  /// A row whose bytes let it be among the best.
  struct Near {
    std::int32_t sum;
    float similarity;  // about
    std::uint32_t row;
  };

  /// Keeps the order; without a branch for each, as nobody could guess it.
  void leave_out(std::vector<EstimatedRow>& from) const {
    const float least = (best_.floor() - sure_) / code_.step;
    std::size_t kept = 0;
    for (const EstimatedRow one : from) {
      from[kept] = one;
      kept += one.estimate >= least ? 1 : 0;
    }
    from.resize(kept);
  }

  /// The best first: two portions raise the floor nearly to where it stays, and of the rest few may still matter.
  void compare_later() {
    for (const std::size_t portion : {std::size_t{32}, std::size_t{128}}) {
      if (later_.size() <= portion) break;
      const std::size_t worse = later_.size() - portion;
      std::nth_element(later_.begin(), later_.begin() + static_cast<std::ptrdiff_t>(worse), later_.end(),
                       [](const EstimatedRow& a, const EstimatedRow& b) { return comes_first(b, a); });
      take_bytes(std::span(later_).subspan(worse));
      compare_floats();
      later_.resize(worse);
      leave_out(later_);
    }
    take_bytes(later_);
    compare_floats();
  }

  /// Those of some rows whose bytes let them be among the best.
  void take_bytes(std::span<const EstimatedRow> some) {
    constexpr std::size_t kAhead = 8;
    const std::size_t width = code_.bytes.size();
    for (std::size_t i = 0; i < std::min(kAhead, some.size()); ++i) fetch_bytes(some[i].row);
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (i + kAhead < some.size()) fetch_bytes(some[i + kAhead].row);
      const std::uint32_t row = some[i].row;
      std::int32_t sum = 0;
      kernels_.byte_products(rows_.bytes(row, 1), width, 1, code_.bytes.data(), 1, &sum);
      if (!may_reach(row, sum)) continue;
      near_.push_back({sum, static_cast<float>(sum - code_.byte.zero) * *rows_.byte_scale(row), row});
      if (near_.size() <= kFloatsAhead) fetch_floats(row);
    }
  }

  /// The truth about them, the most similar first.
  void compare_floats() {
    std::ranges::sort(near_, [](const Near& a, const Near& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.row < b.row;
    });
    for (std::size_t i = 0; i < near_.size(); ++i) {
      if (i + kFloatsAhead < near_.size()) fetch_floats(near_[i + kFloatsAhead].row);
      if (may_reach(near_[i].row, near_[i].sum)) options_.compare(number_, near_[i].row);
    }
    near_.clear();
  }

  /// As Kernels::may_reach, but for what rounding does to a product of vectors like any others, not at worst.
  [[nodiscard]] bool may_reach(std::uint32_t row, std::int32_t sum) const {
    const float off = *rows_.byte_error(row);
    const float product = static_cast<float>(sum - code_.byte.zero) * code_.byte.scale * *rows_.byte_scale(row);
    return product + (off + (1 + off) * code_.byte.error) * rounding_ + code_.byte.slack >= best_.floor();
  }

  // Where a row begins: the processor sees that it is read from there on, and brings what follows. To ask for all of it
  // would be a burst.
  void fetch_bytes(std::size_t row) const {
    prefetch(rows_.place_of_bytes(row), std::min(code_.bytes.size(), 2 * kCacheLine));
    prefetch(rows_.byte_scale(row), 1);
    prefetch(rows_.byte_error(row), 1);
  }
  void fetch_floats(std::size_t row) const {
    prefetch(rows_.place_of_floats(row), std::min(rows_.dimension() * sizeof(float), 4 * kCacheLine));
  }

  static constexpr std::size_t kFloatsAhead = 2;
  const TemplateRows& rows_;
  const Kernels& kernels_;
  const CascadeOptions& options_;
  std::size_t number_;
  const ProbeCode& code_;
  BestSubjects& best_;
  float split_square_, signs_square_, sure_, rounding_;
  std::size_t most_;
  std::vector<EstimatedRow> found_, promising_, later_;
  std::vector<Near> near_;
};

/// What all looks together read next: the rest of the bits of the rows, and the first ones of the rows that follow.
struct Soon {
  std::span<const std::byte> rest, first;
  /// What is to come from memory during look `i` of `count`: in the first half of them the rest.
  [[nodiscard]] ReadSoon during(std::size_t i, std::size_t count, std::size_t blocks) const {
    const std::size_t half = count / 2;
    const std::span<const std::byte> of = i < half ? rest : first;
    const std::size_t parts = i < half ? half : count - half, part = i < half ? i : i - half;
    const std::size_t from = of.size() * part / parts, size = of.size() * (part + 1) / parts - from;
    constexpr auto shares = [](std::size_t all, std::size_t each) { return (all + each - 1) / each; };
    return {reinterpret_cast<const char*>(of.data()) + from, shares(size, kCacheLine * blocks)};
  }
};

/// Every way looks at the same rows, a few ways at a time, and goes on.
/// @param soon  what will be read next
void look_at(const Segment& segment, std::size_t code_bytes, const Kernels& kernels, std::span<Way* const> ways,
             const Soon& soon = {}) {
  constexpr std::size_t kRoom = kRowsOfTile + kSpareRows;
  const std::size_t looks = (ways.size() + kLooksAtOnce - 1) / kLooksAtOnce;
  const std::size_t blocks = (segment.count + kRowsOfBlock - 1) / kRowsOfBlock;
  std::array<std::uint16_t, kRoom * kLooksAtOnce> found, sums;
  for (std::size_t w = 0; w < ways.size(); w += kLooksAtOnce) {
    std::array<FirstLook, kLooksAtOnce> some{};
    const std::size_t group = std::min(kLooksAtOnce, ways.size() - w);
    for (std::size_t i = 0; i < group; ++i) {
      some[i] = ways[w + i]->look();
      some[i].rows = found.data() + i * kRoom;
      some[i].sums = sums.data() + i * kRoom;
    }
    const ReadSoon next = ways.size() >= kManyWays ? soon.during(w / kLooksAtOnce, looks, blocks) : ReadSoon();
    kernels.first_look(segment.first, code_bytes, segment.scales, segment.count, some.data(), group, next);
    for (std::size_t i = 0; i < group; ++i) ways[w + i]->take(segment, some[i]);
  }
  for (Way* const way : ways) way->go_on();
}

/// Where the tile that begins at a row ends. The first is small, and each as large as all before it: until as many are
/// compared as are wanted every row counts, and then many do until the floor has risen.
std::size_t end_of_tile(const TemplateRows& rows, std::size_t row) {
  const std::size_t end = std::min(std::max(kRowsAtFirst, 2 * row), (row / kRowsOfTile + 1) * kRowsOfTile);
  return std::min(end, rows.size());
}

/// The rest of the bits of a tile, which lie together in one chunk.
std::span<const std::byte> rest_of(const TemplateRows& rows, std::size_t tile) {
  const std::size_t width = rows.rest_words() > 0 ? rows.rest_words() + 1 : 0;
  const std::uint64_t* const chunk = width > 0 ? rows.rest()[tile / kRowsOfChunk] : nullptr;
  if (chunk == nullptr) return {};
  return std::as_bytes(std::span(chunk + tile % kRowsOfChunk * width, (end_of_tile(rows, tile) - tile) * width));
}

/// The first bits of a tile; nothing behind the last one.
std::span<const std::byte> first_of(const TemplateRows& rows, std::size_t tile) {
  if (tile >= rows.size()) return {};
  const std::size_t whole_blocks = (end_of_tile(rows, tile) - tile) / kRowsOfBlock * kRowsOfBlock;
  return std::as_bytes(std::span(rows.first(tile), whole_blocks * rows.first_words() * sizeof(std::uint64_t)));
}

/// The tiles of all rows from a tile on.
void look_at_rows(const TemplateRows& rows, std::size_t from, const Kernels& kernels, std::span<Way* const> ways) {
  for (std::size_t tile = from / kRowsOfTile * kRowsOfTile; tile < rows.size();) {
    const std::size_t end = end_of_tile(rows, tile);
    look_at({.first = rows.first(tile),
             .scales = rows.first_scale(tile),
             .count = end - tile,
             .from = static_cast<std::uint32_t>(tile),
             .rows = nullptr},
            rows.first_words() * sizeof(std::uint64_t), kernels, ways,
            {.rest = rest_of(rows, tile), .first = first_of(rows, end)});
    tile = end;
  }
}

void look_at_cell(const Cell& cell, std::size_t code_bytes, const Kernels& kernels, std::span<Way* const> ways) {
  for (std::size_t from = 0; from < cell.count; from += kRowsOfTile)
    look_at({.first = cell.first + from * code_bytes,
             .scales = cell.scales + from,
             .count = std::min(kRowsOfTile, cell.count - from),
             .from = 0,
             .rows = cell.rows + from},
            code_bytes, kernels, ways);
}

/// The nearest cell of each probe first, so that the floor is high early; then cell by cell all probes that want it.
void look_at_cells(const CascadeOptions& options, std::span<const CascadeTask> tasks, std::size_t code_bytes,
                   const Kernels& kernels, std::span<Way* const> ways) {
  const Partition& partition = *options.partition;
  std::vector<std::vector<Way*>> wanting(partition.cells());
  for (std::size_t w = 0; w < ways.size(); ++w) {
    const std::vector<std::uint32_t> near = partition.nearest(tasks[w].code->values, kernels);
    look_at_cell(partition.cell(near.front()), code_bytes, kernels, ways.subspan(w, 1));
    for (std::size_t i = 1; i < std::min(options.cells, near.size()); ++i) wanting[near[i]].push_back(ways[w]);
  }
  for (std::size_t c = 0; c < wanting.size(); ++c)
    if (!wanting[c].empty()) look_at_cell(partition.cell(c), code_bytes, kernels, wanting[c]);
}

}  // namespace

void search_by_bits(const TemplateRows& rows, const Kernels& kernels, std::span<const CascadeTask> tasks,
                    const CascadeOptions& options) {
  for (std::size_t t = 0; t < tasks.size(); t += kProbesTogether) {
    const std::size_t group = std::min(kProbesTogether, tasks.size() - t);
    std::vector<Way> ways;
    ways.reserve(group);
    std::vector<Way*> all;
    for (std::size_t i = t; i < t + group; ++i) all.push_back(&ways.emplace_back(rows, kernels, options, i, tasks[i]));
    std::size_t from = 0;
    if (options.partition != nullptr) {
      look_at_cells(options, tasks.subspan(t, group), rows.first_words() * sizeof(std::uint64_t), kernels, all);
      from = options.partition->rows();
    }
    if (from < rows.size()) look_at_rows(rows, from, kernels, all);
    for (Way& way : ways) way.finish();
  }
}

}  // namespace vultus::gallery
