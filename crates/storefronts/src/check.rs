//! Turns a storefront file into a storefront, or says which field is wrong and why.

use std::collections::BTreeSet;

use contracts::{Recipe, STOREFRONT_MAX, Step, StorefrontNo};

use crate::file::{CancelEntry, CheckEntry, FieldEntry, ResourceEntry, SearchEntry, StorefrontFile};
use crate::{
    Attribute, CancelWhen, Check, Field, FieldType, Kind, Resource, Search, State, Statuses, Storefront, Writes,
};

/// Names that the program's own pages have; a storefront of that name could not be reached beside them.
pub const RESERVED_NAMES: [&str; 10] =
    ["actuator", "api", "assets", "docs", "healthz", "metrics", "operator", "profile", "readyz", "storefronts"];
/// So many further fields an offering can have: all of them go with it wherever it is shown.
const EXTRA_MAX: usize = 32;
/// The longest name of one, in characters.
const EXTRA_NAME_MAX: usize = 64;
/// Paths that a facade has besides its resources.
const RESERVED_PATHS: [&str; 3] = ["actuator", "profile", "search"];

/// What is wrong with a file, and where.
pub(crate) struct Wrong {
    pub field: String,
    pub message: String,
}

type Checked<T> = Result<T, Wrong>;

fn wrong<T>(field: impl Into<String>, message: impl Into<String>) -> Checked<T> {
    Err(Wrong { field: field.into(), message: message.into() })
}

pub(crate) fn storefront(file: StorefrontFile) -> Checked<Storefront> {
    recipe(&file.recipe)?;
    services(&file)?;
    let mut paths = BTreeSet::new();
    let mut resources = Vec::with_capacity(file.resources.len());
    for entry in file.resources {
        let at = format!("resources.{}", entry.path);
        path(&format!("{at}.path"), &entry.path, &mut paths)?;
        if !file.services.contains_key(&entry.service) {
            return wrong(format!("{at}.service"), format!("no service {:?} is declared", entry.service));
        }
        resources.push(resource(&at, entry, &file.recipe)?);
    }
    let mut checks = Vec::with_capacity(file.checks.len());
    for entry in file.checks {
        let at = format!("checks.{}", entry.path);
        path(&format!("{at}.path"), &entry.path, &mut paths)?;
        if !file.services.contains_key(&entry.service) {
            return wrong(format!("{at}.service"), format!("no service {:?} is declared", entry.service));
        }
        checks.push(check(entry));
    }
    Ok(Storefront { recipe: file.recipe, services: file.services, resources, checks })
}

/// The further fields of an offering: so many, and each once.
fn extra(names: &[String]) -> Checked<()> {
    if names.len() > EXTRA_MAX {
        return wrong("recipe.extra", format!("must be at most {EXTRA_MAX} fields"));
    }
    for (at, name) in names.iter().enumerate() {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if name.is_empty() || name.len() > EXTRA_NAME_MAX || !is_plain {
            return wrong(
                format!("recipe.extra[{at}]"),
                format!("must be 1 to {EXTRA_NAME_MAX} lower-case letters, digits and '_'"),
            );
        }
        if names[..at].contains(name) {
            return wrong(format!("recipe.extra[{at}]"), format!("{name} is declared twice"));
        }
    }
    Ok(())
}

fn recipe(recipe: &Recipe) -> Checked<()> {
    let name_is_plain =
        recipe.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if recipe.name.is_empty() || !name_is_plain {
        return wrong("recipe.name", "must be lower-case letters, digits and '-'");
    }
    if RESERVED_NAMES.contains(&recipe.name.as_str()) {
        return wrong("recipe.name", format!("{} is a path of the program itself", recipe.name));
    }
    if !(1..=STOREFRONT_MAX).contains(&recipe.number.0) {
        return wrong("recipe.number", format!("must be from 1 to {STOREFRONT_MAX}"));
    }
    if !recipe.has(Step::Hold) || !recipe.has(Step::Sell) {
        return wrong("recipe.steps", "must contain \"hold\" and \"sell\"");
    }
    if !recipe.steps.is_sorted_by(|one, next| one < next) {
        return wrong("recipe.steps", "must be in the order hold, pay, sell, earn, deliver, each once");
    }
    if recipe.points_percent > 100 {
        return wrong("recipe.points_percent", "must be at most 100");
    }
    extra(&recipe.extra)?;
    if recipe.pay_s >= recipe.hold_s {
        return wrong("recipe.pay_s", "must be shorter than hold_s");
    }
    Ok(())
}

