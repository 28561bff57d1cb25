//! What the environment says: which of its names are settings, which a cluster sets for purposes of its own, and which are mistakes.

use std::collections::BTreeSet;

use figment::providers::Env;
use serde_json::Value;

use super::{Mail, Settings};

/// What the names of settings begin with.
const PREFIX: &str = "MAEJIN_";
/// Names in the environment that are no settings of a shop: they are for the command line.
const NOT_SETTINGS: [&str; 2] = ["MAEJIN_CONFIG", "MAEJIN_URL"];

/// The layer of settings from the environment.
///
/// # Errors
/// Which variable is not known, and which was perhaps meant.
pub(super) fn layer() -> Result<Env, String> {
    let known = names();
    let variables = std::env::vars_os().map(|(name, value)| (text(&name), text(&value)));
    if let Some((name, _)) = variables.into_iter().find(|(name, value)| is_mistake(name, value, &known)) {
        let meant = known.iter().map(String::as_str).min_by_key(|known| strsim::damerau_levenshtein(known, &name));
        return Err(format!("{name} is no setting; do you mean {}?", meant.unwrap_or_default()));
    }
    let taken = move |key: &figment::value::UncasedStr| {
        known.contains(&format!("{PREFIX}{}", key.as_str().to_ascii_uppercase()))
    };
    Ok(Env::prefixed(PREFIX).filter(taken).split("__"))
}

fn text(text: &std::ffi::OsStr) -> String {
    text.to_string_lossy().into_owned()
}

fn is_mistake(name: &str, value: &str, known: &BTreeSet<String>) -> bool {
    let name = name.to_ascii_uppercase();
    let Some(rest) = name.strip_prefix(PREFIX) else { return false };
    !known.contains(&name) && !NOT_SETTINGS.contains(&name.as_str()) && !is_of_a_cluster(rest, value)
}

/// Whether Kubernetes sets it, for a service whose name begins with `maejin`: where that is to be found. Settings that stand in a table
/// have two underscores, which these have not.
fn is_of_a_cluster(rest: &str, value: &str) -> bool {
    let ends = |end: &str| rest == end || rest.strip_suffix(end).is_some_and(|before| before.ends_with('_'));
    let rest_after = |name: &str| {
        let place = rest.find(name).filter(|place| *place == 0 || rest[..*place].ends_with('_'))?;
        Some(&rest[place + name.len()..])
    };
    let is_of_a_port = rest_after("PORT_").is_some_and(|rest| {
        let mut parts = rest.splitn(3, '_');
        let number = parts.next().unwrap_or_default();
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number && matches!(parts.next(), Some("TCP" | "UDP" | "SCTP"))
    });
    !rest.contains("__")
        && (ends("SERVICE_HOST")
            || ends("SERVICE_PORT")
            || rest_after("SERVICE_PORT_").is_some()
            || (ends("PORT") && value.contains("://"))
            || is_of_a_port)
}

/// The names of all settings in the environment.
fn names() -> BTreeSet<String> {
    let none = String::new;
    let mail =
        Mail { host: none(), port: 0, security: none(), from: none(), to: None, user: None, password_file: None };
    let all = Settings { mail: Some(mail), ..Settings::default() };
    let mut names = BTreeSet::new();
    gather(PREFIX, &serde_json::to_value(all).unwrap_or_default(), &mut names);
    names
}

/// Adds to `names` those of the settings in the table `value`, each with `before` in front of it.
fn gather(before: &str, value: &Value, names: &mut BTreeSet<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let name = format!("{before}{}", name.to_ascii_uppercase());
        if value.is_object() {
            gather(&format!("{name}__"), value, names);
        } else {
            names.insert(name);
        }
    }
}

/// Where traces go if no setting says so: the variable that every program knows, and what it says.
pub(super) fn collector(variable: impl Fn(&str) -> Option<String>) -> Option<(&'static str, String)> {
    let variable = |name| variable(name).filter(|value| !value.trim().is_empty());
    if variable("OTEL_SDK_DISABLED").is_some_and(|disabled| disabled.trim().eq_ignore_ascii_case("true")) {
        return None;
    }
    // The one for traces alone is the whole address, and the other one what it begins with.
    let traces = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    let whole =
        variable(traces).map(|url| (traces, url.trim_end_matches('/').trim_end_matches("/v1/traces").to_owned()));
    let all = "OTEL_EXPORTER_OTLP_ENDPOINT";
    whole.or_else(|| variable(all).map(|url| (all, url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Kubernetes sets for services called `maejin` and `maejin-headless`.
    const CLUSTER: [(&str, &str); 12] = [
        ("MAEJIN_PORT", "tcp://10.0.0.1:8088"),
        ("MAEJIN_SERVICE_HOST", "10.0.0.1"),
        ("MAEJIN_SERVICE_PORT", "8088"),
        ("MAEJIN_SERVICE_PORT_HTTP", "8088"),
        ("MAEJIN_PORT_8088_TCP", "tcp://10.0.0.1:8088"),
        ("MAEJIN_PORT_8088_TCP_PROTO", "tcp"),
        ("MAEJIN_PORT_8088_TCP_PORT", "8088"),
        ("MAEJIN_PORT_8088_UDP_ADDR", "10.0.0.1"),
        ("MAEJIN_HEADLESS_SERVICE_HOST", "10.0.0.2"),
        ("MAEJIN_HEADLESS_SERVICE_PORT_HTTP", "80"),
        ("MAEJIN_HEADLESS_PORT", "udp://10.0.0.2:80"),
        ("MAEJIN_HEADLESS_PORT_80_TCP_ADDR", "10.0.0.2"),
    ];

    #[test]
    fn what_a_cluster_sets_is_no_mistake_and_no_setting() {
        for (name, value) in CLUSTER {
            assert!(!is_mistake(name, value, &names()), "{name}");
            assert!(!names().contains(name), "{name}");
        }
        for (name, value) in [("MAEJIN_PORT", "8088"), ("MAEJIN_PORT_X", "1"), ("MAEJIN_SERVICE", "x")] {
            assert!(is_mistake(name, value, &names()), "{name}={value} may be meant");
        }
    }

    #[test]
    fn each_setting_is_known_and_each_slip_of_it_names_it() {
        let known = names();
        assert!(known.len() > 20 && known.contains("MAEJIN_MAIL__PASSWORD_FILE"), "{known:?}");
        for name in &known {
            assert!(!is_mistake(name, "", &known) && !is_mistake(&name.to_lowercase(), "", &known), "{name}");
            for at in PREFIX.len()..name.len() {
                let slip = format!("{}{}", &name[..at], &name[at + 1..]);
                if known.contains(&slip) {
                    continue;
                }
                assert!(is_mistake(&slip, "", &known), "{slip}");
                let distance = |known: &String| strsim::damerau_levenshtein(known, &slip);
                let nearest = known.iter().map(distance).min().unwrap();
                assert_eq!(distance(name), nearest, "{slip}");
            }
        }
    }

    #[test]
    fn a_collector_is_found_where_every_program_looks() {
        let of = |told: &[(&str, &str)]| {
            let told: Vec<(String, String)> = told.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            collector(|name| told.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()))
        };
        let (all, traces) = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(all, "")]), None);
        assert_eq!(of(&[(all, "http://c:4318")]), Some((all, "http://c:4318".to_owned())));
        let both = [(all, "http://c:4318"), (traces, "http://t:4318/v1/traces")];
        assert_eq!(of(&both), Some((traces, "http://t:4318".to_owned())));
        assert_eq!(of(&[(all, "http://c:4318"), ("OTEL_SDK_DISABLED", "true")]), None);
    }
}
