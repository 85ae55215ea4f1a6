// Webhooks: whom events are told, and what could not be told.
#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/live/target_url.hpp>
#include <apps/server/live/webhooks.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

constexpr const char* kExampleWebhook =
    R"({"webhook": "beefbeefbeefbeef", "name": "door opener", "url": "https://hooks.example.org/faces",
        "collections": ["staff"], "kinds": ["known"], "waiting": 0, "created": "2026-02-01T10:00:00Z")";

Checked<Json> webhook_json(const Call& call, const Webhook& webhook) {
  VULTUS_TRY(const std::int64_t waiting, call.service.live().webhooks().store().waiting(webhook.id));
  Json kinds = Json::array();
  for (const EventKind kind : webhook.kinds) kinds.push_back(std::string(name_of(kind)));
  const auto url = target_url_from(webhook.url);
  return Json{{"webhook", webhook.id},
              {"name", webhook.name},
              {"url", url ? url->shown() : std::string("?")},
              {"collections", webhook.collections ? Json(*webhook.collections) : Json(nullptr)},
              {"kinds", std::move(kinds)},
              {"waiting", waiting},
              {"created", to_iso8601(webhook.created)}};
}

/// A key sees a webhook when it sees everything that the webhook is told.
bool sees_webhook(const Call& call, const Webhook& webhook) {
  const ApiKey& key = call.principal->key;
  if (!webhook.collections) return key.sees_all();
  return std::ranges::all_of(*webhook.collections, [&](const std::string& name) { return key.sees(name); });
}

Checked<Webhook> webhook_of(const Call& call) {
  auto webhook = call.service.live().webhooks().find(call.path_text("webhook"));
  if (!webhook || !sees_webhook(call, *webhook)) return problem("webhook_not_found", "");
  return *std::move(webhook);
}

Reply list_webhooks(Call& call) {
  Json list = Json::array();
  for (const Webhook& webhook : call.service.live().webhooks().list()) {
    if (!sees_webhook(call, webhook)) continue;
    VULTUS_TRY(Json json, webhook_json(call, webhook));
    list.push_back(std::move(json));
  }
  return answer({{"webhooks", std::move(list)}});
}

Reply show_webhook(Call& call) {
  VULTUS_TRY(const Webhook webhook, webhook_of(call));
  VULTUS_TRY(const Json json, webhook_json(call, webhook));
  return answer(json);
}

Reply add_webhook(Call& call) {
  Webhook wanted{.name = call.body.at("name").get<std::string>(), .url = call.body.at("url").get<std::string>()};
  wanted.created = call.service.utc_now();
  wanted.collections = call.principal->key.collections;
  if (call.body.contains("collections") && !call.body.at("collections").is_null())
    wanted.collections = call.body.at("collections").get<std::vector<std::string>>();
  if (!sees_webhook(call, wanted)) return problem("collection_not_found", "");
  if (call.body.contains("kinds"))
    for (const Json& kind : call.body.at("kinds")) wanted.kinds.push_back(*event_kind_from(kind.get<std::string>()));
  if (const auto url = target_url_from(wanted.url); !url || !url->scheme.starts_with("http"))
    return problem("body_not_valid", "/url: " + (url ? "is http:// or https://" : url.error().message));
  auto made = call.service.live().webhooks().add(std::move(wanted));
  if (!made && made.error().code == ErrorCode::invalid_argument)
    return problem("target_not_allowed", made.error().message);
  VULTUS_TRY(const Webhook webhook, or_problem(std::move(made), ErrorCode::resource_limit, "too_many_webhooks"));
  VULTUS_TRY(Json json, webhook_json(call, webhook));
  json["secret"] = webhook.secret;
  Response response = answer(json, 201);
  response.headers.set("Location", "/v1/webhooks/" + webhook.id);
  return response;
}

Reply remove_webhook(Call& call) {
  VULTUS_TRY(const Webhook webhook, webhook_of(call));
  const Status removed = call.service.live().webhooks().remove(webhook.id);
  if (!removed && removed.error().code == ErrorCode::not_found) return problem("webhook_not_found", "");
  VULTUS_CHECK(removed);
  return answer({{"removed", webhook.id}});
}

