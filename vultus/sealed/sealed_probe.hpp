// The other way round: the probe is encrypted, and the searcher compares it with templates that it holds in the clear.
// It learns neither probe nor score; the key holder learns scores and no template.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/sealed/gallery.hpp>
#include <vultus/sealed/search.hpp>

namespace vultus::sealed {

/// A probe, one ciphertext a value.
struct SealedProbe {
  PublicKey key;
  std::string model;
  std::string id;  ///< 32 hex digits, random
  Layout layout;   ///< the probe is the sealed side
  std::vector<std::uint8_t> ciphertexts;
};

/// Encrypts a probe with the public key.
/// @param values  a unit vector
/// @error invalid_argument  as quantise() and layout_for()
/// @cost one randomiser a value
[[nodiscard]] Result<SealedProbe> seal_probe(const PublicKey& key, const std::string& model,
                                             std::span<const float> values, const Precision& precision,
                                             const ComputeOptions& options = {});

/// Encrypted products of a sealed probe with templates, packed like those of a gallery and hidden anew, so that the key
/// holder learns nothing but the products. Whoever makes the probe must be trusted to have sealed a unit vector: the
/// searcher cannot see what it multiplies with, and large values would carry the templates out (docs/sealed.md).
/// @param templates  unit vectors of the probe's model and dimension. Their names come back in order, sealed.
/// @error invalid_argument  no template, or one of another dimension, with a value that is not finite, or too long
/// @param stop       looked at after every few templates
/// @error corrupt_data      a ciphertext of the probe is none of its key; cancelled
/// @cost 512 multiplications a template of 512 values, eight templates at once; 100 ms for a table where there are many
[[nodiscard]] Result<SealedResult> search_with(const SealedProbe& probe, std::span<const NamedTemplate> templates,
                                               const ComputeOptions& options = {}, const std::stop_token& stop = {});

}  // namespace vultus::sealed