fn services(file: &StorefrontFile) -> Checked<()> {
    let mut ports = BTreeSet::new();
    for (name, port) in &file.services {
        if *port == 0 {
            return wrong(format!("services.{name}"), "0 is no port");
        }
        if !ports.insert(port) {
            return wrong(format!("services.{name}"), format!("port {port} is already taken by another service"));
        }
    }
    Ok(())
}

fn path(at: &str, path: &str, taken: &mut BTreeSet<String>) -> Checked<()> {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if path.is_empty() || !plain {
        return wrong(at, "must be letters, digits, '-' and '_'");
    }
    if RESERVED_PATHS.contains(&path) {
        return wrong(at, format!("{path} is a path of every facade"));
    }
    if !taken.insert(path.to_owned()) {
        return wrong(at, "is declared twice");
    }
    Ok(())
}

fn resource(at: &str, entry: ResourceEntry, recipe: &Recipe) -> Checked<Resource> {
    if entry.singular.is_empty() || !entry.singular.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return wrong(format!("{at}.singular"), "must be letters and digits");
    }
    let fields = fields(at, &entry)?;
    writes(at, &entry, &fields, recipe)?;
    let by_name = |name: &str| fields.iter().position(|field| field.name == name);
    let searches =
        entry.searches.into_iter().map(|search| self::search(at, search, by_name)).collect::<Checked<_>>()?;
    let cancel_when = entry.cancel_when.map(|cancel| self::cancel(at, entry.writes, cancel, by_name)).transpose()?;
    let statuses = statuses(at, entry.kind, &entry.statuses)?;
    if statuses.is_empty() && fields.iter().any(|field| field.field_type == FieldType::Status) {
        return wrong(format!("{at}.statuses"), "a field of type \"status\" needs words for its states");
    }
    let attributes = fields.iter().map(|field| field.attribute.clone()).collect();
    Ok(Resource {
        storefront: StorefrontNo(recipe.number.0),
        path: entry.path,
        singular: entry.singular,
        service: entry.service,
        kind: entry.kind,
        ids: entry.ids,
        writes: entry.writes,
        paged: entry.paged,
        fields,
        attributes,
        searches,
        statuses,
        cancel_when,
    })
}

fn fields(at: &str, entry: &ResourceEntry) -> Checked<Vec<Field>> {
    let mut names = BTreeSet::new();
    let mut attributes = Vec::new();
    let mut fields = Vec::with_capacity(entry.fields.len());
    for written in &entry.fields {
        let at = format!("{at}.fields.{}", written.name);
        if matches!(written.name.as_str(), "" | "id" | "_links" | "_embedded") {
            return wrong(at, "cannot be the name of a field");
        }
        if !written.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return wrong(at, "must be letters, digits and '_'");
        }
        if !names.insert(written.name.clone()) {
            return wrong(at, "is declared twice");
        }
        let field = field(&at, written, entry.kind)?;
        if field.attribute != Attribute::Nothing && attributes.contains(&field.attribute) {
            return wrong(format!("{at}.is"), format!("{:?} is already shown by another field", written.is));
        }
        attributes.push(field.attribute.clone());
        fields.push(field);
    }
    if fields.is_empty() {
        return wrong(format!("{at}.fields"), "must not be empty");
    }
    Ok(fields)
}

fn field(at: &str, written: &FieldEntry, kind: Kind) -> Checked<Field> {
    let Some(attribute) = Attribute::parse(&written.is, &written.name) else {
        return wrong(format!("{at}.is"), format!("there is no attribute {:?}", written.is));
    };
    if !attribute.fits(kind) {
        return wrong(format!("{at}.is"), format!("{:?} is nothing that a resource of this kind has", written.is));
    }
    if !type_fits(written.field_type, &attribute) {
        return wrong(format!("{at}.type"), format!("does not fit {:?}", written.is));
    }
    if written.min.is_some() && !matches!(written.field_type, FieldType::Int | FieldType::Long) {
        return wrong(format!("{at}.min"), "is only for numbers");
    }
    Ok(Field {
        name: written.name.clone(),
        field_type: written.field_type,
        attribute,
        required: written.required,
        optional: written.optional,
        min: written.min,
    })
}

