#include <vultus/engine/tokenizer_score.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vultus/engine/tokenizer_compare.hpp>
#include <vultus/media/picture.hpp>

namespace vultus::engine {
namespace {

constexpr std::size_t kNamedMissing = 5;

Result<std::set<std::string>> names_below(const std::string& folder) {
  std::error_code error;
  std::set<std::string> names;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error) && !at->path().filename().string().starts_with("."))
      names.insert(std::filesystem::path(at->path()).lexically_relative(folder).generic_string());
  if (error) return fail(ErrorCode::not_found, folder + ": " + error.message());
  if (names.empty()) return fail(ErrorCode::not_found, folder + ": no files");
  return names;
}

Status all_in(const std::set<std::string>& names, const std::set<std::string>& other, const std::string& folder) {
  std::vector<std::string> missing;
  std::set_difference(names.begin(), names.end(), other.begin(), other.end(), std::back_inserter(missing));
  if (missing.empty()) return {};
  const std::size_t count = missing.size();
  if (missing.size() > kNamedMissing) missing.resize(kNamedMissing);
  return fail(ErrorCode::not_found, fmt::format("{} lacks {} of the other folder's files: {}{}", folder, count,
                                                fmt::join(missing, ", "), count > kNamedMissing ? " ..." : ""));
}

}  // namespace

Result<std::vector<std::string>> paired_files(const std::string& originals, const std::string& reconstructions) {
  VULTUS_TRY(const auto here, names_below(originals));
  VULTUS_TRY(const auto there, names_below(reconstructions));
  VULTUS_CHECK(all_in(here, there, reconstructions));
  VULTUS_CHECK(all_in(there, here, originals));
  return std::vector<std::string>(here.begin(), here.end());
}

Result<TokenizerScore> score_tokenizer(const Engine& engine, const TokenizerScorePlan& plan,
                                       const std::function<void(std::size_t, std::size_t)>& progress,
                                       const std::stop_token& stop) {
  std::vector<std::string> files;
  if (plan.annotations.empty()) {
    VULTUS_TRY(files, paired_files(plan.originals, plan.reconstructions));
  }
  VULTUS_TRY(TokenizerComparer comparer, TokenizerComparer::open(engine, plan, files));
  TokenizerScore score = comparer.begin();
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < comparer.count(); ++i) {
    if (stop.stop_requested()) return fail(ErrorCode::cancelled, "stopped while comparing pictures");
    VULTUS_TRY(const SeenOriginal original, comparer.look(i));
    VULTUS_TRY(const media::Picture other, media::read_picture(plan.reconstructions + "/" + comparer.file(i)));
    VULTUS_CHECK(comparer.compare(original, other.image.view(), score));
    if (progress) progress(i + 1, comparer.count());
  }
  score.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  VULTUS_CHECK(comparer.finish(score));
  return score;
}

}  // namespace vultus::engine
