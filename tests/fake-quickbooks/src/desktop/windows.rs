//! Windows: the thread that owns the windows, and the effect of each order on them.
//!
//! All calls to Windows are in `native`, behind safe functions.

#[path = "native.rs"]
mod native;

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use self::native::{Area, Window};
use super::MainWindow;
use crate::orders::{DialogClass, QuickBooksOrder, Shown, SignInPlace};

/// Seconds of a hang without a duration: longer than any test.
const UNLIMITED_HANG: u32 = 24 * 60 * 60;

/// A handle to the thread of the windows, for the thread that reads orders.
#[derive(Debug)]
pub(super) struct Desktop {
    requests: Sender<Request>,
    thread: native::ThreadId,
}

/// An order for the thread of the windows, and the channel for its answer.
#[derive(Debug)]
struct Request {
    order: QuickBooksOrder,
    answer: Sender<io::Result<()>>,
}

impl Desktop {
    pub(super) fn start(kind: MainWindow) -> io::Result<Self> {
        let (requests, inbox) = channel();
        let (ready, started) = channel();
        thread::Builder::new().name("windows".into()).spawn(move || {
            let mut screen = Screen { kind, main: None, open: Vec::new() };
            let created = screen.create_hidden_main();
            // If the receiver is gone, the process is ending.
            drop(ready.send(created.map(|()| native::current_thread())));
            native::pump(|| screen.obey_all(&inbox));
        })?;
        let thread = started.recv().map_err(io::Error::other)??;
        Ok(Self { requests, thread })
    }

    pub(super) fn obey(&self, order: QuickBooksOrder) -> io::Result<()> {
        let (answer, receiver) = channel();
        self.requests.send(Request { order, answer }).map_err(|_| thread_ended())?;
        native::wake(self.thread)?;
        receiver.recv().map_err(|_| thread_ended())?
    }
}

fn thread_ended() -> io::Error {
    io::Error::other("The thread of the windows has ended.")
}

/// The windows on the screen; used only on their thread.
#[derive(Debug)]
struct Screen {
    kind: MainWindow,
    main: Option<Window>,
    /// All windows but the main one, oldest first. The user may have closed some of them.
    open: Vec<OpenWindow>,
}

/// A window with the title that it was opened with.
#[derive(Debug)]
struct OpenWindow {
    title: String,
    window: Window,
    is_modal: bool,
}

impl Screen {
    fn create_hidden_main(&mut self) -> io::Result<()> {
        let Some(title) = self.kind.hidden_title else { return Ok(()) };
        self.main(title, Shown::Hidden)
    }

    fn obey_all(&mut self, requests: &Receiver<Request>) {
        while let Ok(Request { order, answer }) = requests.try_recv() {
            let mut hang = None;
            if let QuickBooksOrder::Hang { seconds } = order {
                hang = Some(seconds.unwrap_or(UNLIMITED_HANG));
            }
            if order == QuickBooksOrder::HangHidden {
                hang = Some(UNLIMITED_HANG);
            }
            // The order is executed even if nobody waits for its answer.
            drop(answer.send(self.obey(order)));
            if let Some(seconds) = hang {
                hang_for(Duration::from_secs(seconds.into()), requests);
            }
        }
    }

    fn obey(&mut self, order: QuickBooksOrder) -> io::Result<()> {
        match order {
            QuickBooksOrder::Main { title, shown } => self.main(&title, shown),
            QuickBooksOrder::SignIn { place, title } => self.sign_in(place, title),
            QuickBooksOrder::NoCompany => self.no_company(),
            QuickBooksOrder::Dialog { title, class, text } => self.dialog(title, class, &text),
            QuickBooksOrder::Window { class, title, password } => {
                let window = Window::top_level(&class, &title)?;
                if password {
                    window.add_password_field()?;
                }
                window.show(Shown::Open);
                self.add(title, window, false);
                Ok(())
            }
            QuickBooksOrder::Close { title } => self.close(&title),
            QuickBooksOrder::HangHidden => {
                self.required_main()?.show(Shown::Hidden);
                Ok(())
            }
            QuickBooksOrder::Hang { .. } | QuickBooksOrder::Wake | QuickBooksOrder::Exit { .. } => {
                Ok(())
            }
        }
    }

    fn main(&mut self, title: &str, shown: Shown) -> io::Result<()> {
        let main = match self.existing_main() {
            Some(main) => main,
            None => Window::top_level(self.kind.class, title)?,
        };
        self.main = Some(main);
        main.set_title(title)?;
        main.show(shown);
        Ok(())
    }

    /// The password field identifies it, whatever its title and language.
    fn sign_in(&mut self, place: SignInPlace, title: String) -> io::Result<()> {
        let (window, is_modal) = match place {
            SignInPlace::Child => {
                (Window::child(self.required_main()?, "MauiForm", &title, Area::PANE)?, false)
            }
            SignInPlace::Window => (Window::owned(self.front(), &title)?, true),
        };
        window.add_label("Enter your password to open the company file.")?;
        window.add_password_field()?;
        window.add_button("OK")?;
        self.show(title, window, is_modal);
        Ok(())
    }

    /// Assumed: a child window of Intuit's toolkit. Only its text is known.
    fn no_company(&mut self) -> io::Result<()> {
        let title = "No QuickBooks Company Loaded";
        let window = Window::child(self.required_main()?, "MauiForm", title, Area::PANE)?;
        window.add_label(title)?;
        self.show(title.into(), window, false);
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
        self.show(title, window, true);
        Ok(())
    }

    fn show(&mut self, title: String, window: Window, is_modal: bool) {
        if is_modal && let Some(owner) = self.front() {
            owner.enable(false);
        }
        window.show(Shown::Open);
        self.add(title, window, is_modal);
    }

    fn add(&mut self, title: String, window: Window, is_modal: bool) {
        self.open.retain(|open| open.window.exists());
        self.open.push(OpenWindow { title, window, is_modal });
    }

    fn close(&mut self, title: &str) -> io::Result<()> {
        self.open.retain(|open| open.window.exists());
        let index = self.open.iter().rposition(|open| open.title == title);
        let Some(index) = index else {
            return Err(io::Error::other("No open window has this title."));
        };
        self.open.remove(index).window.close();
        Ok(())
    }

    /// The owner of a new modal window: the newest modal window or the main window.
    fn front(&self) -> Option<Window> {
        let modal = self.open.iter().rev().filter(|open| open.is_modal);
        let newest = modal.map(|open| open.window).find(|window| window.exists());
        newest.or_else(|| self.existing_main())
    }

    fn existing_main(&self) -> Option<Window> {
        self.main.filter(|main| main.exists())
    }

    fn required_main(&self) -> io::Result<Window> {
        self.existing_main().ok_or_else(|| io::Error::other("There is no main window."))
    }
}

/// Waits without processing messages, as a hung program does.
fn hang_for(time: Duration, requests: &Receiver<Request>) {
    let end = Instant::now() + time;
    loop {
        match requests.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(Request { order, answer }) => {
                let wakes = order == QuickBooksOrder::Wake;
                let error = io::Error::other("The program hangs: only wake and exit are possible.");
                drop(answer.send(if wakes { Ok(()) } else { Err(error) }));
                if wakes {
                    return;
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
        }
    }
}
