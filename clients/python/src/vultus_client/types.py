# Made from the server's OpenAPI document by tools/generate.py; changes belong there.
"""Bodies and answers of the server."""
from typing import Any, Dict, List, Literal, Optional, Union

from typing_extensions import NotRequired, TypedDict


Time = str


class AuditRecord(TypedDict):
    number: int
    at: Time
    who: str
    purpose: Optional[str]
    what: str
    subjects: List[str]
    faces: List[str]
    count: Optional[int]
    detail: Optional[str]
    shard: NotRequired[str]
    """In whose log it stands, where the collection has shards."""


Cursor = Optional[str]


class AuditRecordList(TypedDict):
    records: List[AuditRecord]
    next: Cursor


class AuditHead(TypedDict):
    gallery: str
    number: int
    at: Time
    mac: str
    public_key: str
    """Ed25519."""
    signature: str


class AuditVerdict(TypedDict):
    ok: bool
    records: int
    findings: List[str]
    proven: List[str]
    not_proven: List[str]


CollectionName = str

RequireLive = bool


class Zone(TypedDict):
    name: str
    polygon: List[List[float]]
    """Corners, shares of width and height."""


class CameraRules(TypedDict):
    """
    What is worth an event. A face is in a zone when the centre of its box is; without zones the whole picture
    counts.
    """
    zones: NotRequired[List[Zone]]
    minimum_face_px: NotRequired[float]
    """Of the shorter side of a face; 0 unless told."""
    once_per_visit_s: NotRequired[float]
    """A person who was not seen for longer is told again; 60 unless told."""


class Camera(TypedDict):
    camera: str
    name: str
    source: str
    """Without user name, password and query."""
    collection: CollectionName
    enabled: bool
    loop: bool
    require_live: RequireLive
    state: Literal["running", "connecting", "waiting", "stopped"]
    """waiting: it failed and is opened again after a while."""
    error: Optional[str]
    frames_per_second: Optional[float]
    rules: CameraRules
    created: Time


class CameraList(TypedDict):
    cameras: List[Camera]


CameraSource = str


class CameraRemoval(TypedDict):
    removed: str
    events: int
    """That went with it."""


class CollectionListCollectionsItem(TypedDict):
    collection: CollectionName


class CollectionList(TypedDict):
    collections: List[CollectionListCollectionsItem]
    next: Cursor


AuditLevel = Literal["off", "changes", "all"]


class Collection(TypedDict):
    collection: CollectionName
    subjects: int
    faces: int
    model: str
    preset: Optional[str]
    created: Time
    encrypted: bool
    audit: AuditLevel
    shards: NotRequired[int]
    shards_answered: NotRequired[int]


class RemovedCollection(TypedDict):
    removed: CollectionName
    keys: int
    """Keys that are for this collection alone and valid still: they open a new one of this name, too."""


Rate = Optional[float]


class CalibrationRecord(TypedDict):
    made: Time
    threshold: float
    fmr: Rate
    target: Rate
    fmr_interval: Optional[List[float]]
    fnmr: Rate
    fpir: Rate
    ece: Rate
    impostor_pairs: int
    mated_pairs: int
    subjects: int
    source: str


class CalibrationList(TypedDict):
    calibrations: List[CalibrationRecord]


OptionalTime = Optional[str]


class JobError(TypedDict):
    code: str
    message: str


class Job(TypedDict):
    job: str
    kind: str
    collection: CollectionName
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: Optional[float]
    created: Time
    ended: OptionalTime
    result: Optional[Dict[str, Any]]
    error: Optional[JobError]


FaceBox = List[float]


class ClusterFace(TypedDict):
    image: int
    """Its number in the request."""
    face: int
    box: FaceBox
    quality: Optional[float]
    """0 to 100."""
    similarity: NotRequired[float]
    """To the subject; of known faces."""


class ClustersClustersItem(TypedDict):
    cluster: int
    faces: List[ClusterFace]


class ClustersKnownItem(TypedDict):
    subject: str
    subject_id: int
    faces: List[ClusterFace]


class ClustersSkippedItem(TypedDict):
    image: int
    reason: str
    message: str


