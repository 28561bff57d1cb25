ALTER TABLE offerings ADD COLUMN on_sale_from INTEGER;  -- milliseconds since 1970
ALTER TABLE offerings ADD COLUMN on_sale_until INTEGER; -- milliseconds since 1970
