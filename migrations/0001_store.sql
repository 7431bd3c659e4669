-- The first store: who feeds us, what was seen, what was refused.
-- Why these keys: btree (time, thing) takes rows by COPY three times as fast as (thing, time),
-- and the questions by thing are answered from transitions and roll-ups, not from raw rows.

CREATE EXTENSION IF NOT EXISTS timescaledb;

CREATE TYPE camera_state AS ENUM ('up', 'degraded', 'down', 'unknown', 'maintenance');
CREATE TYPE quote_status AS ENUM ('reported', 'carried', 'imputed', 'corrected');

-- Sources ---------------------------------------------------------------------------------------

CREATE TABLE feed (
  id            text PRIMARY KEY,
  number        smallint GENERATED ALWAYS AS IDENTITY UNIQUE, -- two bytes instead of a name in every observation
  domain        text NOT NULL CHECK (domain IN ('cameras', 'prices')),
  mode          text NOT NULL CHECK (mode IN ('pull', 'push', 'history')),
  kind          text NOT NULL,
  title         text NOT NULL,
  source        text NOT NULL DEFAULT '',
  demo          boolean NOT NULL DEFAULT false,
  schedule      text,
  -- how long one reading speaks for its camera; after that silence is "unknown", never "up"
  hold_seconds  integer NOT NULL DEFAULT 180 CHECK (hold_seconds > 0),
  -- without a good run for so long the feed is stale
  stale_seconds integer NOT NULL DEFAULT 300 CHECK (stale_seconds > 0),
  priority      smallint NOT NULL DEFAULT 50,
  enabled       boolean NOT NULL DEFAULT true,
  created_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feed_key (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed_id      text NOT NULL REFERENCES feed,
  name         text NOT NULL,
  hint         text NOT NULL,
  hash         bytea NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  revoked_at   timestamptz
);

CREATE TABLE feed_run (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed_id      text NOT NULL REFERENCES feed,
  started_at   timestamptz NOT NULL,
  took_ms      integer NOT NULL DEFAULT 0,
  outcome      text NOT NULL CHECK (outcome IN ('ok', 'not-modified', 'failed')),
  received     integer NOT NULL DEFAULT 0,
  accepted     integer NOT NULL DEFAULT 0,
  unchanged    integer NOT NULL DEFAULT 0,
  duplicate    integer NOT NULL DEFAULT 0,
  not_reported integer NOT NULL DEFAULT 0,
  rejected     integer NOT NULL DEFAULT 0,
  error        text,
  -- pushes of one feed share one row a minute, so that single-row posts do not write a run each
  push_minute  timestamptz
);
CREATE UNIQUE INDEX feed_run_push ON feed_run (feed_id, push_minute) WHERE push_minute IS NOT NULL;
CREATE INDEX feed_run_recent ON feed_run (feed_id, started_at DESC);

CREATE TABLE reject (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feed_id     text NOT NULL REFERENCES feed,
  at          timestamptz NOT NULL DEFAULT now(),
  row         integer NOT NULL,
  field       text NOT NULL,
  reason      text NOT NULL,
  expected    text NOT NULL,
  payload     jsonb NOT NULL,
  -- the same bad row every five seconds is one reject that was seen often
  fingerprint bytea NOT NULL,
  seen        integer NOT NULL DEFAULT 1,
  last_at     timestamptz NOT NULL DEFAULT now(),
  replayed_at timestamptz,
  UNIQUE (feed_id, fingerprint)
);
CREATE INDEX reject_recent ON reject (feed_id, last_at DESC);

-- Cameras ---------------------------------------------------------------------------------------

CREATE TABLE camera (
  id                 integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Malang's portal reissued every id of its own between 2025-10 and 2026-06; stream_id stayed
  stream_id          text NOT NULL UNIQUE,
  name               text NOT NULL,
  address            text,
  latitude           double precision,
  longitude          double precision,
  site               text,
  district           text,
  subdistrict        text,
  published_district text,
  owner              text,
  created_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE camera_observation (
  at          timestamptz NOT NULL,
  camera_id   integer NOT NULL,
  state       camera_state NOT NULL,
  feed        smallint NOT NULL,
  hold        integer NOT NULL,
  received_at timestamptz NOT NULL,
  latency_ms  real,
  reason      text,
  PRIMARY KEY (at, camera_id)
);
SELECT create_hypertable('camera_observation', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => false);

-- The truth of availability: when a camera's state changed, silence included.
CREATE TABLE camera_transition (
  at        timestamptz NOT NULL,
  camera_id integer NOT NULL,
  state     camera_state NOT NULL,
  feed      smallint,
  reason    text,
  PRIMARY KEY (camera_id, at)
);
CREATE INDEX camera_transition_time ON camera_transition (at);

CREATE TABLE camera_current (
  camera_id    integer PRIMARY KEY REFERENCES camera,
  state        camera_state NOT NULL,
  since        timestamptz NOT NULL,
  at           timestamptz NOT NULL,
  silent_after timestamptz NOT NULL,
  feed         smallint,
  reason       text,
  latency_ms   real
) WITH (fillfactor = 50); -- room for the update of every reading on the same page

CREATE TABLE outage (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  camera_id  integer NOT NULL REFERENCES camera,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  cause      text,
  UNIQUE (camera_id, started_at),
  CHECK (ended_at IS NULL OR ended_at > started_at)
);
CREATE INDEX outage_open ON outage (started_at) WHERE ended_at IS NULL;
-- the longest of a period is found from the top instead of by sorting all of them
CREATE INDEX outage_length ON outage ((ended_at - started_at) DESC) WHERE ended_at IS NOT NULL;

-- Milliseconds that each state held in the hour: exact, so that sums of roll-ups equal the transitions.
CREATE TABLE camera_hour (
  at            timestamptz NOT NULL,
  camera_id     integer NOT NULL,
  up_ms          integer NOT NULL,
  degraded_ms    integer NOT NULL,
  down_ms        integer NOT NULL,
  unknown_ms     integer NOT NULL,
  maintenance_ms integer NOT NULL,
  PRIMARY KEY (camera_id, at)
);
SELECT create_hypertable('camera_hour', 'at', chunk_time_interval => INTERVAL '30 days', create_default_indexes => false);

CREATE TABLE camera_day (
  day           date NOT NULL, -- of the city's clock
  camera_id     integer NOT NULL,
  up_ms          integer NOT NULL,
  degraded_ms    integer NOT NULL,
  down_ms        integer NOT NULL,
  unknown_ms     integer NOT NULL,
  maintenance_ms integer NOT NULL,
  PRIMARY KEY (day, camera_id)
);

-- The same by district ('' is outside the city), so that leadership's page does not grow with the cameras.
CREATE TABLE district_day (
  day           date NOT NULL,
  district      text NOT NULL,
  up_ms         bigint NOT NULL,
  degraded_ms   bigint NOT NULL,
  down_ms       bigint NOT NULL,
  unknown_ms    bigint NOT NULL,
  PRIMARY KEY (day, district)
);

-- What the roll-up job still has to do: hours of cameras whose transitions moved.
CREATE TABLE camera_rollup_due (
  camera_id integer NOT NULL,
  hour      timestamptz NOT NULL,
  PRIMARY KEY (camera_id, hour)
);
CREATE TABLE job_progress (job text PRIMARY KEY, done_until timestamptz NOT NULL);

-- Prices ----------------------------------------------------------------------------------------

CREATE TABLE market (
  code              text PRIMARY KEY,
  name              text NOT NULL,
  level             text NOT NULL CHECK (level IN ('market', 'city', 'province', 'producer')),
  latitude          double precision,
  longitude         double precision,
  position_accuracy text,
  district          text,
  position          integer NOT NULL DEFAULT 0
);

CREATE TABLE commodity (
  code          text PRIMARY KEY,
  name_id       text NOT NULL,
  name_en       text NOT NULL,
  unit          text NOT NULL,
  category      text NOT NULL,
  position      integer NOT NULL,
  basket_weight real NOT NULL DEFAULT 0
);

-- Every value ever reported: a changed value for the same market, commodity, day and source is a new revision.
CREATE TABLE quote (
  day         date NOT NULL,
  market      text NOT NULL,
  commodity   text NOT NULL,
  feed        smallint NOT NULL,
  revision    smallint NOT NULL DEFAULT 1,
  price       integer NOT NULL CHECK (price > 0), -- rupiah per canonical unit
  status      quote_status NOT NULL DEFAULT 'reported',
  reported_at timestamptz,
  received_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (day, commodity, market, feed, revision)
);
SELECT create_hypertable('quote', 'day', chunk_time_interval => INTERVAL '90 days', create_default_indexes => false);
CREATE INDEX quote_series ON quote (commodity, market, day);

CREATE TABLE quote_day_city (
  day       date NOT NULL,
  commodity text NOT NULL,
  median    integer NOT NULL,
  low       integer NOT NULL,
  high      integer NOT NULL,
  markets   smallint NOT NULL, -- that reported
  demo      boolean NOT NULL,
  PRIMARY KEY (commodity, day)
);
CREATE INDEX quote_day_city_day ON quote_day_city (day);

CREATE TABLE ceiling (
  commodity  text NOT NULL REFERENCES commodity,
  kind       text NOT NULL CHECK (kind IN ('HET', 'HAP')),
  zone       text NOT NULL,
  price_min  integer NOT NULL,
  price_max  integer NOT NULL,
  regulation text NOT NULL,
  valid_from date,
  valid_to   date,
  source     text NOT NULL,
  PRIMARY KEY (commodity, kind, zone, regulation)
);

-- Alerts ----------------------------------------------------------------------------------------

CREATE TABLE alert (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule        text NOT NULL,
  subject     text NOT NULL,
  severity    text NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
  facts       jsonb NOT NULL,
  opened_at   timestamptz NOT NULL,
  resolved_at timestamptz
);
CREATE UNIQUE INDEX alert_open ON alert (rule, subject) WHERE resolved_at IS NULL;
CREATE INDEX alert_recent ON alert (opened_at DESC);

-- Access ----------------------------------------------------------------------------------------

CREATE TABLE account (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username      text NOT NULL,
  name          text NOT NULL,
  role          text NOT NULL CHECK (role IN ('viewer', 'operator', 'market-officer', 'leader', 'admin')),
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  disabled_at   timestamptz
);
CREATE UNIQUE INDEX account_username ON account (lower(username));

CREATE TABLE session (
  hash         bytea PRIMARY KEY, -- sha-256 of the cookie's token: a copy of the table signs nobody in
  account_id   bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL
);

CREATE TABLE setup_link (
  hash       bytea PRIMARY KEY,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);

-- A wall display: a link that an administrator made; it never expires and can be revoked.
CREATE TABLE device (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name         text NOT NULL,
  hash         bytea NOT NULL UNIQUE,
  created_by   bigint REFERENCES account ON DELETE SET NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz,
  revoked_at   timestamptz
);

CREATE TABLE audit (
  id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      timestamptz NOT NULL DEFAULT now(),
  actor   text NOT NULL,
  action  text NOT NULL,
  subject text NOT NULL,
  detail  jsonb NOT NULL DEFAULT '{}'
);
