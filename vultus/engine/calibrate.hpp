// Thresholds from the user's own pictures: which similarity belongs to a wanted false match rate, and how sure that is.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/embedding.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/engine/enrol.hpp>
#include <vultus/evaluation/all_pairs.hpp>
#include <vultus/gallery/gallery.hpp>
#include <vultus/identity/scale.hpp>

namespace vultus::engine {

/// Templates of people, to be compared with each other.
struct FaceSet {
  ModelId model;
  std::string preset;              ///< that they belong to; empty = not known
  std::string what;                ///< for people: "the gallery people.vgal", "the cohort staff/"
  bool cohort = false;             ///< not from the gallery itself
  std::vector<std::string> names;  ///< of persons
  std::vector<Embedding> templates;
  std::vector<std::uint32_t> person_of;  ///< of each template, an index into names
  std::int64_t without_face = 0;         ///< pictures of a cohort that are left out
  std::vector<std::string> failed;       ///< pictures of a cohort that could not be read, with the reason
};

/// All templates of a gallery. @error as Gallery::templates
[[nodiscard]] Result<FaceSet> faces_of_gallery(const Gallery& gallery);

/// The main faces of pictures of known people.
/// @param progress  gets the number of pictures done and of all
/// @error cancelled, or those of Engine::make_looker
Result<FaceSet> faces_of_cohort(const Engine& engine, std::span<const EnrolInput> pictures, std::string what,
                                const std::function<void(std::size_t, std::size_t)>& progress,
                                const std::stop_token& stop = {});

/// A way to divide people: one column of the user's list.
struct Grouping {
  std::string column;
  std::vector<std::string> values;      ///< in the order of their bytes
  std::vector<std::uint32_t> value_of;  ///< of each person; values.size() = not told
};

/// Reads groups from CSV: a column `subject`, and every other column is a grouping. Empty fields are in no group.
/// @param names   of persons, in the order that `value_of` gets; people of the list who are not among them are ignored
/// @param origin  the name of the file, for messages
/// @error corrupt_data      no column `subject` or no other one, or a row of another length; named by its line
/// @error invalid_argument  a person with two values, more than 64 values in a column, or nobody of the list known
[[nodiscard]] Result<std::vector<Grouping>> parse_groups(std::string_view csv, std::span<const std::string> names,
                                                         std::string_view origin);

struct CalibrateOptions {
  double fmr = 1e-4;       ///< wanted false match rate, (0, 1)
  double prior = 0.5;      ///< share of pairs of one person that the probability is for, (0, 1)
  std::uint64_t seed = 1;  ///< of the bootstrap, of the halves, and of who is left out of a very large set
  int draws = 1000;        ///< of the bootstrap
  int threads = 1;
  std::size_t most_faces = 20'000;  ///< of a larger set people are drawn; [2, 100000]
};

struct GroupTable {
  std::string column;
  std::vector<evaluation::GroupRates> groups;
  std::optional<double> fmr_ratio;   ///< highest over lowest rate; empty where the lowest is 0 or there are no two
  std::optional<double> fnmr_ratio;  ///< the same
};

/// What strangers meet.
struct OpenSet {
  std::string protocol;     ///< "leave one subject out", "cohort against the gallery"
  std::int64_t people = 0;  ///< that each stranger is compared with
  evaluation::Figure fpir;  ///< share of strangers' pictures that get a name
  double first_guess = 0;   ///< 1 - (1 - FMR)^people
};

struct CalibrationResult {
  Calibration record;         ///< as the gallery keeps it
  FaceSet faces;              ///< without the templates
  std::int64_t people = 0;    ///< in the gallery
  std::int64_t left_out = 0;  ///< faces of a set that was too large
  evaluation::Figure fmr;
  std::optional<evaluation::Figure> fnmr;
  std::optional<double> eer;  ///< to one bin of the histogram; empty without mated pairs
  std::uint64_t false_matches = 0;
  std::optional<OpenSet> open_set;
  std::string no_probability;        ///< why there is no curve; empty = there is one
  std::optional<double> preset_ece;  ///< error of the preset's probability on these pairs
  std::vector<GroupTable> groups;
  evaluation::PairHistograms histograms;
  CalibrateOptions options;
};

/// Measures threshold, rates, probability and groups on all pairs of the faces.
/// @param gallery    a cohort is searched in it, for the open set; people of its names are no strangers and left out
/// @param preset     the curve to compare with; nothing = none
/// @param groupings  of faces.names
/// @error invalid_argument  a rate that the pairs cannot show: the message tells how many pairs there are, how many are
///                          needed and the smallest rate that they support; or an option outside its range
/// @error model_mismatch    faces and gallery are of different models; cancelled
/// @cost two passes over all pairs
Result<CalibrationResult> calibrate(FaceSet faces, const Gallery& gallery, const std::optional<LogisticCurve>& preset,
                                    std::span<const Grouping> groupings, const CalibrateOptions& options,
                                    const std::stop_token& stop = {});

/// The newest calibration of a gallery as a scale; nothing = it has none. @error as Gallery::calibrations
[[nodiscard]] Result<std::optional<identity::Scale>> gallery_scale(const Gallery& gallery);

}  // namespace vultus::engine
