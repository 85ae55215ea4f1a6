// The words of the commands that mend a gallery.
#include <fmt/format.h>

#include <vultus/identity/health_findings.hpp>

namespace vultus::identity {
namespace {

std::string number(FaceId face) { return fmt::format("{}", face.number()); }

}  // namespace

MendCommand show_command(const std::string& gallery, const std::string& name) {
  return {"gallery", "show", gallery, name};
}

MendCommand remove_face_command(const std::string& gallery, FaceId face) {
  return {"gallery", "remove-face", gallery, number(face)};
}

MendCommand remove_command(const std::string& gallery, const std::string& name) {
  return {"gallery", "remove", gallery, name};
}

MendCommand merge_command(const std::string& gallery, const std::string& from, const std::string& into) {
  return {"gallery", "merge", gallery, from, into};
}

MendCommand split_command(const std::string& gallery, std::span<const FaceId> faces, const std::string& name) {
  std::string numbers;
  for (const FaceId face : faces) numbers += (numbers.empty() ? "" : ",") + number(face);
  return {"gallery", "split", gallery, numbers, "--as", name};
}

MendCommand not_command(const std::string& gallery, FaceId face, const std::string& subject) {
  return {"gallery", "not", gallery, number(face), subject};
}

MendCommand calibrate_command(const std::string& gallery) { return {"calibrate", gallery, "--fmr", "0.0001"}; }

}  // namespace vultus::identity
