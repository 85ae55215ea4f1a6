#include <vultus/learn/config_use.hpp>

#include <array>
#include <string>
#include <string_view>

namespace vultus::learn {
namespace {

struct Member {
  std::string_view name;
  bool used = false;  ///< set to something
  bool read = false;  ///< by the system
};

}  // namespace

Status check_use(const TrainingConfig& config) {
  const bool plain = config.system.empty(), compound = config.system == "compound";
  const bool weighs = plain || config.system == "pairwise";
  const std::array members{
      Member{"options", !config.options.empty(), !plain},
      Member{"average", config.average > 0, !plain},
      Member{"tail", !config.tail.map.name.empty(), !plain},
      Member{"curriculum", !config.curriculum.empty(), !plain},
      Member{"untrained", !config.untrained.empty(), !plain},
      Member{"label_noise", config.noise.rate > 0, !plain && !compound},  // compounds are learnt from parts
      Member{"class_power", config.class_power != TrainingConfig().class_power, weighs},
      // Compounds are learnt from parts without softened labels: 0 is what happens, and what it is otherwise asks
      // nothing.
      Member{"smoothing", config.smoothing != TrainingConfig().smoothing && config.smoothing > 0, !compound},
      Member{"answer_power", config.answer_power >= 0, plain},
  };
  for (const Member& member : members)
    if (member.used && !member.read)
      return fail(ErrorCode::invalid_argument, "\"" + std::string(member.name) + "\" does nothing in " +
                                                   (plain ? std::string("the plain head") : "system " + config.system) +
                                                   ": take it out");
  // What is blended must be blended in the parts as well.
  if (compound && config.mixup > 0)
    return fail(ErrorCode::invalid_argument,
                "\"mixup\" must be 0 in system compound: its hybrids are mixed when features are made");
  return {};
}

}  // namespace vultus::learn
