//! Characters that nobody sees: with them one name would look like another.

/// Whether nobody sees `c`, wherever it stands: controls, what turns the direction of writing, and what has no width or looks blank but is
/// no white space. Joiners and the like are seen by what they do to their neighbours: see [`joins`].
pub(super) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e001f}' | '\u{e0080}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Whether `c` only changes how its neighbours look: joiners, variation selectors, and the tags of flags.
pub(super) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a joiner after `before` can be seen: after a pictogram, a mark or another joiner, and in scripts that join or vary letters. After
/// a letter of Latin or Hangul it changes nothing that anybody sees.
pub(super) fn joins(before: Option<char>) -> bool {
    before.is_some_and(|before| {
        let is_joined_script = matches!(before, '\u{600}'..='\u{8ff}' | '\u{1820}'..='\u{18aa}');
        let is_ideograph = matches!(before, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
        let is_keycap = before.is_ascii_digit() || matches!(before, '#' | '*');
        is_joined_script || is_ideograph || is_keycap || !(before.is_alphanumeric() || before.is_whitespace())
    })
}
