ALTER TABLE my_page ADD COLUMN told INTEGER; -- the version of the order that it shows; none as long as no event told the whole of the order
