// A folder of planted attacks made of pictures of people, with the truth beside them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/engine.hpp>
#include <vultus/media/inputs.hpp>
#include <vultus/studio/attacks.hpp>

namespace vultus::engine {

struct AttackSetOptions {
  std::vector<studio::AttackFamily> families{studio::kAllAttacks.begin(), studio::kAllAttacks.end()};
  double least = 0.3;  ///< strengths are drawn between these, (0, 1]
  double most = 1;
  std::uint64_t seed = 1;
  bool masks = true;  ///< write the truth of each attack as a picture too
  media::DecodeLimits limits;
};

struct AttackSetMade {
  std::size_t people = 0;        ///< pictures with a face
  std::size_t attacks = 0;       ///< attacked pictures
  std::size_t without_face = 0;  ///< pictures that were left out
  std::size_t not_planted = 0;   ///< attacks that a picture cannot take: grey, or a face that is too small
  std::vector<media::InputError> unread;
  std::string truth;  ///< path of truth.json
};

/// Plants each family of attacks in each picture's most prominent face. Below `folder` come live/NAME.png,
/// attack/FAMILY/NAME.png, mask/FAMILY/NAME.png (255 where the attack is) and truth.json, which calls them planted. The
/// donor of a seam is the person of the picture before: the first has none. Same pictures, options and networks: same
/// files.
/// @param progress  gets the number of pictures done; may be empty
/// @error invalid_argument  no family, or strengths outside their range; resource_limit  the folder; cancelled; else as
/// studio::attacked, of which invalid_argument is counted in `not_planted`
[[nodiscard]] Result<AttackSetMade> make_attack_set(const Engine& engine, std::span<const media::Input> inputs,
                                                    const AttackSetOptions& options, const std::string& folder,
                                                    const std::function<void(std::size_t)>& progress = {},
                                                    const std::stop_token& stop = {});

}  // namespace vultus::engine
