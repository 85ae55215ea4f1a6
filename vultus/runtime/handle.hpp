// From a row of the catalogue to a network that can be loaded.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <vultus/core/result.hpp>
#include <vultus/core/timeline.hpp>
#include <vultus/runtime/catalogue.hpp>
#include <vultus/runtime/network.hpp>
#include <vultus/runtime/store.hpp>

namespace vultus::runtime {

/// Looks a network up with the trunks that it reads, and checks every file of all of them.
/// @param backend  what will run it
/// @error not_found     no such model, or one that was not fetched: the message says how
/// @error corrupt_data  an altered file, or a trunk that reads trunks itself
/// @thread safe, no state
[[nodiscard]] Result<ModelHandle> model_handle(const Catalogue& catalogue, const ModelStore& store,
                                               std::shared_ptr<const Backend> backend, const ModelId& id);

/// Where the numbers of an analyser come from: this version of Vultus, and the network that it reads.
/// @param model  null where it uses none, or where nothing was loaded
[[nodiscard]] Evidence evidence_of(std::string_view analyser, const ModelHandle* model, std::string protocol);

}  // namespace vultus::runtime
