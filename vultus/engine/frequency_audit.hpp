// Which spatial frequencies a recogniser rests on, for groups of people: pictures and attributes go in, profiles and a
// permutation test come out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/audit/frequency_bands.hpp>
#include <vultus/audit/frequency_bias.hpp>
#include <vultus/audit/frequency_units.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::engine {

struct FrequencyAuditPlan {
  std::string folder;      ///< of the pictures
  std::string attributes;  ///< CSV with a column `file` (below the folder) or `subject` (a subfolder), or both
  std::vector<std::string> columns;  ///< that are audited; empty = all others with 2 to 50 values
  int bands = 28;                    ///< [2, 56]
  bool remove_mean = false;          ///< FrequencyBandOptions::remove_mean
  int pictures = 2;                  ///< of a person, the first of the list; [1, 100]
  audit::MaskedSide masked = audit::MaskedSide::both;
  bool directed = false;
  audit::FrequencyAuditOptions options;  ///< the seed of the bootstrap is that of pairs and permutations too
};

/// One kind of scores.
struct FrequencyKind {
  audit::FrequencyPairs pairs = audit::FrequencyPairs::self;
  std::optional<audit::FrequencyAudit> audit;  ///< empty: see reason
  std::string reason;                          ///< "no person has two pictures"
};

/// One attribute.
struct AttributeFrequencies {
  std::string attribute;
  std::vector<FrequencyKind> kinds;
  std::int64_t persons_left_out = 0;  ///< without a value, or with different ones in their pictures
};

/// One band, over all pictures.
struct BandFacts {
  double from = 0;     ///< cycles a face crop
  double to = 0;       ///< the last band holds what is above it too
  double energy = 0;   ///< mean share of the pictures' energy, [0, 1]
  double clipped = 0;  ///< mean share of values that had to be cut to 8 bits without the band, [0, 1]
};

struct FrequencyAuditRun {
  FrequencyAuditPlan plan;
  std::vector<BandFacts> bands;
  std::vector<AttributeFrequencies> attributes;
  std::int64_t pictures = 0;
  std::int64_t persons = 0;  ///< with a template
  std::int64_t without_face = 0;
  std::int64_t not_listed = 0;     ///< rows of the CSV without a picture in the folder
  std::int64_t not_looked_at = 0;  ///< pictures beyond those that were wanted of a person
  std::string attributes_sha256;
  double seconds = 0;
};

/// "self", "mated", "strangers"
[[nodiscard]] std::string_view name_of(audit::FrequencyPairs pairs);

/// Cuts bands out of the aligned faces and asks the engine's recogniser for templates of what is left.
/// @param progress  gets pictures done and all; called by one worker at a time
/// @error invalid_argument  a limit of the plan; as audit_list(); no face in any picture; an embedder that needs more
///                          than five keypoints (dlib's chips)
/// @error resource_limit    templates of more than 4 GiB
/// @error of pictures that cannot be read; cancelled
/// @cost (bands + 1) templates a picture
Result<FrequencyAuditRun> run_frequency_audit(const Engine& engine, const FrequencyAuditPlan& plan,
                                              const std::function<void(std::size_t, std::size_t)>& progress,
                                              const std::stop_token& stop = {});

/// A page for people who are not statisticians: fixed sentences, profiles with intervals, verdicts, plain warnings of
/// small groups.
[[nodiscard]] Result<std::string> frequency_audit_page(const FrequencyAuditRun& run, const Engine& engine);

}  // namespace vultus::engine
