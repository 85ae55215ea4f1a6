#include <set>
#include <sstream>

#include <vultus/learn/training/contrastive.hpp>
#include <vultus/learn/training/systems/foundation_net.hpp>

namespace vultus::learn {
namespace {

using namespace blocks;
namespace F = torch::nn::functional;

constexpr std::int64_t kLevels = 6;

torch::Tensor unit_length(const torch::Tensor& x) { return F::normalize(x, F::NormalizeFuncOptions().dim(-1)); }

}  // namespace

CaptionEncoder::CaptionEncoder(const std::vector<std::string>& sentences, std::int64_t code) {
  std::set<std::string> seen;
  for (const std::string& sentence : sentences) {
    std::istringstream in(sentence);
    for (std::string word; in >> word;) seen.insert(word);
  }
  for (const std::string& word : seen) words_.emplace(word, static_cast<std::int64_t>(words_.size()));
  table_ = register_parameter("words", torch::randn({static_cast<std::int64_t>(words_.size()), code}) * 0.5);
  mlp_ = register_module("mlp", std::make_shared<Mlp>(Wholes{code, 2 * code, code}));
}

torch::Tensor CaptionEncoder::forward(const std::vector<std::string>& sentences) {
  std::vector<torch::Tensor> means;
  for (const std::string& sentence : sentences) {
    std::istringstream in(sentence);
    std::vector<std::int64_t> places;
    for (std::string word; in >> word;)
      if (const auto at = words_.find(word); at != words_.end()) places.push_back(at->second);
    means.push_back(places.empty() ? torch::zeros({table_.size(1)})
                                   : table_.index_select(0, torch::tensor(places)).sum(0));
  }
  return F::normalize(mlp_->forward(torch::stack(means)), F::NormalizeFuncOptions().dim(1));
}

torch::Tensor caption_loss(const torch::Tensor& pictures, const torch::Tensor& sentences, const torch::Tensor& which,
                           double temperature) {
  const torch::Tensor alike = torch::mm(pictures, sentences.t()) / temperature;
  const torch::Tensor of_pictures = prototype_cross_entropy(pictures, sentences, which, temperature);
  const torch::Tensor of_sentences = -torch::log_softmax(alike, 0).gather(1, which.unsqueeze(1)).squeeze(1);
  const torch::Tensor counts = torch::bincount(which, {}, sentences.size(0)).to(torch::kFloat);
  const torch::Tensor present = counts.gt(0).sum().to(torch::kFloat);
  return (of_pictures + (of_sentences / counts.index_select(0, which)).sum() / present) / 2;
}

FoundationNet::FoundationNet(const FoundationOptions& options) : options_(options) {
  const FoundationOptions& o = options_;
  embedding_ = register_module("embedding", std::make_shared<PatchEmbedding>(3, o.patch, o.width));
  positions_ =
      register_module("positions", std::make_shared<Positions>(grid_positions(o.grid(), o.grid(), o.width),
                                                               Positions::Kind::fixed, Positions::ClassToken::first));
  encoder_ =
      register_module("encoder", std::make_shared<Encoder>(EncoderOptions{
                                     .width = o.width, .heads = o.heads, .layers = o.layers, .hidden = 2 * o.width}));
  // Not "global": a checkpoint cannot be read back where a module is named by a word of Python.
  global_ = register_module("whole", std::make_shared<Linear>(o.width, o.code));
  local_ = register_module("local", std::make_shared<Linear>(o.width, o.code));
  const auto units = static_cast<std::int64_t>(o.units.size());
  unit_weight_ = register_parameter("unit_weight", torch::randn({units, o.width}) * 0.02);
  unit_bias_ = register_parameter("unit_bias", torch::zeros({units}));
  std::vector<std::string> words = o.unit_captions;
  words.insert(words.end(), o.face_captions.begin(), o.face_captions.end());
  captions_ = register_module("captions", std::make_shared<CaptionEncoder>(words, o.code));
  regions_ = region_weights(o.grid());
  unit_regions_ = regions_of_units(o.units);
}

FoundationNet::Features FoundationNet::features(const torch::Tensor& pictures) {
  Features made;
  torch::Tensor at = positions_->forward(embedding_->forward(pictures));
  for (const auto& layer : encoder_->layers()) made.blocks.push_back(at = layer->forward(at));
  const torch::Tensor last = encoder_->norm()->forward(at);
  made.global = last.select(1, 0);
  made.local = local_tokens(last, regions_);
  return made;
}

torch::Tensor FoundationNet::unit_logits(const Features& features) {
  return unit_answers(features.local, unit_regions_, unit_weight_, unit_bias_);
}

torch::Tensor FoundationNet::unit_texts() {
  return captions_->forward(options_.unit_captions).view({-1, kLevels, options_.code});
}

torch::Tensor FoundationNet::levels(const Features& features) {
  const torch::Tensor own = unit_length(local_->forward(features.local.index_select(1, unit_regions_)));
  const torch::Tensor alike = torch::matmul(unit_texts().unsqueeze(0), own.unsqueeze(3)).squeeze(3);
  return torch::softmax(alike / options_.temperature, 2);
}

FoundationNet::Loss FoundationNet::loss(const torch::Tensor& pictures, const torch::Tensor& levels,
                                        const std::vector<std::string>& captions) {
  const Features seen = features(pictures);
  Loss made{torch::zeros({}), torch::zeros({}), torch::zeros({})};
  made.units = F::binary_cross_entropy_with_logits(unit_logits(seen), levels.gt(0).to(torch::kFloat));
  if (options_.global) {
    std::map<std::string, std::int64_t> places;  // each sentence once
    std::vector<std::string> sentences;
    std::vector<std::int64_t> which;
    for (const std::string& caption : captions) {
      const auto [at, added] = places.emplace(caption, static_cast<std::int64_t>(sentences.size()));
      if (added) sentences.push_back(caption);
      which.push_back(at->second);
    }
    made.global = caption_loss(unit_length(global_->forward(seen.global)), captions_->forward(sentences),
                               torch::tensor(which, torch::kLong), options_.temperature);
  }
  if (options_.local) {
    const torch::Tensor texts = unit_texts(), own = unit_length(local_->forward(seen.local));
    for (std::int64_t u = 0; u < texts.size(0); ++u)
      made.local = made.local + caption_loss(own.select(1, unit_regions_[u].item<std::int64_t>()), texts[u],
                                             levels.select(1, u), options_.temperature);
    made.local = made.local / static_cast<double>(texts.size(0));
  }
  return made;
}

std::vector<std::string> FoundationNet::write_blocks(const Exporter& to, const std::string& picture) const {
  std::string at = positions_->write(to.in("positions"), embedding_->write(to.in("embedding"), picture));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < encoder_->layers().size(); ++i)
    names.push_back(at = encoder_->layers()[i]->write(to.in("layer" + std::to_string(i)), at));
  return names;
}

