#include <vultus/postgres/test_server.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

#include <vultus/postgres/connection.hpp>

namespace vultus::postgres::testing {
namespace {

std::string quoted(const std::string& word) { return "'" + word + "'"; }  // no word here holds a quote

std::filesystem::path fresh_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "vultus-pg-test-XXXXXX").string();
  return mkdtemp(pattern.data());
}

/// The server that ctest has started, or one of this process.
const std::string& shared_url() {
  static std::unique_ptr<Server> own;
  static const std::string kUrl = [] {
    const std::filesystem::path folder = std::filesystem::path(VULTUS_BINARY_DIR) / "postgres";
    if (std::filesystem::exists(folder / "server.json")) {
      std::string there = run_tool({"url", folder.string()});
      if (Connection::open({.url = there})) return there;
    }
    own = std::make_unique<Server>();
    return own->url();
  }();
  return kUrl;
}

}  // namespace

std::string run_tool(const std::vector<std::string>& arguments) {
  std::string command = quoted(VULTUS_SOURCE_DIR "/tools/postgres");
  for (const std::string& word : arguments) command += " " + quoted(word);
  // What the tool leaves behind must not hold the pipe.
  FILE* pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run tools/postgres");
  std::string output;
  std::array<char, 4096> block{};
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe)) output.append(block.data(), got);
  if (pclose(pipe) != 0) throw std::runtime_error("tools/postgres failed: " + output);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  return output;
}

Server::Server(const std::vector<std::string>& options) : folder_(fresh_folder()) {
  std::vector<std::string> words{"start", folder_.string(), "--with-process", std::to_string(getpid())};
  words.insert(words.end(), options.begin(), options.end());
  url_ = run_tool(words);
}

Server::~Server() {
  try {
    run_tool({"remove", folder_.string()});
  } catch (const std::exception& failed) {
    std::fprintf(stderr, "%s\n", failed.what());
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Server::kill() { run_tool({"stop", folder_.string(), "--kill"}); }
void Server::stop() { run_tool({"stop", folder_.string()}); }
void Server::start() { run_tool({"start", folder_.string()}); }
void Server::promote() { run_tool({"promote", folder_.string()}); }

std::string with_database(const std::string& url, const std::string& database) {
  return url.substr(0, url.rfind('/') + 1) + database;
}

std::string fresh_database() {
  static std::atomic<int> count = 0;
  const std::string name = "t" + std::to_string(getpid()) + "_" + std::to_string(++count);
  Connection connection = Connection::open({.url = shared_url(), .deadline = std::chrono::seconds(60)}).value();
  connection.execute("DROP DATABASE IF EXISTS " + name).value();
  connection.execute("CREATE DATABASE " + name).value();
  return with_database(shared_url(), name);
}

}  // namespace vultus::postgres::testing
