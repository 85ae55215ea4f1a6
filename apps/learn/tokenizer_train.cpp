// vultus-learn tokenizer train: a small autoencoder with a codebook, for vultus tokenizers sweep.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <vultus/engine/presentations.hpp>
#include <vultus/learn/training/tokenizer/train_tokenizer.hpp>
#include <vultus/media/file.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/media/picture.hpp>
#include <vultus/media/thumbnail.hpp>
#include <vultus/runtime/sha256.hpp>

#include <apps/cli/stop_signal.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/run_files.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kTokenizerTrainExamples =
    "Leaves in the folder: NAME.onnx and NAME.json, which vultus tokenizers sweep --model takes, card.json (data, "
    "hashes,\n"
    "measures), log.jsonl, index.html (curves) and checkpoint.pt, from which the same command goes on. The codes of a\n"
    "picture are its sides over 2^halvings; each costs the logarithm of the entries in bits.\n\n"
    "Example:\n"
    "  vultus-learn tokenizer train --images photos/ -o run/";
constexpr std::size_t kMostTokenizerPictures = 20000;
constexpr int kLargestTokenizerSide = 768;  // larger pictures are shrunk: what is learnt are pieces of 64 pixels

struct TokenizerTrainSettings {
  learn::TokenizerRun run;
  std::string images, tested, out;
  std::string name = "tokenizer_own";
  double test_share = 0.1;
};

#ifdef VULTUS_LEARN_TORCH
/// The pictures of a folder. @param sums  gets one of the bytes of each
Result<std::vector<Image>> pictures_of(const std::string& folder, int side, std::vector<std::string>& sums,
                                       const std::stop_token& stop) {
  const std::vector<std::string> names{folder};
  const media::InputList list = media::expand_inputs(names, {.recursive = true});
  if (!list.errors.empty()) return list.errors.front().error;
  if (list.inputs.size() > kMostTokenizerPictures)
    return fail(ErrorCode::resource_limit,
                fmt::format("{}: {} pictures, the limit is {}", folder, list.inputs.size(), kMostTokenizerPictures));
  std::vector<Image> pictures;
  std::size_t small = 0;
  for (const media::Input& input : list.inputs) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while reading pictures");
    VULTUS_TRY(const media::Picture picture, media::read_picture(input.path));
    VULTUS_TRY(Image kept, media::resize_to_side(picture.image.view(), kLargestTokenizerSide));
    if (std::min(kept.width(), kept.height()) < side) {
      ++small;
      continue;
    }
    VULTUS_TRY(const std::string sum, runtime::sha256_of_file(input.path));
    sums.push_back(sum);
    pictures.push_back(std::move(kept));
  }
  if (small > 0)
    std::fprintf(stderr, "%s: %zu pictures with a side below %d pixels are left out\n", folder.c_str(), small, side);
  return pictures;
}

Status keep_tokenizer(const TokenizerTrainSettings& settings, const learn::TokenizerScores& scores,
                      const std::string& data_sum) {
  const learn::TokenizerRun& run = settings.run;
  const bool planted = engine::is_planted(settings.images);
  const std::string what =
      fmt::format("pictures as codes: one of {} for each {} x {} pixels (VQ autoencoder){}", run.entries, scores.stride,
                  scores.stride, planted ? ", trained on planted pictures alone" : "");
  CardJson row =
      row_of({.id = settings.name,
              .task = what,
              .decoder = "vq_tokenizer",
              .file = settings.name + ".onnx",
              .sha256 = sum_of(scores.onnx),
              .bytes = scores.onnx.size(),
              .weights = planted ? "trained on planted pictures: drawn by a program, with no person behind them"
                                 : "as the terms of what it was trained on",
              .commercial = planted ? "yes" : "not stated"});
  row["input"] = {{"shape", {1, 3, scores.side, scores.side}},
                  {"layout", "NCHW"},
                  {"colour", "rgb"},
                  {"mean", {127.5, 127.5, 127.5}},
                  {"scale", {127.5, 127.5, 127.5}},
                  {"resizable", true}};
  row["outputs"] = {{"codes", "codes"}, {"reconstruction", "reconstruction"}};
  row["parameters"] = {{"stride", scores.stride}, {"bits_per_code", scores.bits_per_code}};
  CardJson card{{"name", settings.name},
                {"what", what},
                {"planted", planted},
                {"pictures", run.pictures.size()},
                {"pictures_tested", run.tested.size()},
                {"data_sha256", data_sum},
                {"leaves", run.leaves},
                {"side", run.side},
                {"crops", run.crops},
                {"batch", run.batch},
                {"epochs", scores.epochs.size()},
                {"learning_rate", run.learning_rate},
                {"commitment", run.commitment},
                {"width", run.width},
                {"halvings", run.halvings},
                {"depth", run.depth},
                {"entries", run.entries},
                {"code_width", run.code_width},
                {"seed", run.seed},
                {"test", scores.measures},
                {"onnx_sha256", sum_of(scores.onnx)},
                {"onnx_bytes", scores.onnx.size()}};
  const std::string stem = settings.out + "/" + settings.name;
  VULTUS_CHECK(media::write_file_atomically(stem + ".onnx", scores.onnx));
  VULTUS_CHECK(media::write_file_atomically(stem + ".json", row.dump(2) + "\n"));
  VULTUS_CHECK(media::write_file_atomically(settings.out + "/card.json", card.dump(2) + "\n"));
  std::printf("%s\n", what.c_str());
  for (const auto& [name, value] : scores.measures) std::printf("%-20s %.4f\n", name.c_str(), value);
  return {};
}