Reply list_dead_letters(Call& call) {
  VULTUS_TRY(const Webhook webhook, webhook_of(call));
  VULTUS_TRY(const auto letters, call.service.live().webhooks().store().dead_letters(webhook.id, page_size(call)));
  Json list = Json::array();
  for (const Delivery& one : letters)
    list.push_back(
        {{"message", one.id}, {"event", one.event}, {"attempts", one.attempts}, {"error", text_json(one.error)}});
  return answer({{"dead_letters", std::move(list)}});
}

Reply send_dead_letters_again(Call& call) {
  VULTUS_TRY(const Webhook webhook, webhook_of(call));
  VULTUS_TRY(const std::int64_t count, call.service.live().webhooks().send_again(webhook.id));
  return answer({{"sent_again", count}});
}

Route webhook_route(Method method, const std::string& behind, std::string operation, std::string summary,
                    std::string description) {
  return {.method = method,
          .path = "/v1/webhooks/{webhook}" + behind,
          .operation = std::move(operation),
          .tag = "webhooks",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = Scope::admin,
          .parameters = {{.name = "webhook",
                          .place = Parameter::Place::path,
                          .description = "Id of a webhook.",
                          .schema = R"({"type": "string", "maxLength": 64, "examples": ["beefbeefbeefbeef"]})",
                          .required = true}},
          .response_schema = schema_ref("Webhook"),
          .problems = {"webhook_not_found"}};
}

}  // namespace

std::vector<Operation> webhook_operations() {
  const std::string example = std::string(kExampleWebhook) + "}";
  Route listing{.method = Method::get,
                .path = "/v1/webhooks",
                .operation = "listWebhooks",
                .tag = "webhooks",
                .summary = "Webhooks that are told events which the key sees",
                .description = "Without their secrets.",
                .scope = Scope::admin,
                .response_schema = schema_ref("WebhookList"),
                .examples = {{"one", "", R"({"webhooks": [)" + example + "]}"}}};
  Route adding{
      .method = Method::post,
      .path = "/v1/webhooks",
      .operation = "addWebhook",
      .tag = "webhooks",
      .summary = "Tell another server what happens before cameras",
      .description =
          "Each event is posted as JSON, with the headers webhook-id, webhook-timestamp and "
          "webhook-signature of Standard Webhooks. What is not answered with a status 2xx is sent "
          "again, later and later, and becomes a dead letter in the end.",
      .scope = Scope::admin,
      .parameters = {idempotency_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("NewWebhook"),
      .success = 201,
      .response_schema = schema_ref("MadeWebhook"),
      .response_headers = {"Location"},
      .problems = {"collection_not_found", "target_not_allowed", "too_many_webhooks"},
      .examples = {{"door opener",
                    R"({"name": "door opener", "url": "https://hooks.example.org/faces", "collections": ["staff"],
                                 "kinds": ["known"]})",
                    std::string(kExampleWebhook) + R"(, "secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})"}}};
  Route showing = webhook_route(Method::get, "", "getWebhook", "One webhook", "");
  showing.examples = {{"door opener", "", example}};
  Route removing =
      webhook_route(Method::del, "", "removeWebhook", "Remove a webhook", "What waits for it goes with it.");
  removing.parameters.push_back(idempotency_parameter());
  removing.response_schema = schema_ref("WebhookRemoval");
  removing.examples = {{"removed", "", R"({"removed": "beefbeefbeefbeef"})"}};
  Route letters = webhook_route(Method::get, "/dead-letters", "listDeadLetters", "Messages that were given up",
                                "The newest first; the oldest are dropped when there are too many.");
  letters.parameters.push_back(limit_parameter());
  letters.response_schema = schema_ref("DeadLetterList");
  letters.examples = {{"one", "",
                       R"({"dead_letters": [{"message": "msg_0123456789abcdef", "event": 1, "attempts": 8,
                           "error": "hooks.example.org answers with the status 500"}]})"}};
  Route again = webhook_route(Method::post, "/dead-letters", "sendDeadLettersAgain", "Send what was given up again",
                              "Under the same webhook-id, with all attempts anew.");
  again.parameters.push_back(idempotency_parameter());
  again.response_schema = schema_ref("SentAgain");
  again.examples = {{"three", "", R"({"sent_again": 3})"}};
  return {{std::move(listing), &list_webhooks},     {std::move(adding), &add_webhook},
          {std::move(showing), &show_webhook},      {std::move(removing), &remove_webhook},
          {std::move(letters), &list_dead_letters}, {std::move(again), &send_dead_letters_again}};
}

}  // namespace vultus::server