class Clusters(TypedDict):
    threshold: float
    """From which similarity faces and clusters are joined."""
    fmr: Optional[float]
    clusters: List[ClustersClustersItem]
    known: List[ClustersKnownItem]
    skipped: List[ClustersSkippedItem]


class Expiry(TypedDict):
    dry_run: bool
    subjects: List[int]
    faces: List[int]
    """Of other subjects."""


PersonName = str


class EnrolmentStep(TypedDict):
    image: int
    """Its number in the request."""
    subject: str
    subject_id: Optional[int]
    result: Literal["enrolled", "already_there", "skipped"]
    face: Optional[int]
    """Number of the enrolled face."""
    reason: Optional[str]
    """
    no_face, no_face_in_box, several_faces, too_small, blurred, not_frontal, duplicate_of:FACE, conflicts_with:NAME,
    or the code of a problem.
    """
    message: Optional[str]


class EnrolmentReport(TypedDict):
    enrolled: int
    already_there: int
    skipped: int
    faces: List[EnrolmentStep]


class FaceRemoval(TypedDict):
    removed: int
    bytes_gone: bool


class SaidNotThisPerson(TypedDict):
    face: int
    subject: int
    said: bool


Box = List[float]

Keypoints = List[List[float]]

OptionalSimilarity = Optional[float]

Similarity = float

Probability = Optional[float]

CalibratedOn = Literal["preset", "gallery"]


class Candidate(TypedDict):
    subject: str
    subject_id: int
    face: int
    """Number of the enrolled face that is most similar."""
    similarity: Similarity
    probability: Probability


class QualityMeasureValue(TypedDict):
    value: float
    score: float
    unit: NotRequired[str]


QualityMeasure = Optional[QualityMeasureValue]


class Quality(TypedDict):
    """How usable the face is, 0 to 100."""
    unified: float
    measures: Dict[str, QualityMeasure]


Live = Optional[float]

LiveDecision = Literal["live", "spoof", "unknown"]

LiveReason = str


class IdentifiedFace(TypedDict):
    face: int
    box: Box
    detection: float
    face_flag: NotRequired[float]
    keypoints: Keypoints
    inter_eye_px: NotRequired[float]
    subject: Optional[str]
    """Null: nobody known."""
    subject_id: Optional[int]
    similarity: OptionalSimilarity
    threshold: Similarity
    fmr: Rate
    probability: Probability
    calibration: CalibratedOn
    calibration_stale: NotRequired[bool]
    """The collection has grown since it was calibrated."""
    candidates: NotRequired[List[Candidate]]
    quality: NotRequired[Quality]
    live: NotRequired[Live]
    live_decision: NotRequired[LiveDecision]
    live_reason: NotRequired[LiveReason]
    withheld: NotRequired[bool]
    """Nobody is named, because the face was not judged live."""


class Identification(TypedDict):
    width: int
    height: int
    faces: List[IdentifiedFace]
    partial: NotRequired[bool]
    """Of a collection of shards: not all of them answered."""
    shards_asked: NotRequired[int]
    shards_answered: NotRequired[int]
    search_method: NotRequired[str]
    """Told where the search may miss somebody by intent: `cells`."""
    search_recall: NotRequired[float]
    """How often it finds the most similar face, as measured on the collection."""


LivenessStep = Literal["blink", "turn_left", "turn_right", "smile"]


class LivenessChallenge(TypedDict):
    challenge: str
    nonce: str
    """What the steps were drawn with."""
    steps: List[LivenessStep]
    limit_s: float
    show_s: float
    """How long to show each step."""
    created: Time
    expires: Time


class ListedSubject(TypedDict):
    subject: str
    id: int
    faces: int
    created: Time


class SubjectList(TypedDict):
    subjects: List[ListedSubject]
    next: Cursor


OptionalText = Optional[str]


class Subject(TypedDict):
    subject: str
    """The name."""
    id: int
    faces: int
    created: Time
    external_id: OptionalText
    tags: List[str]
    consent: OptionalText
    use: OptionalText
    retain_until: OptionalTime
    notes: OptionalText


class SubjectRemoval(TypedDict):
    removed: int
    faces: int
    bytes_gone: bool
    """False: another process was reading; old bytes go with the next removal."""


