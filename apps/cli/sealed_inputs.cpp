#include <apps/cli/sealed_inputs.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <vultus/engine/engine.hpp>
#include <vultus/media/csv.hpp>

#include <apps/cli/enroll_inputs.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

bool is_list(const std::string& name) { return name.ends_with(".csv"); }

/// Where what stands in a list.
struct ListColumns {
  std::size_t name = 0;
  std::optional<std::size_t> model;
  std::vector<std::size_t> values;
};

Result<ListColumns> columns_of(const std::vector<std::string>& titles, const std::string& file) {
  ListColumns columns;
  const auto place = [&](std::string_view title) -> std::optional<std::size_t> {
    const auto at = std::ranges::find(titles, title);
    return at == titles.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - titles.begin()));
  };
  std::optional<std::size_t> name;
  for (const char* const title : {"name", "subject", "file"})
    if (!name) name = place(title);
  while (const auto at = place("e" + std::to_string(columns.values.size()))) columns.values.push_back(*at);
  if (!name || columns.values.empty())
    return fail(ErrorCode::corrupt_data, file +
                                             ": the first line should name the columns 'name' (or 'subject' or "
                                             "'file') and e0, e1, ... with the values of a template");
  columns.name = *name;
  columns.model = place("model");
  return columns;
}

Result<float> value_of(const std::string& field, const std::string& where) {
  float value = 0;
  const auto read = std::from_chars(field.data(), field.data() + field.size(), value);
  if (read.ec != std::errc() || read.ptr != field.data() + field.size())
    return fail(ErrorCode::corrupt_data, where + ": '" + printable(field) + "' is no number");
  return value;
}

Status add_list(const std::string& file, SealedTemplates& to) {
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(file));
  media::CsvReader reader({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  VULTUS_TRY(const auto titles, reader.next().with_context(file));
  if (!titles) return fail(ErrorCode::corrupt_data, file + " is empty");
  VULTUS_TRY(const ListColumns columns, columns_of(titles->fields, file));
  for (;;) {
    VULTUS_TRY(const auto row, reader.next().with_context(file));
    if (!row) return {};
    const std::string where = fmt::format("{}: line {}", file, row->line);
    if (row->fields.size() != titles->fields.size())
      return fail(ErrorCode::corrupt_data, fmt::format("{} has {} columns, the first line {}", where,
                                                       row->fields.size(), titles->fields.size()));
    if (columns.model) {
      const std::string& model = row->fields[*columns.model];
      if (!to.model.empty()) VULTUS_CHECK(require_same_model(to.model, model).with_context(where));
      if (!model.empty()) to.model = model;  // a row that names none says nothing about the others
    }
    sealed::NamedTemplate one{.name = row->fields[columns.name], .values = {}};
    for (const std::size_t at : columns.values) {
      VULTUS_TRY(const float value, value_of(row->fields[at], where));
      one.values.push_back(value);
    }
    to.rows.push_back(std::move(one));
  }
}

Result<SealedTemplates> of_pictures(const EngineSettings& engine_settings, const InputSettings& inputs,
                                    Context& context) {
  const EnrollInputs named = enroll_inputs(inputs, {}, {});
  VULTUS_TRY(const engine::Engine engine, load_engine(engine_settings));
  SealedTemplates made{.model = engine.preset().template_model().text(), .rows = {}, .failed = 0};
  std::vector<media::Input> files;
  for (const auto& one : named.pictures) files.push_back(one.input);
  const auto tell = [&](const std::string& message) {
    context.console.error(message);
    ++made.failed;
  };
  for (const auto& one : named.errors) tell(one.path + ": " + one.error.message);
  std::size_t done = 0;
  context.console.begin("embed", files.size());
  const Status looked = engine.look_at(
      files, {.depth = engine::Depth::embed_main, .limits = inputs.limits()},
      [&](const engine::SeenPicture& seen) -> Status {
        const std::string& name = named.pictures[done++].subject;
        context.console.advance(done);
        if (seen.error)
          tell(seen.error->message);
        else if (seen.faces.empty() || !seen.faces.front().embedding)
          tell(seen.path + ": no face");
        else
          made.rows.push_back({.name = name,
                               .values = {seen.faces.front().embedding->values().begin(),
                                          seen.faces.front().embedding->values().end()}});
        return {};
      },
      context.stop);
  context.console.end();
  VULTUS_CHECK(looked);
  return made;
}

}  // namespace

