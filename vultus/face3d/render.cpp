#include <vultus/face3d/render.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <vultus/face3d/paint.hpp>
#include <vultus/face3d/random.hpp>

namespace vultus::face3d {
namespace {

constexpr double kMostSamples = 64e6, kNearest = 20;  // millimetres before the lens

/// What a sample of the picture sees.
struct Sample {
  float depth = std::numeric_limits<float>::infinity();
  std::int32_t triangle = -1;
  float b0 = 0, b1 = 0;  // weights of its first two corners, right in perspective
};

struct Stage {
  const FaceModel* model = nullptr;
  const Scene* scene = nullptr;
  std::vector<Vec3> at;       // vertices before the camera
  std::vector<Vec3> normals;  // of vertices, by their winding
  std::array<Vec3, 2> eyes;   // middles before the camera
  int width = 0, height = 0;  // samples
  std::vector<Sample> samples;
};

std::vector<Vec3> normals_of(const FaceModelParts& parts, const std::vector<Vec3>& at) {
  std::vector<Vec3> normals(at.size());
  for (std::size_t t = 0; t < parts.triangles.size(); ++t) {
    if (parts.regions[t] == Region::hidden) continue;
    const auto& [a, b, c] = parts.triangles[t];
    const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b), k = static_cast<std::size_t>(c);
    const Vec3 n = cross(at[j] - at[i], at[k] - at[i]);
    for (const std::size_t v : {i, j, k}) normals[v] = normals[v] + n;
  }
  for (Vec3& n : normals) n = unit(n);
  return normals;
}

/// Fills the samples that a triangle covers.
void cover(Stage& stage, std::int32_t triangle) {
  const auto& corners = stage.model->parts().triangles[static_cast<std::size_t>(triangle)];
  const Camera& camera = stage.scene->camera;
  const double s = stage.scene->samples;
  std::array<double, 3> x{}, y{}, w{};
  for (std::size_t k = 0; k < 3; ++k) {
    const Vec3& p = stage.at[static_cast<std::size_t>(corners.at(k))];
    if (p.z < kNearest) return;
    w.at(k) = 1 / p.z;
    // Pixel (0, 0) is the middle of the first pixel; sample i lies at (i + .5) / s - .5 pixels.
    x.at(k) = (camera.fx * p.x * w.at(k) + camera.cx + .5) * s - .5;
    y.at(k) = (camera.fy * p.y * w.at(k) + camera.cy + .5) * s - .5;
  }
  const double area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0]);
  if (!(std::abs(area) > 1e-9)) return;
  const auto low = [](const std::array<double, 3>& v, int limit) {
    return static_cast<int>(std::clamp(std::ceil(std::min({v[0], v[1], v[2]})), 0.0, double(limit)));
  };
  const auto high = [](const std::array<double, 3>& v, int limit) {
    return static_cast<int>(std::clamp(std::floor(std::max({v[0], v[1], v[2]})), -1.0, double(limit - 1)));
  };
  const int x0 = low(x, stage.width), x1 = high(x, stage.width);
  for (int py = low(y, stage.height); py <= high(y, stage.height); ++py) {
    for (int px = x0; px <= x1; ++px) {
      const double l0 = ((x[1] - px) * (y[2] - py) - (x[2] - px) * (y[1] - py)) / area;
      const double l1 = ((x[2] - px) * (y[0] - py) - (x[0] - px) * (y[2] - py)) / area;
      const double l2 = 1 - l0 - l1;
      if (l0 < 0 || l1 < 0 || l2 < 0) continue;
      const double inverse = l0 * w[0] + l1 * w[1] + l2 * w[2];
      const auto depth = static_cast<float>(1 / inverse);
      Sample& sample = stage.samples[static_cast<std::size_t>(py) * static_cast<std::size_t>(stage.width) +
                                     static_cast<std::size_t>(px)];
      if (depth >= sample.depth) continue;
      sample = {depth, triangle, static_cast<float>(l0 * w[0] / inverse), static_cast<float>(l1 * w[1] / inverse)};
    }
  }
}

/// Irradiance of the surroundings on a surface with this normal.
double irradiance(const std::array<double, 9>& l, const Vec3& n) {
  constexpr double kC1 = .429043, kC2 = .511664, kC3 = .743125, kC4 = .886227, kC5 = .247708;
  return kC1 * l[8] * (n.x * n.x - n.y * n.y) + kC3 * l[6] * n.z * n.z + kC4 * l[0] - kC5 * l[6] +
         2 * kC1 * (l[4] * n.x * n.y + l[7] * n.x * n.z + l[5] * n.y * n.z) +
         2 * kC2 * (l[3] * n.x + l[1] * n.y + l[2] * n.z);
}

