// vultus-learn features: what networks say inside about labelled faces, as one file of tensors.
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <vultus/engine/labelled_faces.hpp>
#include <vultus/evaluation/bootstrap.hpp>
#include <vultus/expression/hybrids.hpp>
#include <vultus/expression/label_space.hpp>
#include <vultus/face/align.hpp>
#include <vultus/face/network_input.hpp>
#include <vultus/learn/half.hpp>
#include <vultus/learn/tensor_file.hpp>
#include <vultus/media/picture.hpp>

#include <apps/cli/settings.hpp>
#include <apps/learn/commands.hpp>
#include <apps/learn/crop_jitter.hpp>

namespace vultus::learning {
namespace {

constexpr const char* kFeaturesExamples =
    "A map is NAME=MODEL:TENSOR. Models of 112 x 112 pixels see the face as the embedder does; others see a square of "
    "1.3\nboxes. Of each face come the crop, its mirror image, and more variants that are turned, moved and lit "
    "differently.\n\n"
    "Example:\n"
    "  vultus-learn features --images rafdb/train --labels rafdb/train_labels.csv --column label --variants 8 \\\n"
    "    --map 'mid=mobilefacenet192:residual 14x14' --map 'map=mobilefacenet192:residual 7x7' -o train.safetensors";

struct MapWanted {
  std::string name, model, tensor;
};

struct FeatureSettings {
  std::string images, labels, out;
  std::vector<std::string> columns, maps;
  int variants = 2;
  std::uint64_t seed = 1;
  std::size_t most = 0;
  std::size_t hybrids = 0;
  cli::EngineSettings engine;
};

Result<MapWanted> parse_map(const std::string& text) {
  const std::size_t equals = text.find('='), colon = text.find(':', equals);
  if (equals == 0 || equals == std::string::npos || colon == std::string::npos)
    return fail(ErrorCode::invalid_argument, "map \"" + text + "\" is not NAME=MODEL:TENSOR");
  return MapWanted{text.substr(0, equals), text.substr(equals + 1, colon - equals - 1), text.substr(colon + 1)};
}

/// A network with the maps that are wanted of it.
struct Reading {
  std::unique_ptr<runtime::Network> network;
  std::vector<std::string> names;
  float square = 0;  ///< side of the crop in boxes; 0 = aligned as for the embedder
};

Result<std::vector<Reading>> readings_of(const engine::Engine& engine, const std::vector<MapWanted>& maps) {
  std::vector<Reading> readings;
  std::vector<std::string> done;
  for (const MapWanted& first : maps) {
    if (std::ranges::find(done, first.model) != done.end()) continue;
    done.push_back(first.model);
    VULTUS_TRY(runtime::ModelHandle handle, engine.model(ModelId(first.model)));
    Reading reading;
    handle.manifest.outputs.clear();
    handle.manifest.input.shape[0] = 1;
    for (const MapWanted& map : maps)
      if (map.model == first.model) handle.manifest.outputs[map.name] = map.tensor, reading.names.push_back(map.name);
    VULTUS_TRY(reading.network, handle.load());
    if (reading.network->width() != face::kTemplateSide)
      reading.square = static_cast<float>(handle.parameter("crop_scale", 1.3));
    readings.push_back(std::move(reading));
  }
  return readings;
}

Similarity square_crop(const RectF& box, float boxes, int side) {
  const double scale = side / (double{boxes} * std::max(box.width, box.height)), half = side / 2.0;
  return {scale, 0, half - scale * box.centre().x, half - scale * box.centre().y};
}

/// Shows a face to a network without running it. Variant 0 is the crop as it is, 1 its mirror image; later even ones
/// are changed, odd ones changed and mirrored.
Status show(Reading& reading, ImageView picture, const FaceObservation& face, int variant, std::uint64_t seed) {
  runtime::Network& network = *reading.network;
  Similarity to_crop;
  if (reading.square > 0) {
    to_crop = square_crop(face.box, reading.square, network.width());
  } else {
    VULTUS_TRY(to_crop, face::alignment(face.keypoints));
  }
  evaluation::Random random(seed);
  const JitterRange range;
  if (variant >= 2) to_crop = after(to_crop, jitter(range, network.width(), random));
  VULTUS_CHECK(face::aligned_into(picture, to_crop, network, 0,
                                  variant % 2 == 1 ? face::Shown::mirrored : face::Shown::as_it_is));
  if (variant >= 2) jitter_pixels(range, network.width(), random, network.input());
  return {};
}

/// A picture and its main face.
struct Shown {
  media::Picture picture;
  engine::MainFace main;
};

Result<Shown> shown_in(face::FaceFinder& finder, const std::filesystem::path& file) {
  VULTUS_TRY(media::Picture picture, media::read_picture(file.string()));
  VULTUS_TRY(engine::MainFace main, engine::main_face(finder, picture.image.view()));
  return Shown{std::move(picture), std::move(main)};
}

/// Places in kExpressionNames of the first column's codes 1 to 7.
Result<std::vector<std::size_t>> expressions_of(const FeatureSettings& settings, const engine::LabelledPictures& set,
                                                std::size_t rows) {
  VULTUS_TRY(const std::size_t column, set.table.column(settings.columns.front()));
  std::vector<std::size_t> labels;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string& text = set.table.at(row, column);
    if (text.size() != 1 || text[0] < '1' || text[0] > '7')
      return fail(ErrorCode::invalid_argument,
                  fmt::format("{} line {}: label \"{}\" is not one of 1 to 7, which hybrids are made of",
                              set.table.source(), set.table.line(row), text));
    labels.push_back(static_cast<std::size_t>(text[0] - '1'));
  }
  return labels;
}

/// Which number a text of a column is: itself where all are whole numbers, else its place among the sorted texts.
Result<std::vector<std::int64_t>> codes_of(const evaluation::Table& table, const std::string& name,
                                           learn::TensorNotes& notes) {
  VULTUS_TRY(const std::size_t column, table.column(name));
  VULTUS_TRY(const std::vector<std::string> texts, table.names(column));
  std::vector<std::int64_t> codes;
  const bool whole = std::ranges::all_of(texts, [](const std::string& text) {
    return text.size() < 10 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  });
  if (whole) {
    for (const std::string& text : texts) codes.push_back(std::stoll(text));
    return codes;
  }
  const evaluation::NumberedNames numbered = evaluation::numbered(texts);
  for (std::size_t i = 0; i < numbered.names.size(); ++i) notes[fmt::format("{} {}", name, i)] = numbered.names[i];
  codes.assign(numbered.of_row.begin(), numbered.of_row.end());
  return codes;
}

class FeatureWriter {
 public:
  static Result<FeatureWriter> create(const FeatureSettings& settings, const engine::LabelledPictures& set,
                                      std::vector<Reading>& readings, std::size_t rows,
                                      const std::vector<expression::Hybrid>& hybrids, learn::TensorNotes notes) {
    const auto n = static_cast<std::int64_t>(rows + hybrids.size()), v = static_cast<std::int64_t>(settings.variants);
    std::vector<learn::TensorSpec> tensors{{"detected", learn::TensorType::u8, {n}}};
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> columns;
    for (const std::string& name : settings.columns) {
      VULTUS_TRY(auto codes, codes_of(set.table, name, notes));
      codes.resize(rows);
      // Hybrids have the codes behind the seven expressions, in the order of the compounds.
      for (const expression::Hybrid& hybrid : hybrids)
        codes.push_back(static_cast<std::int64_t>(1 + expression::kExpressions + hybrid.compound));
      tensors.push_back({name, learn::TensorType::i64, {n}});
      columns.emplace_back(name, std::move(codes));
    }
    for (Reading& reading : readings)
      for (const std::string& name : reading.names) {
        VULTUS_TRY(const auto values, reading.network->output(name));
        tensors.push_back({name, learn::TensorType::f16, {n, v, static_cast<std::int64_t>(values.size())}});
      }
    if (!hybrids.empty())
      tensors.push_back({"parts", learn::TensorType::f32, {n, static_cast<std::int64_t>(expression::kCompoundParts)}});
    VULTUS_TRY(auto file, learn::TensorFileWriter::create(settings.out, std::move(tensors), notes));
    FeatureWriter made(std::move(file), settings.variants);
    for (const auto& [name, codes] : columns) VULTUS_CHECK(made.file_.write(name, 0, std::as_bytes(std::span(codes))));
    return made;
  }