void FoundationNet::write(const Exporter& to, const std::vector<std::string>& blocks) {
  const torch::NoGradGuard no_gradients;
  const std::string last = encoder_->norm()->write(to.in("norm"), blocks.back());
  const std::string local = write_local_tokens(to, last, regions_);
  const auto units = static_cast<std::int64_t>(options_.units.size());
  to.named("Sigmoid", {write_unit_answers(to.in("unit_head"), local, unit_regions_, unit_weight_, unit_bias_)},
           "units");
  to.out().output("units", Wholes{1, units});
  const torch::Tensor choice = torch::one_hot(unit_regions_, kFaceRegions).to(torch::kFloat);
  const std::string own = to.unit(local_->write(to.in("local"), to.matmul(to.constant(choice), local)), 2);
  const std::string alike = to.matmul(to.constant(unit_texts() / options_.temperature), to.unsqueeze(own, {3}));
  to.named("Softmax", {to.squeeze(alike, {3})}, "levels", {{.name = "axis", .value = std::int64_t{2}}});
  to.out().output("levels", Wholes{1, units, kLevels});
}

std::string FoundationNet::onnx(WeightKind kind) {
  OnnxWriter out(kind);
  out.input("picture", Wholes{1, 3, options_.side, options_.side});
  const Exporter to(out);
  write(to, write_blocks(to.in("trunk"), "picture"));
  return out.file("mf2");
}

}  // namespace vultus::learn
