ALTER TABLE orders ADD COLUMN seat_names TEXT; -- as people know the seats, once they were set aside: a list in JSON
