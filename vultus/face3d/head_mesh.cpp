// The mesh of the procedural head: a grid about the vertical, slit at lids and lips, with balls, teeth and ears.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <vultus/face3d/face_model.hpp>
#include <vultus/face3d/head_surface.hpp>

namespace vultus::face3d {
namespace {

using Index = std::int32_t;

/// A vertex while the mesh grows: what it follows, and where it lies beside it.
struct Grown {
  Site site;
  Vec3 at;            ///< on the neutral head
  Vec3 follows;       ///< the place at which fields are asked
  double share = 1;   ///< of the expressions' movement
  double people = 1;  ///< of the identities' movement
};

struct Growing {
  std::vector<Grown> vertices;
  std::vector<std::array<Index, 3>> triangles;
  std::vector<Region> regions;

  Index add(const Grown& v) {
    vertices.push_back(v);
    return static_cast<Index>(vertices.size() - 1);
  }
  /// Corners in order around it.
  void quad(Index a, Index b, Index c, Index d, Region region) {
    for (const auto& t : {std::array{a, b, c}, std::array{a, c, d}}) {
      if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0]) continue;
      triangles.push_back(t);
      regions.push_back(region);
    }
  }
};

void steps(std::vector<double>& into, double from, double to, double about) {
  const int n = std::max(1, static_cast<int>(std::lround((to - from) / about)));
  for (int i = 0; i < n; ++i) into.push_back(from + (to - from) * i / n);
}

std::vector<double> grid_rows() {
  std::vector<double> y;
  steps(y, -118, -45, 5);
  steps(y, -45, 0, 1.6);
  steps(y, 0, 50, 1.6);
  steps(y, 50, kMouthY, 1.25);
  steps(y, kMouthY, 85, 1.3);
  steps(y, 85, 112, 2.2);
  steps(y, 112, 150, 5);
  steps(y, 150, 260, 10);
  y.push_back(260);
  return y;
}

/// Angles of the columns from the right ear over the nose to the back and round.
std::vector<double> grid_columns() {
  std::vector<double> x;
  steps(x, 0, kEyeX - kEyeHalf, 1.5);
  steps(x, kEyeX - kEyeHalf, kEyeX + kEyeHalf, 1.3);
  steps(x, kEyeX + kEyeHalf, 70, 2.2);
  std::vector<double> half;
  half.reserve(x.size() + 1);
  for (const double v : x) half.push_back(angle_at(v, 0));
  half.push_back(angle_at(kMouthHalf, kMouthY));
  std::ranges::sort(half);
  steps(half, angle_at(70, 0), std::numbers::pi, .12);
  std::vector<double> all;
  all.reserve(2 * half.size() + 1);
  for (std::size_t i = half.size(); i-- > 0;)
    if (half[i] > 0) all.push_back(-half[i]);
  all.insert(all.end(), half.begin(), half.end());
  all.push_back(std::numbers::pi);
  return all;
}

/// The two sides of a slit, column by column; at its corners both are one vertex.
struct Edge {
  std::vector<Index> upper, lower;
};

struct Skin {
  Edge right, left, mouth;
};

bool within(double angle, double from, double to) { return angle > from + 1e-9 && angle < to - 1e-9; }

Skin grow_skin(Growing& mesh) {
  const std::vector<double> rows = grid_rows(), columns = grid_columns();
  const double inner = angle_at(kEyeX - kEyeHalf, 0), outer = angle_at(kEyeX + kEyeHalf, 0);
  const double corner = angle_at(kMouthHalf, kMouthY);
  Skin skin;
  std::vector<Index> above;  // the row before, as the quads below it see it
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::vector<Index> upper, lower;
    const double y = rows[r];
    for (const double angle : columns) {
      Edge* edge = nullptr;
      double from = 0, to = 0;
      if (y == 0) {
        edge = angle < 0 ? &skin.right : &skin.left;
        from = angle < 0 ? -outer : inner;
        to = angle < 0 ? -inner : outer;
      } else if (y == kMouthY) {
        edge = &skin.mouth;
        from = -corner;
        to = corner;
      }
      const bool slit = edge != nullptr && within(angle, from, to);
      const auto grow = [&](Slit side) {
        const Site site{angle, y, side};
        const Vec3 at = neutral_point(site);
        return mesh.add({site, at, at});
      };
      upper.push_back(grow(slit ? Slit::upper : Slit::none));
      lower.push_back(slit ? grow(Slit::lower) : upper.back());
      if (edge != nullptr && angle > from - 1e-9 && angle < to + 1e-9) {
        edge->upper.push_back(upper.back());
        edge->lower.push_back(lower.back());
      }
    }
    for (std::size_t c = 0; r > 0 && c < columns.size(); ++c) {
      const std::size_t next = (c + 1) % columns.size();
      mesh.quad(above[c], above[next], upper[next], upper[c], Region::skin);
    }
    above = lower;
  }
  return skin;
}

