// vultus sealed answer | verify | bench: what needs the secret key, and how long everything takes.
#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/format.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/option_values.hpp>
#include <apps/cli/sealed_inputs.hpp>
#include <apps/cli/sealed_report.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/table.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kAnswerExamples =
    "Reads what a search computed. Scores are cosines of rounded templates. Whoever may ask for scores again and again "
    "can\n"
    "work a template out of them: --decision-only tells no score, and --ledger with --at-most refuses too many "
    "answers.\n\n"
    "Examples:\n"
    "  vultus sealed answer b.result --key office.key\n"
    "  vultus sealed answer b.result --key office.key --threshold 0.3 --decision-only --json\n"
    "  vultus sealed answer b.result --key office.key --top 1 --ledger answers.ledger --at-most 1000 --per 3600";
constexpr const char* kSealedVerifyExamples =
    "Both roles at once, for a machine that has the gallery and the key: is the face in the picture that of a row?\n\n"
    "Examples:\n"
    "  vultus sealed verify office.vsg b.jpg --row 0 --key office.key --threshold 0.3";
constexpr const char* kSealedBenchExamples =
    "Times every step on planted templates with a new key, and checks each answer against the search in the clear.\n\n"
    "Examples:\n"
    "  vultus sealed bench --json --rows 200 --dimension 64 --bits 1024 --rounds 1";

/// Refuses more than so many answers in a time. The ledger holds the times of past answers, a line each.
struct RateLimit {
  std::string ledger;
  int at_most = 100;
  int per_seconds = 3600;
};

constexpr int kMaxAnswers = 1'000'000;

std::int64_t seconds_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Counts this answer, or refuses it. The ledger is the key holder's own and private, as the key is.
Status count_answer(const RateLimit& limit, const std::stop_token& stop) {
  if (limit.ledger.empty()) return {};
  if (limit.at_most < 1 || limit.at_most > kMaxAnswers || limit.per_seconds < 1)
    return fail(ErrorCode::invalid_argument, fmt::format("--at-most {} --per {}: 1 to {} answers in at least 1 second",
                                                         limit.at_most, limit.per_seconds, kMaxAnswers));
  VULTUS_TRY(const sealed::FolderTurn turn, sealed::FolderTurn::take(limit.ledger, stop));
  const std::int64_t now = seconds_now();
  std::vector<std::int64_t> recent;
  auto read = sealed::read_secret_file(limit.ledger);
  if (!read && read.error().code != ErrorCode::not_found) return read.error();
  if (read) {
    const std::string_view text(reinterpret_cast<const char*>(read->data()), read->size());
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::int64_t when = 0;
      const auto got = std::from_chars(text.data() + at, text.data() + end, when);
      if (got.ec != std::errc() || got.ptr != text.data() + end)
        return fail(ErrorCode::corrupt_data, limit.ledger + " is no ledger of answers");
      if (when > now - limit.per_seconds) recent.push_back(when);
      at = end + 1;
    }
  }
  if (recent.size() >= static_cast<std::size_t>(limit.at_most))
    return fail(ErrorCode::resource_limit,
                fmt::format("{} answers in {} s, the limit; the next one in {} s", limit.at_most, limit.per_seconds,
                            recent.front() + limit.per_seconds - now));
  recent.push_back(now);
  std::string text;
  for (const std::int64_t when : recent) text += fmt::format("{}\n", when);
  const sealed::ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  return read ? sealed::write_private_file(limit.ledger, bytes) : sealed::write_secret_file(limit.ledger, bytes);
}

struct AnswerSettings {
  SecretKeySettings key;
  std::string result;
  std::size_t top = 5;
  std::optional<double> threshold;
  bool decision_only = false;
  RateLimit limit;
  sealed::ComputeOptions compute;
  bool json = false;
};

Json row_json(const sealed::ScoredRow& row, const AnswerSettings& settings) {
  Json object = {{"row", row.row}, {"name", row.name}};
  if (!settings.decision_only) {
    object["cosine"] = score_json(row.cosine);
    object["product"] = row.product;
  }
  if (settings.threshold) object["match"] = row.cosine >= *settings.threshold;
  return object;
}

