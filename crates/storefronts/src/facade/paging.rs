//! Which page a list request asks for, and the addresses of the pages around it. Nonsense counts as not said.

use super::query;
use crate::port::{Direction, PageQuery};
use crate::{Attribute, Resource};

const DEFAULT_SIZE: u32 = 20;
/// What the old systems gave at most.
const MAX_SIZE: u32 = 1000;
/// What a list without pages gives at most: the old systems gave all they had, which was little.
const UNPAGED_LIMIT: u32 = 10_000;

/// Links to other pages: the name of each, and its query.
type PageLinks = Vec<(&'static str, String)>;

/// The page that a request asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ListRequest {
    pub page: u32,
    pub size: u32,
    sort: Vec<(String, Attribute, Direction)>,
}

impl ListRequest {
    pub fn of(query: &str, of: &Resource) -> Self {
        let mut request = Self { page: 0, size: DEFAULT_SIZE, sort: Vec::new() };
        for (name, value) in query::pairs(query) {
            match &*name {
                "page" => request.page = number(&value).unwrap_or(0),
                "size" => request.size = number(&value).filter(|size| *size > 0).unwrap_or(DEFAULT_SIZE).min(MAX_SIZE),
                "sort" => request.sort.extend(sort(&value, of)),
                _ => {}
            }
        }
        request
    }

    /// What to ask the shop.
    pub fn query(&self, of: &Resource) -> PageQuery {
        if !of.paged {
            return PageQuery { offset: 0, limit: UNPAGED_LIMIT, sort: Vec::new() };
        }
        let sort = self.sort.iter().filter(|(_, attribute, _)| *attribute != Attribute::Nothing);
        PageQuery {
            offset: u64::from(self.page) * u64::from(self.size),
            limit: self.size,
            sort: sort.map(|(_, attribute, direction)| (attribute.clone(), *direction)).collect(),
        }
    }

    /// How many pages there are of `total` items.
    pub fn pages(&self, total: u64) -> u64 {
        total.div_ceil(u64::from(self.size))
    }

    /// The links around the page, in two parts: those before `self` and those after it.
    pub fn around(&self, total: u64) -> (PageLinks, PageLinks) {
        let pages = self.pages(total);
        let number = u64::from(self.page);
        let (has_prev, has_next) = (number > 0, number + 1 < pages);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if has_prev || has_next {
            before.push(("first", self.address(0)));
            after.push(("last", self.address(pages.saturating_sub(1))));
        }
        if has_prev {
            before.push(("prev", self.address(number - 1)));
        }
        if has_next {
            after.insert(0, ("next", self.address(number + 1)));
        }
        (before, after)
    }

    fn address(&self, page: u64) -> String {
        let mut address = format!("?page={page}&size={}", self.size);
        for (name, _, direction) in &self.sort {
            let way = if *direction == Direction::Ascending { "asc" } else { "desc" };
            address.push_str(&format!("&sort={name},{way}"));
        }
        address
    }
}

/// A number of 31 bits, as the old systems read it.
fn number(text: &str) -> Option<u32> {
    text.trim().parse::<i32>().ok().and_then(|number| u32::try_from(number).ok())
}

/// `stock,desc`, `stock`, `stock,id,asc`: fields with one direction for all. Unknown fields are left out.
fn sort(text: &str, of: &Resource) -> Vec<(String, Attribute, Direction)> {
    let mut names: Vec<&str> = text.split(',').map(str::trim).collect();
    let direction = match names.last() {
        Some(last) if last.eq_ignore_ascii_case("desc") => Some(Direction::Descending),
        Some(last) if last.eq_ignore_ascii_case("asc") => Some(Direction::Ascending),
        _ => None,
    };
    if direction.is_some() {
        names.pop();
    }
    let direction = direction.unwrap_or(Direction::Ascending);
    names.into_iter().filter_map(|name| attribute(name, of).map(|found| (name.to_owned(), found, direction))).collect()
}

fn attribute(name: &str, of: &Resource) -> Option<Attribute> {
    if name == "id" {
        return Some(Attribute::Number);
    }
    of.position(name).map(|at| of.fields[at].attribute.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn request(query: &str) -> ListRequest {
        let show = crate::shipped().unwrap().remove(0);
        ListRequest::of(query, show.resource(Kind::Offering).unwrap())
    }

    #[test]
    fn nonsense_is_not_said() {
        for query in ["", "size=0", "size=-1", "page=-1", "page=abc", "sort=nosuch", "page=99999999999", "size=&page="]
        {
            assert_eq!(request(query), request("page=0&size=20"), "{query}");
        }
        assert_eq!(request("size=5000").size, 1000);
    }

    #[test]
    fn several_sorts_count_in_their_order() {
        let show = crate::shipped().unwrap().remove(0);
        let of = show.resource(Kind::Offering).unwrap();
        let sort = ListRequest::of("sort=stock,desc&sort=id&sort=nosuch,asc&sort=status", of).query(of).sort;
        assert_eq!(sort, [(Attribute::Left, Direction::Descending), (Attribute::Number, Direction::Ascending)]);
    }

    #[test]
    fn the_links_around_a_page() {
        let names = |query: &str, total| {
            let (before, after) = request(query).around(total);
            before.into_iter().chain(after).map(|(name, query)| format!("{name}{query}")).collect::<Vec<_>>()
        };
        assert!(names("", 20).is_empty());
        assert_eq!(
            names("size=1&page=1", 3),
            ["first?page=0&size=1", "prev?page=0&size=1", "next?page=2&size=1", "last?page=2&size=1"]
        );
        assert_eq!(
            names("size=2&page=99&sort=showName,asc", 3),
            [
                "first?page=0&size=2&sort=showName,asc",
                "prev?page=98&size=2&sort=showName,asc",
                "last?page=1&size=2&sort=showName,asc"
            ]
        );
    }
}
