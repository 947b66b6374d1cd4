//! Deskside's own clients against the sandbox: how they handle regular answers and every fault.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod world;