Status tell_rows(const AnswerSettings& settings, const std::vector<sealed::ScoredRow>& rows, std::int64_t searched,
                 Context& context) {
  if (settings.json) {
    Json object = {{"searched", searched}};
    if (settings.threshold) object["threshold"] = score_json(*settings.threshold);
    object["rows"] = Json::array();
    for (const auto& row : rows) object["rows"].push_back(row_json(row, settings));
    return context.out.write(json_line(object));
  }
  if (rows.empty()) return context.out.write("nobody at or above the threshold\n");
  std::vector<Row> cells;
  cells.reserve(rows.size());
  for (const auto& row : rows)
    cells.push_back({{fmt::format("{}", row.row)},
                     {settings.decision_only ? "-" : fmt::format("{:.4f}", row.cosine)},
                     {printable(row.name)}});
  return context.out.write(
      table_text({{"ROW", Align::right}, {"COSINE", Align::right}, {"NAME"}}, cells, context.out.colour()));
}

Result<ExitCode> answer(const AnswerSettings& settings, Context& context) {
  if (settings.decision_only && !settings.threshold)
    return fail(ErrorCode::invalid_argument, "--decision-only needs --threshold");
  VULTUS_TRY(const sealed::SecretKey key, load_secret_key(settings.key));
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(settings.result));
  VULTUS_TRY(const sealed::SealedResult result, sealed::decode_result(bytes).with_context(settings.result));
  VULTUS_CHECK(count_answer(settings.limit, context.stop));
  VULTUS_TRY(auto rows, sealed::open_best(key, result, settings.top, settings.compute).with_context(settings.result));
  if (settings.threshold)
    std::erase_if(rows, [&](const sealed::ScoredRow& row) { return row.cosine < *settings.threshold; });
  VULTUS_CHECK(tell_rows(settings, rows, result.row ? 1 : result.rows, context));
  return ExitCode::done;
}

struct SealedVerifySettings {
  SecretKeySettings key;
  EngineSettings engine;
  InputSettings limits;
  std::string gallery;
  std::string picture;
  std::int64_t row = 0;
  double threshold = 0;
  sealed::ComputeOptions compute;
  bool json = false;
};

Result<ExitCode> sealed_verify(const SealedVerifySettings& settings, Context& context) {
  VULTUS_TRY(const sealed::SecretKey key, load_secret_key(settings.key));
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(settings.gallery));
  VULTUS_TRY(const sealed::SealedGallery gallery, sealed::decode_gallery(bytes).with_context(settings.gallery));
  VULTUS_TRY(const SealedTemplates probe, sealed_template(settings.engine, settings.limits, settings.picture, context));
  VULTUS_CHECK(require_same_model(gallery.model, probe.model));
  VULTUS_TRY(sealed::Searcher searcher, sealed::Searcher::make(gallery, {.compute = settings.compute}));
  VULTUS_TRY(const auto result, searcher.compare(probe.rows.front().values, settings.row));
  VULTUS_TRY(const auto rows, sealed::open_best(key, result, 1, settings.compute));
  const sealed::ScoredRow& row = rows.front();
  const bool match = row.cosine >= settings.threshold;
  Json object = {{"match", match},
                 {"cosine", score_json(row.cosine)},
                 {"threshold", score_json(settings.threshold)},
                 {"row", row.row},
                 {"name", row.name}};
  VULTUS_CHECK(context.out.write(settings.json
                                     ? json_line(object)
                                     : fmt::format("{}: {}, cosine {:.4f}, threshold {:.4f}\n", printable(row.name),
                                                   match ? "match" : "no match", row.cosine, settings.threshold)));
  return ExitCode::done;
}

struct SealedBenchSettings {
  sealed::BenchmarkOptions options;
  std::string scheme = "paillier";
  bool json = false;
};

