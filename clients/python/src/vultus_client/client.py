# Made from the server's OpenAPI document by tools/generate.py; changes belong there.
"""The methods of the server."""
from __future__ import annotations

from typing import Any, AsyncIterator, Dict, Iterator, List, Literal, Optional, Sequence, Union
from urllib.parse import quote

from ._answers import StreamEvent
from ._transport import NOT_GIVEN, AsyncTransport, Call, NotGiven, Picture, SyncTransport
from .types import (
        AuditHead, AuditLevel, AuditRecord, AuditRecordList, AuditVerdict, CalibrationList, Camera, CameraList,
        CameraRemoval, CameraRules, CameraSource, Clusters, Collection, CollectionList, CollectionListCollectionsItem,
        CollectionName, Comparison, ComprefaceKind, ComprefaceService, ComprefaceServiceList, DeadLetterList,
        EmbeddedPicture, EnrolmentReport, Event, EventKinds, EventList, EventRemoval, Expiry, FaceList, FaceRemoval,
        ForgetProof, Health, Identification, Job, JobList, Key, KeyList, ListedSubject, LivenessChallenge,
        MadeComprefaceService, MadeKey, MadeWebhook, OptionalText, PersonName, PictureVerification, ProblemKind,
        Readiness, RemovedCollection, RemovedSealed, RequireLive, SaidNotThisPerson, Scope, SealedGallery, SealedList,
        SealedListGalleriesItem, SealedName, SeenPicture, SentAgain, Subject, SubjectList, SubjectRemoval,
        SubjectVerification, System, Threshold, Webhook, WebhookList, WebhookRemoval)


def _segment(value: object) -> str:
    return quote(str(value), safe="")


