// Does removing the worst-scored faces make recognition fail less often? Error against discard on damaged probes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/face/quality.hpp>
#include <vultus/studio/damage.hpp>

namespace vultus::engine {

/// Which people of the pairs file: the weights of the unified score and the limits of the enrolment gate were chosen on
/// the first half of the folds, the second half is for reporting. In LFW no person stands in two folds.
enum class PairsHalf : std::uint8_t { chosen_on, reported };

struct QualityBenchmarkOptions {
  std::string images;  ///< folder of NAME/NAME_0001.jpg
  std::string pairs;   ///< file in the format of LFW's pairs.txt
  PairsHalf half = PairsHalf::reported;
  double fmr = 1e-3;       ///< at which the threshold stands, measured over all probes; (0, 1)
  std::uint64_t seed = 1;  ///< of the strengths of the damage and of the bootstrap
  int draws = 1000;        ///< of the bootstrap, [100, 100000]
  /// Also plant damage in the probes; without it they are only what the data set holds.
  bool damage = true;
};

/// One picture of a person, compared with another of the same person.
struct QualityProbe {
  std::string file;
  int person = 0;
  studio::Damage damage;
  bool found = false;    ///< a face was found; else the rest is empty
  float similarity = 0;  ///< to the other picture of the person
  float detection = 0;
  face::QualityReport quality;
};

/// False non-match rates of the probes that are left when a share with the lowest scores is taken away.
struct DiscardCurve {
  std::string name;          ///< of the score: "unified", a measure, or "detection"
  std::vector<double> fnmr;  ///< at discards 0, 0.01, ... 0.5
  double area = 0;           ///< mean of fnmr over discards 0 to 0.2, over fnmr without discard: 1 = of no use
};

/// What one kind of damage does.
struct DamageRow {
  studio::DamageKind kind = studio::DamageKind::none;
  std::int64_t probes = 0;
  std::int64_t without_face = 0;
  double fnmr = 0;     ///< of those with a face
  double quality = 0;  ///< mean unified score of those
};

struct QualityBenchmark {
  std::vector<QualityProbe> probes;
  std::int64_t people = 0;
  std::int64_t without_face = 0;
  std::int64_t references_without_face = 0;  ///< their pairs are left out
  std::int64_t impostor_comparisons = 0;
  double threshold = 0;
  double fmr = 0;                    ///< as asked
  std::vector<DiscardCurve> curves;  ///< the first is that of the unified score
  std::vector<DamageRow> damages;
  /// FNMR without discard less FNMR when the worst 10 % are discarded; bootstrap over persons.
  double gain_at_10_percent = 0;
  std::optional<evaluation::Interval> gain_interval;
  double seconds = 0;
  std::string pairs_sha256;
};

/// @param progress  gets the number of pictures done and of all
/// @error not_found, corrupt_data  pairs file or a picture that it names; invalid_argument  an option outside its
/// range, or too few comparisons of different people for the rate; cancelled
Result<QualityBenchmark> run_quality_benchmark(const Engine& engine, const QualityBenchmarkOptions& options,
                                               const std::function<void(std::size_t, std::size_t)>& progress,
                                               const std::stop_token& stop = {});

/// The curves as one SVG element.
[[nodiscard]] Result<std::string> discard_svg(const QualityBenchmark& benchmark);

/// The probes as CSV, one row each: what the weights of the unified score are fitted on (bench/quality).
[[nodiscard]] std::string probes_csv(const QualityBenchmark& benchmark);

}  // namespace vultus::engine
