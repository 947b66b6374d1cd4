//! Deskside's own clients against the sandbox: what they make of right answers, and of every way in which an answer
//! can go wrong on its way.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod asked;
#[cfg(test)]
mod faults;
