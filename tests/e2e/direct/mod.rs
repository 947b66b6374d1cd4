//! A business that holds its own key: the providers themselves, without a backend and without a
//! window.

mod codat;
mod conductor;
mod stage;
