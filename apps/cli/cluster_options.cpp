#include <map>
#include <string>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/engine/photo_clusters.hpp>

#include <apps/cli/cluster_options.hpp>
#include <apps/cli/option_values.hpp>

namespace vultus::cli {

void add_joining_options(CLI::App& command, JoiningSettings& settings) {
  static const std::map<std::string, identity::ClusterMethod> kMethods{
      {"linkage", identity::ClusterMethod::linkage},
      {"chinese_whispers", identity::ClusterMethod::chinese_whispers},
      {"dbscan", identity::ClusterMethod::dbscan}};
  constexpr const char* kGroup = "Recognition";
  command
      .add_option_function<std::string>(
          "--method", [&settings](const std::string& name) { settings.options.method = kMethods.at(name); },
          "linkage (most accurate), chinese_whispers or dbscan; linkage unless told")
      ->type_name("NAME")
      ->check(CLI::IsMember({"linkage", "chinese_whispers", "dbscan"}).description(""))
      ->group(kGroup);
  command
      .add_option("--least-quality", settings.options.least_quality,
                  "faces of a lower quality found no cluster; they join the one they are closest to")
      ->type_name("0..100")
      ->capture_default_str()
      ->check(within(0.0, 100.0))
      ->group(kGroup);
  auto* fmr = command
                  .add_option("--fmr", settings.threshold.fmr,
                              "join faces from the threshold for this false match rate on; 1e-5 unless told")
                  ->type_name("RATE")
                  ->check(number_between(0, 1))
                  ->group(kGroup);
  command.add_option("--threshold", settings.threshold.threshold, "join faces from this similarity on")
      ->type_name("COSINE")
      ->check(within(-1.0, 1.0))
      ->excludes(fmr)
      ->group(kGroup);
}

Result<OperatingPoint> joining_point(const engine::Engine& engine, const JoiningSettings& settings) {
  if (settings.threshold.fmr || settings.threshold.threshold) return operating_point(engine, settings.threshold);
  if (auto point = engine.operating_point(engine::kClusterFmr)) return point;
  return engine.operating_point();
}

}  // namespace vultus::cli
