-- A camera behind a failed switch is not down: nobody can say. A file of its own, since a value that was just added
-- cannot be used in the same transaction.
ALTER TYPE camera_state ADD VALUE 'unreachable';
