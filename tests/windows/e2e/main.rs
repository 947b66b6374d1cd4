//! The Windows programs from outside. One test after the other: they share the user's session.
#![cfg(windows)]

#[cfg(test)]
mod alert;
#[cfg(test)]
mod app;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod direct;
#[cfg(test)]
mod installer;
#[cfg(test)]
mod links;
#[cfg(test)]
mod places;
#[cfg(test)]
mod quickbooks;
#[cfg(test)]
mod registration;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod session;
