// The names and weights of findings.
#include <vultus/identity/gallery_health.hpp>

namespace vultus::identity {

std::string_view name_of(HealthCode code) {
  switch (code) {
    case HealthCode::mislabelled: return "mislabelled";
    case HealthCode::same_person: return "same_person";
    case HealthCode::lookalikes: return "lookalikes";
    case HealthCode::same_picture: return "same_picture";
    case HealthCode::matches_other: return "matches_other";
    case HealthCode::two_people: return "two_people";
    case HealthCode::faces_disagree: return "faces_disagree";
    case HealthCode::closer_to_other: return "closer_to_other";
    case HealthCode::lonely: return "lonely";
    case HealthCode::low_quality: return "low_quality";
    case HealthCode::too_small: return "too_small";
    case HealthCode::attracts_false_matches: return "attracts_false_matches";
    case HealthCode::search_misses: return "search_misses";
    case HealthCode::calibration_stale: return "calibration_stale";
    case HealthCode::not_calibrated: return "not_calibrated";
    case HealthCode::retention_over: return "retention_over";
    case HealthCode::no_consent: return "no_consent";
    case HealthCode::no_retention: break;
  }
  return "no_retention";
}

std::string_view name_of(HealthWeight weight) {
  switch (weight) {
    case HealthWeight::problem: return "problem";
    case HealthWeight::look: return "look";
    case HealthWeight::note: break;
  }
  return "note";
}

HealthWeight weight_of(HealthCode code) {
  switch (code) {
    case HealthCode::mislabelled:
    case HealthCode::same_person:
    case HealthCode::same_picture:
    case HealthCode::two_people:
    case HealthCode::search_misses:
    case HealthCode::retention_over: return HealthWeight::problem;
    case HealthCode::lookalikes:
    case HealthCode::matches_other:
    case HealthCode::faces_disagree:
    case HealthCode::closer_to_other:
    case HealthCode::lonely:
    case HealthCode::attracts_false_matches:
    case HealthCode::calibration_stale: return HealthWeight::look;
    case HealthCode::low_quality:
    case HealthCode::too_small:
    case HealthCode::not_calibrated:
    case HealthCode::no_consent:
    case HealthCode::no_retention: break;
  }
  return HealthWeight::note;
}

}  // namespace vultus::identity
