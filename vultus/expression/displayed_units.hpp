// What a displayed expression says of action units that geometry cannot see: brows, lids, nose and chin.
#pragma once

#include <vultus/core/au_table.hpp>
#include <vultus/core/result.hpp>
#include <vultus/expression/expression_net.hpp>

namespace vultus::expression {

/// The intensity of a unit that the AU table expects of an expression: its probability under the distribution,
/// sum over e of p(e) P(unit | e), from that of a neutral face (0) to that of the expression that shows it most (5).
/// This is what a network would learn from pictures whose labels are expressions, and whose units are the table's: weak
/// labels. It knows nothing of the unit beyond the expression.
/// @param unit           whose table differs between the expressions
/// @param probabilities  of expressions, in the order of kExpressionNames, sum 1
/// @return [0, 5]
/// @error invalid_argument  a unit that the table expects of no expression more than of a neutral face
/// @source our reading of the weak labels of heads on expression sets; P(unit | e) of core/au_table.hpp
[[nodiscard]] Result<double> displayed_intensity(const ActionUnit& unit, const Distribution& probabilities);

}  // namespace vultus::expression
