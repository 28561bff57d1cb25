-- A customer's lines stand in blocks of 131,072 orders, by age: docs/adr/0009-lists-by-age.md. The owner is the key, and so ends each entry.
DROP INDEX my_page_customer;
CREATE INDEX my_page_by_age ON my_page (owner >> 17, customer);
