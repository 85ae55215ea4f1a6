// Collections: making, looking, removing, retention.
#include <algorithm>

#include <apps/server/api/answer_json.hpp>
#include <apps/server/api/forgetting.hpp>
#include <apps/server/api/operation.hpp>
#include <apps/server/api/paging.hpp>
#include <apps/server/live/live.hpp>
#include <apps/server/service.hpp>

namespace vultus::server {
namespace {

Json collection_json(const Collection& collection, const GalleryInfo& info) {
  Json object;
  object["collection"] = collection.name();
  object["subjects"] = info.subjects;
  object["faces"] = info.faces;
  object["model"] = info.model.id.text();
  object["preset"] = text_json(info.model.preset);
  object["created"] = to_iso8601(info.created);
  object["encrypted"] = info.encrypted;
  object["audit"] = std::string(name_of(info.audit));
  if (info.shards > 0) {
    object["shards"] = info.shards;
    object["shards_answered"] = info.shards_answered;
  }
  return object;
}

Reply list_collections(Call& call) {
  VULTUS_TRY(const std::string after, page_begin(call));
  VULTUS_TRY(const std::vector<std::string> names, call.service.collections().names());
  const std::size_t limit = page_size(call);
  Json list = Json::array();
  Json next = nullptr;
  for (const std::string& name : names) {
    if (name <= after || !call.principal->key.sees(name)) continue;
    if (list.size() == limit) {
      next = cursor_behind(list.back().at("collection").get_ref<const std::string&>());
      break;
    }
    list.push_back({{"collection", name}});
  }
  return answer({{"collections", std::move(list)}, {"next", std::move(next)}});
}

Reply create_collection(Call& call) {
  const std::string name = call.body.at("collection").get<std::string>();
  // Said before anything is looked up: whether it is there stays untold.
  if (!call.principal->key.sees(name))
    return problem("scope_too_small", "the key does not see a collection of this name");
  NewCollection wanted{.name = name};
  if (call.body.contains("encrypted")) wanted.encrypted = call.body.at("encrypted").get<bool>();
  if (call.body.contains("audit")) wanted.audit = *audit_level_from(call.body.at("audit").get<std::string>());
  const CollectionOptions& options = call.service.options().collections;
  if (wanted.encrypted.value_or(options.encrypt_new) && !options.key) return problem("encryption_not_set_up", "");
  VULTUS_TRY(const CollectionLease made,
             or_problem(call.service.collections().create(wanted), ErrorCode::invalid_argument, "collection_exists"));
  Response response = answer(collection_json(*made, made->gallery().info()), 201);
  response.headers.set("Location", "/v1/collections/" + name);
  return response;
}

Reply show_collection(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  return answer(collection_json(*collection, collection->gallery().info()));
}

Reply change_collection(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  VULTUS_CHECK(collection->gallery().set_audit(*audit_level_from(call.body.at("audit").get<std::string>())));
  return answer(collection_json(*collection, collection->gallery().info()));
}

/// How many keys that may be used still are for one collection alone.
Result<std::int64_t> keys_for_alone(const Call& call, const std::string& name) {
  VULTUS_TRY(const std::vector<ApiKey> keys, call.service.keys().list());
  return std::ranges::count_if(keys, [&](const ApiKey& key) {
    return key.collections == std::vector<std::string>{name} && key.valid_at(call.service.utc_now());
  });
}

Reply remove_collection(Call& call) {
  const std::string name = call.path_text("collection");
  if (!call.principal->key.sees(name)) return problem("collection_not_found", "");
  VULTUS_TRY(const std::int64_t keys, keys_for_alone(call, name));
  for (const auto& camera : call.service.live().cameras().list())
    if (camera->settings().collection == name && camera->settings().enabled)
      return problem("collection_in_use", "camera " + camera->settings().id + " looks for its people");
  const Status removed = call.service.collections().remove(name);
  // Also of one that is gone: an attempt before may have failed behind its removal.
  if (removed || removed.error().code == ErrorCode::not_found) {
    VULTUS_CHECK(call.service.forget_told(name));
    VULTUS_CHECK(call.service.live().forget_collection(name));
  }
  if (removed) return answer({{"removed", name}, {"keys", keys}});
  switch (removed.error().code) {
    case ErrorCode::not_found: return problem("collection_not_found", "");
    case ErrorCode::unsupported: return problem("collection_on_server", removed.error().message);
    case ErrorCode::resource_limit: return problem("collection_in_use", removed.error().message);
    default: return removed.error();
  }
}

Reply expire(Call& call) {
  VULTUS_TRY(const CollectionLease collection, call.collection());
  const bool look = call.body.value("dry_run", false);
  Gallery& gallery = collection->gallery();
  const std::scoped_lock lock(collection->changing());
  VULTUS_TRY(Expired found, gallery.expire(ExpiryRun::look));
  if (!look) {
    VULTUS_TRY(found, remove_forgetting(call.service, *collection, found.subjects,
                                        [&] { return gallery.expire(ExpiryRun::remove); }));
    // Somebody's time may have come since the look.
    VULTUS_CHECK(forget_people(call.service, collection->name(), found.subjects));
  }
  Json subjects = Json::array();
  Json faces = Json::array();
  for (const SubjectId id : found.subjects) subjects.push_back(id.number());
  for (const FaceId id : found.faces) faces.push_back(id.number());
  return answer({{"dry_run", look}, {"subjects", std::move(subjects)}, {"faces", std::move(faces)}});
}

constexpr const char* kStaff =
    R"({"collection": "staff", "subjects": 2, "faces": 3, "model": "mobilefacenet192+mirror", "preset": "default",
        "created": "2026-01-31T09:05:00Z", "encrypted": false, "audit": "all"})";