void add_secret_key_options(CLI::App& command, SecretKeySettings& settings) {
  command.add_option("--key", settings.file, "the secret key: a file that only its owner may read")
      ->type_name("FILE")
      ->required();
  command.add_option("--passphrase-file", settings.passphrase_file, "a file whose first line opens the secret key")
      ->type_name("FILE");
}

Result<std::string> passphrase_of(const std::string& file) {
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_secret_file(file));
  std::string line(bytes.begin(), std::ranges::find(bytes, std::uint8_t{'\n'}));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(ErrorCode::invalid_argument, file + " holds no passphrase in its first line");
  return line;
}

Result<sealed::SecretKey> load_secret_key(const SecretKeySettings& settings) {
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_secret_file(settings.file));
  return sealed::decode_secret_key(bytes,
                                   [&]() -> Result<std::string> {
                                     if (settings.passphrase_file.empty())
                                       return fail(ErrorCode::invalid_argument,
                                                   "the secret key has a passphrase: --passphrase-file is wanted");
                                     return passphrase_of(settings.passphrase_file);
                                   })
      .with_context(settings.file);
}

void add_scale_options(CLI::App& command, sealed::Precision& precision) {
  command.add_option("--sealed-scale", precision.sealed, "what 1.0 becomes on the encrypted side")
      ->capture_default_str();
  command.add_option("--plain-scale", precision.plain, "what 1.0 becomes on the plain side")->capture_default_str();
}

void add_compute_options(CLI::App& command, sealed::ComputeOptions& options) {
  command.add_option("--workers", options.threads, "threads of the arithmetic; 0 = one a processor")
      ->capture_default_str();
  command.add_flag_callback(
      "--no-simd", [&options] { options.instructions = sealed::Instructions::gmp; },
      "compute with GMP alone; the answers are the same");
}

Result<SealedTemplates> sealed_templates(const EngineSettings& engine, const InputSettings& inputs, Context& context) {
  const auto lists = std::ranges::count_if(inputs.names, is_list);
  if (lists == 0) return of_pictures(engine, inputs, context);
  if (static_cast<std::size_t>(lists) != inputs.names.size())
    return fail(ErrorCode::invalid_argument, "pictures and lists of templates (.csv) cannot be mixed");
  SealedTemplates made;
  for (const std::string& file : inputs.names) VULTUS_CHECK(add_list(file, made));
  return made;
}

Result<SealedTemplates> sealed_template(const EngineSettings& engine, const InputSettings& limits,
                                        const std::string& input, Context& context) {
  InputSettings one = limits;
  one.names = {input};
  VULTUS_TRY(SealedTemplates made, sealed_templates(engine, one, context));
  if (made.rows.empty()) return fail(ErrorCode::not_found, input + ": no template");
  if (made.rows.size() > 1)
    return fail(ErrorCode::invalid_argument,
                fmt::format("{}: one template is wanted, there are {}", input, made.rows.size()));
  return made;
}

Status require_same_model(std::string_view of_gallery, std::string_view of_probe) {
  if (of_gallery.empty() || of_probe.empty() || of_gallery == of_probe) return {};
  return fail(ErrorCode::model_mismatch,
              fmt::format("templates of {} cannot be compared with templates of {}", of_probe, of_gallery));
}

std::string key_text(const sealed::PublicKey& key) {
  return fmt::format("key {}, {} of {} bits{}", key.id(), name_of(key.kind().scheme), key.kind().bits,
                     key.kind().s > 1 ? fmt::format(", s = {}", key.kind().s) : std::string());
}

}  // namespace vultus::cli
