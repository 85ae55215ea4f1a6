// Displayed expressions of the faces in pictures, and how well they are read where labels are known.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <vultus/core/face.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/evaluation/classification.hpp>
#include <vultus/evaluation/figure.hpp>
#include <vultus/expression/expression_net.hpp>
#include <vultus/expression/system.hpp>
#include <vultus/media/inputs.hpp>

namespace vultus::engine {

struct ExpressionOptions {
  ModelId model{std::string(expression::kExpressionModel)};  ///< of any expression system
  media::DecodeLimits limits;
  /// A picture without a detection is taken for an aligned crop: the middle two thirds are its face.
  bool crops = false;
};

/// A face and what it displays.
struct ReadFace {
  FaceObservation face;
  bool detected = true;                           ///< false: the middle of a crop
  std::optional<expression::Reading> expression;  ///< in the labels of expression_system(); nothing: see reason
  std::string reason;                             ///< "the face is smaller than 24 pixels"
};

struct ReadPicture {
  std::string path;
  std::vector<ReadFace> faces;  ///< most prominent first
  std::optional<Error> error;   ///< why nothing was read
};

/// The system that a model of the catalogue belongs to.
/// @error not_found  no such model; invalid_argument  it reads no expressions
[[nodiscard]] Result<const expression::System*> expression_system(const Engine& engine, const ModelId& model);

/// Reads every face of every picture, in the order of the inputs.
/// @param receive  gets each picture on the calling thread; returns an error to stop everything with it
/// @error not_found, corrupt_data  the network; invalid_argument  one with another decoder; cancelled  stop was
/// requested
Status read_expressions(const Engine& engine, std::span<const media::Input> inputs, const ExpressionOptions& options,
                        const std::function<Status(ReadPicture)>& receive, const std::stop_token& stop = {});

/// The answer of a face of which no expression could be told: it is wrong for every truth.
inline constexpr std::size_t kUnreadAnswer = expression::kExpressions;

/// How well labelled pictures are read.
struct ExpressionBenchmark {
  evaluation::ConfusionMatrix confusion;  ///< truths and answers, kUnreadAnswer behind the labels
  evaluation::ClassificationScores scores;
  std::optional<evaluation::Interval> accuracy_interval, uar_interval;  ///< 95 %, bootstrap over pictures
  std::vector<std::optional<double>> recalls;                           ///< by label; nothing where no picture has it
  std::int64_t pictures = 0;                                            ///< that were decoded
  std::int64_t without_detection = 0;                                   ///< of these the middle was read
  std::int64_t unread = 0;              ///< no expression could be told: they count as wrong
  std::vector<ReadPicture> unreadable;  ///< could not be decoded: they have no part in the numbers
  std::string labels_sha256;
  double seconds = 0;
  /// Truth and what was answered, picture by picture; kUnreadAnswer where nothing could be told.
  std::vector<std::pair<std::size_t, std::size_t>> answers;
};

/// One of no picture.
[[nodiscard]] Result<ExpressionBenchmark> start_expression_benchmark();
/// Counts the main face of a picture against its label; one that could not be decoded is listed.
/// @param truth  below kExpressions
/// @error invalid_argument  another truth; internal, cancelled  those of the picture: no word about its bytes
[[nodiscard]] Status count_picture(ExpressionBenchmark& run, std::size_t truth, ReadPicture seen);
/// Scores, recalls and intervals of what was counted.
/// @error that of the first picture where none could be decoded; invalid_argument  no picture, or the options
[[nodiscard]] Status score_pictures(ExpressionBenchmark& run, const evaluation::BootstrapOptions& options);

struct ExpressionBenchmarkOptions {
  std::string images;            ///< folder
  std::string labels;            ///< table: image or file, and label
  std::string column = "label";  ///< 1 to 7 in the order of kExpressionNames, or these names
  ExpressionOptions read;
  std::uint64_t seed = 1;
  int draws = 1000;  ///< of the bootstrap
};

/// The main face of every picture against its label. A picture that cannot be decoded is listed and has no part in the
/// numbers; every other one has.
/// @error as read_labelled_pictures() and score_pictures(); invalid_argument  a label outside the label space, by its
/// line, or a system of
///        other labels than the seven; else as above
[[nodiscard]] Result<ExpressionBenchmark> run_expression_benchmark(
    const Engine& engine, const ExpressionBenchmarkOptions& options,
    const std::function<void(std::size_t done, std::size_t all)>& progress, const std::stop_token& stop = {});

/// Two networks on the same pictures: the first minus the second.
struct ExpressionComparison {
  double accuracy = 0, uar = 0;
  std::optional<evaluation::Interval> accuracy_interval, uar_interval;  ///< 95 %, paired bootstrap over pictures
  std::uint32_t only_first = 0;                                         ///< pictures that only the first gets right
  std::uint32_t only_second = 0;                                        ///< pictures that only the second gets right
  double p = 1;                                                         ///< of the exact McNemar test
};
/// @error invalid_argument  not the same pictures
[[nodiscard]] Result<ExpressionComparison> compare_expressions(const ExpressionBenchmark& first,
                                                               const ExpressionBenchmark& second,
                                                               const evaluation::BootstrapOptions& options);

}  // namespace vultus::engine
