-- A customer's notices stand in blocks of 131,072 of a storefront, by age: docs/adr/0009-lists-by-age.md
DROP INDEX notices_customer;
CREATE INDEX notices_by_age ON notices (storefront, number >> 17, customer, number);
