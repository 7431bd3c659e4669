-- What came in since a day, of which figures are asked for as they were known then: found without reading what came before.
CREATE INDEX quote_received ON quote USING brin (received_at) WITH (pages_per_range = 16, autosummarize = on);

-- Nothing is read from it: what producers ask is counted from what counts of their markets.
DROP TABLE level_price_day;
