//! The index of v1.

use serde::Serialize;
use utoipa::ToSchema;

/// What v1 can be asked, and where it is described.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Index {
    /// What this is.
    pub title: String,
    /// The version of what answers.
    pub version: String,
    /// The path of the description for people.
    pub docs: String,
    /// The path of the OpenAPI document.
    pub openapi: String,
    /// Every call.
    pub calls: Vec<IndexedCall>,
}

/// A call, and where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IndexedCall {
    /// Its name, which is its `operationId` in the OpenAPI document.
    #[schema(example = "list_storefronts")]
    pub name: String,
    /// What it does.
    pub summary: String,
    /// The method.
    #[schema(example = "GET")]
    pub method: String,
    /// Its path.
    #[schema(example = "/api/v1/storefronts")]
    pub href: String,
    /// Whether there are names in braces in `href`, to be replaced (RFC 6570).
    pub templated: bool,
}
