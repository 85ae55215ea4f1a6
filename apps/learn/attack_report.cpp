// What vultus-learn attack says: JSON, a table, and a page with the pictures side by side.
#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <vultus/engine/html_page.hpp>
#include <vultus/media/encode.hpp>

#include <apps/learn/attack_run.hpp>

namespace vultus::learning {
namespace {

using AttackJson = nlohmann::ordered_json;

constexpr const char* kPurpose =
    "For testing the robustness of one's own recogniser. Success is counted at the victim's threshold, among faces "
    "that "
    "it was right about before, behind the same defence.";
constexpr int kLouder = 16;  // times a change is shown

std::string point_text(const VictimPoint& point) {
  return point.fmr ? fmt::format("FMR {:g} (threshold {:.4f})", *point.fmr, point.threshold)
                   : fmt::format("threshold {:.4f}", point.threshold);
}

std::string rate_text(const AttackRate& rate) {
  if (rate.trials == 0) return "no trial";
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}] ({} of {})", 100 * rate.rate, 100 * rate.low, 100 * rate.high,
                     rate.success, rate.trials);
}

AttackJson rate_json(const AttackRun& run, const VictimResult& result, const AttackRate& rate) {
  const VictimPoint& point = run.victims[result.victim].points[rate.point];
  AttackJson json{{"defence", rate.defence}};
  if (point.fmr) json["fmr"] = *point.fmr;
  json["threshold"] = point.threshold, json["trials"] = rate.trials, json["success"] = rate.success;
  if (rate.trials > 0) json["rate"] = rate.rate, json["interval"] = {rate.low, rate.high};
  return json;
}

AttackJson result_json(const AttackRun& run, const AttackResult& result) {
  AttackJson json{{"method", result.method},       {"budget", result.budget},
                  {"faces", result.faces},         {"linf", result.largest},
                  {"psnr", result.psnr},           {"ssim", result.ssim},
                  {"seconds", result.seconds},     {"surrogates", AttackJson::array()},
                  {"victims", AttackJson::array()}};
  for (std::size_t i = 0; i < run.surrogates.size(); ++i)
    json["surrogates"].push_back({{"model", run.surrogates[i]},
                                  {"cosine_before", result.surrogate_before[i]},
                                  {"cosine_after", result.surrogate_after[i]}});
  for (const VictimResult& victim : result.victims) {
    AttackJson one{{"victim", run.victims[victim.victim].name},
                   {"similarity_before", victim.before},
                   {"similarity_after", victim.after},
                   {"no_face", victim.no_face},
                   {"rates", AttackJson::array()}};
    for (const AttackRate& rate : victim.rates) one["rates"].push_back(rate_json(run, victim, rate));
    json["victims"].push_back(std::move(one));
  }
  return json;
}

/// The change around grey, several times as large.
Result<Image> change_of(const AttackExample& example) {
  VULTUS_TRY(Image image, Image::create(example.before.width(), example.before.height(), PixelFormat::rgb8));
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < 3 * image.width(); ++x)
      image.row(y)[x] = static_cast<std::uint8_t>(
          std::clamp(128 + kLouder * (example.after.row(y)[x] - example.before.row(y)[x]), 0, 255));
  return image;
}

Result<std::string> picture_html(const Image& image, const std::string& words) {
  VULTUS_TRY(const auto png, media::encode_png(image.view()));
  return fmt::format("<figure class=\"face\"><img src=\"{}\" alt=\"{}\"><figcaption>{}</figcaption></figure>",
                     engine::data_uri("image/png", png), engine::html_text(words), engine::html_text(words));
}

}  // namespace

std::string attack_json(const AttackRun& run, const AttackSettings& settings) {
  AttackJson json{{"purpose", kPurpose},          {"goal", settings.goal},          {"steps", settings.steps},
                  {"seed", settings.seed},        {"people", run.people.size()},    {"left_out", run.left_out},
                  {"surrogates", run.surrogates}, {"victims", AttackJson::array()}, {"results", AttackJson::array()}};
  for (const AttackVictim& victim : run.victims) {
    AttackJson points = AttackJson::array();
    for (const VictimPoint& point : victim.points) {
      AttackJson one;
      if (point.fmr) one["fmr"] = *point.fmr;
      one["threshold"] = point.threshold;
      points.push_back(std::move(one));
    }
    json["victims"].push_back(
        {{"name", victim.name}, {"model", victim.model}, {"held_out", !victim.seen}, {"points", std::move(points)}});
  }
  for (const AttackResult& result : run.results) json["results"].push_back(result_json(run, result));
  return json.dump() + "\n";
}

