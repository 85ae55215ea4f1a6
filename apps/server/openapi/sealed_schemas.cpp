#include <apps/server/openapi/schemas.hpp>

namespace vultus::server {

const char* const kSealedSchemas = R"json({
"SealedName": {"type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$",
  "examples": ["office"]},
"SealedLayout": {"type": "object", "additionalProperties": false,
  "required": ["dimension", "sealed_scale", "plain_scale", "slot_bits", "slots"],
  "properties": {"dimension": {"type": "integer", "description": "Values of a template."},
    "sealed_scale": {"type": "integer"}, "plain_scale": {"type": "integer"},
    "slot_bits": {"type": "integer"}, "slots": {"type": "integer", "description": "Rows of a pack."}}},
"SealedGallery": {"type": "object", "additionalProperties": false,
  "required": ["sealed", "rows", "packs", "scheme", "bits", "s", "key", "model", "id", "layout", "bytes", "stored"],
  "properties": {"sealed": {"$ref": "#/components/schemas/SealedName"}, "rows": {"type": "integer"},
    "packs": {"type": "integer"},
    "scheme": {"type": "string", "enum": ["paillier", "damgard-jurik", "okamoto-uchiyama"]},
    "bits": {"type": "integer"}, "s": {"type": "integer"},
    "key": {"type": "string", "description": "Id of the public key."},
    "model": {"type": ["string", "null"], "description": "What made its templates; null where its file does not tell."},
    "id": {"type": "string", "description": "Of the gallery, given by whoever made it."},
    "layout": {"$ref": "#/components/schemas/SealedLayout"}, "bytes": {"type": "integer"},
    "stored": {"$ref": "#/components/schemas/Time"}}},
"SealedList": {"type": "object", "additionalProperties": false, "required": ["galleries", "next"],
  "properties": {"galleries": {"type": "array", "items": {"type": "object", "additionalProperties": false,
      "required": ["sealed"], "properties": {"sealed": {"$ref": "#/components/schemas/SealedName"}}}},
    "next": {"$ref": "#/components/schemas/Cursor"}}},
"RemovedSealed": {"type": "object", "additionalProperties": false, "required": ["removed"],
  "properties": {"removed": {"$ref": "#/components/schemas/SealedName"}}},
"SealedGalleryFile": {"type": "string", "contentMediaType": "application/octet-stream",
  "description": "A sealed gallery, as vultus sealed enroll makes it."},
"SealedProbeFile": {"type": "string", "contentMediaType": "application/octet-stream",
  "description": "A sealed probe, as vultus sealed probe makes it."},
"SealedSearch": {"type": "object", "additionalProperties": false,
  "properties": {"image": {"$ref": "#/components/schemas/Base64Picture"},
    "template": {"type": "array", "minItems": 1, "maxItems": 4096,
      "items": {"type": "number", "minimum": -1.01, "maximum": 1.01},
      "description": "In place of a picture: a template of unit length."},
    "model": {"type": "string", "maxLength": 1024, "description": "What made the template."}}},
"SealedSearchForm": {"type": "object", "additionalProperties": false, "required": ["image"],
  "properties": {"image": {"type": "string", "contentMediaType": "image/*"}}}
})json";

}  // namespace vultus::server
