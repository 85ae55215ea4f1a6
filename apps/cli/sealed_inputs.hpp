// What the commands of `vultus sealed` have in common: keys, templates of pictures or of a list.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/sealed/answer.hpp>
#include <vultus/sealed/format.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/settings.hpp>

namespace vultus::cli {

/// Where a secret key lies and what opens it.
struct SecretKeySettings {
  std::string file;
  std::string passphrase_file;
};
/// --key and --passphrase-file.
void add_secret_key_options(CLI::App& command, SecretKeySettings& settings);
[[nodiscard]] Result<sealed::SecretKey> load_secret_key(const SecretKeySettings& settings);
/// The first line of a file that only its owner may read.
[[nodiscard]] Result<std::string> passphrase_of(const std::string& file);

/// --sealed-scale and --plain-scale.
void add_scale_options(CLI::App& command, sealed::Precision& precision);
/// --threads of the arithmetic and --no-simd.
void add_compute_options(CLI::App& command, sealed::ComputeOptions& options);

/// Templates of one model.
struct SealedTemplates {
  std::string model;
  std::vector<sealed::NamedTemplate> rows;
  std::int64_t failed = 0;  ///< pictures that gave none; told on standard error
};

/// Templates of the main faces of pictures, named as by `vultus enroll`; or of lists, where an input ends in .csv: a
/// column `name`, `subject` or `file`, a column `model` where there is one, and the values in the columns e0, e1 and so
/// on (as `vultus embed --csv` writes them). Pictures and lists may not be mixed.
/// @error corrupt_data  a list in another form; model_mismatch  lists of several models
[[nodiscard]] Result<SealedTemplates> sealed_templates(const EngineSettings& engine, const InputSettings& inputs,
                                                       Context& context);

/// The one template of a picture or a list.
/// @error not_found  no face; invalid_argument  several templates
[[nodiscard]] Result<SealedTemplates> sealed_template(const EngineSettings& engine, const InputSettings& limits,
                                                      const std::string& input, Context& context);

/// @error model_mismatch  two models; one that is not known ("") agrees with every other
[[nodiscard]] Status require_same_model(std::string_view of_gallery, std::string_view of_probe);

/// "public key a1b2..., Paillier of 2048 bits".
[[nodiscard]] std::string key_text(const sealed::PublicKey& key);

}  // namespace vultus::cli
