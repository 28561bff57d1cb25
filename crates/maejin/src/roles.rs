//! What a process of the shop is made of: one table from roles to parts, read once, when a process starts. Nothing else asks which role a
//! process has. Today there is one role, with everything in it.

use std::sync::Arc;

use backend::Backend;
use contracts::display::{EventIds, StorefrontNames};
use facade::{MountedFacade, PortShop};
use gateway::{Mounted, Tickets};
use host::{HOSTED, Hosted};
use operator::Operator;
use service::LogFilter;
use storefronts::Storefront;
use tokio::sync::watch;
use v1::V1;

/// A role.
pub struct Role {
    /// Its name.
    pub name: &'static str,
    /// The services that its node hosts.
    pub services: &'static [Hosted],
    /// What is behind its public door. A path goes to the first one whose prefix it has.
    pub doors: &'static [Part],
}

/// The roles, by their names.
pub const ROLES: [Role; 1] =
    [Role { name: "shop", services: &HOSTED, doors: &[v1, documents, operator, facades_by_name, facade_alone] }];

/// What everybody has where none is named: all of it.
pub const SHOP: &Role = &ROLES[0];

/// Something below a prefix.
pub type Mount = (String, Arc<dyn Mounted>);

/// Makes what stands behind a door; nothing where it is not wanted.
pub type Part = fn(&Given) -> Vec<Mount>;

/// What parts are made from.
pub struct Given {
    /// The shop.
    pub backend: Arc<dyn Backend>,
    /// The shop behind the facades.
    pub shop: Arc<PortShop>,
    /// The storefronts that are served.
    pub shown: Vec<Arc<Storefront>>,
    /// Whether one of them is served alone, at the root.
    pub alone: bool,
    /// The names of all storefronts.
    pub names: StorefrontNames,
    /// How ids of messages are written.
    pub ids: EventIds,
    /// Whether nobody has to show a token.
    pub open: bool,
    /// What lets pages in to events.
    pub tickets: Tickets,
    /// Which logs are written.
    pub logs: LogFilter,
    /// Becomes true when the process stops.
    pub stopped: watch::Receiver<bool>,
}

impl Role {
    /// Everything behind its public door.
    pub fn mounts(&self, given: &Given) -> Vec<Mount> {
        self.doors.iter().flat_map(|part| part(given)).collect()
    }
}

fn facades_by_name(given: &Given) -> Vec<Mount> {
    let below = |storefront: &Arc<Storefront>| facade(given, storefront, format!("/{}", storefront.recipe.name));
    if given.alone { Vec::new() } else { given.shown.iter().map(below).collect() }
}

/// The one that takes all that nobody else does.
fn facade_alone(given: &Given) -> Vec<Mount> {
    let at_root = |storefront| facade(given, storefront, String::new());
    if given.alone { given.shown.iter().map(at_root).collect() } else { Vec::new() }
}

fn facade(given: &Given, storefront: &Arc<Storefront>, prefix: String) -> Mount {
    let facade = MountedFacade::new(storefront.clone(), given.shop.clone(), &prefix, None);
    (prefix, Arc::new(facade))
}

fn v1(given: &Given) -> Vec<Mount> {
    let (backend, shown, names) = (given.backend.clone(), given.shown.clone(), given.names.clone());
    let v1 = V1::new(backend, shown, names, given.ids.clone(), given.tickets.clone(), given.stopped.clone());
    vec![(v1::PREFIX.to_owned(), Arc::new(v1))]
}

/// What describes v1.
fn documents(given: &Given) -> Vec<Mount> {
    let mount = |page: v1::Page| -> Mount { (page.path.to_owned(), Arc::new(page)) };
    v1::pages(given.open).into_iter().map(mount).collect()
}

fn operator(given: &Given) -> Vec<Mount> {
    let operator = Operator::new(given.backend.clone(), given.names.clone(), given.ids.clone(), given.logs.clone());
    vec![(operator::PREFIX.to_owned(), Arc::new(operator))]
}

#[cfg(test)]
mod tests {
    use contracts::ServiceName;

    use super::*;

    /// It would be mounted in front of the door, for whoever names a file so.
    #[test]
    fn no_storefront_may_have_the_name_of_a_door() {
        let pages = v1::pages(true);
        for path in pages.iter().map(|page| page.path).chain([v1::PREFIX, operator::PREFIX]) {
            let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
            let is_plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            assert!(!is_plain || storefronts::RESERVED_NAMES.contains(&name), "{path}");
        }
    }

    #[test]
    fn every_service_is_hosted_in_some_role() {
        let hosts = |role: &Role, name| role.services.iter().any(|hosted| hosted.name == name);
        for name in ServiceName::ALL {
            assert!(ROLES.iter().any(|role| hosts(role, name)), "{}", name.as_str());
        }
    }
}
