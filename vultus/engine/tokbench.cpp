#include <vultus/engine/tokbench.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/evaluation/text_distance.hpp>
#include <vultus/media/file.hpp>
#include <vultus/runtime/sha256.hpp>

namespace vultus::engine {
namespace {

using TokJson = nlohmann::json;
constexpr double kStoredTolerance = 1e-9;

Result<TokJson> parse_deep(std::string_view text, std::string_view origin) {
  // The callback stops deep nesting before the parser builds it.
  TokJson value = TokJson::parse(
      text, [](int depth, TokJson::parse_event_t, TokJson&) { return depth < 16; }, false);
  if (value.is_discarded()) return fail(ErrorCode::corrupt_data, std::string(origin) + ": not JSON");
  return value;
}

Error wrong_shape(const std::string& where, const char* what) {
  return fail(ErrorCode::corrupt_data, where + ": needs " + what);
}

Result<double> finite_number(const TokJson& in, const char* key, const std::string& where) {
  const auto at = in.find(key);
  if (at == in.end() || !at->is_number() || !std::isfinite(at->get<double>()))
    return fail(ErrorCode::corrupt_data, fmt::format("{}: needs a finite number \"{}\"", where, key));
  return at->get<double>();
}

Result<std::string> text_field(const TokJson& in, const char* key, const std::string& where) {
  const auto at = in.find(key);
  if (at == in.end() || !at->is_string())
    return fail(ErrorCode::corrupt_data, fmt::format("{}: needs a text \"{}\"", where, key));
  return at->get<std::string>();
}

Result<ReadWord> word_of(const TokJson& in, const std::string& where) {
  if (!in.is_object()) return wrong_shape(where, "an object");
  ReadWord word;
  VULTUS_TRY(word.truth, text_field(in, "gt", where));
  VULTUS_TRY(word.read, text_field(in, "pred", where));
  VULTUS_TRY(word.ratio, finite_number(in, "ratio", where));
  VULTUS_TRY(word.accuracy, finite_number(in, "accuracy", where));
  VULTUS_TRY(word.ned, finite_number(in, "ned", where));
  return word;
}

Result<TokenizerWords> words_of(const TokJson& in, const std::string& where) {
  TokenizerWords all;
  if (!in.is_object() || !in.contains("details") || !in["details"].is_object())
    return wrong_shape(where, "an object \"details\"");
  if (in.contains("results") && in["results"].is_object()) {
    VULTUS_TRY(all.published_accuracy, text_field(in["results"], "accuracy", where));
    VULTUS_TRY(all.published_ned, text_field(in["results"], "ned", where));
  }
  for (const auto& [file, picture] : in["details"].items()) {
    const std::string place = fmt::format("{}: {}", where, file);
    if (!picture.is_object() || !picture.contains("results") || !picture["results"].is_array())
      return wrong_shape(place, "a list \"results\"");
    for (const TokJson& one : picture["results"]) {
      VULTUS_TRY(ReadWord word, word_of(one, place));
      all.words.push_back(std::move(word));
    }
  }
  return all;
}

/// "5.67%" of .0567.
std::string percent_text(double share) { return fmt::format("{:.2f}%", share * 100); }

struct PooledScores {
  std::vector<evaluation::ScaledScore> accuracy;
  std::vector<evaluation::ScaledScore> ned;
};

TokbenchSet recomputed(const std::string& name, const TokenizerWords& words, const evaluation::ScaleBins& bins,
                       PooledScores& pooled) {
  TokbenchSet set{.name = name, .words = static_cast<std::int64_t>(words.words.size())};
  for (const ReadWord& word : words.words) {
    const double exact = word.truth == word.read ? 1 : 0;
    const double near = evaluation::text_similarity(word.truth, word.read);
    pooled.accuracy.push_back({word.ratio, exact});
    pooled.ned.push_back({word.ratio, near});
    set.accuracy += exact;
    set.ned += near;
    set.outside += word.ratio < bins.edges.front() || word.ratio >= bins.edges.back() ? 1 : 0;
    if (std::abs(exact - word.accuracy) > kStoredTolerance || std::abs(near - word.ned) > kStoredTolerance)
      ++set.disagreeing;
  }
  const auto n = static_cast<double>(std::max<std::int64_t>(1, set.words));
  set.accuracy /= n;
  set.ned /= n;
  if (!words.published_accuracy.empty() || !words.published_ned.empty())
    set.as_published =
        words.published_accuracy == percent_text(set.accuracy) && words.published_ned == percent_text(set.ned);
  return set;
}

Result<std::vector<std::filesystem::path>> result_files(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".json") files.push_back(at->path());
  if (error) return fail(ErrorCode::not_found, folder + ": " + error.message());
  if (files.empty()) return fail(ErrorCode::not_found, folder + ": no file *.json");
  std::sort(files.begin(), files.end());
  return files;
}

bool stays_inside(const std::string& name) {
  const std::filesystem::path path(name);
  return !name.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

Result<AnnotatedFace> face_of(const TokJson& in, const std::string& where) {
  if (!in.is_object()) return wrong_shape(where, "an object for each face");
  AnnotatedFace face;
  VULTUS_TRY(face.ratio, finite_number(in, "ratio", where));
  const auto number = [](const TokJson& value) {
    return value.is_number() && std::abs(value.get<double>()) < 1e7;  // pixels; a float holds them exactly enough
  };
  const auto box = in.find("box");
  if (box == in.end() || !box->is_array() || box->size() != 4 || !std::all_of(box->begin(), box->end(), number))
    return wrong_shape(where, "\"box\" of four numbers: left, top, right, bottom");
  const auto at = [](const TokJson& list, std::size_t i) { return static_cast<float>(list[i].get<double>()); };
  face.box = {at(*box, 0), at(*box, 1), at(*box, 2) - at(*box, 0), at(*box, 3) - at(*box, 1)};
  const auto points = in.find("kps");
  if (points == in.end() || !points->is_array() || points->size() != face.keypoints.size())
    return wrong_shape(where, "\"kps\" of five points");
  for (std::size_t i = 0; i < face.keypoints.size(); ++i) {
    const TokJson& point = (*points)[i];
    if (!point.is_array() || point.size() != 2 || !number(point[0]) || !number(point[1]))
      return wrong_shape(where, "points of two numbers");
    face.keypoints[i] = {at(point, 0), at(point, 1)};
  }
  return face;
}

/// Does it cover anything of the picture? Boxes that reach over an edge do.
bool touches(const RectF& box, const AnnotatedPicture& picture) {
  return box.width > 0 && box.height > 0 && box.x < static_cast<float>(picture.width) &&
         box.y < static_cast<float>(picture.height) && box.x + box.width > 0 && box.y + box.height > 0;
}

/// What it is about lies outside of its picture: sizes or coordinates of another one.
Error outside(const std::string& where, const AnnotatedPicture& picture) {
  return fail(ErrorCode::corrupt_data, fmt::format("{}: nothing of it is within the {} x {} pixels of {}", where,
                                                   picture.width, picture.height, picture.file));
}

bool is_pixel(const TokJson& value) {
  return value.is_number() && std::abs(value.get<double>()) < 1e7;  // a float holds them exactly enough
}

Result<AnnotatedWord> annotated_word(const TokJson& in, const std::string& where) {
  if (!in.is_object()) return wrong_shape(where, "an object for each word");
  AnnotatedWord word;
  VULTUS_TRY(word.truth, text_field(in, "gt", where));
  VULTUS_TRY(word.ratio, finite_number(in, "ratio", where));
  const auto quad = in.find("quad");
  std::vector<float> numbers;
  if (quad != in.end() && quad->is_array())
    for (const TokJson& one : *quad) {
      if (is_pixel(one)) numbers.push_back(one.get<float>());
      if (one.is_array() && one.size() == 2 && is_pixel(one[0]) && is_pixel(one[1]))
        numbers.insert(numbers.end(), {one[0].get<float>(), one[1].get<float>()});
    }
  if (numbers.size() != 2 * word.quad.size()) return wrong_shape(where, "\"quad\" of four points");
  for (std::size_t i = 0; i < word.quad.size(); ++i) word.quad[i] = {numbers[2 * i], numbers[2 * i + 1]};
  return word;
}

Result<AnnotatedPicture> picture_of(const TokJson& in, const std::string& where) {
  if (!in.is_object()) return wrong_shape(where, "an object");
  AnnotatedPicture picture;
  VULTUS_TRY(picture.file, text_field(in, "image_name", where));
  if (!stays_inside(picture.file)) return wrong_shape(where, "an \"image_name\" below the folder");
  VULTUS_TRY(const double width, finite_number(in, "img_width", where));
  VULTUS_TRY(const double height, finite_number(in, "img_height", where));
  if (width < 1 || height < 1 || width > 65535 || height > 65535)
    return wrong_shape(where, "sides of 1 to 65535 pixels");
  picture.width = static_cast<int>(width);
  picture.height = static_cast<int>(height);
  return picture;
}

Result<AnnotatedPicture> picture_with_words(const TokJson& in, const std::string& where) {
  VULTUS_TRY(AnnotatedPicture picture, picture_of(in, where));
  const auto words = in.find("words");
  if (words == in.end() || !words->is_array()) return wrong_shape(where, "a list \"words\"");
  for (std::size_t i = 0; i < words->size(); ++i) {
    const std::string at = fmt::format("{}, word {}", where, i + 1);
    VULTUS_TRY(AnnotatedWord word, annotated_word((*words)[i], at));
    const auto [left, right] = std::ranges::minmax(word.quad, {}, &Point2f::x);
    const auto [top, bottom] = std::ranges::minmax(word.quad, {}, &Point2f::y);
    if (!touches({left.x, top.y, right.x - left.x, bottom.y - top.y}, picture)) return outside(at, picture);
    picture.words.push_back(std::move(word));
  }
  return picture;
}

Result<AnnotatedPicture> picture_with_faces(const TokJson& in, const std::string& where) {
  VULTUS_TRY(AnnotatedPicture picture, picture_of(in, where));
  const auto faces = in.find("faces");
  if (faces == in.end() || !faces->is_array()) return wrong_shape(where, "a list \"faces\"");
  for (std::size_t i = 0; i < faces->size(); ++i) {
    const std::string at = fmt::format("{}, face {}", where, i + 1);
    VULTUS_TRY(const AnnotatedFace face, face_of((*faces)[i], at));
    if (!touches(face.box, picture)) return outside(at, picture);
    picture.faces.push_back(face);
  }
  return picture;
}

}  // namespace

Result<std::vector<TokenizerWords>> parse_tokbench_results(std::string_view json, std::string_view origin) {
  VULTUS_TRY(const TokJson all, parse_deep(json, origin));
  const std::string name(origin);
  if (!all.is_object()) return wrong_shape(name, "an object of tokenizers");
  std::vector<TokenizerWords> list;
  for (const auto& [tokenizer, settings] : all.items()) {
    if (!settings.is_object()) return wrong_shape(fmt::format("{}: {}", name, tokenizer), "an object of settings");
    for (const auto& [setting, results] : settings.items()) {
      const std::string where = fmt::format("{}: {}, {}", name, tokenizer, setting);
      int number = 0;
      const auto [end, error] = std::from_chars(setting.data(), setting.data() + setting.size(), number);
      if (error != std::errc() || end != setting.data() + setting.size())
        return wrong_shape(where, "a number as setting");
      VULTUS_TRY(TokenizerWords words, words_of(results, where));
      words.tokenizer = tokenizer;
      words.setting = number;
      list.push_back(std::move(words));
    }
  }
  return list;
}

Result<std::vector<TokbenchResult>> run_tokbench(const std::string& folder, const std::string& revision) {
  VULTUS_TRY(const auto files, result_files(folder));
  std::map<std::pair<std::string, int>, std::pair<TokbenchResult, PooledScores>> all;
  std::string hashes;
  for (const auto& file : files) {
    VULTUS_TRY(const auto bytes, media::read_file(file.string(), kMaxTokbenchBytes));
    hashes += file.filename().string() + " " + runtime::sha256(bytes) + "\n";
    VULTUS_TRY(const auto sets,
               parse_tokbench_results({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, file.string()));
    for (const TokenizerWords& words : sets) {
      VULTUS_TRY(const auto bins, evaluation::tokbench_bins(evaluation::ScaledThing::text, words.setting, revision));
      auto& [result, pooled] = all[{words.tokenizer, words.setting}];
      result.tokenizer = words.tokenizer;
      result.setting = words.setting;
      result.protocol = bins.protocol;
      result.sets.push_back(recomputed(file.stem().string(), words, bins, pooled));
    }
  }
  std::vector<TokbenchResult> results;
  for (auto& [key, one] : all) {
    auto& [result, pooled] = one;
    VULTUS_TRY(const auto bins, evaluation::tokbench_bins(evaluation::ScaledThing::text, result.setting, revision));
    VULTUS_TRY(result.accuracy, evaluation::binned_mean(pooled.accuracy, bins));
    VULTUS_TRY(result.ned, evaluation::binned_mean(pooled.ned, bins));
    result.data_sha256 = runtime::sha256({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
    results.push_back(std::move(result));
  }
  return results;
}

namespace {

Result<std::vector<AnnotatedPicture>> parse_annotations(std::string_view json, std::string_view origin,
                                                        Result<AnnotatedPicture> (*read)(const TokJson&,
                                                                                         const std::string&)) {
  VULTUS_TRY(const TokJson all, parse_deep(json, origin));
  const std::string name(origin);
  if (!all.is_array()) return wrong_shape(name, "a list of pictures");
  std::vector<AnnotatedPicture> pictures;
  for (std::size_t i = 0; i < all.size(); ++i) {
    VULTUS_TRY(AnnotatedPicture picture, read(all[i], fmt::format("{}: picture {}", name, i + 1)));
    pictures.push_back(std::move(picture));
  }
  return pictures;
}

}  // namespace

Result<std::vector<AnnotatedPicture>> parse_face_annotations(std::string_view json, std::string_view origin) {
  return parse_annotations(json, origin, &picture_with_faces);
}

Result<std::vector<AnnotatedPicture>> parse_text_annotations(std::string_view json, std::string_view origin) {
  return parse_annotations(json, origin, &picture_with_words);
}

}  // namespace vultus::engine
