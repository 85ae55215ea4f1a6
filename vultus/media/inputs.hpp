// What a command line names: files, folders, patterns and standard input, as a list of pictures.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>

namespace vultus::media {

struct InputOptions {
  bool recursive = false;  ///< enter the folders of folders
  std::string within{};    ///< the folder around the names, if the caller walks it: no link back to it is followed
  bool operator==(const InputOptions&) const = default;
};

/// One picture to read.
struct Input {
  std::string path;             ///< as the user may read it; "-" for standard input
  bool standard_input = false;  ///< read_standard_input() instead of read_file(): a file may be called "-" too ("./-")
  bool operator==(const Input&) const = default;
};

/// A name that gave no picture, and why. The message begins with the name.
struct InputError {
  std::string path;
  Error error;
  bool operator==(const InputError&) const = default;
};

struct InputList {
  std::vector<Input> inputs;
  std::vector<InputError> errors;
  bool operator==(const InputList&) const = default;
};

/// Expands the names of a command line.
///
/// - A file is taken whatever it is called, and so is a named pipe. "-" is standard input.
/// - A folder gives its files that are named like pictures (has_picture_name()), sorted by the bytes of their names;
///   hidden names (leading dot) are left out. Where it holds none, that is an error.
/// - A name with * ? or [..] that is not itself a file is a pattern; ** as a component stands for any number of
///   folders. Patterns take what they match as if it had been named, sorted; one that ends in ** takes pictures only.
/// - A name with %d, %4d or %04d that is not itself a file gives the pictures of those numbers, in their order.
/// - A pipe in a folder is an error: nobody said that it was to be waited for.
/// - The order is that of `names`, sorted within each. A file that is reached twice, also through links, is kept once,
///   under its first name.
/// - Symbolic links are followed; one that leads back to a folder around it is an error and is not followed.
///
/// @param names  not empty; the bytes of the file system, in practice UTF-8
/// @return pictures and errors; a name that fails leaves the others as they are. Codes: not_found (missing, no match,
///         no picture in the folder), invalid_argument (empty name, circular link), resource_limit (permission)
/// @thread immutable, no state; what the file system holds may change meanwhile
[[nodiscard]] InputList expand_inputs(std::span<const std::string> names, const InputOptions& options = {});

/// Reads what an input stands for: a file, standard input, or a named pipe to its end.
/// @param into  overwritten; keeps its capacity
/// @error those of read_file() and read_standard_input(); resource_limit  a pipe in which nothing comes for 15 s
/// @thread one at a time for standard input and a pipe
[[nodiscard]] Status read_input_into(const Input& input, std::size_t max_bytes, std::vector<std::uint8_t>& into);

/// The same in memory of its own.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_input(const Input& input, std::size_t max_bytes);

/// The endings of names that count as pictures in a folder, for people: "jpg, jpeg, png, ...".
[[nodiscard]] std::string picture_endings();

/// Whether a name ends like a picture: with one of picture_endings(), upper or lower case.
[[nodiscard]] bool has_picture_name(std::string_view path);

/// The subfolders (or files) of a folder in the order of their bytes, without hidden ones: for those who walk folders
/// by rules of their own.
struct FolderContent {
  std::vector<std::string> folders;   ///< names only; links to folders among them
  std::vector<std::string> pictures;  ///< names only, has_picture_name()
  std::vector<InputError> errors;     ///< entries that cannot be looked at, e.g. a link into nothing
};
/// @error not_found, invalid_argument (no folder), resource_limit (permission)
[[nodiscard]] Result<FolderContent> list_folder(const std::string& path);

}  // namespace vultus::media
