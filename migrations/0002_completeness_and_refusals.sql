-- Availability says how much of the period it knows, and planned time is no part of what could be known.
ALTER TABLE district_day ADD COLUMN maintenance_ms bigint NOT NULL DEFAULT 0;
UPDATE district_day d SET maintenance_ms = planned.ms
FROM (
  SELECT day, coalesce(c.district, '') AS district, sum(maintenance_ms) AS ms
  FROM camera_day JOIN camera c ON c.id = camera_id GROUP BY 1, 2) planned
WHERE planned.day = d.day AND planned.district = d.district;
ALTER TABLE district_day ALTER COLUMN maintenance_ms DROP DEFAULT;

-- The list of feeds counts open rejects and looks for the last good run every two seconds: neither may grow with
-- what other feeds, or the failures of this one, have left behind.
CREATE INDEX reject_newest ON reject (feed_id, id DESC) INCLUDE (replayed_at);
CREATE INDEX feed_run_good ON feed_run (feed_id, started_at DESC) WHERE outcome <> 'failed';

-- A camera's card names the others of its pole.
CREATE INDEX camera_site ON camera (site) WHERE site IS NOT NULL;
