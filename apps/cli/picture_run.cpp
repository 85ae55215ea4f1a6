#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <vultus/media/content.hpp>
#include <vultus/media/csv.hpp>

#include <apps/cli/json_lines.hpp>
#include <apps/cli/picture_run.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr int kWidestFile = 48;

/// What is no picture may be a video: who can follow it is told.
Error explained(const std::string& path, Error error) {
  if (error.code != ErrorCode::corrupt_data && error.code != ErrorCode::unsupported) return error;
  std::error_code failed;
  if (path == "-" || std::filesystem::is_fifo(path, failed))
    error.message += "; a video in a pipe or on standard input is followed by vultus track";
  else if (media::content_of_file(path) == media::Content::video)
    error.message += "; the faces in a video are followed by vultus track";
  return error;
}

}  // namespace

void Tally::count_picture(std::size_t faces_in_it) {
  ++pictures;
  faces += static_cast<std::int64_t>(faces_in_it);
  if (faces_in_it == 0) ++without_face;
}

std::string Tally::text() const {
  std::string text = counted(pictures, "picture") + ", " + counted(faces, "face");
  if (without_face > 0) text += ", " + counted(without_face, "picture") + " without a face";
  if (failed > 0) text += ", " + counted(failed, "input") + " could not be read";
  return text;
}

media::InputList expand(const InputSettings& settings) {
  return media::expand_inputs(settings.names, {.recursive = settings.recursive});
}

Column file_column(const std::vector<media::Input>& inputs) {
  int width = 4;
  for (const media::Input& input : inputs)
    width = std::max(width, std::min(kWidestFile, columns_of(printable(input.path))));
  return {"FILE", Align::left, width};
}

Rows::Rows(Context& context, Format format, std::vector<Column> columns, std::vector<std::string> csv)
    : context_(&context), format_(format), table_(std::move(columns), context.out.colour()), csv_(std::move(csv)) {}

Status Rows::begin() {
  if (format_ != Format::csv) return {};
  std::vector<std::string> titles = csv_;
  titles.emplace_back("error_code");
  titles.emplace_back("error_message");
  return context_->out.write(media::csv_row(titles));
}

Status Rows::json(const std::string& line) { return context_->out.write(line); }

Status Rows::table(const Row& cells) {
  if (!std::exchange(titles_told_, true)) VULTUS_CHECK(context_->out.write(table_.header()));
  return context_->out.write(table_.row(cells));
}

Status Rows::csv(std::vector<std::string> fields) {
  fields.resize(csv_.size() + 2);
  return context_->out.write(media::csv_row(fields));
}

Status Rows::error(const std::string& file, const Error& error) {
  if (format_ == Format::json) return context_->out.write(json_line(error_json(file, error)));
  if (format_ == Format::table) {
    // Rows that came before are seen before.
    VULTUS_CHECK(context_->out.flush());
    context_->console.error(error.message);
    return {};
  }
  std::vector<std::string> fields(csv_.size());
  fields.front() = file;
  return error_row(std::move(fields), error);
}

Status Rows::error_row(std::vector<std::string> fields, const Error& error) {
  fields.resize(csv_.size());
  fields.emplace_back(name_of(error.code));
  fields.push_back(error.message);
  return context_->out.write(media::csv_row(fields));
}

Status PictureRun::begin(const std::string& label) {
  VULTUS_CHECK(rows_->begin());
  for (const media::InputError& e : list_->errors) {
    ++tally_.failed;
    VULTUS_CHECK(rows_->error(e.path, e.error));
  }
  VULTUS_CHECK(rows_->flush());
  context_->console.begin(label, list_->inputs.size());
  return {};
}

Status PictureRun::picture(const std::string& path, const std::optional<Error>& error, std::size_t faces,
                           const std::function<Status()>& tell) {
  if (error) {
    ++tally_.failed;
    VULTUS_CHECK(rows_->error(path, explained(path, *error)));
  } else {
    tally_.count_picture(faces);
    VULTUS_CHECK(tell());
  }
  VULTUS_CHECK(rows_->flush());
  context_->console.advance(++done_);
  return {};
}

Status PictureRun::end(const Status& ran) {
  context_->console.end();
  if (!ran && ran.error().code == ErrorCode::cancelled && !context_->out.reader_gone())
    context_->console.note("stopped after " + grouped(static_cast<std::int64_t>(done_)) + " of " +
                           counted(static_cast<std::int64_t>(list_->inputs.size()), "picture"));
  return ran;
}

}  // namespace vultus::cli
