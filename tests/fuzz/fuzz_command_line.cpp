// Command lines of the three programs, one word a line; completion of the last word; and text for a terminal.
#include <string>
#include <string_view>
#include <vector>

#include <apps/cli/application.hpp>
#include <apps/cli/completion.hpp>
#include <apps/cli/terminal_text.hpp>
#include <apps/face_recognition/arguments.hpp>
#include <vultus/core/utf8.hpp>
#include <vultus/media/video.hpp>

#include "fuzz_target.hpp"

namespace {

using vultus::fuzz::require;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text)
    if (c == '\n') {
      words.emplace_back();
    } else if (c != '\0') {  // no word of a command line holds one
      words.back() += c;
    }
  return words;
}

void check_completion(const std::vector<std::string>& words) {
  static const vultus::cli::Application kApplication = vultus::cli::make_application();
  const auto found = vultus::cli::complete(*kApplication.parser, words, {.presets = {"p"}, .models = {"m"}});
  for (const auto& offer : found.offers) {
    require(words.back() == "=" || offer.word.starts_with(words.back()), "what is offered goes on with the word");
    require(offer.help.find('\n') == std::string::npos, "an offer is one line");
  }
}

void check_parsers(std::vector<std::string> words) {
  vultus::compat::RecognitionArguments recognition;
  const auto first = vultus::compat::parse(words, recognition);
  require(first.go_on || !first.text.empty(), "a refusal says something");
  vultus::compat::DetectionArguments detection;
  const auto second = vultus::compat::parse(words, detection);
  require(second.go_on || !second.text.empty(), "a refusal says something");
  const vultus::cli::Application application = vultus::cli::make_application();
  try {
    application.parser->parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::ParseError& error) {
    require(error.what() != nullptr, "a refusal says something");
  }
}

void check_text(std::string_view text) {
  const std::string shown = vultus::cli::printable(text);
  require(vultus::is_utf8(shown), "what is shown is text");
  for (const char c : shown) require(static_cast<unsigned char>(c) >= 32 && c != 127, "nothing steers a terminal");
  require(vultus::cli::printable(shown) == shown, "what is printable stays as it is");
  const std::string address = "rtsp://u:geheim@" + std::string(text);
  const std::string told = vultus::media::without_secrets(address);
  require(told.substr(0, address.size()).find("geheim@") == std::string::npos, "passwords are not told");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto words = words_of(text);
  check_text(text);
  check_completion(words);
  check_parsers(words);
  return 0;
}
