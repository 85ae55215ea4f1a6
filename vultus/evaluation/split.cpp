#include <vultus/evaluation/split.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include <sodium.h>

#include <fmt/format.h>

#include <vultus/evaluation/bootstrap.hpp>

namespace vultus::evaluation {
namespace {

constexpr std::array<std::string_view, 4> kPartNames{"unused", "train", "validation", "test"};

Result<NumberedNames> groups_of(const Table& samples, const std::string& key, std::size_t least) {
  VULTUS_TRY(const std::size_t column, samples.column(key));
  VULTUS_TRY(const std::vector<std::string> names, samples.names(column));
  NumberedNames groups = numbered(names);
  if (groups.names.size() < least)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: column \"{}\" has {} group{}, at least {} are needed", samples.source(), key,
                            groups.names.size(), groups.names.size() == 1 ? "" : "s", least));
  return groups;
}

std::vector<std::size_t> sizes_of(const NumberedNames& groups) {
  std::vector<std::size_t> sizes(groups.names.size());
  for (const std::uint32_t group : groups.of_row) ++sizes[group];
  return sizes;
}

/// Block of each group: the largest first into the smallest block, equal ones by name.
std::vector<std::size_t> blocks_of(const NumberedNames& groups, std::size_t count) {
  const std::vector<std::size_t> sizes = sizes_of(groups);
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::vector<std::size_t> filled(count), block(sizes.size());
  for (const std::size_t group : order) {
    block[group] = static_cast<std::size_t>(std::min_element(filled.begin(), filled.end()) - filled.begin());
    filled[block[group]] += sizes[group];
  }
  return block;
}

Status check_folds(std::size_t folds) {
  constexpr std::size_t kMostFolds = 1000;
  if (folds < 2 || folds > kMostFolds)
    return fail(ErrorCode::invalid_argument, fmt::format("{} folds: 2 to {}", folds, kMostFolds));
  return {};
}

Result<Split> hashed(const Table& samples, const std::string& id, Split split) {
  VULTUS_TRY(split.sha256, split_hash(samples, id, split));
  return split;
}

/// Gives each part that was wanted and got nothing the smallest group of a part that has two.
/// @param falling  groups, the largest first
/// @param part     of each group
void fill_empty_parts(std::span<const Part> wanted, const std::vector<std::size_t>& falling, std::vector<Part>& part) {
  const auto groups_in = [&](Part one) { return std::count(part.begin(), part.end(), one); };
  for (const Part one : wanted) {
    if (groups_in(one) > 0) continue;
    const auto spare =
        std::find_if(falling.rbegin(), falling.rend(), [&](std::size_t group) { return groups_in(part[group]) > 1; });
    if (spare != falling.rend()) part[*spare] = one;
  }
}

}  // namespace

std::string_view name_of(Part part) { return kPartNames[static_cast<std::size_t>(part)]; }

Result<Part> part_of(std::string_view name) {
  if (name == "val") return Part::validation;
  for (std::size_t i = 0; i < kPartNames.size(); ++i)
    if (kPartNames[i] == name) return static_cast<Part>(i);
  return fail(ErrorCode::invalid_argument,
              fmt::format("part \"{}\": must be train, validation, val, test or unused", name));
}

Result<std::string> split_hash(const Table& samples, const std::string& id, const Split& split) {
  VULTUS_TRY(const std::size_t column, samples.column(id));
  VULTUS_TRY(const std::vector<std::string> ids, samples.names(column));
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const auto add = [&](const std::string& text) {
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  };
  add("vultus split 1\n" + split.kind + "\n");
  for (const Fold& fold : split.folds) {
    if (fold.parts.size() != ids.size())
      return fail(ErrorCode::invalid_argument,
                  fmt::format("fold \"{}\" has {} parts, the table {} rows", fold.name, fold.parts.size(), ids.size()));
    std::vector<std::size_t> order(ids.size());  // the order of the rows plays no part
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
    add("fold\t" + fold.name + "\n");
    for (const std::size_t row : order) add(ids[row] + "\t" + std::string(name_of(fold.parts[row])) + "\n");
  }
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

Result<Split> exclusive_split(const Table& samples, const std::string& id, const std::string& key,
                              const SplitShares& shares, std::uint64_t seed) {
  const std::array wanted{shares.train, shares.validation, shares.test};
  constexpr std::array kParts{Part::train, Part::validation, Part::test};
  double sum = 0;
  std::vector<Part> parts;
  for (std::size_t p = 0; p < wanted.size(); ++p) {
    if (!(wanted[p] >= 0 && wanted[p] <= 1))
      return fail(ErrorCode::invalid_argument, fmt::format("share {} of a split: 0 to 1", wanted[p]));
    sum += wanted[p];
    if (wanted[p] > 0) parts.push_back(kParts[p]);
  }
  if (std::abs(sum - 1) > 1e-9)
    return fail(ErrorCode::invalid_argument, fmt::format("shares of a split sum to {}, not 1", sum));
  VULTUS_TRY(const NumberedNames groups, groups_of(samples, key, parts.size()));
  const std::vector<std::size_t> sizes = sizes_of(groups);
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed);
  for (std::size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[random.below(left)]);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return sizes[a] > sizes[b]; });
  std::array<double, 3> missing{};
  for (std::size_t p = 0; p < wanted.size(); ++p) missing[p] = wanted[p] * static_cast<double>(samples.rows());
  std::vector<Part> part(sizes.size());
  for (const std::size_t group : order) {
    const auto most = static_cast<std::size_t>(std::max_element(missing.begin(), missing.end()) - missing.begin());
    part[group] = kParts[most];
    missing[most] -= static_cast<double>(sizes[group]);
  }
  fill_empty_parts(parts, order, part);
  Split split{.kind = key + "-exclusive", .keys = {key}, .seed = seed, .folds = {{.name = "split", .parts = {}}}};
  for (const std::uint32_t group : groups.of_row) split.folds.front().parts.push_back(part[group]);
  return hashed(samples, id, std::move(split));
}

