// What this machine has of what Vultus needs, found out by trying it, and what to do about the rest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/machine.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::engine {

/// `note`: the main job is done, but slower, or something beside it is missing. `problem`: it is not done.
enum class Health : std::uint8_t { fine, note, problem };

[[nodiscard]] std::string_view name_of(Health health) noexcept;  ///< as in JSON, for example "note"

using Fact = std::variant<bool, std::int64_t, double, std::string>;

/// One thing that was looked at.
struct Finding {
  std::string area;     ///< "inference", "processor", "threads", "memory", "cache", "models", "networks",
                        ///< "gallery", "optional"
  std::string subject;  ///< what of it, for example the name of a model
  Health health = Health::fine;
  std::string text;               ///< what was found, for people
  std::string fix;                ///< what to do, as a command where there is one; empty where nothing is to be done
  std::optional<ErrorCode> code;  ///< of a problem
  std::vector<std::pair<std::string, Fact>> facts;  ///< for programs
};

struct DoctorOptions {
  std::filesystem::path models;      ///< folder of the manifests
  std::filesystem::path own_models;  ///< folder of the user's own; empty or not there = none
  std::filesystem::path cache;       ///< folder of downloaded things
  std::filesystem::path folder;    ///< where galleries are to be kept: the write test is done there; empty = the cache
  std::string preset = "default";  ///< its models are the ones that must be there
  std::string detector;            ///< another one than the preset's; empty = the preset's
  std::string embedder;            ///< another one than the preset's; empty = the preset's
  runtime::Precision precision = runtime::Precision::automatic;
  std::stop_token stop;
};

/// Looks at everything: runs each network of the preset once, writes a gallery of one face and reads it again, hashes
/// every model file. What it makes it removes; what it says holds no value of the environment but paths of Vultus.
/// @return findings in the order of the areas; a stop leaves the rest out
/// @thread safe; two at once measure each other
/// @cost some seconds: networks are compiled where no compiled ones are kept
[[nodiscard]] std::vector<Finding> examine(const DoctorOptions& options);

/// The code of the first problem; nothing where there is none.
[[nodiscard]] std::optional<ErrorCode> first_problem(std::span<const Finding> findings);

// The parts of examine(), for those who want one of them.

/// Arithmetic, instructions, threads and memory of a machine.
/// @param library  what the inference library says, or why it says nothing
[[nodiscard]] std::vector<Finding> examine_machine(const runtime::MachineFacts& machine,
                                                   const Result<runtime::InferenceFacts>& library,
                                                   runtime::Precision wanted);
/// Whether a folder can be written to, by writing, and how much room it has.
[[nodiscard]] Finding examine_cache(const std::filesystem::path& cache);
/// What to do about a cache folder that cannot be written. A command names that folder alone, never one around it.
[[nodiscard]] std::string cache_fix(const std::filesystem::path& cache, const std::error_code& why);
/// Whether the files of a model are there and unaltered.
/// @param needed  the main job cannot do without it; own_models  the folder of the user's own
[[nodiscard]] Finding examine_model(const runtime::ModelManifest& model, const runtime::ModelStore& store, bool needed,
                                    const std::filesystem::path& own_models = {});
/// Runs a network on a pattern and looks at what comes out.
/// @param exact  a backend to compare with, for the length of the call; null = none
[[nodiscard]] Finding examine_network(const runtime::ModelHandle& model, const runtime::Backend* exact);
/// Writes a gallery of one face into a folder of its own, searches it in a second opening, and removes it.
[[nodiscard]] Finding examine_gallery(const std::filesystem::path& folder);

}  // namespace vultus::engine
