#include <vultus/engine/read_expressions.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include <vultus/engine/labelled_faces.hpp>
#include <vultus/engine/ordered_work.hpp>
#include <vultus/engine/picture_decoder.hpp>
#include <vultus/evaluation/row_bootstrap.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/face/prominence.hpp>

namespace vultus::engine {
namespace {

constexpr float kSmallestRead = 24;  // pixels; as the analyser

/// The networks of one thread.
struct ExpressionReader {
  face::FaceFinder finder;
  expression::SystemNet net;
  media::Decoder decoder;
  media::Picture picture;
};

Result<ExpressionReader> make_reader(const Engine& engine, const ModelId& id) {
  VULTUS_TRY(auto finder, engine.make_finder());
  VULTUS_TRY(const runtime::ModelHandle model, engine.model(id));
  VULTUS_TRY(auto net, expression::SystemNet::load(model));
  VULTUS_TRY(media::Decoder decoder, make_decoder(engine));
  return ExpressionReader{std::move(finder), std::move(net), std::move(decoder), {}};
}

Result<std::vector<MainFace>> faces_of(ExpressionReader& reader, ImageView picture, bool crops) {
  VULTUS_TRY(auto found, reader.finder.find(picture));
  std::vector<MainFace> faces;
  if (found.empty() && crops) {
    VULTUS_TRY(faces.emplace_back(), main_face(reader.finder, picture));
  }
  for (FaceObservation& face : found) faces.push_back({.face = std::move(face), .detected = true});
  face::sort_by_prominence(faces, picture.width, picture.height, &MainFace::face);
  return faces;
}

Status decode_input(ExpressionReader& reader, const media::Input& input, const media::DecodeLimits& limits) {
  const media::DecodeOptions options{.limits = limits};
  VULTUS_TRY(const auto bytes, media::read_input(input, limits.max_bytes));
  return reader.decoder.decode(bytes, options, reader.picture).with_context(input.path);
}

Result<std::vector<ReadFace>> read_faces(ExpressionReader& reader, const media::Input& input,
                                         const ExpressionOptions& options) {
  VULTUS_CHECK(decode_input(reader, input, options.limits));
  const ImageView picture = reader.picture.image.view();
  if (reader.net.system().sees == expression::Sees::picture) {
    ReadFace whole;
    whole.face.box = {0, 0, static_cast<float>(picture.width), static_cast<float>(picture.height)};
    VULTUS_TRY(whole.expression, reader.net.read(picture, whole.face));
    return std::vector{std::move(whole)};
  }
  VULTUS_TRY(auto faces, faces_of(reader, picture, options.crops));
  std::vector<ReadFace> read;
  for (MainFace& main : faces) {
    ReadFace face{.face = std::move(main.face), .detected = main.detected, .expression = {}, .reason = {}};
    if (std::min(face.face.box.width, face.face.box.height) < kSmallestRead) {
      face.reason = "the face is smaller than 24 pixels";
    } else if (auto said = reader.net.read(picture, face.face)) {
      face.expression = *std::move(said);
    } else if (said.error().code == ErrorCode::internal) {
      return said.error();
    } else {
      face.reason = said.error().message;
    }
    read.push_back(std::move(face));
  }
  return read;
}

/// Labels of a table: all numbers from 1, or all names.
Result<std::vector<std::size_t>> truths_of(const evaluation::Table& table, const std::string& name) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  std::vector<std::size_t> truths;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& text = table.at(row, column);
    const auto known = std::ranges::find(expression::kExpressionNames, text);
    if (known != expression::kExpressionNames.end()) {
      truths.push_back(static_cast<std::size_t>(known - expression::kExpressionNames.begin()));
    } else if (text.size() == 1 && text[0] >= '1' && text[0] <= '7') {
      truths.push_back(static_cast<std::size_t>(text[0] - '1'));
    } else {
      return fail(ErrorCode::invalid_argument,
                  table.source() + " line " + std::to_string(table.line(row)) + ": label \"" + text +
                      "\" is none of surprise, fear, disgust, happiness, sadness, anger, neutral, or 1 to 7 for them");
    }
  }
  return truths;
}

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;  // truth and answer

std::vector<std::optional<double>> weighted_scores(const Pairs& pairs, std::span<const std::uint32_t> weights) {
  std::array<double, expression::kExpressions> right{}, all{};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    all.at(pairs[i].first) += weights[i];
    if (pairs[i].first == pairs[i].second) right.at(pairs[i].first) += weights[i];
  }
  double hits = 0, total = 0, recalls = 0, present = 0;
  for (std::size_t c = 0; c < all.size(); ++c) {
    hits += right.at(c), total += all.at(c);
    if (all.at(c) > 0) recalls += right.at(c) / all.at(c), present += 1;
  }
  if (!(total > 0)) return {std::nullopt, std::nullopt};
  return {hits / total, recalls / present};
}

}  // namespace

Result<const expression::System*> expression_system(const Engine& engine, const ModelId& model) {
  VULTUS_TRY(const runtime::ModelManifest* const manifest, engine.catalogue().find(model));
  return expression::system_of_decoder(manifest->decoder).with_context("model " + model.text());
}

Status read_expressions(const Engine& engine, std::span<const media::Input> inputs, const ExpressionOptions& options,
                        const std::function<Status(ReadPicture)>& receive, const std::stop_token& stop) {
  return in_order<ReadPicture>(
      inputs.size(), engine.threads(), [&] { return make_reader(engine, options.model); },
      [&](ExpressionReader& reader, std::size_t i) {
        ReadPicture seen{.path = inputs[i].path, .faces = {}, .error = {}};
        auto faces = guarded(inputs[i].path, [&] { return read_faces(reader, inputs[i], options); });
        if (faces) {
          seen.faces = *std::move(faces);
        } else {
          seen.error = faces.error();
        }
        return seen;
      },
      receive, stop);
}

