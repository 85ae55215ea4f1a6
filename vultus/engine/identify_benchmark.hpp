// The identification benchmark: enrol some people of a folder, probe with their other pictures and with strangers.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/evaluation/identification_protocol.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {

struct IdentifyBenchOptions {
  std::string images;                  ///< folder with one subfolder for each person
  int splits = 20;                     ///< [1, 1000]
  std::uint64_t seed = 1;              ///< of the splits and of the pictures that are degraded
  double enrolled_share = 0.5;         ///< of the people with two pictures, (0, 1)
  bool degrade = false;                ///< also with degraded probes
  std::size_t degrade_pictures = 500;  ///< mated probes and as many strangers for each level, [10, 100000]
};

/// Rate of identification where a share of the strangers gets a name.
struct DirRow {
  double fpir = 0;
  std::optional<evaluation::OverSplits> dir;  ///< empty: too few strangers to show this rate
};

enum class Degradation : std::uint8_t { blur, size, jpeg, occlusion };

[[nodiscard]] std::string_view name_of(Degradation kind);  ///< as in JSON, for example "blur"

/// Degraded probes against the undegraded gallery, at the threshold of undegraded strangers.
struct DegradedRow {
  double level = 0;    ///< see level_unit
  bool clean = false;  ///< the same pictures as they are
  std::int64_t mated = 0;
  std::int64_t strangers = 0;
  std::int64_t without_face = 0;  ///< of all of them
  evaluation::Figure dir;         ///< mated probes whose subject comes first and reaches the threshold
  evaluation::Figure fpir;        ///< strangers who get a name
  double rank1 = 0;
};

struct DegradedCurve {
  Degradation kind = Degradation::blur;
  std::vector<DegradedRow> rows;  ///< the clean pictures first, then worse and worse
};

/// What the levels of a degradation are, e.g. "distance of the eyes, pixels".
[[nodiscard]] std::string_view level_unit(Degradation kind);

struct IdentifyBenchResult {
  std::int64_t pictures = 0;
  std::int64_t people = 0;
  std::int64_t enrolled = 0;   ///< people in the gallery of each split
  std::int64_t mated = 0;      ///< probes of one split, the mean over the splits
  std::int64_t strangers = 0;  ///< the same
  std::vector<std::string> without_face;
  evaluation::OverSplits rank1;
  std::vector<DirRow> dir;                ///< at the rates that are reported
  std::vector<DirRow> curve;              ///< at many rates, for the plot
  std::optional<double> probability_ece;  ///< of the preset's probabilities of identification, on the first split
  double smallest_fpir = 0;               ///< that the strangers of the smallest split can show
  double degraded_threshold = 0;          ///< of the degraded probes
  double degraded_fpir = 0;               ///< that this threshold was chosen for
  std::vector<DegradedCurve> degraded;
  std::string data_sha256;  ///< of names and contents of the pictures
  double seconds = 0;       ///< of looking at the pictures
  IdentifyBenchOptions options;
};

/// @param progress  gets what is done, and the number of pictures done and of all; one call at a time, on any thread
/// @error not_found, invalid_argument  the folder; a set that cannot be split; an option outside its range
/// @error cancelled  stop was requested; else those of Engine::look_at. A picture that cannot be read is an error.
Result<IdentifyBenchResult> run_identify_benchmark(
    const Engine& engine, const IdentifyBenchOptions& options,
    const std::function<void(std::string_view, std::size_t, std::size_t)>& progress, const std::stop_token& stop = {});

/// Rate of identification over the share of strangers with a name.
[[nodiscard]] evaluation::Plot identify_plot(const IdentifyBenchResult& result);
/// One plot for each degradation.
[[nodiscard]] evaluation::Plot degraded_plot(const IdentifyBenchResult& result, const DegradedCurve& curve);

/// One HTML file with everything.
/// @error invalid_argument  a plot without room
[[nodiscard]] Result<std::string> identify_benchmark_report(const IdentifyBenchResult& result, const Engine& engine);

}  // namespace vultus::engine
