// Made by tools/api_types.mjs from the server's document.
export interface paths {
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Needs no key and touches nothing.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does it take work?
         * @description 503 while it starts or stops: for load balancers. Needs no key.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Version, networks and limits
         * @description Which preset and networks answer, under which licences, and how large a picture may be. Wants scope read.
         */
        get: operations["getSystem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/whoami": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the key of this request may do
         * @description Wants scope read.
         */
        get: operations["getCaller"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description Needs no key.
         */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a code of a refusal means
         * @description The `type` of every refusal leads here. Needs no key.
         */
        get: operations["getProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counters for Prometheus
         * @description Of all collections: the key must see all of them. Text format 0.0.4. Wants scope read.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/detect": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Find the faces of a picture
         * @description Most prominent (large and central) first. A picture without a face is an answer, not an error. Wants scope identify.
         */
        post: operations["detectFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a template of every face of a picture
         * @description Templates are biometric data. They can be compared with templates of the same `model` alone. Wants scope identify.
         */
        post: operations["embedFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare all faces of two pictures
         * @description Every face of the one with every face of the other. Wants scope identify.
         */
        post: operations["compareFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Do two pictures show one person?
         * @description The main face of each counts. Wants scope identify.
         */
        post: operations["verifyPictures"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/identify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Name the people in a picture
         * @description Each face gets the name of the most similar subject at or above the threshold, or none. `similarity` and `probability` speak of that subject, or of the most similar one where none reaches it. Wants scope identify.
         */
        post: operations["identify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does a picture show this subject?
         * @description The main face of the picture against all faces of the subject; the closest decides. Wants scope identify.
         */
        post: operations["verifySubject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/threshold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The threshold for a false match rate
         * @description What identify and verify use for the same `fmr` or `threshold`, and where it comes from. Wants scope read.
         */
        get: operations["getThreshold"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The collections that the key sees
         * @description By name. Wants scope read.
         */
        get: operations["listCollections"];
        put?: never;
        /**
         * Make a collection
         * @description Bound to the network that the server runs. Its audit log keeps everything unless told otherwise. Wants scope admin.
         */
        post: operations["createCollection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a collection holds
         * @description Wants scope read.
         */
        get: operations["getCollection"];
        put?: never;
        post?: never;
        /**
         * Remove a collection with everything in it
         * @description The keys of its templates first. Cannot be taken back. Callers' keys for this name stay: whoever has one sees a new collection of the same name, too. `keys` counts those that are for it alone; revoke them unless their owners shall see the new one. Wants scope admin.
         */
        delete: operations["deleteCollection"];
        options?: never;
        head?: never;
        /**
         * What the audit log keeps from now on
         * @description The change itself is written into the log. Wants scope admin.
         */
        patch: operations["changeCollection"];
        trace?: never;
    };
    "/v1/collections/{collection}/expire": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove what is past its time
         * @description Subjects and faces whose `retain_until` has passed; with `dry_run` they are told alone. Wants scope admin.
         */
        post: operations["expire"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The people of a collection
         * @description In the order of the bytes of their names. Wants scope read.
         */
        get: operations["listSubjects"];
        put?: never;
        /**
         * Add a person who has no face yet
         * @description Enrolling a picture makes its subject by itself; this is for those whose pictures come later. Wants scope enrol.
         */
        post: operations["addSubject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is known of a person
         * @description With an ETag for changes with If-Match. Wants scope read.
         */
        get: operations["getSubject"];
        put?: never;
        post?: never;
        /**
         * Remove a person
         * @description All faces go with the subject, and their bytes are overwritten. To prove it, forget instead. Wants scope enrol.
         */
        delete: operations["deleteSubject"];
        options?: never;
        head?: never;
        /**
         * Rename a person, or say more about them
         * @description What the body does not name stays. A name that another subject has is refused, or with `if_taken: merge` the faces go to that subject. Wants scope enrol.
         */
        patch: operations["changeSubject"];
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The enrolled faces of a person
         * @description Oldest first; without templates. Wants scope read.
         */
        get: operations["listFaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give all faces of a person to another one
         * @description For one person under two names. The other one's name and details stay. Wants scope enrol.
         */
        post: operations["mergeSubject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forget a person, with a proof
         * @description Destroys the subject's key where the collection is encrypted, removes everything, and searches the files for what is left: the answer tells what was looked for. Wants scope admin.
         */
        post: operations["forgetSubject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/subjects/{subject}/split": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a person of some faces of another one
         * @description For two people under one name. It is kept that the faces do not show the person they were taken from. At least one face stays. Wants scope enrol.
         */
        post: operations["splitSubject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/faces/{face}/not-this-person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that a face does not show a person
         * @description Searches leave the person out for what is more similar to this face than to any of the person's, and the two are not merged. With `taken_back` it is said no more. Wants scope enrol.
         */
        post: operations["sayNotThisPerson"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/clusters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Who is in these pictures, when nobody has told
         * @description Faces that the collection knows are named; all others are put into clusters, each of one person as far as can be told. Two faces of one picture are never one person; a face that resembles no other is a cluster of one. Clusters and their faces come largest and best first. Nothing is kept: enrol the faces of a cluster with `box` of POST /v1/collections/{collection}/faces. Wants scope identify.
         */
        post: operations["clusterFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enrol pictures of known people
         * @description The main face of each picture, where it passes the gate: large, sharp and frontal enough, no copy, nobody else's. Every picture has a result of its own, with the `reason` of a refusal; the status is 200 also where all were refused. What is told as enrolled is on the disk. A subject is made with the first face. A form has one `subject` and any number of parts `image`. Wants scope enrol.
         */
        post: operations["enrolFaces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/faces/{face}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The small picture of an enrolled face
         * @description Wants scope read.
         */
        get: operations["getThumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/faces/{face}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove one face
         * @description Its bytes are overwritten. The subject stays, also without faces. Wants scope enrol.
         */
        delete: operations["deleteFace"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/calibrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What was measured on a collection
         * @description Oldest first; the newest one decides. Wants scope read.
         */
        get: operations["listCalibrations"];
        put?: never;
        /**
         * Measure the threshold on the collection's own faces
         * @description A job: every face is compared with every other. It fails where the faces cannot show the rate, and tells how many pairs it needs. What it measures decides from then on, unless it is a `dry_run`. Its `result` has the member `curve`, thresholds rising: {threshold, fmr, fnmr} holds up to its threshold, and above the last one nothing matches. Null without pairs of one person. Wants scope admin.
         */
        post: operations["calibrate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The records of the audit log
         * @description Oldest first. Subjects and faces stand under pseudonyms, callers under the ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants scope admin.
         */
        get: operations["listAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The end of the log, signed
         * @description Kept elsewhere, it shows later that nothing before it was changed or taken away. Wants scope admin.
         */
        get: operations["getAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look for changed, missing and cut-off records
         * @description Also against a head that was taken before. Tells what this shows and what it does not. Wants scope admin.
         */
        post: operations["verifyAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed/{sealed}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The records of the audit log
         * @description Oldest first. Subjects and faces stand under pseudonyms, callers under the ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Wants scope admin.
         */
        get: operations["listSealedAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed/{sealed}/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The end of the log, signed
         * @description Kept elsewhere, it shows later that nothing before it was changed or taken away. Wants scope admin.
         */
        get: operations["getSealedAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed/{sealed}/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look for changed, missing and cut-off records
         * @description Also against a head that was taken before. Tells what this shows and what it does not. Wants scope admin.
         */
        post: operations["verifySealedAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The records of the audit log
         * @description Oldest first. Subjects and faces stand under pseudonyms, callers under the ids of their keys. Each shard of a collection numbers its records by itself, and `shard` names it. Of what belongs to no collection: detection, templates and comparison of pictures that were sent, over all interfaces. The key must see all collections. Wants scope admin.
         */
        get: operations["listServerAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The end of the log, signed
         * @description Kept elsewhere, it shows later that nothing before it was changed or taken away. Of what belongs to no collection: detection, templates and comparison of pictures that were sent, over all interfaces. The key must see all collections. Wants scope admin.
         */
        get: operations["getServerAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Look for changed, missing and cut-off records
         * @description Also against a head that was taken before. Tells what this shows and what it does not. Of what belongs to no collection: detection, templates and comparison of pictures that were sent, over all interfaces. The key must see all collections. Wants scope admin.
         */
        post: operations["verifyServerAudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All keys, revoked ones too
         * @description Without their secrets, which the server does not know. Wants scope admin.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make a key
         * @description `secret` is told once: the server keeps a keyed hash of it. Without `collections` the key sees all, also those to come. Wants scope admin.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One key
         * @description Wants scope admin.
         */
        get: operations["getKey"];
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description At once, and for good. The last key that can make keys stays. Wants scope admin.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compatibility/compreface/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All services of the CompreFace interface
         * @description Ended ones too, without their keys. Wants scope admin.
         */
        get: operations["listComprefaceServices"];
        put?: never;
        /**
         * Make a service of the CompreFace interface
         * @description `secret` is the UUID that clients of CompreFace send as `x-api-key`; it is told once. A service of recognition serves one collection, which must be there. Wants scope admin.
         */
        post: operations["createComprefaceService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compatibility/compreface/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a service
         * @description Its key is refused at once, and for good. The collection stays. Wants scope admin.
         */
        delete: operations["endComprefaceService"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/track": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say who is in a video, and when
         * @description A job. Its `result` has `frames`, `seconds`, `damaged_frames` and `tracks`: from and to in seconds, who it is by all the evidence, and the best view. Everything that was seen is in its Timeline. Video and Timeline are kept until the server ends or somebody of the collection is removed. Wants scope identify.
         */
        post: operations["track"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The Timeline of a video that was followed
         * @description A file for `vultus report`; its tables are those of docs/timeline-format.md. Wants scope identify.
         */
        get: operations["getTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/liveness/challenges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Draw steps that a person is to do before a camera
         * @description In random order, with a time for each. Tell the person one after the other, each for `show_s` seconds, while you record: once, then straight ahead again. The answer must come before `expires`, once, with the key that asked. Servers of one database know each other's challenges. Wants scope identify.
         */
        post: operations["askForSteps"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/liveness/challenges/{challenge}/video": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Judge a video of a person doing the steps
         * @description A job. Its `result` has `decision` (live, spoof, unknown), `reason` (passed, spoof, timeout, wrong_action, face_lost, identity_changed, unfinished, not_judged), `steps` with the seconds at which each was asked and done, what the networks say of the same frames (`live`, `live_decision`, `live_reason`) and, with `identify`, who of the collection it is: nobody is named who is not judged live. The video is not kept. Wants scope identify.
         */
        post: operations["checkLiveness"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Jobs of the collections that the key sees
         * @description Newest first. A restart forgets them. Wants scope read.
         */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a job tells while it works
         * @description Server-sent events: `track` for each face that was followed to its end (`data` as in the result), `step` for each step of a liveness check that is asked for, `progress`, and `end` with the whole job, which ends the stream. `id` counts what belongs to the result; with Last-Event-ID it goes on behind that. Wants scope read.
         */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How a job fares
         * @description Wants scope read.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Ask a job to stop
         * @description One that has ended stays as it is. Wants scope admin.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cameras": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Cameras of the collections that the key sees
         * @description With how they fare now. Wants scope read.
         */
        get: operations["listCameras"];
        put?: never;
        /**
         * Look for people before a camera
         * @description The source must be one that the server's allow-list names; of a file, one below its camera folder. Passwords in it are kept sealed and never told again. Wants scope admin.
         */
        post: operations["addCamera"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cameras/{camera}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One camera
         * @description Wants scope read.
         */
        get: operations["getCamera"];
        put?: never;
        post?: never;
        /**
         * Remove a camera
         * @description It stops within a second; its events go with it. Wants scope admin.
         */
        delete: operations["removeCamera"];
        options?: never;
        head?: never;
        /**
         * Change a camera
         * @description What the body does not name stays. The camera starts again. Wants scope admin.
         */
        patch: operations["changeCamera"];
        trace?: never;
    };
    "/v1/cameras/{camera}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The picture of now, with boxes and names
         * @description At most a second old while the camera runs. Wants scope read.
         */
        get: operations["getCameraPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cameras/{camera}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Pictures with boxes and names, as they come
         * @description Motion JPEG, at most ten pictures a second, for an <img> element or a player. Who takes too little loses pictures. Wants scope read.
         */
        get: operations["getCameraStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What has happened before cameras
         * @description Newest first, of the collections that the key sees. Wants scope read.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        /**
         * Remove many events with their pictures
         * @description Those that the query names; without one all that the key sees. Wants scope admin.
         */
        delete: operations["removeEvents"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they happen
         * @description Server-sent events: `event` is the kind, `data` the event, `id` its number. With Last-Event-ID it goes on behind that event, as browsers do by themselves. Wants scope read.
         */
        get: operations["streamEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One event
         * @description Wants scope read.
         */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        /**
         * Remove an event with its picture
         * @description Wants scope admin.
         */
        delete: operations["removeEvent"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{event}/picture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The face of an event
         * @description JPEG of 112 x 112 pixels, for as long as it is kept. Wants scope read.
         */
        get: operations["getEventPicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Webhooks that are told events which the key sees
         * @description Without their secrets. Wants scope admin.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Tell another server what happens before cameras
         * @description Each event is posted as JSON, with the headers webhook-id, webhook-timestamp and webhook-signature of Standard Webhooks. What is not answered with a status 2xx is sent again, later and later, and becomes a dead letter in the end. Wants scope admin.
         */
        post: operations["addWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One webhook
         * @description Wants scope admin.
         */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /**
         * Remove a webhook
         * @description What waits for it goes with it. Wants scope admin.
         */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages that were given up
         * @description The newest first; the oldest are dropped when there are too many. Wants scope admin.
         */
        get: operations["listDeadLetters"];
        put?: never;
        /**
         * Send what was given up again
         * @description Under the same webhook-id, with all attempts anew. Wants scope admin.
         */
        post: operations["sendDeadLettersAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The sealed galleries that the key sees
         * @description By name. A key that is for some collections sees the sealed galleries of these names. Wants scope read.
         */
        get: operations["listSealed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed/{sealed}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a sealed gallery is
         * @description No names and no templates: they are sealed for whoever has the secret key. Wants scope read.
         */
        get: operations["getSealed"];
        /**
         * Keep a sealed gallery, or replace it
         * @description The file that `vultus sealed enroll` makes. All of it is read and checked before anything is changed; a secret key is refused and not kept. Wants scope enrol.
         */
        put: operations["putSealed"];
        post?: never;
        /**
         * Remove a sealed gallery
         * @description Its audit log stays. Cannot be taken back. Wants scope admin.
         */
        delete: operations["deleteSealed"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sealed/{sealed}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare a probe with a sealed gallery
         * @description The probe is a picture, whose main face counts, or a template. The answer holds the encrypted scores of all rows, and their sealed names, for whoever has the secret key: the server sees the probe, and neither names nor scores. With `row` one row is compared. Wants scope identify.
         */
        post: operations["searchSealed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/collections/{collection}/sealed-search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Compare a sealed probe with a collection
         * @description The body is what `vultus sealed probe` makes. The answer holds the encrypted scores of all faces and the names of their subjects, sealed for whoever has the secret key: the server sees neither probe nor scores. It must trust the caller to have sealed an honest template: other values can carry the collection's templates out. Wants scope admin.
         */
        post: operations["searchWithSealedProbe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A picture in base64: JPEG, PNG, WebP, BMP, PNM, TIFF, GIF, HEIC or AVIF. Its type is told by its bytes. */
        Base64Picture: string;
        Picture: {
            image: components["schemas"]["Base64Picture"];
        };
        PictureForm: {
            image: string;
        };
        TwoPictures: {
            image_a: components["schemas"]["Base64Picture"];
            image_b: components["schemas"]["Base64Picture"];
        };
        TwoPicturesForm: {
            image_a: string;
            image_b: string;
        };
        Video: {
            /** @description In base64: MP4, MOV, MKV, WebM, AVI. Its type is told by its bytes. */
            video: string;
        };
        VideoForm: {
            video: string;
        };
        /** @description x, y, width, height in pixels of the upright picture; may leave it. */
        Box: number[];
        /** @description The subject's right eye, left eye, nose, right and left corner of the mouth. */
        Keypoints: number[][];
        /** @description Cosine of two templates. */
        Similarity: number;
        OptionalSimilarity: number | null;
        /** @description That it is the same person, calibrated; null where no calibration tells it. */
        Probability: number | null;
        /** @description Null where it was not measured. */
        Rate: number | null;
        /**
         * @description What threshold, rate and probability rest on: the preset's public data, or the collection's own calibration.
         * @enum {string}
         */
        CalibratedOn: "preset" | "gallery";
        QualityMeasure: {
            value: number;
            score: number;
            unit?: string;
        } | null;
        /** @description How usable the face is, 0 to 100. */
        Quality: {
            unified: number;
            measures: {
                [key: string]: components["schemas"]["QualityMeasure"];
            };
        };
        /** @description Where liveness was asked for: from 0 (spoof) to 1 (live), no calibrated probability; null where it was not assessed. */
        Live: number | null;
        /** @enum {string} */
        LiveDecision: "live" | "spoof" | "unknown";
        /** @description E.g. live, spoof, uncertain, too_small, too_dark. */
        LiveReason: string;
        SeenFace: {
            /** @description Its number in the picture. */
            face: number;
            box: components["schemas"]["Box"];
            detection: number;
            face_flag?: number;
            keypoints: components["schemas"]["Keypoints"];
            inter_eye_px?: number;
            quality?: components["schemas"]["Quality"];
            live?: components["schemas"]["Live"];
            live_decision?: components["schemas"]["LiveDecision"];
            live_reason?: components["schemas"]["LiveReason"];
            /** @description Of unit length; where it was asked for. */
            embedding?: number[];
        };
        SeenPicture: {
            width: number;
            height: number;
            faces: components["schemas"]["SeenFace"][];
        };
        EmbeddedPicture: {
            width: number;
            height: number;
            faces: components["schemas"]["SeenFace"][];
            /** @description What the templates are bound to. */
            model: string;
        };
        FacePair: {
            a: number;
            b: number;
            match: boolean;
            similarity: components["schemas"]["Similarity"];
            probability: components["schemas"]["Probability"];
        };
        Comparison: {
            threshold: components["schemas"]["Similarity"];
            fmr: components["schemas"]["Rate"];
            calibration: components["schemas"]["CalibratedOn"];
            calibration_stale?: boolean;
            a: components["schemas"]["SeenPicture"];
            b: components["schemas"]["SeenPicture"];
            pairs: components["schemas"]["FacePair"][];
        };
        MainFace: {
            box: components["schemas"]["Box"];
            detection: number;
            face_flag?: number;
            keypoints: components["schemas"]["Keypoints"];
            inter_eye_px?: number;
            /** @description How many the picture shows; this is the main one. */
            faces: number;
        };
        PictureVerification: {
            match: boolean;
            similarity: components["schemas"]["Similarity"];
            threshold: components["schemas"]["Similarity"];
            fmr: components["schemas"]["Rate"];
            probability: components["schemas"]["Probability"];
            calibration: components["schemas"]["CalibratedOn"];
            calibration_stale?: boolean;
            a: components["schemas"]["MainFace"];
            b: components["schemas"]["MainFace"];
        };
        SubjectVerification: {
            match: boolean;
            subject: string;
            subject_id: number;
            /** @description The most similar face of the subject. */
            enrolled_face: number | null;
            similarity: components["schemas"]["Similarity"];
            threshold: components["schemas"]["Similarity"];
            fmr: components["schemas"]["Rate"];
            probability: components["schemas"]["Probability"];
            calibration: components["schemas"]["CalibratedOn"];
            calibration_stale?: boolean;
            image: components["schemas"]["MainFace"];
        };
        Candidate: {
            subject: string;
            subject_id: number;
            /** @description Number of the enrolled face that is most similar. */
            face: number;
            similarity: components["schemas"]["Similarity"];
            probability: components["schemas"]["Probability"];
        };
        IdentifiedFace: {
            face: number;
            box: components["schemas"]["Box"];
            detection: number;
            face_flag?: number;
            keypoints: components["schemas"]["Keypoints"];
            inter_eye_px?: number;
            /** @description Null: nobody known. */
            subject: string | null;
            subject_id: number | null;
            similarity: components["schemas"]["OptionalSimilarity"];
            threshold: components["schemas"]["Similarity"];
            fmr: components["schemas"]["Rate"];
            probability: components["schemas"]["Probability"];
            calibration: components["schemas"]["CalibratedOn"];
            /** @description The collection has grown since it was calibrated. */
            calibration_stale?: boolean;
            candidates?: components["schemas"]["Candidate"][];
            quality?: components["schemas"]["Quality"];
            live?: components["schemas"]["Live"];
            live_decision?: components["schemas"]["LiveDecision"];
            live_reason?: components["schemas"]["LiveReason"];
            /** @description Nobody is named, because the face was not judged live. */
            withheld?: boolean;
        };
        Identification: {
            width: number;
            height: number;
            faces: components["schemas"]["IdentifiedFace"][];
            /** @description Of a collection of shards: not all of them answered. */
            partial?: boolean;
            shards_asked?: number;
            shards_answered?: number;
            /** @description Told where the search may miss somebody by intent: `cells`. */
            search_method?: string;
            /** @description How often it finds the most similar face, as measured on the collection. */
            search_recall?: number;
        };
        NewChallenge: {
            /** @default 3 */
            steps?: number;
            /**
             * @description Seconds for each step.
             * @default 6
             */
            limit_s?: number;
        };
        /**
         * @description Left and right are the person's own.
         * @enum {string}
         */
        LivenessStep: "blink" | "turn_left" | "turn_right" | "smile";
        LivenessChallenge: {
            challenge: string;
            /** @description What the steps were drawn with. */
            nonce: string;
            steps: components["schemas"]["LivenessStep"][];
            limit_s: number;
            /** @description How long to show each step. */
            show_s: number;
            created: components["schemas"]["Time"];
            expires: components["schemas"]["Time"];
        };
        Threshold: {
            threshold: components["schemas"]["Similarity"];
            fmr: components["schemas"]["Rate"];
            calibration: components["schemas"]["CalibratedOn"];
            calibration_stale?: boolean;
            source: string;
            fpir: components["schemas"]["Rate"];
        };
        /** @example staff */
        CollectionName: string;
        PersonName: string;
        /** Format: date-time */
        Time: string;
        /** Format: date-time */
        OptionalTime: string | null;
        OptionalText: string | null;
        /** @description `cursor` of the next page; null on the last one. */
        Cursor: string | null;
        /**
         * @description What the log keeps: nothing, changes, or also every search and decision.
         * @enum {string}
         */
        AuditLevel: "off" | "changes" | "all";
        Collection: {
            collection: components["schemas"]["CollectionName"];
            subjects: number;
            faces: number;
            model: string;
            preset: string | null;
            created: components["schemas"]["Time"];
            encrypted: boolean;
            audit: components["schemas"]["AuditLevel"];
            shards?: number;
            shards_answered?: number;
        };
        CollectionList: {
            collections: {
                collection: components["schemas"]["CollectionName"];
            }[];
            next: components["schemas"]["Cursor"];
        };
        NewCollection: {
            collection: components["schemas"]["CollectionName"];
            /** @description Names, texts, templates and pictures under keys of their subjects. */
            encrypted?: boolean;
            audit?: components["schemas"]["AuditLevel"];
        };
        CollectionChange: {
            audit: components["schemas"]["AuditLevel"];
        };
        RemovedCollection: {
            removed: components["schemas"]["CollectionName"];
            /** @description Keys that are for this collection alone and valid still: they open a new one of this name, too. */
            keys: number;
        };
        ExpiryRequest: {
            /** @default false */
            dry_run?: boolean;
        };
        Expiry: {
            dry_run: boolean;
            subjects: number[];
            /** @description Of other subjects. */
            faces: number[];
        };
        ListedSubject: {
            subject: string;
            id: number;
            faces: number;
            created: components["schemas"]["Time"];
        };
        SubjectList: {
            subjects: components["schemas"]["ListedSubject"][];
            next: components["schemas"]["Cursor"];
        };
        Subject: {
            /** @description The name. */
            subject: string;
            id: number;
            faces: number;
            created: components["schemas"]["Time"];
            external_id: components["schemas"]["OptionalText"];
            tags: string[];
            consent: components["schemas"]["OptionalText"];
            use: components["schemas"]["OptionalText"];
            retain_until: components["schemas"]["OptionalTime"];
            notes: components["schemas"]["OptionalText"];
        };
        NewSubject: {
            subject: components["schemas"]["PersonName"];
        };
        SubjectChange: {
            subject?: components["schemas"]["PersonName"];
            /**
             * @default refuse
             * @enum {string}
             */
            if_taken?: "refuse" | "merge";
            external_id?: components["schemas"]["OptionalText"];
            tags?: string[];
            consent?: components["schemas"]["OptionalText"];
            use?: components["schemas"]["OptionalText"];
            /** @description 2027-01-31, the first moment of that day, or 2027-01-31T12:00:00Z. */
            retain_until?: string | null;
            notes?: components["schemas"]["OptionalText"];
        };
        MergeRequest: {
            into: number;
        };
        SplitRequest: {
            faces: number[];
            subject: components["schemas"]["PersonName"];
        };
        NotThisPerson: {
            subject: number;
            /** @default false */
            taken_back?: boolean;
        };
        SaidNotThisPerson: {
            face: number;
            subject: number;
            said: boolean;
        };
        SubjectRemoval: {
            removed: number;
            faces: number;
            /** @description False: another process was reading; old bytes go with the next removal. */
            bytes_gone: boolean;
        };
        ForgetProof: {
            forgotten: number;
            faces: number;
            at: components["schemas"]["Time"];
            /** @description Under which the audit log knows the subject. */
            pseudonym: string | null;
            key_fingerprint: string | null;
            undo_steps: number;
            /** @description That were searched. */
            files: number;
            searched: {
                what: string;
                bytes: number;
                found: number;
            }[];
            log_emptied: boolean;
            clean: boolean;
        };
        FaceRemoval: {
            removed: number;
            bytes_gone: boolean;
        };
        EnrolledFace: {
            face: number;
            subject_id: number;
            enrolled: components["schemas"]["Time"];
            source: string;
            source_sha256: string;
            box: components["schemas"]["Box"] | null;
            detection: number | null;
            inter_eye_px: number | null;
            /** @description 0 to 1. */
            quality: number | null;
            retain_until: components["schemas"]["OptionalTime"];
            thumbnail: boolean;
        };
        FaceList: {
            faces: components["schemas"]["EnrolledFace"][];
        };
        Enrolment: {
            faces: {
                subject: components["schemas"]["PersonName"];
                image: components["schemas"]["Base64Picture"];
                box?: components["schemas"]["FaceBox"];
            }[];
        };
        /** @description [x, y, width, height] in pixels of the upright picture: the face meant where there are several, as another answer told it. */
        FaceBox: number[];
        Photos: {
            images: components["schemas"]["Base64Picture"][];
        };
        PhotosForm: {
            images: string[];
        };
        ClusterFace: {
            /** @description Its number in the request. */
            image: number;
            face: number;
            box: components["schemas"]["FaceBox"];
            /** @description 0 to 100. */
            quality: number | null;
            /** @description To the subject; of known faces. */
            similarity?: number;
        };
        Clusters: {
            /** @description From which similarity faces and clusters are joined. */
            threshold: number;
            fmr: number | null;
            clusters: {
                cluster: number;
                faces: components["schemas"]["ClusterFace"][];
            }[];
            known: {
                subject: string;
                subject_id: number;
                faces: components["schemas"]["ClusterFace"][];
            }[];
            skipped: {
                image: number;
                reason: string;
                message: string;
            }[];
        };
        EnrolmentForm: {
            subject: components["schemas"]["PersonName"];
            image: string[];
        };
        EnrolmentStep: {
            /** @description Its number in the request. */
            image: number;
            subject: string;
            subject_id: number | null;
            /** @enum {string} */
            result: "enrolled" | "already_there" | "skipped";
            /** @description Number of the enrolled face. */
            face: number | null;
            /** @description no_face, no_face_in_box, several_faces, too_small, blurred, not_frontal, duplicate_of:FACE, conflicts_with:NAME, or the code of a problem. */
            reason: string | null;
            message: string | null;
        };
        EnrolmentReport: {
            enrolled: number;
            already_there: number;
            skipped: number;
            faces: components["schemas"]["EnrolmentStep"][];
        };
        /** @description RFC 9457. `code` is stable; `detail` is for people. */
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail?: string;
            request_id?: string;
        };
        ProblemKind: {
            code: string;
            status: number;
            title: string;
        };
        Health: {
            /** @constant */
            status: "ok";
            version: string;
        };
        Readiness: {
            /** @constant */
            status: "ready";
        };
        Model: {
            model: string;
            task: string;
            sha256: string | null;
            licence: {
                /** @description SPDX name of the package's licence. */
                package: string;
                /** @description Whether commercial use is said to be allowed. */
                commercial: string;
            };
        };
        System: {
            version: string;
            preset: string;
            /** @description What templates are bound to. */
            model: string;
            dimension: number;
            backend: string;
            workers: number;
            models: components["schemas"]["Model"][];
            limits: {
                [key: string]: number;
            };
        };
        /**
         * @description Each allows what those before it allow.
         * @enum {string}
         */
        Scope: "read" | "identify" | "enrol" | "admin";
        Key: {
            id: string;
            name: string;
            scope: components["schemas"]["Scope"];
            /** @description Null: all, also those to come. */
            collections: components["schemas"]["CollectionName"][] | null;
            per_second: number | null;
            burst: number | null;
            per_day: number | null;
            created: components["schemas"]["Time"];
            expires: components["schemas"]["OptionalTime"];
            revoked: components["schemas"]["OptionalTime"];
            last_used: components["schemas"]["OptionalTime"];
        };
        MadeKey: {
            id: string;
            name: string;
            scope: components["schemas"]["Scope"];
            collections: components["schemas"]["CollectionName"][] | null;
            per_second: number | null;
            burst: number | null;
            per_day: number | null;
            created: components["schemas"]["Time"];
            expires: components["schemas"]["OptionalTime"];
            revoked: components["schemas"]["OptionalTime"];
            last_used: components["schemas"]["OptionalTime"];
            /** @description The key itself. Nobody can tell it again. */
            secret: string;
        };
        KeyList: {
            keys: components["schemas"]["Key"][];
        };
        NewKey: {
            name: string;
            scope: components["schemas"]["Scope"];
            collections?: components["schemas"]["CollectionName"][] | null;
            per_second?: number | null;
            /** @description Requests at once; 1 unless told. */
            burst?: number | null;
            /** @description Of a day in UTC. */
            per_day?: number | null;
            expires?: string | null;
        };
        /** @enum {string} */
        ComprefaceKind: "recognition" | "detection" | "verification";
        ComprefaceService: {
            id: string;
            name: string;
            per_second: number | null;
            burst: number | null;
            per_day: number | null;
            created: components["schemas"]["Time"];
            expires: components["schemas"]["OptionalTime"];
            revoked: components["schemas"]["OptionalTime"];
            last_used: components["schemas"]["OptionalTime"];
            kind: components["schemas"]["ComprefaceKind"];
            collection: string | null;
        };
        MadeComprefaceService: {
            id: string;
            name: string;
            per_second: number | null;
            burst: number | null;
            per_day: number | null;
            created: components["schemas"]["Time"];
            expires: components["schemas"]["OptionalTime"];
            revoked: components["schemas"]["OptionalTime"];
            last_used: components["schemas"]["OptionalTime"];
            kind: components["schemas"]["ComprefaceKind"];
            collection: string | null;
            /** @description The key: a UUID. Nobody can tell it again. */
            secret: string;
        };
        ComprefaceServiceList: {
            services: components["schemas"]["ComprefaceService"][];
        };
        NewComprefaceService: {
            name: string;
            kind: components["schemas"]["ComprefaceKind"];
            /** @description Of recognition, and of no other kind. */
            collection?: string | null;
            per_second?: number | null;
            burst?: number | null;
            per_day?: number | null;
            expires?: string | null;
        };
        Job: {
            job: string;
            kind: string;
            collection: components["schemas"]["CollectionName"];
            /** @enum {string} */
            state: "waiting" | "running" | "done" | "failed" | "cancelled";
            progress: number | null;
            created: components["schemas"]["Time"];
            ended: components["schemas"]["OptionalTime"];
            result: Record<string, never> | null;
            error: {
                code: string;
                message: string;
            } | null;
        };
        JobList: {
            jobs: components["schemas"]["Job"][];
        };
        CalibrationRequest: {
            fmr: number;
            /** @default 0.5 */
            prior?: number;
            /** @default 1 */
            seed?: number;
            /** @default false */
            dry_run?: boolean;
        };
        CalibrationRecord: {
            made: components["schemas"]["Time"];
            threshold: number;
            fmr: components["schemas"]["Rate"];
            target: components["schemas"]["Rate"];
            fmr_interval: number[] | null;
            fnmr: components["schemas"]["Rate"];
            fpir: components["schemas"]["Rate"];
            ece: components["schemas"]["Rate"];
            impostor_pairs: number;
            mated_pairs: number;
            subjects: number;
            source: string;
        };
        CalibrationList: {
            calibrations: components["schemas"]["CalibrationRecord"][];
        };
        AuditRecord: {
            number: number;
            at: components["schemas"]["Time"];
            who: string;
            purpose: string | null;
            what: string;
            subjects: string[];
            faces: string[];
            count: number | null;
            detail: string | null;
            /** @description In whose log it stands, where the collection has shards. */
            shard?: string;
        };
        AuditRecordList: {
            records: components["schemas"]["AuditRecord"][];
            next: components["schemas"]["Cursor"];
        };
        AuditHead: {
            gallery: string;
            number: number;
            at: components["schemas"]["Time"];
            mac: string;
            /** @description Ed25519. */
            public_key: string;
            signature: string;
        };
        AuditVerification: {
            head?: components["schemas"]["AuditHead"];
        };
        AuditVerdict: {
            ok: boolean;
            records: number;
            findings: string[];
            proven: string[];
            not_proven: string[];
        };
        Zone: {
            name: string;
            /** @description Corners, shares of width and height. */
            polygon: number[][];
        };
        /** @description What is worth an event. A face is in a zone when the centre of its box is; without zones the whole picture counts. */
        CameraRules: {
            zones?: components["schemas"]["Zone"][];
            /** @description Of the shorter side of a face; 0 unless told. */
            minimum_face_px?: number;
            /** @description A person who was not seen for longer is told again; 60 unless told. */
            once_per_visit_s?: number;
        };
        /** @description rtsp://, rtsps://, http:// or https:// (motion JPEG), file:NAME below the server's camera folder, or camera:NUMBER. */
        CameraSource: string;
        /** @description Nobody is named whose face is not judged live; false unless told. The threshold is that of the camera's name, where the server knows one. */
        RequireLive: boolean;
        Camera: {
            camera: string;
            name: string;
            /** @description Without user name, password and query. */
            source: string;
            collection: components["schemas"]["CollectionName"];
            enabled: boolean;
            loop: boolean;
            require_live: components["schemas"]["RequireLive"];
            /**
             * @description waiting: it failed and is opened again after a while.
             * @enum {string}
             */
            state: "running" | "connecting" | "waiting" | "stopped";
            error: string | null;
            frames_per_second: number | null;
            rules: components["schemas"]["CameraRules"];
            created: components["schemas"]["Time"];
        };
        CameraList: {
            cameras: components["schemas"]["Camera"][];
        };
        NewCamera: {
            name: string;
            source: components["schemas"]["CameraSource"];
            collection: components["schemas"]["CollectionName"];
            /** @default true */
            enabled?: boolean;
            /**
             * @description A file begins again at its end.
             * @default false
             */
            loop?: boolean;
            require_live?: components["schemas"]["RequireLive"];
            rules?: components["schemas"]["CameraRules"];
        };
        CameraChange: {
            name?: string;
            source?: components["schemas"]["CameraSource"];
            enabled?: boolean;
            loop?: boolean;
            require_live?: components["schemas"]["RequireLive"];
            rules?: components["schemas"]["CameraRules"];
        };
        CameraRemoval: {
            removed: string;
            /** @description That went with it. */
            events: number;
        };
        Event: {
            event: number;
            time: components["schemas"]["Time"];
            camera: string;
            collection: components["schemas"]["CollectionName"];
            /**
             * @description known: a person came; lost: that person has left; unknown: somebody without a name.
             * @enum {string}
             */
            kind: "known" | "unknown" | "lost";
            subject: string | null;
            subject_id: number | null;
            /** @description To the subject; of an unknown face to whom it resembles most. */
            similarity: number | null;
            /** @description Null where there was not enough evidence to decide. */
            threshold: number | null;
            track: number;
            zone: string | null;
            /** @description Left, top, width and height in pixels of the camera. */
            box: number[];
            live: components["schemas"]["Live"];
            /**
             * @description Of the track so far; null where the camera does not ask.
             * @enum {string|null}
             */
            live_decision: "live" | "spoof" | "unknown" | null;
            live_reason: string | null;
            /** @description Whether a picture of the face is kept. */
            picture: boolean;
        };
        EventList: {
            events: components["schemas"]["Event"][];
            next: components["schemas"]["Cursor"];
        };
        /** @description Empty: all. */
        EventKinds: ("known" | "unknown" | "lost")[];
        Webhook: {
            webhook: string;
            name: string;
            /** @description Without its query. */
            url: string;
            collections: components["schemas"]["CollectionName"][] | null;
            kinds: components["schemas"]["EventKinds"];
            /** @description Messages that are still to be delivered. */
            waiting: number;
            created: components["schemas"]["Time"];
        };
        MadeWebhook: {
            webhook: string;
            name: string;
            url: string;
            collections: components["schemas"]["CollectionName"][] | null;
            kinds: components["schemas"]["EventKinds"];
            waiting: number;
            created: components["schemas"]["Time"];
            /** @description What messages are signed with. It is not told again. */
            secret: string;
        };
        WebhookList: {
            webhooks: components["schemas"]["Webhook"][];
        };
        NewWebhook: {
            name: string;
            /** @description http:// or https://, on the server's allow-list. */
            url: string;
            /** @description Whose events it is told; all that the key sees unless told. */
            collections?: components["schemas"]["CollectionName"][] | null;
            kinds?: components["schemas"]["EventKinds"];
        };
        WebhookRemoval: {
            removed: string;
        };
        DeadLetter: {
            /** @description The webhook-id of its attempts. */
            message: string;
            event: number;
            attempts: number;
            /** @description Of the last attempt. */
            error: string | null;
        };
        DeadLetterList: {
            dead_letters: components["schemas"]["DeadLetter"][];
        };
        SentAgain: {
            sent_again: number;
        };
        EventRemoval: {
            removed: number;
        };
        /** @example office */
        SealedName: string;
        SealedLayout: {
            /** @description Values of a template. */
            dimension: number;
            sealed_scale: number;
            plain_scale: number;
            slot_bits: number;
            /** @description Rows of a pack. */
            slots: number;
        };
        SealedGallery: {
            sealed: components["schemas"]["SealedName"];
            rows: number;
            packs: number;
            /** @enum {string} */
            scheme: "paillier" | "damgard-jurik" | "okamoto-uchiyama";
            bits: number;
            s: number;
            /** @description Id of the public key. */
            key: string;
            /** @description What made its templates; null where its file does not tell. */
            model: string | null;
            /** @description Of the gallery, given by whoever made it. */
            id: string;
            layout: components["schemas"]["SealedLayout"];
            bytes: number;
            stored: components["schemas"]["Time"];
        };
        SealedList: {
            galleries: {
                sealed: components["schemas"]["SealedName"];
            }[];
            next: components["schemas"]["Cursor"];
        };
        RemovedSealed: {
            removed: components["schemas"]["SealedName"];
        };
        /** @description A sealed gallery, as vultus sealed enroll makes it. */
        SealedGalleryFile: string;
        /** @description A sealed probe, as vultus sealed probe makes it. */
        SealedProbeFile: string;
        SealedSearch: {
            image?: components["schemas"]["Base64Picture"];
            /** @description In place of a picture: a template of unit length. */
            template?: number[];
            /** @description What made the template. */
            model?: string;
        };
        SealedSearchForm: {
            image: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Is the process alive? */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Does it take work? */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; not_ready: The server takes no work now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSystem: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Version, networks and limits */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["System"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCaller: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the key of this request may do */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Code of a problem. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a code of a refusal means */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemKind"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description problem_not_found: There is no such problem */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counters for Prometheus */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    detectFaces: {
        parameters: {
            query?: {
                /** @description Also measure how usable each face is. */
                quality?: boolean;
                /** @description Also judge whether each face is that of a person. */
                liveness?: boolean;
                /** @description Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has measured it; else by 0.5. */
                camera?: string;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Picture"];
                "multipart/form-data": components["schemas"]["PictureForm"];
            };
        };
        responses: {
            /** @description Find the faces of a picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SeenPicture"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description picture_not_readable: The picture cannot be read */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    embedFaces: {
        parameters: {
            query?: {
                /** @description Also measure how usable each face is. */
                quality?: boolean;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Picture"];
                "multipart/form-data": components["schemas"]["PictureForm"];
            };
        };
        responses: {
            /** @description Make a template of every face of a picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EmbeddedPicture"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description picture_not_readable: The picture cannot be read */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    compareFaces: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
                /** @description Also measure how usable each face is. */
                quality?: boolean;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TwoPictures"];
                "multipart/form-data": components["schemas"]["TwoPicturesForm"];
            };
        };
        responses: {
            /** @description Compare all faces of two pictures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description picture_not_readable: The picture cannot be read; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyPictures: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TwoPictures"];
                "multipart/form-data": components["schemas"]["TwoPicturesForm"];
            };
        };
        responses: {
            /** @description Do two pictures show one person? */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PictureVerification"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_face: The picture shows no face; picture_not_readable: The picture cannot be read; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    identify: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
                /** @description Also tell so many candidates of each face, one a subject. */
                top_k?: number;
                /** @description Name nobody twice in one picture. */
                once_per_picture?: boolean;
                /** @description Name nobody whose face is not judged live. */
                require_live?: boolean;
                /** @description Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has measured it; else by 0.5. */
                camera?: string;
                /** @description Also measure how usable each face is. */
                quality?: boolean;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Picture"];
                "multipart/form-data": components["schemas"]["PictureForm"];
            };
        };
        responses: {
            /** @description Name the people in a picture */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Identification"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description model_mismatch: Templates are of different models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description picture_not_readable: The picture cannot be read; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifySubject: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Picture"];
                "multipart/form-data": components["schemas"]["PictureForm"];
            };
        };
        responses: {
            /** @description Does a picture show this subject? */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectVerification"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description model_mismatch: Templates are of different models; subject_without_faces: The subject has no face to compare with */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_face: The picture shows no face; picture_not_readable: The picture cannot be read; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getThreshold: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The threshold for a false match rate */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Threshold"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collections that the key sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCollection"];
            };
        };
        responses: {
            /** @description Make a collection */
            201: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_exists: There is a collection of this name already; encryption_not_set_up: The server has no key for encrypted collections; idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a collection holds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a collection with everything in it */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedCollection"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_in_use: The collection is in use; collection_on_server: The collection lies on a server of its own; idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeCollection: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CollectionChange"];
            };
        };
        responses: {
            /** @description What the audit log keeps from now on */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Collection"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    expire: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExpiryRequest"];
            };
        };
        responses: {
            /** @description Remove what is past its time */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Expiry"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSubjects: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description Only the subject of this name. */
                name?: string;
            };
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The people of a collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubject"];
            };
        };
        responses: {
            /** @description Add a person who has no face yet */
            201: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; name_taken: Another subject has this name */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the subject as the caller has it: where it is still the same, 304 is answered. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known of a person */
            200: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description It is still what the caller has. */
            304: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the subject as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a person */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the subject as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectChange"];
            };
        };
        responses: {
            /** @description Rename a person, or say more about them */
            200: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; name_taken: Another subject has this name */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The enrolled faces of a person */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    mergeSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the subject as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeRequest"];
            };
        };
        responses: {
            /** @description Give all faces of a person to another one */
            200: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; not_to_be_merged: These are known to be two people */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgetSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the subject as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forget a person, with a proof */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ForgetProof"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    splitSubject: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of a subject. Names stay out of paths, and so out of the logs of proxies. */
                subject: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SplitRequest"];
            };
        };
        responses: {
            /** @description Make a person of some faces of another one */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; face_not_found: There is no such face; subject_not_found: There is no such subject */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; name_taken: Another subject has this name; not_to_be_split: These faces cannot be taken from this person */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sayNotThisPerson: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of an enrolled face. */
                face: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotThisPerson"];
            };
        };
        responses: {
            /** @description Say that a face does not show a person */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SaidNotThisPerson"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; face_not_found: There is no such face */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; not_to_be_split: These faces cannot be taken from this person */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    clusterFaces: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
                /** @description Faces of a lower quality found no cluster; they join the one they are closest to. */
                least_quality?: number;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Photos"];
                "multipart/form-data": components["schemas"]["PhotosForm"];
            };
        };
        responses: {
            /** @description Who is in these pictures, when nobody has told */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Clusters"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description model_mismatch: Templates are of different models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolFaces: {
        parameters: {
            query?: {
                /** @description Enrol whatever shows a face. */
                force?: boolean;
                /** @description Take the largest face of a picture of several people. */
                largest?: boolean;
            };
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Enrolment"];
                "multipart/form-data": components["schemas"]["EnrolmentForm"];
            };
        };
        responses: {
            /** @description Enrol pictures of known people */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrolmentReport"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; model_mismatch: Templates are of different models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getThumbnail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of an enrolled face. */
                face: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The small picture of an enrolled face */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; face_not_found: There is no such face; thumbnail_not_found: No picture of this face is kept */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteFace: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description Number of an enrolled face. */
                face: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove one face */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; face_not_found: There is no such face */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCalibrations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was measured on a collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalibrationList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    calibrate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalibrationRequest"];
            };
        };
        responses: {
            /** @description Measure the threshold on the collection's own faces */
            202: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_jobs: Too many jobs wait already; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditRecords: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
                /** @description Only what concerns this subject. */
                subject?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records of the audit log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getAuditHead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The end of the log, signed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditVerification"];
            };
        };
        responses: {
            /** @description Look for changed, missing and cut-off records */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection; no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSealedAuditRecords: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records of the audit log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet; sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSealedAuditHead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The end of the log, signed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet; sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifySealedAudit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditVerification"];
            };
        };
        responses: {
            /** @description Look for changed, missing and cut-off records */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet; sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServerAuditRecords: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The records of the audit log */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecordList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getServerAuditHead: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The end of the log, signed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifyServerAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuditVerification"];
            };
        };
        responses: {
            /** @description Look for changed, missing and cut-off records */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_audit_log: The collection has no audit log yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All keys, revoked ones too */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description Make a key */
            201: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a key: 16 hex digits, no secret. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One key */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_not_found: There is no such key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a key: 16 hex digits, no secret. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoke a key */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_not_found: There is no such key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; last_admin_key: It is the last key that can make keys */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listComprefaceServices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All services of the CompreFace interface */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComprefaceServiceList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createComprefaceService: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewComprefaceService"];
            };
        };
        responses: {
            /** @description Make a service of the CompreFace interface */
            201: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeComprefaceService"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endComprefaceService: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a service: 16 hex digits, no secret. */
                service: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description End a service */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ComprefaceService"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_not_found: There is no such key */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    track: {
        parameters: {
            query?: {
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
            };
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Video"];
                "multipart/form-data": components["schemas"]["VideoForm"];
            };
        };
        responses: {
            /** @description Say who is in a video, and when */
            202: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_jobs: Too many jobs wait already; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getTimeline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The Timeline of a video that was followed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.vultus.timeline": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description job_not_found: There is no such job; timeline_not_found: The job has no Timeline, or not yet */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    askForSteps: {
        parameters: {
            query?: never;
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChallenge"];
            };
        };
        responses: {
            /** @description Draw steps that a person is to do before a camera */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LivenessChallenge"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkLiveness: {
        parameters: {
            query?: {
                /** @description Also say who it is. */
                identify?: boolean;
                /** @description Wanted false match rate; unless told that of the collection's calibration or of the preset. */
                fmr?: number;
                /** @description A similarity of your own instead; comes before `fmr`. */
                threshold?: number;
                /** @description Judge liveness by the threshold of this camera, as `vultus liveness calibrate` has measured it; else by 0.5. */
                camera?: string;
            };
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
                /** @description `challenge` of the answer that asked for the steps. */
                challenge: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Video"];
                "multipart/form-data": components["schemas"]["VideoForm"];
            };
        };
        responses: {
            /** @description Judge a video of a person doing the steps */
            202: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description challenge_not_found: There is no such challenge for this key; collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description challenge_answered: The challenge was answered already; idempotency_key_in_use: A request with this idempotency key is being answered; model_mismatch: Templates are of different models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description challenge_expired: The time of the challenge is over */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; rate_not_measured: Nobody has measured this false match rate */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_jobs: Too many jobs wait already; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs of the collections that the key sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description Number of the last event that the caller has. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Id of a job. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a job tells while it works */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description job_not_found: There is no such job */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot; too_many_viewers: So many look or listen already */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a job. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How a job fares */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description job_not_found: There is no such job */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a job. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ask a job to stop */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description job_not_found: There is no such job */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCameras: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Cameras of the collections that the key sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CameraList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addCamera: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCamera"];
            };
        };
        responses: {
            /** @description Look for people before a camera */
            201: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Camera"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; too_many_cameras: So many cameras are there that this one cannot be */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; target_not_allowed: The server may not connect to this target, or open this file */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCamera: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a camera. */
                camera: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One camera */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Camera"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description camera_not_found: There is no such camera */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeCamera: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a camera. */
                camera: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a camera */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CameraRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description camera_not_found: There is no such camera */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeCamera: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a camera. */
                camera: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CameraChange"];
            };
        };
        responses: {
            /** @description Change a camera */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Camera"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description camera_not_found: There is no such camera */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; target_not_allowed: The server may not connect to this target, or open this file */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; liveness_not_available: The networks that judge liveness are not on this server; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCameraPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a camera. */
                camera: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture of now, with boxes and names */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description camera_not_found: There is no such camera; no_camera_picture: The camera gives no picture now */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCameraStream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a camera. */
                camera: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Pictures with boxes and names, as they come */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "multipart/x-mixed-replace": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description camera_not_found: There is no such camera */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot; too_many_viewers: So many look or listen already */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Of this camera. */
                camera?: string;
                /** @description Of this kind. */
                kind?: "known" | "unknown" | "lost";
                /** @description Of the person with this name. */
                subject?: components["schemas"]["PersonName"];
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                to?: string;
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What has happened before cameras */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeEvents: {
        parameters: {
            query?: {
                /** @description Of this camera. */
                camera?: string;
                /** @description Of this kind. */
                kind?: "known" | "unknown" | "lost";
                /** @description Of the person with this name. */
                subject?: components["schemas"]["PersonName"];
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                to?: string;
            };
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove many events with their pictures */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    streamEvents: {
        parameters: {
            query?: {
                /** @description Of this camera. */
                camera?: string;
                /** @description Of this kind. */
                kind?: "known" | "unknown" | "lost";
                /** @description Of the person with this name. */
                subject?: components["schemas"]["PersonName"];
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                to?: string;
            };
            header?: {
                /** @description Number of the last event that the caller has. */
                "Last-Event-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they happen */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot; too_many_viewers: So many look or listen already */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of an event. */
                event: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description event_not_found: There is no such event */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Number of an event. */
                event: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove an event with its picture */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description event_not_found: There is no such event */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEventPicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Number of an event. */
                event: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The face of an event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description event_not_found: There is no such event; no_event_picture: No picture of this event is kept */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Webhooks that are told events which the key sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Tell another server what happens before cameras */
            201: {
                headers: {
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeWebhook"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; too_many_webhooks: So many webhooks are there that this one cannot be */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; target_not_allowed: The server may not connect to this target, or open this file */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One webhook */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description webhook_not_found: There is no such webhook */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a webhook */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookRemoval"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description webhook_not_found: There is no such webhook */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Messages that were given up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description webhook_not_found: There is no such webhook */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendDeadLettersAgain: {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description Id of a webhook. */
                webhook: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Send what was given up again */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SentAgain"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description webhook_not_found: There is no such webhook */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSealed: {
        parameters: {
            query?: {
                /** @description How many to answer at most. */
                limit?: number;
                /** @description Where to go on: `next` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sealed galleries that the key sees */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SealedList"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSealed: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the gallery as the caller has it: where it is still the same, 304 is answered. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a sealed gallery is */
            200: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SealedGallery"];
                };
            };
            /** @description It is still what the caller has. */
            304: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSealed: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the gallery as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description `*`: nothing is done where there is a gallery of this name already. */
                "If-None-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": components["schemas"]["SealedGalleryFile"];
            };
        };
        responses: {
            /** @description Keep a sealed gallery, or replace it */
            200: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SealedGallery"];
                };
            };
            /** @description Keep a sealed gallery, or replace it */
            201: {
                headers: {
                    /** @description Another one after every change; for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description Path of what was made. */
                    Location?: string;
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SealedGallery"];
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; sealed_on_one_server: Servers that share their state keep no sealed galleries; too_many_sealed: So many sealed galleries are there that this one cannot be */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request; sealed_not_valid: The bytes are not the sealed file that is wanted; secret_key_refused: A secret key is for its holder alone and was not kept */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSealed: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag of the gallery as it was read: where it has changed since, nothing is done. */
                "If-Match"?: string;
                /** @description Any text of the caller's own. For 24 hours the same request with the same text gets the same answer and is not carried out again; another request with it is refused. */
                "Idempotency-Key"?: string;
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Remove a sealed gallery */
            200: {
                headers: {
                    /** @description `true` where the request was carried out before, and this is the answer of then. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedSealed"];
                };
            };
            /** @description invalid_argument: A value has no meaning here; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_not_found: There is no such sealed gallery */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_in_use: A request with this idempotency key is being answered; sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description precondition_failed: It has changed since it was read */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description idempotency_key_reused: The idempotency key was used for another request */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchSealed: {
        parameters: {
            query?: {
                /** @description Only this row, from 0 on. The key holder can then read the scores of the rows of its pack, too. */
                row?: number;
            };
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a sealed gallery. */
                sealed: components["schemas"]["SealedName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SealedSearch"];
                "multipart/form-data": components["schemas"]["SealedSearchForm"];
            };
        };
        responses: {
            /** @description Compare a probe with a sealed gallery */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_not_found: There is no such sealed gallery; sealed_row_not_found: The sealed gallery has no such row */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description model_mismatch: Templates are of different models; sealed_on_one_server: Servers that share their state keep no sealed galleries */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large; picture_too_large: The picture is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here; picture_type_not_supported: Pictures of this type are not read */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description no_face: The picture shows no face; picture_not_readable: The picture cannot be read; secret_key_refused: A secret key is for its holder alone and was not kept */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; resource_limit: A limit of the server is reached; sealed_not_usable: The sealed gallery cannot be opened now; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    searchWithSealedProbe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Why, for the audit log. */
                "X-Purpose"?: string;
            };
            path: {
                /** @description Name of a collection. */
                collection: components["schemas"]["CollectionName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": components["schemas"]["SealedProbeFile"];
            };
        };
        responses: {
            /** @description Compare a sealed probe with a collection */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description body_not_valid: The body is not valid; invalid_argument: A value has no meaning here; malformed_body: The body of the request does not follow HTTP; malformed_request: The head of the request does not follow HTTP; parameter_not_valid: A parameter is not valid */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description key_missing: A key is wanted; key_not_valid: The key is not valid */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description scope_too_small: The key does not allow this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_not_found: There is no such collection */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description request_timeout: The request did not come in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description collection_empty: The collection has no face to compare with; collection_too_large: The collection has more faces than a sealed probe is compared with; model_mismatch: Templates are of different models */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_too_large: The body of the request is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description body_type_not_supported: The body is of a type that is not read here */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description sealed_not_valid: The bytes are not the sealed file that is wanted; secret_key_refused: A secret key is for its holder alone and was not kept */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description quota_exhausted: The requests of this day are used up; rate_limited: Too many requests a second; server_busy: All workers are busy; too_many_requests: So many requests wait that this one cannot */
            429: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description internal: A fault of the server */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description cancelled: The server gave up this request; collection_not_usable: The collection cannot be opened now; resource_limit: A limit of the server is reached; server_full: The server holds as much as it may */
            503: {
                headers: {
                    /** @description Seconds after which it is worth asking again. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
