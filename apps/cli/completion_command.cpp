// vultus completion bash | zsh | fish | words.
#include <memory>
#include <utility>

#include <apps/cli/completion.hpp>
#include <apps/cli/context.hpp>
#include <apps/cli/model_shelf.hpp>
#include <apps/cli/option_values.hpp>

namespace vultus::cli {
namespace {

// The scripts are thin: `vultus completion words` knows the commands, the shells know the files.
constexpr const char* kBash = R"sh(# Completion of vultus for bash.
_vultus() {
  local current=${COMP_WORDS[COMP_CWORD]} line also=
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) also=${line#:} ;;
      ?*) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <("${COMP_WORDS[0]/#\~/$HOME}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [ "$current" != = ] || current=
  case $also in
    files) compopt -o filenames 2>/dev/null; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current") ;;
    folders) compopt -o filenames 2>/dev/null; mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current") ;;
  esac
}
complete -F _vultus vultus
)sh";

constexpr const char* kZsh = R"sh(#compdef vultus
# Completion of vultus for zsh.
_vultus() {
  local line also=
  local -a offers
  for line in "${(@f)$("${words[1]/#\~/$HOME}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    case $line in
      :*) also=${line#:} ;;
      *$'\t'*) offers+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
    esac
  done
  (( ! $#offers )) || _describe 'vultus' offers
  case $also in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [ "$funcstack[1]" = _vultus ]; then
  _vultus "$@"
elif (( $+functions[compdef] )); then
  compdef _vultus vultus
fi
)sh";

constexpr const char* kFish = R"sh(# Completion of vultus for fish.
function __vultus_words
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  for line in ($before[1] completion words -- $before[2..-1] "$current" 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path "$current"
      case ':folders'
        __fish_complete_directories "$current"
      case '*'
        printf '%s\n' $line
    end
  end
end
complete -c vultus -f -a '(__vultus_words)'
)sh";

/// Without models there are no names to offer, and that is all.
KnownNames known_names() {
  KnownNames known;
  const auto shelf = open_shelf({});
  if (!shelf) return known;
  for (const engine::Preset& preset : shelf->presets) known.presets.push_back(preset.id);
  for (const runtime::ModelManifest& model : shelf->catalogue.models()) known.models.push_back(model.id.text());
  return known;
}

Result<ExitCode> words(const CLI::App& app, const std::vector<std::string>& line, Context& context) {
  const Completion found = complete(app, line, known_names());
  for (const Offer& offer : found.offers) VULTUS_CHECK(context.out.write(offer.word + "\t" + offer.help + "\n"));
  if (found.also == AlsoFits::files) VULTUS_CHECK(context.out.write(":files\n"));
  if (found.also == AlsoFits::folders) VULTUS_CHECK(context.out.write(":folders\n"));
  return ExitCode::done;
}

void add_script(CLI::App& completion, Commands& commands, const char* shell, const char* script, const char* footer) {
  CLI::App* command = completion.add_subcommand(shell, std::string("the script for ") + shell);
  command->footer(footer);
  commands.push_back({command, [script](Context& context) -> Result<ExitCode> {
                        VULTUS_CHECK(context.out.write(script));
                        return ExitCode::done;
                      }});
}

}  // namespace

void add_completion(CLI::App& app, Commands& commands) {
  CLI::App* completion =
      app.add_subcommand("completion", "scripts that let a shell complete commands, options and names");
  completion->require_subcommand(1);
  completion->footer(
      "An installed Vultus brings them along. By hand: source <(vultus completion bash)\n\n"
      "Examples:\n  vultus completion bash > vultus.bash");
  add_script(*completion, commands, "bash", kBash,
             "For this user: into ~/.local/share/bash-completion/completions/vultus\n\n"
             "Examples:\n  vultus completion bash > vultus.bash");
  add_script(*completion, commands, "zsh", kZsh,
             "For this user: as _vultus into a folder of $fpath\n\n"
             "Examples:\n  vultus completion zsh > _vultus");
  add_script(*completion, commands, "fish", kFish,
             "For this user: into ~/.config/fish/completions/vultus.fish\n\n"
             "Examples:\n  vultus completion fish > vultus.fish");
  CLI::App* command =
      completion->add_subcommand("words", "what fits in place of the last word: one a line, help behind a tab");
  auto line = std::make_shared<std::vector<std::string>>();
  may_be_empty(
      command->add_option("WORD", *line, "the words of a command line without the program, behind --")->type_name(""));
  command->footer(
      "A last line :files or :folders says that names of files or folders fit too.\n\n"
      "Examples:\n  vultus completion words -- identify --pre");
  const CLI::App* root = &app;
  commands.push_back({command, [root, line](Context& context) { return words(*root, *line, context); }});
}

}  // namespace vultus::cli
