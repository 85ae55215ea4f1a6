// Clustering of planted faces: time, memory and whether the people are found.
//
//   cluster_speed [ITEMS [PERSONS [DIMENSION [THREADS [METHOD]]]]]
//
// Each person is a random direction of the sphere; faces lie around it at cosines near 0.62 to each other, as far apart
// as those of one person in life. Sizes are uneven: person k has a share of the faces that falls like 1 / (k + 10).
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <sys/resource.h>

#include <vultus/evaluation/clustering.hpp>
#include <vultus/identity/cluster.hpp>

namespace {

using namespace vultus;  // NOLINT(google-build-using-namespace): a program of one file

struct Planted {
  std::vector<Embedding> templates;
  std::vector<std::uint32_t> person_of;
  std::vector<std::uint32_t> picture_of;
};

Planted plant(std::size_t items, std::size_t persons, std::size_t dimension) {
  constexpr double kNoise = 0.78;  // cosine within a person near 1 / (1 + 0.78^2) = 0.62
  std::mt19937_64 engine(7);
  std::normal_distribution<float> normal;
  std::vector<std::vector<float>> middles(persons, std::vector<float>(dimension));
  for (auto& middle : middles)
    for (float& v : middle) v = normal(engine);
  std::vector<double> shares(persons);
  for (std::size_t p = 0; p < persons; ++p) shares[p] = 1.0 / static_cast<double>(p + 10);
  std::discrete_distribution<std::uint32_t> draw(shares.begin(), shares.end());
  Planted made;
  made.templates.reserve(items);
  for (std::size_t i = 0; i < items; ++i) {
    const std::uint32_t person = draw(engine);
    std::vector<float> values(middles[person]);
    for (float& v : values) v += static_cast<float>(kNoise) * normal(engine);
    made.templates.push_back(Embedding::normalised(ModelId("planted"), std::move(values)).value());
    made.person_of.push_back(person);
    made.picture_of.push_back(static_cast<std::uint32_t>(i));
  }
  return made;
}

std::size_t argument(int argc, char** argv, int at, std::size_t usual) {
  return argc > at ? std::strtoull(argv[at], nullptr, 10) : usual;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t items = argument(argc, argv, 1, 10'000);
  const std::size_t persons = argument(argc, argv, 2, items / 10);
  const std::size_t dimension = argument(argc, argv, 3, 192);
  const std::string method = argc > 5 ? argv[5] : "linkage";
  identity::ClusterOptions options{.threshold = Cosine(0.45F), .threads = static_cast<int>(argument(argc, argv, 4, 1))};
  for (const auto one : {identity::ClusterMethod::chinese_whispers, identity::ClusterMethod::dbscan})
    if (method == name_of(one)) options.method = one;
  const Planted planted = plant(items, persons, dimension);
  const double before = peak_mib();
  const auto start = std::chrono::steady_clock::now();
  const auto found = identity::cluster({.templates = planted.templates, .picture_of = planted.picture_of}, options);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!found) {
    std::cerr << found.error().message << '\n';
    return EXIT_FAILURE;
  }
  const auto scores = evaluation::score_clusters(found->cluster_of, planted.person_of).value();
  std::cout << items << " faces of " << scores.identities << " people, " << dimension << " values, " << options.threads
            << " thread(s), " << name_of(options.method) << ": " << seconds << " s, peak " << peak_mib() << " MiB ("
            << before << " MiB before), " << found->clusters << " clusters, pair F " << scores.pairs.f << ", B-cubed F "
            << scores.bcubed.f << '\n';
  return EXIT_SUCCESS;
}