struct Surface {
  Rgb albedo;
  double gloss = 0;      // strength of the highlight
  double sharpness = 1;  // its exponent
};

Surface surface_at(const Stage& stage, const Painter& painter, Region region, const Vec3& mean, const Vec3& at) {
  switch (region) {
    case Region::mouth: return {{.10, .02, .02}, 0, 1};
    case Region::teeth: return {{.72, .68, .60}, .15, 40};
    case Region::lashes: return {painter.appearance().hair, 0, 1};
    case Region::right_eye:
    case Region::left_eye: {
      const std::size_t side = region == Region::right_eye ? 0 : 1;
      const Vec3 gaze = unit(stage.scene->gaze.at(side));
      const Vec3 off = unit(at - stage.eyes.at(side));
      const Vec3 right = unit(cross({0, 1, 0}, gaze)), down = cross(gaze, right);
      const Vec3 in_head = transposed(stage.scene->pose.rotation) * off;
      return {painter.eye(dot(off, gaze), std::atan2(dot(off, down), dot(off, right)), in_head.y), .9, 260};
    }
    case Region::skin:
    case Region::hidden: break;
  }
  return {painter.skin(mean), .055, 14};
}

Rgb shade(const Stage& stage, const Painter& painter, const Sample& sample) {
  const FaceModelParts& parts = stage.model->parts();
  const auto& corners = parts.triangles[static_cast<std::size_t>(sample.triangle)];
  const std::array<double, 3> b{sample.b0, sample.b1, 1 - double{sample.b0} - double{sample.b1}};
  Vec3 mean, at, normal;
  for (std::size_t k = 0; k < 3; ++k) {
    const auto i = static_cast<std::size_t>(corners.at(k));
    const Point3f& m = parts.mean[i];
    mean = mean + b.at(k) * Vec3{m.x, m.y, m.z};
    at = at + b.at(k) * stage.at[i];
    normal = normal + b.at(k) * stage.normals[i];
  }
  const auto p = [&](std::size_t k) { return stage.at[static_cast<std::size_t>(corners.at(k))]; };
  const bool away = dot(cross(p(1) - p(0), p(2) - p(0)), at) > 0;  // its winding shows the other side
  normal = unit(away ? -1.0 * normal : normal);
  const Region region = parts.regions[static_cast<std::size_t>(sample.triangle)];
  const Surface surface = surface_at(stage, painter, region, mean, at);
  const Light& light = stage.scene->light;
  const Vec3 lamp = unit(light.towards), view = unit(-1.0 * at);
  const double facing = dot(normal, lamp);
  const double direct = light.lamp * std::max(0.0, (facing + .15) / 1.15);  // skin lets light a little round the edge
  const double falling = std::max(.03, irradiance(light.around, normal)) + direct;
  const double shine =
      surface.gloss * light.lamp * std::pow(std::max(0.0, dot(normal, unit(lamp + view))), surface.sharpness);
  const Rgb& c = surface.albedo;
  return {light.colour.r * (c.r * falling + shine), light.colour.g * (c.g * falling + shine),
          light.colour.b * (c.b * falling + shine)};
}

/// Blurred blobs of light and dark, as an unsharp room looks.
struct Backdrop {
  const Background* background = nullptr;
  double width = 1, height = 1;

  [[nodiscard]] Rgb at(double x, double y) const {
    const Rgb &a = background->first, &b = background->second;
    double t = 0;
    if (background->kind == BackgroundKind::gradient) t = std::clamp(y / height, 0.0, 1.0);
    if (background->kind == BackgroundKind::patches) {
      const double unit_size = width / 5;
      t = std::clamp(.5 + .7 * smooth_noise({x / unit_size, y / unit_size, .5}, background->seed) +
                         .2 * smooth_noise({3 * x / unit_size, 3 * y / unit_size, .5}, background->seed + 1),
                     0.0, 1.0);
    }
    return {a.r + t * (b.r - a.r), a.g + t * (b.g - a.g), a.b + t * (b.b - a.b)};
  }
};

/// Linear light to a byte of sRGB.
std::uint8_t encoded(double linear) {
  const double c = std::clamp(linear, 0.0, 1.0);
  const double s = c <= .0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - .055;
  return static_cast<std::uint8_t>(std::lround(255 * s));
}

