// What a subject may be called in the CompreFace interface, and subjects by their names.
#pragma once

#include <string>
#include <string_view>

#include <vultus/gallery/gallery.hpp>

#include <apps/server/api/call.hpp>

namespace vultus::server::compreface {

/// A name to be given: 1 to 50 characters, none of ; / \ and no control characters; spaces at its ends are cut off.
/// @return numbers 36 (a forbidden character) and 26 where it is none
[[nodiscard]] Checked<std::string> new_subject_name(std::string_view text);

/// "subject" of a JSON body as a name to be given.
[[nodiscard]] Checked<std::string> new_subject_in_body(const Call& call);

/// @return the subject, or number 42
[[nodiscard]] Checked<Subject> subject_named(const Gallery& gallery, const std::string& name);

/// Hands over all subjects in the order of their names until it is told false.
template <class Take>
[[nodiscard]] Status each_subject(const Gallery& gallery, Take take) {
  for (ListOptions page{.after = {}, .limit = ListOptions::kMaxLimit};;) {
    VULTUS_TRY(const std::vector<Subject> some, gallery.subjects(page));
    for (const Subject& one : some)
      if (!take(one)) return {};
    if (some.size() < page.limit) return {};
    page.after = some.back().name;
  }
}

}  // namespace vultus::server::compreface
