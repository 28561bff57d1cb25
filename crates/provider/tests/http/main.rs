//! The client over real HTTP: against the sandbox provider, and against servers that misbehave.

mod against_sandbox;
mod against_trouble;
mod running;
