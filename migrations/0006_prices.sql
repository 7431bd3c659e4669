-- Prices from the stall to the decision: surveys and who answers for them, which price of a market counts, what looks
-- wrong, months that are closed, and roll-ups from which indicators are counted without reading all that exists.

-- Who enters prices in the markets may do nothing else.
ALTER TABLE account DROP CONSTRAINT account_role_check;
ALTER TABLE account ADD CONSTRAINT account_role_check
  CHECK (role IN ('viewer', 'operator', 'surveyor', 'market-officer', 'leader', 'admin'));

ALTER TABLE quote
  -- the person who said it, and why: of corrections and of surveys
  ADD COLUMN author text,
  ADD COLUMN reason text,
  -- withdrawn: this revision says that there is no price, and its price is what stood before it
  ADD COLUMN void   boolean NOT NULL DEFAULT false;

-- What counts of a market on a day: the last revision of its most trusted source. Derived from quote, in its transaction.
CREATE TABLE market_price (
  commodity text NOT NULL,
  day       date NOT NULL,
  market    text NOT NULL,
  price     integer NOT NULL,
  status    quote_status NOT NULL,
  feed      smallint NOT NULL,
  revision  integer NOT NULL,
  PRIMARY KEY (commodity, day, market)
);
CREATE INDEX market_price_day ON market_price (day, market);

ALTER TABLE quote_day_city
  -- a tenth of the markets (at least one, from five markets on) left out at each end
  ADD COLUMN trimmed integer,
  ADD COLUMN q1      integer,
  ADD COLUMN q3      integer;

-- The same of other levels: province, producer.
CREATE TABLE level_price_day (
  level     text NOT NULL CHECK (level IN ('province', 'producer')),
  commodity text NOT NULL,
  day       date NOT NULL,
  median    integer NOT NULL,
  low       integer NOT NULL,
  high      integer NOT NULL,
  places    smallint NOT NULL,
  PRIMARY KEY (level, commodity, day)
);

-- City medians of a month: enough for its mean and its variation.
CREATE TABLE price_month (
  commodity text NOT NULL,
  month     date NOT NULL CHECK (extract(day FROM month) = 1),
  days      smallint NOT NULL,
  total     double precision NOT NULL,
  squares   double precision NOT NULL,
  PRIMARY KEY (commodity, month)
);

-- What changed and was not counted yet: written with the change, so that none is forgotten.
CREATE TABLE indicator_due (
  commodity text NOT NULL,
  day       date NOT NULL,
  PRIMARY KEY (commodity, day)
);
CREATE TABLE indicator_current (
  commodity  text PRIMARY KEY,
  day        date NOT NULL,
  figures    jsonb NOT NULL,
  renewed_at timestamptz NOT NULL
);
-- How far each method was off when asked at an earlier day for the days after it; only new days are asked anew.
CREATE TABLE forecast_score (
  commodity text NOT NULL,
  origin    date NOT NULL,
  method    text NOT NULL,
  -- mean absolute error over the horizon, rupiah, and how many days could be compared
  error     double precision NOT NULL,
  days      smallint NOT NULL,
  -- ln(price / forecast) of each day ahead; null where no price was reported on it
  ratios    double precision[] NOT NULL,
  PRIMARY KEY (commodity, origin, method)
);
CREATE TABLE forecast (
  commodity  text PRIMARY KEY,
  origin     date NOT NULL,
  figures    jsonb NOT NULL,
  renewed_at timestamptz NOT NULL
);

-- Surveys ----------------------------------------------------------------------------------------

CREATE TABLE survey (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  market     text NOT NULL REFERENCES market,
  day        date NOT NULL,
  officer_id bigint REFERENCES account ON DELETE SET NULL,
  officer    text NOT NULL,
  begun_at   timestamptz NOT NULL,
  UNIQUE (market, day)
);
CREATE INDEX survey_day ON survey (day);

CREATE TABLE survey_photo (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  survey_id   bigint NOT NULL REFERENCES survey ON DELETE CASCADE,
  -- given by the phone, so that a photo sent twice is one
  client_id   uuid NOT NULL UNIQUE,
  -- drawn anew by the server: without the place and the device that a phone writes into its pictures
  jpeg        bytea NOT NULL,
  author      text NOT NULL,
  received_at timestamptz NOT NULL
);

