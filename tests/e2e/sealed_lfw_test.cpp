// Decisions on LFW by encrypted comparison, beside those by float: the real embedder, real keys, every tenth pair, or
// all with VULTUS_LFW_PAIRS=all.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include <gtest/gtest.h>

#include <vultus/evaluation/lfw.hpp>
#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/search.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::e2e {
namespace {

std::filesystem::path lfw() {
  const char* named = std::getenv("VULTUS_SHARED");
  const std::filesystem::path shared =
      named != nullptr ? std::filesystem::path(named) : std::filesystem::path(VULTUS_SOURCE_DIR) / ".." / "shared";
  return shared / "data" / "lfw";
}

/// Templates of the main faces of pictures; none where no face is found.
std::map<std::string, std::optional<Embedding>> embed(const engine::Engine& engine,
                                                      const std::vector<std::string>& pictures) {
  std::vector<media::Input> inputs;
  for (const std::string& picture : pictures)
    inputs.push_back({.path = (lfw() / "images" / picture).string(), .standard_input = false});
  std::map<std::string, std::optional<Embedding>> made;
  std::size_t at = 0;
  const Status looked =
      engine.look_at(inputs, {.depth = engine::Depth::embed_main}, [&](const engine::SeenPicture& seen) -> Status {
        EXPECT_FALSE(seen.error) << seen.path;
        made[pictures[at++]] = seen.faces.empty() ? std::nullopt : seen.faces.front().embedding;
        return {};
      });
  EXPECT_TRUE(looked);
  return made;
}

TEST(SealedSearch, ChangesAtMostOneInAThousandDecisionsOnLfw) {
  std::ifstream file(lfw() / "pairs.txt", std::ios::binary);
  if (!file) GTEST_SKIP() << (lfw() / "pairs.txt").string() << " is missing: no ../shared (set VULTUS_SHARED)";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto pairs = evaluation::parse_lfw_pairs(text).value();
  const char* const which = std::getenv("VULTUS_LFW_PAIRS");
  const std::size_t step = which != nullptr && std::string(which) == "all" ? 1 : 10;
  std::vector<evaluation::LfwPair> chosen;
  std::vector<std::string> pictures;
  for (std::size_t i = 0; i < pairs.pairs.size(); i += step) {
    chosen.push_back(pairs.pairs[i]);
    for (const std::size_t image : {pairs.pairs[i].first, pairs.pairs[i].second})
      pictures.push_back(pairs.images[image].path);
  }
  std::sort(pictures.begin(), pictures.end());
  pictures.erase(std::unique(pictures.begin(), pictures.end()), pictures.end());
  const engine::Engine engine = cli::load_engine({}).value();
  const auto templates = embed(engine, pictures);
  const auto threshold = static_cast<double>(engine.operating_point()->threshold.value());

  const sealed::SecretKey key = sealed::generate_key({}).value();
  sealed::SealedGallery gallery =
      sealed::make_gallery(key.public_key(), engine.preset().template_model().text(), engine.dimension(), {}).value();
  std::vector<sealed::NamedTemplate> rows;
  std::vector<std::pair<const Embedding*, const Embedding*>> compared;
  for (const auto& pair : chosen) {
    const auto& a = templates.at(pairs.images[pair.first].path);
    const auto& b = templates.at(pairs.images[pair.second].path);
    if (!a || !b) continue;
    rows.push_back({.name = pairs.images[pair.first].path, .values = {a->values().begin(), a->values().end()}});
    compared.emplace_back(&*a, &*b);
  }
  ASSERT_TRUE(sealed::Enroller::make(key.public_key())->add(gallery, rows));
  sealed::Searcher searcher = sealed::Searcher::make(gallery).value();
  std::int64_t changed = 0, matches = 0;
  double largest = 0;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    const auto exact = static_cast<double>(similarity(*compared[i].first, *compared[i].second)->value());
    const auto result = searcher.compare(compared[i].second->values(), static_cast<std::int64_t>(i)).value();
    const auto products = sealed::open_products(key, result).value();
    const double read = gallery.layout.cosine(products.at(0));
    largest = std::max(largest, std::abs(read - exact));
    matches += exact >= threshold ? 1 : 0;
    changed += (exact >= threshold) != (read >= threshold) ? 1 : 0;
  }
  RecordProperty("decisions", static_cast<int>(compared.size()));
  std::printf("%zu decisions at %.4f, %lld matches, %lld changed, largest difference of a cosine %.5f\n",
              compared.size(), threshold, static_cast<long long>(matches), static_cast<long long>(changed), largest);
  ASSERT_GE(compared.size(), chosen.size() * 99 / 100);
  EXPECT_GT(matches, static_cast<std::int64_t>(compared.size()) / 4) << "half of the pairs show one person";
  EXPECT_LE(changed * 1000, static_cast<std::int64_t>(compared.size()));
  // |error| <= sqrt(d)/2 (1/1000 + 1/500) + d/(4 * 1000 * 500)
  const double d = engine.dimension();
  EXPECT_LE(largest, std::sqrt(d) / 2 * 3e-3 + d / 2e6 + 1e-5);
}

}  // namespace
}  // namespace vultus::e2e
