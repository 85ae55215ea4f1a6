// Where the manifests of the networks lie: beside the program wherever it was installed, or in the source tree.
#pragma once

#include <filesystem>

#include <vultus/core/result.hpp>

namespace vultus::cli {

/// The folder of this program, with links resolved.
/// @error internal  the system does not tell
[[nodiscard]] Result<std::filesystem::path> program_folder();

/// The first of: $VULTUS_MODELS, <program folder>/../share/vultus/models, and for programs of a build tree the models/
/// of the sources.
/// @error not_found  none is there; the message names the places
[[nodiscard]] Result<std::filesystem::path> find_model_folder();

/// The folder of the user's own manifests and networks (`vultus models add`): $VULTUS_OWN_MODELS, else
/// $XDG_CONFIG_HOME/vultus/models, else $HOME/.config/vultus/models; whether it is there or not.
/// @return empty where none of these is set
[[nodiscard]] std::filesystem::path own_model_folder();

}  // namespace vultus::cli
