#include <algorithm>
#include <string>

#include <vultus/expression/per_face.hpp>
#include <vultus/face/network_input.hpp>

namespace vultus::expression {
namespace {

const ChannelId kAge{"attribute.age"}, kGender{"attribute.gender"}, kMale{"attribute.gender.male"};
constexpr std::size_t kAges = 100;
constexpr float kSmallest = 24;  // pixels

class AttributesAnalyser final : public PerFace {
 public:
  AttributesAnalyser(AnalyserInfo info, std::unique_ptr<runtime::Network> network, double crop_scale)
      : PerFace(std::move(info)), network_(std::move(network)), crop_scale_(static_cast<float>(crop_scale)) {}

 protected:
  Status look_at(const AnalysedFrame& frame, AnalysedFace& face) override {
    const RectF& box = face.face.box;
    const float side = crop_scale_ * std::max(box.width, box.height);
    if (std::min(box.width, box.height) < kSmallest) return absent(face, "the face is smaller than 24 pixels");
    // Beyond the borders of the picture lies black, as it did when the network was measured.
    const auto crop = face::square_into(frame.picture, box.centre(), side, 0, *network_);
    if (!crop) return unread(face, crop.error());
    VULTUS_CHECK(network_->run());
    VULTUS_TRY(const auto ages, network_->output("age"));
    VULTUS_TRY(const auto gender, network_->output("gender"));
    if (ages.size() != kAges || gender.size() != 1)
      return fail(ErrorCode::corrupt_data, "the attribute network gives " + std::to_string(ages.size()) + " and " +
                                               std::to_string(gender.size()) + " values, 100 and 1 are wanted");
    double sum = 0, mean = 0;
    for (std::size_t i = 0; i < kAges; ++i) {
      const double p = std::max(0.0, double{ages[i]});
      sum += p, mean += p * static_cast<double>(i);
    }
    if (!(sum > 0)) return fail(ErrorCode::internal, "the attribute network gives no probabilities");
    const double male = std::clamp(double{gender[0]}, 0.0, 1.0);
    face.readings.write(kAge, mean / sum);
    face.readings.write(kMale, male);
    face.readings.write(kGender, std::string(male > 0.5 ? "male" : "female"));
    return {};
  }

 private:
  std::unique_ptr<runtime::Network> network_;
  float crop_scale_;
};

}  // namespace

AnalyserInfo declare_attributes(const runtime::ModelHandle* model, const AnalyserResources&) {
  AnalyserInfo info{
      .id = "attributes",
      .help = "guessed age and gender",
      .reads = {},
      .writes = {{kAge, "years", "guessed age: the mean of 100 probabilities"},
                 {kGender, "name", "guessed gender as it is presented: male or female"},
                 {kMale, "probability", "that the face is presented as male"}},
      .evidence = runtime::evidence_of("attributes", model, "guesses; their error differs between groups")};
  return info;
}

Result<std::unique_ptr<Analyser>> make_attributes(const AnalyserResources& resources) {
  VULTUS_TRY(const runtime::ModelHandle model, resources.model(ModelId("human_faceres")));
  if (model.manifest.decoder != "faceres")
    return fail(ErrorCode::invalid_argument,
                "model " + model.manifest.id.text() + " has decoder " + model.manifest.decoder + ", faceres is needed");
  VULTUS_TRY(auto network, model.load());
  return std::unique_ptr<Analyser>(std::make_unique<AttributesAnalyser>(
      declare_attributes(&model, resources), std::move(network), model.parameter("crop_scale", 1.3)));
}

}  // namespace vultus::expression
