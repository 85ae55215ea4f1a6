// JPEG through libjpeg-turbo's own interface rather than its TurboJPEG wrapper: only here each warning shows its
// number, and a stray byte between two segments (common in cameras' files) must not be taken for a damaged picture.
#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>  // jpeglib.h needs it
#include <vector>

#include <jerror.h>
#include <jpeglib.h>

#include <vultus/media/codec.hpp>

namespace vultus::media {
namespace {

/// Scans of a progressive picture that are believed. Encoders use about ten; a hostile file may hold thousands, each
/// of which costs a pass over all pixels.
constexpr int kMaxScans = 100;

/// Warnings that leave the pixels whole. Any other one means that pixels are missing or wrong.
bool is_harmless(int warning) {
  switch (warning) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL: return true;
    default: return false;
  }
}

ErrorCode code_for(int code) {
  switch (code) {
    case JERR_OUT_OF_MEMORY:
    case JERR_IMAGE_TOO_BIG:
    case JERR_WIDTH_OVERFLOW: return ErrorCode::resource_limit;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: return ErrorCode::unsupported;
    default: return ErrorCode::corrupt_data;
  }
}

}  // namespace

/// The C side. libjpeg leaves a failed call with longjmp: the functions below that call setjmp hold nothing that would
/// need a destructor.
struct JpegReader::State {
  jpeg_decompress_struct codec{};
  jpeg_error_mgr errors{};
  jpeg_progress_mgr progress{};
  std::jmp_buf escape{};
  bool created = false;
  bool too_many_scans = false;
  bool wrong_size = false;
  std::size_t bytes = 0;
  std::vector<std::uint8_t> ink;  // one row of CMYK

  State();
  ~State() { jpeg_destroy_decompress(&codec); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  State(State&&) = delete;
  State& operator=(State&&) = delete;

  static State& of(j_common_ptr codec);
  [[noreturn]] static void leave(j_common_ptr codec);
  static void on_warning(j_common_ptr codec, int level);
  static void on_progress(j_common_ptr codec);

  bool create();
  bool read_header(Bytes file);
  bool read_pixels(int reduction, Image& into);
  void read_colour(Image& into);
  void read_ink(Image& into);
  [[nodiscard]] bool is_ink() const { return codec.num_components == 4; }
  [[nodiscard]] Error failure();
  [[nodiscard]] int orientation() const;
};

JpegReader::State::State() {
  codec.err = jpeg_std_error(&errors);
  codec.client_data = this;
  errors.error_exit = leave;
  errors.emit_message = on_warning;
  errors.output_message = [](j_common_ptr) {};
  progress.progress_monitor = on_progress;
  created = create();
}

JpegReader::State& JpegReader::State::of(j_common_ptr codec) { return *static_cast<State*>(codec->client_data); }

void JpegReader::State::leave(j_common_ptr codec) { std::longjmp(of(codec).escape, 1); }

void JpegReader::State::on_warning(j_common_ptr codec, int level) {
  if (level < 0 && !is_harmless(codec->err->msg_code)) leave(codec);
}

void JpegReader::State::on_progress(j_common_ptr codec) {
  State& state = of(codec);
  if (state.codec.input_scan_number <= kMaxScans) return;
  state.too_many_scans = true;
  leave(codec);
}

bool JpegReader::State::create() {
  if (setjmp(escape) != 0) return false;
  jpeg_create_decompress(&codec);
  // jpeg_create_decompress() clears all but `err` and `client_data`.
  codec.progress = &progress;
  jpeg_save_markers(&codec, JPEG_APP0 + 1, 0xFFFF);
  return true;
}

bool JpegReader::State::read_header(Bytes file) {
  too_many_scans = false;
  wrong_size = false;
  bytes = file.size();
  if (setjmp(escape) != 0) return false;
  jpeg_abort_decompress(&codec);
  jpeg_mem_src(&codec, file.data(), file.size());
  jpeg_read_header(&codec, TRUE);
  return true;
}

void JpegReader::State::read_colour(Image& into) {
  constexpr JDIMENSION kRows = 16;
  std::array<JSAMPROW, kRows> rows{};
  while (codec.output_scanline < codec.output_height) {
    const JDIMENSION wanted = std::min(kRows, codec.output_height - codec.output_scanline);
    for (JDIMENSION i = 0; i < wanted; ++i) rows[i] = into.row(static_cast<int>(codec.output_scanline + i));
    jpeg_read_scanlines(&codec, rows.data(), wanted);
  }
}

/// Ink on paper to light, without a colour profile: what one ink leaves over is what the black one gets.
/// Adobe's programs store how much is left over, and say who they are; others store how much ink there is.
void JpegReader::State::read_ink(Image& into) {
  const int flip = codec.saw_Adobe_marker != 0 ? 0 : 255;
  while (codec.output_scanline < codec.output_height) {
    std::uint8_t* to = into.row(static_cast<int>(codec.output_scanline));
    JSAMPROW row = ink.data();
    jpeg_read_scanlines(&codec, &row, 1);
    const std::uint8_t* from = ink.data();
    for (int x = 0; x < into.width(); ++x, from += 4, to += 3) {
      const int black = from[3] ^ flip;
      for (int c = 0; c < 3; ++c) to[c] = static_cast<std::uint8_t>(((from[c] ^ flip) * black + 127) / 255);
    }
  }
}

bool JpegReader::State::read_pixels(int reduction, Image& into) {
  if (setjmp(escape) != 0) return false;
  codec.scale_num = 1;
  codec.scale_denom = static_cast<unsigned>(reduction);
  codec.out_color_space = is_ink() ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&codec);
  wrong_size = codec.output_width != static_cast<JDIMENSION>(into.width()) ||
               codec.output_height != static_cast<JDIMENSION>(into.height()) ||
               codec.output_components != (is_ink() ? 4 : 3);
  if (wrong_size) return false;
  if (is_ink())
    read_ink(into);
  else
    read_colour(into);
  jpeg_finish_decompress(&codec);
  return true;
}

