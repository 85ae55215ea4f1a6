// vultus tokenizers score and vultus bench tokbench: what codecs leave of faces and words.
#include <cmath>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <vultus/engine/tokbench.hpp>
#include <vultus/engine/tokenizer_score.hpp>

#include <apps/cli/audit_commands.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/tokenizers.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kScoreExamples =
    "Faces are aligned by their points in the original and compared by the recogniser; PSNR and SSIM stand beside. "
    "Without\n"
    "annotations the faces are those that are found in the originals. Words are read where --text-ann tells their "
    "places\n"
    "(network ocr_rec: vultus models fetch ocr_rec), in the originals too: that is the reader's own ceiling.\n\n"
    "Examples:\n"
    "  vultus tokenizers score --orig originals/ --recon reconstructions/\n"
    "  vultus tokenizers score --orig originals/ --recon reconstructions/ --setting 512 --json\n"
    "  vultus tokenizers score --orig originals/ --recon reconstructions/ --text-ann words.json";
constexpr const char* kTokbenchExamples =
    "Reads the published results of single words, checks accuracy and 1-NED of each by rule, and puts them into "
    "buckets of\n"
    "size again.\n\n"
    "Examples:\n"
    "  vultus bench tokbench --results tokbench/\n"
    "  vultus bench tokbench --results tokbench/ --json";

struct ScoreSettings {
  EngineSettings engine;
  engine::TokenizerScorePlan plan;
  bool json = false;
  bool quiet = false;
};

struct TokbenchSettings {
  std::string results;
  std::string revision = "tokbench-2";
  bool json = false;
};

Json finite_json(const std::optional<double>& value) {
  if (!value || !std::isfinite(*value)) return nullptr;
  return number_json(*value, 9);
}

Json ends_json(const std::optional<evaluation::Interval>& interval) {
  if (!interval) return nullptr;
  return Json::array({number_json(interval->low, 9), number_json(interval->high, 9)});
}

/// @param intervals  of the buckets; empty = none are told
Json binned_json(const evaluation::BinnedMean& binned,
                 const std::vector<std::optional<evaluation::Interval>>& intervals = {}) {
  Json object{{"mean", finite_json(binned.mean)},
              {"mean_of_buckets", finite_json(binned.mean_of_buckets)},
              {"items", binned.items},
              {"outside", binned.outside}};
  object["buckets"] = Json::array();
  for (std::size_t b = 0; b < binned.buckets.size(); ++b) {
    const evaluation::ScaleBucket& bucket = binned.buckets[b];
    object["buckets"].push_back(
        {{"from", bucket.from}, {"to", bucket.to}, {"items", bucket.items}, {"mean", finite_json(bucket.mean)}});
    if (!intervals.empty()) object["buckets"].back()["interval"] = ends_json(intervals[b]);
  }
  return object;
}

std::string mean_text(const std::optional<double>& mean, double scale) {
  return mean ? fmt::format("{:.6f}", *mean * scale) : std::string("undefined");
}

Json tokbench_json(const engine::TokbenchResult& result) {
  Json object{{"tokenizer", result.tokenizer}, {"setting", result.setting}, {"protocol", result.protocol}};
  object["sets"] = Json::array();
  for (const engine::TokbenchSet& set : result.sets)
    object["sets"].push_back({{"name", set.name},
                              {"words", set.words},
                              {"accuracy", number_json(set.accuracy, 9)},
                              {"one_minus_ned", number_json(set.ned, 9)},
                              {"outside_buckets", set.outside},
                              {"words_that_disagree", set.disagreeing},
                              {"as_published", set.as_published ? Json(*set.as_published) : Json(nullptr)}});
  object["accuracy"] = binned_json(result.accuracy);
  object["one_minus_ned"] = binned_json(result.ned);
  object["evidence"] = {{"data", "user"}, {"results_sha256", result.data_sha256}};
  return object;
}

/// Whether words and averages agree with what the file says of them.
Cell published_cell(const engine::TokbenchSet& set) {
  if (set.disagreeing > 0 || set.as_published == false) return {"DIFFERS", Style::bad};
  if (!set.as_published) return {"no averages published", Style::dim};
  return {"as published", Style::good};
}

