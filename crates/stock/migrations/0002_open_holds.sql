CREATE INDEX holds_open ON holds (held_at) WHERE state = 'held'; -- few at a time: what is watched after a start
