#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <vultus/timeline/export.hpp>
#include <vultus/timeline/moments.hpp>
#include <vultus/timeline/parquet_writer.hpp>
#include <vultus/timeline/scan.hpp>

namespace vultus {
namespace {

using timeline::ParquetColumn;
using timeline::ParquetType;
using timeline::ParquetWriter;
using Json = nlohmann::ordered_json;

/// What every row begins with.
constexpr std::array<std::pair<const char*, ParquetType>, 8> kFirst{{{"source", ParquetType::text},
                                                                     {"track", ParquetType::int64},
                                                                     {"seconds", ParquetType::real64},
                                                                     {"x", ParquetType::real32},
                                                                     {"y", ParquetType::real32},
                                                                     {"width", ParquetType::real32},
                                                                     {"height", ParquetType::real32},
                                                                     {"detection", ParquetType::real32}}};

/// The type of the column of a channel, or of an element of its rows of values. A single value where others are rows
/// stands in the first column, as in the CSV.
ParquetType type_of(const ChannelForm& form, std::size_t element) {
  if (element > 0) return ParquetType::real32;
  if (form.texts) return ParquetType::text;
  return form.width == 0 || form.numbers ? ParquetType::real64 : ParquetType::real32;
}

std::vector<ParquetColumn> columns_of(const std::vector<Channel>& channels, const std::vector<ChannelForm>& forms) {
  std::vector<ParquetColumn> columns;
  columns.reserve(std::size(kFirst) + channels.size());
  for (const auto& [name, type] : kFirst) columns.push_back({name, type});
  // A reader finds columns by name: one that is taken gets a number.
  const auto add = [&](const std::string& name, ParquetType type) {
    std::string free = name;
    for (int number = 2; std::ranges::find(columns, free, &ParquetColumn::name) != columns.end(); ++number)
      free = name + "-" + std::to_string(number);
    columns.push_back({std::move(free), type});
  };
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (forms[c].width == 0) add(channels[c].id.text(), type_of(forms[c], 0));
    for (std::size_t i = 0; const std::string& name : element_names(channels[c], forms[c].width))
      add(channels[c].id.text() + "." + name, type_of(forms[c], i++));
  }
  return columns;
}

/// Where each channel comes from, for whoever opens the file without its Timeline.
std::string description(const std::vector<Channel>& channels, const std::vector<Evidence>& evidence) {
  Json all = Json::array();
  for (const Channel& channel : channels) {
    Json row{{"id", channel.id.text()}, {"unit", channel.unit}};
    const auto from = std::ranges::find(evidence, channel.evidence, &Evidence::id);
    constexpr std::array kKinds{"user", "public", "planted"};
    if (from != evidence.end())
      row.update({{"producer", from->producer},
                  {"model", from->model},
                  {"model_sha256", from->model_sha256},
                  {"backend", from->backend},
                  {"protocol", from->protocol},
                  {"data", kKinds.at(static_cast<std::size_t>(from->data))}});
    all.push_back(std::move(row));
  }
  return Json{{"channels", std::move(all)}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class ParquetTable {
 public:
  ParquetTable(std::ostream& to, const std::vector<Source>& sources, const std::vector<Evidence>& evidence,
               const std::vector<Channel>& channels, const std::vector<Track>& tracks, std::vector<ChannelForm> forms)
      : sources_(&sources),
        tracks_(&tracks),
        forms_(std::move(forms)),
        columns_(columns_of(channels, forms_)),
        writer_(to, columns_, {{"vultus", description(channels, evidence)}}) {
    std::size_t at = kFirst.size();
    for (const ChannelForm& form : forms_) {
      first_.push_back(at);
      at += std::max<std::size_t>(form.width, 1);
    }
  }

  Status rows(const Moment& moment) {
    const Source& source = (*sources_)[moment.source];
    for (const MomentOfTrack& track : moment.tracks) {
      writer_.text(0, source.path);
      writer_.whole(1, (*tracks_)[track.track].id.number());
      writer_.number(2, source.clock.seconds(moment.time).value());
      if (track.face) {
        const FaceObservation& face = *track.face;
        for (std::size_t at = 3;
             const float number : {face.box.x, face.box.y, face.box.width, face.box.height, face.detection.value()})
          writer_.number(at++, double{number});
      }
      // The last of two readings counts, as in the CSV.
      cells_.assign(forms_.size(), nullptr);
      for (const MomentReading& reading : track.readings) cells_[reading.channel] = &reading.value;
      for (std::size_t c = 0; c < cells_.size(); ++c)
        if (cells_[c] != nullptr) cell(*cells_[c], c);
      VULTUS_CHECK(writer_.end_row());
    }
    return {};
  }
  Status finish() { return writer_.finish(); }

 private:
  void cell(const ReadingValue& value, std::size_t channel) {
    const std::size_t at = first_[channel];
    if (const auto* number = std::get_if<double>(&value)) put(at, *number);
    if (const auto* text = std::get_if<std::string>(&value)) writer_.text(at, *text);
    if (const auto* values = std::get_if<std::vector<float>>(&value))
      for (std::size_t i = 0; i < values->size(); ++i) put(at + i, (*values)[i]);
  }
  template <class Number>
  void put(std::size_t column, Number number) {
    if (columns_[column].type == ParquetType::text)
      writer_.text(column, timeline::exact(number));
    else
      writer_.number(column, double{number});
  }

  const std::vector<Source>* sources_;
  const std::vector<Track>* tracks_;
  std::vector<ChannelForm> forms_;
  std::vector<ParquetColumn> columns_;
  ParquetWriter writer_;
  std::vector<std::size_t> first_;  // column of each channel
  std::vector<const ReadingValue*> cells_;
};

}  // namespace

Status write_parquet(const Timeline& whole, std::ostream& to) {
  ParquetTable table(to, whole.sources(), whole.evidence(), whole.channels(), whole.tracks(),
                     timeline::forms_of(whole));
  for (const auto& [where, moment] : timeline::moments_of(whole)) VULTUS_CHECK(table.rows(moment));
  return table.finish();
}

Status write_parquet(const std::filesystem::path& file, std::ostream& to) {
  VULTUS_TRY(TimelineScan scan, TimelineScan::open(file));
  VULTUS_TRY(auto forms, scan.forms());
  ParquetTable table(to, scan.sources(), scan.evidence(), scan.channels(), scan.tracks(), std::move(forms));
  for (Moment moment;;) {
    VULTUS_TRY(const bool more, scan.next(moment));
    if (!more) return table.finish();
    VULTUS_CHECK(table.rows(moment));
  }
}

}  // namespace vultus
