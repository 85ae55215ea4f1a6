// What the routes of encrypted search have in common: whose gallery, whose log, which bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <vultus/gallery/audit_note.hpp>
#include <vultus/sealed/format.hpp>

#include <apps/server/api/call.hpp>
#include <apps/server/faces/looker_pool.hpp>
#include <apps/server/sealed/sealed_store.hpp>

namespace vultus::server {

/// The sealed galleries of this server, or sealed_on_one_server.
[[nodiscard]] Checked<SealedStore*> sealed_store(const Call& call);

/// The sealed gallery of the path. One that the caller's key does not see is answered like one that is not there.
[[nodiscard]] Checked<SealedFacts> sealed_facts(const Call& call);
/// Why a gallery was not found or opened, as the API says it.
[[nodiscard]] Refusal sealed_refusal(const Error& error);

/// The audit log of the path's name, which outlives its gallery; sealed_not_found where there never was one.
[[nodiscard]] Checked<CollectionLease> sealed_log(const Call& call);
/// Writes into that log, which is made where there is none.
/// @error as Collections::use() and Gallery::note()
[[nodiscard]] Status note_sealed(const Call& call, const AuditNote& note);

/// The bytes of the body.
[[nodiscard]] sealed::ByteView bytes_of_body(const Call& call);
/// secret_key_refused where bytes begin like a secret key, sound or not, with a passphrase or without.
[[nodiscard]] std::optional<Problem> refuse_secret_key(sealed::ByteView bytes);

/// What is wrong where both models are known and differ: model_mismatch, which names both.
[[nodiscard]] std::optional<Problem> check_sealed_model(std::string_view of_gallery, std::string_view of_probe);

/// A worker for an encrypted computation; server_busy where there is none for a while.
[[nodiscard]] Checked<LookerPool::Loan> worker_for(const Call& call);

/// A file of encrypted search as an answer. @param name  what a browser calls it
[[nodiscard]] Response sealed_response(const sealed::Bytes& bytes, const std::string& name);

}  // namespace vultus::server
