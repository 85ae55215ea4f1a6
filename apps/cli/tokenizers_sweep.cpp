// vultus tokenizers sweep: several codecs at several strengths over the same pictures, and a page to compare them.
#include <array>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include <vultus/engine/tokenizer_codecs.hpp>
#include <vultus/engine/tokenizer_sweep.hpp>
#include <vultus/media/file.hpp>

#include <apps/cli/originals.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/cli/tokenizers.hpp>
#include <apps/cli/with_progress.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kSweepExamples =
    "jpeg and webp at several qualities, resize (2, 4 and 8 times fewer pixels a side, and back), ae (an autoencoder "
    "with "
    "a\n"
    "codebook: tokenizer_vq, or --model FILE.json as vultus-learn tokenizer train leaves it). The first row is the "
    "originals\n"
    "against themselves, with the reader's ceiling; the last one is each original against another picture. -o keeps "
    "the\n"
    "reconstructions as PNG under the names of the originals, one folder a codec, as vultus tokenizers score reads "
    "them.\n\n"
    "Examples:\n"
    "  vultus tokenizers sweep --orig originals/ --html codecs.html\n"
    "  vultus tokenizers sweep --orig originals/ --codec jpeg,resize -o reconstructed/ --json\n"
    "  vultus tokenizers sweep --orig originals/ --text-ann words.json --codec webp --html codecs.html";

struct SweepSettings {
  EngineSettings engine;
  engine::TokenizerSweepPlan plan;
  std::string html;
  bool json = false;
  bool quiet = false;
};

Json optional_number(const std::optional<double>& value, int digits) {
  return value ? number_json(*value, digits) : Json(nullptr);
}

const char* kind_name(engine::SweepKind kind) {
  switch (kind) {
    case engine::SweepKind::originals: return "originals";
    case engine::SweepKind::shuffled: return "shuffled";
    case engine::SweepKind::codec: break;
  }
  return "codec";
}

Json sweep_json(const engine::TokenizerSweep& sweep, const engine::Engine& engine) {
  Json object;
  object["planted"] = sweep.planted;
  object["rows"] = Json::array();
  for (const engine::SweepRow& row : sweep.rows) {
    const auto bits = row.bits_per_pixel();
    Json one{{"kind", kind_name(row.kind)}, {"codec", row.family}, {"setting", row.setting}};
    if (row.family == "ae") one["learnt_from_planted_data"] = row.planted;
    one["bits_per_pixel"] = optional_number(bits, 6);
    one["bytes_per_pixel"] = optional_number(bits ? std::optional(*bits / 8) : std::nullopt, 6);
    one.update(kept_summary_json(row.score));
    object["rows"].push_back(std::move(one));
  }
  object["left_out"] = sweep.left_out;
  object["psnr_rank_correlation"] = {{"over_pictures", optional_number(sweep.pooled_rank_correlation, 6)},
                                     {"over_codecs", optional_number(sweep.codec_rank_correlation, 6)}};
  object["seconds"] = number_json(sweep.seconds, 2);
  object["evidence"] = {
      {"data", sweep.planted ? "planted" : "user"},  {"template_model", engine.preset().template_model().text()},
      {"template_sha256", engine.template_sha256()}, {"backend", engine.backend()},
      {"draws", sweep.plan.score.bootstrap.draws},   {"seed", sweep.plan.score.bootstrap.seed}};
  return object;
}

std::string plain_number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : std::string("-");
}

