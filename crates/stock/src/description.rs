//! What an offering says of itself: a row of its own, so that no order copies it. An offering that says nothing has none.

use contracts::commands::ChangeOffering;
use contracts::{Code, Detail, Details, OfferingId, Rejection};
use engine::{Missing, Rows, Stop};
use typed::Text;

use crate::commands::Ctx;
use crate::kept;
use crate::offering::Offering;

typed::row! {
    /// What an offering says of itself.
    pub struct Description in 27 "offering_descriptions" {
        /// The offering.
        0 id: OfferingId,
        /// When it begins, in milliseconds since the Unix epoch.
        1 starts_at: Option<u64>,
        /// When it ends, in milliseconds since the Unix epoch.
        2 ends_at: Option<u64>,
        /// Where it is.
        3 venue: Option<Text>,
        /// What people read about it.
        4 description: Option<Text>,
        /// Where a picture of it is.
        5 image: Option<Text>,
        /// What its storefront's file declares besides, as one JSON object.
        6 extra: Option<Text>,
    }
}

impl Description {
    fn of(id: OfferingId, details: Details) -> Self {
        let Details { starts_at, ends_at, venue, description, image, extra } = details;
        Self { id, starts_at, ends_at, venue, description, image, extra }
    }

    /// What it says.
    pub fn details(&self) -> Details {
        let Self { id: _, starts_at, ends_at, venue, description, image, extra } = self.clone();
        Details { starts_at, ends_at, venue, description, image, extra }
    }
}

/// What `offering` says of itself. Only one that is known to say something is looked for.
pub(crate) fn of(offering: &Offering, context: &mut Ctx<'_>) -> Result<Details, Stop> {
    if offering.described != Some(true) {
        return Ok(Details::default());
    }
    Ok(context.get::<Description>(&offering.id)?.map(|row| row.details()).unwrap_or_default())
}

/// The same, for who only reads.
pub(crate) fn read(offering: &Offering, rows: &Rows<'_>) -> Result<Option<Box<Details>>, Missing> {
    if offering.described != Some(true) {
        return Ok(None);
    }
    Ok(rows.get::<Description>(&offering.id)?.map(|row| Box::new(row.details())))
}

/// Keeps what the offering `id` says of itself.
pub(crate) fn keep(id: OfferingId, details: Details, context: &mut Ctx<'_>) {
    if details.is_empty() {
        context.delete::<Description>(&id);
    } else {
        context.put(Description::of(id, details));
    }
}

/// As events say it.
pub(crate) fn said(details: &Details) -> Option<Box<Details>> {
    (!details.is_empty()).then(|| Box::new(details.clone()))
}

/// What an offering that is registered says of itself: nothing that is null.
pub(crate) fn registered(details: Option<&Details>) -> Result<Details, Rejection> {
    let mut says = details.cloned().unwrap_or_default();
    if let Some(extra) = &says.extra {
        says.extra = kept::merge(None, extra)?;
    }
    acceptable(&says)?;
    Ok(says)
}

/// What is said after a change of what was said `before`.
pub(crate) fn changed(command: &ChangeOffering, before: Details) -> Result<Details, Rejection> {
    let unsaid = command.unsaid.as_deref().unwrap_or_default();
    let stays = |detail| !unsaid.contains(&detail);
    let new = command.details.as_deref().cloned().unwrap_or_default();
    let extra = before.extra.filter(|_| stays(Detail::Extra));
    let after = Details {
        starts_at: new.starts_at.or(before.starts_at.filter(|_| stays(Detail::StartsAt))),
        ends_at: new.ends_at.or(before.ends_at.filter(|_| stays(Detail::EndsAt))),
        venue: new.venue.or(before.venue.filter(|_| stays(Detail::Venue))),
        description: new.description.or(before.description.filter(|_| stays(Detail::Description))),
        image: new.image.or(before.image.filter(|_| stays(Detail::Image))),
        extra: match &new.extra {
            Some(merged) => kept::merge(extra.as_ref(), merged)?,
            None => extra,
        },
    };
    acceptable(&after)?;
    Ok(after)
}

/// Refuses what ends before it begins.
fn acceptable(details: &Details) -> Result<(), Rejection> {
    match (details.starts_at, details.ends_at) {
        (Some(starts), Some(ends)) if ends < starts => {
            Err(Rejection::of_field(Code::InvalidValue, "ends_at", "it is before starts_at"))
        }
        _ => Ok(()),
    }
}
