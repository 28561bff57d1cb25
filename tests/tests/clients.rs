//! Clients that generators make of the shop's own document: they are type-checked together with a program that uses them, and that
//! program sells and buys at the running shop. `tests/clients` has the programs and what makes the clients.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::tools::{Tools, kept, node, python};
use tests::{Client, Shop, Start};

const TOKEN: &str = "a token that nobody else knows";

/// A shop, and a folder with its document and with `files` of the folder `room` of the tests.
fn shop_and_workshop(tools: &Tools, room: &str, files: &[&str]) -> (Shop, tempfile::TempDir) {
    let shop = Start::closed().env("MAEJIN_TOKEN", TOKEN).run();
    let authorization = ("Authorization".to_owned(), format!("Bearer {TOKEN}"));
    let url = shop.door().url(None, "/openapi.json");
    let document = Client::default().call("GET", &url, &[authorization], None).expect("an answer").is(200);
    let workshop = tools.workshop();
    fs::write(workshop.path().join("openapi.json"), document.text).expect("a file can be written");
    for file in files {
        fs::copy(kept(room).join(file), workshop.path().join(file)).expect("a file can be copied");
    }
    (shop, workshop)
}

#[track_caller]
fn succeeds(command: &mut Command, at: &Path) -> String {
    let output = command.current_dir(at).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    assert!(output.status.success(), "{command:?} ended with {}:\n{text}", output.status);
    text
}

#[test]
fn a_python_client_made_of_the_document_sells_and_buys() {
    let Some(tools) = python("clients/python") else { return };
    let (shop, workshop) = shop_and_workshop(&tools, "clients/python", &["story.py"]);
    let at = workshop.path();
    let generate = ["generate", "--path", "openapi.json", "--meta", "none", "--output-path", "v1"];
    succeeds(tools.command("openapi-python-client").args(generate), at);
    // The types of the client count, but its own code is the generator's business.
    succeeds(tools.command("mypy").args(["--strict", "--follow-imports", "silent", "story.py"]), at);
    let output = succeeds(tools.command("python").args(["story.py", &shop.door().url(None, ""), TOKEN]), at);
    assert!(output.contains("sold and bought"), "{output}");
}

#[test]
fn a_typescript_client_made_of_the_document_sells_and_buys() {
    let Some(tools) = node("clients/typescript") else { return };
    let (shop, workshop) =
        shop_and_workshop(&tools, "clients/typescript", &["story.ts", "tsconfig.json", "package.json"]);
    let at = workshop.path();
    succeeds(tools.command("openapi-typescript").args(["openapi.json", "-o", "v1.d.ts"]), at);
    succeeds(&mut tools.command("tsc"), at);
    let output = succeeds(Command::new("node").args(["story.js", &shop.door().url(None, ""), TOKEN]), at);
    assert!(output.contains("sold and bought"), "{output}");
}
