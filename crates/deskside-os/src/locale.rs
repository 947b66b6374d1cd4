//! Which languages this person prefers. Windows keeps them elsewhere than Linux does.

/// Names such as `fr-CA`, the most wanted first; none where the system does not say.
pub fn preferred() -> impl Iterator<Item = String> {
    sys_locale::get_locales()
}
