// Whose faces `vultus enroll` is given: folders, files, lists.
#pragma once

#include <string>
#include <vector>

#include <vultus/engine/enrol.hpp>
#include <vultus/media/inputs.hpp>

#include <apps/cli/settings.hpp>

namespace vultus::cli {

struct EnrollInputs {
  std::vector<engine::EnrolInput> pictures;
  std::vector<media::InputError> errors;
};

/// Whether a name ends like that of a list: .csv, upper or lower case.
[[nodiscard]] bool names_a_list(const std::string& name);

/// Puts a name to every picture.
/// - with `subject`: every input is a picture, folder or pattern of that one person
/// - a folder: one subfolder for each person, or pictures that are named after the person
/// - a file that ends in .csv: a list with the columns file and subject
/// - another file or pattern: pictures that are named after the person
/// @param csv      further lists, whatever they are called
/// @param subject  empty = none
[[nodiscard]] EnrollInputs enroll_inputs(const InputSettings& inputs, const std::vector<std::string>& csv,
                                         const std::string& subject);

}  // namespace vultus::cli