class Client(SyncTransport):
    """A server, asked one thing after the other. Thread-safe."""

    def get_metrics(self) -> str:
        """
        Counters for Prometheus. Of all collections: the key must see all of them. Text format 0.0.4. Wants
        scope read.
        """
        answer: str = self._call(Call("GET", "/metrics"), "text")
        return answer

    def list_server_audit_records(
            self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Of
        what belongs to no collection: detection, templates and comparison of pictures that were sent, over all
        interfaces. The key must see all collections. Wants scope admin.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: AuditRecordList = self._call(Call("GET", "/v1/audit", query={"limit": limit, "cursor": cursor}))
        return answer

    def iter_server_audit_records(self, *, limit: Optional[int] = None) -> Iterator[AuditRecord]:
        """All pages of list_server_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_server_audit_records(limit=limit, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def get_server_audit_head(self) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Of what belongs to no collection: detection, templates and comparison of pictures that were sent,
        over all interfaces. The key must see all collections. Wants scope admin.
        """
        answer: AuditHead = self._call(Call("GET", "/v1/audit/head"))
        return answer

    def verify_server_audit(self, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Of what belongs to no collection: detection, templates and comparison
        of pictures that were sent, over all interfaces. The key must see all collections. Wants scope admin.
        """
        answer: AuditVerdict = self._call(Call("POST", "/v1/audit/verify", body={"head": head}))
        return answer

    def list_cameras(self) -> CameraList:
        """Cameras of the collections that the key sees. With how they fare now. Wants scope read."""
        answer: CameraList = self._call(Call("GET", "/v1/cameras"))
        return answer

    def add_camera(
            self, name: str, source: CameraSource, collection: CollectionName, *, idempotency_key: Optional[str] = None,
            enabled: Union[bool, NotGiven] = NOT_GIVEN, loop: Union[bool, NotGiven] = NOT_GIVEN,
            require_live: Union[RequireLive, NotGiven] = NOT_GIVEN, rules: Union[CameraRules,
            NotGiven] = NOT_GIVEN) -> Camera:
        """
        Look for people before a camera. The source must be one that the server's allow-list names; of a file,
        one below its camera folder. Passwords in it are kept sealed and never told again. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param source: rtsp://, rtsps://, http:// or https:// (motion JPEG), file:NAME below the server's camera
            folder, or camera:NUMBER.
        :param loop: A file begins again at its end.
        :param require_live: Nobody is named whose face is not judged live; false unless told. The threshold is
            that of the camera's name, where the server knows one.
        :param rules: What is worth an event. A face is in a zone when the centre of its box is; without zones
            the whole picture counts.
        """
        answer: Camera = self._call(Call(
                "POST", "/v1/cameras", headers={"Idempotency-Key": idempotency_key}, body={"name": name,
                "source": source, "collection": collection, "enabled": enabled, "loop": loop,
                "require_live": require_live, "rules": rules}, repeatable=True))
        return answer

    def get_camera(self, camera: str) -> Camera:
        """
        One camera. Wants scope read.
        :param camera: Id of a camera.
        """
        answer: Camera = self._call(Call("GET", f"/v1/cameras/{_segment(camera)}"))
        return answer

    def change_camera(
            self, camera: str, *, idempotency_key: Optional[str] = None, name: Union[str, NotGiven] = NOT_GIVEN,
            source: Union[CameraSource, NotGiven] = NOT_GIVEN, enabled: Union[bool, NotGiven] = NOT_GIVEN,
            loop: Union[bool, NotGiven] = NOT_GIVEN, require_live: Union[RequireLive, NotGiven] = NOT_GIVEN,
            rules: Union[CameraRules, NotGiven] = NOT_GIVEN) -> Camera:
        """
        Change a camera. What the body does not name stays. The camera starts again. Wants scope admin.
        :param camera: Id of a camera.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param source: rtsp://, rtsps://, http:// or https:// (motion JPEG), file:NAME below the server's camera
            folder, or camera:NUMBER.
        :param require_live: Nobody is named whose face is not judged live; false unless told. The threshold is
            that of the camera's name, where the server knows one.
        :param rules: What is worth an event. A face is in a zone when the centre of its box is; without zones
            the whole picture counts.
        """
        answer: Camera = self._call(Call(
                "PATCH", f"/v1/cameras/{_segment(camera)}", headers={"Idempotency-Key": idempotency_key},
                body={"name": name, "source": source, "enabled": enabled, "loop": loop, "require_live": require_live,
                "rules": rules}, repeatable=True))
        return answer

    def remove_camera(self, camera: str, *, idempotency_key: Optional[str] = None) -> CameraRemoval:
        """
        Remove a camera. It stops within a second; its events go with it. Wants scope admin.
        :param camera: Id of a camera.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: CameraRemoval = self._call(Call(
                "DELETE", f"/v1/cameras/{_segment(camera)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    def get_camera_picture(self, camera: str) -> bytes:
        """
        The picture of now, with boxes and names. At most a second old while the camera runs. Wants scope read.
        :param camera: Id of a camera.
        """
        answer: bytes = self._call(Call("GET", f"/v1/cameras/{_segment(camera)}/picture"), "bytes")
        return answer

    def get_camera_stream(self, camera: str) -> Iterator[bytes]:
        """
        Pictures with boxes and names, as they come. Motion JPEG, at most ten pictures a second, for an <img>
        element or a player. Who takes too little loses pictures. Wants scope read.
        :param camera: Id of a camera.
        """
        return self._pictures(Call("GET", f"/v1/cameras/{_segment(camera)}/stream"))

    def list_collections(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> CollectionList:
        """
        The collections that the key sees. By name. Wants scope read.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: CollectionList = self._call(Call("GET", "/v1/collections", query={"limit": limit, "cursor": cursor}))
        return answer

    def iter_collections(self, *, limit: Optional[int] = None) -> Iterator[CollectionListCollectionsItem]:
        """All pages of list_collections(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_collections(limit=limit, cursor=cursor)
            for row in page["collections"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def create_collection(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None, purpose: Optional[str] = None,
            encrypted: Union[bool, NotGiven] = NOT_GIVEN, audit: Union[AuditLevel, NotGiven] = NOT_GIVEN) -> Collection:
        """
        Make a collection. Bound to the network that the server runs. Its audit log keeps everything unless told
        otherwise. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param encrypted: Names, texts, templates and pictures under keys of their subjects.
        :param audit: What the log keeps: nothing, changes, or also every search and decision.
        """
        answer: Collection = self._call(Call(
                "POST", "/v1/collections", headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"collection": collection, "encrypted": encrypted, "audit": audit}, repeatable=True))
        return answer

    def get_collection(self, collection: CollectionName) -> Collection:
        """
        What a collection holds. Wants scope read.
        :param collection: Name of a collection.
        """
        answer: Collection = self._call(Call("GET", f"/v1/collections/{_segment(collection)}"))
        return answer

    def change_collection(
            self, collection: CollectionName, audit: AuditLevel, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Collection:
        """
        What the audit log keeps from now on. The change itself is written into the log. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param audit: What the log keeps: nothing, changes, or also every search and decision.
        """
        answer: Collection = self._call(Call(
                "PATCH", f"/v1/collections/{_segment(collection)}", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"audit": audit}, repeatable=True))
        return answer

    def delete_collection(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None) -> RemovedCollection:
        """
        Remove a collection with everything in it. The keys of its templates first. Cannot be taken back.
        Callers' keys for this name stay: whoever has one sees a new collection of the same name, too. `keys`
        counts those that are for it alone; revoke them unless their owners shall see the new one. Wants scope
        admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: RemovedCollection = self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    def list_audit_records(
            self, collection: CollectionName, *, limit: Optional[int] = None, cursor: Optional[str] = None,
            subject: Optional[int] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants
        scope admin.
        :param collection: Name of a collection.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        :param subject: Only what concerns this subject.
        """
        answer: AuditRecordList = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/audit", query={"limit": limit, "cursor": cursor,
                "subject": subject}))
        return answer

    def iter_audit_records(
            self, collection: CollectionName, *, limit: Optional[int] = None,
            subject: Optional[int] = None) -> Iterator[AuditRecord]:
        """All pages of list_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_audit_records(collection, limit=limit, subject=subject, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def get_audit_head(self, collection: CollectionName) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Wants scope admin.
        :param collection: Name of a collection.
        """
        answer: AuditHead = self._call(Call("GET", f"/v1/collections/{_segment(collection)}/audit/head"))
        return answer

    def verify_audit(self, collection: CollectionName, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Wants scope admin.
        :param collection: Name of a collection.
        """
        answer: AuditVerdict = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/audit/verify", body={"head": head}))
        return answer

    def list_calibrations(self, collection: CollectionName) -> CalibrationList:
        """
        What was measured on a collection. Oldest first; the newest one decides. Wants scope read.
        :param collection: Name of a collection.
        """
        answer: CalibrationList = self._call(Call("GET", f"/v1/collections/{_segment(collection)}/calibrations"))
        return answer

    def calibrate(
            self, collection: CollectionName, fmr: float, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None, prior: Union[float, NotGiven] = NOT_GIVEN, seed: Union[int,
            NotGiven] = NOT_GIVEN, dry_run: Union[bool, NotGiven] = NOT_GIVEN) -> Job:
        """
        Measure the threshold on the collection's own faces. A job: every face is compared with every other. It
        fails where the faces cannot show the rate, and tells how many pairs it needs. What it measures decides
        from then on, unless it is a `dry_run`. Its `result` has the member `curve`, thresholds rising:
        {threshold, fmr, fnmr} holds up to its threshold, and above the last one nothing matches. Null without
        pairs of one person. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/calibrations",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"fmr": fmr, "prior": prior,
                "seed": seed, "dry_run": dry_run}, repeatable=True))
        return answer

    def cluster_faces(
            self, collection: CollectionName, images: Sequence[Picture], *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, least_quality: Optional[float] = None,
            purpose: Optional[str] = None) -> Clusters:
        """
        Who is in these pictures, when nobody has told. Faces that the collection knows are named; all others
        are put into clusters, each of one person as far as can be told. Two faces of one picture are never one
        person; a face that resembles no other is a cluster of one. Clusters and their faces come largest and
        best first. Nothing is kept: enrol the faces of a cluster with `box` of POST
        /v1/collections/{collection}/faces. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param least_quality: Faces of a lower quality found no cluster; they join the one they are closest to.
        :param purpose: Why, for the audit log.
        """
        answer: Clusters = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/clusters", query={"fmr": fmr, "threshold": threshold,
                "least_quality": least_quality}, headers={"X-Purpose": purpose}, form=[("images", images)],
                pictures=frozenset({"images"})))
        return answer

    def expire(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None, purpose: Optional[str] = None,
            dry_run: Union[bool, NotGiven] = NOT_GIVEN) -> Expiry:
        """
        Remove what is past its time. Subjects and faces whose `retain_until` has passed; with `dry_run` they
        are told alone. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Expiry = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/expire", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"dry_run": dry_run}, repeatable=True))
        return answer

    def enrol_faces(
            self, collection: CollectionName, subject: PersonName, image: Sequence[Picture], *,
            force: Optional[bool] = None, largest: Optional[bool] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> EnrolmentReport:
        """
        Enrol pictures of known people. The main face of each picture, where it passes the gate: large, sharp
        and frontal enough, no copy, nobody else's. Every picture has a result of its own, with the `reason` of
        a refusal; the status is 200 also where all were refused. What is told as enrolled is on the disk. A
        subject is made with the first face. A form has one `subject` and any number of parts `image`. Wants
        scope enrol.
        :param collection: Name of a collection.
        :param force: Enrol whatever shows a face.
        :param largest: Take the largest face of a picture of several people.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: EnrolmentReport = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/faces", query={"force": force, "largest": largest},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("subject", subject),
                ("image", image)], pictures=frozenset({"image"}), repeatable=True))
        return answer

    def delete_face(
            self, collection: CollectionName, face: int, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> FaceRemoval:
        """
        Remove one face. Its bytes are overwritten. The subject stays, also without faces. Wants scope enrol.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: FaceRemoval = self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, repeatable=True))
        return answer

    def say_not_this_person(
            self, collection: CollectionName, face: int, subject: int, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None, taken_back: Union[bool, NotGiven] = NOT_GIVEN) -> SaidNotThisPerson:
        """
        Say that a face does not show a person. Searches leave the person out for what is more similar to this
        face than to any of the person's, and the two are not merged. With `taken_back` it is said no more.
        Wants scope enrol.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: SaidNotThisPerson = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}/not-this-person",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"subject": subject,
                "taken_back": taken_back}, repeatable=True))
        return answer

    def get_thumbnail(self, collection: CollectionName, face: int) -> bytes:
        """
        The small picture of an enrolled face. Wants scope read.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        """
        answer: bytes = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}/thumbnail"), "bytes")
        return answer

    def identify(
            self, collection: CollectionName, image: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, top_k: Optional[int] = None, once_per_picture: Optional[bool] = None,
            require_live: Optional[bool] = None, camera: Optional[str] = None, quality: Optional[bool] = None,
            purpose: Optional[str] = None) -> Identification:
        """
        Name the people in a picture. Each face gets the name of the most similar subject at or above the
        threshold, or none. `similarity` and `probability` speak of that subject, or of the most similar one
        where none reaches it. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param top_k: Also tell so many candidates of each face, one a subject.
        :param once_per_picture: Name nobody twice in one picture.
        :param require_live: Name nobody whose face is not judged live.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: Identification = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/identify", query={"fmr": fmr, "threshold": threshold,
                "top_k": top_k, "once_per_picture": once_per_picture, "require_live": require_live, "camera": camera,
                "quality": quality}, headers={"X-Purpose": purpose}, form=[("image", image)],
                pictures=frozenset({"image"})))
        return answer

    def ask_for_steps(
            self, collection: CollectionName, *, purpose: Optional[str] = None, steps: Union[int, NotGiven] = NOT_GIVEN,
            limit_s: Union[float, NotGiven] = NOT_GIVEN) -> LivenessChallenge:
        """
        Draw steps that a person is to do before a camera. In random order, with a time for each. Tell the
        person one after the other, each for `show_s` seconds, while you record: once, then straight ahead
        again. The answer must come before `expires`, once, with the key that asked. Servers of one database
        know each other's challenges. Wants scope identify.
        :param collection: Name of a collection.
        :param purpose: Why, for the audit log.
        :param limit_s: Seconds for each step.
        """
        answer: LivenessChallenge = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/liveness/challenges", headers={"X-Purpose": purpose},
                body={"steps": steps, "limit_s": limit_s}))
        return answer

    def check_liveness(
            self, collection: CollectionName, challenge: str, video: Picture, *, identify: Optional[bool] = None,
            fmr: Optional[float] = None, threshold: Optional[float] = None, camera: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Job:
        """
        Judge a video of a person doing the steps. A job. Its `result` has `decision` (live, spoof, unknown),
        `reason` (passed, spoof, timeout, wrong_action, face_lost, identity_changed, unfinished, not_judged),
        `steps` with the seconds at which each was asked and done, what the networks say of the same frames
        (`live`, `live_decision`, `live_reason`) and, with `identify`, who of the collection it is: nobody is
        named who is not judged live. The video is not kept. Wants scope identify.
        :param collection: Name of a collection.
        :param challenge: `challenge` of the answer that asked for the steps.
        :param identify: Also say who it is.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/liveness/challenges/{_segment(challenge)}/video",
                query={"identify": identify, "fmr": fmr, "threshold": threshold, "camera": camera},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("video", video)],
                pictures=frozenset({"video"}), repeatable=True))
        return answer

    def search_with_sealed_probe(
            self, collection: CollectionName, file: Picture, *, purpose: Optional[str] = None) -> bytes:
        """
        Compare a sealed probe with a collection. The body is what `vultus sealed probe` makes. The answer holds
        the encrypted scores of all faces and the names of their subjects, sealed for whoever has the secret
        key: the server sees neither probe nor scores. It must trust the caller to have sealed an honest
        template: other values can carry the collection's templates out. Wants scope admin.
        :param collection: Name of a collection.
        :param purpose: Why, for the audit log.
        :param file: A sealed probe, as vultus sealed probe makes it.
        """
        answer: bytes = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/sealed-search", headers={"X-Purpose": purpose},
                content=file), "bytes")
        return answer

    def list_subjects(
            self, collection: CollectionName, *, limit: Optional[int] = None, cursor: Optional[str] = None,
            name: Optional[str] = None) -> SubjectList:
        """
        The people of a collection. In the order of the bytes of their names. Wants scope read.
        :param collection: Name of a collection.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        :param name: Only the subject of this name.
        """
        answer: SubjectList = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects", query={"limit": limit, "cursor": cursor,
                "name": name}))
        return answer

    def iter_subjects(
            self, collection: CollectionName, *, limit: Optional[int] = None,
            name: Optional[str] = None) -> Iterator[ListedSubject]:
        """All pages of list_subjects(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_subjects(collection, limit=limit, name=name, cursor=cursor)
            for row in page["subjects"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def add_subject(
            self, collection: CollectionName, subject: PersonName, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Subject:
        """
        Add a person who has no face yet. Enrolling a picture makes its subject by itself; this is for those
        whose pictures come later. Wants scope enrol.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"subject": subject}, repeatable=True))
        return answer

    def get_subject(self, collection: CollectionName, subject: int, *, if_none_match: Optional[str] = None) -> Subject:
        """
        What is known of a person. With an ETag for changes with If-Match. Wants scope read.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_none_match: ETag of the subject as the caller has it: where it is still the same, 304 is
            answered.
        """
        answer: Subject = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-None-Match": if_none_match}))
        return answer

    def change_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None, new_subject: Union[PersonName,
            NotGiven] = NOT_GIVEN, if_taken: Union[Literal["refuse", "merge"], NotGiven] = NOT_GIVEN,
            external_id: Union[OptionalText, NotGiven] = NOT_GIVEN, tags: Union[List[str], NotGiven] = NOT_GIVEN,
            consent: Union[OptionalText, NotGiven] = NOT_GIVEN, use: Union[OptionalText, NotGiven] = NOT_GIVEN,
            retain_until: Union[Optional[str], NotGiven] = NOT_GIVEN, notes: Union[OptionalText,
            NotGiven] = NOT_GIVEN) -> Subject:
        """
        Rename a person, or say more about them. What the body does not name stays. A name that another subject
        has is refused, or with `if_taken: merge` the faces go to that subject. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param retain_until: 2027-01-31, the first moment of that day, or 2027-01-31T12:00:00Z.
        """
        answer: Subject = self._call(Call(
                "PATCH", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"subject": new_subject, "if_taken": if_taken, "external_id": external_id, "tags": tags,
                "consent": consent, "use": use, "retain_until": retain_until, "notes": notes}, repeatable=True))
        return answer

    def delete_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> SubjectRemoval:
        """
        Remove a person. All faces go with the subject, and their bytes are overwritten. To prove it, forget
        instead. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: SubjectRemoval = self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                repeatable=True))
        return answer

    def list_faces(self, collection: CollectionName, subject: int) -> FaceList:
        """
        The enrolled faces of a person. Oldest first; without templates. Wants scope read.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        """
        answer: FaceList = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/faces"))
        return answer

    def forget_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> ForgetProof:
        """
        Forget a person, with a proof. Destroys the subject's key where the collection is encrypted, removes
        everything, and searches the files for what is left: the answer tells what was looked for. Wants scope
        admin.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: ForgetProof = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/forget",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                repeatable=True))
        return answer

    def merge_subject(
            self, collection: CollectionName, subject: int, into: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Subject:
        """
        Give all faces of a person to another one. For one person under two names. The other one's name and
        details stay. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/merge",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"into": into}, repeatable=True))
        return answer

    def split_subject(
            self, collection: CollectionName, subject: int, faces: List[int], new_subject: PersonName, *,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Subject:
        """
        Make a person of some faces of another one. For two people under one name. It is kept that the faces do
        not show the person they were taken from. At least one face stays. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/split",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"faces": faces,
                "subject": new_subject}, repeatable=True))
        return answer

    def verify_subject(
            self, collection: CollectionName, subject: int, image: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, purpose: Optional[str] = None) -> SubjectVerification:
        """
        Does a picture show this subject?. The main face of the picture against all faces of the subject; the
        closest decides. Wants scope identify.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param purpose: Why, for the audit log.
        """
        answer: SubjectVerification = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/verify",
                query={"fmr": fmr, "threshold": threshold}, headers={"X-Purpose": purpose}, form=[("image", image)],
                pictures=frozenset({"image"})))
        return answer

    def get_threshold(
            self, collection: CollectionName, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None) -> Threshold:
        """
        The threshold for a false match rate. What identify and verify use for the same `fmr` or `threshold`,
        and where it comes from. Wants scope read.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        """
        answer: Threshold = self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/threshold", query={"fmr": fmr, "threshold": threshold}))
        return answer

    def track(
            self, collection: CollectionName, video: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Job:
        """
        Say who is in a video, and when. A job. Its `result` has `frames`, `seconds`, `damaged_frames` and
        `tracks`: from and to in seconds, who it is by all the evidence, and the best view. Everything that was
        seen is in its Timeline. Video and Timeline are kept until the server ends or somebody of the collection
        is removed. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/track", query={"fmr": fmr, "threshold": threshold},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("video", video)],
                pictures=frozenset({"video"}), repeatable=True))
        return answer

    def compare_faces(
            self, image_a: Picture, image_b: Picture, *, fmr: Optional[float] = None, threshold: Optional[float] = None,
            quality: Optional[bool] = None, purpose: Optional[str] = None) -> Comparison:
        """
        Compare all faces of two pictures. Every face of the one with every face of the other. Wants scope
        identify.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: Comparison = self._call(Call(
                "POST", "/v1/compare", query={"fmr": fmr, "threshold": threshold, "quality": quality},
                headers={"X-Purpose": purpose}, form=[("image_a", image_a), ("image_b", image_b)],
                pictures=frozenset({"image_a", "image_b"})))
        return answer

    def list_compreface_services(self) -> ComprefaceServiceList:
        """All services of the CompreFace interface. Ended ones too, without their keys. Wants scope admin."""
        answer: ComprefaceServiceList = self._call(Call("GET", "/v1/compatibility/compreface/services"))
        return answer

    def create_compreface_service(
            self, name: str, kind: ComprefaceKind, *, idempotency_key: Optional[str] = None,
            collection: Union[Optional[str], NotGiven] = NOT_GIVEN, per_second: Union[Optional[float],
            NotGiven] = NOT_GIVEN, burst: Union[Optional[int], NotGiven] = NOT_GIVEN, per_day: Union[Optional[int],
            NotGiven] = NOT_GIVEN, expires: Union[Optional[str], NotGiven] = NOT_GIVEN) -> MadeComprefaceService:
        """
        Make a service of the CompreFace interface. `secret` is the UUID that clients of CompreFace send as
        `x-api-key`; it is told once. A service of recognition serves one collection, which must be there. Wants
        scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param collection: Of recognition, and of no other kind.
        """
        answer: MadeComprefaceService = self._call(Call(
                "POST", "/v1/compatibility/compreface/services", headers={"Idempotency-Key": idempotency_key},
                body={"name": name, "kind": kind, "collection": collection, "per_second": per_second, "burst": burst,
                "per_day": per_day, "expires": expires}, repeatable=True))
        return answer

    def end_compreface_service(self, service: str) -> ComprefaceService:
        """
        End a service. Its key is refused at once, and for good. The collection stays. Wants scope admin.
        :param service: Id of a service: 16 hex digits, no secret.
        """
        answer: ComprefaceService = self._call(Call(
                "DELETE", f"/v1/compatibility/compreface/services/{_segment(service)}"))
        return answer

    def detect_faces(
            self, image: Picture, *, quality: Optional[bool] = None, purpose: Optional[str] = None,
            liveness: Optional[bool] = None, camera: Optional[str] = None) -> SeenPicture:
        """
        Find the faces of a picture. Most prominent (large and central) first. A picture without a face is an
        answer, not an error. Wants scope identify.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        :param liveness: Also judge whether each face is that of a person.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        """
        answer: SeenPicture = self._call(Call(
                "POST", "/v1/detect", query={"quality": quality, "liveness": liveness, "camera": camera},
                headers={"X-Purpose": purpose}, form=[("image", image)], pictures=frozenset({"image"})))
        return answer

    def embed_faces(
            self, image: Picture, *, quality: Optional[bool] = None, purpose: Optional[str] = None) -> EmbeddedPicture:
        """
        Make a template of every face of a picture. Templates are biometric data. They can be compared with
        templates of the same `model` alone. Wants scope identify.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: EmbeddedPicture = self._call(Call(
                "POST", "/v1/embed", query={"quality": quality}, headers={"X-Purpose": purpose}, form=[("image",
                image)], pictures=frozenset({"image"})))
        return answer

    def list_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            limit: Optional[int] = None, cursor: Optional[str] = None) -> EventList:
        """
        What has happened before cameras. Newest first, of the collections that the key sees. Wants scope read.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: EventList = self._call(Call(
                "GET", "/v1/events", query={"camera": camera, "kind": kind, "subject": subject, "from": from_, "to": to,
                "limit": limit, "cursor": cursor}))
        return answer

    def iter_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            limit: Optional[int] = None) -> Iterator[Event]:
        """All pages of list_events(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_events(
                    camera=camera, kind=kind, subject=subject, from_=from_, to=to, limit=limit, cursor=cursor)
            for row in page["events"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def remove_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            idempotency_key: Optional[str] = None) -> EventRemoval:
        """
        Remove many events with their pictures. Those that the query names; without one all that the key sees.
        Wants scope admin.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: EventRemoval = self._call(Call(
                "DELETE", "/v1/events", query={"camera": camera, "kind": kind, "subject": subject, "from": from_,
                "to": to}, headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    def stream_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            last_event_id: Optional[str] = None) -> Iterator[StreamEvent]:
        """
        Events as they happen. Server-sent events: `event` is the kind, `data` the event, `id` its number. With
        Last-Event-ID it goes on behind that event, as browsers do by themselves. Wants scope read.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param last_event_id: Number of the last event that the caller has.
        """
        return self._events(Call(
                "GET", "/v1/events/stream", query={"camera": camera, "kind": kind, "subject": subject, "from": from_,
                "to": to}, headers={"Last-Event-ID": last_event_id}))

    def get_event(self, event: int) -> Event:
        """
        One event. Wants scope read.
        :param event: Number of an event.
        """
        answer: Event = self._call(Call("GET", f"/v1/events/{_segment(event)}"))
        return answer

    def remove_event(self, event: int, *, idempotency_key: Optional[str] = None) -> EventRemoval:
        """
        Remove an event with its picture. Wants scope admin.
        :param event: Number of an event.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: EventRemoval = self._call(Call(
                "DELETE", f"/v1/events/{_segment(event)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    def get_event_picture(self, event: int) -> bytes:
        """
        The face of an event. JPEG of 112 x 112 pixels, for as long as it is kept. Wants scope read.
        :param event: Number of an event.
        """
        answer: bytes = self._call(Call("GET", f"/v1/events/{_segment(event)}/picture"), "bytes")
        return answer

    def get_health(self) -> Health:
        """Is the process alive?. Needs no key and touches nothing."""
        answer: Health = self._call(Call("GET", "/v1/health"))
        return answer

    def list_jobs(self) -> JobList:
        """Jobs of the collections that the key sees. Newest first. A restart forgets them. Wants scope read."""
        answer: JobList = self._call(Call("GET", "/v1/jobs"))
        return answer

    def get_job(self, job: str) -> Job:
        """
        How a job fares. Wants scope read.
        :param job: Id of a job.
        """
        answer: Job = self._call(Call("GET", f"/v1/jobs/{_segment(job)}"))
        return answer

    def cancel_job(self, job: str, *, idempotency_key: Optional[str] = None) -> Job:
        """
        Ask a job to stop. One that has ended stays as it is. Wants scope admin.
        :param job: Id of a job.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: Job = self._call(Call(
                "DELETE", f"/v1/jobs/{_segment(job)}", headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    def follow_job(self, job: str, *, last_event_id: Optional[str] = None) -> Iterator[StreamEvent]:
        """
        What a job tells while it works. Server-sent events: `track` for each face that was followed to its end
        (`data` as in the result), `step` for each step of a liveness check that is asked for, `progress`, and
        `end` with the whole job, which ends the stream. `id` counts what belongs to the result; with Last-
        Event-ID it goes on behind that. Wants scope read.
        :param job: Id of a job.
        :param last_event_id: Number of the last event that the caller has.
        """
        return self._events(Call("GET", f"/v1/jobs/{_segment(job)}/stream", headers={"Last-Event-ID": last_event_id}))

    def get_timeline(self, job: str) -> bytes:
        """
        The Timeline of a video that was followed. A file for `vultus report`; its tables are those of
        docs/timeline-format.md. Wants scope identify.
        :param job: Id of a job.
        """
        answer: bytes = self._call(Call("GET", f"/v1/jobs/{_segment(job)}/timeline"), "bytes")
        return answer

    def list_keys(self) -> KeyList:
        """All keys, revoked ones too. Without their secrets, which the server does not know. Wants scope admin."""
        answer: KeyList = self._call(Call("GET", "/v1/keys"))
        return answer

    def create_key(
            self, name: str, scope: Scope, *, idempotency_key: Optional[str] = None,
            collections: Union[Optional[List[CollectionName]], NotGiven] = NOT_GIVEN, per_second: Union[Optional[float],
            NotGiven] = NOT_GIVEN, burst: Union[Optional[int], NotGiven] = NOT_GIVEN, per_day: Union[Optional[int],
            NotGiven] = NOT_GIVEN, expires: Union[Optional[str], NotGiven] = NOT_GIVEN) -> MadeKey:
        """
        Make a key. `secret` is told once: the server keeps a keyed hash of it. Without `collections` the key
        sees all, also those to come. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param scope: Each allows what those before it allow.
        :param burst: Requests at once; 1 unless told.
        :param per_day: Of a day in UTC.
        """
        answer: MadeKey = self._call(Call(
                "POST", "/v1/keys", headers={"Idempotency-Key": idempotency_key}, body={"name": name, "scope": scope,
                "collections": collections, "per_second": per_second, "burst": burst, "per_day": per_day,
                "expires": expires}, repeatable=True))
        return answer

    def get_key(self, key: str) -> Key:
        """
        One key. Wants scope admin.
        :param key: Id of a key: 16 hex digits, no secret.
        """
        answer: Key = self._call(Call("GET", f"/v1/keys/{_segment(key)}"))
        return answer

    def revoke_key(self, key: str, *, idempotency_key: Optional[str] = None) -> Key:
        """
        Revoke a key. At once, and for good. The last key that can make keys stays. Wants scope admin.
        :param key: Id of a key: 16 hex digits, no secret.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: Key = self._call(Call(
                "DELETE", f"/v1/keys/{_segment(key)}", headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    def get_document(self) -> Dict[str, Any]:
        """This document. Needs no key."""
        answer: Dict[str, Any] = self._call(Call("GET", "/v1/openapi.json"))
        return answer

    def get_problem(self, code: str) -> ProblemKind:
        """
        What a code of a refusal means. The `type` of every refusal leads here. Needs no key.
        :param code: Code of a problem.
        """
        answer: ProblemKind = self._call(Call("GET", f"/v1/problems/{_segment(code)}"))
        return answer

    def get_readiness(self) -> Readiness:
        """Does it take work?. 503 while it starts or stops: for load balancers. Needs no key."""
        answer: Readiness = self._call(Call("GET", "/v1/ready"))
        return answer

    def list_sealed(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> SealedList:
        """
        The sealed galleries that the key sees. By name. A key that is for some collections sees the sealed
        galleries of these names. Wants scope read.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: SealedList = self._call(Call("GET", "/v1/sealed", query={"limit": limit, "cursor": cursor}))
        return answer

    def iter_sealed(self, *, limit: Optional[int] = None) -> Iterator[SealedListGalleriesItem]:
        """All pages of list_sealed(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_sealed(limit=limit, cursor=cursor)
            for row in page["galleries"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def get_sealed(self, sealed: SealedName, *, if_none_match: Optional[str] = None) -> SealedGallery:
        """
        What a sealed gallery is. No names and no templates: they are sealed for whoever has the secret key.
        Wants scope read.
        :param sealed: Name of a sealed gallery.
        :param if_none_match: ETag of the gallery as the caller has it: where it is still the same, 304 is
            answered.
        """
        answer: SealedGallery = self._call(Call(
                "GET", f"/v1/sealed/{_segment(sealed)}", headers={"If-None-Match": if_none_match}))
        return answer

    def put_sealed(
            self, sealed: SealedName, file: Picture, *, if_match: Optional[str] = None,
            if_none_match: Optional[str] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> SealedGallery:
        """
        Keep a sealed gallery, or replace it. The file that `vultus sealed enroll` makes. All of it is read and
        checked before anything is changed; a secret key is refused and not kept. Wants scope enrol.
        :param sealed: Name of a sealed gallery.
        :param if_match: ETag of the gallery as it was read: where it has changed since, nothing is done.
        :param if_none_match: `*`: nothing is done where there is a gallery of this name already.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param file: A sealed gallery, as vultus sealed enroll makes it.
        """
        answer: SealedGallery = self._call(Call(
                "PUT", f"/v1/sealed/{_segment(sealed)}", headers={"If-Match": if_match, "If-None-Match": if_none_match,
                "Idempotency-Key": idempotency_key, "X-Purpose": purpose}, content=file, repeatable=True))
        return answer

    def delete_sealed(
            self, sealed: SealedName, *, if_match: Optional[str] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> RemovedSealed:
        """
        Remove a sealed gallery. Its audit log stays. Cannot be taken back. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        :param if_match: ETag of the gallery as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: RemovedSealed = self._call(Call(
                "DELETE", f"/v1/sealed/{_segment(sealed)}", headers={"If-Match": if_match,
                "Idempotency-Key": idempotency_key, "X-Purpose": purpose}, repeatable=True))
        return answer

    def list_sealed_audit_records(
            self, sealed: SealedName, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants
        scope admin.
        :param sealed: Name of a sealed gallery.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: AuditRecordList = self._call(Call(
                "GET", f"/v1/sealed/{_segment(sealed)}/audit", query={"limit": limit, "cursor": cursor}))
        return answer

    def iter_sealed_audit_records(self, sealed: SealedName, *, limit: Optional[int] = None) -> Iterator[AuditRecord]:
        """All pages of list_sealed_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = self.list_sealed_audit_records(sealed, limit=limit, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    def get_sealed_audit_head(self, sealed: SealedName) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        """
        answer: AuditHead = self._call(Call("GET", f"/v1/sealed/{_segment(sealed)}/audit/head"))
        return answer

    def verify_sealed_audit(self, sealed: SealedName, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        """
        answer: AuditVerdict = self._call(Call(
                "POST", f"/v1/sealed/{_segment(sealed)}/audit/verify", body={"head": head}))
        return answer

    def search_sealed(
            self, sealed: SealedName, *, image: Union[Picture, NotGiven] = NOT_GIVEN, row: Optional[int] = None,
            purpose: Optional[str] = None, template: Union[List[float], NotGiven] = NOT_GIVEN, model: Union[str,
            NotGiven] = NOT_GIVEN) -> bytes:
        """
        Compare a probe with a sealed gallery. The probe is a picture, whose main face counts, or a template.
        The answer holds the encrypted scores of all rows, and their sealed names, for whoever has the secret
        key: the server sees the probe, and neither names nor scores. With `row` one row is compared. Wants
        scope identify.
        :param sealed: Name of a sealed gallery.
        :param row: Only this row, from 0 on. The key holder can then read the scores of the rows of its pack,
            too.
        :param purpose: Why, for the audit log.
        :param template: In place of a picture: a template of unit length.
        :param model: What made the template.
        """
        answer: bytes = self._call(Call(
                "POST", f"/v1/sealed/{_segment(sealed)}/search", query={"row": row}, headers={"X-Purpose": purpose},
                form=[("image", image)], pictures=frozenset({"image"}), body={"template": template,
                "model": model}), "bytes")
        return answer

    def get_system(self) -> System:
        """
        Version, networks and limits. Which preset and networks answer, under which licences, and how large a
        picture may be. Wants scope read.
        """
        answer: System = self._call(Call("GET", "/v1/system"))
        return answer

    def verify_pictures(
            self, image_a: Picture, image_b: Picture, *, fmr: Optional[float] = None, threshold: Optional[float] = None,
            purpose: Optional[str] = None) -> PictureVerification:
        """
        Do two pictures show one person?. The main face of each counts. Wants scope identify.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param purpose: Why, for the audit log.
        """
        answer: PictureVerification = self._call(Call(
                "POST", "/v1/verify", query={"fmr": fmr, "threshold": threshold}, headers={"X-Purpose": purpose},
                form=[("image_a", image_a), ("image_b", image_b)], pictures=frozenset({"image_a", "image_b"})))
        return answer

    def list_webhooks(self) -> WebhookList:
        """Webhooks that are told events which the key sees. Without their secrets. Wants scope admin."""
        answer: WebhookList = self._call(Call("GET", "/v1/webhooks"))
        return answer

    def add_webhook(
            self, name: str, url: str, *, idempotency_key: Optional[str] = None,
            collections: Union[Optional[List[CollectionName]], NotGiven] = NOT_GIVEN, kinds: Union[EventKinds,
            NotGiven] = NOT_GIVEN) -> MadeWebhook:
        """
        Tell another server what happens before cameras. Each event is posted as JSON, with the headers webhook-
        id, webhook-timestamp and webhook-signature of Standard Webhooks. What is not answered with a status 2xx
        is sent again, later and later, and becomes a dead letter in the end. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param url: http:// or https://, on the server's allow-list.
        :param collections: Whose events it is told; all that the key sees unless told.
        :param kinds: Empty: all.
        """
        answer: MadeWebhook = self._call(Call(
                "POST", "/v1/webhooks", headers={"Idempotency-Key": idempotency_key}, body={"name": name, "url": url,
                "collections": collections, "kinds": kinds}, repeatable=True))
        return answer

    def get_webhook(self, webhook: str) -> Webhook:
        """
        One webhook. Wants scope admin.
        :param webhook: Id of a webhook.
        """
        answer: Webhook = self._call(Call("GET", f"/v1/webhooks/{_segment(webhook)}"))
        return answer

    def remove_webhook(self, webhook: str, *, idempotency_key: Optional[str] = None) -> WebhookRemoval:
        """
        Remove a webhook. What waits for it goes with it. Wants scope admin.
        :param webhook: Id of a webhook.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: WebhookRemoval = self._call(Call(
                "DELETE", f"/v1/webhooks/{_segment(webhook)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    def list_dead_letters(self, webhook: str, *, limit: Optional[int] = None) -> DeadLetterList:
        """
        Messages that were given up. The newest first; the oldest are dropped when there are too many. Wants
        scope admin.
        :param webhook: Id of a webhook.
        :param limit: How many to answer at most.
        """
        answer: DeadLetterList = self._call(Call(
                "GET", f"/v1/webhooks/{_segment(webhook)}/dead-letters", query={"limit": limit}))
        return answer

    def send_dead_letters_again(self, webhook: str, *, idempotency_key: Optional[str] = None) -> SentAgain:
        """
        Send what was given up again. Under the same webhook-id, with all attempts anew. Wants scope admin.
        :param webhook: Id of a webhook.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: SentAgain = self._call(Call(
                "POST", f"/v1/webhooks/{_segment(webhook)}/dead-letters", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    def get_caller(self) -> Key:
        """What the key of this request may do. Wants scope read."""
        answer: Key = self._call(Call("GET", "/v1/whoami"))
        return answer


class AsyncClient(AsyncTransport):
    """A server, asked from an event loop: the methods of Client as coroutines."""

    async def get_metrics(self) -> str:
        """
        Counters for Prometheus. Of all collections: the key must see all of them. Text format 0.0.4. Wants
        scope read.
        """
        answer: str = await self._call(Call("GET", "/metrics"), "text")
        return answer

    async def list_server_audit_records(
            self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Of
        what belongs to no collection: detection, templates and comparison of pictures that were sent, over all
        interfaces. The key must see all collections. Wants scope admin.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: AuditRecordList = await self._call(Call("GET", "/v1/audit", query={"limit": limit, "cursor": cursor}))
        return answer

    async def iter_server_audit_records(self, *, limit: Optional[int] = None) -> AsyncIterator[AuditRecord]:
        """All pages of list_server_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_server_audit_records(limit=limit, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def get_server_audit_head(self) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Of what belongs to no collection: detection, templates and comparison of pictures that were sent,
        over all interfaces. The key must see all collections. Wants scope admin.
        """
        answer: AuditHead = await self._call(Call("GET", "/v1/audit/head"))
        return answer

    async def verify_server_audit(self, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Of what belongs to no collection: detection, templates and comparison
        of pictures that were sent, over all interfaces. The key must see all collections. Wants scope admin.
        """
        answer: AuditVerdict = await self._call(Call("POST", "/v1/audit/verify", body={"head": head}))
        return answer

    async def list_cameras(self) -> CameraList:
        """Cameras of the collections that the key sees. With how they fare now. Wants scope read."""
        answer: CameraList = await self._call(Call("GET", "/v1/cameras"))
        return answer

    async def add_camera(
            self, name: str, source: CameraSource, collection: CollectionName, *, idempotency_key: Optional[str] = None,
            enabled: Union[bool, NotGiven] = NOT_GIVEN, loop: Union[bool, NotGiven] = NOT_GIVEN,
            require_live: Union[RequireLive, NotGiven] = NOT_GIVEN, rules: Union[CameraRules,
            NotGiven] = NOT_GIVEN) -> Camera:
        """
        Look for people before a camera. The source must be one that the server's allow-list names; of a file,
        one below its camera folder. Passwords in it are kept sealed and never told again. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param source: rtsp://, rtsps://, http:// or https:// (motion JPEG), file:NAME below the server's camera
            folder, or camera:NUMBER.
        :param loop: A file begins again at its end.
        :param require_live: Nobody is named whose face is not judged live; false unless told. The threshold is
            that of the camera's name, where the server knows one.
        :param rules: What is worth an event. A face is in a zone when the centre of its box is; without zones
            the whole picture counts.
        """
        answer: Camera = await self._call(Call(
                "POST", "/v1/cameras", headers={"Idempotency-Key": idempotency_key}, body={"name": name,
                "source": source, "collection": collection, "enabled": enabled, "loop": loop,
                "require_live": require_live, "rules": rules}, repeatable=True))
        return answer

    async def get_camera(self, camera: str) -> Camera:
        """
        One camera. Wants scope read.
        :param camera: Id of a camera.
        """
        answer: Camera = await self._call(Call("GET", f"/v1/cameras/{_segment(camera)}"))
        return answer

    async def change_camera(
            self, camera: str, *, idempotency_key: Optional[str] = None, name: Union[str, NotGiven] = NOT_GIVEN,
            source: Union[CameraSource, NotGiven] = NOT_GIVEN, enabled: Union[bool, NotGiven] = NOT_GIVEN,
            loop: Union[bool, NotGiven] = NOT_GIVEN, require_live: Union[RequireLive, NotGiven] = NOT_GIVEN,
            rules: Union[CameraRules, NotGiven] = NOT_GIVEN) -> Camera:
        """
        Change a camera. What the body does not name stays. The camera starts again. Wants scope admin.
        :param camera: Id of a camera.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param source: rtsp://, rtsps://, http:// or https:// (motion JPEG), file:NAME below the server's camera
            folder, or camera:NUMBER.
        :param require_live: Nobody is named whose face is not judged live; false unless told. The threshold is
            that of the camera's name, where the server knows one.
        :param rules: What is worth an event. A face is in a zone when the centre of its box is; without zones
            the whole picture counts.
        """
        answer: Camera = await self._call(Call(
                "PATCH", f"/v1/cameras/{_segment(camera)}", headers={"Idempotency-Key": idempotency_key},
                body={"name": name, "source": source, "enabled": enabled, "loop": loop, "require_live": require_live,
                "rules": rules}, repeatable=True))
        return answer

    async def remove_camera(self, camera: str, *, idempotency_key: Optional[str] = None) -> CameraRemoval:
        """
        Remove a camera. It stops within a second; its events go with it. Wants scope admin.
        :param camera: Id of a camera.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: CameraRemoval = await self._call(Call(
                "DELETE", f"/v1/cameras/{_segment(camera)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    async def get_camera_picture(self, camera: str) -> bytes:
        """
        The picture of now, with boxes and names. At most a second old while the camera runs. Wants scope read.
        :param camera: Id of a camera.
        """
        answer: bytes = await self._call(Call("GET", f"/v1/cameras/{_segment(camera)}/picture"), "bytes")
        return answer

    def get_camera_stream(self, camera: str) -> AsyncIterator[bytes]:
        """
        Pictures with boxes and names, as they come. Motion JPEG, at most ten pictures a second, for an <img>
        element or a player. Who takes too little loses pictures. Wants scope read.
        :param camera: Id of a camera.
        """
        return self._pictures(Call("GET", f"/v1/cameras/{_segment(camera)}/stream"))

    async def list_collections(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> CollectionList:
        """
        The collections that the key sees. By name. Wants scope read.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: CollectionList = await self._call(Call(
                "GET", "/v1/collections", query={"limit": limit, "cursor": cursor}))
        return answer

    async def iter_collections(self, *, limit: Optional[int] = None) -> AsyncIterator[CollectionListCollectionsItem]:
        """All pages of list_collections(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_collections(limit=limit, cursor=cursor)
            for row in page["collections"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def create_collection(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None, purpose: Optional[str] = None,
            encrypted: Union[bool, NotGiven] = NOT_GIVEN, audit: Union[AuditLevel, NotGiven] = NOT_GIVEN) -> Collection:
        """
        Make a collection. Bound to the network that the server runs. Its audit log keeps everything unless told
        otherwise. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param encrypted: Names, texts, templates and pictures under keys of their subjects.
        :param audit: What the log keeps: nothing, changes, or also every search and decision.
        """
        answer: Collection = await self._call(Call(
                "POST", "/v1/collections", headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"collection": collection, "encrypted": encrypted, "audit": audit}, repeatable=True))
        return answer

    async def get_collection(self, collection: CollectionName) -> Collection:
        """
        What a collection holds. Wants scope read.
        :param collection: Name of a collection.
        """
        answer: Collection = await self._call(Call("GET", f"/v1/collections/{_segment(collection)}"))
        return answer

    async def change_collection(
            self, collection: CollectionName, audit: AuditLevel, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Collection:
        """
        What the audit log keeps from now on. The change itself is written into the log. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param audit: What the log keeps: nothing, changes, or also every search and decision.
        """
        answer: Collection = await self._call(Call(
                "PATCH", f"/v1/collections/{_segment(collection)}", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"audit": audit}, repeatable=True))
        return answer

    async def delete_collection(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None) -> RemovedCollection:
        """
        Remove a collection with everything in it. The keys of its templates first. Cannot be taken back.
        Callers' keys for this name stay: whoever has one sees a new collection of the same name, too. `keys`
        counts those that are for it alone; revoke them unless their owners shall see the new one. Wants scope
        admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: RemovedCollection = await self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    async def list_audit_records(
            self, collection: CollectionName, *, limit: Optional[int] = None, cursor: Optional[str] = None,
            subject: Optional[int] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants
        scope admin.
        :param collection: Name of a collection.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        :param subject: Only what concerns this subject.
        """
        answer: AuditRecordList = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/audit", query={"limit": limit, "cursor": cursor,
                "subject": subject}))
        return answer

    async def iter_audit_records(
            self, collection: CollectionName, *, limit: Optional[int] = None,
            subject: Optional[int] = None) -> AsyncIterator[AuditRecord]:
        """All pages of list_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_audit_records(collection, limit=limit, subject=subject, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def get_audit_head(self, collection: CollectionName) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Wants scope admin.
        :param collection: Name of a collection.
        """
        answer: AuditHead = await self._call(Call("GET", f"/v1/collections/{_segment(collection)}/audit/head"))
        return answer

    async def verify_audit(
            self, collection: CollectionName, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Wants scope admin.
        :param collection: Name of a collection.
        """
        answer: AuditVerdict = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/audit/verify", body={"head": head}))
        return answer

    async def list_calibrations(self, collection: CollectionName) -> CalibrationList:
        """
        What was measured on a collection. Oldest first; the newest one decides. Wants scope read.
        :param collection: Name of a collection.
        """
        answer: CalibrationList = await self._call(Call("GET", f"/v1/collections/{_segment(collection)}/calibrations"))
        return answer

    async def calibrate(
            self, collection: CollectionName, fmr: float, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None, prior: Union[float, NotGiven] = NOT_GIVEN, seed: Union[int,
            NotGiven] = NOT_GIVEN, dry_run: Union[bool, NotGiven] = NOT_GIVEN) -> Job:
        """
        Measure the threshold on the collection's own faces. A job: every face is compared with every other. It
        fails where the faces cannot show the rate, and tells how many pairs it needs. What it measures decides
        from then on, unless it is a `dry_run`. Its `result` has the member `curve`, thresholds rising:
        {threshold, fmr, fnmr} holds up to its threshold, and above the last one nothing matches. Null without
        pairs of one person. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/calibrations",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"fmr": fmr, "prior": prior,
                "seed": seed, "dry_run": dry_run}, repeatable=True))
        return answer

    async def cluster_faces(
            self, collection: CollectionName, images: Sequence[Picture], *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, least_quality: Optional[float] = None,
            purpose: Optional[str] = None) -> Clusters:
        """
        Who is in these pictures, when nobody has told. Faces that the collection knows are named; all others
        are put into clusters, each of one person as far as can be told. Two faces of one picture are never one
        person; a face that resembles no other is a cluster of one. Clusters and their faces come largest and
        best first. Nothing is kept: enrol the faces of a cluster with `box` of POST
        /v1/collections/{collection}/faces. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param least_quality: Faces of a lower quality found no cluster; they join the one they are closest to.
        :param purpose: Why, for the audit log.
        """
        answer: Clusters = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/clusters", query={"fmr": fmr, "threshold": threshold,
                "least_quality": least_quality}, headers={"X-Purpose": purpose}, form=[("images", images)],
                pictures=frozenset({"images"})))
        return answer

    async def expire(
            self, collection: CollectionName, *, idempotency_key: Optional[str] = None, purpose: Optional[str] = None,
            dry_run: Union[bool, NotGiven] = NOT_GIVEN) -> Expiry:
        """
        Remove what is past its time. Subjects and faces whose `retain_until` has passed; with `dry_run` they
        are told alone. Wants scope admin.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Expiry = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/expire", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"dry_run": dry_run}, repeatable=True))
        return answer

    async def enrol_faces(
            self, collection: CollectionName, subject: PersonName, image: Sequence[Picture], *,
            force: Optional[bool] = None, largest: Optional[bool] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> EnrolmentReport:
        """
        Enrol pictures of known people. The main face of each picture, where it passes the gate: large, sharp
        and frontal enough, no copy, nobody else's. Every picture has a result of its own, with the `reason` of
        a refusal; the status is 200 also where all were refused. What is told as enrolled is on the disk. A
        subject is made with the first face. A form has one `subject` and any number of parts `image`. Wants
        scope enrol.
        :param collection: Name of a collection.
        :param force: Enrol whatever shows a face.
        :param largest: Take the largest face of a picture of several people.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: EnrolmentReport = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/faces", query={"force": force, "largest": largest},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("subject", subject),
                ("image", image)], pictures=frozenset({"image"}), repeatable=True))
        return answer

    async def delete_face(
            self, collection: CollectionName, face: int, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> FaceRemoval:
        """
        Remove one face. Its bytes are overwritten. The subject stays, also without faces. Wants scope enrol.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: FaceRemoval = await self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, repeatable=True))
        return answer

    async def say_not_this_person(
            self, collection: CollectionName, face: int, subject: int, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None, taken_back: Union[bool, NotGiven] = NOT_GIVEN) -> SaidNotThisPerson:
        """
        Say that a face does not show a person. Searches leave the person out for what is more similar to this
        face than to any of the person's, and the two are not merged. With `taken_back` it is said no more.
        Wants scope enrol.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: SaidNotThisPerson = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}/not-this-person",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"subject": subject,
                "taken_back": taken_back}, repeatable=True))
        return answer

    async def get_thumbnail(self, collection: CollectionName, face: int) -> bytes:
        """
        The small picture of an enrolled face. Wants scope read.
        :param collection: Name of a collection.
        :param face: Number of an enrolled face.
        """
        answer: bytes = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/faces/{_segment(face)}/thumbnail"), "bytes")
        return answer

    async def identify(
            self, collection: CollectionName, image: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, top_k: Optional[int] = None, once_per_picture: Optional[bool] = None,
            require_live: Optional[bool] = None, camera: Optional[str] = None, quality: Optional[bool] = None,
            purpose: Optional[str] = None) -> Identification:
        """
        Name the people in a picture. Each face gets the name of the most similar subject at or above the
        threshold, or none. `similarity` and `probability` speak of that subject, or of the most similar one
        where none reaches it. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param top_k: Also tell so many candidates of each face, one a subject.
        :param once_per_picture: Name nobody twice in one picture.
        :param require_live: Name nobody whose face is not judged live.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: Identification = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/identify", query={"fmr": fmr, "threshold": threshold,
                "top_k": top_k, "once_per_picture": once_per_picture, "require_live": require_live, "camera": camera,
                "quality": quality}, headers={"X-Purpose": purpose}, form=[("image", image)],
                pictures=frozenset({"image"})))
        return answer

    async def ask_for_steps(
            self, collection: CollectionName, *, purpose: Optional[str] = None, steps: Union[int, NotGiven] = NOT_GIVEN,
            limit_s: Union[float, NotGiven] = NOT_GIVEN) -> LivenessChallenge:
        """
        Draw steps that a person is to do before a camera. In random order, with a time for each. Tell the
        person one after the other, each for `show_s` seconds, while you record: once, then straight ahead
        again. The answer must come before `expires`, once, with the key that asked. Servers of one database
        know each other's challenges. Wants scope identify.
        :param collection: Name of a collection.
        :param purpose: Why, for the audit log.
        :param limit_s: Seconds for each step.
        """
        answer: LivenessChallenge = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/liveness/challenges", headers={"X-Purpose": purpose},
                body={"steps": steps, "limit_s": limit_s}))
        return answer

    async def check_liveness(
            self, collection: CollectionName, challenge: str, video: Picture, *, identify: Optional[bool] = None,
            fmr: Optional[float] = None, threshold: Optional[float] = None, camera: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Job:
        """
        Judge a video of a person doing the steps. A job. Its `result` has `decision` (live, spoof, unknown),
        `reason` (passed, spoof, timeout, wrong_action, face_lost, identity_changed, unfinished, not_judged),
        `steps` with the seconds at which each was asked and done, what the networks say of the same frames
        (`live`, `live_decision`, `live_reason`) and, with `identify`, who of the collection it is: nobody is
        named who is not judged live. The video is not kept. Wants scope identify.
        :param collection: Name of a collection.
        :param challenge: `challenge` of the answer that asked for the steps.
        :param identify: Also say who it is.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/liveness/challenges/{_segment(challenge)}/video",
                query={"identify": identify, "fmr": fmr, "threshold": threshold, "camera": camera},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("video", video)],
                pictures=frozenset({"video"}), repeatable=True))
        return answer

    async def search_with_sealed_probe(
            self, collection: CollectionName, file: Picture, *, purpose: Optional[str] = None) -> bytes:
        """
        Compare a sealed probe with a collection. The body is what `vultus sealed probe` makes. The answer holds
        the encrypted scores of all faces and the names of their subjects, sealed for whoever has the secret
        key: the server sees neither probe nor scores. It must trust the caller to have sealed an honest
        template: other values can carry the collection's templates out. Wants scope admin.
        :param collection: Name of a collection.
        :param purpose: Why, for the audit log.
        :param file: A sealed probe, as vultus sealed probe makes it.
        """
        answer: bytes = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/sealed-search", headers={"X-Purpose": purpose},
                content=file), "bytes")
        return answer

    async def list_subjects(
            self, collection: CollectionName, *, limit: Optional[int] = None, cursor: Optional[str] = None,
            name: Optional[str] = None) -> SubjectList:
        """
        The people of a collection. In the order of the bytes of their names. Wants scope read.
        :param collection: Name of a collection.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        :param name: Only the subject of this name.
        """
        answer: SubjectList = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects", query={"limit": limit, "cursor": cursor,
                "name": name}))
        return answer

    async def iter_subjects(
            self, collection: CollectionName, *, limit: Optional[int] = None,
            name: Optional[str] = None) -> AsyncIterator[ListedSubject]:
        """All pages of list_subjects(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_subjects(collection, limit=limit, name=name, cursor=cursor)
            for row in page["subjects"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def add_subject(
            self, collection: CollectionName, subject: PersonName, *, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Subject:
        """
        Add a person who has no face yet. Enrolling a picture makes its subject by itself; this is for those
        whose pictures come later. Wants scope enrol.
        :param collection: Name of a collection.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects", headers={"Idempotency-Key": idempotency_key,
                "X-Purpose": purpose}, body={"subject": subject}, repeatable=True))
        return answer

    async def get_subject(
            self, collection: CollectionName, subject: int, *, if_none_match: Optional[str] = None) -> Subject:
        """
        What is known of a person. With an ETag for changes with If-Match. Wants scope read.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_none_match: ETag of the subject as the caller has it: where it is still the same, 304 is
            answered.
        """
        answer: Subject = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-None-Match": if_none_match}))
        return answer

    async def change_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None, new_subject: Union[PersonName,
            NotGiven] = NOT_GIVEN, if_taken: Union[Literal["refuse", "merge"], NotGiven] = NOT_GIVEN,
            external_id: Union[OptionalText, NotGiven] = NOT_GIVEN, tags: Union[List[str], NotGiven] = NOT_GIVEN,
            consent: Union[OptionalText, NotGiven] = NOT_GIVEN, use: Union[OptionalText, NotGiven] = NOT_GIVEN,
            retain_until: Union[Optional[str], NotGiven] = NOT_GIVEN, notes: Union[OptionalText,
            NotGiven] = NOT_GIVEN) -> Subject:
        """
        Rename a person, or say more about them. What the body does not name stays. A name that another subject
        has is refused, or with `if_taken: merge` the faces go to that subject. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param retain_until: 2027-01-31, the first moment of that day, or 2027-01-31T12:00:00Z.
        """
        answer: Subject = await self._call(Call(
                "PATCH", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"subject": new_subject, "if_taken": if_taken, "external_id": external_id, "tags": tags,
                "consent": consent, "use": use, "retain_until": retain_until, "notes": notes}, repeatable=True))
        return answer

    async def delete_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> SubjectRemoval:
        """
        Remove a person. All faces go with the subject, and their bytes are overwritten. To prove it, forget
        instead. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: SubjectRemoval = await self._call(Call(
                "DELETE", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                repeatable=True))
        return answer

    async def list_faces(self, collection: CollectionName, subject: int) -> FaceList:
        """
        The enrolled faces of a person. Oldest first; without templates. Wants scope read.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        """
        answer: FaceList = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/faces"))
        return answer

    async def forget_subject(
            self, collection: CollectionName, subject: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> ForgetProof:
        """
        Forget a person, with a proof. Destroys the subject's key where the collection is encrypted, removes
        everything, and searches the files for what is left: the answer tells what was looked for. Wants scope
        admin.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: ForgetProof = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/forget",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                repeatable=True))
        return answer

    async def merge_subject(
            self, collection: CollectionName, subject: int, into: int, *, if_match: Optional[str] = None,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Subject:
        """
        Give all faces of a person to another one. For one person under two names. The other one's name and
        details stay. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param if_match: ETag of the subject as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/merge",
                headers={"If-Match": if_match, "Idempotency-Key": idempotency_key, "X-Purpose": purpose},
                body={"into": into}, repeatable=True))
        return answer

    async def split_subject(
            self, collection: CollectionName, subject: int, faces: List[int], new_subject: PersonName, *,
            idempotency_key: Optional[str] = None, purpose: Optional[str] = None) -> Subject:
        """
        Make a person of some faces of another one. For two people under one name. It is kept that the faces do
        not show the person they were taken from. At least one face stays. Wants scope enrol.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Subject = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/split",
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, body={"faces": faces,
                "subject": new_subject}, repeatable=True))
        return answer

    async def verify_subject(
            self, collection: CollectionName, subject: int, image: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, purpose: Optional[str] = None) -> SubjectVerification:
        """
        Does a picture show this subject?. The main face of the picture against all faces of the subject; the
        closest decides. Wants scope identify.
        :param collection: Name of a collection.
        :param subject: Number of a subject. Names stay out of paths, and so out of the logs of proxies.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param purpose: Why, for the audit log.
        """
        answer: SubjectVerification = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/subjects/{_segment(subject)}/verify",
                query={"fmr": fmr, "threshold": threshold}, headers={"X-Purpose": purpose}, form=[("image", image)],
                pictures=frozenset({"image"})))
        return answer

    async def get_threshold(
            self, collection: CollectionName, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None) -> Threshold:
        """
        The threshold for a false match rate. What identify and verify use for the same `fmr` or `threshold`,
        and where it comes from. Wants scope read.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        """
        answer: Threshold = await self._call(Call(
                "GET", f"/v1/collections/{_segment(collection)}/threshold", query={"fmr": fmr, "threshold": threshold}))
        return answer

    async def track(
            self, collection: CollectionName, video: Picture, *, fmr: Optional[float] = None,
            threshold: Optional[float] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> Job:
        """
        Say who is in a video, and when. A job. Its `result` has `frames`, `seconds`, `damaged_frames` and
        `tracks`: from and to in seconds, who it is by all the evidence, and the best view. Everything that was
        seen is in its Timeline. Video and Timeline are kept until the server ends or somebody of the collection
        is removed. Wants scope identify.
        :param collection: Name of a collection.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: Job = await self._call(Call(
                "POST", f"/v1/collections/{_segment(collection)}/track", query={"fmr": fmr, "threshold": threshold},
                headers={"Idempotency-Key": idempotency_key, "X-Purpose": purpose}, form=[("video", video)],
                pictures=frozenset({"video"}), repeatable=True))
        return answer

    async def compare_faces(
            self, image_a: Picture, image_b: Picture, *, fmr: Optional[float] = None, threshold: Optional[float] = None,
            quality: Optional[bool] = None, purpose: Optional[str] = None) -> Comparison:
        """
        Compare all faces of two pictures. Every face of the one with every face of the other. Wants scope
        identify.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: Comparison = await self._call(Call(
                "POST", "/v1/compare", query={"fmr": fmr, "threshold": threshold, "quality": quality},
                headers={"X-Purpose": purpose}, form=[("image_a", image_a), ("image_b", image_b)],
                pictures=frozenset({"image_a", "image_b"})))
        return answer

    async def list_compreface_services(self) -> ComprefaceServiceList:
        """All services of the CompreFace interface. Ended ones too, without their keys. Wants scope admin."""
        answer: ComprefaceServiceList = await self._call(Call("GET", "/v1/compatibility/compreface/services"))
        return answer

    async def create_compreface_service(
            self, name: str, kind: ComprefaceKind, *, idempotency_key: Optional[str] = None,
            collection: Union[Optional[str], NotGiven] = NOT_GIVEN, per_second: Union[Optional[float],
            NotGiven] = NOT_GIVEN, burst: Union[Optional[int], NotGiven] = NOT_GIVEN, per_day: Union[Optional[int],
            NotGiven] = NOT_GIVEN, expires: Union[Optional[str], NotGiven] = NOT_GIVEN) -> MadeComprefaceService:
        """
        Make a service of the CompreFace interface. `secret` is the UUID that clients of CompreFace send as
        `x-api-key`; it is told once. A service of recognition serves one collection, which must be there. Wants
        scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param collection: Of recognition, and of no other kind.
        """
        answer: MadeComprefaceService = await self._call(Call(
                "POST", "/v1/compatibility/compreface/services", headers={"Idempotency-Key": idempotency_key},
                body={"name": name, "kind": kind, "collection": collection, "per_second": per_second, "burst": burst,
                "per_day": per_day, "expires": expires}, repeatable=True))
        return answer

    async def end_compreface_service(self, service: str) -> ComprefaceService:
        """
        End a service. Its key is refused at once, and for good. The collection stays. Wants scope admin.
        :param service: Id of a service: 16 hex digits, no secret.
        """
        answer: ComprefaceService = await self._call(Call(
                "DELETE", f"/v1/compatibility/compreface/services/{_segment(service)}"))
        return answer

    async def detect_faces(
            self, image: Picture, *, quality: Optional[bool] = None, purpose: Optional[str] = None,
            liveness: Optional[bool] = None, camera: Optional[str] = None) -> SeenPicture:
        """
        Find the faces of a picture. Most prominent (large and central) first. A picture without a face is an
        answer, not an error. Wants scope identify.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        :param liveness: Also judge whether each face is that of a person.
        :param camera: Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has
            measured it; else by 0.5.
        """
        answer: SeenPicture = await self._call(Call(
                "POST", "/v1/detect", query={"quality": quality, "liveness": liveness, "camera": camera},
                headers={"X-Purpose": purpose}, form=[("image", image)], pictures=frozenset({"image"})))
        return answer

    async def embed_faces(
            self, image: Picture, *, quality: Optional[bool] = None, purpose: Optional[str] = None) -> EmbeddedPicture:
        """
        Make a template of every face of a picture. Templates are biometric data. They can be compared with
        templates of the same `model` alone. Wants scope identify.
        :param quality: Also measure how usable each face is.
        :param purpose: Why, for the audit log.
        """
        answer: EmbeddedPicture = await self._call(Call(
                "POST", "/v1/embed", query={"quality": quality}, headers={"X-Purpose": purpose}, form=[("image",
                image)], pictures=frozenset({"image"})))
        return answer

    async def list_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            limit: Optional[int] = None, cursor: Optional[str] = None) -> EventList:
        """
        What has happened before cameras. Newest first, of the collections that the key sees. Wants scope read.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: EventList = await self._call(Call(
                "GET", "/v1/events", query={"camera": camera, "kind": kind, "subject": subject, "from": from_, "to": to,
                "limit": limit, "cursor": cursor}))
        return answer

    async def iter_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            limit: Optional[int] = None) -> AsyncIterator[Event]:
        """All pages of list_events(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_events(
                    camera=camera, kind=kind, subject=subject, from_=from_, to=to, limit=limit, cursor=cursor)
            for row in page["events"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def remove_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            idempotency_key: Optional[str] = None) -> EventRemoval:
        """
        Remove many events with their pictures. Those that the query names; without one all that the key sees.
        Wants scope admin.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: EventRemoval = await self._call(Call(
                "DELETE", "/v1/events", query={"camera": camera, "kind": kind, "subject": subject, "from": from_,
                "to": to}, headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    def stream_events(
            self, *, camera: Optional[str] = None, kind: Optional[Literal["known", "unknown", "lost"]] = None,
            subject: Optional[PersonName] = None, from_: Optional[str] = None, to: Optional[str] = None,
            last_event_id: Optional[str] = None) -> AsyncIterator[StreamEvent]:
        """
        Events as they happen. Server-sent events: `event` is the kind, `data` the event, `id` its number. With
        Last-Event-ID it goes on behind that event, as browsers do by themselves. Wants scope read.
        :param camera: Of this camera.
        :param kind: Of this kind.
        :param subject: Of the person with this name.
        :param from_: Not before this time.
        :param to: Before this time.
        :param last_event_id: Number of the last event that the caller has.
        """
        return self._events(Call(
                "GET", "/v1/events/stream", query={"camera": camera, "kind": kind, "subject": subject, "from": from_,
                "to": to}, headers={"Last-Event-ID": last_event_id}))

    async def get_event(self, event: int) -> Event:
        """
        One event. Wants scope read.
        :param event: Number of an event.
        """
        answer: Event = await self._call(Call("GET", f"/v1/events/{_segment(event)}"))
        return answer

    async def remove_event(self, event: int, *, idempotency_key: Optional[str] = None) -> EventRemoval:
        """
        Remove an event with its picture. Wants scope admin.
        :param event: Number of an event.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: EventRemoval = await self._call(Call(
                "DELETE", f"/v1/events/{_segment(event)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    async def get_event_picture(self, event: int) -> bytes:
        """
        The face of an event. JPEG of 112 x 112 pixels, for as long as it is kept. Wants scope read.
        :param event: Number of an event.
        """
        answer: bytes = await self._call(Call("GET", f"/v1/events/{_segment(event)}/picture"), "bytes")
        return answer

    async def get_health(self) -> Health:
        """Is the process alive?. Needs no key and touches nothing."""
        answer: Health = await self._call(Call("GET", "/v1/health"))
        return answer

    async def list_jobs(self) -> JobList:
        """Jobs of the collections that the key sees. Newest first. A restart forgets them. Wants scope read."""
        answer: JobList = await self._call(Call("GET", "/v1/jobs"))
        return answer

    async def get_job(self, job: str) -> Job:
        """
        How a job fares. Wants scope read.
        :param job: Id of a job.
        """
        answer: Job = await self._call(Call("GET", f"/v1/jobs/{_segment(job)}"))
        return answer

    async def cancel_job(self, job: str, *, idempotency_key: Optional[str] = None) -> Job:
        """
        Ask a job to stop. One that has ended stays as it is. Wants scope admin.
        :param job: Id of a job.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: Job = await self._call(Call(
                "DELETE", f"/v1/jobs/{_segment(job)}", headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    def follow_job(self, job: str, *, last_event_id: Optional[str] = None) -> AsyncIterator[StreamEvent]:
        """
        What a job tells while it works. Server-sent events: `track` for each face that was followed to its end
        (`data` as in the result), `step` for each step of a liveness check that is asked for, `progress`, and
        `end` with the whole job, which ends the stream. `id` counts what belongs to the result; with Last-
        Event-ID it goes on behind that. Wants scope read.
        :param job: Id of a job.
        :param last_event_id: Number of the last event that the caller has.
        """
        return self._events(Call("GET", f"/v1/jobs/{_segment(job)}/stream", headers={"Last-Event-ID": last_event_id}))

    async def get_timeline(self, job: str) -> bytes:
        """
        The Timeline of a video that was followed. A file for `vultus report`; its tables are those of
        docs/timeline-format.md. Wants scope identify.
        :param job: Id of a job.
        """
        answer: bytes = await self._call(Call("GET", f"/v1/jobs/{_segment(job)}/timeline"), "bytes")
        return answer

    async def list_keys(self) -> KeyList:
        """All keys, revoked ones too. Without their secrets, which the server does not know. Wants scope admin."""
        answer: KeyList = await self._call(Call("GET", "/v1/keys"))
        return answer

    async def create_key(
            self, name: str, scope: Scope, *, idempotency_key: Optional[str] = None,
            collections: Union[Optional[List[CollectionName]], NotGiven] = NOT_GIVEN, per_second: Union[Optional[float],
            NotGiven] = NOT_GIVEN, burst: Union[Optional[int], NotGiven] = NOT_GIVEN, per_day: Union[Optional[int],
            NotGiven] = NOT_GIVEN, expires: Union[Optional[str], NotGiven] = NOT_GIVEN) -> MadeKey:
        """
        Make a key. `secret` is told once: the server keeps a keyed hash of it. Without `collections` the key
        sees all, also those to come. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param scope: Each allows what those before it allow.
        :param burst: Requests at once; 1 unless told.
        :param per_day: Of a day in UTC.
        """
        answer: MadeKey = await self._call(Call(
                "POST", "/v1/keys", headers={"Idempotency-Key": idempotency_key}, body={"name": name, "scope": scope,
                "collections": collections, "per_second": per_second, "burst": burst, "per_day": per_day,
                "expires": expires}, repeatable=True))
        return answer

    async def get_key(self, key: str) -> Key:
        """
        One key. Wants scope admin.
        :param key: Id of a key: 16 hex digits, no secret.
        """
        answer: Key = await self._call(Call("GET", f"/v1/keys/{_segment(key)}"))
        return answer

    async def revoke_key(self, key: str, *, idempotency_key: Optional[str] = None) -> Key:
        """
        Revoke a key. At once, and for good. The last key that can make keys stays. Wants scope admin.
        :param key: Id of a key: 16 hex digits, no secret.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: Key = await self._call(Call(
                "DELETE", f"/v1/keys/{_segment(key)}", headers={"Idempotency-Key": idempotency_key}, repeatable=True))
        return answer

    async def get_document(self) -> Dict[str, Any]:
        """This document. Needs no key."""
        answer: Dict[str, Any] = await self._call(Call("GET", "/v1/openapi.json"))
        return answer

    async def get_problem(self, code: str) -> ProblemKind:
        """
        What a code of a refusal means. The `type` of every refusal leads here. Needs no key.
        :param code: Code of a problem.
        """
        answer: ProblemKind = await self._call(Call("GET", f"/v1/problems/{_segment(code)}"))
        return answer

    async def get_readiness(self) -> Readiness:
        """Does it take work?. 503 while it starts or stops: for load balancers. Needs no key."""
        answer: Readiness = await self._call(Call("GET", "/v1/ready"))
        return answer

    async def list_sealed(self, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> SealedList:
        """
        The sealed galleries that the key sees. By name. A key that is for some collections sees the sealed
        galleries of these names. Wants scope read.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: SealedList = await self._call(Call("GET", "/v1/sealed", query={"limit": limit, "cursor": cursor}))
        return answer

    async def iter_sealed(self, *, limit: Optional[int] = None) -> AsyncIterator[SealedListGalleriesItem]:
        """All pages of list_sealed(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_sealed(limit=limit, cursor=cursor)
            for row in page["galleries"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def get_sealed(self, sealed: SealedName, *, if_none_match: Optional[str] = None) -> SealedGallery:
        """
        What a sealed gallery is. No names and no templates: they are sealed for whoever has the secret key.
        Wants scope read.
        :param sealed: Name of a sealed gallery.
        :param if_none_match: ETag of the gallery as the caller has it: where it is still the same, 304 is
            answered.
        """
        answer: SealedGallery = await self._call(Call(
                "GET", f"/v1/sealed/{_segment(sealed)}", headers={"If-None-Match": if_none_match}))
        return answer

    async def put_sealed(
            self, sealed: SealedName, file: Picture, *, if_match: Optional[str] = None,
            if_none_match: Optional[str] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> SealedGallery:
        """
        Keep a sealed gallery, or replace it. The file that `vultus sealed enroll` makes. All of it is read and
        checked before anything is changed; a secret key is refused and not kept. Wants scope enrol.
        :param sealed: Name of a sealed gallery.
        :param if_match: ETag of the gallery as it was read: where it has changed since, nothing is done.
        :param if_none_match: `*`: nothing is done where there is a gallery of this name already.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        :param file: A sealed gallery, as vultus sealed enroll makes it.
        """
        answer: SealedGallery = await self._call(Call(
                "PUT", f"/v1/sealed/{_segment(sealed)}", headers={"If-Match": if_match, "If-None-Match": if_none_match,
                "Idempotency-Key": idempotency_key, "X-Purpose": purpose}, content=file, repeatable=True))
        return answer

    async def delete_sealed(
            self, sealed: SealedName, *, if_match: Optional[str] = None, idempotency_key: Optional[str] = None,
            purpose: Optional[str] = None) -> RemovedSealed:
        """
        Remove a sealed gallery. Its audit log stays. Cannot be taken back. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        :param if_match: ETag of the gallery as it was read: where it has changed since, nothing is done.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param purpose: Why, for the audit log.
        """
        answer: RemovedSealed = await self._call(Call(
                "DELETE", f"/v1/sealed/{_segment(sealed)}", headers={"If-Match": if_match,
                "Idempotency-Key": idempotency_key, "X-Purpose": purpose}, repeatable=True))
        return answer

    async def list_sealed_audit_records(
            self, sealed: SealedName, *, limit: Optional[int] = None, cursor: Optional[str] = None) -> AuditRecordList:
        """
        The records of the audit log. Oldest first. Subjects and faces stand under pseudonyms, callers under the
        ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants
        scope admin.
        :param sealed: Name of a sealed gallery.
        :param limit: How many to answer at most.
        :param cursor: Where to go on: `next` of the page before.
        """
        answer: AuditRecordList = await self._call(Call(
                "GET", f"/v1/sealed/{_segment(sealed)}/audit", query={"limit": limit, "cursor": cursor}))
        return answer

    async def iter_sealed_audit_records(
            self, sealed: SealedName, *, limit: Optional[int] = None) -> AsyncIterator[AuditRecord]:
        """All pages of list_sealed_audit_records(), one after the other."""
        cursor: Optional[str] = None
        while True:
            page = await self.list_sealed_audit_records(sealed, limit=limit, cursor=cursor)
            for row in page["records"]:
                yield row
            cursor = page.get("next")
            if cursor is None:
                return

    async def get_sealed_audit_head(self, sealed: SealedName) -> AuditHead:
        """
        The end of the log, signed. Kept elsewhere, it shows later that nothing before it was changed or taken
        away. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        """
        answer: AuditHead = await self._call(Call("GET", f"/v1/sealed/{_segment(sealed)}/audit/head"))
        return answer

    async def verify_sealed_audit(
            self, sealed: SealedName, *, head: Union[AuditHead, NotGiven] = NOT_GIVEN) -> AuditVerdict:
        """
        Look for changed, missing and cut-off records. Also against a head that was taken before. Tells what
        this shows and what it does not. Wants scope admin.
        :param sealed: Name of a sealed gallery.
        """
        answer: AuditVerdict = await self._call(Call(
                "POST", f"/v1/sealed/{_segment(sealed)}/audit/verify", body={"head": head}))
        return answer

    async def search_sealed(
            self, sealed: SealedName, *, image: Union[Picture, NotGiven] = NOT_GIVEN, row: Optional[int] = None,
            purpose: Optional[str] = None, template: Union[List[float], NotGiven] = NOT_GIVEN, model: Union[str,
            NotGiven] = NOT_GIVEN) -> bytes:
        """
        Compare a probe with a sealed gallery. The probe is a picture, whose main face counts, or a template.
        The answer holds the encrypted scores of all rows, and their sealed names, for whoever has the secret
        key: the server sees the probe, and neither names nor scores. With `row` one row is compared. Wants
        scope identify.
        :param sealed: Name of a sealed gallery.
        :param row: Only this row, from 0 on. The key holder can then read the scores of the rows of its pack,
            too.
        :param purpose: Why, for the audit log.
        :param template: In place of a picture: a template of unit length.
        :param model: What made the template.
        """
        answer: bytes = await self._call(Call(
                "POST", f"/v1/sealed/{_segment(sealed)}/search", query={"row": row}, headers={"X-Purpose": purpose},
                form=[("image", image)], pictures=frozenset({"image"}), body={"template": template,
                "model": model}), "bytes")
        return answer

    async def get_system(self) -> System:
        """
        Version, networks and limits. Which preset and networks answer, under which licences, and how large a
        picture may be. Wants scope read.
        """
        answer: System = await self._call(Call("GET", "/v1/system"))
        return answer

    async def verify_pictures(
            self, image_a: Picture, image_b: Picture, *, fmr: Optional[float] = None, threshold: Optional[float] = None,
            purpose: Optional[str] = None) -> PictureVerification:
        """
        Do two pictures show one person?. The main face of each counts. Wants scope identify.
        :param fmr: Wanted false match rate; unless told that of the collection's calibration or of the preset.
        :param threshold: A similarity of your own instead; comes before `fmr`.
        :param purpose: Why, for the audit log.
        """
        answer: PictureVerification = await self._call(Call(
                "POST", "/v1/verify", query={"fmr": fmr, "threshold": threshold}, headers={"X-Purpose": purpose},
                form=[("image_a", image_a), ("image_b", image_b)], pictures=frozenset({"image_a", "image_b"})))
        return answer

    async def list_webhooks(self) -> WebhookList:
        """Webhooks that are told events which the key sees. Without their secrets. Wants scope admin."""
        answer: WebhookList = await self._call(Call("GET", "/v1/webhooks"))
        return answer

    async def add_webhook(
            self, name: str, url: str, *, idempotency_key: Optional[str] = None,
            collections: Union[Optional[List[CollectionName]], NotGiven] = NOT_GIVEN, kinds: Union[EventKinds,
            NotGiven] = NOT_GIVEN) -> MadeWebhook:
        """
        Tell another server what happens before cameras. Each event is posted as JSON, with the headers webhook-
        id, webhook-timestamp and webhook-signature of Standard Webhooks. What is not answered with a status 2xx
        is sent again, later and later, and becomes a dead letter in the end. Wants scope admin.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        :param url: http:// or https://, on the server's allow-list.
        :param collections: Whose events it is told; all that the key sees unless told.
        :param kinds: Empty: all.
        """
        answer: MadeWebhook = await self._call(Call(
                "POST", "/v1/webhooks", headers={"Idempotency-Key": idempotency_key}, body={"name": name, "url": url,
                "collections": collections, "kinds": kinds}, repeatable=True))
        return answer

    async def get_webhook(self, webhook: str) -> Webhook:
        """
        One webhook. Wants scope admin.
        :param webhook: Id of a webhook.
        """
        answer: Webhook = await self._call(Call("GET", f"/v1/webhooks/{_segment(webhook)}"))
        return answer

    async def remove_webhook(self, webhook: str, *, idempotency_key: Optional[str] = None) -> WebhookRemoval:
        """
        Remove a webhook. What waits for it goes with it. Wants scope admin.
        :param webhook: Id of a webhook.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: WebhookRemoval = await self._call(Call(
                "DELETE", f"/v1/webhooks/{_segment(webhook)}", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    async def list_dead_letters(self, webhook: str, *, limit: Optional[int] = None) -> DeadLetterList:
        """
        Messages that were given up. The newest first; the oldest are dropped when there are too many. Wants
        scope admin.
        :param webhook: Id of a webhook.
        :param limit: How many to answer at most.
        """
        answer: DeadLetterList = await self._call(Call(
                "GET", f"/v1/webhooks/{_segment(webhook)}/dead-letters", query={"limit": limit}))
        return answer

    async def send_dead_letters_again(self, webhook: str, *, idempotency_key: Optional[str] = None) -> SentAgain:
        """
        Send what was given up again. Under the same webhook-id, with all attempts anew. Wants scope admin.
        :param webhook: Id of a webhook.
        :param idempotency_key: Any text of the caller's own. For 24 hours the same request with the same text
            gets the same answer and is not carried out again; another request with it is refused.
        """
        answer: SentAgain = await self._call(Call(
                "POST", f"/v1/webhooks/{_segment(webhook)}/dead-letters", headers={"Idempotency-Key": idempotency_key},
                repeatable=True))
        return answer

    async def get_caller(self) -> Key:
        """What the key of this request may do. Wants scope read."""
        answer: Key = await self._call(Call("GET", "/v1/whoami"))
        return answer
