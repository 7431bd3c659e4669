-- The product finds out by itself whether a camera works: what to probe, what each check saw, what follows from it.

-- What hangs on what -----------------------------------------------------------------------------

-- What cameras hang on: a recorder, a switch, a pole, a link, a power supply; several levels deep.
CREATE TABLE node (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code       text NOT NULL UNIQUE,
  name       text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('nvr', 'switch', 'pole', 'link', 'power', 'other')),
  parent_id  integer REFERENCES node,
  latitude   double precision,
  longitude  double precision,
  -- what of it can be probed; {} where it is only known by what hangs on it
  targets    jsonb NOT NULL DEFAULT '{}',
  state      camera_state NOT NULL DEFAULT 'unknown',
  since      timestamptz,
  checked_at timestamptz,
  fault      text,
  failing    boolean NOT NULL DEFAULT false,
  memory     jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK (parent_id <> id)
);
CREATE INDEX node_parent ON node (parent_id) WHERE parent_id IS NOT NULL;

-- Cameras ----------------------------------------------------------------------------------------

ALTER TABLE camera
  ADD COLUMN vendor       text,
  ADD COLUMN camera_group text,
  ADD COLUMN parent_id    integer REFERENCES node ON DELETE SET NULL,
  ADD COLUMN enabled      boolean NOT NULL DEFAULT true,
  -- what of it can be probed and watched: addresses without credentials
  ADD COLUMN targets      jsonb NOT NULL DEFAULT '{}',
  -- user name and password, sealed with the key of the configuration
  ADD COLUMN secret       bytea,
  -- what differs from its group's settings
  ADD COLUMN settings     jsonb NOT NULL DEFAULT '{}',
  -- columns that somebody set by hand: a source's list does not undo them
  ADD COLUMN pinned       text[] NOT NULL DEFAULT '{}';
CREATE INDEX camera_parent ON camera (parent_id) WHERE parent_id IS NOT NULL;

-- Settings for all ('all'), for a group ('group:NAME'), and of the availability that is owed ('contract').
CREATE TABLE setting (
  scope      text PRIMARY KEY,
  value      jsonb NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  updated_by text NOT NULL
);

-- Who changed what of a camera, a node, a setting: before and after, without secrets.
CREATE TABLE camera_change (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT now(),
  camera_id integer NOT NULL REFERENCES camera ON DELETE CASCADE,
  actor     text NOT NULL,
  action    text NOT NULL,
  before    jsonb NOT NULL,
  after     jsonb NOT NULL
);
CREATE INDEX camera_change_of ON camera_change (camera_id, id DESC);

CREATE TABLE saved_view (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES account ON DELETE CASCADE,
  name       text NOT NULL,
  query      text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, name)
);

-- What was seen ----------------------------------------------------------------------------------

-- By camera first, unlike observations: a camera's page reads a day of one camera out of millions of checks.
CREATE TABLE camera_check (
  at         timestamptz NOT NULL,
  camera_id  integer NOT NULL,
  ok         boolean NOT NULL,
  layer      text,
  fault      text,
  latency_ms real,
  PRIMARY KEY (camera_id, at)
);
SELECT create_hypertable('camera_check', 'at', chunk_time_interval => INTERVAL '1 day', create_default_indexes => false);

-- For charts over months, kept up with each check.
CREATE TABLE camera_check_hour (
  at         timestamptz NOT NULL,
  camera_id  integer NOT NULL,
  checks     integer NOT NULL,
  failures   integer NOT NULL,
  timed      integer NOT NULL, -- checks with a latency
  latency    real NOT NULL,    -- their sum, ms
  slowest    real NOT NULL,
  PRIMARY KEY (camera_id, at)
) WITH (fillfactor = 70);
SELECT create_hypertable('camera_check_hour', 'at', chunk_time_interval => INTERVAL '30 days', create_default_indexes => false);

-- What a verdict rests on, so that another instance, or the next start, goes on where this one stopped.
CREATE TABLE probe_state (
  camera_id  integer PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
  memory     jsonb NOT NULL,
  checked_at timestamptz NOT NULL,
  -- the verdict before it is asked why: what causes are looked for in
  verdict    camera_state NOT NULL,
  since      timestamptz NOT NULL,
  layer      text,
  fault      text,
  -- its last check failed, whether the verdict says so yet or not
  failing    boolean NOT NULL,
  -- since when something that it hangs on has failed, and since when, after that came back, the failure is its own
  unreachable_since timestamptz,
  own_since         timestamptz,
  -- where it was reached, as far as its address says
  subnet     text,
  -- the last latencies, newest last, ms; NULL where the check failed
  latencies  real[] NOT NULL DEFAULT '{}'
) WITH (fillfactor = 50);
CREATE INDEX probe_state_down ON probe_state (since) WHERE verdict = 'down';
CREATE INDEX probe_state_explained ON probe_state (camera_id) WHERE unreachable_since IS NOT NULL OR own_since IS NOT NULL;