/// A copy of a vertex, set back into the head.
Index behind(Growing& mesh, Index of, const Vec3& shift, double share = 1) {
  Grown v = mesh.vertices[static_cast<std::size_t>(of)];
  v.at = v.at + shift;
  v.share = share;
  return mesh.add(v);
}

/// Lids have thickness; the edge of the upper one carries the lashes.
void grow_lid_edges(Growing& mesh, const Edge& eye) {
  for (const bool top : {true, false}) {
    const std::vector<Index>& edge = top ? eye.upper : eye.lower;
    std::vector<Index> inner;
    inner.reserve(edge.size());
    for (const Index i : edge) inner.push_back(behind(mesh, i, {0, top ? .9 : -.3, 4}));
    for (std::size_t c = 0; c + 1 < edge.size(); ++c)
      mesh.quad(edge[c], edge[c + 1], inner[c + 1], inner[c], top ? Region::lashes : Region::skin);
  }
}

void grow_mouth(Growing& mesh, const Edge& lips) {
  std::vector<Index> up, down, back, gum, cut;
  for (std::size_t c = 0; c < lips.upper.size(); ++c) {
    up.push_back(behind(mesh, lips.upper[c], {0, 1, 6}));
    down.push_back(behind(mesh, lips.lower[c], {0, -.5, 6}));
    back.push_back(behind(mesh, lips.lower[c], {0, 0, 30}, .5));
    gum.push_back(behind(mesh, lips.upper[c], {0, -4, 7}, 0));
    cut.push_back(behind(mesh, lips.upper[c], {0, 5, 8}, 0));
  }
  for (std::size_t c = 0; c + 1 < up.size(); ++c) {
    mesh.quad(lips.upper[c], lips.upper[c + 1], up[c + 1], up[c], Region::skin);
    mesh.quad(lips.lower[c], lips.lower[c + 1], down[c + 1], down[c], Region::skin);
    mesh.quad(up[c], up[c + 1], back[c + 1], back[c], Region::mouth);
    mesh.quad(down[c], down[c + 1], back[c + 1], back[c], Region::mouth);
    const Vec3& at = mesh.vertices[static_cast<std::size_t>(gum[c])].at;
    if (std::abs(at.x) < kMouthHalf - 5) mesh.quad(gum[c], gum[c + 1], cut[c + 1], cut[c], Region::teeth);
  }
}

/// An ellipsoid whose vertices all follow one place of the head, or each its own.
void grow_ball(Growing& mesh, const Vec3& centre, const Vec3& radius, double tilt, const Site& site, Region region) {
  constexpr int kRounds = 24, kTurns = 36;
  const bool eye = region != Region::skin;
  std::vector<Index> before;
  for (int r = 0; r <= kRounds; ++r) {
    const double polar = std::numbers::pi * r / kRounds;
    std::vector<Index> row;
    for (int t = 0; t < kTurns; ++t) {
      const double turn = 2 * std::numbers::pi * t / kTurns;
      const Vec3 d{radius.x * std::sin(polar) * std::cos(turn), -radius.y * std::cos(polar),
                   radius.z * std::sin(polar) * std::sin(turn)};
      const Vec3 at =
          centre + Vec3{d.x, std::cos(tilt) * d.y - std::sin(tilt) * d.z, std::sin(tilt) * d.y + std::cos(tilt) * d.z};
      row.push_back(mesh.add({site, at, eye ? Vec3{centre.x, 0, centre.z} : at, 0}));
    }
    for (std::size_t t = 0; r > 0 && t < kTurns; ++t) {
      const std::size_t next = (t + 1) % kTurns;
      mesh.quad(before[t], before[next], row[next], row[t], region);
    }
    before = row;
  }
}

// Where the 68 landmarks lie, looked up on the neutral head: x and y of the right half and the middle, by hand.
struct Mark {
  int index;
  double x, y;
};
constexpr std::array kMarks{Mark{0, -73, -2},   Mark{1, -72, 18},   Mark{2, -69, 38},   Mark{3, -63, 57},
                            Mark{4, -54, 74},   Mark{5, -43, 89},   Mark{6, -31, 100},  Mark{7, -16, 108},
                            Mark{8, 0, 110},    Mark{17, -53, -17}, Mark{18, -45, -24}, Mark{19, -35, -27},
                            Mark{20, -25, -26}, Mark{21, -14, -22}, Mark{27, 0, -2},    Mark{28, 0, 10},
                            Mark{29, 0, 21},    Mark{30, 0, 32},    Mark{31, -12, 46},  Mark{32, -6, 49},
                            Mark{33, 0, 50},    Mark{48, -25, 67},  Mark{49, -15, 61},  Mark{50, -5, 59},
                            Mark{51, 0, 60},    Mark{59, -14, 73},  Mark{58, -6, 75},   Mark{57, 0, 76}};
