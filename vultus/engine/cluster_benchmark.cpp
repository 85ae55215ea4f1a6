#include <vultus/engine/cluster_benchmark.hpp>

#include <array>
#include <chrono>
#include <map>
#include <utility>

#include <vultus/media/enrol_list.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using identity::ClusterMethod;

constexpr std::array kMethods{ClusterMethod::linkage, ClusterMethod::chinese_whispers, ClusterMethod::dbscan};
// A sweep goes so far below and above the threshold, in shares of what is left from it to 1.
constexpr double kSweepReach = 0.3;
constexpr int kSweepSteps = 12;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// All faces of all pictures; the main one of each has an identity.
struct Faces {
  std::vector<Embedding> templates;
  std::vector<std::uint32_t> picture_of;
  std::vector<std::optional<float>> quality_of;
  std::vector<std::uint32_t> main;      ///< items that are scored
  std::vector<std::uint32_t> identity;  ///< of those
};

Result<Faces> look_at_all(const Engine& engine, const media::EnrolList& list, ClusterBenchResult& result,
                          const std::function<void(std::string_view, std::size_t, std::size_t)>& progress,
                          const std::stop_token& stop) {
  Faces faces;
  std::map<std::string, std::uint32_t> numbers;
  std::vector<media::Input> inputs;
  inputs.reserve(list.pictures.size());
  for (const media::LabelledPicture& picture : list.pictures)
    inputs.push_back({.path = picture.path, .standard_input = false});
  std::string hashes;
  std::uint32_t number = 0;
  VULTUS_CHECK(engine.look_at(
      inputs, {.depth = Depth::embed_all, .hash = true, .quality = true},
      [&](SeenPicture seen) -> Status {
        if (seen.error) return *seen.error;
        const std::string& person = list.pictures[number].subject;
        hashes += person + " " + seen.sha256 + "\n";
        const std::uint32_t identity =
            numbers.emplace(person, static_cast<std::uint32_t>(numbers.size())).first->second;
        bool first = true;
        for (SeenFace& face : seen.faces) {
          if (!face.embedding) continue;
          if (std::exchange(first, false)) {
            faces.main.push_back(static_cast<std::uint32_t>(faces.templates.size()));
            faces.identity.push_back(identity);
          }
          faces.templates.push_back(*std::move(face.embedding));
          faces.picture_of.push_back(number);
          faces.quality_of.push_back(face.quality ? std::optional(face.quality->unified) : std::nullopt);
        }
        if (first) result.without_face.push_back(seen.path);
        ++number;
        if (progress) progress("bench cluster", number, inputs.size());
        return {};
      },
      stop));
  result.data_sha256 = runtime::sha256({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
  return faces;
}

/// The clusters of the faces that are scored.
Result<std::vector<std::uint32_t>> clusters_of_main(const Faces& faces, const identity::ClusterOptions& options,
                                                    const std::stop_token& stop) {
  VULTUS_TRY(
      const identity::Clustering found,
      identity::cluster({.templates = faces.templates, .picture_of = faces.picture_of, .quality_of = faces.quality_of},
                        options, stop));
  std::vector<std::uint32_t> clusters;
  clusters.reserve(faces.main.size());
  for (const std::uint32_t item : faces.main) clusters.push_back(found.cluster_of[item]);
  return clusters;
}

Status sweep(const Faces& faces, ClusterBenchResult& result,
             const std::function<void(std::string_view, std::size_t, std::size_t)>& progress,
             const std::stop_token& stop) {
  identity::ClusterOptions options = result.options.cluster;
  const double middle = result.options.at.threshold.value();
  const std::size_t total = kMethods.size() * (2 * kSweepSteps + 1);
  for (const ClusterMethod method : kMethods)
    for (int step = -kSweepSteps; step <= kSweepSteps; ++step) {
      const double threshold = middle + (1 - middle) * kSweepReach * step / kSweepSteps;
      options.method = method;
      options.threshold = Cosine(static_cast<float>(threshold));
      VULTUS_TRY(const auto clusters, clusters_of_main(faces, options, stop));
      VULTUS_TRY(const auto scores, evaluation::score_clusters(clusters, faces.identity));
      result.sweep.push_back({method, threshold, scores});
      if (progress) progress("sweep", result.sweep.size(), total);
    }
  return {};
}

}  // namespace

Result<ClusterBenchResult> run_cluster_benchmark(
    const Engine& engine, const ClusterBenchOptions& options,
    const std::function<void(std::string_view, std::size_t, std::size_t)>& progress, const std::stop_token& stop) {
  VULTUS_CHECK(evaluation::validate(options.bootstrap));
  VULTUS_TRY(const media::EnrolList list, media::enrol_list_of_folder(options.images));
  if (!list.errors.empty()) return list.errors.front().error;
  ClusterBenchResult result;
  result.options = options;
  result.options.cluster.threshold = options.at.threshold;
  result.pictures = static_cast<std::int64_t>(list.pictures.size());
  auto start = std::chrono::steady_clock::now();
  VULTUS_TRY(const Faces faces, look_at_all(engine, list, result, progress, stop));
  result.seconds = seconds_since(start);
  result.faces = static_cast<std::int64_t>(faces.templates.size());
  if (faces.main.empty()) return fail(ErrorCode::not_found, options.images + ": no picture shows a face");
  start = std::chrono::steady_clock::now();
  VULTUS_TRY(const auto clusters, clusters_of_main(faces, result.options.cluster, stop));
  result.cluster_seconds = seconds_since(start);
  VULTUS_TRY(result.scores, evaluation::score_clusters(clusters, faces.identity));
  if (result.scores.identities > 1) {
    VULTUS_TRY(result.intervals, evaluation::cluster_intervals(clusters, faces.identity, options.bootstrap));
  }
  if (options.sweep) VULTUS_CHECK(sweep(faces, result, progress, stop));
  return result;
}

}  // namespace vultus::engine
