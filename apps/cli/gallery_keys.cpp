#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <vultus/gallery/search_choice.hpp>

#include <apps/cli/gallery_keys.hpp>
#include <apps/server/nodes/node_client.hpp>

namespace vultus::cli {
namespace {

constexpr std::size_t kMaxPassphrase = 1024;

/// A line from the terminal, which does not show it.
Result<std::string> ask(const char* prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
  if (terminal < 0) return fail(ErrorCode::invalid_argument, "there is no terminal to ask for the passphrase");
  const std::unique_ptr<const int, void (*)(const int*)> close_it(&terminal, [](const int* one) { ::close(*one); });
  termios before{};
  const bool hides = ::tcgetattr(terminal, &before) == 0;
  termios silent = before;
  silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  if (hides) ::tcsetattr(terminal, TCSAFLUSH, &silent);
  (void)!::write(terminal, prompt, std::char_traits<char>::length(prompt));
  std::string line;
  line.reserve(kMaxPassphrase + 1);  // so that no copy is left behind
  // poll() ends at a signal, where read() would go on: Ctrl-C leaves the question, and the terminal as it was.
  pollfd input{.fd = terminal, .events = POLLIN, .revents = 0};
  bool answers = ::poll(&input, 1, -1) == 1;
  for (char c = 0; answers && ::read(terminal, &c, 1) == 1 && c != '\n' && line.size() <= kMaxPassphrase;) {
    line += c;
    answers = ::poll(&input, 1, -1) == 1;
  }
  if (hides) ::tcsetattr(terminal, TCSAFLUSH, &before);
  (void)!::write(terminal, "\n", 1);
  if (!answers) return fail(ErrorCode::cancelled, "stopped while a passphrase was asked for");
  return line;
}

Result<std::string> ask_twice() {
  VULTUS_TRY(std::string first, ask("New passphrase of the gallery: "));
  VULTUS_TRY(const std::string second, ask("Once more: "));
  if (first != second) return fail(ErrorCode::invalid_argument, "the two passphrases differ");
  return first;
}

bool has_terminal() { return ::isatty(STDIN_FILENO) == 1; }

std::optional<KeySource> named_key(const KeySettings& settings) {
  if (!settings.key_file.empty()) return KeySource::from_file(settings.key_file);
  if (!settings.key_env.empty()) return KeySource::from_variable(settings.key_env);
  if (!settings.passphrase_file.empty()) return KeySource::from_passphrase_file(settings.passphrase_file);
  return std::nullopt;
}

void add_sources(CLI::App& command, KeySettings& settings, const std::string& before, const std::string& whose) {
  auto* const file = command
                         .add_option("--" + before + "key-file", settings.key_file,
                                     whose + ": a file with 64 hex digits that only its owner may read")
                         ->type_name("FILE");
  auto* const variable =
      command.add_option("--" + before + "key-env", settings.key_env, whose + ": an environment variable")
          ->type_name("NAME");
  auto* const phrase = command
                           .add_option("--" + before + "passphrase-file", settings.passphrase_file,
                                       whose + ": a file whose first line is a passphrase")
                           ->type_name("FILE");
  for (auto* const one : {file, variable, phrase}) {
    one->group("Key and log");
    for (auto* const other : {file, variable, phrase})
      if (one != other) one->excludes(other);
  }
}

}  // namespace

void add_key_source_options(CLI::App& command, KeySettings& settings) {
  add_sources(command, settings, "", "key of an encrypted gallery");
}

void add_key_options(CLI::App& command, KeySettings& settings) {
  add_key_source_options(command, settings);
  command.add_option("--who", settings.who, "who acts, for the audit log (default: the login name)")
      ->type_name("NAME")
      ->group("Key and log");
  command.add_option("--purpose", settings.purpose, "why, for the audit log")->type_name("TEXT")->group("Key and log");
  command
      .add_option(
          "--keyring", settings.keyring,
          "where the keys of subjects are: a file, or the URL of a database (default: GALLERY.keys; of a gallery "
          "on a server its own database)")
      ->type_name("FILE")
      ->group("Key and log");
  command
      .add_flag("--allow-partial", settings.allow_partial,
                "of a gallery of shards, answer with those that can be reached")
      ->group("Gallery on servers");
}

void add_search_options(CLI::App& command, KeySettings& settings) {
  command
      .add_option("--search-method", settings.search_method,
                  "how the gallery is searched: floats, bytes (exact), cascade, cells (may miss somebody); by its size "
                  "unless told")
      ->check(CLI::IsMember({"automatic", "floats", "bytes", "cascade", "cells"}))
      ->type_name("METHOD")
      ->group("Search");
  command
      .add_option("--cells-recall", settings.cells_recall,
                  "how often a search by cells is to find the most similar face (default: 0.99)")
      ->check(CLI::Range(0.5, 1.0))
      ->type_name("SHARE")
      ->group("Search");
}

SearchMethod search_method_of(const KeySettings& settings) {
  return search_method_from(settings.search_method).value_or(SearchMethod::automatic);
}

void add_new_key_options(CLI::App& command, KeySettings& settings) {
  add_sources(command, settings, "new-", "the new key");
}

std::optional<KeySource> key_of(const KeySettings& settings, const std::string& gallery) {
  if (auto named = named_key(settings)) return named;
  if (std::getenv(kKeyVariable) != nullptr) return KeySource::from_variable();
  if (has_terminal() && wants_passphrase(gallery, settings.keyring))
    return KeySource::from_passphrase([] { return ask("Passphrase of the gallery: "); });
  return std::nullopt;
}

Result<KeySource> new_key_of(const KeySettings& settings) {
  if (auto named = named_key(settings)) return *std::move(named);
  if (!has_terminal())
    return fail(
        ErrorCode::invalid_argument,
        "a new key is wanted: name a file, a variable or a passphrase file (vultus gallery new-key FILE makes one)");
  // Asked once, though it may be needed more than once.
  VULTUS_TRY(const std::string phrase, ask_twice());
  return KeySource::from_passphrase([phrase]() -> Result<std::string> { return phrase; });
}

GalleryOptions gallery_options(const std::string& path, GalleryAccess access, const KeySettings& keys) {
  return {.path = path,
          .access = access,
          .search = search_method_of(keys),
          .cells_recall = keys.cells_recall,
          .key = key_of(keys, path),
          .keyring = keys.keyring,
          .who = keys.who,
          .purpose = keys.purpose,
          .partial = keys.allow_partial ? PartialAnswers::allow : PartialAnswers::refuse,
          .ask_node = server::node_client()};
}

}  // namespace vultus::cli
