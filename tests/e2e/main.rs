//! The whole program from outside, with real parts. Each test has a desktop of its own.

#[cfg(test)]
mod command_line;
#[cfg(test)]
mod direct;
#[cfg(test)]
mod keyring;
#[cfg(test)]
mod life;
#[cfg(test)]
mod links;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod vendor_backend;
