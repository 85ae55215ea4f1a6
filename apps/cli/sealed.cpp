// vultus sealed keygen | enroll | probe | search: what the key holder does once, and what needs no secret key.
#include <array>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <vultus/sealed/format.hpp>

#include <apps/cli/context.hpp>
#include <apps/cli/json_lines.hpp>
#include <apps/cli/originals.hpp>
#include <apps/cli/sealed_inputs.hpp>
#include <apps/cli/sentence.hpp>
#include <apps/cli/terminal_text.hpp>

namespace vultus::cli {
namespace {

constexpr const char* kSealedExamples =
    "Templates are encrypted so that whoever holds and searches the gallery can read neither them nor the scores. "
    "Roles:\n"
    "the key holder (keygen, answer) alone has the secret key; whoever enrols (enroll, probe) has the public key; the\n"
    "searcher (search) has the gallery. What this protects and what it does not: docs/sealed.md.\n\n"
    "Examples:\n"
    "  vultus sealed keygen office.key\n"
    "  vultus sealed enroll office.vsg people/ --public-key office.key.pub\n"
    "  vultus sealed search office.vsg b.jpg -o b.result\n"
    "  vultus sealed answer b.result --key office.key --top 1";
constexpr const char* kKeygenExamples =
    "Writes KEY, which only its owner may read, and KEY.pub, which everybody may have. Whoever loses KEY loses every\n"
    "answer. 2048 bits stand for 112 bits of security, enough until 2030; 1024 bits are for measurements alone.\n\n"
    "Examples:\n"
    "  vultus sealed keygen new.key\n"
    "  vultus sealed keygen guarded.key --passphrase-file phrase.txt --json\n"
    "  vultus sealed keygen other.key --scheme okamoto-uchiyama";
constexpr const char* kSealedEnrollExamples =
    "Makes GALLERY if it is not there, or adds to it. Needs the public key alone; names are sealed for the key "
    "holder.\n"
    "Inputs are pictures, named as by `vultus enroll`, or lists of templates that end in .csv, with the columns name "
    "and\n"
    "e0, e1, ... (as `vultus embed --csv` writes them).\n\n"
    "Examples:\n"
    "  vultus sealed enroll office.vsg people/ --public-key office.key.pub\n"
    "  vultus sealed enroll listed.vsg templates.csv --public-key office.key.pub --json";
constexpr const char* kSealedProbeExamples =
    "Encrypts a probe, for a searcher that has templates in the clear and may see neither probe nor score.\n\n"
    "Examples:\n"
    "  vultus sealed probe b.jpg --public-key office.key.pub -o b.probe";
constexpr const char* kSealedSearchExamples =
    "Compares in encrypted form, without a secret key. The first form has templates encrypted and sees the probe; the\n"
    "second has the probe encrypted and sees the templates. RESULT is for the key holder: vultus sealed answer.\n\n"
    "Examples:\n"
    "  vultus sealed search office.vsg b.jpg -o b.result\n"
    "  vultus sealed search office.vsg b.jpg -o b.result --row 0\n"
    "  vultus sealed search people/ --sealed-probe b.probe -o b.result --json";

struct KeygenSettings {
  std::string key;
  std::string scheme = "paillier";
  sealed::KeyKind kind;
  std::string passphrase_file;
  bool json = false;
};

Json key_json(const sealed::PublicKey& key) {
  return {{"key", key.id()},
          {"scheme", std::string(name_of(key.kind().scheme))},
          {"bits", key.kind().bits},
          {"s", key.kind().s},
          {"ciphertext_bytes", key.ciphertext_bytes()}};
}

Result<ExitCode> keygen(const KeygenSettings& settings, Context& context) {
  sealed::KeyKind kind = settings.kind;
  VULTUS_TRY(kind.scheme, sealed::scheme_of(settings.scheme));
  std::string passphrase;
  if (!settings.passphrase_file.empty()) {
    VULTUS_TRY(passphrase, passphrase_of(settings.passphrase_file));
  }
  const std::string open = settings.key + ".pub";
  // Galleries that were made with the public key would stay without it. The secret key is looked for again, at the
  // moment when it is written.
  for (const std::string& name : {settings.key, open})
    if (std::error_code failed; std::filesystem::exists(std::filesystem::symlink_status(name, failed)))
      return fail(ErrorCode::invalid_argument, name + " is there already; no key is replaced");
  VULTUS_TRY(const sealed::SecretKey key, sealed::generate_key(kind));
  VULTUS_TRY(const sealed::Bytes secret, sealed::encode_secret(key, passphrase));
  VULTUS_CHECK(sealed::write_secret_file(settings.key, secret));
  VULTUS_CHECK(sealed::write_file(open, sealed::encode(key.public_key())));
  Json object = key_json(key.public_key());
  object["secret"] = settings.key;
  object["public"] = open;
  object["passphrase"] = !passphrase.empty();
  const std::string text =
      fmt::format("{} and {} hold {}{}.\n", printable(settings.key), printable(open), key_text(key.public_key()),
                  passphrase.empty() ? "; without a passphrase, the file's mode alone protects it" : "");
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object) : text));
  return ExitCode::done;
}

