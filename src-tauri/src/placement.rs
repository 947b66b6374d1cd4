//! Where the window goes: on one screen as a whole, so that its title bar can be reached and the
//! answers of a question can be seen, whatever screens there were when its place was remembered.

/// A rectangle in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Area {
    pub(crate) x: i32,
    pub(crate) y: i32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

impl Area {
    fn across(self) -> Span {
        Span { start: self.x.into(), length: self.width.into() }
    }

    fn down(self) -> Span {
        Span { start: self.y.into(), length: self.height.into() }
    }

    /// The window's area on this screen: no larger than it, and moved as little as possible.
    fn fitted_into(self, screen: Self) -> Self {
        let (across, down) =
            (self.across().fitted_into(screen.across()), self.down().fitted_into(screen.down()));
        let place = |start: i64| i32::try_from(start).unwrap_or_default();
        let size = |length: i64| u32::try_from(length).unwrap_or_default();
        Self {
            x: place(across.start),
            y: place(down.start),
            width: size(across.length),
            height: size(down.length),
        }
    }

    /// By how many pixels the window moves onto this screen, as the sum of both directions.
    fn distance_to(self, screen: Self) -> u64 {
        let fitted = self.fitted_into(screen);
        let moved = |a: i32, b: i32| u64::from(a.abs_diff(b));
        moved(self.x, fitted.x).saturating_add(moved(self.y, fitted.y))
    }
}

/// One direction of an [`Area`].
#[derive(Clone, Copy)]
struct Span {
    start: i64,
    length: i64,
}

impl Span {
    fn fitted_into(self, screen: Self) -> Self {
        let length = self.length.min(screen.length);
        let last = screen.start.saturating_add(screen.length).saturating_sub(length);
        Self { start: self.start.clamp(screen.start, last.max(screen.start)), length }
    }
}

/// The area of a window, as a whole on the nearest screen; unchanged without any screen. `screens`
/// are the parts that no taskbar covers.
pub(crate) fn within(window: Area, screens: &[Area]) -> Area {
    let nearest = screens.iter().min_by_key(|screen| window.distance_to(**screen));
    nearest.map_or(window, |screen| window.fitted_into(*screen))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn area() -> impl Strategy<Value = Area> {
        (-20_000..20_000_i32, -20_000..20_000_i32, 1..10_000_u32, 1..10_000_u32)
            .prop_map(|(x, y, width, height)| Area { x, y, width, height })
    }

    fn is_inside(window: Area, screen: Area) -> bool {
        let inside =
            |a: Span, b: Span| a.start >= b.start && a.start + a.length <= b.start + b.length;
        inside(window.across(), screen.across()) && inside(window.down(), screen.down())
    }

    proptest! {
        #[test]
        fn window_is_as_a_whole_on_one_screen(
            window in area(),
            screens in proptest::collection::vec(area(), 1..5),
        ) {
            let placed = within(window, &screens);
            prop_assert!(screens.iter().any(|screen| is_inside(placed, *screen)), "{:?}", placed);
            prop_assert!(placed.width <= window.width && placed.height <= window.height);
            prop_assert_eq!(within(placed, &screens), placed);
        }

        #[test]
        fn window_that_is_on_a_screen_stays_as_it_is(window in area(), other in area()) {
            let around = Area { width: window.width + 1, height: window.height + 1, ..window };
            prop_assert_eq!(within(window, &[other, around]), window);
        }
    }

    #[test]
    fn window_of_a_large_screen_fits_onto_a_laptop() {
        // Remembered at a scale of 2 on a screen of 3840 by 2160.
        let window = Area { x: 2400, y: 700, width: 920, height: 1280 };
        let laptop = Area { x: 0, y: 0, width: 1366, height: 728 };
        let placed = Area { x: 446, y: 0, width: 920, height: 728 };
        assert_eq!(within(window, &[laptop]), placed);
    }

    #[test]
    fn window_without_any_screen_stays_as_it_is() {
        let window = Area { x: -9, y: 5, width: 920, height: 1280 };
        assert_eq!(within(window, &[]), window);
    }
}
