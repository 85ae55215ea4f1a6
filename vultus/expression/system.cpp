#include <vultus/expression/system.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <vultus/expression/compound.hpp>
#include <vultus/expression/emotion_prior.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/expression/face_caption.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/expression/pairwise.hpp>

namespace vultus::expression {
namespace {

/// Labels of planted scenes have no meaning but their number (vultus-learn planted scenes).
constexpr std::array<std::string_view, 8> kPlantedSceneLabels{"planted_0", "planted_1", "planted_2", "planted_3",
                                                              "planted_4", "planted_5", "planted_6", "planted_7"};

Result<Reading> read_seven(const Outputs& outputs) {
  VULTUS_TRY(auto values, outputs("probabilities", kExpressions));
  return reading_of(std::move(values));
}

// The order of expression7 is angry, disgust, fear, happy, sad, surprise, neutral: places in kExpressionNames.
// @source the package's own source (@vladmandic/human 3.3.6)
constexpr std::array<std::size_t, kExpressions> kPlaceOfOutput{5, 2, 1, 3, 4, 0, 6};

Result<Reading> read_seven_of_human(const Outputs& outputs) {
  VULTUS_TRY(const auto values, outputs("probabilities", kExpressions));
  std::vector<double> placed(kExpressions);
  for (std::size_t i = 0; i < kExpressions; ++i) placed[kPlaceOfOutput.at(i)] = values[i];
  return reading_of(std::move(placed));
}

Result<Reading> read_pairs(const Outputs& outputs) {
  VULTUS_TRY(auto pairs, outputs("pairs", pairs_of(kExpressions)));
  for (double& pair : pairs) pair = std::clamp(pair, 0.0, 1.0);  // a sum of half floats may lie a little outside
  VULTUS_TRY(auto probabilities, couple(pairs, kExpressions));
  VULTUS_TRY(const auto votes, votes_of(pairs, kExpressions));
  VULTUS_TRY(Reading reading, reading_of(std::move(probabilities)));
  reading.details.push_back(detail_of("votes", kExpressionNames, votes));
  return reading;
}

/// Entropy over that of a distribution that says nothing.
double evenness(std::span<const double> p) {
  double entropy = 0;
  for (const double value : p)
    if (value > 0) entropy -= value * std::log(value);
  return entropy / std::log(static_cast<double>(p.size()));
}

Result<Reading> read_poi(const Outputs& outputs) {
  VULTUS_TRY(auto values, outputs("probabilities", kExpressions));
  VULTUS_TRY(const auto prior, outputs("prior", kExpressions));
  VULTUS_TRY(const auto regions, outputs("regions", kFaceRegions * kExpressions));
  VULTUS_TRY(Reading reading, reading_of(std::move(values)));
  reading.details.push_back({"uncertainty", {{"entropy", evenness(reading.probabilities)}}});
  reading.details.push_back(detail_of("prior", kExpressionNames, prior));
  for (std::size_t r = 0; r < kFaceRegions; ++r)
    reading.details.push_back(detail_of(face_regions().at(r).name, kExpressionNames,
                                        std::span(regions).subspan(r * kExpressions, kExpressions)));
  return reading;
}

Result<Reading> read_compound(const Outputs& outputs) {
  VULTUS_TRY(const auto parts, outputs("parts", kCompoundParts));
  const std::span<const double, kCompoundParts> six(parts.data(), kCompoundParts);
  const auto scores = compound_scores(six);
  VULTUS_TRY(Reading reading, reading_of({scores.begin(), scores.end()}));
  reading.best = best_compound(six);
  reading.details.push_back(detail_of("parts", std::span(kExpressionNames).first(kCompoundParts), parts));
  return reading;
}

/// Attributes where the network has such branches.
void add_attribute(Reading& reading, const Outputs& outputs, std::string_view name, double unit) {
  if (const auto value = outputs(name, 1))
    reading.details.push_back({std::string(name), {{"predicted", unit * value->front()}}});
}

Result<Reading> read_scene_of(const Outputs& outputs, std::size_t labels) {
  VULTUS_TRY(auto values, outputs("probabilities", labels));
  VULTUS_TRY(Reading reading, reading_of(std::move(values)));
  add_attribute(reading, outputs, "brightness", 1);
  add_attribute(reading, outputs, "colourfulness", 100);  // as it was trained: hundredths
  return reading;
}

Result<Reading> read_scene(const Outputs& outputs) { return read_scene_of(outputs, kExpressions); }
Result<Reading> read_planted_scene(const Outputs& outputs) {
  return read_scene_of(outputs, kPlantedSceneLabels.size());
}

Result<Reading> read_foundation(const Outputs& outputs) {
  VULTUS_TRY(auto values, outputs("probabilities", kExpressions));
  VULTUS_TRY(const auto units, outputs("adapted_units", kFoundationUnits.size()));
  VULTUS_TRY(const auto levels, outputs("levels", 6 * kFoundationUnits.size()));
  VULTUS_TRY(Reading reading, reading_of(std::move(values)));
  Detail active{"units", {}}, told{"levels", {}};
  for (std::size_t u = 0; u < kFoundationUnits.size(); ++u) {
    const std::string name = "AU" + std::to_string(kFoundationUnits.at(u));
    active.values.emplace_back(name, units[u]);
    const auto own = std::span(levels).subspan(6 * u, 6);
    told.values.emplace_back(name, static_cast<double>(std::ranges::max_element(own) - own.begin()));
  }
  reading.details = {std::move(active), std::move(told)};
  return reading;
}

constexpr std::string_view kPlantedOnly =
    "There is no network of this system for people: name one of your own. Labels of a network that was trained on\n"
    "planted pictures mean nothing elsewhere.";

constexpr std::string_view kDisplayed =
    "Labels say what a face displays, not what a person feels. The networks were trained on RAF-DB, for research "
    "without\ncommercial use; --commercial-only refuses them.";

constexpr std::array kSystems{
    System{.id = "",
           .title = "the displayed expression of every face, with probabilities",
           .about = kDisplayed,
           .decoder = "expression7_aligned",
           .model = kExpressionModel,
           .sees = Sees::aligned_face,
           .labels = kExpressionNames,
           .read = read_seven},
    System{.id = "",
           .title = "the displayed expression, by a network that sees the grey box",
           .about = kDisplayed,
           .decoder = "expression7",
           .model = "human_emotion",
           .sees = Sees::grey_box,
           .labels = kExpressionNames,
           .read = read_seven_of_human},
    System{.id = "pairwise",
           .title = "one classifier for each two of seven expressions, coupled to one distribution (system 27)",
           .about = kDisplayed,
           .decoder = "expression_pairs",
           .model = "expression_pairwise",
           .sees = Sees::aligned_face,
           .labels = kExpressionNames,
           .read = read_pairs},
    System{.id = "poi",
           .title = "seven expressions beside what the action units of each face region say (system 28)",
           .about = kDisplayed,
           .decoder = "expression_poi",
           .model = "expression_poi",
           .sees = Sees::aligned_face,
           .labels = kExpressionNames,
           .read = read_poi},
    System{.id = "compound",
           .title = "compounds of two expressions, such as fearfully surprised (system 30)",
           .about = kDisplayed,
           .decoder = "expression_compound",
           .model = "expression_compound",
           .sees = Sees::aligned_face,
           .labels = kCompoundNames,
           .read = read_compound},
    System{.id = "scene",
           .title = "what a whole picture displays, with brightness and colourfulness (system 18)",
           .about = kDisplayed,
           .decoder = "expression_scene",
           .model = "",
           .sees = Sees::picture,
           .labels = kExpressionNames,
           .read = read_scene},
    System{.id = "scene",
           .title = "planted scenes alone (system 18)",
           .about = kPlantedOnly,
           .decoder = "scene8",
           .model = "",
           .sees = Sees::picture,
           .labels = kPlantedSceneLabels,
           .read = read_planted_scene},
    System{.id = "foundation",
           .title = "seven expressions by the adapter on a frozen face network (system 8)",
           .about = kDisplayed,
           .decoder = "expression_dfn",
           .model = "",
           .sees = Sees::aligned_face,
           .labels = kExpressionNames,
           .read = read_seven},
    System{.id = "foundation",
           .title = "expressions, action units and their levels by a trunk of captions (system 8)",
           .about = kPlantedOnly,
           .decoder = "expression_mf2",
           .model = "",
           .sees = Sees::aligned_face,
           .labels = kExpressionNames,
           .read = read_foundation},
};

}  // namespace

std::span<const System> systems() { return kSystems; }

Result<const System*> find_system(std::string_view id) {
  std::string known;
  for (const System& system : kSystems) {
    if (system.id == id) return &system;
    if (!system.id.empty() && known.find(system.id) == std::string::npos)
      known += (known.empty() ? "" : ", ") + std::string(system.id);
  }
  return fail(ErrorCode::not_found, "no expression system \"" + std::string(id) + "\"; known are " + known);
}

Result<const System*> system_of_decoder(std::string_view decoder) {
  std::string known;
  for (const System& system : kSystems) {
    if (system.decoder == decoder) return &system;
    known += (known.empty() ? "" : ", ") + std::string(system.decoder);
  }
  return fail(ErrorCode::invalid_argument,
              "decoder " + std::string(decoder) + " reads no expressions; one of " + known + " is needed");
}

Result<Reading> reading_of(std::vector<double> values) {
  double sum = 0;
  for (double& value : values) sum += value = std::max(value, 0.0);
  if (!std::isfinite(sum) || !(sum > 0))
    return fail(ErrorCode::internal, "the expression network gives no probabilities");
  for (double& value : values) value /= sum;
  const auto best = static_cast<std::size_t>(std::ranges::max_element(values) - values.begin());
  return Reading{.probabilities = std::move(values), .best = best, .details = {}};
}

Detail detail_of(std::string_view name, std::span<const std::string_view> labels, std::span<const double> values) {
  Detail detail{std::string(name), {}};
  for (std::size_t i = 0; i < labels.size(); ++i) detail.values.emplace_back(std::string(labels[i]), values[i]);
  return detail;
}

}  // namespace vultus::expression
