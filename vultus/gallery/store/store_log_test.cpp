// What every store keeps beside people and faces: links, undo, the audit log, calibrations.
#include <vultus/gallery/store/store_conformance.hpp>

#include <gmock/gmock.h>

namespace vultus::gallery::testing {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_P(StoreConformance, LinksAreKeptOnceAndPointAtWhatIsThere) {
  fill();
  const LinkRow person{LinkKind::not_subject, 3, 1};
  const LinkRow face{LinkKind::not_face, 1, 3};
  change([&]() -> Status {
    VULTUS_CHECK(store_->add_link(face));
    VULTUS_CHECK(store_->add_link(person));
    return store_->add_link(person);
  });
  EXPECT_THAT(another()->links().value(), ElementsAre(person, face));
  change([&]() -> Status {
    VULTUS_CHECK(store_->remove_link(face));
    return store_->remove_link(face);
  });
  EXPECT_THAT(store_->links().value(), ElementsAre(person));
  auto transaction = store_->begin(Store::Kind::write);
  EXPECT_EQ(store_->add_link({LinkKind::not_subject, 3, 9}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->add_link({LinkKind::not_face, 1, 9}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->add_link({LinkKind::not_face, 9, 10}).error().code, ErrorCode::invalid_argument);
}

TEST_P(StoreConformance, WhatCanBeTakenBackIsListedNewestFirst) {
  std::int64_t first = 0;
  std::int64_t second = 0;
  change([&]() -> Status {
    VULTUS_TRY(first, store_->add_undo({.at = fixed_time(), .kind = "merge", .body = R"({"a":"ä"})"}));
    VULTUS_TRY(second, store_->add_undo({.at = fixed_time(), .kind = "split", .body = "{}"}));
    return {};
  });
  EXPECT_GT(second, first);
  const auto rows = store_->undo_rows().value();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0], (UndoRow{second, fixed_time(), "split", "{}"}));
  EXPECT_EQ(rows[1], (UndoRow{first, fixed_time(), "merge", R"({"a":"ä"})"}));
  change([&] { return store_->remove_undo(second); });
  std::int64_t third = 0;
  change([&]() -> Status {
    VULTUS_TRY(third, store_->add_undo({.at = fixed_time(), .kind = "merge", .body = "{}"}));
    return {};
  });
  EXPECT_GT(third, second) << "a number is never given twice";
}

TEST_P(StoreConformance, TheAuditLogGrowsAtItsEndAlone) {
  const auto record = [](std::int64_t number) {
    return AuditRow{number, fixed_time(), "record " + std::to_string(number),
                    template_bytes(static_cast<unsigned char>(number))};
  };
  change([&]() -> Status {
    const std::vector<AuditRow> rows{record(1), record(2)};
    return store_->append_audit(rows);
  });
  const AuditRow third = record(3);
  change([&] { return store_->append_audit({&third, 1}); });
  EXPECT_EQ(store_->last_audit().value(), third);
  std::vector<AuditRow> seen;
  ASSERT_TRUE(store_->each_audit(1, [&](const AuditRow& row) -> Status {
    seen.push_back(row);
    return {};
  }));
  EXPECT_THAT(seen, ElementsAre(record(2), third));
  auto transaction = store_->begin(Store::Kind::write);
  const AuditRow gap = record(5);
  EXPECT_EQ(store_->append_audit({&gap, 1}).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(store_->append_audit({&third, 1}).error().code, ErrorCode::invalid_argument);
}

TEST_P(StoreConformance, ACalibrationKeepsEveryColumn) {
  fill();
  Calibration full{.at = {Cosine(0.5F), 0.001, "data ä"}};
  full.target = 0.002;
  full.fmr_low = 0.0005;
  full.fmr_high = 0.003;
  full.fnmr = 0.25;
  full.fpir = 0.125;
  full.impostor_pairs = 1000;
  full.mated_pairs = 20;
  full.logistic = LogisticCurve{9, -3, 0.5};
  full.search_logistic = LogisticCurve{8, -4, 0.25};
  full.ece = 0.0625;
  full.data_sha256 = digest('d');
  full.rows = {{0.01, Cosine(0.25F)}, {0.001, Cosine(0.5F)}};
  const Calibration bare{.at = {Cosine(-0.25F), 0.5, ""}};
  change([&]() -> Status {
    VULTUS_CHECK(store_->add_calibration(1, full, fixed_time()));
    return store_->add_calibration(1, bare, fixed_time());
  });
  Calibration wanted = full;
  wanted.subjects = 2;
  wanted.made = fixed_time();
  Calibration second = bare;
  second.subjects = 2;
  second.made = fixed_time();
  EXPECT_THAT(another()->calibrations(1).value(), ElementsAre(wanted, second));
  EXPECT_THAT(store_->calibrations(2).value(), IsEmpty());
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
}

}  // namespace vultus::gallery::testing
