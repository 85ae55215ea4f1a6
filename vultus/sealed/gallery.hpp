// A gallery that its holder cannot read: templates are ciphertexts, names are sealed for the key holder.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/codec.hpp>
#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/keys.hpp>

namespace vultus::sealed {

inline constexpr std::int64_t kMaxRows = 10'000'000;

/// Ciphertexts lie pack by pack: a pack holds the templates of `layout.slots` rows, one ciphertext a dimension, each
/// with the values of all its rows in its slots.
struct SealedGallery {
  PublicKey key;
  std::string model;  ///< what made the templates, e.g. "mobilefacenet192+mirror"
  std::string id;     ///< 32 hex digits, random
  Layout layout;
  std::vector<std::vector<std::uint8_t>> names;  ///< one a row, sealed for the key holder
  std::vector<std::uint8_t> ciphertexts;         ///< [pack][dimension], key.ciphertext_bytes() each, highest byte first

  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(names.size()); }
  [[nodiscard]] std::int64_t packs() const { return (rows() + layout.slots - 1) / layout.slots; }
};

/// An empty gallery with a new id.
/// @error invalid_argument  as layout_for()
[[nodiscard]] Result<SealedGallery> make_gallery(const PublicKey& key, std::string model, int dimension,
                                                 const Precision& precision);

/// A face before it is sealed.
struct NamedTemplate {
  std::string name;
  std::vector<float> values;  ///< a unit vector
};

/// Seals templates with the public key alone. Thread-compatible; move-only.
class Enroller {
 public:
  /// @error invalid_argument  threads outside their range
  /// @cost 20 ms for 2048 bits with AVX-512 IFMA: a table of powers
  static Result<Enroller> make(const PublicKey& key, const ComputeOptions& options = {});
  ~Enroller();
  Enroller(Enroller&&) noexcept;
  Enroller& operator=(Enroller&&) noexcept;

  /// Appends rows. Every ciphertext that a new row touches is hidden anew, so that the difference tells nothing.
  /// Nothing is changed where there is an error.
  /// @error invalid_argument  a template of another dimension, with a value that is not finite, or too long: the
  /// message
  ///                          names the template; a name that is too long
  /// @error model_mismatch    the gallery is of another key
  /// @error resource_limit    more than kMaxRows rows
  /// @cost one randomiser a dimension and pack: 512 templates or one cost the same where they share a pack
  Status add(SealedGallery& gallery, std::span<const NamedTemplate> templates);
  /// Computes ahead what adding to so many packs needs.
  void prepare(std::size_t packs, int dimension);

 private:
  struct Parts;
  explicit Enroller(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// 32 hex digits from the operating system.
[[nodiscard]] std::string new_id();

}  // namespace vultus::sealed
