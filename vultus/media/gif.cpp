// GIF through giflib: the first picture of an animation, on the canvas that the file names.
#include <algorithm>
#include <cstring>
#include <memory>

#include <gif_lib.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

struct GifDelete {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

/// Where the first picture lies on its canvas, and which of its colours is a hole.
struct Frame {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  bool interlaced = false;
  int transparent = NO_TRANSPARENT_COLOR;
};

struct GifSource {
  Bytes rest;
  std::unique_ptr<GifFileType, GifDelete> gif;

  Status open(Bytes bytes);
  Result<Frame> find_frame() const;
  Status read_extension(Frame& frame) const;
  Status walk_to_end() const;
  [[nodiscard]] Error failure() const { return failure(gif->Error); }
  [[nodiscard]] static Error failure(int code);
};

int on_read(GifFileType* gif, GifByteType* into, int size) {
  auto& source = *static_cast<GifSource*>(gif->UserData);
  const std::size_t given = std::min(static_cast<std::size_t>(size), source.rest.size());
  if (given > 0) std::memcpy(into, source.rest.data(), given);
  source.rest = source.rest.subspan(given);
  return static_cast<int>(given);
}

Error GifSource::failure(int code) {
  switch (code) {
    case D_GIF_ERR_EOF_TOO_SOON:
    case D_GIF_ERR_READ_FAILED: return damaged(PictureFormat::gif, "cut off: the file ends before the picture does");
    case D_GIF_ERR_NOT_ENOUGH_MEM: return fail(ErrorCode::resource_limit, "GIF: out of memory");
    default: break;
  }
  const char* const text = GifErrorString(code);
  return damaged(PictureFormat::gif, std::string("damaged (") + (text == nullptr ? "unknown block" : text) + ")");
}

Status GifSource::open(Bytes bytes) {
  rest = bytes;
  int code = 0;
  gif.reset(DGifOpen(this, on_read, &code));
  if (gif == nullptr) return failure(code);
  return {};
}

/// An extension block in front of the picture: it may name the colour that is a hole.
Status GifSource::read_extension(Frame& frame) const {
  int kind = 0;
  GifByteType* block = nullptr;
  if (DGifGetExtension(gif.get(), &kind, &block) == GIF_ERROR) return failure();
  while (block != nullptr) {
    GraphicsControlBlock control{};
    if (kind == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      frame.transparent = control.TransparentColor;
    if (DGifGetExtensionNext(gif.get(), &block) == GIF_ERROR) return failure();
  }
  return {};
}

Result<Frame> GifSource::find_frame() const {
  Frame frame;
  while (true) {
    GifRecordType record{};
    if (DGifGetRecordType(gif.get(), &record) == GIF_ERROR) return failure();
    if (record == TERMINATE_RECORD_TYPE) return damaged(PictureFormat::gif, "no picture in it");
    if (record == EXTENSION_RECORD_TYPE) {
      VULTUS_CHECK(read_extension(frame));
      continue;
    }
    if (DGifGetImageDesc(gif.get()) == GIF_ERROR) return failure();
    const GifImageDesc& found = gif->Image;
    frame.left = found.Left;
    frame.top = found.Top;
    frame.width = found.Width;
    frame.height = found.Height;
    frame.interlaced = found.Interlace;
    if (frame.width < 1 || frame.height < 1) return damaged(PictureFormat::gif, "its first picture has no pixels");
    return frame;
  }
}

/// Goes over what follows the first picture: a file that is cut off there is cut off.
Status GifSource::walk_to_end() const {
  while (true) {
    GifRecordType record{};
    if (DGifGetRecordType(gif.get(), &record) == GIF_ERROR) return failure();
    if (record == TERMINATE_RECORD_TYPE) return {};
    if (record == EXTENSION_RECORD_TYPE) {
      Frame other;
      VULTUS_CHECK(read_extension(other));
      continue;
    }
    int size = 0;
    GifByteType* block = nullptr;
    if (DGifGetImageDesc(gif.get()) == GIF_ERROR) return failure();
    if (DGifGetCode(gif.get(), &size, &block) == GIF_ERROR) return failure();
    while (block != nullptr)
      if (DGifGetCodeNext(gif.get(), &block) == GIF_ERROR) return failure();
  }
}

/// The canvas; it grows where the first picture sticks out, as browsers do.
Result<StoredHeader> canvas_of(const GifFileType& gif, const Frame& frame) {
  return checked_header(std::max(gif.SWidth, frame.left + frame.width), std::max(gif.SHeight, frame.top + frame.height),
                        1);
}

/// The rows in the order of the file.
/// @source GIF89a specification, appendix E: four passes of an interlaced picture
template <class TakeRow>
Status each_row(const Frame& frame, const TakeRow& take) {
  struct Pass {
    int first;
    int step;
  };
  constexpr std::array kPasses{Pass{0, 8}, Pass{4, 8}, Pass{2, 4}, Pass{1, 2}};
  if (!frame.interlaced) {
    for (int y = 0; y < frame.height; ++y) VULTUS_CHECK(take(y));
    return {};
  }
  for (const Pass& pass : kPasses)
    for (int y = pass.first; y < frame.height; y += pass.step) VULTUS_CHECK(take(y));
  return {};
}

}  // namespace

Result<StoredHeader> gif_header(Bytes bytes) {
  GifSource source;
  VULTUS_CHECK(source.open(bytes));
  VULTUS_TRY(const Frame frame, source.find_frame());
  return canvas_of(*source.gif, frame);
}

bool gif_is_animated(Bytes bytes) {
  GifSource source;
  if (!source.open(bytes) || !source.find_frame()) return false;
  int size = 0;
  GifByteType* block = nullptr;
  if (DGifGetCode(source.gif.get(), &size, &block) == GIF_ERROR) return false;
  while (block != nullptr)
    if (DGifGetCodeNext(source.gif.get(), &block) == GIF_ERROR) return false;
  return source.find_frame().has_value();
}

Status decode_gif(Bytes bytes, const StoredHeader& header, Image& into, std::vector<std::uint8_t>& scratch) {
  GifSource source;
  VULTUS_CHECK(source.open(bytes));
  VULTUS_TRY(const Frame frame, source.find_frame());
  const GifFileType& gif = *source.gif;
  const ColorMapObject* const colours = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
  if (colours == nullptr) return damaged(PictureFormat::gif, "no table of colours");
  for (int y = 0; y < header.height; ++y) std::memset(into.row(y), 255, static_cast<std::size_t>(into.stride()));
  scratch.resize(static_cast<std::size_t>(frame.width));
  const auto take = [&](int y) -> Status {
    if (DGifGetLine(source.gif.get(), scratch.data(), frame.width) == GIF_ERROR) return source.failure();
    std::uint8_t* to = into.row(frame.top + y) + std::ptrdiff_t{frame.left} * 3;
    for (int x = 0; x < frame.width; ++x, to += 3) {
      const int index = scratch[static_cast<std::size_t>(x)];
      if (index == frame.transparent) continue;
      if (index >= colours->ColorCount)
        return damaged(PictureFormat::gif,
                       "colour " + std::to_string(index) + " of a table of " + std::to_string(colours->ColorCount));
      const GifColorType& colour = colours->Colors[index];
      to[0] = colour.Red, to[1] = colour.Green, to[2] = colour.Blue;
    }
    return {};
  };
  VULTUS_CHECK(each_row(frame, take));
  return source.walk_to_end();
}

}  // namespace vultus::media