struct SealSettings {
  EngineSettings engine;
  InputSettings inputs;
  std::string gallery;
  std::string picture;
  std::string public_key;
  std::string output;
  sealed::Precision precision;
  sealed::ComputeOptions compute;
  bool json = false;
};

Result<sealed::PublicKey> load_public_key(const std::string& file) {
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(file));
  return sealed::decode_public_key(bytes).with_context(file);
}

Result<sealed::SealedGallery> gallery_to_fill(const SealSettings& settings, const sealed::PublicKey& key,
                                              const SealedTemplates& templates) {
  if (!std::filesystem::exists(settings.gallery))
    return sealed::make_gallery(key, templates.model, static_cast<int>(templates.rows.front().values.size()),
                                settings.precision);
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(settings.gallery));
  VULTUS_TRY(sealed::SealedGallery gallery, sealed::decode_gallery(bytes).with_context(settings.gallery));
  VULTUS_CHECK(require_same_model(gallery.model, templates.model));
  return gallery;
}

Result<ExitCode> seal_enroll(const SealSettings& settings, Context& context) {
  VULTUS_TRY(const sealed::PublicKey key, load_public_key(settings.public_key));
  VULTUS_TRY(const SealedTemplates templates, sealed_templates(settings.engine, settings.inputs, context));
  if (templates.rows.empty()) return fail(ErrorCode::not_found, "no input gave a template");
  VULTUS_TRY(const sealed::FolderTurn turn, sealed::FolderTurn::take(settings.gallery, context.stop));
  VULTUS_TRY(sealed::SealedGallery gallery, gallery_to_fill(settings, key, templates));
  VULTUS_TRY(sealed::Enroller enroller, sealed::Enroller::make(key, settings.compute));
  VULTUS_CHECK(enroller.add(gallery, templates.rows));
  VULTUS_CHECK(sealed::write_file(settings.gallery, sealed::encode(gallery)));
  Json object = {{"gallery", settings.gallery}, {"added", templates.rows.size()},
                 {"failed", templates.failed},  {"rows", gallery.rows()},
                 {"packs", gallery.packs()},    {"slots", gallery.layout.slots},
                 {"model", gallery.model},      {"key", key.id()}};
  const std::string text = fmt::format("{} sealed. {} holds {} in {} of {} slots, for {}.\n",
                                       counted(static_cast<std::int64_t>(templates.rows.size()), "template"),
                                       printable(settings.gallery), counted(gallery.rows(), "row"),
                                       counted(gallery.packs(), "pack"), gallery.layout.slots, key_text(key));
  VULTUS_CHECK(context.out.write(settings.json ? json_line(object) : text));
  return templates.failed == 0 ? ExitCode::done : ExitCode::some_failed;
}

