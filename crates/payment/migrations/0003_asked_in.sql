ALTER TABLE payments ADD COLUMN asked_in INTEGER; -- the 64 bits of the incarnation that first asked; with provider_key null, the key is STORE.INCARNATION.order-OWNER
