//! Where the versions of what is registered begin: above those of all that was deleted in the storefront. An id that is used again never
//! has a version that it had, so that a client who expects one (`If-Match`) is never taken at its word about another thing.

use contracts::StorefrontNo;
use engine::Stop;

use crate::commands::Ctx;
use crate::store::Counter;

/// The version of something that is registered now.
pub(crate) fn first(storefront: StorefrontNo, context: &mut Ctx<'_>) -> Result<u64, Stop> {
    Ok(context.get::<Counter>(&Counter::of_versions(storefront))?.map_or(1, |counter| counter.next))
}

/// Something with `version` is deleted.
pub(crate) fn ended(storefront: StorefrontNo, version: u64, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let next = first(storefront, context)?.max(version + 1);
    context.put(Counter { id: Counter::of_versions(storefront), next });
    Ok(())
}
