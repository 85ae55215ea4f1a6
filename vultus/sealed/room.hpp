// What several sources of this room need. Private to it.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/sealed/compute.hpp>
#include <vultus/sealed/scheme.hpp>

namespace vultus::sealed {

/// Numbers of bytes, each checked to be a ciphertext of the key.
/// @error corrupt_data  one is none: the message names it; cancelled. @param what  for messages
[[nodiscard]] Result<std::vector<Number>> ciphertexts_from(const PublicKey& key, std::span<const std::uint8_t> bytes,
                                                           const std::string& what, const std::stop_token& stop = {});
/// @error cancelled  stop was asked for
[[nodiscard]] Status check_stop(const std::stop_token& stop);
/// @error invalid_argument  threads outside [0, 256]
[[nodiscard]] Status check_compute(const ComputeOptions& options);
/// Messages with their signs. Up to eight exponentiations share each step.
[[nodiscard]] std::vector<Number> decrypt_all(const SecretKey& key, std::span<const Number> ciphertexts,
                                              const ComputeOptions& options);

}  // namespace vultus::sealed
