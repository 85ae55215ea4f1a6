// The page of a sweep over codecs.
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/html_page.hpp>
#include <vultus/engine/rate_text.hpp>
#include <vultus/engine/run_facts.hpp>
#include <vultus/engine/tokenizer_sweep.hpp>
#include <vultus/evaluation/plot.hpp>

namespace vultus::engine {
namespace {

constexpr std::string_view kStripRules = R"(
.strip{display:flex;flex-wrap:wrap;gap:12px;margin:0;padding:0;list-style:none}
.strip li{width:112px}
.strip img{display:block;width:112px;height:112px;border-radius:8px;background:var(--shade)}
.strip b{display:block;margin-top:4px;overflow-wrap:anywhere}
)";

std::string with_range(double value, const std::optional<evaluation::Interval>& interval, int digits,
                       double scale = 1) {
  std::string text = fmt::format("{:.{}f}", value * scale, digits);
  if (interval)
    text += fmt::format(" ({:.{}f} to {:.{}f})", interval->low * scale, digits, interval->high * scale, digits);
  return text;
}

std::string decibels(const SweepRow& row) {
  if (row.kind == SweepKind::originals) return "equal pixels";
  return row.score.mean_psnr ? fmt::format("{:.2f}", *row.score.mean_psnr) : "undefined";
}

std::string correlation_text(const std::optional<double>& value) {
  return value ? fmt::format("{:+.3f}", *value) : std::string("undefined");
}

void add_sweep_table(HtmlPage& page, const TokenizerSweep& sweep) {
  page.begin_table("table",
                   {"Codec", "Bits/pixel", "Bytes/pixel", "Face similarity (95 %)", "PSNR, dB", "SSIM", "Rank corr."});
  for (const SweepRow& row : sweep.rows) {
    const auto bits = row.bits_per_pixel();
    const bool faces = !row.score.faces.empty();
    page.row(row.name() + (row.planted ? " *" : ""),
             {bits ? fmt::format("{:.3f}", *bits) : "", bits ? fmt::format("{:.4f}", *bits / 8) : "",
              faces ? with_range(row.score.mean.value, row.score.mean.interval, 4) : "no face", decibels(row),
              row.score.mean_ssim ? fmt::format("{:.4f}", *row.score.mean_ssim) : "undefined",
              row.kind == SweepKind::codec ? correlation_text(row.score.psnr_rank_correlation) : ""});
  }
  page.end_table();
  if (std::ranges::any_of(sweep.rows, &SweepRow::planted))
    page.paragraph("* A network that learnt from planted data alone: made by a program, with no person behind it.");
  for (const std::string& reason : sweep.left_out) page.paragraph("Left out: " + reason);
}

void add_sweep_sizes(HtmlPage& page, const TokenizerSweep& sweep) {
  const evaluation::BinnedMean& first = sweep.rows.front().score.similarity;
  if (first.buckets.empty()) return;
  page.section("sizes", "By size of the face");
  page.paragraph(
      "The size is the longer side of the face over the longer side of its picture. An empty bucket makes the mean of "
      "the "
      "buckets undefined, never 0.");
  std::vector<std::string> columns{"Codec"};
  for (const evaluation::ScaleBucket& bucket : first.buckets)
    columns.push_back(
        fmt::format("{:g} to {:g}: {} {}", bucket.from, bucket.to, bucket.items, bucket.items == 1 ? "face" : "faces"));
  columns.emplace_back("Mean of the buckets");
  page.begin_table("sizes", columns);
  for (const SweepRow& row : sweep.rows) {
    std::vector<std::string> cells;
    for (std::size_t b = 0; b < row.score.similarity.buckets.size(); ++b) {
      const auto& mean = row.score.similarity.buckets[b].mean;
      cells.push_back(mean ? with_range(*mean, row.score.bucket_intervals[b], 4) : "no face");
    }
    const auto& whole = row.score.similarity.mean_of_buckets;
    cells.push_back(whole ? fmt::format("{:.4f}", *whole) : "undefined");
    page.row(row.name(), cells);
  }
  page.end_table();
}

void add_sweep_words(HtmlPage& page, const TokenizerSweep& sweep) {
  const auto& text = sweep.rows.front().score.text;
  if (!text) return;
  page.section("words", "Words");
  page.paragraph(
      fmt::format("{} words, read by {}. What it reads in the originals is its ceiling: {:.1f} % of the words, 1-NED "
                  "{:.1f} %. What "
                  "it misses there is no fault of a codec, and other readers have other ceilings.",
                  grouped(static_cast<std::int64_t>(text->words.size())), text->reader, 100 * text->ceiling_accuracy,
                  100 * text->ceiling_ned));
  std::vector<std::string> columns{"Codec", "Read exactly, % (95 %)", "1-NED, % (95 %)"};
  for (const evaluation::ScaleBucket& bucket : text->ned.buckets)
    columns.push_back(fmt::format("1-NED, % at {:g} to {:g}: {} words", bucket.from, bucket.to, bucket.items));
  page.begin_table("words", columns);
  for (const SweepRow& row : sweep.rows) {
    std::vector<std::string> cells{with_range(row.score.text->accuracy.mean, row.score.text->accuracy_interval, 1, 100),
                                   with_range(row.score.text->ned.mean, row.score.text->ned_interval, 1, 100)};
    for (const evaluation::ScaleBucket& bucket : row.score.text->ned.buckets)
      cells.push_back(bucket.mean ? fmt::format("{:.1f}", 100 * *bucket.mean) : "no word");
    page.row(row.name(), cells);
  }
  page.end_table();
}

/// One point alone would be drawn as nothing: a small cross stands for it.
void make_visible(evaluation::Series& series, const evaluation::Axis& y) {
  if (series.points.size() != 1) return;
  const auto [x, level] = series.points.front();
  const double tall = (y.high - y.low) * 0.02, wide = 1.06;
  series.points = {{x / wide, level}, {x * wide, level}, {x, level}, {x, level - tall}, {x, level + tall}};
}

/// The next number of one digit below or above, for the ends of an axis. @param value  > 0
double one_digit(double value, bool above) {
  const double power = std::pow(10.0, std::floor(std::log10(value)));
  return (above ? std::ceil(value / power) : std::floor(value / power)) * power;
}

Status add_sweep_plot(HtmlPage& page, const TokenizerSweep& sweep) {
  evaluation::Plot plot{.title = "What is left of identity, and what it costs",
                        .note = sweep.planted ? "planted data" : "",
                        .x = {.label = "bits per pixel", .scale = evaluation::Scale::log10, .low = 1e9, .high = 0},
                        .y = {.label = "face similarity", .low = 0, .high = 1.02}};
  for (const SweepRow& row : sweep.rows) {
    if (row.score.faces.empty()) continue;
    plot.y.low = std::min(plot.y.low, row.score.mean.value - 0.02);
    const auto bits = row.bits_per_pixel();
    if (row.kind != SweepKind::codec || !bits) continue;
    plot.x.low = std::min(plot.x.low, *bits / 1.3), plot.x.high = std::max(plot.x.high, *bits * 1.3);
    if (plot.series.empty() || plot.series.back().name != row.family)
      plot.series.push_back({.name = row.family, .points = {}});
    plot.series.back().points.push_back({*bits, row.score.mean.value});
  }
  if (plot.series.empty()) return {};
  plot.x.low = one_digit(plot.x.low, false), plot.x.high = one_digit(plot.x.high, true);
  for (evaluation::Series& series : plot.series) make_visible(series, plot.y);
  if (sweep.rows.back().kind == SweepKind::shuffled)
    plot.series.push_back({.name = "shuffled pairs",
                           .points = {{plot.x.low, sweep.rows.back().score.mean.value},
                                      {plot.x.high, sweep.rows.back().score.mean.value}}});
  VULTUS_TRY(const std::string drawn, evaluation::svg(plot));
  page.section("plot", "Similarity and size");
  page.html("<figure>" + drawn + "</figure>\n");
  return {};
}

void add_sweep_strip(HtmlPage& page, const TokenizerSweep& sweep) {
  if (sweep.strip_file.empty()) return;
  page.section("strip", "One face through all codecs");
  page.paragraph("The first face that was found, " + sweep.strip_file +
                 ", without further loss. Below each picture: its similarity to the original.");
  std::string html = "<ul class=\"strip\">\n";
  for (const SweepRow& row : sweep.rows) {
    if (row.face.empty()) continue;
    html += fmt::format(
        "<li><img alt=\"the face after {0}\" src=\"{1}\"><b class=\"small\">{0}</b><span class=\"soft "
        "small\">{2:.3f}</span></li>\n",
        html_text(row.name()), data_uri("image/png", row.face), row.face_similarity.value_or(0));
  }
  page.html(html + "</ul>\n");
}

void add_sweep_reading(HtmlPage& page, const TokenizerSweep& sweep) {
  page.section("reading", "How to read this page");
  page.paragraph(
      "Each picture went through each codec. Faces are aligned by their points in the original and compared by the "
      "recogniser: 1 is the same template. The first row is the originals against themselves; in the last one, each "
      "original was compared with another picture: that is what is left where nothing of the person is.");
  page.paragraph(
      "Bits are those of the file (JPEG, WebP), of the small picture as PNG (resize), or of the codes before any "
      "entropy "
      "coding (ae). Ranges are 95 % intervals over pictures; those of different codecs rest on the same pictures.");
  page.paragraph(fmt::format(
      "Does PSNR tell what is left of a face? The last column of the first table is the rank correlation of PSNR and "
      "similarity over the pictures of a codec. Over all pictures of all codecs: {}; over the means of "
      "the codecs: {}. 1 = the same order.",
      correlation_text(sweep.pooled_rank_correlation), correlation_text(sweep.codec_rank_correlation)));
}

}  // namespace

