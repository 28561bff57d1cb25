//! A field of a log line that the line has already stands in its JSON twice, and readers keep one of the two: no event names a field so.

use crate::tidy::repo::{Finding, Repo};

const EVENTS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];
/// What every line has by itself.
const TAKEN: [&str; 4] = ["timestamp", "level", "message", "target"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let files = repo.files.iter().filter(|(path, _)| path.ends_with(".rs") && !path.starts_with("xtask/"));
    files.flat_map(|(path, text)| twice(path, text)).collect()
}

fn twice(path: &str, text: &str) -> Vec<Finding> {
    let starts =
        EVENTS.iter().flat_map(|event| text.match_indices(&*format!("tracing::{event}!(")).collect::<Vec<_>>());
    let found = starts.flat_map(|(at, start)| {
        let fields = arguments(&text[at + start.len()..]);
        let line = text[..at].lines().count().max(1);
        TAKEN.iter().filter(move |taken| names(&fields, taken)).map(move |taken| Finding {
            path: path.to_owned(),
            line,
            message: format!("every log line has a field {taken} already"),
        })
    });
    found.collect()
}

/// The arguments of a macro, from behind its opening parenthesis to the closing one, without what texts say.
fn arguments(code: &str) -> String {
    let (mut depth, mut quoted, mut escaped, mut arguments) = (1, false, false, String::new());
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if !quoted {
            arguments.push(c);
        }
    }
    arguments
}

/// Whether one of `fields` is called `name`. A `target:` is no field: it is the line's own.
fn names(fields: &str, name: &str) -> bool {
    fields.split(',').any(|field| {
        let field = field.trim().trim_start_matches(['%', '?']);
        field.strip_prefix(name).is_some_and(|rest| rest.trim().is_empty() || rest.trim_start().starts_with('='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<String> {
        let found = check(&Repo::of_files(&[("lib/engine/src/a.rs", code)]));
        found.iter().map(|finding| format!("{} {}", finding.line, finding.message)).collect()
    }

    #[test]
    fn a_field_that_every_line_has_is_found() {
        let code = "fn f() {\n    tracing::warn!(\n        service = name(a, b),\n        message = x.name(),\n        \"parked\"\n    );\n}";
        assert_eq!(found(code), ["2 every log line has a field message already"]);
        assert_eq!(found("tracing::info!(order, %level, \"so\")").len(), 1);
        assert_eq!(found("tracing::info!(target = 1, ?message, \"so\")").len(), 2);
    }

    #[test]
    fn other_fields_a_target_and_a_text_pass() {
        let code = "tracing::debug!(target: \"maejin::orders\", kind = message.name(), \"a message, level = 7\"); let message = 1;";
        assert_eq!(found(code), Vec::<String>::new());
    }
}