class EnrolledFace(TypedDict):
    face: int
    subject_id: int
    enrolled: Time
    source: str
    source_sha256: str
    box: Union[Box, None]
    detection: Optional[float]
    inter_eye_px: Optional[float]
    quality: Optional[float]
    """0 to 1."""
    retain_until: OptionalTime
    thumbnail: bool


class FaceList(TypedDict):
    faces: List[EnrolledFace]


class ForgetProofSearchedItem(TypedDict):
    what: str
    bytes: int
    found: int


class ForgetProof(TypedDict):
    forgotten: int
    faces: int
    at: Time
    pseudonym: Optional[str]
    """Under which the audit log knows the subject."""
    key_fingerprint: Optional[str]
    undo_steps: int
    files: int
    """That were searched."""
    searched: List[ForgetProofSearchedItem]
    log_emptied: bool
    clean: bool


class MainFace(TypedDict):
    box: Box
    detection: float
    face_flag: NotRequired[float]
    keypoints: Keypoints
    inter_eye_px: NotRequired[float]
    faces: int
    """How many the picture shows; this is the main one."""


class SubjectVerification(TypedDict):
    match: bool
    subject: str
    subject_id: int
    enrolled_face: Optional[int]
    """The most similar face of the subject."""
    similarity: Similarity
    threshold: Similarity
    fmr: Rate
    probability: Probability
    calibration: CalibratedOn
    calibration_stale: NotRequired[bool]
    image: MainFace


class Threshold(TypedDict):
    threshold: Similarity
    fmr: Rate
    calibration: CalibratedOn
    calibration_stale: NotRequired[bool]
    source: str
    fpir: Rate


class SeenFace(TypedDict):
    face: int
    """Its number in the picture."""
    box: Box
    detection: float
    face_flag: NotRequired[float]
    keypoints: Keypoints
    inter_eye_px: NotRequired[float]
    quality: NotRequired[Quality]
    live: NotRequired[Live]
    live_decision: NotRequired[LiveDecision]
    live_reason: NotRequired[LiveReason]
    embedding: NotRequired[List[float]]
    """Of unit length; where it was asked for."""


class SeenPicture(TypedDict):
    width: int
    height: int
    faces: List[SeenFace]


class FacePair(TypedDict):
    a: int
    b: int
    match: bool
    similarity: Similarity
    probability: Probability


class Comparison(TypedDict):
    threshold: Similarity
    fmr: Rate
    calibration: CalibratedOn
    calibration_stale: NotRequired[bool]
    a: SeenPicture
    b: SeenPicture
    pairs: List[FacePair]


ComprefaceKind = Literal["recognition", "detection", "verification"]


class ComprefaceService(TypedDict):
    id: str
    name: str
    per_second: Optional[float]
    burst: Optional[int]
    per_day: Optional[int]
    created: Time
    expires: OptionalTime
    revoked: OptionalTime
    last_used: OptionalTime
    kind: ComprefaceKind
    collection: Optional[str]


class ComprefaceServiceList(TypedDict):
    services: List[ComprefaceService]


class MadeComprefaceService(TypedDict):
    id: str
    name: str
    per_second: Optional[float]
    burst: Optional[int]
    per_day: Optional[int]
    created: Time
    expires: OptionalTime
    revoked: OptionalTime
    last_used: OptionalTime
    kind: ComprefaceKind
    collection: Optional[str]
    secret: str
    """The key: a UUID. Nobody can tell it again."""


class EmbeddedPicture(TypedDict):
    width: int
    height: int
    faces: List[SeenFace]
    model: str
    """What the templates are bound to."""


class Event(TypedDict):
    event: int
    time: Time
    camera: str
    collection: CollectionName
    kind: Literal["known", "unknown", "lost"]
    """known: a person came; lost: that person has left; unknown: somebody without a name."""
    subject: Optional[str]
    subject_id: Optional[int]
    similarity: Optional[float]
    """To the subject; of an unknown face to whom it resembles most."""
    threshold: Optional[float]
    """Null where there was not enough evidence to decide."""
    track: int
    zone: Optional[str]
    box: List[float]
    """Left, top, width and height in pixels of the camera."""
    live: Live
    live_decision: Literal["live", "spoof", "unknown", None]
    """Of the track so far; null where the camera does not ask."""
    live_reason: Optional[str]
    picture: bool
    """Whether a picture of the face is kept."""


