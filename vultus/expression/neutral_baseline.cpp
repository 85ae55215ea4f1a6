#include <vultus/expression/neutral_baseline.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/expression/time_covered.hpp>

namespace vultus::expression {
namespace {

constexpr int kBaselineSchema = 1;

UnitSignals average_face() {
  UnitSignals signals{};
  for (std::size_t i = 0; i < signals.size(); ++i) signals.at(i) = action_units().at(i).neutral;
  return signals;
}

}  // namespace

std::string to_json(const NeutralBaseline& baseline) {
  nlohmann::ordered_json object{{"vultus_neutral_face", kBaselineSchema}, {"seconds", baseline.seconds}};
  for (std::size_t i = 0; i < baseline.signals.size(); ++i)
    object["units"][std::to_string(action_units().at(i).number)] = baseline.signals.at(i);
  return object.dump(2) + "\n";
}

Result<NeutralBaseline> parse_baseline(std::string_view text, std::string_view origin) {
  constexpr std::size_t kMost = 64U << 10U;
  const auto bad = [&](const std::string& what) {
    return fail(ErrorCode::corrupt_data, std::string(origin) + ": " + what);
  };
  if (text.size() > kMost) return bad(std::to_string(text.size()) + " bytes, at most 65536 are read");
  const auto object = nlohmann::json::parse(
      text, [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) { return depth < 4; }, false);
  const auto schema = object.is_object() ? object.find("vultus_neutral_face") : object.end();
  if (!object.is_object() || schema == object.end() || !schema->is_number_integer())
    return bad("no face at rest of Vultus");
  if (schema->get<std::int64_t>() != kBaselineSchema)
    return fail(ErrorCode::unsupported, std::string(origin) + ": schema " + schema->dump() + ", this program reads 1");
  NeutralBaseline baseline;
  const auto number = [&](const nlohmann::json& in, const std::string& key, double least,
                          double most) -> Result<double> {
    const auto at = in.find(key);
    if (at == in.end() || !at->is_number() || !(at->get<double>() >= least && at->get<double>() <= most))
      return bad("needs a number \"" + key + "\" from " + std::to_string(least) + " to " + std::to_string(most));
    return at->get<double>();
  };
  VULTUS_TRY(baseline.seconds, number(object, "seconds", 0, 1e9));
  const auto units = object.find("units");
  if (units == object.end() || !units->is_object()) return bad("needs an object \"units\"");
  for (std::size_t i = 0; i < baseline.signals.size(); ++i) {
    VULTUS_TRY(baseline.signals.at(i), number(*units, std::to_string(action_units().at(i).number), -10, 10));
  }
  return baseline;
}

void NeutralLearner::add(double seconds, const UnitSignals& signals) {
  if (!seen_.empty() && seconds - seen_.back().seconds < kSpacing) return;
  seen_.push_back({seconds, signals});
  while (seen_.front().seconds < seconds - kWindow) seen_.pop_front();
  fresh_ = false;
}

NeutralBaseline NeutralLearner::now() const {
  if (fresh_) return known_;
  known_ = {.signals = average_face(), .seconds = time_covered(seen_)};
  fresh_ = true;
  if (seen_.empty()) return known_;
  const double trust = std::clamp(known_.seconds / kTrusted, 0.0, 1.0);
  std::vector<double> values(seen_.size());
  for (std::size_t i = 0; i < known_.signals.size(); ++i) {
    std::ranges::transform(seen_, values.begin(), [&](const Seen& one) { return one.signals.at(i); });
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(kPercentile * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, at);
    known_.signals.at(i) += trust * (*at - known_.signals.at(i));
  }
  return known_;
}

}  // namespace vultus::expression