std::string attack_text(const AttackRun& run, const AttackSettings& settings) {
  std::string text = fmt::format("{}, {} people, surrogates {}, {} steps\n{}\n", settings.goal, run.people.size(),
                                 fmt::join(run.surrogates, " and "), settings.steps, kPurpose);
  for (const AttackResult& result : run.results) {
    text += fmt::format("\n{}, budget {} of 255: largest change {}, PSNR {:.1f} dB, SSIM {:.3f}, {:.1f} s a face\n",
                        result.method, result.budget, result.largest, result.psnr, result.ssim, result.seconds);
    for (std::size_t i = 0; i < run.surrogates.size(); ++i)
      text += fmt::format("  surrogate {}: cosine {:.3f} -> {:.3f}\n", run.surrogates[i], result.surrogate_before[i],
                          result.surrogate_after[i]);
    for (const VictimResult& victim : result.victims) {
      const AttackVictim& facts = run.victims[victim.victim];
      text += fmt::format("  victim {} ({}{}): similarity {:.3f} -> {:.3f}, no face {}\n", facts.name, facts.model,
                          facts.seen ? ", a surrogate" : ", held out", victim.before, victim.after, victim.no_face);
      for (const AttackRate& rate : victim.rates)
        text +=
            fmt::format("    {:<11} {:<32} {}\n", rate.defence, point_text(facts.points[rate.point]), rate_text(rate));
    }
  }
  return text;
}

Result<std::string> attack_page(const AttackRun& run, const AttackSettings& settings) {
  engine::HtmlPage page("Attacks on face recognisers");
  page.subtitle(fmt::format("{}, {} people, surrogates {}, {} steps, seed {}", settings.goal, run.people.size(),
                            fmt::join(run.surrogates, " and "), settings.steps, settings.seed));
  page.banner(kPurpose);
  page.rule(".face{display:inline-block;margin:0 8px 8px 0}.face img{width:150px;image-rendering:auto}");
  page.section("success", "How often an attack worked");
  page.begin_table("success", {"Attack", "Victim", "Threshold", "Defence", "Success (95 %)"});
  for (const AttackResult& result : run.results)
    for (const VictimResult& victim : result.victims) {
      const AttackVictim& facts = run.victims[victim.victim];
      for (const AttackRate& rate : victim.rates)
        page.row(fmt::format("{}, {} of 255", result.method, result.budget),
                 {facts.name + (facts.seen ? " (a surrogate)" : " (held out)"), point_text(facts.points[rate.point]),
                  rate.defence, rate_text(rate)});
    }
  page.end_table();
  page.section("pictures", "What was changed");
  page.begin_table("pictures", {"Attack", "Largest change", "PSNR, dB", "SSIM"});
  for (const AttackResult& result : run.results)
    page.row(
        fmt::format("{}, {} of 255", result.method, result.budget),
        {fmt::format("{}", result.largest), fmt::format("{:.1f}", result.psnr), fmt::format("{:.3f}", result.ssim)});
  page.end_table();
  page.paragraph(
      fmt::format("Aligned faces: as photographed, attacked, and the change {} times as large around grey.", kLouder));
  for (const AttackExample& example : run.examples) {
    VULTUS_TRY(const Image change, change_of(example));
    VULTUS_TRY(const std::string before, picture_html(example.before, example.person));
    VULTUS_TRY(const std::string after,
               picture_html(example.after, fmt::format("{}, {} of 255", example.method, example.budget)));
    VULTUS_TRY(const std::string louder, picture_html(change, "the change"));
    page.html("<div>" + before + after + louder + "</div>\n");
  }
  return std::move(page).finish();
}

}  // namespace vultus::learning