-- What stands now for a commodity. Every change of it is an event, too.
CREATE TABLE survey_entry (
  survey_id        bigint NOT NULL REFERENCES survey ON DELETE CASCADE,
  commodity        text NOT NULL REFERENCES commodity,
  version          integer NOT NULL,
  answer           text NOT NULL CHECK (answer IN ('price', 'same', 'not-sold')),
  -- what each seller asked; their median is the price
  prices           integer[] NOT NULL,
  price            integer,
  stock            text CHECK (stock IN ('enough', 'thin', 'empty')),
  note             text NOT NULL DEFAULT '',
  photo_id         bigint REFERENCES survey_photo ON DELETE SET NULL,
  -- why the officer stands by a value that looks wrong
  insist           text NOT NULL DEFAULT '',
  state            text NOT NULL CHECK (state IN ('draft', 'submitted', 'sent-back', 'verified', 'published')),
  sent_back_reason text NOT NULL DEFAULT '',
  author_id        bigint,
  author           text NOT NULL,
  device           text NOT NULL,
  noted_at         timestamptz NOT NULL,
  received_at      timestamptz NOT NULL,
  submitted_at     timestamptz,
  verified_by      text,
  verified_at      timestamptz,
  published_at     timestamptz,
  PRIMARY KEY (survey_id, commodity),
  CHECK ((answer = 'not-sold') = (price IS NULL))
);

