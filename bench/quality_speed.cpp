// Microseconds that assess() takes for a face. quality_speed PICTURE MODELS
#include <chrono>
#include <cstdio>
#include <string>

#include <vultus/engine/engine.hpp>
#include <vultus/face/quality.hpp>
#include <vultus/media/picture.hpp>

int main(int argc, char** argv) {
  if (argc < 3) return std::fputs("usage: quality_speed PICTURE MODELS\n", stderr), 2;
  const auto engine = vultus::engine::Engine::load({.models = argv[2], .threads = 1});
  const auto picture = vultus::media::read_picture(argv[1]);
  if (!engine || !picture) return std::fputs("no models or no picture\n", stderr), 1;
  auto looker = engine->make_looker();
  if (!looker) return std::fputs("no networks\n", stderr), 1;
  const auto faces = looker->look(picture->image.view(), {.depth = vultus::engine::Depth::detect});
  if (!faces || faces->empty()) return std::fputs("no face\n", stderr), 1;
  constexpr int kRounds = 2000;
  const auto start = std::chrono::steady_clock::now();
  float sum = 0;
  for (int i = 0; i < kRounds; ++i)
    if (const auto report = vultus::face::assess(picture->image.view(), faces->front().face)) sum += report->unified;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%.0f microseconds a face (unified %.1f, %.0f pixels between the eyes)\n", seconds / kRounds * 1e6,
              static_cast<double>(sum) / kRounds, static_cast<double>(*faces->front().face.quality->inter_eye_px));
  return 0;
}
