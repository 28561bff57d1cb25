//! The one list of the services that a node can host. A new service is one entry in it.

use contracts::queries::{Found, Query};
use contracts::{Answer, Message, Recipes, ServiceName};
use engine::{Missing, Rows, Service};
use store::{Identity, Migration, StoreError, TableReader};
use typed::Table;

/// A service that a node can host.
pub struct Hosted {
    /// Its name.
    pub name: ServiceName,
    /// Its tables.
    pub tables: fn() -> Vec<&'static Table>,
    /// How its tables came to be.
    pub migrations: &'static [Migration],
    /// Answers a query from rows by their keys.
    pub(crate) keyed: Keyed,
    /// Answers a query from the tables.
    pub(crate) listed: Listed,
    make: fn(Given<'_>) -> Box<dyn Service<Message, Answer>>,
}

type Keyed = fn(&Query, &Rows<'_>) -> Result<Option<Found>, Missing>;
type Listed = fn(&Query, &mut dyn TableReader) -> Result<Option<Found>, StoreError>;

/// What services are made from.
#[derive(Debug, Clone, Copy)]
struct Given<'a> {
    /// Whose payments they are, at the provider.
    identity: &'a Identity,
    recipes: &'a Recipes,
    /// To whom messages also go out by mail.
    mail: Option<&'a notification::Addresses>,
}

/// All services, in the order of their numbers.
pub const HOSTED: [Hosted; 7] = [
    Hosted {
        name: ServiceName::Stock,
        tables: stock::tables,
        migrations: stock::MIGRATIONS,
        keyed: stock::queries::keyed,
        listed: stock::queries::listed,
        make: |_| Box::new(stock::StockService),
    },
    Hosted {
        name: ServiceName::Order,
        tables: order::tables,
        migrations: order::MIGRATIONS,
        keyed: order::queries::keyed,
        listed: order::queries::listed,
        make: |given| Box::new(order::OrderService::new(given.recipes.clone())),
    },
    Hosted {
        name: ServiceName::Payment,
        tables: payment::tables,
        migrations: payment::MIGRATIONS,
        keyed: payment::queries::keyed,
        listed: payment::queries::listed,
        make: |given| Box::new(payment::PaymentService::new(given.identity.incarnation)),
    },
    Hosted {
        name: ServiceName::Delivery,
        tables: delivery::tables,
        migrations: delivery::MIGRATIONS,
        keyed: delivery::queries::keyed,
        listed: delivery::queries::listed,
        make: |_| Box::new(delivery::DeliveryService::new()),
    },
    Hosted {
        name: ServiceName::Points,
        tables: points::tables,
        migrations: points::MIGRATIONS,
        keyed: points::queries::keyed,
        listed: points::queries::listed,
        make: |_| Box::new(points::PointsService),
    },
    Hosted {
        name: ServiceName::Notification,
        tables: notification::tables,
        migrations: notification::MIGRATIONS,
        keyed: |_, _| Ok(None),
        listed: notification::queries::listed,
        make: |given| Box::new(notification::NotificationService::new(given.recipes.clone(), given.mail.cloned())),
    },
    Hosted {
        name: ServiceName::MyPage,
        tables: mypage::tables,
        migrations: mypage::MIGRATIONS,
        keyed: |_, _| Ok(None),
        listed: mypage::queries::listed,
        make: |given| Box::new(mypage::MyPageService::new(given.recipes.clone())),
    },
];

/// How the tables of the engine and of all services came to be.
pub fn migrations() -> Vec<Migration> {
    engine::MIGRATIONS.iter().chain(HOSTED.iter().flat_map(|hosted| hosted.migrations)).copied().collect()
}

/// The tables of the engine and of all services.
pub fn tables() -> Vec<&'static Table> {
    engine::tables().into_iter().chain(HOSTED.iter().flat_map(|hosted| (hosted.tables)())).collect()
}

/// All services of the store `identity`, for the storefronts of `recipes`; `mail` if messages also go out by mail.
pub fn services(
    identity: &Identity,
    recipes: &Recipes,
    mail: Option<&notification::Addresses>,
) -> Vec<Box<dyn Service<Message, Answer>>> {
    made(&HOSTED, identity, recipes, mail)
}

/// Those of `hosted`, in the same way.
pub(crate) fn made(
    hosted: &[Hosted],
    identity: &Identity,
    recipes: &Recipes,
    mail: Option<&notification::Addresses>,
) -> Vec<Box<dyn Service<Message, Answer>>> {
    hosted.iter().map(|hosted| (hosted.make)(Given { identity, recipes, mail })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_that_has_a_name_is_hosted_under_it() {
        assert_eq!(HOSTED.map(|hosted| hosted.name), ServiceName::ALL);
        let made = services(&Identity::new_store(), &Recipes::default(), None);
        for (name, service) in ServiceName::ALL.into_iter().zip(made) {
            assert_eq!((service.number(), service.name()), (name as u8, name.as_str()));
        }
    }
}
