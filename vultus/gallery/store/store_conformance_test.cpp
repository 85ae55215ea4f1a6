// Rows of every store: what is written is read, what is removed is gone, what is altered is found.
#include <vultus/gallery/store/store_conformance.hpp>

#include <gmock/gmock.h>

namespace vultus::gallery::testing {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_P(StoreConformance, ANewStoreHoldsWhatItWasFilledWith) {
  EXPECT_EQ(store_->meta(kMetaCreated).value(), "2026-01-02T03:04:05Z");
  EXPECT_EQ(store_->meta(kMetaEncryption).value(), "none");
  EXPECT_EQ(store_->meta(kMetaGallery).value().value().size(), 32U);
  EXPECT_EQ(store_->meta("nothing").value(), std::nullopt);
  EXPECT_EQ(store_->sequence().value(), 0);
  const auto models = store_->models().value();
  ASSERT_EQ(models.size(), 1U);
  EXPECT_EQ(models[0].model, model_of(2));
  EXPECT_EQ(models[0].added, fixed_time());
  EXPECT_EQ(store_->meta(kMetaModel).value(), std::to_string(models[0].id));
  EXPECT_TRUE(store_->writable());
  EXPECT_TRUE(store_->changes_after(0).value().nothing());
  EXPECT_EQ(store_->last_audit().value(), std::nullopt);
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
}

TEST_P(StoreConformance, MetaIsWrittenAndReplaced) {
  change([&] { return store_->set_meta("kdf", "a"); });
  change([&] { return store_->set_meta("kdf", "b ä"); });
  EXPECT_EQ(another()->meta("kdf").value(), "b ä");
}

TEST_P(StoreConformance, IdsAreNeverGivenTwice) {
  ReservedIds first;
  ReservedIds second;
  ReservedIds third;
  change([&]() -> Status {
    VULTUS_TRY(first, store_->reserve_ids(2, 3));
    VULTUS_TRY(second, store_->reserve_ids(1, 0));
    const SubjectRow row = subject_row(second.subject.number(), "Ada");
    return store_->add_subjects({&row, 1});
  });
  EXPECT_GE(second.subject.number(), first.subject.number() + 2);
  change([&]() -> Status {
    VULTUS_CHECK(store_->remove_subject(second.subject));
    return {};
  });
  store_ = another();
  change([&]() -> Status {
    VULTUS_TRY(third, store_->reserve_ids(1, 1));
    return {};
  });
  EXPECT_GT(third.subject, second.subject);
  EXPECT_GE(third.face.number(), first.face.number() + 3);
}

TEST_P(StoreConformance, ASubjectKeepsEveryColumn) {
  const SubjectRow full{.id = SubjectId(1),
                        .name = "Zoë \"Z\"",
                        .name_key = "key of Zoë",
                        .created = fixed_time(),
                        .external_id = "crm-7",
                        .tags = R"(["staff","night"])",
                        .consent = "form 12",
                        .purpose = "door",
                        .retain_until = UtcTime(std::chrono::seconds(1'900'000'000)),
                        .notes = "line\nline"};
  change([&]() -> Status {
    VULTUS_CHECK(store_->reserve_ids(2, 0));
    const std::vector<SubjectRow> both{full, subject_row(2, "Ada")};
    return store_->add_subjects(both);
  });
  SubjectRow wanted = full;
  wanted.changed = 1;
  EXPECT_EQ(store_->subject(SubjectId(1)).value(), wanted);
  SubjectRow bare = subject_row(2, "Ada");
  bare.changed = 1;
  EXPECT_EQ(store_->subject(SubjectId(2)).value(), bare) << "what was not given stays absent";
  EXPECT_EQ(store_->subject(SubjectId(3)).value(), std::nullopt);
  wanted.name_key = "another key";
  wanted.notes.clear();
  wanted.retain_until.reset();
  change([&] { return store_->update_subject(wanted); });
  wanted.changed = 2;
  EXPECT_EQ(another()->subject(SubjectId(1)).value(), wanted);
}

TEST_P(StoreConformance, ANameKeyBelongsToOneSubject) {
  fill();
  const auto refused = [&](const auto& what) {
    auto transaction = store_->begin(Store::Kind::write);
    const Status done = what();
    return done ? "done" : std::string(vultus::name_of(done.error().code));
  };
  const SubjectRow again = subject_row(9, "Ada");
  EXPECT_EQ(refused([&] { return store_->add_subjects({&again, 1}); }), "invalid_argument");
  const SubjectRow same_id = subject_row(1, "Cleo");
  EXPECT_EQ(refused([&] { return store_->add_subjects({&same_id, 1}); }), "invalid_argument");
  EXPECT_EQ(refused([&] { return store_->update_subject(subject_row(2, "Ada")); }), "invalid_argument");
  EXPECT_EQ(refused([&] { return store_->update_subject(subject_row(7, "Cleo")); }), "not_found");
  EXPECT_EQ(store_->subject(SubjectId(2)).value().value().name, "Bea") << "nothing of it was kept";
}

TEST_P(StoreConformance, SubjectsAreFoundByKeyAndListedByItsBytes) {
  change([&]() -> Status {
    VULTUS_CHECK(store_->reserve_ids(4, 0));
    const std::vector<SubjectRow> people{subject_row(1, "b"), subject_row(2, "B"), subject_row(3, "é"),
                                         subject_row(4, "a")};
    return store_->add_subjects(people);
  });
  const std::vector<std::string> keys{"é", "x", "b"};
  const auto found = store_->find_subjects(keys).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].value().id, SubjectId(3));
  EXPECT_FALSE(found[1]);
  EXPECT_EQ(found[2].value().id, SubjectId(1));
  std::vector<std::string> order;
  for (std::string after;;) {
    const auto page = store_->subjects(after, 3).value();
    for (const SubjectRow& row : page) order.push_back(row.name);
    if (page.size() < 3) break;
    after = page.back().name_key;
  }
  EXPECT_THAT(order, ElementsAre("B", "a", "b", "é"));
  std::vector<std::int64_t> ids;
  ASSERT_TRUE(store_->each_subject([&](const SubjectRow& row) -> Status {
    ids.push_back(row.id.number());
    return {};
  }));
  EXPECT_THAT(ids, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(
      store_->each_subject([](const SubjectRow&) -> Status { return vultus::fail(ErrorCode::cancelled, "enough"); })
          .error()
          .message,
      "enough");
}

TEST_P(StoreConformance, AFaceKeepsEveryColumn) {
  WholeFace full;
  full.face = {.id = FaceId(1),
               .subject = SubjectId(1),
               .enrolled = fixed_time(),
               .retain_until = UtcTime(std::chrono::seconds(2'000'000'000)),
               .quality = 0.5,
               .inter_eye_px = 41.25,
               .detection = 0.75,
               .source = "photos/\xff\xfe.jpg",  // a path need not be UTF-8
               .source_sha256 = digest('1'),
               .source_key = "key",
               .box = RectF{10.5F, -20, 100, -0.0F}};
  full.templates = {{FaceId(1), 1, Bytes(3000, std::byte{7})}};
  full.thumbnail = ThumbnailRow{FaceId(1), ThumbnailFormat::encrypted, Bytes(100'000, std::byte{9})};
  change([&]() -> Status {
    VULTUS_CHECK(store_->reserve_ids(1, 2));
    const SubjectRow person = subject_row(1, "Ada");
    VULTUS_CHECK(store_->add_subjects({&person, 1}));
    const std::vector<WholeFace> faces{full, whole_face(2, 1)};
    return store_->add_faces(faces);
  });
  FaceRow wanted = full.face;
  wanted.changed = 1;
  wanted.thumbnail = ThumbnailFormat::encrypted;
  EXPECT_EQ(store_->face(FaceId(1)).value(), wanted);
  FaceRow bare = whole_face(2, 1).face;
  bare.changed = 1;
  EXPECT_EQ(store_->face(FaceId(2)).value(), bare);
  EXPECT_EQ(store_->face(FaceId(3)).value(), std::nullopt);
  EXPECT_THAT(store_->faces_of(SubjectId(1)).value(), ElementsAre(wanted, bare));
  EXPECT_THAT(store_->faces_of(SubjectId(2)).value(), IsEmpty());
  const std::vector<std::string> keys{"nobody's", "key"};
  const auto of_sources = store_->faces_of_sources(keys).value();
  ASSERT_EQ(of_sources.size(), 2U);
  EXPECT_THAT(of_sources[0], IsEmpty());
  EXPECT_THAT(of_sources[1], ElementsAre(wanted));
  EXPECT_EQ(store_->thumbnail(FaceId(1)).value(), full.thumbnail);
  EXPECT_EQ(store_->thumbnail(FaceId(2)).value(), std::nullopt);
  EXPECT_EQ(store_->face_template(FaceId(1), 1).value(), full.templates[0]);
  EXPECT_EQ(store_->subject(SubjectId(1)).value().value().faces, 2);
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
}

TEST_P(StoreConformance, AFaceWrittenAgainKeepsNothingOfBefore) {
  fill();
  WholeFace again = whole_face(1, 2);
  again.face.source = "new.jpg";
  again.templates[0].bytes = template_bytes(77);
  again.thumbnail = ThumbnailRow{FaceId(1), ThumbnailFormat::jpeg, template_bytes(5)};
  change([&] { return store_->update_faces({&again, 1}); });
  EXPECT_EQ(store_->face(FaceId(1)).value().value().subject, SubjectId(2));
  EXPECT_EQ(store_->face_template(FaceId(1), 1).value().value().bytes, template_bytes(77));
  EXPECT_EQ(store_->thumbnail(FaceId(1)).value(), again.thumbnail);
  again.thumbnail.reset();
  change([&] { return store_->update_faces({&again, 1}); });
  EXPECT_EQ(store_->thumbnail(FaceId(1)).value(), std::nullopt);
  EXPECT_EQ(store_->subject(SubjectId(1)).value().value().faces, 1);
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
  auto transaction = store_->begin(Store::Kind::write);
  const WholeFace nobody = whole_face(9, 1);
  EXPECT_EQ(store_->update_faces({&nobody, 1}).error().code, ErrorCode::not_found);
}

TEST_P(StoreConformance, AFaceOfNobodyOrTwiceIsRefused) {
  fill();
  const auto refused = [&](const WholeFace& whole) {
    auto transaction = store_->begin(Store::Kind::write);
    const Status added = store_->add_faces({&whole, 1});
    if (!added) return std::string(vultus::name_of(added.error().code));
    const Status kept = (*transaction)->commit();
    return kept ? "kept" : std::string(vultus::name_of(kept.error().code));
  };
  EXPECT_EQ(refused(whole_face(9, 99)), "invalid_argument");
  EXPECT_EQ(refused(whole_face(1, 1)), "invalid_argument");
  WholeFace other_model = whole_face(9, 1);
  other_model.templates[0].model = 99;
  EXPECT_EQ(refused(other_model), "invalid_argument");
  EXPECT_EQ(store_->face(FaceId(9)).value(), std::nullopt);
}

TEST_P(StoreConformance, FacesMoveWithAllThatBelongsToThem) {
  fill();
  const std::vector<FaceId> ids{FaceId(1), FaceId(2)};
  change([&] { return store_->move_faces(ids, SubjectId(2)); });
  EXPECT_EQ(store_->subject(SubjectId(1)).value().value().faces, 0);
  EXPECT_EQ(store_->subject(SubjectId(2)).value().value().faces, 3);
  EXPECT_EQ(store_->face_template(FaceId(1), 1).value().value().bytes, template_bytes(1));
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
  auto transaction = store_->begin(Store::Kind::write);
  const FaceId nobody(9);
  EXPECT_EQ(store_->move_faces({&nobody, 1}, SubjectId(2)).error().code, ErrorCode::not_found);
}

TEST_P(StoreConformance, RemovingTakesAllThatBelongs) {
  fill();
  change([&]() -> Status {
    VULTUS_CHECK(store_->add_link({LinkKind::not_subject, 3, 1}));
    VULTUS_CHECK(store_->add_link({LinkKind::not_face, 1, 3}));
    return store_->add_link({LinkKind::not_face, 2, 3});
  });
  std::int64_t gone = 0;
  change([&] { return store_->remove_face(FaceId(2)); });
  EXPECT_THAT(store_->links().value(),
              ElementsAre(LinkRow{LinkKind::not_subject, 3, 1}, LinkRow{LinkKind::not_face, 1, 3}));
  change([&]() -> Status {
    VULTUS_TRY(gone, store_->remove_subject(SubjectId(1)));
    return {};
  });
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(store_->subject(SubjectId(1)).value(), std::nullopt);
  EXPECT_EQ(store_->face(FaceId(1)).value(), std::nullopt);
  EXPECT_EQ(store_->face_template(FaceId(1), 1).value(), std::nullopt);
  EXPECT_THAT(store_->links().value(), IsEmpty());
  EXPECT_THAT(store_->check({}).value().findings, IsEmpty());
  auto transaction = store_->begin(Store::Kind::write);
  EXPECT_EQ(store_->remove_subject(SubjectId(1)).error().code, ErrorCode::not_found);
  EXPECT_EQ(store_->remove_face(FaceId(1)).error().code, ErrorCode::not_found);
}

TEST_P(StoreConformance, TwoModelsLieSideBySideUntilOneGoes) {
  fill();
  ModelRowId second = 0;
  change([&]() -> Status {
    VULTUS_TRY(second, store_->add_model(model_of(3, "better"), fixed_time()));
    const std::vector<TemplateRow> rows{{FaceId(1), second, template_bytes(11)},
                                        {FaceId(3), second, template_bytes(33)}};
    return store_->add_templates(rows);
  });
  const auto list = [&](ModelRowId model, FaceId after) {
    std::vector<std::pair<std::int64_t, std::int64_t>> seen;  // face and owner
    EXPECT_TRUE(store_->each_template(model, after, [&](SubjectId owner, const TemplateRow& row) -> Status {
      EXPECT_EQ(row.model, model);
      seen.emplace_back(row.face.number(), owner.number());
      return {};
    }));
    return seen;
  };
  EXPECT_THAT(list(1, FaceId(0)), ElementsAre(std::pair(1, 1), std::pair(2, 1), std::pair(3, 2)));
  EXPECT_THAT(list(1, FaceId(2)), ElementsAre(std::pair(3, 2)));
  EXPECT_THAT(list(second, FaceId(0)), ElementsAre(std::pair(1, 1), std::pair(3, 2)));
  EXPECT_THAT(store_->faces_without_template(second, FaceId(0), 10).value(), ElementsAre(FaceId(2)));
  EXPECT_THAT(store_->faces_without_template(second, FaceId(2), 10).value(), IsEmpty());
  EXPECT_THAT(store_->faces_without_template(1, FaceId(0), 10).value(), IsEmpty());
  EXPECT_EQ(store_->count_without_template(second).value(), 1);
  EXPECT_EQ(store_->count_without_template(1).value(), 0);
  const TemplateRow better{FaceId(1), second, template_bytes(12)};
  change([&] { return store_->add_templates({&better, 1}); });
  EXPECT_EQ(store_->face_template(FaceId(1), second).value(), better) << "the newer one replaces";
  change([&] { return store_->remove_model(1); });
  EXPECT_EQ(store_->face_template(FaceId(1), 1).value(), std::nullopt);
  EXPECT_EQ(store_->face_template(FaceId(1), second).value(), better);
  ASSERT_EQ(store_->models().value().size(), 1U);
  EXPECT_EQ(store_->models().value()[0].model, model_of(3, "better"));
  auto transaction = store_->begin(Store::Kind::write);
  EXPECT_EQ(store_->add_model(model_of(3, "better"), fixed_time()).error().code, ErrorCode::invalid_argument);
}

TEST_P(StoreConformance, TellsWhoHasWhichFace) {
  const auto owners = [&] {
    std::vector<std::pair<std::int64_t, std::int64_t>> all;
    EXPECT_TRUE(store_->each_owner([&](FaceId face, SubjectId owner) -> Status {
      all.emplace_back(face.number(), owner.number());
      return {};
    }));
    return all;
  };
  EXPECT_THAT(owners(), IsEmpty());
  fill();
  EXPECT_THAT(owners(), ElementsAre(std::pair(1, 1), std::pair(2, 1), std::pair(3, 2)));
  const FaceId second(2);
  change([&] { return store_->move_faces({&second, 1}, SubjectId(2)); });
  change([&] { return store_->remove_face(FaceId(1)); });
  EXPECT_THAT(owners(), ElementsAre(std::pair(2, 2), std::pair(3, 2)));
  EXPECT_EQ(
      store_->each_owner([](FaceId, SubjectId) -> Status { return fail(ErrorCode::cancelled, "enough"); }).error().code,
      ErrorCode::cancelled);
}

TEST_P(StoreConformance, WhatIsDueIsListedByTime) {
  const auto at = [](int seconds) { return UtcTime(std::chrono::seconds(1'900'000'000 + seconds)); };
  change([&]() -> Status {
    VULTUS_CHECK(store_->reserve_ids(3, 2));
    std::vector<SubjectRow> people{subject_row(1, "a"), subject_row(2, "b"), subject_row(3, "c")};
    people[0].retain_until = at(10);
    people[2].retain_until = at(5);
    VULTUS_CHECK(store_->add_subjects(people));
    std::vector<WholeFace> faces{whole_face(1, 2), whole_face(2, 2)};
    faces[1].face.retain_until = at(5);
    return store_->add_faces(faces);
  });
  EXPECT_THAT(store_->expired_subjects(at(4), 10).value(), IsEmpty());
  EXPECT_THAT(store_->expired_subjects(at(5), 10).value(), ElementsAre(SubjectId(3))) << "the moment itself counts";
  EXPECT_THAT(store_->expired_subjects(at(10), 10).value(), ElementsAre(SubjectId(1), SubjectId(3)));
  EXPECT_THAT(store_->expired_subjects(at(10), 1).value(), ElementsAre(SubjectId(1)));
  EXPECT_THAT(store_->expired_faces(at(99), 10).value(), ElementsAre(FaceId(2)));
}

TEST_P(StoreConformance, AlteredRowsAreRefusedAndFound) {
  fill();
  ASSERT_EQ(place_->sql("UPDATE subjects SET name='Eve' WHERE id=1"), "");
  ASSERT_EQ(place_->sql("UPDATE faces SET subject=1 WHERE id=3"), "");
  EXPECT_EQ(store_->subject(SubjectId(1)).error().code, ErrorCode::corrupt_data);
  EXPECT_EQ(store_->face(FaceId(3)).error().code, ErrorCode::corrupt_data);
  EXPECT_TRUE(store_->face(FaceId(1)).value()) << "other rows are read";
  int looked = 0;
  const auto check = store_->check({.subject = [&](const SubjectRow&) { ++looked; },
                                    .face = [&](const FaceRow&) { ++looked; },
                                    .face_template = [&](const TemplateRow&, SubjectId) { ++looked; }});
  ASSERT_TRUE(check) << check.error().message;
  EXPECT_THAT(check->findings, ElementsAre(HasSubstr("subject 1 is not as it was written"),
                                           HasSubstr("face 3 is not as it was written")));
  EXPECT_EQ(looked, 2 + 3 + 3) << "altered rows are looked at too";
  EXPECT_EQ(check->subjects, 2);
  EXPECT_EQ(check->faces, 3);
}

}  // namespace vultus::gallery::testing
