// Codecs of pictures that run here, at several strengths: what `tokenizers sweep` compares.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <vultus/core/image.hpp>
#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>

namespace vultus::engine {

/// A picture after a codec.
struct CodedPicture {
  Image image;      ///< rgb8, as large as the original
  double bits = 0;  ///< that would be kept or sent for it, > 0
};

/// One codec at one strength. Thread-compatible: one for each thread.
struct TokenizerCodec {
  std::string family;    ///< "jpeg", "webp", "resize", "ae"
  std::string setting;   ///< for people: "quality 30", "1/4", the id of a network
  std::string folder;    ///< for file names: "jpeg-30", "resize-4"
  bool planted = false;  ///< a network that learnt from planted data alone, as its manifest's task says
  /// @error as of encoding, or of the network
  std::function<Result<CodedPicture>(ImageView picture)> code;
};

/// The families in the order of reports.
[[nodiscard]] const std::vector<std::string>& tokenizer_families();

/// The strengths of a family, the gentlest first:
///   jpeg    quality 90, 50, 30, 20, 10, 5 (libjpeg, colour at half the resolution); bits of the file
///   webp    quality 90, 50, 20, 5, 0 (libwebp); bits of the file. The numbers are not those of JPEG
///   resize  2, 4, 8 times fewer pixels a side (means), and back (linear); bits of the small picture as PNG
/// @error invalid_argument  another family; "ae" is made by autoencoder_codec()
[[nodiscard]] Result<std::vector<TokenizerCodec>> plain_codecs(std::string_view family);

/// An autoencoder with a codebook: decoder "vq_tokenizer", outputs "reconstruction" (0 to 255) and "codes", input of
/// any size that its parameter `stride` divides. Pictures are filled up to that by their last rows and columns; those
/// above 1,024 pixels a side are cut into tiles. Bits: codes times the parameter `bits_per_code`, without entropy
/// coding, and without the network itself, which both sides have.
/// @error invalid_argument  another decoder, or parameters outside their range; of loading
[[nodiscard]] Result<TokenizerCodec> autoencoder_codec(const runtime::ModelHandle& model);

/// The autoencoder of the catalogue ("tokenizer_vq"), or of a manifest beside its network, as
/// `vultus-learn tokenizer train` leaves it.
/// @param manifest  path of a JSON file; empty = the catalogue's
/// @error not_found  no such model or file; of the manifest; as autoencoder_codec()
[[nodiscard]] Result<TokenizerCodec> autoencoder_of(const Engine& engine, const std::string& manifest);

}  // namespace vultus::engine