-- The instances that share the cameras out among themselves.
CREATE TABLE prober (
  id         uuid PRIMARY KEY,
  name       text NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  -- false while its own uplink is lost: what it does not reach says nothing
  uplink     boolean NOT NULL DEFAULT true
);

-- Evidence: the last good picture of each camera, the first bad one of a fault, and good ones that an outage points to.
CREATE TABLE camera_picture (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  camera_id integer NOT NULL REFERENCES camera ON DELETE CASCADE,
  at        timestamptz NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('good', 'bad', 'before')),
  fault     text,
  jpeg      bytea NOT NULL
);
CREATE UNIQUE INDEX camera_picture_good ON camera_picture (camera_id) WHERE kind = 'good';
CREATE INDEX camera_picture_bad ON camera_picture (camera_id, at DESC) WHERE kind = 'bad';

-- What a source says of a camera that is judged by probing: it is shown beside the verdict and decides nothing.
CREATE TABLE camera_claim (
  camera_id integer PRIMARY KEY REFERENCES camera ON DELETE CASCADE,
  at        timestamptz NOT NULL,
  state     camera_state NOT NULL,
  since     timestamptz NOT NULL,
  feed      smallint NOT NULL,
  reason    text
) WITH (fillfactor = 50);

ALTER TABLE camera_current
  -- judged by probing: what sources report of it is a claim
  ADD COLUMN judged   boolean NOT NULL DEFAULT false,
  -- in a maintenance window
  ADD COLUMN planned  boolean NOT NULL DEFAULT false,
  -- changes too often to be believed: shown as a state of its own, counted by the verdict beneath
  ADD COLUMN flapping boolean NOT NULL DEFAULT false,
  ADD COLUMN layer    text,
  ADD COLUMN fault    text;

-- Outages and their causes -----------------------------------------------------------------------

-- One failure that took several cameras with it: of a node, or what began together at one site or in one subnet.
CREATE TABLE incident (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('node', 'site', 'subnet')),
  -- the node's code, the site, or the subnet in CIDR
  subject    text NOT NULL,
  node_id    integer REFERENCES node ON DELETE SET NULL,
  started_at timestamptz NOT NULL,
  ended_at   timestamptz,
  cameras    integer[] NOT NULL,
  fault      text,
  taken_by   text,
  taken_at   timestamptz,
  CHECK (ended_at IS NULL OR ended_at >= started_at)
);
CREATE UNIQUE INDEX incident_open ON incident (kind, subject) WHERE ended_at IS NULL;
CREATE INDEX incident_recent ON incident (started_at DESC);

ALTER TABLE outage
  ADD COLUMN layer        text,
  ADD COLUMN fault        text,
  ADD COLUMN detail       text,
  -- it began in a maintenance window
  ADD COLUMN planned      boolean NOT NULL DEFAULT false,
  ADD COLUMN incident_id  bigint REFERENCES incident ON DELETE SET NULL,
  ADD COLUMN taken_by     text,
  ADD COLUMN taken_at     timestamptz,
  -- what an operator found to be the cause
  ADD COLUMN found_cause  text CHECK (found_cause IN ('power', 'network', 'camera', 'stream', 'vandalism', 'weather', 'works', 'other')),
  ADD COLUMN good_picture bigint REFERENCES camera_picture ON DELETE SET NULL,
  ADD COLUMN bad_picture  bigint REFERENCES camera_picture ON DELETE SET NULL;
CREATE INDEX outage_open_of ON outage (camera_id) WHERE ended_at IS NULL;
CREATE INDEX outage_incident ON outage (incident_id) WHERE incident_id IS NOT NULL;

-- The trail of an outage: notes, who took it, how its cause was corrected.
CREATE TABLE outage_note (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  outage_id bigint NOT NULL REFERENCES outage ON DELETE CASCADE,
  at        timestamptz NOT NULL DEFAULT now(),
  actor     text NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('note', 'take', 'release', 'cause')),
  text      text NOT NULL DEFAULT '',
  before    text,
  after     text
);
CREATE INDEX outage_note_of ON outage_note (outage_id, id);

CREATE TABLE maintenance (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title        text NOT NULL,
  -- for whom: a camera's id, a group's name, a district's code, a node's id
  scope        text NOT NULL CHECK (scope IN ('camera', 'group', 'district', 'node')),
  subject      text NOT NULL,
  starts_at    timestamptz NOT NULL,
  ends_at      timestamptz NOT NULL,
  -- NULL: once; else on these days of the week (1 Monday .. 7 Sunday) of the city's calendar, at the same time of day
  weekdays     smallint[],
  -- the last day on which it recurs; NULL: for good
  repeat_until date,
  created_by   text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  cancelled_at timestamptz,
  CHECK (ends_at > starts_at)
);
