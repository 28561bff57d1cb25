//! Who has a mail address, and which.

/// What stands for the customer in a pattern.
const CUSTOMER: &str = "{customer}";

/// The mail addresses of customers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses {
    pattern: Option<String>,
}

/// A pattern that would send everybody's mail to one address, or nobody's anywhere.
#[derive(Debug, thiserror::Error)]
#[error("the address of a customer must be written like {{customer}}@example.com, not {0:?}")]
pub struct NoPlaceholder(String);

impl Addresses {
    /// Addresses made after `pattern`, such as `{customer}@example.com`. Without one, only customers whose names are addresses have any.
    ///
    /// # Errors
    /// If the pattern has no `{customer}` or no `@`.
    pub fn try_new(pattern: Option<String>) -> Result<Self, NoPlaceholder> {
        match pattern {
            Some(pattern) if !pattern.contains(CUSTOMER) || !pattern.contains('@') => Err(NoPlaceholder(pattern)),
            pattern => Ok(Self { pattern }),
        }
    }

    /// The address of `customer`, if there is one. That it can be written to is not said.
    pub fn of(&self, customer: &str) -> Option<String> {
        if customer.contains('@') {
            return Some(customer.to_owned());
        }
        self.pattern.as_ref().map(|pattern| pattern.replace(CUSTOMER, customer))
    }
}

#[cfg(test)]
mod tests {
    use super::Addresses;

    #[test]
    fn a_customer_that_is_an_address_is_written_to_there() {
        for pattern in [None, Some("{customer}@example.com".to_owned())] {
            let addresses = Addresses::try_new(pattern).unwrap();
            assert_eq!(addresses.of("kim@example.org").as_deref(), Some("kim@example.org"));
        }
    }

    #[test]
    fn other_customers_are_written_to_after_the_pattern_or_not_at_all() {
        let pattern = Addresses::try_new(Some("box+{customer}@example.com".to_owned())).unwrap();

        assert_eq!(pattern.of("7").as_deref(), Some("box+7@example.com"));
        assert_eq!(Addresses::default().of("7"), None);
    }

    #[test]
    fn a_pattern_without_a_customer_or_a_host_is_refused() {
        for pattern in ["all@example.com", "{customer}", ""] {
            assert!(Addresses::try_new(Some(pattern.to_owned())).is_err(), "{pattern}");
        }
    }
}
