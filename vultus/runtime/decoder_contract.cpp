#include <vultus/runtime/decoder_contract.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace vultus::runtime {
namespace {

/// An output that a decoder reads.
struct ReadOutput {
  std::string_view name{};
  std::size_t values = 0;  ///< of one picture; 0 = more than one number is right
};

/// What one decoder reads.
struct DecoderReads {
  std::string_view decoder;
  int channels;  ///< 3, or 0 = grey and colour alike
  int pictures;  ///< at once: 1, or 0 = as many as the manifest says
  std::array<ReadOutput, 4> outputs;
};

// One row for each decoder whose outputs have names of their own; those of scrfd depend on its strides and are looked
// at where they are read, as are those of the systems of expressions.
constexpr std::array kReads{
    DecoderReads{"rfb", 3, 1, {{{"scores"}, {"regressions"}}}},
    DecoderReads{"blazeface", 3, 1, {{{"scores"}, {"regressions"}}}},
    DecoderReads{"scrfd", 3, 1, {}},
    DecoderReads{"ssd_points", 3, 1, {{{"scores"}, {"regressions"}}}},
    DecoderReads{"ibug68", 0, 1, {{{"points", 136}}}},
    DecoderReads{"mesh468", 3, 1, {{{"points", 1404}, {"flag", 1}}}},
    DecoderReads{"embedding", 3, 0, {{{"embedding"}}}},
    DecoderReads{"dlib_descriptor", 3, 1, {{{"embedding"}}}},
    DecoderReads{"iris71", 3, 1, {{{"points", 228}}}},
    DecoderReads{"eye_state", 0, 1, {{{"logits", 2}}}},
    DecoderReads{"faceres", 3, 1, {{{"age", 100}, {"gender", 1}}}},
    DecoderReads{"print_replay", 0, 1, {{{"logits", 3}}}},
    DecoderReads{"spoof_tree", 0, 1, {{{"leaves"}, {"path"}}}},
    DecoderReads{"fa3", 0, 1, {{{"logits", 2}}}},
    DecoderReads{"slip", 0, 1, {{{"map", 1024}}}},
    DecoderReads{"hand21", 3, 1, {{{"points", 63}, {"presence", 1}, {"handedness", 1}, {"world", 63}}}},
    DecoderReads{"pose33", 3, 1, {{{"points", 195}, {"flag", 1}, {"world", 117}}}},
    DecoderReads{"ctc", 3, 1, {{{"characters"}}}},
    DecoderReads{"vq_tokenizer", 3, 1, {{{"codes"}, {"reconstruction"}}}},
};

const DecoderReads* reads_of(std::string_view decoder) {
  const auto* const at = std::ranges::find(kReads, decoder, &DecoderReads::decoder);
  return at == kReads.end() ? nullptr : &*at;
}

Error wrong(const std::string& what) { return fail(ErrorCode::corrupt_data, what); }

std::string output_text(const ModelManifest& manifest, const std::string& name, const std::string& tensor) {
  return "model " + manifest.id.text() + R"(: "outputs": ")" + name + R"(" is the tensor ")" + tensor + "\"";
}

}  // namespace

Status check_decoder(const ModelManifest& manifest) {
  const DecoderReads* const reads = reads_of(manifest.decoder);
  if (reads == nullptr) return {};
  const std::string decoder = "decoder " + manifest.decoder;
  for (const ReadOutput& output : reads->outputs)
    if (!output.name.empty() && !manifest.outputs.contains(std::string(output.name)))
      return wrong(R"("outputs" lacks ")" + std::string(output.name) + "\", which " + decoder + " reads");
  const InputSpec& input = manifest.input;
  if (reads->channels != 0 && input.channels() != reads->channels)
    return wrong(R"("colour" is gray, )" + decoder + " is shown pictures in colour");
  if (reads->pictures != 0 && input.batch() != reads->pictures)
    return wrong(R"("shape" is of )" + std::to_string(input.batch()) + " pictures, " + decoder + " reads " +
                 std::to_string(reads->pictures));
  return {};
}

Status check_outputs(const ModelManifest& manifest, const Network& network) {
  const DecoderReads* const reads = reads_of(manifest.decoder);
  for (const auto& [name, tensor] : manifest.outputs) {
    const auto given = network.output(name);
    if (!given)
      return wrong(output_text(manifest, name, tensor) + ", which gives no numbers (" + given.error().message + ")");
    if (reads == nullptr || given->empty()) continue;  // empty: a size that only a run tells
    const auto* const wanted = std::ranges::find(reads->outputs, name, &ReadOutput::name);
    if (wanted == reads->outputs.end() || wanted->values == 0) continue;
    const std::size_t values = wanted->values * static_cast<std::size_t>(network.batch());
    if (given->size() != values)
      return wrong(output_text(manifest, name, tensor) + " of " + std::to_string(given->size()) + " values, decoder " +
                   manifest.decoder + " reads " + std::to_string(values));
  }
  return {};
}

}  // namespace vultus::runtime
