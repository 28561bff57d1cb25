//! What v1 looks like.
