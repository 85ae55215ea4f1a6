// The 68 points of iBUG on MediaPipe's mesh. Not installed.
#pragma once

#include <array>
#include <cstdint>

namespace vultus::expression {

/// The places of the 68 points on the mesh.
/// @source the correspondence in common use between the iBUG 68 and MediaPipe's mesh; jaw points follow the mesh's
/// outline
inline constexpr std::array<std::uint16_t, 68> kIbugOnMesh{
    {127, 234, 93,  132, 58,  136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356, 70,  63,  105, 66,  107, 336,
     296, 334, 293, 300, 168, 197, 5,   4,   59,  97,  2,   326, 289, 33,  160, 158, 133, 153, 144, 362, 385, 387, 263,
     373, 380, 61,  39,  37,  0,   267, 269, 291, 405, 314, 17,  84,  181, 78,  82,  13,  312, 308, 317, 14,  87}};

}  // namespace vultus::expression
