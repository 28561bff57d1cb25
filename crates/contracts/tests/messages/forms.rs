//! The form of every message in the journal: journals are full of them, so each is still written as it was, and what it ever was is read.

use contracts::{Kind, Message, StorefrontNo};

use crate::sample::Given;

/// A line for each form that a message ever had: its name, and a sample in hex. Never change one: add the new form of the message below
/// the old one, which must then still be read.
const FORMS: &str = include_str!("forms.txt");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).expect("two digits"));
    pairs.map(|pair| u8::from_str_radix(pair, 16).expect("hex")).collect()
}

fn written(message: &Message) -> String {
    hex(&minicbor::to_vec(message).expect("a vector takes every byte"))
}

fn kept(name: &str) -> Vec<&'static str> {
    let lines = FORMS.lines().filter_map(|line| line.split_once(' '));
    lines.filter(|(of, _)| *of == name).map(|(_, form)| form).collect()
}

#[test]
fn every_message_is_written_as_it_was() {
    let given = Given::numbered(StorefrontNo(2), 7);
    let changed: Vec<String> = Kind::NAMES
        .iter()
        .map(|(name, _)| (*name, written(&given.message(name))))
        .filter(|(name, form)| kept(name).last() != Some(&form.as_str()))
        .map(|(name, form)| format!("{name} {form}"))
        .collect();
    assert!(changed.is_empty(), "not in forms.txt:\n{}", changed.join("\n"));
}

#[test]
fn whatever_form_a_message_had_it_is_read() {
    for (name, kind) in Kind::NAMES {
        assert!(!kept(name).is_empty(), "{name}");
        for form in kept(name) {
            let read: Message = minicbor::decode(&bytes(form)).unwrap_or_else(|why| panic!("{name}: {why}"));
            assert_eq!((read.kind(), read.name()), (*kind, *name));
        }
    }
}

#[test]
fn a_message_is_read_as_it_was_written_with_all_and_with_nothing_that_it_may_lack() {
    for given in [true, false].map(|is_full| Given { is_full, ..Given::numbered(StorefrontNo(2), 7) }) {
        for (name, _) in Kind::NAMES {
            let message = given.message(name);
            let form = minicbor::to_vec(&message).expect("a vector takes every byte");
            assert_eq!(minicbor::decode::<Message>(&form).expect(name), message);
            let json = serde_json::to_string(&message).expect("text");
            assert_eq!(serde_json::from_str::<Message>(&json).expect(name), message);
        }
    }
}
