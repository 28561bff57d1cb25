//! What every client is told.

use rdkafka::ClientConfig;

use crate::{Access, KafkaError};

/// Whether the library was built with TLS, without which it has no SCRAM either.
const HAS_TLS: bool = cfg!(feature = "tls");

/// How long a client waits at most before it calls a broker again that did not answer, in milliseconds.
const RECONNECT_MS: u32 = 1_000;

impl Access {
    /// What every client is told.
    ///
    /// # Errors
    /// If this binary cannot do what is asked.
    pub(crate) fn config(&self) -> Result<ClientConfig, KafkaError> {
        let wrong = |why: &str| KafkaError { what: "the settings of Kafka".to_owned(), why: why.to_owned() };
        if self.brokers.trim().is_empty() {
            return Err(wrong("no broker is named"));
        }
        if (self.tls || self.account.is_some()) && !HAS_TLS {
            return Err(wrong("this binary was built without TLS and SASL: build it with --features kafka-tls"));
        }
        let protocol = match (self.tls, &self.account) {
            (false, None) => "plaintext",
            (true, None) => "ssl",
            (false, Some(_)) => "sasl_plaintext",
            (true, Some(_)) => "sasl_ssl",
        };
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &self.brokers).set("client.id", "maejin");
        config.set("security.protocol", protocol);
        // A broker that is back is found soon.
        config.set("reconnect.backoff.max.ms", RECONNECT_MS.to_string());
        if let Some(file) = self.ca_file.as_ref().filter(|_| self.tls) {
            config.set("ssl.ca.location", file.display().to_string());
        }
        if let Some(account) = &self.account {
            if !["SCRAM-SHA-256", "SCRAM-SHA-512"].contains(&account.mechanism.as_str()) {
                return Err(wrong("the mechanism of an account is SCRAM-SHA-256 or SCRAM-SHA-512"));
            }
            config.set("sasl.mechanisms", &account.mechanism);
            config.set("sasl.username", &account.user).set("sasl.password", &account.password);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Account;

    fn told(access: &Access, name: &str) -> Option<String> {
        access.config().unwrap().get(name).map(str::to_owned)
    }

    #[test]
    fn brokers_are_called_in_the_clear_if_nothing_else_is_asked_for() {
        let access = Access { brokers: "a:1,b:2".to_owned(), ..Access::default() };
        assert_eq!(told(&access, "bootstrap.servers").as_deref(), Some("a:1,b:2"));
        assert_eq!(told(&access, "security.protocol").as_deref(), Some("plaintext"));
        assert!(Access::default().config().unwrap_err().to_string().contains("no broker"));
    }

    #[test]
    fn an_account_is_used_where_the_binary_can_and_refused_where_it_cannot() {
        let account =
            |mechanism: &str| Account { mechanism: mechanism.to_owned(), user: "u".into(), password: "p".into() };
        let access =
            |mechanism| Access { brokers: "a:1".into(), tls: true, ca_file: None, account: Some(account(mechanism)) };
        if HAS_TLS {
            assert_eq!(told(&access("SCRAM-SHA-512"), "security.protocol").as_deref(), Some("sasl_ssl"));
            assert!(access("PLAIN").config().unwrap_err().to_string().contains("mechanism"));
        } else {
            assert!(access("SCRAM-SHA-512").config().unwrap_err().to_string().contains("built without TLS"));
        }
    }
}