struct EdgeMark {
  int index;
  double x;
  bool upper, mouth;
};
constexpr std::array kEdgeMarks{
    EdgeMark{36, -44, true, false}, EdgeMark{37, -35, true, false},  EdgeMark{38, -25, true, false},
    EdgeMark{39, -16, true, false}, EdgeMark{40, -25, false, false}, EdgeMark{41, -35, false, false},
    EdgeMark{60, -22, true, true},  EdgeMark{61, -9, true, true},    EdgeMark{62, 0, true, true},
    EdgeMark{67, -9, false, true},  EdgeMark{66, 0, false, true}};
/// The landmark of the other half.
constexpr std::array<int, 68> kOtherHalf{16, 15, 14, 13, 12, 11, 10, 9,  8,  7,  6,  5,  4,  3,  2,  1,  0,
                                         26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 27, 28, 29, 30, 35, 34, 33,
                                         32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40, 54, 53, 52,
                                         51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65};

template <class Distance>
Index nearest(std::size_t count, const Distance& distance) {
  Index best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < count; ++i) {
    const double d = distance(i);
    if (d < least) {
      least = d;
      best = static_cast<Index>(i);
    }
  }
  return best;
}

std::array<std::int32_t, 68> find_landmarks(const Growing& mesh, const Skin& skin, std::size_t skin_vertices) {
  std::array<std::int32_t, 68> found{};
  const auto at = [&](Index i) { return mesh.vertices[static_cast<std::size_t>(i)].at; };
  for (const Mark& mark : kMarks) {
    for (const double side : {1.0, -1.0}) {
      const int index = side > 0 ? mark.index : kOtherHalf.at(static_cast<std::size_t>(mark.index));
      found.at(static_cast<std::size_t>(index)) = nearest(skin_vertices, [&](std::size_t i) {
        const Vec3& p = mesh.vertices[i].at;
        return std::hypot(p.x - side * mark.x, p.y - mark.y) + (p.z > 5 ? 1e3 : 0);
      });
    }
  }
  for (const EdgeMark& mark : kEdgeMarks) {
    for (const double side : {1.0, -1.0}) {
      const int index = side > 0 ? mark.index : kOtherHalf.at(static_cast<std::size_t>(mark.index));
      const Edge& edge = mark.mouth ? skin.mouth : side > 0 ? skin.right : skin.left;
      const std::vector<Index>& line = mark.upper ? edge.upper : edge.lower;
      const Index place = nearest(line.size(), [&](std::size_t i) { return std::abs(at(line[i]).x - side * mark.x); });
      found.at(static_cast<std::size_t>(index)) = line[static_cast<std::size_t>(place)];
    }
  }
  return found;
}

Point3f narrow(const Vec3& v) { return {static_cast<float>(v.x), static_cast<float>(v.y), static_cast<float>(v.z)}; }

std::vector<Point3f> sampled(const Growing& mesh, const NamedField& field, double Grown::*share) {
  std::vector<Point3f> moved(mesh.vertices.size());
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const Grown& v = mesh.vertices[i];
    const double side = field.side == 0 ? 1 : ramp(field.side * v.follows.x, -5, 5);
    if (v.*share * side > 0) moved[i] = narrow(v.*share * side * field.field(v.site, v.follows));
  }
  return moved;
}

}  // namespace

Result<FaceModel> procedural_head() {
  Growing mesh;
  const Skin skin = grow_skin(mesh);
  const std::size_t skin_vertices = mesh.vertices.size();
  FaceModelParts parts;
  parts.name = "procedural";
  parts.landmarks = find_landmarks(mesh, skin, skin_vertices);
  grow_lid_edges(mesh, skin.right);
  grow_lid_edges(mesh, skin.left);
  grow_mouth(mesh, skin.mouth);
  for (const double side : {-1.0, 1.0}) {
    const Vec3 eye{side * kEyeX, .3, kEyeDepth};
    grow_ball(mesh, eye, {kEyeBall, kEyeBall, kEyeBall}, 0, {angle_at(eye.x, 0), 0, Slit::none},
              side < 0 ? Region::right_eye : Region::left_eye);
    parts.eyes.at(side < 0 ? 0 : 1) = {eye, kEyeBall};
    grow_ball(mesh, {side * 75, 20, 8}, {6, 29, 15}, .2, {side * std::numbers::pi / 2, 20, Slit::none}, Region::skin);
  }
  for (const Grown& v : mesh.vertices) parts.mean.push_back(narrow(v.at));
  for (const NamedField& field : expression_fields()) {
    parts.shape_names.push_back(field.name);
    parts.shapes.push_back(sampled(mesh, field, &Grown::share));
  }
  for (const NamedField& field : identity_fields()) parts.identity.push_back(sampled(mesh, field, &Grown::people));
  parts.triangles = std::move(mesh.triangles);
  parts.regions = std::move(mesh.regions);
  return FaceModel::create(std::move(parts));
}

}  // namespace vultus::face3d
