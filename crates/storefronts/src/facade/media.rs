//! The media types that a facade reads and writes.

pub(super) const JSON: &str = "application/json";
pub(super) const HAL: &str = "application/hal+json";
pub(super) const SCHEMA: &str = "application/schema+json";
pub(super) const URI_LIST: &str = "text/uri-list";
pub(super) const MERGE_PATCH: &str = "application/merge-patch+json";
pub(super) const JSON_PATCH: &str = "application/json-patch+json";