CREATE TABLE survey_event (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  survey_id bigint NOT NULL REFERENCES survey ON DELETE CASCADE,
  commodity text,
  at        timestamptz NOT NULL,
  actor_id  bigint,
  actor     text NOT NULL,
  kind      text NOT NULL CHECK (kind IN ('begun', 'taken-over', 'entered', 'submitted', 'sent-back', 'verified', 'published')),
  version   integer,
  -- given by the phone: what is sent twice happens once
  client_id uuid UNIQUE,
  detail    jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX survey_event_of ON survey_event (survey_id, id);

-- Which commodities are due at a market; a market without rows has what the city's pack says.
CREATE TABLE survey_due (
  market    text NOT NULL REFERENCES market,
  commodity text NOT NULL REFERENCES commodity,
  PRIMARY KEY (market, commodity)
);

-- Quality ----------------------------------------------------------------------------------------

CREATE TABLE quality_flag (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  day        date NOT NULL,
  commodity  text NOT NULL,
  market     text NOT NULL,
  feed       smallint NOT NULL,
  price      integer NOT NULL,
  check_name text NOT NULL,
  severity   text NOT NULL CHECK (severity IN ('error', 'warning', 'info')),
  -- what the sentence is made of: numbers and codes
  facts      jsonb NOT NULL,
  raised_at  timestamptz NOT NULL,
  -- the verifier's word: wrong indeed, unusual but true, or nothing unusual at all
  outcome    text CHECK (outcome IN ('error', 'genuine', 'false-alarm')),
  outcome_by text,
  outcome_at timestamptz,
  note       text NOT NULL DEFAULT '',
  UNIQUE (commodity, day, market, feed, check_name, price)
);
CREATE INDEX quality_flag_open ON quality_flag (day DESC) WHERE outcome IS NULL;
CREATE INDEX quality_flag_day ON quality_flag (day);
-- What came in and was not looked at yet.
CREATE TABLE quality_due (
  commodity text NOT NULL,
  market    text NOT NULL,
  day       date NOT NULL,
  feed      smallint NOT NULL,
  PRIMARY KEY (commodity, market, day, feed)
);

-- Closed months ----------------------------------------------------------------------------------

CREATE TABLE price_lock (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  month         date NOT NULL CHECK (extract(day FROM month) = 1),
  locked_at     timestamptz NOT NULL,
  locked_by     text NOT NULL,
  reason        text NOT NULL DEFAULT '',
  unlocked_at   timestamptz,
  unlocked_by   text,
  unlock_reason text
);
CREATE UNIQUE INDEX price_lock_month ON price_lock (month) WHERE unlocked_at IS NULL;

CREATE TABLE price_setting (
  key        text PRIMARY KEY,
  value      jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- Import of offices' files -----------------------------------------------------------------------

CREATE TABLE price_import (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name        text NOT NULL,
  file        bytea, -- gone once it was applied or dropped
  fingerprint text NOT NULL,
  mapping     jsonb NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  applied_at  timestamptz,
  result      jsonb
);
-- How files of that shape were understood, for the next one.
CREATE TABLE import_mapping (
  fingerprint text PRIMARY KEY,
  mapping     jsonb NOT NULL,
  saved_by    text NOT NULL,
  saved_at    timestamptz NOT NULL
);

-- Figures that others publish and that are not counted here, such as BPS' IPH: kept as they were given.
CREATE TABLE official_series (
  code   text PRIMARY KEY,
  title  text NOT NULL,
  unit   text NOT NULL,
  source text NOT NULL
);
CREATE TABLE official_point (
  series      text NOT NULL REFERENCES official_series,
  day         date NOT NULL, -- the first of its period
  revision    integer NOT NULL DEFAULT 1,
  value       double precision NOT NULL,
  note        text NOT NULL DEFAULT '',
  received_at timestamptz NOT NULL,
  author      text NOT NULL,
  PRIMARY KEY (series, day, revision)
);

-- What was stored before gets its derived figures.
INSERT INTO market_price (commodity, day, market, price, status, feed, revision)
WITH said AS (
    SELECT DISTINCT ON (q.day, q.commodity, q.market, q.feed)
      q.day, q.commodity, q.market, q.feed, q.revision, q.price, q.status, q.void
    FROM quote q
    ORDER BY q.day, q.commodity, q.market, q.feed, coalesce(q.reported_at, q.received_at) DESC, q.revision DESC
  ), best AS (
    SELECT DISTINCT ON (s.day, s.commodity, s.market) s.day, s.commodity, s.market, s.feed, s.revision, s.price, s.status
    FROM said s JOIN feed f ON f.number = s.feed WHERE NOT s.void
    ORDER BY s.day, s.commodity, s.market, (s.status = 'imputed'), f.priority DESC, f.number
  )
SELECT commodity, day, market, price, status, feed, revision FROM best;

TRUNCATE quote_day_city;
INSERT INTO quote_day_city (day, commodity, median, low, high, q1, q3, trimmed, markets, demo)
SELECT day, commodity, median, low, high, q1, q3, trimmed, markets, demo FROM (SELECT day, commodity, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY price))::int AS median,
    min(price) AS low, max(price) AS high,
    round(percentile_cont(0.25) WITHIN GROUP (ORDER BY price))::int AS q1,
    round(percentile_cont(0.75) WITHIN GROUP (ORDER BY price))::int AS q3,
    round(avg(price) FILTER (WHERE place > cut AND place <= among - cut))::int AS trimmed,
    (count(*) FILTER (WHERE level = 'market'))::int AS markets, bool_or(demo) AS demo
  FROM (
    SELECT *, CASE WHEN among >= 5 THEN greatest(1, among / 10) ELSE 0 END AS cut
    FROM (
      SELECT c.*, row_number() OVER (PARTITION BY day, commodity ORDER BY price) AS place,
        count(*) OVER (PARTITION BY day, commodity) AS among
      FROM (
        SELECT p.day, p.commodity, p.price, m.level, f.demo,
          bool_or(m.level = 'market') OVER (PARTITION BY p.day, p.commodity) AS reported
        FROM market_price p JOIN market m ON m.code = p.market JOIN feed f ON f.number = p.feed
        WHERE m.level IN ('market', 'city') AND p.status <> 'imputed'
      ) c WHERE level = 'market' OR NOT reported
    ) placed
  ) cut GROUP BY day, commodity) figures;

INSERT INTO level_price_day (level, commodity, day, median, low, high, places)
SELECT m.level, p.commodity, p.day, round(percentile_cont(0.5) WITHIN GROUP (ORDER BY p.price))::int,
  min(p.price), max(p.price), count(*)::smallint
FROM market_price p JOIN market m ON m.code = p.market
WHERE m.level IN ('province', 'producer') AND p.status <> 'imputed' GROUP BY 1, 2, 3;

INSERT INTO indicator_due (commodity, day) SELECT DISTINCT commodity, day FROM market_price;
