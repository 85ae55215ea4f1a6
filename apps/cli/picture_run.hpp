// What the commands that go through pictures have in common: inputs, the count of what happened, the way errors are
// told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <vultus/core/result.hpp>
#include <vultus/engine/looker.hpp>
#include <vultus/media/inputs.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/settings.hpp>
#include <apps/cli/table.hpp>

namespace vultus::cli {

/// What became of the inputs.
struct Tally {
  std::int64_t pictures = 0;  ///< that were read
  std::int64_t without_face = 0;
  std::int64_t faces = 0;
  std::int64_t failed = 0;  ///< inputs that could not be used

  /// Counts a picture that was read.
  void count_picture(std::size_t faces_in_it);
  [[nodiscard]] ExitCode exit_code() const { return failed == 0 ? ExitCode::done : ExitCode::some_failed; }
  /// "12 pictures, 17 faces, 1 picture without a face, 2 inputs could not be read"
  [[nodiscard]] std::string text() const;
};

/// The pictures that the user named.
[[nodiscard]] media::InputList expand(const InputSettings& settings);

/// Columns for a table whose rows are printed while the work goes on: FILE is as wide as the names need.
[[nodiscard]] Column file_column(const std::vector<media::Input>& inputs);

/// Begins a line of JSON or CSV, or a table: rows go out as soon as their picture is done.
class Rows {
 public:
  /// @param columns  of the table; the first is the file
  /// @param csv      names of the CSV columns; error_code and error_message are added
  Rows(Context& context, Format format, std::vector<Column> columns, std::vector<std::string> csv);

  /// The titles, where there are any.
  Status begin();
  Status json(const std::string& line);
  Status table(const Row& cells);
  /// @param fields  as many as the columns given
  Status csv(std::vector<std::string> fields);
  /// An input that could not be used: an object, a CSV row, or a message on standard error.
  Status error(const std::string& file, const Error& error);
  /// A CSV row of an input that could not be used. @param fields  as many as the columns given
  Status error_row(std::vector<std::string> fields, const Error& error);
  /// Hands over what was written: after each picture, so that a reader can keep up.
  Status flush() { return context_->out.flush(); }

  [[nodiscard]] Format format() const { return format_; }

 private:
  Context* context_;
  Format format_;
  Table table_;
  std::vector<std::string> csv_;
  bool titles_told_ = false;
};

/// A walk through pictures: errors are told and counted, the bar moves, rows go out picture by picture.
class PictureRun {
 public:
  PictureRun(Context& context, Rows& rows, const media::InputList& list)
      : context_(&context), rows_(&rows), list_(&list) {}

  /// Tells the inputs that gave no picture and begins the bar. @param label  what is done, e.g. "detect"
  Status begin(const std::string& label);
  /// One picture, in order.
  /// @param error  why it was not read; then `tell` is not called
  /// @param tell   writes its rows
  Status picture(const std::string& path, const std::optional<Error>& error, std::size_t faces,
                 const std::function<Status()>& tell);
  /// Takes the bar away and tells, after a stop, how far it came.
  /// @param ran  how the walk ended
  Status end(const Status& ran);

  [[nodiscard]] const Tally& tally() const { return tally_; }

 private:
  Context* context_;
  Rows* rows_;
  const media::InputList* list_;
  Tally tally_;
  std::size_t done_ = 0;
};

}  // namespace vultus::cli
