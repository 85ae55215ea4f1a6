-- Dumped by pg_dump version 16.14
CREATE TABLE public.app (
    id bigint NOT NULL,
    name character varying(50),
    guid character varying(36)
);
CREATE TABLE public.embedding (
    id uuid NOT NULL,
    subject_id uuid,
    embedding double precision[] NOT NULL,
    calculator character varying(255) NOT NULL,
    img_id uuid
);
CREATE TABLE public.img (
    id uuid NOT NULL,
    content bytea NOT NULL
);
CREATE TABLE public.model (
    id bigint NOT NULL,
    name character varying(255),
    type character(1),
    guid character varying(36),
    app_id bigint,
    api_key character varying(36)
);
CREATE TABLE public.subject (
    id uuid NOT NULL,
    api_key character varying(36),
    subject_name character varying(255)
);
COPY public.app (id, name, guid) FROM stdin;
1	Gate	a
\.
COPY public.embedding (id, subject_id, embedding, calculator, img_id) FROM stdin;
00000000-0000-0000-0000-0000000000e1	00000000-0000-0000-0000-000000000001	{0.6,-0.8,0}	arcface_r100_v1@insightface.Calculator	00000000-0000-0000-0000-0000000000a1
00000000-0000-0000-0000-0000000000e2	00000000-0000-0000-0000-000000000002	{0,1e-05,-2}	arcface_r100_v1@insightface.Calculator	\N
00000000-0000-0000-0000-0000000000e3	00000000-0000-0000-0000-000000000003	{1,0}	facenet.Calculator@20180402-114759	\N
\.
COPY public.img (id, content) FROM stdin;
00000000-0000-0000-0000-0000000000a1	\\xffd8ffe000
\.
COPY public.model (id, name, type, guid, app_id, api_key) FROM stdin;
1	Entrance	R	g1	1	key-1
2	Detection	D	g2	1	key-2
\.
COPY public.subject (id, api_key, subject_name) FROM stdin;
00000000-0000-0000-0000-000000000001	key-1	Ada Lovelace
00000000-0000-0000-0000-000000000002	key-1	tab\there \\ "q" ñ
00000000-0000-0000-0000-000000000003	key-3	line\nbreak
\.
ALTER TABLE ONLY public.app
    ADD CONSTRAINT app_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.embedding
    ADD CONSTRAINT embedding_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.img
    ADD CONSTRAINT img_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.subject
    ADD CONSTRAINT subject_pkey PRIMARY KEY (id);
