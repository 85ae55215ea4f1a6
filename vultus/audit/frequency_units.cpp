#include <vultus/audit/frequency_units.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace vultus::audit {
namespace {

/// Collects the pairs of one unit.
class UnitSum {
 public:
  UnitSum(std::size_t bands, bool directed) : sum_(bands), directed_(directed) {}

  /// Adds a pair of which `a` lacks the band, and `b` too unless it is a reference.
  Status add(const BandTemplates& a, const BandTemplates& b, MaskedSide masked) {
    if (a.without.size() != sum_.size() || b.without.size() != sum_.size())
      return fail(ErrorCode::invalid_argument,
                  fmt::format("frequency audit: pictures of {} and of {} bands, {} expected", a.without.size(),
                              b.without.size(), sum_.size()));
    VULTUS_TRY(const Cosine whole, similarity(a.whole, b.whole));
    for (std::size_t band = 0; band < sum_.size(); ++band) {
      VULTUS_TRY(const Cosine less,
                 similarity(a.without[band], masked == MaskedSide::both ? b.without[band] : b.whole));
      const double change = double{whole.value()} - double{less.value()};
      sum_[band] += directed_ ? change : std::abs(change);
    }
    score_ += double{whole.value()};
    ++pairs_;
    return {};
  }

  /// Both pictures of a pair, as the options want it.
  Status add_pair(const BandTemplates& a, const BandTemplates& b, MaskedSide masked) {
    VULTUS_CHECK(add(a, b, masked));
    if (masked == MaskedSide::probe) {
      VULTUS_CHECK(add(b, a, masked));
    }
    return {};
  }

  [[nodiscard]] FrequencyUnit unit(std::uint32_t group) && {
    for (double& value : sum_) value /= static_cast<double>(pairs_);
    return {.group = group, .importance = std::move(sum_), .score = score_ / static_cast<double>(pairs_)};
  }

 private:
  std::vector<double> sum_;
  double score_ = 0;
  std::size_t pairs_ = 0;
  bool directed_;
};

using People = std::span<const std::vector<BandTemplates>>;

/// People of one group two by two: nobody is in two pairs, so the pairs say nothing of each other.
std::vector<std::pair<std::size_t, std::size_t>> pairs_of_strangers(
    People people, std::span<const std::optional<std::uint32_t>> group_of, std::uint64_t seed) {
  std::map<std::uint32_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < people.size(); ++i)
    if (group_of[i] && !people[i].empty()) groups[*group_of[i]].push_back(i);
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  evaluation::Random random(seed);
  for (auto& [group, members] : groups) {
    for (std::size_t k = members.size(); k > 1; --k) std::swap(members[k - 1], members[random.below(k)]);
    for (std::size_t k = 0; k + 1 < members.size(); k += 2) pairs.emplace_back(members[k], members[k + 1]);
  }
  return pairs;
}

/// The unit of one person; empty where there are too few pictures.
Result<std::optional<FrequencyUnit>> unit_of_person(const std::vector<BandTemplates>& pictures, std::uint32_t group,
                                                    FrequencyPairs pairs, const FrequencyUnitOptions& options) {
  if (pictures.size() < (pairs == FrequencyPairs::mated ? 2U : 1U)) return std::optional<FrequencyUnit>();
  UnitSum sum(pictures.front().without.size(), options.directed);
  for (std::size_t a = 0; a < pictures.size(); ++a) {
    if (pairs == FrequencyPairs::self) {
      VULTUS_CHECK(sum.add(pictures[a], pictures[a], MaskedSide::probe));
      continue;
    }
    for (std::size_t b = a + 1; b < pictures.size(); ++b)
      VULTUS_CHECK(sum.add_pair(pictures[a], pictures[b], options.masked));
  }
  return std::optional(std::move(sum).unit(group));
}

}  // namespace

Result<BandTemplates> band_templates(const FrequencyBands& bands, ImageView picture, const TemplateOf& template_of) {
  VULTUS_TRY(const auto masked, without_each_band(bands, picture));
  VULTUS_TRY(Embedding whole, template_of(picture));
  BandTemplates made{.whole = std::move(whole), .without = {}, .energy = {}, .clipped = {}};
  for (const MaskedPicture& one : masked) {
    VULTUS_TRY(Embedding less, template_of(one.image.view()));
    made.without.push_back(std::move(less));
    made.clipped.push_back(one.clipped);
  }
  const int channels = channels_of(picture.format);
  made.energy.resize(masked.size());
  for (int channel = 0; channel < channels; ++channel) {
    std::vector<double> plane;
    for (int y = 0; y < picture.height; ++y)
      for (int x = 0; x < picture.width; ++x) plane.push_back(picture.row(y)[x * channels + channel]);
    VULTUS_TRY(const auto shares, bands.energies(plane));
    for (std::size_t b = 0; b < shares.size(); ++b) made.energy[b] += shares[b] / channels;
  }
  return made;
}

Result<std::vector<FrequencyUnit>> frequency_units(People people,
                                                   std::span<const std::optional<std::uint32_t>> group_of,
                                                   FrequencyPairs pairs, const FrequencyUnitOptions& options) {
  if (people.size() != group_of.size())
    return fail(ErrorCode::invalid_argument,
                fmt::format("frequency audit: groups of {} people, there are {}", group_of.size(), people.size()));
  std::vector<FrequencyUnit> units;
  if (pairs == FrequencyPairs::strangers) {
    for (const auto& [one, other] : pairs_of_strangers(people, group_of, options.seed)) {
      UnitSum sum(people[one].front().without.size(), options.directed);
      for (const BandTemplates& a : people[one])
        for (const BandTemplates& b : people[other]) VULTUS_CHECK(sum.add_pair(a, b, options.masked));
      units.push_back(std::move(sum).unit(*group_of[one]));
    }
    return units;
  }
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (!group_of[i]) continue;
    VULTUS_TRY(auto unit, unit_of_person(people[i], *group_of[i], pairs, options));
    if (unit) units.push_back(*std::move(unit));
  }
  return units;
}

}  // namespace vultus::audit