fn type_fits(field_type: FieldType, attribute: &Attribute) -> bool {
    use FieldType::{Bool, Date, Int, Long, Stamp, Status, Text};
    match attribute {
        Attribute::State => field_type == Status,
        Attribute::Sold => field_type == Bool,
        Attribute::PlacedAt | Attribute::CancelledAt | Attribute::PaidAt | Attribute::RefundedAt => {
            matches!(field_type, Date | Stamp)
        }
        Attribute::Price
        | Attribute::Left
        | Attribute::Quantity
        | Attribute::UnitPrice
        | Attribute::Amount
        | Attribute::Points => matches!(field_type, Int | Long),
        Attribute::Extra(_) => !matches!(field_type, Status | Stamp),
        Attribute::Nothing => field_type != Status,
        _ => matches!(field_type, Int | Long | Text),
    }
}

/// What a resource must show so that it can be written.
fn writes(at: &str, entry: &ResourceEntry, fields: &[Field], recipe: &Recipe) -> Checked<()> {
    let fits = match entry.kind {
        Kind::Offering | Kind::Seat => matches!(entry.writes, Writes::Catalogue | Writes::ReadOnly),
        Kind::Points => matches!(entry.writes, Writes::Points | Writes::ReadOnly),
        Kind::Order => matches!(entry.writes, Writes::Customer | Writes::ReadOnly),
        _ => entry.writes == Writes::ReadOnly,
    };
    if !fits {
        return wrong(format!("{at}.writes"), "does not fit the kind of this resource");
    }
    if entry.writes == Writes::ReadOnly {
        return Ok(());
    }
    let needed: &[Attribute] = match entry.kind {
        Kind::Offering if recipe.seated => &[],
        Kind::Offering => &[Attribute::Left],
        Kind::Seat => &[Attribute::Offering],
        Kind::Points => &[Attribute::Points],
        _ if recipe.seated => &[Attribute::Customer, Attribute::Offering, Attribute::Seat],
        _ => &[Attribute::Customer, Attribute::Offering, Attribute::Quantity],
    };
    for attribute in needed {
        if !fields.iter().any(|field| field.attribute == *attribute && field.required) {
            return wrong(format!("{at}.fields"), format!("needs a required field that is {:?}", attribute.word()));
        }
    }
    Ok(())
}

fn search(at: &str, entry: SearchEntry, by_name: impl Fn(&str) -> Option<usize>) -> Checked<Search> {
    let Some(by) = by_name(&entry.by) else {
        return wrong(format!("{at}.searches.{}.by", entry.name), format!("there is no field {:?}", entry.by));
    };
    if entry.name.is_empty() || !entry.name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return wrong(format!("{at}.searches.{}.name", entry.name), "must be letters and digits");
    }
    Ok(Search { name: entry.name, by, answers: entry.answers })
}

fn cancel(
    at: &str,
    writes: Writes,
    entry: CancelEntry,
    by_name: impl Fn(&str) -> Option<usize>,
) -> Checked<CancelWhen> {
    if writes != Writes::Customer {
        return wrong(format!("{at}.cancel_when"), "is only for what customers write");
    }
    let Some(field) = by_name(&entry.field) else {
        return wrong(format!("{at}.cancel_when.field"), format!("there is no field {:?}", entry.field));
    };
    Ok(CancelWhen { field, equals: entry.equals })
}

fn statuses(at: &str, kind: Kind, written: &std::collections::BTreeMap<String, String>) -> Checked<Statuses> {
    let mut words = Vec::with_capacity(written.len());
    for (state, word) in written {
        let mut states = State::called(state).peekable();
        let is_known = states.peek().is_some();
        match states.find(|state| state.fits(kind)) {
            Some(state) => words.push((state, word.clone())),
            None if is_known => {
                return wrong(format!("{at}.statuses.{state}"), "is no state of a resource of this kind");
            }
            None => return wrong(format!("{at}.statuses.{state}"), "there is no such state"),
        }
    }
    Ok(Statuses::new(words))
}

fn check(entry: CheckEntry) -> Check {
    Check { path: entry.path, service: entry.service, reference: entry.reference, quantity: entry.quantity }
}
