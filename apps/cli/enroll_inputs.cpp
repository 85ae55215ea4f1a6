#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <span>
#include <system_error>
#include <utility>

#include <vultus/media/enrol_list.hpp>

#include <apps/cli/enroll_inputs.hpp>

namespace vultus::cli {
namespace {

void take(EnrollInputs& into, const std::string& name, Result<media::EnrolList> list) {
  if (!list) {
    into.errors.push_back({name, list.error()});
    return;
  }
  for (media::LabelledPicture& picture : list->pictures)
    into.pictures.push_back({.input = {.path = std::move(picture.path)}, .subject = std::move(picture.subject)});
  std::ranges::move(list->errors, std::back_inserter(into.errors));
}

void take_pictures(EnrollInputs& into, const std::string& name, const InputSettings& inputs,
                   const std::string& subject) {
  media::InputList list = media::expand_inputs(std::span(&name, 1), {.recursive = inputs.recursive});
  std::ranges::move(list.errors, std::back_inserter(into.errors));
  for (media::Input& input : list.inputs) {
    const std::string whose = subject.empty() ? media::subject_of_file(input.path) : subject;
    if (const Status fit = media::check_subject_name(whose); !fit)
      into.errors.push_back({input.path, fit.error().with_context(input.path)});
    else if (subject.empty() && input.standard_input)
      into.errors.push_back(
          {"-", fail(ErrorCode::invalid_argument, "-: whose picture comes on standard input? Say it with --subject")});
    else
      into.pictures.push_back({.input = std::move(input), .subject = whose});
  }
}

}  // namespace

bool names_a_list(const std::string& name) {
  constexpr std::string_view kCsv = ".csv";
  return name.size() > kCsv.size() && std::equal(kCsv.rbegin(), kCsv.rend(), name.rbegin(), [](char want, char have) {
           return want == std::tolower(static_cast<unsigned char>(have));
         });
}

EnrollInputs enroll_inputs(const InputSettings& inputs, const std::vector<std::string>& csv,
                           const std::string& subject) {
  EnrollInputs all;
  for (const std::string& list : csv) take(all, list, media::enrol_list_of_csv(list));
  for (const std::string& name : inputs.names) {
    std::error_code failed;
    if (!subject.empty())
      take_pictures(all, name, inputs, subject);
    else if (std::filesystem::is_directory(name, failed))
      take(all, name, media::enrol_list_of_folder(name));
    else if (names_a_list(name))
      take(all, name, media::enrol_list_of_csv(name));
    else
      take_pictures(all, name, inputs, {});
  }
  return all;
}

}  // namespace vultus::cli