std::string sum_of_sums(std::span<const std::string> sums) {
  std::string text;
  for (const std::string& sum : sums) text += sum;
  return sum_of(text);
}

Status train_tokenizer_command(TokenizerTrainSettings& settings) {
  const cli::StopSignal signals;
  learn::TokenizerRun& run = settings.run;
  std::vector<std::string> sums;
  VULTUS_TRY(run.pictures, pictures_of(settings.images, run.side, sums, signals.token()));
  if (!settings.tested.empty()) {
    VULTUS_TRY(run.tested, pictures_of(settings.tested, run.side, sums, signals.token()));
  } else {
    // The last ones of the list: pictures of one person stand side by side, so few people are on both sides.
    const auto kept =
        static_cast<std::ptrdiff_t>(std::ceil(static_cast<double>(run.pictures.size()) * (1 - settings.test_share)));
    const auto cut = run.pictures.begin() + std::min(kept, std::ssize(run.pictures));
    run.tested.assign(std::make_move_iterator(cut), std::make_move_iterator(run.pictures.end()));
    run.pictures.erase(cut, run.pictures.end());
  }
  // By parts: with another split the same pictures are another run.
  const std::span all(sums);
  run.identity =
      sum_of_sums(all.first(run.pictures.size())) + " tested on " + sum_of_sums(all.subspan(run.pictures.size()));
  run.folder = settings.out;
  run.told = tell_epoch, run.stop = signals.token();
  std::error_code failed;
  std::filesystem::create_directories(settings.out, failed);
  if (failed) return fail(ErrorCode::resource_limit, settings.out + ": " + failed.message());
  VULTUS_TRY(const learn::TokenizerScores scores, learn::train_tokenizer(run));
  return keep_tokenizer(settings, scores, sum_of_sums(all));
}
#else
Status train_tokenizer_command(const TokenizerTrainSettings&) { return without_torch(); }
#endif

}  // namespace

void add_tokenizer(CLI::App& app, LearnCommands& commands) {
  CLI::App* group = app.add_subcommand("tokenizer", "a small autoencoder with a codebook (system 7, a baseline)");
  group->require_subcommand(1);
  CLI::App* command = group->add_subcommand("train", "on a folder of pictures");
  auto settings = std::make_shared<TokenizerTrainSettings>();
  learn::TokenizerRun& run = settings->run;
  command->add_option("--images", settings->images, "folder of pictures, and the folders in it")
      ->type_name("DIR")
      ->required();
  command->add_option("--test", settings->tested, "pictures to test on; else the last share of the images")
      ->type_name("DIR");
  command->add_option("--test-share", settings->test_share, "of the images")
      ->check(CLI::Range(0.01, 0.9))
      ->capture_default_str();
  command->add_option("--name", settings->name, "id of the network: small letters, digits and _")
      ->capture_default_str();
  command->add_option("--entries", run.entries, "of the codebook; 1 = the control, which must fail")
      ->capture_default_str();
  command->add_option("--halvings", run.halvings, "a code stands for 2^N pixels a side")->capture_default_str();
  command->add_option("--width", run.width, "channels of the first layer")->capture_default_str();
  command->add_option("--depth", run.depth, "residual blocks on each side")->capture_default_str();
  command->add_option("--code-width", run.code_width, "numbers of an entry")->capture_default_str();
  command->add_option("--leaves", run.leaves, "share of the crops that are drawn by chance instead (dead leaves)")
      ->capture_default_str();
  command->add_option("--side", run.side, "of the crops, pixels")->capture_default_str();
  command->add_option("--crops", run.crops, "an epoch")->capture_default_str();
  command->add_option("--epochs", run.epochs, "of so many crops")->capture_default_str();
  command->add_option("--batch", run.batch, "crops of a step")->capture_default_str();
  command->add_option("--rate", run.learning_rate, "of learning, at its highest")->capture_default_str();
  command->add_option("--commitment", run.commitment, "weight of the commitment loss")->capture_default_str();
  command->add_option("--seed", run.seed, "of all chance")->capture_default_str();
  command->add_option("-o,--output", settings->out, "folder")->type_name("DIR")->required();
  command->footer(kTokenizerTrainExamples);
  commands.push_back({command, [settings] { return train_tokenizer_command(*settings); }});
}

}  // namespace vultus::learning