class EventList(TypedDict):
    events: List[Event]
    next: Cursor


class EventRemoval(TypedDict):
    removed: int


class Health(TypedDict):
    status: Literal['ok']
    version: str


class JobList(TypedDict):
    jobs: List[Job]


Scope = Literal["read", "identify", "enrol", "admin"]


class Key(TypedDict):
    id: str
    name: str
    scope: Scope
    collections: Optional[List[CollectionName]]
    """Null: all, also those to come."""
    per_second: Optional[float]
    burst: Optional[int]
    per_day: Optional[int]
    created: Time
    expires: OptionalTime
    revoked: OptionalTime
    last_used: OptionalTime


class KeyList(TypedDict):
    keys: List[Key]


class MadeKey(TypedDict):
    id: str
    name: str
    scope: Scope
    collections: Optional[List[CollectionName]]
    per_second: Optional[float]
    burst: Optional[int]
    per_day: Optional[int]
    created: Time
    expires: OptionalTime
    revoked: OptionalTime
    last_used: OptionalTime
    secret: str
    """The key itself. Nobody can tell it again."""


class ProblemKind(TypedDict):
    code: str
    status: int
    title: str


class Readiness(TypedDict):
    status: Literal['ready']


SealedName = str


class SealedListGalleriesItem(TypedDict):
    sealed: SealedName


class SealedList(TypedDict):
    galleries: List[SealedListGalleriesItem]
    next: Cursor


class SealedLayout(TypedDict):
    dimension: int
    """Values of a template."""
    sealed_scale: int
    plain_scale: int
    slot_bits: int
    slots: int
    """Rows of a pack."""


class SealedGallery(TypedDict):
    sealed: SealedName
    rows: int
    packs: int
    scheme: Literal["paillier", "damgard-jurik", "okamoto-uchiyama"]
    bits: int
    s: int
    key: str
    """Id of the public key."""
    model: Optional[str]
    """What made its templates; null where its file does not tell."""
    id: str
    """Of the gallery, given by whoever made it."""
    layout: SealedLayout
    bytes: int
    stored: Time


class RemovedSealed(TypedDict):
    removed: SealedName


class ModelLicence(TypedDict):
    package: str
    """SPDX name of the package's licence."""
    commercial: str
    """Whether commercial use is said to be allowed."""


class Model(TypedDict):
    model: str
    task: str
    sha256: Optional[str]
    licence: ModelLicence


class System(TypedDict):
    version: str
    preset: str
    model: str
    """What templates are bound to."""
    dimension: int
    backend: str
    workers: int
    models: List[Model]
    limits: Dict[str, int]


class PictureVerification(TypedDict):
    match: bool
    similarity: Similarity
    threshold: Similarity
    fmr: Rate
    probability: Probability
    calibration: CalibratedOn
    calibration_stale: NotRequired[bool]
    a: MainFace
    b: MainFace


EventKinds = List[Literal["known", "unknown", "lost"]]


class Webhook(TypedDict):
    webhook: str
    name: str
    url: str
    """Without its query."""
    collections: Optional[List[CollectionName]]
    kinds: EventKinds
    waiting: int
    """Messages that are still to be delivered."""
    created: Time


class WebhookList(TypedDict):
    webhooks: List[Webhook]


class MadeWebhook(TypedDict):
    webhook: str
    name: str
    url: str
    collections: Optional[List[CollectionName]]
    kinds: EventKinds
    waiting: int
    created: Time
    secret: str
    """What messages are signed with. It is not told again."""


class WebhookRemoval(TypedDict):
    removed: str


class DeadLetter(TypedDict):
    message: str
    """The webhook-id of its attempts."""
    event: int
    attempts: int
    error: Optional[str]
    """Of the last attempt."""


class DeadLetterList(TypedDict):
    dead_letters: List[DeadLetter]


class SentAgain(TypedDict):
    sent_again: int


Base64Picture = str


class Picture(TypedDict):
    image: Base64Picture


class PictureForm(TypedDict):
    image: str


class TwoPictures(TypedDict):
    image_a: Base64Picture
    image_b: Base64Picture


class TwoPicturesForm(TypedDict):
    image_a: str
    image_b: str


