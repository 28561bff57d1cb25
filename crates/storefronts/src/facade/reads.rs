//! Everything that a facade answers without changing anything.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::Value as Json;

use super::error::{Answered, FacadeError};
use super::hal::{self, Link};
use super::media;
use super::negotiate::{self, Form};
use super::paging::ListRequest;
use super::preconditions::{self, Preconditions};
use super::route::{Call, Place};
use super::{Check, Facade, Resource, coerce, empty, profile, query};
use crate::port::{Page, Record};
use crate::{Kind, Search, SearchAnswer};

impl Facade {
    pub(super) async fn get(&self, call: &Call<'_>, place: Place<'_>) -> Answered {
        if !matches!(place, Place::Item(..))
            && let Some(known) = Preconditions::of(call.headers)?.of_list(true)?
        {
            return Ok(known);
        }
        match place {
            Place::Root => self.root(call),
            Place::Health => Ok(hal::response(br#"{"status":"UP"}"#.to_vec(), media::JSON)),
            Place::Profile => self.profiles(call),
            Place::Schema(of) => schema(call, of),
            Place::Check(check) => self.check(call, check).await,
            Place::Collection(of) => self.list(call, of).await,
            Place::Item(of, number) => {
                let form = negotiate::form(call.headers, false)?;
                let conditions = Preconditions::of(call.headers)?;
                let record = self.record(call, of, number).await?;
                if let Some(known) = conditions.before_read(record.version)? {
                    return Ok(known);
                }
                let mut response = hal::response(hal::item(of, &record, &call.links), form.media());
                preconditions::tell(&mut response, record.version);
                Ok(response)
            }
            Place::Searches(of) => searches(call, of),
            Place::Search(of, search) => self.search(call, of, search).await,
            Place::Refused => Err(FacadeError::Missing),
        }
    }

    pub(super) async fn head(&self, call: &Call<'_>, place: Place<'_>) -> Answered {
        let conditions = Preconditions::of(call.headers)?;
        let mut response = empty(StatusCode::NO_CONTENT);
        let (own, other, name) = match place {
            Place::Item(of, number) => {
                let record = self.record(call, of, number).await?;
                if let Some(known) = conditions.before_read(record.version)? {
                    return Ok(known);
                }
                preconditions::tell(&mut response, record.version);
                let own = call.links.item(of, record.number);
                (own.clone(), own, of.singular.as_str())
            }
            place => {
                if let Some(known) = conditions.of_list(true)? {
                    return Ok(known);
                }
                let Place::Collection(of) = place else { return Ok(response) };
                (call.links.own(), call.links.profile(of), "profile")
            }
        };
        if let Ok(link) = HeaderValue::try_from(format!("<{own}>;rel=\"self\",<{other}>;rel=\"{name}\"")) {
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }

    /// The record of an item's path, or 404.
    pub(super) async fn record(
        &self,
        call: &Call<'_>,
        of: &Resource,
        number: Option<u64>,
    ) -> Result<Record, FacadeError> {
        let number = number.ok_or(FacadeError::Missing)?;
        let found = self.shop.one(of, number, call.context).await;
        found.map_err(|refused| FacadeError::refused(refused, of))?.ok_or(FacadeError::Missing)
    }

    fn served(&self, call: &Call<'_>) -> impl Iterator<Item = &Resource> {
        self.storefront.resources.iter().filter(|resource| call.mount.serves(resource))
    }

    fn root(&self, call: &Call<'_>) -> Answered {
        let form = negotiate::form(call.headers, false)?;
        let mut links: Vec<Link<'_>> = self
            .served(call)
            .map(|of| match of.paged {
                true => Link::templated(&of.path, format!("{}{{?page,size,sort}}", call.links.collection(of))),
                false => Link::new(&of.path, call.links.collection(of)),
            })
            .collect();
        links.push(Link::new("profile", format!("{}/profile", call.links.base())));
        Ok(hal::response(hal::only_links(&links), form.media()))
    }

    fn profiles(&self, call: &Call<'_>) -> Answered {
        let form = negotiate::form(call.headers, false)?;
        let mut links = vec![Link::new("self", format!("{}/profile", call.links.base()))];
        links.extend(self.served(call).map(|of| Link::new(&of.path, call.links.profile(of))));
        Ok(hal::response(hal::only_links(&links), form.media()))
    }

    async fn list(&self, call: &Call<'_>, of: &Resource) -> Answered {
        let form = negotiate::form(call.headers, true)?;
        let request = ListRequest::of(call.query, of);
        let page = self.shop.page(of, request.query(of), call.context).await;
        let page = page.map_err(|refused| FacadeError::refused(refused, of))?;
        let links = list_links(call, of, &request, &page);
        Ok(match form {
            Form::UriList => addresses(call, of, &links, &page.records),
            form => hal::response(list_body(call, of, &request, &links, &page), form.media()),
        })
    }

    async fn search(&self, call: &Call<'_>, of: &Resource, search: &Search) -> Answered {
        let form = negotiate::form(call.headers, false)?;
        let field = &of.fields[search.by];
        let sent = query::value(call.query, &field.name).filter(|text| !text.trim().is_empty());
        let found = match sent {
            None => Vec::new(),
            Some(text) => {
                let value = coerce::coerce(field, Json::String(text.into_owned()))
                    .map_err(|message| FacadeError::invalid_field(&field.name, message))?;
                let found = self.shop.find(of, &field.attribute, value, call.context).await;
                found.map_err(|refused| FacadeError::refused(refused, of))?
            }
        };
        let bytes = match search.answers {
            SearchAnswer::List => {
                let mut out = hal::embedded(of, &found, &call.links);
                hal::write_links(&mut out, &[Link::new("self", call.links.own())]);
                out.push(b'}');
                out
            }
            _ => hal::item(of, found.first().ok_or(FacadeError::Missing)?, &call.links),
        };
        Ok(hal::response(bytes, form.media()))
    }

    async fn check(&self, call: &Call<'_>, check: &Check) -> Answered {
        let reference = number_in(call, &check.reference, 0)?;
        let quantity = number_in(call, &check.quantity, 1)?;
        let of = self.storefront.resource(Kind::Offering).ok_or(FacadeError::Missing)?;
        let left =
            self.shop.left(of, reference, call.context).await.map_err(|refused| FacadeError::refused(refused, of))?;
        let is_left = left.is_some_and(|left| u64::try_from(quantity).is_ok_and(|quantity| quantity <= left));
        Ok(hal::response(is_left.to_string().into_bytes(), media::JSON))
    }
}

/// A whole number of the query that is at least `least`.
fn number_in(call: &Call<'_>, name: &str, least: i64) -> Result<i64, FacadeError> {
    let sent = query::value(call.query, name);
    let number = sent.and_then(|text| text.trim().parse::<i64>().ok()).filter(|number| *number >= least);
    number.ok_or_else(|| FacadeError::invalid_field(name, format!("must be a whole number, at least {least}")))
}

fn schema(call: &Call<'_>, of: &Resource) -> Answered {
    negotiate::takes_schema(call.headers)?;
    Ok(hal::response(profile::schema(of).to_string().into_bytes(), media::SCHEMA))
}

fn searches(call: &Call<'_>, of: &Resource) -> Answered {
    let form = negotiate::form(call.headers, false)?;
    let base = format!("{}/search", call.links.collection(of));
    let mut links: Vec<Link<'_>> = of
        .searches
        .iter()
        .map(|search| {
            let parameter = &of.fields[search.by].name;
            Link::templated(&search.name, format!("{base}/{}{{?{parameter}}}", search.name))
        })
        .collect();
    links.push(Link::new("self", base));
    Ok(hal::response(hal::only_links(&links), form.media()))
}

/// `first, prev, self, next, last, profile, search`, those that there are.
fn list_links<'a>(call: &Call<'_>, of: &Resource, request: &ListRequest, page: &Page) -> Vec<Link<'a>> {
    let collection = call.links.collection(of);
    let around = if of.paged { request.around(page.total) } else { Default::default() };
    let link = |(name, query): (&'static str, String)| Link::new(name, format!("{collection}{query}"));
    let mut links: Vec<Link<'a>> = around.0.into_iter().map(link).collect();
    links.push(Link::new("self", call.links.own()));
    links.extend(around.1.into_iter().map(link));
    links.push(Link::new("profile", call.links.profile(of)));
    if !of.searches.is_empty() {
        links.push(Link::new("search", format!("{collection}/search")));
    }
    links
}

fn list_body(call: &Call<'_>, of: &Resource, request: &ListRequest, links: &[Link<'_>], page: &Page) -> Vec<u8> {
    let mut out = hal::embedded(of, &page.records, &call.links);
    hal::write_links(&mut out, links);
    if of.paged {
        let (size, total, pages, number) = (request.size, page.total, request.pages(page.total), request.page);
        let text = format!(
            ",\"page\":{{\"size\":{size},\"totalElements\":{total},\"totalPages\":{pages},\"number\":{number}}}"
        );
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'}');
    out
}

/// The links of a list, then its items, one address a line; without a content type, as it always was.
fn addresses(call: &Call<'_>, of: &Resource, links: &[Link<'_>], records: &[Record]) -> Response<Body> {
    let items = records.iter().map(|record| call.links.item(of, record.number));
    let lines: Vec<String> = links.iter().map(|link| link.href.clone()).chain(items).collect();
    Response::new(Body::from(lines.join("\n")))
}
