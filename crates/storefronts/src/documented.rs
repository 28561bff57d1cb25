//! The page of words says what files can say: every key and every word is on it, in its table, and no other one is.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::file::{CancelEntry, CheckEntry, FieldEntry, ResourceEntry, SearchEntry, StorefrontFile};
use crate::{Attribute, FieldType, Ids, Kind, SearchAnswer, State, Writes};

const PAGE: &str = include_str!("../../../docs/how-to/storefront-files.md");

/// The rows of the table below the heading `title`: what each cell says.
fn table(title: &str) -> Vec<Vec<&'static str>> {
    let below = PAGE.lines().skip_while(|line| line.trim_start_matches('#').trim() != title || !line.starts_with('#'));
    let section = below.skip(1).take_while(|line| !line.starts_with('#'));
    let rows = section.filter(|line| line.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn words(title: &str) -> Vec<&'static str> {
    table(title).iter().map(|row| row[0].trim_matches('`')).collect()
}

/// What a reader of `T` says that it takes, where it is given `wrong`.
fn taken<T: DeserializeOwned>(wrong: Value) -> Vec<String> {
    let Err(error) = serde_json::from_value::<T>(wrong) else { panic!("it takes anything") };
    let message = error.to_string();
    let (_, expected) = message.split_once("expected ").expect("it says what it expects");
    expected.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys<T: DeserializeOwned>() -> Vec<String> {
    taken::<T>(json!({ "?": 1 }))
}

fn names<T: DeserializeOwned>() -> Vec<String> {
    taken::<T>(json!("?"))
}

#[test]
fn every_key_is_on_the_page_and_no_other_one_is() {
    for (title, keys) in [
        ("The file", keys::<StorefrontFile>()),
        ("The recipe", keys::<contracts::Recipe>()),
        ("A resource", keys::<ResourceEntry>()),
        ("A field", keys::<FieldEntry>()),
        ("A search", keys::<SearchEntry>()),
        ("What cancels", keys::<CancelEntry>()),
        ("A check", keys::<CheckEntry>()),
    ] {
        assert_eq!(words(title), keys, "{title}");
    }
}

#[test]
fn every_word_is_on_the_page_and_no_other_one_is() {
    for (title, names) in [
        ("Steps", names::<contracts::Step>()),
        ("Refusals", names::<contracts::Refusals>()),
        ("Kinds", names::<Kind>()),
        ("Ids", names::<Ids>()),
        ("Writes", names::<Writes>()),
        ("Types", names::<FieldType>()),
        ("Answers", names::<SearchAnswer>()),
    ] {
        assert_eq!(words(title), names, "{title}");
    }
    let mut states: Vec<_> = State::all().map(State::word).collect();
    let mut told = words("States");
    states.sort_unstable();
    states.dedup();
    told.sort_unstable();
    assert_eq!(told, states);
}

#[test]
fn what_a_field_is_fits_the_kinds_that_the_page_says() {
    let all = names::<Kind>();
    let kind = |name: &str| serde_json::from_value::<Kind>(json!(name)).expect("a kind");
    let rows = table("What a field is");
    for row in &rows {
        let attribute = Attribute::parse(row[0].trim_matches('`'), "f").expect("an attribute");
        let fitting: Vec<_> = all.iter().filter(|name| attribute.fits(kind(name))).map(String::as_str).collect();
        let fitting = if fitting.len() == all.len() { "all".to_owned() } else { fitting.join(", ") };
        assert_eq!(row[2], fitting, "{}", row[0]);
    }
    assert_eq!(rows.len(), Attribute::WORDS.iter().filter(|word| is_of_a_field(word)).count());
}

/// Whether a resource of some kind can have it as a field.
fn is_of_a_field(word: &str) -> bool {
    let attribute = Attribute::parse(word, "f").expect("an attribute");
    names::<Kind>().iter().any(|name| attribute.fits(serde_json::from_value(json!(name)).expect("a kind")))
}