Result<std::string> tokenizer_sweep_page(const TokenizerSweep& sweep, const Engine& engine) {
  HtmlPage page("What codecs leave of faces and words");
  page.rule(kStripRules);
  page.subtitle("Preset " + engine.preset().id + ", " + engine.backend() + ".");
  if (sweep.planted)
    page.banner("These are planted data: made by a program to test the system, not photos of real people.");
  const TokenizerScore& first = sweep.rows.front().score;
  std::vector<Tile> tiles{{grouped(static_cast<std::int64_t>(first.pictures.size())), "pictures"},
                          {grouped(static_cast<std::int64_t>(first.faces.size())), "faces"}};
  if (first.text) tiles.push_back({grouped(static_cast<std::int64_t>(first.text->words.size())), "words"});
  page.tiles(tiles);
  add_sweep_reading(page, sweep);
  page.section("table", "The codecs");
  add_sweep_table(page, sweep);
  VULTUS_CHECK(add_sweep_plot(page, sweep));
  add_sweep_strip(page, sweep);
  add_sweep_sizes(page, sweep);
  add_sweep_words(page, sweep);
  page.section("evidence", "What these numbers rest on");
  std::vector<std::pair<std::string, std::string>> rows{
      {"Sizes", first.protocol},
      {"Data", sweep.planted ? "planted" : "the user's own"},
      {"Intervals", fmt::format("bootstrap over pictures, {} draws, seed {}", sweep.plan.score.bootstrap.draws,
                                sweep.plan.score.bootstrap.seed)}};
  add_run_facts(rows, engine, sweep.seconds, first.pictures.size());
  page.facts(rows);
  return std::move(page).finish();
}

}  // namespace vultus::engine