Result<ExitCode> sealed_bench(const SealedBenchSettings& settings, Context& context) {
  sealed::BenchmarkOptions options = settings.options;
  VULTUS_TRY(options.kind.scheme, sealed::scheme_of(settings.scheme));
  VULTUS_TRY(const sealed::BenchmarkReport report, sealed::run_benchmark(options));
  const Json object = sealed_report_json(options, report);
  if (settings.json) {
    VULTUS_CHECK(context.out.write(json_line(object)));
  } else {
    std::vector<Row> rows;
    for (const auto& [name, value] : object["ms"].items())
      rows.push_back({{name},
                      {fmt::format("{:.3f}", value["wall"].get<double>())},
                      {fmt::format("{:.3f}", value["processor"].get<double>())}});
    VULTUS_CHECK(context.out.write(
        table_text({{"STEP"}, {"MS", Align::right}, {"PROCESSOR MS", Align::right}}, rows, context.out.colour()) +
        fmt::format("\n{} of {} planted values, {} of {} bits, {}: {:.2f} us a comparison with decryption (processor). "
                    "Answers {} those in the clear.\n",
                    counted(options.rows, "row"), options.dimension, settings.scheme, options.kind.bits,
                    report.arithmetic, object["us_per_comparison"]["processor"].get<double>(),
                    report.equal ? "equal" : "DIFFER FROM")));
  }
  if (report.equal) return ExitCode::done;
  return fail(ErrorCode::internal, "an encrypted answer differs from the one in the clear");
}

void add_answer(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("answer", "decrypt the scores of a search");
  auto settings = std::make_shared<AnswerSettings>();
  command->add_option("RESULT", settings->result, "what `vultus sealed search` wrote")->type_name("")->required();
  add_secret_key_options(*command, settings->key);
  command->add_option("--top", settings->top, "so many rows, the best first")
      ->check(within(1, 1'000'000'000))
      ->capture_default_str();
  command->add_option("--threshold", settings->threshold, "only rows with at least this cosine")->type_name("COSINE");
  command->add_flag("--decision-only", settings->decision_only, "tell who matches, and no score");
  command->add_option("--ledger", settings->limit.ledger, "count answers in this file, and refuse too many")
      ->type_name("FILE");
  command->add_option("--at-most", settings->limit.at_most, "answers that the ledger allows ...")
      ->check(within(1, kMaxAnswers))
      ->capture_default_str();
  command->add_option("--per", settings->limit.per_seconds, "... in so many seconds")
      ->check(within(1, std::numeric_limits<int>::max()))
      ->capture_default_str();
  add_compute_options(*command, settings->compute);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kAnswerExamples);
  commands.push_back({command, [settings](Context& context) { return answer(*settings, context); }});
}

void add_sealed_verify(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("verify", "compare a picture with one row, and decrypt");
  auto settings = std::make_shared<SealedVerifySettings>();
  command->add_option("GALLERY", settings->gallery, "the sealed gallery's file")->type_name("")->required();
  command->add_option("PICTURE", settings->picture, "a picture, or a list with one template (.csv)")
      ->type_name("")
      ->required();
  command->add_option("--row", settings->row, "the row, from 0 on")->type_name("N")->required();
  command->add_option("--threshold", settings->threshold, "the least cosine of a match")
      ->type_name("COSINE")
      ->required();
  add_secret_key_options(*command, settings->key);
  add_compute_options(*command, settings->compute);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  add_engine_options(*command, settings->engine);
  command->footer(kSealedVerifyExamples);
  commands.push_back({command, [settings](Context& context) { return sealed_verify(*settings, context); }});
}

void add_sealed_bench(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("bench", "time encrypted search");
  auto settings = std::make_shared<SealedBenchSettings>();
  sealed::BenchmarkOptions& options = settings->options;
  command->add_option("--rows", options.rows, "templates in the gallery")->capture_default_str();
  command->add_option("--dimension", options.dimension, "values of a template")->capture_default_str();
  command->add_option("--rounds", options.rounds, "searches; the middle one counts")->capture_default_str();
  command->add_option("--scheme", settings->scheme, "paillier, damgard-jurik or okamoto-uchiyama")
      ->capture_default_str();
  command->add_option("--bits", options.kind.bits, "size of the key")->capture_default_str();
  command->add_option("--s", options.kind.s, "of damgard-jurik")->capture_default_str();
  command->add_option("--seed", options.seed, "of the planted templates")->capture_default_str();
  add_scale_options(*command, options.precision);
  add_compute_options(*command, options.compute);
  command->add_flag("--json", settings->json, "one JSON object")->group("Output");
  command->footer(kSealedBenchExamples);
  commands.push_back({command, [settings](Context& context) { return sealed_bench(*settings, context); }});
}

}  // namespace

void add_sealed_answers(CLI::App& group, Commands& commands) {
  add_answer(group, commands);
  add_sealed_verify(group, commands);
  add_sealed_bench(group, commands);
}

}  // namespace vultus::cli
