// Whose face is in which picture, from the way a folder is laid out or from a CSV file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/media/inputs.hpp>

namespace vultus::media {

/// A picture and the person it is enrolled as.
struct LabelledPicture {
  std::string path;     ///< as the user may read it
  std::string subject;  ///< UTF-8, without control characters, 1 to kMaxSubjectBytes
  bool operator==(const LabelledPicture&) const = default;
};

inline constexpr std::size_t kMaxSubjectBytes = 256;

struct EnrolList {
  std::vector<LabelledPicture> pictures;
  std::vector<InputError> errors;  ///< what gave no picture, each with a message that begins with its name
  bool operator==(const EnrolList&) const = default;
};

/// The enrolment list of a folder, both layouts at once:
/// - root/NAME/any/depth/x.jpg enrols NAME: each subfolder is a person;
/// - root/NAME.jpg enrols NAME: the name of the file without its ending and numbering (subject_of_file()).
/// Hidden names are left out. Sorted by the bytes of the names, files of the root first.
/// @error not_found  no such folder, or no picture in it; invalid_argument  not a folder; resource_limit  permission
/// @thread immutable, no state
[[nodiscard]] Result<EnrolList> enrol_list_of_folder(const std::string& root);

/// The enrolment list of a CSV file with a header that names at least the columns `file` and `subject`, upper or lower
/// case, in any order; others are ignored. Relative files lie beside the CSV file. A row that says nothing new is
/// dropped; a row that is wrong is an error of the CSV file that names its line: "list.csv: line 7: ...".
/// @error not_found, invalid_argument, resource_limit  from reading the file; not_found also where it has no row
/// @error corrupt_data  no header with the two columns
/// @thread immutable, no state
[[nodiscard]] Result<EnrolList> enrol_list_of_csv(const std::string& csv_path);

/// The same from text.
/// @param name    of the CSV file, for messages
/// @param folder  that relative files lie in; "" = the present one
[[nodiscard]] Result<EnrolList> parse_enrol_csv(std::string_view text, const std::string& name,
                                                const std::string& folder);

/// The person that a file name stands for: the name without folder and ending, and without one numbering at its end.
/// A numbering is _0001, -2, " 3" or (4), with or without a space before it; it stays where nothing else would be left.
///   Ada_Lovelace_0001.jpg -> Ada_Lovelace     Ada (2).png -> Ada     0001.jpg -> 0001
/// A name that ends in a number by itself ("Agent_007") belongs into a folder of that name or into a CSV.
/// @thread immutable, no state
[[nodiscard]] std::string subject_of_file(std::string_view path);

/// @error invalid_argument  empty, blank, not UTF-8, with control characters, or longer than kMaxSubjectBytes
/// @thread immutable, no state
[[nodiscard]] Status check_subject_name(std::string_view subject);

}  // namespace vultus::media