Result<Split> group_k_fold(const Table& samples, const std::string& id, const std::string& key, std::size_t folds) {
  VULTUS_CHECK(check_folds(folds));
  VULTUS_TRY(const NumberedNames groups, groups_of(samples, key, folds));
  const std::vector<std::size_t> block = blocks_of(groups, folds);
  Split split{.kind = "group k-fold", .keys = {key}, .folds = {}};
  for (std::size_t f = 0; f < folds; ++f) {
    Fold fold{.name = fmt::format("fold {}", f + 1), .parts = {}};
    for (const std::uint32_t group : groups.of_row) fold.parts.push_back(block[group] == f ? Part::test : Part::train);
    split.folds.push_back(std::move(fold));
  }
  return hashed(samples, id, std::move(split));
}

Result<Split> leave_one_out(const Table& samples, const std::string& id, const std::string& key) {
  VULTUS_TRY(const NumberedNames groups, groups_of(samples, key, 2));
  Split split{.kind = "leave one " + key + " out", .keys = {key}, .folds = {}};
  for (std::size_t out = 0; out < groups.names.size(); ++out) {
    Fold fold{.name = groups.names[out], .parts = {}};
    for (const std::uint32_t group : groups.of_row) fold.parts.push_back(group == out ? Part::test : Part::train);
    split.folds.push_back(std::move(fold));
  }
  return hashed(samples, id, std::move(split));
}

Result<Split> double_blocked(const Table& samples, const std::string& id, const std::array<std::string, 2>& keys,
                             std::size_t folds) {
  VULTUS_CHECK(check_folds(folds));
  VULTUS_TRY(const NumberedNames first, groups_of(samples, keys[0], folds));
  VULTUS_TRY(const NumberedNames second, groups_of(samples, keys[1], folds));
  const std::vector<std::size_t> block_a = blocks_of(first, folds);
  const std::vector<std::size_t> block_b = blocks_of(second, folds);
  Split split{.kind = "double blocked", .keys = {keys[0], keys[1]}, .folds = {}};
  for (std::size_t i = 0; i < folds; ++i)
    for (std::size_t j = 0; j < folds; ++j) {
      Fold fold{.name = fmt::format("{} block {}, {} block {}", keys[0], i + 1, keys[1], j + 1), .parts = {}};
      for (std::size_t row = 0; row < samples.rows(); ++row) {
        const bool in_a = block_a[first.of_row[row]] == i;
        const bool in_b = block_b[second.of_row[row]] == j;
        fold.parts.push_back(in_a && in_b ? Part::test : in_a || in_b ? Part::unused : Part::train);
      }
      split.folds.push_back(std::move(fold));
    }
  return hashed(samples, id, std::move(split));
}

Result<Split> official_split(const Table& samples, const std::string& id, const std::string& column) {
  VULTUS_TRY(const std::size_t at, samples.column(column));
  VULTUS_TRY(const std::vector<std::string> names, samples.names(at));
  Split split{.kind = "official list", .keys = {}, .folds = {{.name = "official", .parts = {}}}};
  auto& parts = split.folds.front().parts;
  for (std::size_t row = 0; row < names.size(); ++row) {
    const Result<Part> part = part_of(names[row]);
    if (!part) return part.error().with_context(fmt::format("{}: line {}", samples.source(), samples.line(row)));
    parts.push_back(*part);
  }
  for (const Part needed : {Part::train, Part::test})
    if (std::find(parts.begin(), parts.end(), needed) == parts.end())
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{}: column \"{}\" has no {} sample", samples.source(), column, name_of(needed)));
  return hashed(samples, id, std::move(split));
}

}  // namespace vultus::evaluation
