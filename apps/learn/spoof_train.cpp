// vultus-learn fa3 train, vultus-learn slip train: liveness networks on faces of vultus-learn faces.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>
#ifdef VULTUS_LEARN_TORCH
#include <vultus/liveness/cue_overlap.hpp>
#include <vultus/liveness/prompts.hpp>

#include <apps/learn/run_files.hpp>
#include <apps/learn/spoof_report.hpp>
#endif

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kFa3TrainExamples =
    "Leaves in the folder: NAME.onnx and NAME.json for the catalogue, report.json (rates on subjects of the test "
    "part), "
    "card.json,\nlog.jsonl, index.html (curves) and checkpoint.pt, from which the same command goes on. The threshold "
    "comes from the\nvalidation part. --leave-each-out trains once for each kind of attack, without it.\n\n"
    "Examples:\n"
    "  vultus-learn fa3 train models/training/liveness_fa3.json --faces faces.safetensors -o run/\n"
    "  vultus-learn fa3 train models/training/liveness_fa3.json --faces faces.safetensors -o folds/ --leave-each-out";
constexpr const char* kSlipTrainExamples =
    "Only live faces are trained on, and the threshold comes from live faces alone; attacks of the file are tested. "
    "Leaves what\nvultus-learn fa3 train leaves.\n\n"
    "Example:\n"
    "  vultus-learn slip train models/training/liveness_slip.json --faces faces.safetensors -o run/";

struct SpoofTrainSettings {
  std::string config, faces, out;
  std::vector<std::string> left_out, without;
  bool leave_each_out = false, shuffle_labels = false;
  std::uint64_t seed = 0;
};

#ifdef VULTUS_LEARN_TORCH
Result<learn::SpoofConfig> read_spoof_config(SpoofSystem system, const SpoofTrainSettings& settings) {
  VULTUS_TRY(const auto bytes, media::read_file(settings.config, std::size_t{1} << 20U));
  const std::string text(bytes.begin(), bytes.end());
  VULTUS_TRY(learn::SpoofConfig config, learn::parse_spoof_config(text, settings.config));
  for (const std::string& part : settings.without) {
    if (part == "frequency")
      config.frequency = false;
    else if (part == "prompts")
      config.prompts = false;
    else if (part == "cue_maps")
      config.cue_maps = false;
    else if (part == "cut_and_paste")
      config.cut_and_paste = false;
    else
      return fail(ErrorCode::invalid_argument,
                  "--without " + part + ": there are frequency, prompts, cue_maps and cut_and_paste");
  }
  VULTUS_CHECK(learn::check_spoof_parts(config, system == SpoofSystem::fa3 ? "fa3" : "slip"));
  if (!settings.left_out.empty()) config.left_out = settings.left_out;
  if (settings.shuffle_labels) config.shuffle_labels = true;
  if (settings.seed > 0) config.seed = settings.seed;
  config.sha256 = sum_of(text);
  return config;
}

/// Everything that makes a checkpoint another one.
std::string run_sum(const learn::SpoofConfig& config, const std::string& faces_sum) {
  std::string text = config.sha256 + faces_sum;
  for (const std::string& kind : config.left_out) text += "\nwithout " + kind;
  return sum_of(text + fmt::format("\n{} {} {} {} {} {}", config.frequency, config.prompts, config.cue_maps,
                                   config.cut_and_paste, config.shuffle_labels, config.seed));
}

