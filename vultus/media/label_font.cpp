// Letters by stb_truetype from DejaVu Sans, which lies in the library itself: annotated pictures look the same on every
// machine, and no font has to be found. stb_truetype must only be given fonts that are trusted; this one is.
#include <vultus/media/label_font.hpp>

#include <algorithm>
#include <cmath>

#define STB_TRUETYPE_IMPLEMENTATION
#define STBTT_STATIC
#include <stb/stb_truetype.h>

// VULTUS_LABEL_FONT is the path of the font file, given by the build.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    ".hidden vultus_label_font\n"
    ".global vultus_label_font\n"
    "vultus_label_font:\n"
    ".incbin \"" VULTUS_LABEL_FONT
    "\"\n"
    ".byte 0\n"
    ".popsection\n");
// NOLINTNEXTLINE(readability-identifier-naming,modernize-avoid-c-arrays): a symbol of the assembler, of unknown length.
extern "C" const unsigned char vultus_label_font[];

namespace vultus::media {

struct LabelFont::Face {
  stbtt_fontinfo info{};
};

namespace {

/// Calls `place(glyph, x)` for each letter with its position in font units, and gives the width of the line.
template <class Place>
int lay_out(const stbtt_fontinfo& font, std::u32string_view text, Place&& place) {
  int x = 0, previous = 0;
  for (const char32_t character : text) {
    // A byte that is no character shows as the sign for that.
    const bool stray = character >= 0xD800 && character <= 0xDFFF;
    const int glyph = stbtt_FindGlyphIndex(&font, stray ? 0xFFFD : static_cast<int>(character));
    if (previous != 0) x += stbtt_GetGlyphKernAdvance(&font, previous, glyph);
    place(glyph, x);
    int advance = 0, bearing = 0;
    stbtt_GetGlyphHMetrics(&font, glyph, &advance, &bearing);
    x += advance;
    previous = glyph;
  }
  return x;
}

void add_coverage(TextMask& mask, int left, int top, const unsigned char* glyph, int width, int height) {
  for (int y = std::max(0, -top); y < height && top + y < mask.height; ++y)
    for (int x = std::max(0, -left); x < width && left + x < mask.width; ++x) {
      std::uint8_t& to = mask.coverage[static_cast<std::size_t>(top + y) * static_cast<std::size_t>(mask.width) +
                                       static_cast<std::size_t>(left + x)];
      to = std::max(to, glyph[y * width + x]);
    }
}

}  // namespace

LabelFont::LabelFont(std::unique_ptr<Face> face) : face_(std::move(face)) {}
LabelFont::~LabelFont() = default;
LabelFont::LabelFont(LabelFont&&) noexcept = default;
LabelFont& LabelFont::operator=(LabelFont&&) noexcept = default;

Result<LabelFont> LabelFont::load() {
  auto face = std::make_unique<Face>();
  if (stbtt_InitFont(&face->info, vultus_label_font, stbtt_GetFontOffsetForIndex(vultus_label_font, 0)) == 0)
    return fail(ErrorCode::internal, "the built-in font does not load");
  return LabelFont(std::move(face));
}

int LabelFont::width_of(std::u32string_view text, int height) const {
  const float scale = stbtt_ScaleForPixelHeight(&face_->info, static_cast<float>(height));
  const int units = lay_out(face_->info, text, [](int, int) {});
  return static_cast<int>(std::ceil(static_cast<float>(units) * scale));
}

TextMask LabelFont::render(std::u32string_view text, int height) const {
  const stbtt_fontinfo& font = face_->info;
  const float scale = stbtt_ScaleForPixelHeight(&font, static_cast<float>(height));
  int ascent = 0, descent = 0, gap = 0;
  stbtt_GetFontVMetrics(&font, &ascent, &descent, &gap);
  const int baseline = static_cast<int>(std::round(static_cast<float>(ascent) * scale));
  TextMask mask{.width = std::max(1, width_of(text, height)), .height = height, .coverage = {}};
  mask.coverage.resize(static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(height));
  lay_out(font, text, [&](int glyph, int units) {
    const float x = static_cast<float>(units) * scale;
    const float whole = std::floor(x);
    int width = 0, rows = 0, left = 0, top = 0;
    const std::unique_ptr<unsigned char, void (*)(void*)> bitmap(
        stbtt_GetGlyphBitmapSubpixel(&font, scale, scale, x - whole, 0, glyph, &width, &rows, &left, &top),
        [](void* memory) { stbtt_FreeBitmap(static_cast<unsigned char*>(memory), nullptr); });
    if (bitmap != nullptr)
      add_coverage(mask, static_cast<int>(whole) + left, baseline + top, bitmap.get(), width, rows);
  });
  return mask;
}

}  // namespace vultus::media
