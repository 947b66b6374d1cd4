//! The languages that the user prefers, which each operating system stores in its own way.

/// Language tags such as `fr-CA` in order of preference; empty if the system does not say.
pub fn preferred() -> impl Iterator<Item = String> {
    sys_locale::get_locales()
}