std::string tokbench_text(const engine::TokbenchResult& result, bool colour) {
  std::string text = fmt::format("{} at {} ({})\n\n", printable(result.tokenizer), result.setting, result.protocol);
  std::vector<Row> rows;
  for (const engine::TokbenchSet& set : result.sets)
    rows.push_back({{set.name},
                    {grouped(set.words)},
                    {fmt::format("{:.2f}", set.accuracy * 100)},
                    {fmt::format("{:.2f}", set.ned * 100)},
                    {grouped(set.outside)},
                    published_cell(set)});
  text += table_text({{"SET"},
                      {"WORDS", Align::right},
                      {"ACCURACY %", Align::right},
                      {"1-NED %", Align::right},
                      {"IN NO BUCKET", Align::right},
                      {""}},
                     rows, colour);
  std::vector<Row> buckets;
  for (std::size_t b = 0; b < result.ned.buckets.size(); ++b)
    buckets.push_back({{fmt::format("{:g} to {:g}", result.ned.buckets[b].from, result.ned.buckets[b].to)},
                       {grouped(static_cast<std::int64_t>(result.ned.buckets[b].items))},
                       {mean_text(result.accuracy.buckets[b].mean, 100)},
                       {mean_text(result.ned.buckets[b].mean, 100)}});
  buckets.push_back({{"mean of the buckets"},
                     {""},
                     {mean_text(result.accuracy.mean_of_buckets, 100)},
                     {mean_text(result.ned.mean_of_buckets, 100)}});
  return text + "\n" +
         table_text({{"SIZE"}, {"WORDS", Align::right}, {"ACCURACY %", Align::right}, {"1-NED %", Align::right}},
                    buckets, colour);
}

Result<ExitCode> tokbench(const TokbenchSettings& settings, Context& context) {
  VULTUS_TRY(const auto results, engine::run_tokbench(settings.results, settings.revision));
  if (settings.json) {
    Json object;
    object["results"] = Json::array();
    for (const auto& result : results) object["results"].push_back(tokbench_json(result));
    VULTUS_CHECK(context.out.write(json_line(object)));
    return ExitCode::done;
  }
  std::string text;
  for (const auto& result : results) text += (text.empty() ? "" : "\n") + tokbench_text(result, context.out.colour());
  VULTUS_CHECK(context.out.write(text));
  return ExitCode::done;
}

Json words_json(const engine::WordScore& text) {
  Json object{
      {"reader", text.reader},
      {"words", text.words.size()},
      {"accuracy", binned_json(text.accuracy)},
      {"one_minus_ned", binned_json(text.ned)},
      {"ceiling", {{"accuracy", score_json(text.ceiling_accuracy)}, {"one_minus_ned", score_json(text.ceiling_ned)}}}};
  object["accuracy"]["interval"] = ends_json(text.accuracy_interval);
  object["one_minus_ned"]["interval"] = ends_json(text.ned_interval);
  return object;
}

Json single_words_json(const engine::WordScore& text) {
  Json details = Json::array();
  for (const engine::WordKept& word : text.words)
    details.push_back({{"gt", word.truth},
                       {"ratio", score_json(word.ratio)},
                       {"original", word.original},
                       {"pred", word.reconstruction}});
  return details;
}

std::string words_text(const engine::WordScore& text, bool colour) {
  std::vector<Row> rows;
  for (std::size_t b = 0; b < text.ned.buckets.size(); ++b)
    rows.push_back({{fmt::format("{:g} to {:g}", text.ned.buckets[b].from, text.ned.buckets[b].to)},
                    {grouped(static_cast<std::int64_t>(text.ned.buckets[b].items))},
                    {mean_text(text.accuracy.buckets[b].mean, 100)},
                    {mean_text(text.ned.buckets[b].mean, 100)}});
  rows.push_back({{"mean of the buckets"},
                  {""},
                  {mean_text(text.accuracy.mean_of_buckets, 100)},
                  {mean_text(text.ned.mean_of_buckets, 100)}});
  return table_text(
             {{"SIZE OF WORD"}, {"WORDS", Align::right}, {"ACCURACY %", Align::right}, {"1-NED %", Align::right}}, rows,
             colour) +
         fmt::format("\n{} read by {}; in the originals it reads {:.1f} % (1-NED {:.1f} %).\n",
                     counted(static_cast<std::int64_t>(text.words.size()), "word"), text.reader,
                     100 * text.ceiling_accuracy, 100 * text.ceiling_ned);
}

Json kept_json(const engine::TokenizerScore& score, const engine::Engine& engine) {
  Json object = kept_summary_json(score);
  object["details"] = Json::array();
  for (std::size_t i = 0; i < score.pictures.size(); ++i) {
    const engine::PictureKept& picture = score.pictures[i];
    Json one{{"file", picture.file}, {"psnr", finite_json(picture.psnr)}, {"ssim", finite_json(picture.ssim)}};
    one["faces"] = Json::array();
    for (const engine::FaceKept& face : score.faces)
      if (face.picture == i)
        one["faces"].push_back({{"ratio", score_json(face.ratio)}, {"similarity", score_json(face.cosine)}});
    object["details"].push_back(std::move(one));
  }
  if (score.text) object["text"]["details"] = single_words_json(*score.text);
  object["seconds"] = number_json(score.seconds, 2);
  object["evidence"] = {{"data", "user"},
                        {"template_model", engine.preset().template_model().text()},
                        {"template_sha256", engine.template_sha256()},
                        {"backend", engine.backend()}};
  return object;
}