Result<ExitCode> seal_one(const SealSettings& settings, Context& context) {
  VULTUS_CHECK(Originals(std::array{settings.picture, settings.public_key}).spare(settings.output));
  VULTUS_CHECK(sealed::spare_secret_key(settings.output));
  VULTUS_TRY(const sealed::PublicKey key, load_public_key(settings.public_key));
  VULTUS_TRY(const SealedTemplates made, sealed_template(settings.engine, settings.inputs, settings.picture, context));
  VULTUS_TRY(const sealed::SealedProbe probe,
             sealed::seal_probe(key, made.model, made.rows.front().values, settings.precision, settings.compute));
  VULTUS_CHECK(sealed::write_file(settings.output, sealed::encode(probe)));
  Json object = {
      {"probe", settings.output}, {"values", probe.layout.dimension}, {"model", probe.model}, {"key", key.id()}};
  VULTUS_CHECK(context.out.write(settings.json
                                     ? json_line(object)
                                     : fmt::format("{} holds an encrypted probe of {} values, for {}.\n",
                                                   printable(settings.output), probe.layout.dimension, key_text(key))));
  return ExitCode::done;
}

struct SealedSearchSettings {
  EngineSettings engine;
  InputSettings limits;
  std::vector<std::string> names;
  std::string sealed_probe;
  std::string output;
  std::optional<std::int64_t> row;
  bool show_probe = false;
  sealed::ComputeOptions compute;
  bool json = false;
};

Result<sealed::SealedResult> search_gallery(const SealedSearchSettings& settings, Context& context) {
  if (settings.names.size() != 2)
    return fail(ErrorCode::invalid_argument, "a sealed gallery and one picture (or list with one template) are wanted");
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(settings.names[0]));
  VULTUS_TRY(const sealed::SealedGallery gallery, sealed::decode_gallery(bytes).with_context(settings.names[0]));
  VULTUS_TRY(const SealedTemplates probe,
             sealed_template(settings.engine, settings.limits, settings.names[1], context));
  VULTUS_CHECK(require_same_model(gallery.model, probe.model));
  VULTUS_TRY(sealed::Searcher searcher,
             sealed::Searcher::make(gallery, {.compute = settings.compute, .hide_probe = !settings.show_probe}));
  if (settings.row) return searcher.compare(probe.rows.front().values, *settings.row);
  return searcher.search(probe.rows.front().values);
}

Result<sealed::SealedResult> search_templates(const SealedSearchSettings& settings, Context& context) {
  if (settings.row) return fail(ErrorCode::invalid_argument, "--row is for a sealed gallery");
  VULTUS_TRY(const sealed::Bytes bytes, sealed::read_file(settings.sealed_probe));
  VULTUS_TRY(const sealed::SealedProbe probe, sealed::decode_probe(bytes).with_context(settings.sealed_probe));
  InputSettings inputs = settings.limits;
  inputs.names = settings.names;
  VULTUS_TRY(const SealedTemplates templates, sealed_templates(settings.engine, inputs, context));
  VULTUS_CHECK(require_same_model(templates.model, probe.model));
  return sealed::search_with(probe, templates.rows, settings.compute);
}

Result<ExitCode> sealed_search(const SealedSearchSettings& settings, Context& context) {
  std::vector<std::string> read = settings.names;
  read.push_back(settings.sealed_probe);
  VULTUS_CHECK(Originals(read).spare(settings.output));
  VULTUS_CHECK(sealed::spare_secret_key(settings.output));
  VULTUS_TRY(const sealed::SealedResult result,
             settings.sealed_probe.empty() ? search_gallery(settings, context) : search_templates(settings, context));
  VULTUS_CHECK(sealed::write_file(settings.output, sealed::encode(result)));
  Json object = {{"result", settings.output},
                 {"rows", result.row ? 1 : result.rows},
                 {"ciphertexts", result.packs()},
                 {"key", result.key.id()}};
  VULTUS_CHECK(context.out.write(
      settings.json ? json_line(object)
                    : fmt::format("{} holds the encrypted scores of {}, for {}.\n", printable(settings.output),
                                  counted(result.row ? 1 : result.rows, "row"), key_text(result.key))));
  return ExitCode::done;
}

void add_json_flag(CLI::App& command, bool& json) {
  command.add_flag("--json", json, "one JSON object")->group("Output");
}