std::string sweep_text(const engine::TokenizerSweep& sweep, const engine::Engine& engine, bool colour) {
  const engine::TokenizerScore& first = sweep.rows.front().score;
  std::vector<Column> columns{{"CODEC"},
                              {"BITS/PIXEL", Align::right},
                              {"SIMILARITY [95 %]", Align::right},
                              {"PSNR", Align::right},
                              {"SSIM", Align::right}};
  if (first.text)
    for (const char* title : {"WORDS %", "1-NED %"}) columns.push_back({title, Align::right});
  std::vector<Row> rows;
  for (const engine::SweepRow& row : sweep.rows) {
    std::string similarity = row.score.faces.empty() ? "-" : fmt::format("{:.4f}", row.score.mean.value);
    if (row.score.mean.interval)
      similarity += fmt::format(" [{:.4f}, {:.4f}]", row.score.mean.interval->low, row.score.mean.interval->high);
    Row cells{{row.name() + (row.planted ? " (learnt from planted data)" : ""),
               row.kind == engine::SweepKind::codec ? Style::plain : Style::dim},
              {plain_number(row.bits_per_pixel(), 3)},
              {similarity},
              {plain_number(row.score.mean_psnr, 2)},
              {plain_number(row.score.mean_ssim, 4)}};
    if (row.score.text)
      for (const double share : {row.score.text->accuracy.mean, row.score.text->ned.mean})
        cells.push_back({fmt::format("{:.1f}", 100 * share)});
    rows.push_back(std::move(cells));
  }
  std::string text = sweep.planted ? "Planted data: made by a program, not photos of real people.\n\n" : "";
  text += table_text(std::move(columns), rows, colour);
  text += fmt::format("\n{} in {}, {}; preset {}.\n", counted(static_cast<std::int64_t>(first.faces.size()), "face"),
                      counted(static_cast<std::int64_t>(first.pictures.size()), "picture"), first.protocol,
                      engine.preset().id);
  if (first.text)
    text += fmt::format("{} read by {}: what it reads in the originals is its ceiling.\n",
                        counted(static_cast<std::int64_t>(first.text->words.size()), "word"), first.text->reader);
  if (sweep.pooled_rank_correlation)
    text += fmt::format(
        "Rank correlation of PSNR and similarity: {:.3f} over all pictures of all codecs, {} over codecs.\n",
        *sweep.pooled_rank_correlation, plain_number(sweep.codec_rank_correlation, 3));
  for (const std::string& reason : sweep.left_out) text += "Left out: " + printable(reason) + ".\n";
  return text;
}

Result<ExitCode> sweep_codecs(const SweepSettings& settings, Context& context) {
  context.console.set_quiet(settings.quiet);
  Originals originals(
      std::array{settings.plan.score.annotations, settings.plan.score.text_annotations, settings.plan.model});
  originals.add_pictures(settings.plan.score.originals);
  VULTUS_CHECK(originals.spare(settings.html, "--html"));
  VULTUS_TRY(const engine::Engine engine, load_engine(settings.engine));
  const auto sweep = with_progress(context, "tokenizers sweep", [&](const Progress& progress) {
    return engine::sweep_tokenizers(engine, settings.plan, progress, context.stop);
  });
  if (!sweep) return sweep.error();
  if (!settings.html.empty()) {
    VULTUS_TRY(const std::string page, engine::tokenizer_sweep_page(*sweep, engine));
    VULTUS_CHECK(media::write_file_atomically(settings.html, page));
  }
  VULTUS_CHECK(context.out.write(settings.json ? json_line(sweep_json(*sweep, engine))
                                               : sweep_text(*sweep, engine, context.out.colour())));
  return ExitCode::done;
}

}  // namespace

void add_tokenizers_sweep(CLI::App& tokenizers, Commands& commands) {
  CLI::App* command = tokenizers.add_subcommand("sweep", "compare codecs at several strengths, with a page");
  auto settings = std::make_shared<SweepSettings>();
  add_tokenizer_options(*command, settings->plan.score);
  command->add_option("--codec", settings->plan.codecs, "jpeg, webp, resize, ae; a list, or repeated; all unless told")
      ->type_name("NAMES")
      ->delimiter(',')
      ->check(CLI::IsMember(engine::tokenizer_families()));
  command->add_option("--model", settings->plan.model, "manifest of an autoencoder of your own, for ae")
      ->type_name("FILE.json");
  command->add_option("--html", settings->html, "write a page that compares them")->type_name("FILE.html");
  command->add_option("-o,--output", settings->plan.keep, "keep the reconstructions in this folder")->type_name("DIR");
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->add_flag("-q,--quiet", settings->quiet, "no progress bar")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kSweepExamples);
  commands.push_back({command, [settings](Context& context) { return sweep_codecs(*settings, context); }});
}

}  // namespace vultus::cli
