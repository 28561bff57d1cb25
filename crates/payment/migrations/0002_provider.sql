ALTER TABLE payments ADD COLUMN provider_key TEXT; -- by which the provider knows the charge; none: order- and the owner
ALTER TABLE payments ADD COLUMN parked TEXT;       -- why an operator must see to it