std::string kept_text(const engine::TokenizerScore& score, const engine::Engine& engine, bool colour) {
  if (score.text) {
    std::string words = words_text(*score.text, colour);
    if (score.faces.empty()) return words;
    engine::TokenizerScore faces = score;
    faces.text.reset();
    return words + "\n" + kept_text(faces, engine, colour);
  }
  std::vector<Row> rows;
  for (const evaluation::ScaleBucket& bucket : score.similarity.buckets)
    rows.push_back({{fmt::format("{:g} to {:g}", bucket.from, bucket.to)},
                    {grouped(static_cast<std::int64_t>(bucket.items))},
                    {mean_text(bucket.mean, 1)}});
  rows.push_back({{"mean of the buckets"}, {""}, {mean_text(score.similarity.mean_of_buckets, 1)}});
  std::string text =
      table_text({{"SIZE OF FACE"}, {"FACES", Align::right}, {"SIMILARITY", Align::right}}, rows, colour);
  text += fmt::format("\n{} in {}, {}; preset {}.\n", evaluation::text_of(score.mean),
                      counted(static_cast<std::int64_t>(score.pictures.size()), "picture"), score.protocol,
                      engine.preset().id);
  if (score.mean_psnr) text += fmt::format("PSNR {:.2f} dB of the pictures that differ", *score.mean_psnr);
  if (score.mean_psnr && score.mean_ssim) text += fmt::format(", SSIM {:.4f}", *score.mean_ssim);
  if (score.mean_psnr) text += ".\n";
  if (score.psnr_rank_correlation)
    text +=
        fmt::format("Rank correlation of PSNR and similarity over pictures: {:.3f}.\n", *score.psnr_rank_correlation);
  return text;
}

Result<ExitCode> score(const ScoreSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto kept = with_progress(context, "tokenizers score", [&](const Progress& progress) {
    return engine::score_tokenizer(engine, settings.plan, progress, context.stop);
  });
  if (!kept) return kept.error();
  VULTUS_CHECK(context.out.write(settings.json ? json_line(kept_json(*kept, engine))
                                               : kept_text(*kept, engine, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

Json kept_summary_json(const engine::TokenizerScore& score) {
  Json object{
      {"pictures", score.pictures.size()},    {"faces", score.faces.size()},
      {"protocol", score.protocol},           {"similarity", binned_json(score.similarity, score.bucket_intervals)},
      {"mean", figure_json(score.mean)},      {"psnr", finite_json(score.mean_psnr)},
      {"ssim", finite_json(score.mean_ssim)}, {"psnr_rank_correlation", finite_json(score.psnr_rank_correlation)}};
  if (score.text) object["text"] = words_json(*score.text);
  return object;
}

void add_bench_tokbench(CLI::App& bench, Commands& commands) {
  CLI::App* command = bench.add_subcommand("tokbench", "aggregate published results of TokBench again");
  auto settings = std::make_shared<TokbenchSettings>();
  command->add_option("--results", settings->results, "folder of the published *.json")->type_name("DIR")->required();
  command->add_option("--revision", settings->revision, "of the buckets; tokbench-2 unless told")->type_name("NAME");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kTokbenchExamples);
  commands.push_back({command, [settings](Context& context) { return tokbench(*settings, context); }});
}

void add_tokenizer_options(CLI::App& command, engine::TokenizerScorePlan& plan) {
  command.add_option("--orig", plan.originals, "folder of the originals")->type_name("DIR")->required();
  command.add_option("--ann", plan.annotations, "annotated faces, in the form of face_meta.json")
      ->type_name("FILE.json");
  command
      .add_option("--text-ann", plan.text_annotations,
                  "annotated words: [{image_name, img_width, img_height, words: [{gt, ratio, quad}]}]")
      ->type_name("FILE.json");
  command
      .add_option("--setting", plan.setting,
                  "buckets for pictures tokenized at 256, 512 or 1024 pixels; 256 unless told")
      ->type_name("PIXELS");
  command.add_option("--revision", plan.revision, "of the buckets: tokbench-2 or tokbench-1; tokbench-2 unless told")
      ->type_name("NAME");
  command.add_option("--draws", plan.bootstrap.draws, "bootstrap draws; 1000 unless told")
      ->type_name("N")
      ->check(within(100, 1000000));
}

void add_tokenizers(CLI::App& app, Commands& commands) {
  CLI::App* tokenizers = app.add_subcommand("tokenizers", "what do codecs of pictures leave of faces and words?");
  tokenizers->require_subcommand(1);
  tokenizers->footer("Examples:\n  vultus tokenizers score --orig originals/ --recon reconstructions/");
  CLI::App* command = tokenizers->add_subcommand("score", "compare pictures with their reconstructions");
  auto settings = std::make_shared<ScoreSettings>();
  engine::TokenizerScorePlan& plan = settings->plan;
  add_tokenizer_options(*command, plan);
  command->add_option("--recon", plan.reconstructions, "folder of the reconstructions, files of the same names")
      ->type_name("DIR")
      ->required();
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kScoreExamples);
  commands.push_back({command, [settings](Context& context) { return score(*settings, context); }});
  add_tokenizers_sweep(*tokenizers, commands);
}

}  // namespace vultus::cli
