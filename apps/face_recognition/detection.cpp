#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include <apps/face_recognition/files.hpp>
#include <apps/face_recognition/in_order.hpp>
#include <apps/face_recognition/lines.hpp>
#include <apps/face_recognition/programs.hpp>

namespace vultus::compat {
namespace {

Lines look(engine::DlibRecognizer& recognizer, const std::string& file) {
  const auto picture = read_rgb(file);
  if (!picture) return {.error = picture.error().message};
  const auto faces = recognizer.find(picture->view());
  if (!faces) return {.error = file + ": " + faces.error().message};
  Lines lines;
  for (const face::PixelRect& face : *faces)
    lines.text += fmt::format("{},{},{},{},{}\n", file, std::max(face.top, 0), std::min(face.right, picture->width()),
                              std::min(face.bottom, picture->height()), std::max(face.left, 0));
  return lines;
}

}  // namespace

int run_detection(const DetectionArguments& arguments, std::FILE* out, std::FILE* err) {
  Writer writer("face_detection", out, err);
  std::error_code failed;
  const bool folder = std::filesystem::is_directory(arguments.probe, failed);
  const auto files =
      folder ? pictures_in(arguments.probe) : Result<std::vector<std::string>>(std::vector{arguments.probe});
  const auto models = load_models(arguments.places, arguments.upsample >= 2);
  if (!files || !models) {
    writer.tell(!files ? files.error().message : models.error().message);
    return writer.exit_code();
  }
  const auto make = [&]() -> Result<std::function<Lines(std::size_t)>> {
    VULTUS_TRY(auto made, models->make_recognizer());
    const auto recognizer = std::make_shared<engine::DlibRecognizer>(std::move(made));
    return std::function<Lines(std::size_t)>(
        [recognizer, &files](std::size_t i) { return look(*recognizer, (*files)[i]); });
  };
  const Status done =
      in_order<Lines>(files->size(), workers(arguments.cpus), make, [&](const Lines& lines) { writer.write(lines); });
  if (!done) writer.tell(done.error().message);
  return writer.exit_code();
}

}  // namespace vultus::compat
