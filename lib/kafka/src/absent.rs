//! In the place of the client, in a binary that was built without one: so a shop that needs no Kafka is built with a C compiler alone.

use std::convert::Infallible;

use crate::{Access, KafkaError, Outgoing, Topic};

/// Sends no messages.
pub struct Outlet(Infallible);

/// Makes no topics.
pub struct Topics(Infallible);

fn absent<T>() -> Result<T, KafkaError> {
    let why = "this binary was built without it: build it with --features kafka";
    Err(KafkaError::of("the client of Kafka", &why))
}

impl Outlet {
    /// There is none.
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &Access) -> Result<Self, KafkaError> {
        absent()
    }

    /// The name that the cluster has for itself.
    ///
    /// # Errors
    /// None: there is no outlet.
    pub fn cluster(&self) -> Result<String, KafkaError> {
        match self.0 {}
    }

    /// Sends `messages`.
    ///
    /// # Errors
    /// None: there is no outlet.
    pub async fn send(&self, _: &[Outgoing]) -> Result<(), KafkaError> {
        match self.0 {}
    }
}

impl Topics {
    /// There are none.
    ///
    /// # Errors
    /// Always.
    pub fn open(_: &Access) -> Result<Self, KafkaError> {
        absent()
    }

    /// Makes those of `wanted` that are missing.
    ///
    /// # Errors
    /// None: nobody makes them.
    pub async fn make(&self, _: &[Topic]) -> Result<Vec<String>, KafkaError> {
        match self.0 {}
    }

    /// What is other at `topic` than it is to be.
    ///
    /// # Errors
    /// None: nobody looks.
    pub async fn wrongs(&self, _: &Topic) -> Result<Vec<String>, KafkaError> {
        match self.0 {}
    }
}