void develop(const Stage& stage, const Painter& painter, Image& image) {
  const int s = stage.scene->samples;
  const Backdrop backdrop{&stage.scene->background, double(image.width()), double(image.height())};
  for (int y = 0; y < image.height(); ++y) {
    std::uint8_t* row = image.row(y);
    for (int x = 0; x < image.width(); ++x) {
      Rgb sum;
      for (int k = 0; k < s * s; ++k) {
        const std::size_t at = static_cast<std::size_t>(y * s + k / s) * static_cast<std::size_t>(stage.width) +
                               static_cast<std::size_t>(x * s + k % s);
        const Sample& sample = stage.samples[at];
        const Rgb c = sample.triangle >= 0 ? shade(stage, painter, sample) : backdrop.at(x, y);
        // Clipped before the mean: a highlight brighter than white leaves edges smooth.
        sum = {sum.r + std::min(1.0, c.r), sum.g + std::min(1.0, c.g), sum.b + std::min(1.0, c.b)};
      }
      const double n = s * s;
      row[3 * x] = encoded(sum.r / n);
      row[3 * x + 1] = encoded(sum.g / n);
      row[3 * x + 2] = encoded(sum.b / n);
    }
  }
}

Status check_scene(const Scene& scene) {
  VULTUS_CHECK(check(scene.camera));
  if (scene.samples < 1 || scene.samples > 4)
    return fail(ErrorCode::invalid_argument,
                "render: samples must be within [1, 4], not " + std::to_string(scene.samples));
  if (double{1} * scene.camera.width * scene.camera.height * scene.samples * scene.samples > kMostSamples)
    return fail(ErrorCode::resource_limit, "render: more than 64 million samples");
  for (const Vec3& d : {scene.gaze[0], scene.gaze[1], scene.light.towards}) {
    if (!(length(d) > 1e-9) || !std::isfinite(length(d)))
      return fail(ErrorCode::invalid_argument, "render: a direction of gaze or light has no length or is not finite");
  }
  if (!std::isfinite(length(scene.pose.translation)))
    return fail(ErrorCode::invalid_argument, "render: the pose is not finite");
  return {};
}

}  // namespace

Result<std::array<Vec3, 2>> eye_centres(const FaceModel& model, const FaceCoefficients& face) {
  VULTUS_TRY(const auto made, model.vertices(face));
  const FaceModelParts& parts = model.parts();
  std::array<Vec3, 2> shift{};
  std::array<double, 2> count{};
  for (std::size_t t = 0; t < parts.triangles.size(); ++t) {
    const Region region = parts.regions[t];
    if (region != Region::right_eye && region != Region::left_eye) continue;
    const std::size_t side = region == Region::right_eye ? 0 : 1;
    const auto i = static_cast<std::size_t>(parts.triangles[t][0]);
    shift.at(side) =
        shift.at(side) + Vec3{double{made[i].x} - double{parts.mean[i].x}, double{made[i].y} - double{parts.mean[i].y},
                              double{made[i].z} - double{parts.mean[i].z}};
    count.at(side) += 1;
  }
  std::array<Vec3, 2> centres{parts.eyes[0].centre, parts.eyes[1].centre};
  for (std::size_t side = 0; side < 2; ++side) {
    if (count.at(side) > 0) centres.at(side) = centres.at(side) + (1 / count.at(side)) * shift.at(side);
  }
  return centres;
}

Result<Image> render(const FaceModel& model, const Scene& scene) {
  VULTUS_CHECK(check_scene(scene));
  VULTUS_TRY(const auto vertices, model.vertices(scene.face));
  VULTUS_TRY(const auto eyes, eye_centres(model, scene.face));
  VULTUS_TRY(Image image, Image::create(scene.camera.width, scene.camera.height, PixelFormat::rgb8));
  Stage stage{.model = &model, .scene = &scene};
  stage.at.reserve(vertices.size());
  for (const Point3f& p : vertices) stage.at.push_back(scene.pose.apply({p.x, p.y, p.z}));
  stage.normals = normals_of(model.parts(), stage.at);
  stage.eyes = {scene.pose.apply(eyes[0]), scene.pose.apply(eyes[1])};
  stage.width = scene.camera.width * scene.samples;
  stage.height = scene.camera.height * scene.samples;
  stage.samples.resize(static_cast<std::size_t>(stage.width) * static_cast<std::size_t>(stage.height));
  const auto count = static_cast<std::int32_t>(model.parts().triangles.size());
  for (std::int32_t t = 0; t < count; ++t) {
    if (model.parts().regions[static_cast<std::size_t>(t)] != Region::hidden) cover(stage, t);
  }
  develop(stage, Painter(model, scene.appearance), image);
  return image;
}

}  // namespace vultus::face3d