Result<ExpressionBenchmark> start_expression_benchmark() {
  VULTUS_TRY(auto confusion, evaluation::ConfusionMatrix::of_classes(kUnreadAnswer + 1));
  return ExpressionBenchmark{.confusion = std::move(confusion)};
}

Status count_picture(ExpressionBenchmark& run, std::size_t truth, ReadPicture seen) {
  if (seen.error) {
    if (seen.error->code == ErrorCode::internal || seen.error->code == ErrorCode::cancelled) return *seen.error;
    run.unreadable.push_back(std::move(seen));
    return {};
  }
  if (seen.faces.empty()) return fail(ErrorCode::internal, seen.path + ": neither a face nor an error");
  const ReadFace& face = seen.faces.front();
  const std::size_t answer = face.expression ? face.expression->best : kUnreadAnswer;
  VULTUS_CHECK(run.confusion.add(truth, answer));
  run.without_detection += face.detected ? 0 : 1;
  run.unread += face.expression ? 0 : 1;
  run.answers.emplace_back(truth, answer);
  run.pictures = static_cast<std::int64_t>(run.answers.size());
  return {};
}

Status score_pictures(ExpressionBenchmark& run, const evaluation::BootstrapOptions& options) {
  if (run.answers.empty() && !run.unreadable.empty()) return *run.unreadable.front().error;
  VULTUS_TRY(run.scores, evaluation::classification_scores(run.confusion));
  run.recalls.clear();
  for (std::size_t c = 0; c < expression::kExpressions; ++c)
    run.recalls.push_back(run.confusion.support(c) == 0 ? std::nullopt
                                                        : std::optional(static_cast<double>(run.confusion.at(c, c)) /
                                                                        static_cast<double>(run.confusion.support(c))));
  VULTUS_TRY(const auto intervals, evaluation::bootstrap_rows(evaluation::RowGroups::each(run.answers.size()), options,
                                                              [&](std::span<const std::uint32_t> w) {
                                                                return weighted_scores(run.answers, w);
                                                              }));
  run.accuracy_interval = intervals[0], run.uar_interval = intervals[1];
  return {};
}

Result<ExpressionBenchmark> run_expression_benchmark(const Engine& engine, const ExpressionBenchmarkOptions& options,
                                                     const std::function<void(std::size_t, std::size_t)>& progress,
                                                     const std::stop_token& stop) {
  VULTUS_TRY(const LabelledPictures set, read_labelled_pictures(options.images, options.labels));
  VULTUS_TRY(const auto truths, truths_of(set.table, options.column));
  VULTUS_TRY(const expression::System* const system, expression_system(engine, options.read.model));
  if (!std::ranges::equal(system->labels, expression::kExpressionNames))
    return fail(ErrorCode::invalid_argument,
                "model " + options.read.model.text() + " answers with other labels than surprise to neutral");
  VULTUS_TRY(ExpressionBenchmark run, start_expression_benchmark());
  run.labels_sha256 = set.sha256;
  std::vector<media::Input> inputs;
  for (const auto& file : set.files) inputs.push_back({.path = file.string()});
  ExpressionOptions read = options.read;
  read.crops = true;
  std::size_t done = 0;
  const auto begin = std::chrono::steady_clock::now();
  const Status ran = read_expressions(
      engine, inputs, read,
      [&](ReadPicture seen) -> Status {
        VULTUS_CHECK(count_picture(run, truths[done++], std::move(seen)));
        progress(done, inputs.size());
        return {};
      },
      stop);
  if (!ran) return ran.error();
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  VULTUS_CHECK(score_pictures(run, {.draws = options.draws, .seed = options.seed}));
  return run;
}

Result<ExpressionComparison> compare_expressions(const ExpressionBenchmark& first, const ExpressionBenchmark& second,
                                                 const evaluation::BootstrapOptions& options) {
  const Pairs &a = first.answers, &b = second.answers;
  ExpressionComparison comparison;
  if (!std::ranges::equal(first.unreadable, second.unreadable, {}, &ReadPicture::path, &ReadPicture::path) ||
      a.size() != b.size() || !std::ranges::equal(a, b, {}, &Pairs::value_type::first, &Pairs::value_type::first))
    return fail(ErrorCode::invalid_argument, "networks can be compared on the same pictures only");
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool first_right = a[i].second == a[i].first, second_right = b[i].second == b[i].first;
    comparison.only_first += first_right && !second_right ? 1 : 0;
    comparison.only_second += second_right && !first_right ? 1 : 0;
  }
  comparison.p = evaluation::mcnemar(comparison.only_first, comparison.only_second);
  const auto differences = [&](std::span<const std::uint32_t> weights) {
    auto scores = weighted_scores(a, weights);
    const auto others = weighted_scores(b, weights);
    for (std::size_t k = 0; k < scores.size(); ++k)
      if (scores[k] && others[k]) *scores[k] -= *others[k];
    return scores;
  };
  const std::vector<std::uint32_t> once(a.size(), 1);
  const auto whole = differences(once);
  comparison.accuracy = whole[0].value_or(0), comparison.uar = whole[1].value_or(0);
  VULTUS_TRY(const auto intervals,
             evaluation::bootstrap_rows(evaluation::RowGroups::each(a.size()), options, differences));
  comparison.accuracy_interval = intervals[0], comparison.uar_interval = intervals[1];
  return comparison;
}

}  // namespace vultus::engine
