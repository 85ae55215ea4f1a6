// Tensors of a file of samples. Not installed: shows libtorch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <torch/types.h>

#include <vultus/core/result.hpp>
#include <vultus/learn/class_scores.hpp>
#include <vultus/learn/tensor_file.hpp>

namespace vultus::learn {

/// Samples that a system learns from: pictures or clips, and columns. Immutable but for shuffle_labels().
class SampleFile {
 public:
  /// @error of TensorFile::open()
  static Result<SampleFile> open(const std::filesystem::path& path);

  [[nodiscard]] bool has(const std::string& name) const { return file_.find(name).has_value(); }
  /// A tensor of bytes, whole numbers or floats as it is in the file. @param axes  how many it must have
  /// @error not_found  no such tensor; corrupt_data  another number of axes, or samples than "n"
  [[nodiscard]] Result<torch::Tensor> tensor(const std::string& name, std::int64_t axes);
  /// A column of classes. @error invalid_argument  a label outside 0 to classes - 1, by its sample; a class that has
  /// one sample alone
  [[nodiscard]] Result<torch::Tensor> labels(const std::string& name, std::int64_t classes);
  /// Whose each sample is, by number: the column "person"; undefined where the file has none.
  /// @error as tensor(); corrupt_data  no whole numbers
  [[nodiscard]] Result<torch::Tensor> persons();
  [[nodiscard]] const TensorNotes& notes() const { return file_.notes(); }
  [[nodiscard]] bool planted() const;  ///< as the notes say
  /// Whose numbers those of persons() are: planted persons are numbered anew by every seed, so the seed; empty for
  /// people.
  [[nodiscard]] std::string numbered_by() const;
  [[nodiscard]] std::string named_labels() const;              ///< the note "labels"; empty where there is none
  [[nodiscard]] std::int64_t count() const { return count_; }  ///< samples; 0 before the first tensor was read

 private:
  explicit SampleFile(TensorFile file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
  TensorFile file_;
  std::string name_;
  std::int64_t count_ = 0;
};

/// Levels 0 to 255 as -1 to 1, channels before places: [n, h, w, 3] -> [n, 3, h, w]; clips [n, t, h, w, 3] ->
/// [n, 3, t, h, w].
[[nodiscard]] torch::Tensor levels_of(const torch::Tensor& bytes);

/// Rows of a tensor by their numbers.
[[nodiscard]] torch::Tensor rows_of(const torch::Tensor& tensor, const std::vector<std::int64_t>& which);

/// Numbers of a column by their places; none of an undefined one. @param column  whole numbers, [n]
[[nodiscard]] std::vector<std::int64_t> persons_of(const torch::Tensor& column, const std::vector<std::int64_t>& which);

/// Classes that a network learns: those up to the largest label that is trained on.
/// @param tested  labels of what is tested on
/// @error invalid_argument  a label among these that is beyond them, named with its column
[[nodiscard]] Result<std::int64_t> learnt_classes(const std::string& column, const torch::Tensor& trained,
                                                  const torch::Tensor& tested);

/// Samples in file order: the last share of them is tested on and never trained on.
struct HeldOut {
  std::vector<std::int64_t> trained, tested;
};
/// @error invalid_argument  fewer than 2 samples on either side
[[nodiscard]] Result<HeldOut> last_share(std::int64_t count, double share);
/// The same by persons: the last ones to appear in the file, as many as the share of the samples takes, so that nobody
/// is on both sides. Without persons it is last_share().
/// @param persons  numbers, [count]; undefined = none are known
/// @error invalid_argument  fewer than 2 samples on either side
[[nodiscard]] Result<HeldOut> last_persons(const torch::Tensor& persons, std::int64_t count, double share);
/// A sum of which sample is trained on and which is tested on, for the card.
[[nodiscard]] std::string split_sum(const HeldOut& split);
/// All of one file are trained on, and all of another tested on.
[[nodiscard]] HeldOut two_files(std::int64_t trained, std::int64_t tested);

/// @error invalid_argument  samples to test on are those that are trained on: the same file, or one with the same bytes
[[nodiscard]] Status check_apart(const std::filesystem::path& trained, const std::filesystem::path& tested);

/// One of two files.
struct SampleSide {
  torch::Tensor samples;    ///< [n, ...]
  torch::Tensor persons;    ///< [n]; undefined where the file names none
  std::string numbered_by;  ///< of SampleFile
};
/// Whether two files share nothing that would be tested on after it was learnt.
/// @error invalid_argument  a person of both, where both number them alike, or a sample of the same bytes: named
[[nodiscard]] Status check_nothing_shared(const SampleSide& trained, const SampleSide& tested);

/// The labels of some samples dealt out among them.
[[nodiscard]] torch::Tensor shuffled_among(const torch::Tensor& labels, const std::vector<std::int64_t>& which,
                                           std::uint64_t seed);

/// The control, which must learn nothing: labels dealt out among the samples that are trained on and, apart from them,
/// among those that are tested on. Where those kept their labels, one of few classes that are easily told apart would
/// be right by chance as a whole, and the result far from chance either way.
/// @param both  samples to test on are of the same column
[[nodiscard]] torch::Tensor dealt_out(const torch::Tensor& labels, const HeldOut& split, bool both, std::uint64_t seed);

/// @param best, truth  classes, [n] whole numbers
[[nodiscard]] Answered answered(const torch::Tensor& best, const torch::Tensor& truth);

}  // namespace vultus::learn
