//! A business that holds its own key: the providers themselves, without a backend or a window.

mod business;
mod codat;
mod conductor;
mod links;
