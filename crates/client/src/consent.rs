//! What cannot be taken back is asked about first, where a person sits at a terminal. Scripts are not asked.

use std::io::{BufRead, IsTerminal, Write};

/// Asks what `question` says, unless the answer is `yes` already or there is no terminal. The question is only made where it is asked.
///
/// # Errors
/// If the answer is no, or there is nothing to ask about.
pub(crate) fn consent(yes: bool, question: impl FnOnce() -> Result<String, String>) -> Result<(), String> {
    if yes || !std::io::stdin().is_terminal() {
        return Ok(());
    }
    asked(&question()?, &mut std::io::stdin().lock(), &mut std::io::stderr())
}

/// Only a clear yes is one.
fn asked(question: &str, answers: &mut impl BufRead, out: &mut impl Write) -> Result<(), String> {
    let lost = |error: std::io::Error| format!("cannot ask: {error}; nothing was done");
    write!(out, "{question} [y/N] ").and_then(|()| out.flush()).map_err(lost)?;
    let mut answer = String::new();
    answers.read_line(&mut answer).map_err(lost)?;
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err("nothing was done".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn only_a_clear_yes_is_one() {
        let is_yes = |answer: &str| {
            let mut shown = Vec::new();
            let done = asked("Take it back?", &mut answer.as_bytes(), &mut shown);
            assert_eq!(shown, b"Take it back? [y/N] ");
            done.is_ok()
        };
        assert!(["y\n", "yes\n", " Y \r\n", "Yes"].into_iter().all(is_yes));
        assert!(!["", "\n", "n\n", "yess\n", "maybe yes\n"].into_iter().any(is_yes));
    }
}
