// What a shell may offer at a place of a command line, found in the parsers of the commands themselves.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace vultus::cli {

/// Names from outside the parsers.
struct KnownNames {
  std::vector<std::string> presets;
  std::vector<std::string> models;
};

struct Offer {
  std::string word;
  std::string help;  ///< one line
  bool operator==(const Offer&) const = default;
};

/// `files` beside the words: names of files or folders fit too; the shell knows them best.
enum class AlsoFits : std::uint8_t { nothing, files, folders };

struct Completion {
  std::vector<Offer> offers;  ///< those that begin with the last word
  AlsoFits also = AlsoFits::nothing;
};

/// What fits in place of the last word.
/// - Values follow the type name of their option or the name of their argument: FILE, DIR, GALLERY, INPUT, A, B and
///   FOLDER are files and folders, PRESET and MODEL known names, `a|b|c` in lower case a choice of words.
/// - Options that were given are not offered again, except those that take several values.
/// @param words  of the command line without the program; the last one is being written and may be empty. "=" may
///               stand as a word of its own between an option and its value, as bash splits them.
/// @thread safe
[[nodiscard]] Completion complete(const CLI::App& app, std::span<const std::string> words, const KnownNames& known);

}  // namespace vultus::cli
