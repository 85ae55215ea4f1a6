#include <cstdlib>
#include <system_error>

#include <apps/cli/model_folder.hpp>

namespace vultus::cli {
namespace fs = std::filesystem;

Result<fs::path> program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return fail(ErrorCode::internal, "/proc/self/exe: " + failed.message());
  return program.parent_path();
}

Result<fs::path> find_model_folder() {
  if (const char* chosen = std::getenv("VULTUS_MODELS"); chosen != nullptr && *chosen != '\0') return fs::path(chosen);
  VULTUS_TRY(const fs::path program, program_folder());
  const fs::path installed = (program / ".." / "share" / "vultus" / "models").lexically_normal();
  std::error_code failed;
  if (fs::is_directory(installed, failed)) return installed;
  std::string looked = installed.string();
#ifdef VULTUS_SOURCE_MODELS
  const fs::path sources = VULTUS_SOURCE_MODELS;
  if (fs::is_directory(sources, failed)) return sources;
  looked += " and " + sources.string();
#endif
  return fail(ErrorCode::not_found,
              "the folder of model manifests is not in " + looked + ": name it with --models or VULTUS_MODELS");
}

fs::path own_model_folder() {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0' ? fs::path(value) : fs::path();
  };
  if (fs::path own = set("VULTUS_OWN_MODELS"); !own.empty()) return own;
  if (const fs::path config = set("XDG_CONFIG_HOME"); !config.empty()) return config / "vultus" / "models";
  if (const fs::path home = set("HOME"); !home.empty()) return home / ".config" / "vultus" / "models";
  return {};
}

}  // namespace vultus::cli
