//! Just enough Markdown for the rules: link targets and code spans, outside fenced blocks. Not a parser of all of it.

/// What stands before and after a link target: links and images, then the two attributes of HTML that hold one.
const AROUND_TARGETS: [(&str, char); 3] = [("](", ')'), ("src=\"", '"'), ("href=\"", '"')];

/// The link targets with their lines, counted from one; without titles, but with fragments.
pub fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        let line = without_code(line);
        let around = AROUND_TARGETS.iter().flat_map(|(open, close)| targets(&line, open, *close));
        found.extend(around.chain(reference(&line)).map(|target| (number, bare(target).to_owned())));
    }
    found
}

/// The texts between single backticks with their lines, counted from one.
pub fn code_spans(text: &str) -> Vec<(usize, &str)> {
    prose(text).flat_map(|(number, line)| line.split('`').skip(1).step_by(2).map(move |span| (number, span))).collect()
}

fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    text.lines().enumerate().filter_map(move |(index, line)| {
        let is_fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        fenced ^= is_fence;
        (!fenced && !is_fence).then_some((index + 1, line))
    })
}

fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

fn targets<'a>(line: &'a str, open: &'a str, close: char) -> impl Iterator<Item = &'a str> {
    line.split(open).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0))
}

/// The target of a line such as `[name]: target`, but not of a footnote `[^1]: text`.
fn reference(line: &str) -> Option<&str> {
    let (name, target) = line.strip_prefix('[')?.split_once("]: ")?;
    (!name.starts_with('^') && !name.contains(']')).then_some(target)
}

fn bare(target: &str) -> &str {
    let target = target.trim();
    let target = target.split_once([' ', '\t']).map_or(target, |(target, _title)| target);
    target.trim_start_matches('<').trim_end_matches('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets_of(text: &str) -> Vec<String> {
        links(text).into_iter().map(|(_, target)| target).collect()
    }

    #[test]
    fn links_images_references_and_html_are_found() {
        let text = "[a](a.md) and ![b](b.png \"title\")\n[c]: <c.md>\n<a href=\"d.md\"><img src=\"e.png\"></a>";

        assert_eq!(targets_of(text), ["a.md", "b.png", "c.md", "e.png", "d.md"]);
    }

    #[test]
    fn code_is_no_link_but_may_be_the_text_of_one() {
        assert_eq!(targets_of("`[a](a.md)` [`b`](b.md)\n```\n[c](c.md)\n```\n[^1]: d"), ["b.md"]);
    }

    #[test]
    fn code_spans_carry_their_line_and_fenced_blocks_are_skipped() {
        assert_eq!(code_spans("`one` two `three`\n```\n`no`\n```\n`four`"), [(1, "one"), (1, "three"), (5, "four")]);
    }
}