Result<learn::SpoofWords> spoof_words() {
  std::vector<std::string> sentences = liveness::slip_spoof_prompts();
  for (const auto& part : {std::vector<std::string>(liveness::kSlipLive.begin(), liveness::kSlipLive.end()),
                           std::vector<std::string>(liveness::kSlipContent.begin(), liveness::kSlipContent.end()),
                           std::vector<std::string>(liveness::kFa3Endings.begin(), liveness::kFa3Endings.end())})
    sentences.insert(sentences.end(), part.begin(), part.end());
  const auto tokenizer = liveness::WordTokenizer::of(sentences);
  std::size_t longest = 0;
  for (const std::string& sentence : sentences) longest = std::max(longest, liveness::words_of(sentence).size() + 2);
  learn::SpoofWords words;
  words.vocabulary = static_cast<std::int64_t>(tokenizer.size());
  // Of FA3-CLIP the words alone: start and end are put about the learnt ones.
  const auto ending = [&](std::size_t label) -> Result<std::vector<std::int64_t>> {
    const std::string sentence(liveness::kFa3Endings.at(label));
    VULTUS_TRY(auto tokens, tokenizer.encode(sentence, liveness::words_of(sentence).size() + 2));
    return std::vector<std::int64_t>(tokens.begin() + 1, tokens.end() - 1);
  };
  VULTUS_TRY(words.fake, ending(0));
  VULTUS_TRY(words.live, ending(1));
  const auto encode = [&](const auto& from, std::vector<std::vector<std::int64_t>>& into) -> Status {
    for (const auto& sentence : from) {
      VULTUS_TRY(auto tokens, tokenizer.encode(sentence, longest));
      into.push_back(std::move(tokens));
    }
    return {};
  };
  VULTUS_CHECK(encode(liveness::kSlipLive, words.slip_live));
  VULTUS_CHECK(encode(liveness::kSlipContent, words.slip_content));
  VULTUS_CHECK(encode(liveness::slip_spoof_prompts(), words.slip_spoof));
  words.target = [](std::size_t place, double sigma, int row, int column) {
    return liveness::slip_target(place, sigma, {row, column}).value();
  };
  return words;
}

std::string percent_of(const ReportJson& rate) {
  if (rate.is_null()) return "-";
  std::string text = fmt::format("{:5.1f} %", 100 * rate["value"].get<double>());
  if (rate.contains("interval"))
    text += fmt::format(" ({:.1f} to {:.1f})", 100 * rate["interval"][0].get<double>(),
                        100 * rate["interval"][1].get<double>());
  return text;
}

void tell_report(const ReportJson& report) {
  const auto line = [](const std::string& name, const ReportJson& row) {
    std::printf("%-24s APCER %-24s BPCER %-24s ACER %-24s HTER %-24s AUC %s\n", name.c_str(),
                percent_of(row["apcer"]).c_str(), percent_of(row["bpcer"]).c_str(), percent_of(row["acer"]).c_str(),
                percent_of(row["hter"]).c_str(), percent_of(row["auc"]).c_str());
  };
  for (const ReportJson& row : report["kinds"])
    line(row["kind"].get<std::string>() + (row["left_out"].get<bool>() ? ", left out" : ""), row);
  line("all", report["all"]);
  if (report.contains("places") && report["places"].is_object())
    for (const ReportJson& row : report["places"]["kinds"])
      std::printf("%-24s IoU %.3f (map of another face %.3f), peak inside %.3f (%.3f)\n",
                  row["kind"].get<std::string>().c_str(), row["iou"].get<double>(),
                  row["iou_of_another_map"].get<double>(), row["peak_inside"].get<double>(),
                  row["peak_of_another_map_inside"].get<double>());
}

Result<ReportJson> train_once(SpoofSystem system, learn::SpoofConfig config, const learn::Presentations& faces,
                              const std::string& faces_sum, const std::string& folder, const std::stop_token& stop) {
  config.sha256 = run_sum(config, faces_sum);
  VULTUS_TRY(const learn::SpoofWords words, spoof_words());
  const learn::SpoofRunOptions options{.folder = folder, .told = tell_epoch, .stop = stop};
  VULTUS_TRY(const learn::SpoofResult result, system == SpoofSystem::fa3
                                                  ? learn::train_fa3(config, faces, words, options)
                                                  : learn::train_slip(config, faces, words, options));
  VULTUS_TRY(const SpoofScale scale, scale_on_validation(system, faces, result.scores, config.left_out));
  VULTUS_TRY(ReportJson report, test_report(faces, result.scores, scale, config.left_out));
  if (system == SpoofSystem::slip) {
    report["places"] = place_report(faces, result.scores);
    report["auc_of_map"] = auc_report(faces, result.scores, [](const auto& score) { return score.score; });
    report["auc_of_words"] = auc_report(faces, result.scores, [](const auto& score) { return score.by_words; });
  }
  ReportJson card{{"name", config.name}};
  for (const auto& [name, text] : config.card) card[name] = text;
  card["config_sha256"] = config.sha256, card["faces_sha256"] = faces_sum;
  for (const auto& [name, text] : faces.notes()) card["faces"][name] = text;
  card["left_out"] = config.left_out, card["seed"] = config.seed, card["epochs"] = result.epochs.size();
  card["onnx_sha256"] = sum_of(result.onnx), card["onnx_bytes"] = result.onnx.size();
  card["test"] = report;
  VULTUS_CHECK(media::write_file_atomically(folder + "/" + config.name + ".onnx", result.onnx));
  VULTUS_CHECK(media::write_file_atomically(
      folder + "/" + config.name + ".json",
      spoof_manifest(system, config.name, result.onnx, faces, scale, config.card).dump(2) + "\n"));
  VULTUS_CHECK(media::write_file_atomically(folder + "/report.json", report.dump(2) + "\n"));
  VULTUS_CHECK(media::write_file_atomically(folder + "/card.json", card.dump(2) + "\n"));
  return report;
}

