// The unchanged JavaScript client of CompreFace against a server of Vultus: every call that it has for faces.
// Reads CLIENTS (folder that tools/setup clients made), PORT, RECOGNITION, DETECTION and VERIFICATION (keys); photos are
// ./a.jpg and ./b.jpg of one person and ./c.jpg of another one.
import assert from 'node:assert/strict';

const { CLIENTS, PORT, RECOGNITION, DETECTION, VERIFICATION } = process.env;
const { CompreFace } = await import(`${CLIENTS}/node_modules/@exadel/compreface-js-sdk/index.js`);
const server = new CompreFace('http://127.0.0.1', PORT);
const recognition = server.initFaceRecognitionService(RECOGNITION);
const detection = server.initFaceDetectionService(DETECTION);
const verification = server.initFaceVerificationService(VERIFICATION);
const faces = () => recognition.getFaceCollection();  // its functions add to the URL of the object
const subjects = () => recognition.getSubjects();
const quiet = console.log;
console.log = () => {};  // the client prints its key

// With options this client would put a second question mark into the URL, and the options into the name.
const added = await faces().add('./a.jpg', 'barack', {});
assert.equal(added.subject, 'barack');
assert.match(added.image_id, /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
assert.deepEqual(await subjects().add('joe'), { subject: 'joe' });
assert.deepEqual((await subjects().list()).subjects, ['barack', 'joe']);
const second = await faces().add('./c.jpg', 'joe', {});
assert.equal((await faces().list()).faces.length, 2);

const options = { limit: 1, prediction_count: 2, face_plugins: 'landmarks,age,gender,pose', status: 'true' };
const found = await recognition.recognize('./b.jpg', options);
assert.equal(found.result.length, 1);
assert.equal(found.result[0].subjects[0].subject, 'barack');
assert.ok(found.result[0].subjects[0].similarity > 0.5);
assert.ok(found.result[0].subjects[1].similarity < 0.5);
assert.equal(found.result[0].landmarks.length, 5);
assert.deepEqual(Object.keys(found.result[0].pose).sort(), ['pitch', 'roll', 'yaw']);
assert.ok(Math.abs(found.result[0].pose.yaw) < 90);
assert.ok(found.plugins_versions.detector);

const verified = await faces().verify('./b.jpg', added.image_id, { limit: 1 });
assert.equal(verified.result[0].subject, 'barack');
assert.ok(verified.result[0].similarity > 0.5);

const detected = await detection.detect('./a.jpg', { face_plugins: 'calculator' });
assert.ok(detected.result[0].embedding.length > 100);
assert.ok(Number.isInteger(detected.result[0].box.x_min));

const compared = await verification.verify('./a.jpg', './b.jpg', {});
assert.ok(compared.result[0].face_matches[0].similarity > 0.5);
assert.ok(compared.result[0].source_image_face.box);
const strangers = await verification.verify('./a.jpg', './c.jpg', {});
assert.ok(strangers.result[0].face_matches[0].similarity < 0.5);

assert.deepEqual(await subjects().rename('joe', 'joseph'), { updated: true });
assert.deepEqual(await faces().delete(added.image_id), { image_id: added.image_id, subject: 'barack' });
assert.deepEqual(await faces().delete_multiple_images([second.image_id, added.image_id]),
                 [{ image_id: second.image_id, subject: 'joseph' }]);
await faces().add('./a.jpg', 'barack', {});
assert.deepEqual(await faces().delete_all_subject('barack'), { deleted: 1 });
await faces().add('./a.jpg', 'barack', {});
assert.deepEqual(await faces().delete_all(), { deleted: 1 });
await subjects().add('nobody');
assert.deepEqual(await subjects().delete('nobody'), { subject: 'nobody' });
await subjects().add('nobody');
assert.deepEqual(await subjects().deleteAll(), { deleted: 1 });

const refused = await faces().delete(added.image_id).catch((error) => error.response);
assert.equal(refused.status, 404);
assert.deepEqual(refused.data, { message: 'Image ID not found', code: 44 });
const wrong = await server.initFaceRecognitionService(DETECTION).recognize('./a.jpg', {}).catch((error) => error.response);
assert.equal(wrong.data.code, 10);
quiet('the JavaScript client is content');
