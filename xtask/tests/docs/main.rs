//! What the documents say of the code is true.

#[cfg(test)]
mod guides;