Status train_spoof(SpoofSystem system, const SpoofTrainSettings& settings) {
  const cli::StopSignal signals;
  VULTUS_TRY(learn::SpoofConfig config, read_spoof_config(system, settings));
  VULTUS_TRY(const learn::Presentations faces, learn::Presentations::open(settings.faces));
  VULTUS_TRY(const std::string faces_sum, runtime::sha256_of_file(settings.faces));
  if (!settings.leave_each_out) {
    VULTUS_TRY(const ReportJson report, train_once(system, config, faces, faces_sum, settings.out, signals.token()));
    tell_report(report);
    return {};
  }
  ReportJson all = ReportJson::array();
  for (const std::string& kind : faces.attacks()) {
    config.left_out = {kind};
    VULTUS_TRY(const ReportJson report,
               train_once(system, config, faces, faces_sum, settings.out + "/" + kind, signals.token()));
    tell_report(report);
    for (const ReportJson& row : report["kinds"])
      if (row["left_out"].get<bool>()) all.push_back(row);
  }
  return media::write_file_atomically(settings.out + "/leave_one_out.json", all.dump(2) + "\n");
}

Status train_fa3_command(const SpoofTrainSettings& settings) { return train_spoof(SpoofSystem::fa3, settings); }
Status train_slip_command(const SpoofTrainSettings& settings) { return train_spoof(SpoofSystem::slip, settings); }
#else
Status train_fa3_command(const SpoofTrainSettings&) {
  return fail(ErrorCode::unsupported,
              "this vultus-learn was built without libtorch: run tools/setup packages --learn and build again");
}
Status train_slip_command(const SpoofTrainSettings& settings) { return train_fa3_command(settings); }
#endif

CLI::App* add_spoof_train(CLI::App& app, const char* system, const char* help, const char* examples,
                          const std::shared_ptr<SpoofTrainSettings>& settings) {
  CLI::App* group = app.add_subcommand(system, help);
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("train", "train it on faces of vultus-learn faces");
  command->add_option("CONFIG", settings->config, "JSON")->type_name("")->required();
  command->add_option("--faces", settings->faces, "of vultus-learn faces")->type_name("FILE")->required();
  command->add_flag("--shuffle-labels", settings->shuffle_labels, "the control: what is learnt is worth nothing");
  command
      ->add_option(
          "--without", settings->without,
          "an ablation: a part that is left out, of fa3 frequency or prompts, of slip cue_maps or cut_and_paste")
      ->type_name("PART");
  command->add_option("--seed", settings->seed, "instead of that of the configuration")->type_name("N");
  command->add_option("-o,--output", settings->out, "folder")->type_name("DIR")->required();
  command->footer(examples);
  return command;
}

}  // namespace

void add_fa3(CLI::App& app, LearnCommands& commands) {
  auto settings = std::make_shared<SpoofTrainSettings>();
  CLI::App* command =
      add_spoof_train(app, "fa3", "FA3-CLIP: is a face live, by image and words", kFa3TrainExamples, settings);
  command->add_option("--left-out", settings->left_out, "kinds of attack that are tested alone")
      ->type_name("KINDS")
      ->delimiter(',');
  command->add_flag("--leave-each-out", settings->leave_each_out, "one run for each kind of attack, without it");
  commands.push_back({command, [settings] { return train_fa3_command(*settings); }});
}

void add_slip(CLI::App& app, LearnCommands& commands) {
  auto settings = std::make_shared<SpoofTrainSettings>();
  CLI::App* command =
      add_spoof_train(app, "slip", "SLIP: maps of spoof cues from live faces alone", kSlipTrainExamples, settings);
  commands.push_back({command, [settings] { return train_slip_command(*settings); }});
}

}  // namespace vultus::learning
