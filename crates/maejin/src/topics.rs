//! `maejin topics`: makes the topics that the feed sends to, where they are missing, and compares those that are there.

use std::process::ExitCode;

use contracts::display::StorefrontNames;
use kafka::{KafkaError, Topic, Topics};
use old_names::Translator;
use service::output;

use crate::cli::TopicsArgs;
use crate::maintain::recipes;
use crate::serve::access;
use crate::settings::Settings;

/// Makes and compares them; exit 1 if one is not as it is to be.
pub fn run(args: &TopicsArgs) -> Result<ExitCode, String> {
    let settings = Settings::of(&args.serve)?;
    let access = access(&settings.kafka)?.ok_or("say where the brokers are, with --kafka or kafka.brokers")?;
    let names = StorefrontNames::of(&recipes(settings.storefronts.as_deref())?);
    let translator = Translator::try_new(Box::new(|_, _| Ok(Vec::new())), &names)?;
    let old = if settings.kafka.old_topics { translator.topics() } else { Vec::new() };
    let wanted = feed::topics(&settings.kafka.topics(), &names, &old);
    let topics = Topics::open(&access).map_err(|error| error.to_string())?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| error.to_string())?;
    let lines = runtime.block_on(seen_to(&topics, &wanted)).map_err(|error| error.to_string())?;
    let text: String = lines.iter().map(|(line, _)| format!("{line}\n")).collect();
    std::io::Write::write_all(&mut output::stdout(), text.as_bytes())
        .map_err(|error| format!("cannot write: {error}"))?;
    Ok(if lines.iter().all(|(_, is_right)| *is_right) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A line for each topic, and whether it is as it is to be.
async fn seen_to(topics: &Topics, wanted: &[Topic]) -> Result<Vec<(String, bool)>, KafkaError> {
    let (made, mut lines) = (topics.make(wanted).await?, Vec::new());
    for topic in wanted {
        let name = &topic.name;
        if made.contains(name) {
            lines.push((format!("{name}: made"), true));
            continue;
        }
        let wrongs = topics.wrongs(topic).await?;
        let is_right = wrongs.is_empty();
        lines.push((format!("{name}: {}", if is_right { "right".to_owned() } else { wrongs.join("; ") }), is_right));
    }
    Ok(lines)
}
