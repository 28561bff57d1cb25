//! Record what became of a mail.

use contracts::Subject;
use contracts::commands::RecordDelivery;
use engine::Stop;

use crate::notice::{By, Notice};
use crate::{Context, publish};

pub(crate) fn record_delivery(command: &RecordDelivery, context: &mut Context<'_>) -> Result<(), Stop> {
    let found = context.get::<Notice>(&command.notice.0)?;
    let Some(mut notice) = found.filter(|notice| notice.channel == By::Mail) else { return Ok(()) };
    context.about(Subject::Order(notice.owner).key());
    if let Some(ended) = notice.clone().delivered(command.failure.as_ref(), context.now()) {
        context.settle(ended.id)?;
        context.put(ended.clone());
        notice = ended;
    }
    publish::ended(&notice).into_iter().for_each(|event| context.say(event));
    Ok(())
}