  Status write(const std::string& name, std::size_t row, int variant, std::span<const float> values) {
    halves_.resize(values.size());
    std::ranges::transform(values, halves_.begin(), learn::half_of);
    const std::size_t at = row * static_cast<std::size_t>(variants_) + static_cast<std::size_t>(variant);
    return file_.write(name, at * values.size() * 2, std::as_bytes(std::span(halves_)));
  }
  Status detected(std::size_t row, bool yes) {
    const std::uint8_t byte = yes ? 1 : 0;
    return file_.write("detected", row, std::as_bytes(std::span(&byte, 1)));
  }
  Status parts(std::size_t row, const std::array<float, expression::kCompoundParts>& parts) {
    return file_.write("parts", row * sizeof parts, std::as_bytes(std::span(parts)));
  }
  /// What the network of a reading said of a row.
  Status keep(const Reading& reading, std::size_t row, int variant) {
    for (const std::string& name : reading.names) {
      VULTUS_TRY(const auto values, reading.network->output(name));
      VULTUS_CHECK(write(name, row, variant, values));
    }
    return {};
  }
  Status finish() { return file_.finish(); }

 private:
  FeatureWriter(learn::TensorFileWriter file, int variants) : file_(std::move(file)), variants_(variants) {}
  learn::TensorFileWriter file_;
  int variants_;
  std::vector<std::uint16_t> halves_;
};

std::uint64_t variant_seed(const FeatureSettings& settings, std::size_t row, int variant) {
  return settings.seed * 0x9E3779B97F4A7C15ULL + row * 64 + static_cast<std::uint64_t>(variant);
}

Status features(const FeatureSettings& settings) {
  std::vector<MapWanted> maps;
  for (const std::string& text : settings.maps) {
    VULTUS_TRY(maps.emplace_back(), parse_map(text));
  }
  VULTUS_TRY(const auto set, engine::read_labelled_pictures(settings.images, settings.labels));
  VULTUS_TRY(const engine::Engine engine, cli::load_engine(settings.engine));
  VULTUS_TRY(auto readings, readings_of(engine, maps));
  VULTUS_TRY(auto finder, engine.make_finder());
  const std::size_t rows = settings.most > 0 ? std::min(settings.most, set.files.size()) : set.files.size();
  learn::TensorNotes notes{
      {"labels_sha256", set.sha256}, {"backend", engine.backend()}, {"seed", fmt::format("{}", settings.seed)}};
  for (const MapWanted& map : maps) notes["map " + map.name] = map.model + ":" + map.tensor;
  std::vector<std::size_t> labels;
  std::vector<expression::Hybrid> hybrids;
  if (settings.hybrids > 0) {
    VULTUS_TRY(labels, expressions_of(settings, set, rows));
    VULTUS_TRY(hybrids, expression::plan_hybrids(labels, settings.hybrids, settings.seed));
    notes["hybrids"] = fmt::format("{} planted of the pictures before them", hybrids.size());
  }
  VULTUS_TRY(auto writer, FeatureWriter::create(settings, set, readings, rows, hybrids, notes));
  for (std::size_t row = 0; row < rows; ++row) {
    VULTUS_TRY(const Shown shown, shown_in(finder, set.files[row]));
    VULTUS_CHECK(writer.detected(row, shown.main.detected));
    if (!hybrids.empty()) VULTUS_CHECK(writer.parts(row, expression::parts_of_label(labels[row])));
    for (Reading& reading : readings)
      for (int variant = 0; variant < settings.variants; ++variant) {
        // Every network sees the same changes of a face.
        VULTUS_CHECK(
            show(reading, shown.picture.image.view(), shown.main.face, variant, variant_seed(settings, row, variant)));
        VULTUS_CHECK(reading.network->run());
        VULTUS_CHECK(writer.keep(reading, row, variant));
      }
    if (row % 500 == 0) std::fprintf(stderr, "%zu of %zu pictures\n", row, rows);
  }
  for (std::size_t k = 0; k < hybrids.size(); ++k) {
    VULTUS_TRY(const Shown first, shown_in(finder, set.files[hybrids[k].first]));
    VULTUS_TRY(const Shown second, shown_in(finder, set.files[hybrids[k].second]));
    VULTUS_CHECK(writer.detected(rows + k, first.main.detected && second.main.detected));
    VULTUS_CHECK(writer.parts(rows + k, expression::parts_of_hybrid(hybrids[k])));
    for (Reading& reading : readings)
      for (int variant = 0; variant < settings.variants; ++variant) {
        const std::uint64_t seed = variant_seed(settings, rows + k, variant);
        VULTUS_CHECK(show(reading, second.picture.image.view(), second.main.face, variant, seed));
        const std::vector<std::uint8_t> other(reading.network->input().begin(), reading.network->input().end());
        VULTUS_CHECK(show(reading, first.picture.image.view(), first.main.face, variant, seed));
        VULTUS_CHECK(expression::mix_into(reading.network->input(), other, reading.network->width(), hybrids[k]));
        VULTUS_CHECK(reading.network->run());
        VULTUS_CHECK(writer.keep(reading, rows + k, variant));
      }
    if (k % 500 == 0) std::fprintf(stderr, "%zu of %zu hybrids\n", k, hybrids.size());
  }
  return writer.finish();
}

}  // namespace

void add_features(CLI::App& app, LearnCommands& commands) {
  CLI::App* command = app.add_subcommand("features", "what networks say inside about labelled faces");
  auto settings = std::make_shared<FeatureSettings>();
  command->add_option("--images", settings->images, "folder of pictures")->type_name("DIR")->required();
  command->add_option("--labels", settings->labels, "table: image or file, and labels")->type_name("CSV")->required();
  command->add_option("--column", settings->columns, "columns of labels")->type_name("NAME")->required();
  command->add_option("--map", settings->maps, "what is kept")->type_name("NAME=MODEL:TENSOR")->required();
  command->add_option("--variants", settings->variants, "of each face")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command->add_option("--seed", settings->seed, "of the variants")->capture_default_str();
  command->add_option("--most", settings->most, "rows at most; 0 = all");
  command->add_option("--hybrids", settings->hybrids,
                      "compounds made of two pictures each, behind the pictures: for vultus-learn compound");
  command->add_option("-o,--output", settings->out, "file of tensors")->type_name("FILE")->required();
  cli::add_engine_options(*command, settings->engine);
  command->footer(kFeaturesExamples);
  commands.push_back({command, [settings] { return features(*settings); }});
}

}  // namespace vultus::learning
