#include <vultus/liveness/prompts.hpp>

#include <algorithm>
#include <set>

#include <vultus/liveness/cue_overlap.hpp>

namespace vultus::liveness {

Result<std::string> slip_prompt(std::size_t place, std::size_t object) {
  if (place >= kSlipPlaces.size() || object >= kSlipObjects.size())
    return fail(ErrorCode::invalid_argument,
                "prompt of place " + std::to_string(place) + " and object " + std::to_string(object) + ": there are " +
                    std::to_string(kSlipPlaces.size()) + " and " + std::to_string(kSlipObjects.size()));
  std::string where(kSlipPlaces.at(place));
  std::ranges::replace(where, '_', ' ');
  return "the " + where + " part of the face being occluded by a " + std::string(kSlipObjects.at(object));
}

std::vector<std::string> slip_spoof_prompts() {
  std::vector<std::string> all;
  all.reserve(kSlipPlaces.size() * kSlipObjects.size());
  for (std::size_t place = 0; place < kSlipPlaces.size(); ++place)
    for (std::size_t object = 0; object < kSlipObjects.size(); ++object)
      all.push_back(slip_prompt(place, object).value());
  return all;
}

std::vector<std::string> words_of(std::string_view sentence) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < sentence.size();) {
    const std::size_t space = std::min(sentence.find(' ', at), sentence.size());
    if (space > at) words.emplace_back(sentence.substr(at, space - at));
    at = space + 1;
  }
  return words;
}

WordTokenizer WordTokenizer::of(std::span<const std::string> sentences) {
  std::set<std::string> known;
  for (const std::string& sentence : sentences)
    for (std::string& word : words_of(sentence)) known.insert(std::move(word));
  WordTokenizer tokenizer;
  for (const std::string& word : known)
    tokenizer.numbers_.emplace(word, kEnd + 1 + static_cast<std::int64_t>(tokenizer.numbers_.size()));
  return tokenizer;
}

Result<std::vector<std::int64_t>> WordTokenizer::encode(std::string_view sentence, std::size_t length) const {
  const std::vector<std::string> words = words_of(sentence);
  if (words.size() + 2 > length)
    return fail(ErrorCode::invalid_argument, "\"" + std::string(sentence) + "\" has " + std::to_string(words.size()) +
                                                 " words, there is room for " + std::to_string(length) + " less 2");
  std::vector<std::int64_t> tokens{kStart};
  for (const std::string& word : words) {
    const auto at = numbers_.find(word);
    if (at == numbers_.end())
      return fail(ErrorCode::invalid_argument, "the word \"" + word + "\" is not one of this text tower's");
    tokens.push_back(at->second);
  }
  tokens.push_back(kEnd);
  tokens.resize(length, kPadding);
  return tokens;
}

}  // namespace vultus::liveness
