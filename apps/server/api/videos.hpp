// The video of a request: a job looks at it when the request is answered already.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <apps/server/api/call.hpp>
#include <apps/server/data/scratch_file.hpp>

namespace vultus::server {

inline constexpr int kRetryWhenJobsWait = 30;  ///< seconds

/// The part `video` of the form, or the member of the JSON body in base64, as a file of the data folder.
[[nodiscard]] Checked<std::shared_ptr<const ScratchFile>> received_video(const Call& call);

/// A message of the library without our name of the file: the caller has another one for it.
[[nodiscard]] std::string said_of_video(std::string message, const std::filesystem::path& file, const Service& service);

}  // namespace vultus::server