class Video(TypedDict):
    video: str
    """In base64: MP4, MOV, MKV, WebM, AVI. Its type is told by its bytes."""


class VideoForm(TypedDict):
    video: str


class NewChallenge(TypedDict):
    steps: NotRequired[int]
    limit_s: NotRequired[float]
    """Seconds for each step."""


class NewCollection(TypedDict):
    collection: CollectionName
    encrypted: NotRequired[bool]
    """Names, texts, templates and pictures under keys of their subjects."""
    audit: NotRequired[AuditLevel]


class CollectionChange(TypedDict):
    audit: AuditLevel


class ExpiryRequest(TypedDict):
    dry_run: NotRequired[bool]


class NewSubject(TypedDict):
    subject: PersonName


class SubjectChange(TypedDict):
    subject: NotRequired[PersonName]
    if_taken: NotRequired[Literal["refuse", "merge"]]
    external_id: NotRequired[OptionalText]
    tags: NotRequired[List[str]]
    consent: NotRequired[OptionalText]
    use: NotRequired[OptionalText]
    retain_until: NotRequired[Optional[str]]
    """2027-01-31, the first moment of that day, or 2027-01-31T12:00:00Z."""
    notes: NotRequired[OptionalText]


class MergeRequest(TypedDict):
    into: int


class SplitRequest(TypedDict):
    faces: List[int]
    subject: PersonName


class NotThisPerson(TypedDict):
    subject: int
    taken_back: NotRequired[bool]


class EnrolmentFacesItem(TypedDict):
    subject: PersonName
    image: Base64Picture
    box: NotRequired[FaceBox]


class Enrolment(TypedDict):
    faces: List[EnrolmentFacesItem]


class Photos(TypedDict):
    images: List[Base64Picture]


class PhotosForm(TypedDict):
    images: List[str]


class EnrolmentForm(TypedDict):
    subject: PersonName
    image: List[str]


class Problem(TypedDict):
    """RFC 9457. `code` is stable; `detail` is for people."""
    type: str
    title: str
    status: int
    code: str
    detail: NotRequired[str]
    request_id: NotRequired[str]


class NewKey(TypedDict):
    name: str
    scope: Scope
    collections: NotRequired[Optional[List[CollectionName]]]
    per_second: NotRequired[Optional[float]]
    burst: NotRequired[Optional[int]]
    """Requests at once; 1 unless told."""
    per_day: NotRequired[Optional[int]]
    """Of a day in UTC."""
    expires: NotRequired[Optional[str]]


class NewComprefaceService(TypedDict):
    name: str
    kind: ComprefaceKind
    collection: NotRequired[Optional[str]]
    """Of recognition, and of no other kind."""
    per_second: NotRequired[Optional[float]]
    burst: NotRequired[Optional[int]]
    per_day: NotRequired[Optional[int]]
    expires: NotRequired[Optional[str]]


class CalibrationRequest(TypedDict):
    fmr: float
    prior: NotRequired[float]
    seed: NotRequired[int]
    dry_run: NotRequired[bool]


class AuditVerification(TypedDict):
    head: NotRequired[AuditHead]


class NewCamera(TypedDict):
    name: str
    source: CameraSource
    collection: CollectionName
    enabled: NotRequired[bool]
    loop: NotRequired[bool]
    """A file begins again at its end."""
    require_live: NotRequired[RequireLive]
    rules: NotRequired[CameraRules]


class CameraChange(TypedDict):
    name: NotRequired[str]
    source: NotRequired[CameraSource]
    enabled: NotRequired[bool]
    loop: NotRequired[bool]
    require_live: NotRequired[RequireLive]
    rules: NotRequired[CameraRules]


class NewWebhook(TypedDict):
    name: str
    url: str
    """http:// or https://, on the server's allow-list."""
    collections: NotRequired[Optional[List[CollectionName]]]
    """Whose events it is told; all that the key sees unless told."""
    kinds: NotRequired[EventKinds]


SealedGalleryFile = str

SealedProbeFile = str


class SealedSearch(TypedDict):
    image: NotRequired[Base64Picture]
    template: NotRequired[List[float]]
    """In place of a picture: a template of unit length."""
    model: NotRequired[str]
    """What made the template."""


class SealedSearchForm(TypedDict):
    image: str
