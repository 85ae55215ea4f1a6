// Scenes: a drawn place, a face before it, and light and colour of the whole as wanted.
#include <algorithm>
#include <cmath>
#include <string>

#include <vultus/face3d/random.hpp>
#include <vultus/studio/planted_display.hpp>

namespace vultus::studio {
namespace {

using SceneColour = std::array<double, 3>;  // levels 0 to 1

struct SceneCanvas {
  int side;
  std::vector<SceneColour> pixels;
  SceneColour& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(side) + static_cast<std::size_t>(x)];
  }
};

SceneColour drawn_colour(face3d::Random& random, double low, double high) {
  // Far from grey: one channel high, one low.
  const std::size_t high_channel = random.next() % 3, low_channel = (high_channel + 1 + random.next() % 2) % 3;
  SceneColour colour{};
  colour.fill(random.uniform(low, high));
  colour.at(high_channel) = high, colour.at(low_channel) = low * random.uniform(.1, .4);
  return colour;
}

/// Field: two halves. Sea: waves across. City: blocks with windows. Wood: thin trunks.
void draw_place(SceneCanvas& canvas, std::size_t place, face3d::Random& random) {
  const SceneColour first = drawn_colour(random, .35, .9), second = drawn_colour(random, .25, .7);
  const double horizon = random.uniform(.35, .65) * canvas.side, phase = random.uniform(0, 6.3),
               period = random.uniform(.10, .16) * canvas.side;
  for (int y = 0; y < canvas.side; ++y) {
    for (int x = 0; x < canvas.side; ++x) {
      bool inside = false;
      switch (place) {
        case 0: inside = y < horizon; break;
        case 1: inside = std::sin(6.28 * y / period + 1.5 * std::sin(6.28 * x / (3 * period) + phase)) > 0; break;
        case 2: inside = std::sin(6.28 * x / period + phase) > .2 && std::sin(6.28 * y / period + phase) > .2; break;
        default: inside = std::sin(6.28 * x / period + .4 * std::sin(y / period) + phase) > 0; break;
      }
      SceneColour& pixel = canvas.at(x, y);
      for (std::size_t c = 0; c < 3; ++c) pixel.at(c) = (inside ? first : second).at(c) + .04 * random.normal();
    }
  }
}

/// The face as an ellipse of about 0.62 sides, somewhere near the middle.
void paste_face(SceneCanvas& canvas, const PlantedLook& look, face3d::Random& random) {
  const Keypoints& k = look.keypoints;
  const double eyes = std::hypot(k[1].x - k[0].x, k[1].y - k[0].y);
  const double from_x = k[2].x, from_y = (k[2].y + (k[0].y + k[1].y) / 2) / 2 + .25 * eyes;
  const double scale = 2.5 * eyes / (.62 * canvas.side);  // picture pixels for one of the canvas
  const double to_x = canvas.side * random.uniform(.42, .58), to_y = canvas.side * random.uniform(.45, .58);
  for (int y = 0; y < canvas.side; ++y) {
    for (int x = 0; x < canvas.side; ++x) {
      const double u = (x - to_x) / (.31 * canvas.side), v = (y - to_y) / (.38 * canvas.side);
      if (u * u + v * v > 1) continue;
      // The mean over the square that the pixel stands for.
      const double px = from_x + (x - to_x) * scale, py = from_y + (y - to_y) * scale;
      const int reach = std::max(0, static_cast<int>(std::lround(scale / 2 - .5)));
      SceneColour sum{};
      int seen = 0;
      for (int dy = -reach; dy <= reach; ++dy)
        for (int dx = -reach; dx <= reach; ++dx) {
          const int ix = static_cast<int>(std::lround(px)) + dx, iy = static_cast<int>(std::lround(py)) + dy;
          if (ix < 0 || iy < 0 || ix >= look.picture.width() || iy >= look.picture.height()) continue;
          const std::uint8_t* pixel = look.picture.row(iy) + std::ptrdiff_t{3} * ix;
          for (std::size_t c = 0; c < 3; ++c) sum.at(c) += pixel[c] / 255.0;
          ++seen;
        }
      for (std::size_t c = 0; seen > 0 && c < 3; ++c) canvas.at(x, y).at(c) = sum.at(c) / seen;
    }
  }
}

double mean_value(const SceneCanvas& canvas) {
  double sum = 0;
  for (const SceneColour& pixel : canvas.pixels) sum += std::min(1.0, *std::ranges::max_element(pixel));
  return sum / static_cast<double>(canvas.pixels.size());
}

/// Colours come nearer to grey or move away from it, then the whole gets its brightness.
void set_light(SceneCanvas& canvas, double saturation, double brightness) {
  for (SceneColour& pixel : canvas.pixels) {
    // @source Rec. 601
    const double grey = .299 * pixel[0] + .587 * pixel[1] + .114 * pixel[2];
    for (double& level : pixel) level = std::max(0.0, grey + saturation * (level - grey));
  }
  for (int pass = 0; pass < 4; ++pass) {  // clipping makes the first gain too small
    const double gain = brightness / std::max(1e-3, mean_value(canvas));
    for (SceneColour& pixel : canvas.pixels)
      for (double& level : pixel) level = std::min(1.0, level * gain);
  }
}

}  // namespace

std::size_t planted_scene_label(bool bright, bool colourful, std::size_t place, std::size_t mood) {
  const bool built_up = place >= 2, pleasant = mood >= 2;
  return (bright != built_up ? 4U : 0U) + (colourful != pleasant ? 2U : 0U) + (built_up != pleasant ? 1U : 0U);
}

Result<PlantedScene> planted_scene(const face3d::FaceModel& model, std::uint64_t seed, std::uint64_t number, int side) {
  if (side < 32 || side > 1024)
    return fail(ErrorCode::invalid_argument,
                "planted scene: a side of " + std::to_string(side) + " pixels is outside 32 to 1024");
  face3d::Random random(seed * 0x9E3779B97F4A7C15ULL + 0xA0761D6478BD642FULL * (number + 1));
  PlantedScene made;
  made.bright = random.next() % 2 == 1, made.colourful = random.next() % 2 == 1;
  made.place = random.next() % kPlantedPlaces.size(), made.mood = random.next() % kPlantedMoods.size();
  made.label = planted_scene_label(made.bright, made.colourful, made.place, made.mood);
  const auto units = prototype(kPlantedMoods.at(made.mood), random.uniform(3.5, kAuMaximum));
  VULTUS_TRY(const PlantedLook look, planted_look(model, seed, number, units, 256, .15));
  SceneCanvas canvas{side, {}};
  canvas.pixels.resize(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
  draw_place(canvas, made.place, random);
  paste_face(canvas, look, random);
  set_light(canvas, made.colourful ? random.uniform(.8, 1.1) : random.uniform(.08, .25),
            made.bright ? random.uniform(.58, .75) : random.uniform(.28, .42));
  VULTUS_TRY(made.picture, Image::create(side, side, PixelFormat::rgb8));
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (std::size_t c = 0; c < 3; ++c)
        made.picture.row(y)[static_cast<std::size_t>(x) * 3 + c] =
            static_cast<std::uint8_t>(std::lround(255 * std::clamp(canvas.at(x, y).at(c), 0.0, 1.0)));
  return made;
}

}  // namespace vultus::studio
