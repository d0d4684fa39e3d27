//! Tests against a vendor on loopback that misbehaves on demand. Clocks are the tests' own, so
//! nothing waits; only timeouts of the connection itself are real, and short.

#![expect(clippy::unwrap_used, reason = "a test stops at a surprise")]

mod any_bytes;
mod behaviour;
mod encrypted;
mod kept;
mod killed;
mod language;
mod mail;
mod pace;
mod proxied;
mod secret;
mod stub;
mod world;
