//! Windows: the thread that owns the windows, and what each order does to them.
//!
//! All calls to Windows are in `native`, behind functions that are safe to call.

#[path = "native.rs"]
mod native;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use self::native::{Area, Window};
use super::Frame;
use crate::orders::{DialogClass, QuickBooksOrder, Shown, SignInPlace};

/// "Until told otherwise", for a channel that wants a number: no test lasts for a day.
const A_DAY: u32 = 24 * 60 * 60;

/// The windows' thread, seen from the thread that reads orders.
#[derive(Debug)]
pub(super) struct Desktop {
    calls: Sender<Call>,
    thread: native::ThreadId,
}

/// An order on its way to the windows, and the way back.
#[derive(Debug)]
struct Call {
    order: QuickBooksOrder,
    answer: Sender<io::Result<()>>,
}

impl Desktop {
    pub(super) fn start(frame: Frame) -> io::Result<Self> {
        let (calls, inbox) = channel();
        let (ready, started) = channel();
        thread::Builder::new().name("windows".into()).spawn(move || {
            let mut screen = Screen { frame, main: None, open: Vec::new() };
            let shown = screen.show_hidden_frame();
            // Nobody to tell means nobody to show anything to.
            drop(ready.send(shown.map(|()| native::current_thread())));
            native::pump(|| screen.obey_all(&inbox));
        })?;
        let thread = started.recv().map_err(io::Error::other)??;
        Ok(Self { calls, thread })
    }

    pub(super) fn obey(&self, order: QuickBooksOrder) -> io::Result<()> {
        let (answer, answered) = channel();
        self.calls.send(Call { order, answer }).map_err(|_| ended())?;
        native::wake(self.thread)?;
        answered.recv().map_err(|_| ended())?
    }
}

fn ended() -> io::Error {
    io::Error::other("The windows' thread has ended.")
}

/// What is on the screen, known to the windows' thread alone.
#[derive(Debug)]
struct Screen {
    frame: Frame,
    main: Option<Window>,
    /// All but the main window, oldest first, with the titles they were opened under. A person may
    /// have closed some of them.
    open: Vec<Opened>,
}

#[derive(Debug)]
struct Opened {
    title: String,
    window: Window,
    is_modal: bool,
}

impl Screen {
    fn show_hidden_frame(&mut self) -> io::Result<()> {
        let Some(title) = self.frame.hidden_title else { return Ok(()) };
        self.main(title, Shown::Hidden)
    }

    fn obey_all(&mut self, calls: &Receiver<Call>) {
        while let Ok(Call { order, answer }) = calls.try_recv() {
            let mut hang = None;
            if let QuickBooksOrder::Hang { seconds } = order {
                hang = Some(seconds.unwrap_or(A_DAY));
            }
            // Whoever asked may be gone; the order is carried out all the same.
            drop(answer.send(self.obey(order)));
            if let Some(seconds) = hang {
                hang_for(Duration::from_secs(seconds.into()), calls);
            }
        }
    }

    fn obey(&mut self, order: QuickBooksOrder) -> io::Result<()> {
        match order {
            QuickBooksOrder::Main { title, shown } => self.main(&title, shown),
            QuickBooksOrder::SignIn { place, title } => self.sign_in(place, title),
            QuickBooksOrder::NoCompany => self.no_company(),
            QuickBooksOrder::Dialog { title, class, text } => self.dialog(title, class, &text),
            QuickBooksOrder::Window { class, title } => {
                let window = Window::top_level(&class, &title)?;
                window.show(Shown::Open);
                self.remember(title, window, false);
                Ok(())
            }
            QuickBooksOrder::Close { title } => self.close(&title),
            QuickBooksOrder::Hang { .. } | QuickBooksOrder::Wake | QuickBooksOrder::Exit { .. } => {
                Ok(())
            }
        }
    }

    fn main(&mut self, title: &str, shown: Shown) -> io::Result<()> {
        let main = match self.living_main() {
            Some(main) => main,
            None => Window::top_level(self.frame.class, title)?,
        };
        self.main = Some(main);
        main.set_title(title)?;
        main.show(shown);
        Ok(())
    }

    /// The password field is what tells it apart, whatever its title and language.
    fn sign_in(&mut self, place: SignInPlace, title: String) -> io::Result<()> {
        let (window, is_modal) = match place {
            SignInPlace::Child => {
                (Window::child(self.needed_main()?, "MauiForm", &title, Area::PANE)?, false)
            }
            SignInPlace::Window => (Window::owned(self.front(), &title)?, true),
        };
        window.add_label("Enter your password to open the company file.")?;
        window.add_password_field()?;
        window.add_button("OK")?;
        self.put_up(title, window, is_modal);
        Ok(())
    }

    /// Assumed: a child window of Intuit's own toolkit. Only its text is known.
    fn no_company(&mut self) -> io::Result<()> {
        let title = "No QuickBooks Company Loaded";
        let window = Window::child(self.needed_main()?, "MauiForm", title, Area::PANE)?;
        window.add_label(title)?;
        self.put_up(title.into(), window, false);
        Ok(())
    }

    fn dialog(&mut self, title: String, class: DialogClass, text: &str) -> io::Result<()> {
        let owner = self.front();
        let window = match class {
            DialogClass::System => Window::system_dialog(owner, &title)?,
            DialogClass::MauiForm => Window::owned(owner, &title)?,
        };
        window.add_label(text)?;
        window.add_button("OK")?;
        self.put_up(title, window, true);
        Ok(())
    }

    fn put_up(&mut self, title: String, window: Window, is_modal: bool) {
        if is_modal && let Some(owner) = self.front() {
            owner.enable(false);
        }
        window.show(Shown::Open);
        self.remember(title, window, is_modal);
    }

    fn remember(&mut self, title: String, window: Window, is_modal: bool) {
        self.open.retain(|opened| opened.window.exists());
        self.open.push(Opened { title, window, is_modal });
    }

    fn close(&mut self, title: &str) -> io::Result<()> {
        self.open.retain(|opened| opened.window.exists());
        let place = self.open.iter().rposition(|opened| opened.title == title);
        let Some(place) = place else {
            return Err(io::Error::other("No window was opened under this title."));
        };
        self.open.remove(place).window.close();
        Ok(())
    }

    /// What a new modal window belongs to: the newest one, or the main window.
    fn front(&self) -> Option<Window> {
        let modal = self.open.iter().rev().filter(|opened| opened.is_modal);
        let newest = modal.map(|opened| opened.window).find(|window| window.exists());
        newest.or_else(|| self.living_main())
    }

    fn living_main(&self) -> Option<Window> {
        self.main.filter(|main| main.exists())
    }

    fn needed_main(&self) -> io::Result<Window> {
        self.living_main().ok_or_else(|| io::Error::other("There is no main window to put it in."))
    }
}

/// Waits without taking the system's messages: that is what a hung program does.
fn hang_for(time: Duration, calls: &Receiver<Call>) {
    let end = Instant::now() + time;
    loop {
        match calls.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Call { order, answer }) => {
                let wakes = order == QuickBooksOrder::Wake;
                let refusal = io::Error::other("It hangs: only wake and exit are obeyed.");
                drop(answer.send(if wakes { Ok(()) } else { Err(refusal) }));
                if wakes {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}
