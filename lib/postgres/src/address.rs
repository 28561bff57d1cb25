//! Where a database is. Its password is never shown.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Where a database is, and who asks it: `postgres://user:password@host:port/database`.
#[derive(Clone)]
pub struct Address {
    pub(crate) config: Arc<Config>,
}

/// A text is no address of a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has to be like postgres://user:password@host:5432/database: {why}")]
pub struct NoAddress {
    why: String,
}

/// What such an address begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let no = |why: &str| NoAddress { why: why.to_owned() };
        if !SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            return Err(no("it begins otherwise"));
        }
        // What the driver says may name a part of the text, and so of the password.
        let config: Config = text.parse().map_err(|_| no("it cannot be read"))?;
        if config.get_hosts().is_empty() {
            return Err(no("it names no host"));
        }
        if config.get_user().is_none_or(str::is_empty) {
            return Err(no("it names no user"));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(no("it names no database"));
        }
        Ok(Self { config: Arc::new(config) })
    }
}

impl Address {
    /// The same, with this password.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        Arc::make_mut(&mut self.config).password(password);
        self
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |host: &Host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        };
        let host = self.config.get_hosts().first().map(named).unwrap_or_default();
        let port = self.config.get_ports().first().copied().unwrap_or(5432);
        let (user, database) =
            (self.config.get_user().unwrap_or_default(), self.config.get_dbname().unwrap_or_default());
        write!(f, "postgres://{user}@{host}:{port}/{database}")
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_password_is_not_shown() {
        let address: Address = "postgres://maejin:s3cret@db.example:5433/shop".parse().unwrap();
        assert_eq!(address.to_string(), "postgres://maejin@db.example:5433/shop");
        assert!(!format!("{address:?}").contains("s3cret"));
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_repeated() {
        for text in [
            "maejin",
            "postgres://",
            "postgres://maejin:s3cret@",
            "postgres://db.example/shop",
            "postgres://a:s3cret@b:port/c",
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
    }
}
