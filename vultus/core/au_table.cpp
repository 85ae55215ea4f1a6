#include <vultus/core/au_table.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace vultus {
namespace {

constexpr std::size_t kOuterRight = 36, kOuterLeft = 45;  // outer eye corners of ibug68
constexpr std::string_view kSideMark = "{side}";

double term_of(const AuDistance& term, const std::vector<Point2f>& points, double cosine, double sine) {
  const Point2f& a = points[term.from];
  const Point2f& b = points[term.to];
  const double dx = double{b.x} - double{a.x}, dy = double{b.y} - double{a.y};
  switch (term.measure) {
    case AuMeasure::across: return cosine * dx + sine * dy;
    case AuMeasure::down: return cosine * dy - sine * dx;
    case AuMeasure::distance: break;
  }
  return std::hypot(dx, dy);
}

std::string with_side(std::string_view pattern, AuSide side) {
  std::string text(pattern);
  if (const auto at = text.find(kSideMark); at != std::string::npos)
    text.replace(at, kSideMark.size(), side == AuSide::right ? "right " : side == AuSide::left ? "left " : "");
  return text;
}

void add_weight(std::vector<ShapeWeight>& into, std::string name, double weight) {
  if (weight <= 0) return;
  const auto at = std::ranges::find(into, name, &ShapeWeight::name);
  if (at == into.end()) {
    into.push_back({std::move(name), std::min(1.0, weight)});
  } else {
    at->weight = std::min(1.0, at->weight + weight);
  }
}

}  // namespace

const ActionUnit* find_au(int facs) {
  const auto rows = au_table();
  const auto at = std::ranges::find(rows, facs, &ActionUnit::facs);
  return at == rows.end() ? nullptr : &*at;
}

std::string_view name_of(AuEmotion emotion) {
  constexpr std::array<std::string_view, kAuEmotions> kNames{"surprise", "fear",  "disgust", "happiness",
                                                             "sadness",  "anger", "neutral"};
  return kNames.at(static_cast<std::size_t>(emotion));
}

Result<double> au_signal(const ActionUnit& unit, const Landmarks& landmarks, AuSide side) {
  const std::vector<Point2f>& points = landmarks.points;
  if (landmarks.scheme != LandmarkScheme::ibug68 || points.size() != count_of(LandmarkScheme::ibug68))
    return fail(ErrorCode::invalid_argument,
                "action unit: 68 landmarks are needed, there are " + std::to_string(points.size()));
  const double ex = double{points[kOuterLeft].x} - double{points[kOuterRight].x};
  const double ey = double{points[kOuterLeft].y} - double{points[kOuterRight].y};
  const double eyes = std::hypot(ex, ey);
  if (!(eyes > 0) || !std::isfinite(eyes))
    return fail(ErrorCode::invalid_argument, "action unit: the outer eye corners coincide or are not finite");
  double sum = 0;
  int terms = 0;
  for (const AuDistance& term : unit.geometry) {
    if (side != AuSide::both && term.side != AuSide::both && term.side != side) continue;
    sum += term.sign * term_of(term, points, ex / eyes, ey / eyes);
    ++terms;
  }
  const double signal = sum / (std::max(1, terms) * eyes);
  if (!std::isfinite(signal)) return fail(ErrorCode::invalid_argument, "action unit: landmarks that are not finite");
  return signal;
}

double au_intensity(const ActionUnit& unit, double signal, double neutral) {
  return std::clamp(kAuMaximum * (signal - neutral) / unit.full_scale, 0.0, kAuMaximum);
}

std::optional<AuLevel> au_level(double intensity) {
  if (intensity >= kAuLevelBegins[2]) return AuLevel::strong;
  if (intensity >= kAuLevelBegins[1]) return AuLevel::moderate;
  if (intensity >= kAuLevelBegins[0]) return AuLevel::weak;
  return std::nullopt;
}

Result<std::string> au_sentence(const AuStatement& statement) {
  const ActionUnit* unit = find_au(statement.facs);
  if (unit == nullptr)
    return fail(ErrorCode::invalid_argument, "AU " + std::to_string(statement.facs) + " is not in the table");
  if (!unit->sided && statement.side != AuSide::both)
    return fail(ErrorCode::invalid_argument, "AU " + std::to_string(unit->facs) + " has no sides");
  return with_side(unit->says.at(static_cast<std::size_t>(statement.level)), statement.side);
}

Result<AuStatement> read_au_sentence(std::string_view sentence) {
  for (const ActionUnit& unit : au_table()) {
    for (const AuLevel level : {AuLevel::weak, AuLevel::moderate, AuLevel::strong}) {
      for (const AuSide side : {AuSide::both, AuSide::right, AuSide::left}) {
        if (!unit.sided && side != AuSide::both) continue;
        if (with_side(unit.says.at(static_cast<std::size_t>(level)), side) == sentence)
          return AuStatement{.facs = unit.facs, .level = level, .side = side};
      }
    }
  }
  return fail(ErrorCode::not_found, "no action unit is told by this sentence");
}

Result<std::vector<ShapeWeight>> shapes_of(std::span<const AuActivation> units) {
  for (const AuActivation& active : units) {
    if (find_au(active.facs) == nullptr)
      return fail(ErrorCode::invalid_argument, "AU " + std::to_string(active.facs) + " is not in the table");
    for (const double intensity : {active.right, active.left}) {
      if (!(intensity >= 0 && intensity <= kAuMaximum))
        return fail(ErrorCode::invalid_argument, "AU " + std::to_string(active.facs) +
                                                     ": intensity must be within [0, 5], not " +
                                                     std::to_string(intensity));
    }
  }
  std::vector<ShapeWeight> weights;
  for (const ActionUnit& unit : au_table()) {
    for (const AuActivation& active : units) {
      if (active.facs != unit.facs) continue;
      const double middle = (active.right + active.left) / 2;
      for (const AuShape& shape : unit.shapes) {
        const double scale = shape.weight / kAuMaximum;
        const bool halves = shape.sided && unit.sided;
        if (shape.sided) {
          add_weight(weights, std::string(shape.shape) + "_R", scale * (halves ? active.right : middle));
          add_weight(weights, std::string(shape.shape) + "_L", scale * (halves ? active.left : middle));
        } else {
          add_weight(weights, std::string(shape.shape), scale * middle);
        }
      }
    }
  }
  return weights;
}

}  // namespace vultus
