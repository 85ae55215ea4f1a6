// The shipped recogniser on people of LFW: a band that is planted in one half of them is found, and halves that were
// drawn by lot and left as they are do not differ.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <stdexcept>

#include <gtest/gtest.h>

#include <tests/golden/samples.hpp>
#include <vultus/engine/frequency_audit.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/media/encode.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/test_folder.hpp>

namespace vultus::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kPeople = 30;
// Eyes of the deep-funneled LFW are 42 to 48 pixels apart, those of a crop 35: a wave of 6.5 pixels makes 112 / 6.5 *
// 44 / 35 = 21.7 cycles of a crop, in band 2 (16 to 24 cycles) of 7 unless a face is very large or small.
constexpr double kWaveLength = 6.5;
constexpr std::size_t kPlantedBand = 2;

/// Adds a wave of a direction and phase of its own to a picture, weak enough that the face is still found.
Image with_wave(ImageView picture, evaluation::Random& random) {
  const double direction = random.unit() * std::numbers::pi;
  const double phase = random.unit() * 2 * std::numbers::pi;
  Image image = Image::create(picture.width, picture.height, PixelFormat::rgb8).value();
  for (int y = 0; y < picture.height; ++y)
    for (int x = 0; x < 3 * picture.width; ++x) {
      const int column = x / 3;
      const double along = std::cos(direction) * column + std::sin(direction) * y;
      const double wave = 15 * std::cos(2 * std::numbers::pi * along / kWaveLength + phase);
      image.row(y)[x] = static_cast<std::uint8_t>(std::clamp(picture.row(y)[x] + wave, 0.0, 255.0));
    }
  return image;
}

/// Two pictures of each of some people of LFW, every second person with a wave where one is wanted.
FrequencyAuditRun run_on_lfw(const fs::path& images, bool planted) {
  const media::testing::TestFolder folder;
  std::vector<fs::path> people;
  for (const auto& entry : fs::directory_iterator(images))
    if (fs::exists(entry.path() / (entry.path().filename().string() + "_0001.jpg")) &&
        fs::exists(entry.path() / (entry.path().filename().string() + "_0002.jpg")))
      people.push_back(entry.path());
  std::ranges::sort(people);
  people.resize(kPeople);
  evaluation::Random random(6);
  std::ofstream csv(folder / "attributes.csv");
  csv << "subject,half\n";
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::string name = people[i].filename().string();
    csv << name << (i % 2 == 0 ? ",one\n" : ",two\n");
    folder.make_folder("faces/" + name);
    for (const char* number : {"_0001", "_0002"}) {
      const auto picture = media::read_picture((people[i] / (name + number + ".jpg")).string()).value();
      const Image changed = with_wave(picture.image.view(), random);
      const ImageView kept = planted && i % 2 == 1 ? changed.view() : picture.image.view();
      media::write_file_atomically(folder / ("faces/" + name + "/" + number + ".png"), media::encode_png(kept).value())
          .value();
    }
  }
  csv.close();
  const auto engine = Engine::load({.models = fs::path(VULTUS_SOURCE_DIR) / "models", .threads = 1});
  if (!engine) throw std::runtime_error(engine.error().message);
  return run_frequency_audit(*engine,
                             {.folder = folder / "faces",
                              .attributes = folder / "attributes.csv",
                              .columns = {},
                              .bands = 7,
                              .options = {.bootstrap = {.draws = 100}}},
                             {})
      .value();
}

const audit::FrequencyAudit& audit_of_kind(const FrequencyAuditRun& run, audit::FrequencyPairs pairs) {
  for (const FrequencyKind& kind : run.attributes.front().kinds)
    if (kind.pairs == pairs) return kind.audit.value();
  throw std::logic_error("no such kind");
}

TEST(FrequencyAuditOnLfw, FindsTheBandThatWasPlantedInOneHalfOfThePeople) {
  const auto shared = golden::shared_folder();
  if (!shared || !fs::exists(*shared / "data" / "lfw" / "images"))
    GTEST_SKIP() << "needs LFW in the folder shared: set VULTUS_SHARED";
  const FrequencyAuditRun run = run_on_lfw(*shared / "data" / "lfw" / "images", true);
  EXPECT_EQ(run.persons, kPeople);
  const audit::FrequencyAudit& self = audit_of_kind(run, audit::FrequencyPairs::self);
  ASSERT_EQ(self.comparisons.size(), 1U);
  const audit::FrequencyComparison& one = self.comparisons.front();
  EXPECT_TRUE(one.differs);
  EXPECT_LT(one.difference[kPlantedBand], 0) << "the band counts more for the half that has it";
  EXPECT_LE(one.band_p[kPlantedBand], .05);
  EXPECT_EQ(one.band, kPlantedBand);
}

TEST(FrequencyAuditOnLfw, SeesNoDifferenceBetweenHalvesOfTheSamePeopleWithoutAPlantedBand) {
  const auto shared = golden::shared_folder();
  if (!shared || !fs::exists(*shared / "data" / "lfw" / "images"))
    GTEST_SKIP() << "needs LFW in the folder shared: set VULTUS_SHARED";
  const FrequencyAuditRun run = run_on_lfw(*shared / "data" / "lfw" / "images", false);
  for (const auto pairs : {audit::FrequencyPairs::self, audit::FrequencyPairs::mated}) {
    const audit::FrequencyAudit& got = audit_of_kind(run, pairs);
    ASSERT_EQ(got.comparisons.size(), 1U);
    EXPECT_FALSE(got.comparisons.front().differs) << name_of(pairs) << " p " << got.comparisons.front().p;
  }
}

}  // namespace
}  // namespace vultus::engine
