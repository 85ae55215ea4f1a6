// What a stored thumbnail costs: templates made again from the small picture of a face, against those of its file.
//   thumbnail_loss MODELS IMAGES PICTURES [PRESET]
// IMAGES is a folder with one subfolder a person. People with two and more pictures are taken in the order of their
// names until there are PICTURES. A row for each way of making thumbnails: templates from thumbnails are the gallery,
// those of the files the probes, as after vultus gallery re-embed.
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <bench/whole_number.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>

namespace {

using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file

struct Way {
  int side;
  float margin;
  int quality;
  bool enlarge;  ///< small cut-outs, to the full side
};

constexpr std::array<Way, 7> kWays{{{112, 0.25F, 85, true},
                                    {112, 0.5F, 90, false},
                                    {160, 0.25F, 90, false},
                                    {160, 0.5F, 90, false},
                                    {192, 0.25F, 90, false},
                                    {192, 0.5F, 90, false},
                                    {224, 0.5F, 90, false}}};

struct Sample {
  std::string path;
  int person = 0;
  std::optional<Embedding> original;
  std::vector<std::optional<Embedding>> again;
  std::vector<std::size_t> bytes;
};

/// The face around the middle, as the one that the thumbnail was made for.
std::optional<Embedding> embed(engine::Looker& looker, ImageView picture) {
  auto faces = looker.look(picture, {.depth = engine::Depth::embed_main});
  if (!faces || faces->empty()) return std::nullopt;
  return std::move(faces->front().embedding);
}

Result<std::vector<std::uint8_t>> thumbnail(ImageView picture, const RectF& box, const Way& way) {
  const int native = std::min(
      {static_cast<int>(std::max(box.width, box.height) * (1 + 2 * way.margin)), picture.width, picture.height});
  VULTUS_TRY(const Image small,
             media::face_thumbnail(picture, box, way.margin, way.enlarge ? way.side : std::min(way.side, native)));
  return media::encode_jpeg(small.view(), {.quality = way.quality});
}

void look_at(engine::Looker& looker, Sample& sample) {
  const auto picture = media::read_picture(sample.path);
  if (!picture) return;
  auto faces = looker.look(picture->image.view(), {.depth = engine::Depth::embed_main});
  if (!faces || faces->empty()) return;
  sample.original = faces->front().embedding;
  for (const Way& way : kWays) {
    const auto jpeg = thumbnail(picture->image.view(), faces->front().face.box, way);
    sample.bytes.push_back(jpeg ? jpeg->size() : 0);
    const auto small = jpeg ? media::decode_picture(*jpeg) : Result<media::Picture>(jpeg.error());
    sample.again.push_back(small ? embed(looker, small->image.view()) : std::nullopt);
  }
}

std::vector<Sample> samples_of(const std::filesystem::path& images, std::size_t most) {
  std::vector<std::filesystem::path> people;
  for (const auto& entry : std::filesystem::directory_iterator(images)) people.push_back(entry.path());
  std::ranges::sort(people);
  std::vector<Sample> samples;
  int person = 0;
  for (const auto& folder : people) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
    if (files.size() < 2) continue;
    std::ranges::sort(files);
    for (const std::string& file : files)
      samples.push_back({.path = file, .person = person, .original = {}, .again = {}, .bytes = {}});
    ++person;
    if (samples.size() >= most) break;
  }
  return samples;
}

/// Share of mated pairs below the threshold at which `fmr` of the others lie. Gallery: made again, or the originals.
double fnmr_at(const std::vector<Sample>& samples, std::optional<std::size_t> way, double fmr) {
  std::vector<float> mated;
  std::vector<float> others;
  for (const Sample& kept : samples)
    for (const Sample& probe : samples) {
      if (&kept == &probe || !probe.original) continue;
      const auto& stored = way ? (kept.again.empty() ? kept.original : kept.again[*way]) : kept.original;
      if (!stored) continue;
      (kept.person == probe.person ? mated : others)
          .push_back(inner_product(stored->values(), probe.original->values()));
    }
  std::ranges::sort(others, std::greater());
  const float threshold = others[static_cast<std::size_t>(fmr * static_cast<double>(others.size()))];
  const auto missed = std::ranges::count_if(mated, [&](float s) { return s <= threshold; });
  return static_cast<double>(missed) / static_cast<double>(mated.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return std::fputs("usage: thumbnail_loss MODELS IMAGES PICTURES [PRESET]\n", stderr), 2;
  const auto engine = engine::Engine::load({.models = argv[1], .preset = argc > 4 ? argv[4] : "default", .threads = 1});
  if (!engine) return std::fprintf(stderr, "%s\n", engine.error().message.c_str()), 1;
  auto samples = samples_of(argv[2], static_cast<std::size_t>(bench::whole_number("PICTURES", argv[3])));
  {
    std::vector<std::jthread> workers;
    const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        auto looker = engine->make_looker();
        if (!looker) return;
        for (std::size_t i = t; i < samples.size(); i += threads) look_at(*looker, samples[i]);
      });
  }
  std::erase_if(samples, [](const Sample& s) { return !s.original; });
  if (samples.empty()) return std::fputs("no faces\n", stderr), 1;
  std::printf("%zu pictures; FNMR at FMR 1e-3 and 1e-4 with the files on both sides: %.4f, %.4f\n", samples.size(),
              fnmr_at(samples, std::nullopt, 1e-3), fnmr_at(samples, std::nullopt, 1e-4));
  std::printf("side margin quality  bytes  no face  cosine: median   5 %%   1 %%   FNMR at 1e-3    1e-4\n");
  for (std::size_t w = 0; w < std::size(kWays); ++w) {
    std::vector<float> cosines;
    std::size_t bytes = 0;
    for (const Sample& one : samples) {
      bytes += one.bytes[w];
      if (one.again[w]) cosines.push_back(inner_product(one.original->values(), one.again[w]->values()));
    }
    std::ranges::sort(cosines);
    const auto at = [&](double share) {
      return double{cosines[static_cast<std::size_t>(share * static_cast<double>(cosines.size()))]};
    };
    std::printf("%4d%s  %.2f      %d  %5zu  %7zu         %.4f %.4f %.4f         %.4f  %.4f\n", kWays[w].side,
                kWays[w].enlarge ? "!" : " ", double{kWays[w].margin}, kWays[w].quality, bytes / samples.size(),
                samples.size() - cosines.size(), at(0.5), at(0.05), at(0.01), fnmr_at(samples, w, 1e-3),
                fnmr_at(samples, w, 1e-4));
  }
  return 0;
}