Error JpegReader::State::failure() {
  if (wrong_size) return damaged(PictureFormat::jpeg, "the pixels differ in size from the header");
  if (too_many_scans)
    return fail(ErrorCode::resource_limit, "JPEG: more than " + std::to_string(kMaxScans) + " progressive scans");
  if (errors.msg_code == JERR_IMAGE_TOO_BIG)  // the library's own words name no size
    return fail(ErrorCode::resource_limit, std::to_string(codec.image_width) + "x" +
                                               std::to_string(codec.image_height) + " pixels, the limit is " +
                                               std::to_string(JPEG_MAX_DIMENSION) + " a side");
  std::string where;
  if (codec.output_scanline > 0 || codec.output_height > 0)
    where = " (row " + std::to_string(codec.output_scanline) + " of " + std::to_string(codec.output_height) + ")";
  if (errors.msg_code == JWRN_JPEG_EOF || errors.msg_code == JERR_INPUT_EOF)
    return damaged(PictureFormat::jpeg,
                   "cut off: its " + std::to_string(bytes) + " bytes end before the picture does" + where);
  std::array<char, JMSG_LENGTH_MAX> text{};
  errors.format_message(reinterpret_cast<j_common_ptr>(&codec), text.data());
  return fail(code_for(errors.msg_code), std::string("JPEG: ") + text.data() + where);
}

int JpegReader::State::orientation() const {
  constexpr std::string_view kName("Exif\0\0", 6);
  for (const jpeg_marker_struct* marker = codec.marker_list; marker != nullptr; marker = marker->next) {
    const Bytes data(marker->data, marker->data_length);
    if (data.size() > kName.size() && std::equal(kName.begin(), kName.end(), data.begin()))
      return exif_orientation(data.subspan(kName.size()));
  }
  return 1;
}

JpegReader::JpegReader() : state_(std::make_unique<State>()) {}
JpegReader::~JpegReader() = default;

Result<StoredHeader> JpegReader::header(Bytes bytes) {
  if (!state_->created) return fail(ErrorCode::resource_limit, "JPEG: the library cannot be set up");
  state_->codec.output_height = 0;
  state_->codec.output_scanline = 0;
  if (!state_->read_header(bytes)) return state_->failure();
  const jpeg_decompress_struct& codec = state_->codec;
  const bool ink = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  if (codec.num_components != 1 && codec.num_components != 3 && !ink)
    return not_read(PictureFormat::jpeg, std::to_string(codec.num_components) + " colour channels are not read");
  return checked_header(codec.image_width, codec.image_height, state_->orientation());
}

Status JpegReader::decode(int reduction, Image& into) {
  if (state_->is_ink()) state_->ink.resize(static_cast<std::size_t>(into.width()) * 4);
  if (!state_->read_pixels(reduction, into)) return state_->failure();
  return {};
}

}  // namespace vultus::media