Route collection_route(Method method, std::string operation, std::string summary, std::string description,
                       Scope scope) {
  return {.method = method,
          .path = "/v1/collections/{collection}",
          .operation = std::move(operation),
          .tag = "collections",
          .summary = std::move(summary),
          .description = std::move(description),
          .scope = scope,
          .parameters = {collection_parameter()},
          .response_schema = schema_ref("Collection"),
          .problems = {"collection_not_found", "collection_not_usable"},
          .examples = {{"staff", "", kStaff}}};
}

Route expiry_route() {
  return {.method = Method::post,
          .path = "/v1/collections/{collection}/expire",
          .operation = "expire",
          .tag = "privacy",
          .summary = "Remove what is past its time",
          .description = "Subjects and faces whose `retain_until` has passed; with `dry_run` they are told alone.",
          .scope = Scope::admin,
          .parameters = {collection_parameter(), idempotency_parameter(), purpose_parameter()},
          .request_type = kJsonBody,
          .request_schema = schema_ref("ExpiryRequest"),
          .response_schema = schema_ref("Expiry"),
          .problems = {"collection_not_found", "collection_not_usable"},
          .examples = {{"look first", R"({"dry_run": true})", R"({"dry_run": true, "subjects": [], "faces": []})"}}};
}

}  // namespace

std::vector<Operation> collection_operations() {
  Route listing{
      .method = Method::get,
      .path = "/v1/collections",
      .operation = "listCollections",
      .tag = "collections",
      .summary = "The collections that the key sees",
      .description = "By name.",
      .scope = Scope::read,
      .parameters = {limit_parameter(), cursor_parameter()},
      .response_schema = schema_ref("CollectionList"),
      .examples = {
          {"two", "", R"({"collections": [{"collection": "guests"}, {"collection": "staff"}], "next": null})"}}};
  Route making{
      .method = Method::post,
      .path = "/v1/collections",
      .operation = "createCollection",
      .tag = "collections",
      .summary = "Make a collection",
      .description = "Bound to the network that the server runs. Its audit log keeps everything unless told otherwise.",
      .scope = Scope::admin,
      .parameters = {idempotency_parameter(), purpose_parameter()},
      .request_type = kJsonBody,
      .request_schema = schema_ref("NewCollection"),
      .success = 201,
      .response_schema = schema_ref("Collection"),
      .response_headers = {"Location"},
      .problems = {"collection_exists", "encryption_not_set_up"},
      .examples = {{"guests", R"({"collection": "guests", "audit": "all"})",
                    R"({"collection": "guests", "subjects": 0, "faces": 0, "model": "mobilefacenet192+mirror",
                                 "preset": "default", "created": "2026-01-31T09:05:00Z", "encrypted": false,
                                 "audit": "all"})"}}};
  Route showing = collection_route(Method::get, "getCollection", "What a collection holds", "", Scope::read);
  Route changing = collection_route(Method::patch, "changeCollection", "What the audit log keeps from now on",
                                    "The change itself is written into the log.", Scope::admin);
  changing.parameters.insert(changing.parameters.end(), {idempotency_parameter(), purpose_parameter()});
  changing.request_type = kJsonBody;
  changing.request_schema = schema_ref("CollectionChange");
  changing.examples.front().request = R"({"audit": "all"})";
  Route removing =
      collection_route(Method::del, "deleteCollection", "Remove a collection with everything in it",
                       "The keys of its templates first. Cannot be taken back. Callers' keys for this name stay: "
                       "whoever has one sees a new collection of the same name, too. `keys` counts those "
                       "that are for it alone; revoke them unless their owners shall see the new one.",
                       Scope::admin);
  removing.parameters.push_back(idempotency_parameter());
  removing.problems = {"collection_not_found", "collection_in_use", "collection_on_server"};
  removing.response_schema = schema_ref("RemovedCollection");
  removing.examples = {{"staff", "", R"({"removed": "staff", "keys": 1})"}};
  return {{std::move(listing), &list_collections},   {std::move(making), &create_collection},
          {std::move(showing), &show_collection},    {std::move(changing), &change_collection},
          {std::move(removing), &remove_collection}, {expiry_route(), &expire}};
}

}  // namespace vultus::server