void add_keygen(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("keygen", "make a secret and a public key");
  auto settings = std::make_shared<KeygenSettings>();
  command->add_option("KEY", settings->key, "the new file of the secret key")->type_name("")->required();
  command->add_option("--scheme", settings->scheme, "paillier, damgard-jurik or okamoto-uchiyama")
      ->capture_default_str();
  command->add_option("--bits", settings->kind.bits, "size of the key, 1024 to 4096")->capture_default_str();
  command->add_option("--s", settings->kind.s, "of damgard-jurik: messages are s times as long")->capture_default_str();
  command
      ->add_option("--passphrase-file", settings->passphrase_file, "a file whose first line will open the secret key")
      ->type_name("FILE");
  add_json_flag(*command, settings->json);
  command->footer(kKeygenExamples);
  commands.push_back({command, [settings](Context& context) { return keygen(*settings, context); }});
}

void add_public_key_option(CLI::App& command, SealSettings& settings) {
  command.add_option("--public-key", settings.public_key, "the key to encrypt for")->type_name("FILE")->required();
}

void add_seal_enroll(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("enroll", "encrypt templates into a gallery");
  auto settings = std::make_shared<SealSettings>();
  command->add_option("GALLERY", settings->gallery, "the sealed gallery's file")->type_name("")->required();
  add_input_options(*command, settings->inputs, "pictures, folders of people, or lists of templates (.csv)");
  add_public_key_option(*command, *settings);
  add_scale_options(*command, settings->precision);
  add_compute_options(*command, settings->compute);
  add_json_flag(*command, settings->json);
  add_engine_options(*command, settings->engine);
  command->footer(kSealedEnrollExamples);
  commands.push_back({command, [settings](Context& context) { return seal_enroll(*settings, context); }});
}

void add_seal_probe(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("probe", "encrypt a probe");
  auto settings = std::make_shared<SealSettings>();
  command->add_option("PICTURE", settings->picture, "a picture, or a list with one template (.csv)")
      ->type_name("")
      ->required();
  command->add_option("-o,--output", settings->output, "the encrypted probe")->type_name("FILE")->required();
  add_public_key_option(*command, *settings);
  add_scale_options(*command, settings->precision);
  add_compute_options(*command, settings->compute);
  add_json_flag(*command, settings->json);
  add_engine_options(*command, settings->engine);
  command->footer(kSealedProbeExamples);
  commands.push_back({command, [settings](Context& context) { return seal_one(*settings, context); }});
}

void add_sealed_search(CLI::App& parent, Commands& commands) {
  CLI::App* command = parent.add_subcommand("search", "compare in encrypted form");
  auto settings = std::make_shared<SealedSearchSettings>();
  command->add_option("INPUT", settings->names, "GALLERY PICTURE; with --sealed-probe pictures or lists of templates")
      ->type_name("")
      ->required();
  command->add_option("--sealed-probe", settings->sealed_probe, "a probe that `vultus sealed probe` encrypted")
      ->type_name("FILE");
  command->add_option("-o,--output", settings->output, "the encrypted scores")->type_name("FILE")->required();
  command->add_option("--row", settings->row, "compare with this row of the gallery alone, from 0 on")->type_name("N");
  command->add_flag("--show-probe", settings->show_probe, "do not hide the probe from the key holder: a little faster");
  add_compute_options(*command, settings->compute);
  add_json_flag(*command, settings->json);
  add_engine_options(*command, settings->engine);
  command->footer(kSealedSearchExamples);
  commands.push_back({command, [settings](Context& context) { return sealed_search(*settings, context); }});
}

}  // namespace

void add_sealed(CLI::App& app, Commands& commands) {
  CLI::App* group = app.add_subcommand("sealed", "search among encrypted templates");
  group->require_subcommand(1);
  group->footer(kSealedExamples);
  add_keygen(*group, commands);
  add_seal_enroll(*group, commands);
  add_seal_probe(*group, commands);
  add_sealed_search(*group, commands);
  add_sealed_answers(*group, commands);
}

}  // namespace vultus::cli
