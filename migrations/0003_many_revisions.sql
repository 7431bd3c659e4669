-- A source that changes its mind every few seconds for a day would pass the end of a smallint, and with it all that
-- comes in the same batch would be refused.
ALTER TABLE quote ALTER COLUMN revision TYPE integer;
