### The way of a link: what is looked at before it is opened, what happens then, and how it ends.
### Also what can be done with a connection once it stands.

## Before a link is opened: what is looked at

check-computer = Right computer
check-computer-good = QuickBooks Desktop is on this computer.
check-computer-bad = QuickBooks Desktop is not on this computer. Open the link on the computer that has it.
check-computer-unknown = Deskside cannot tell whether QuickBooks Desktop is on this computer.

check-quickbooks = QuickBooks
check-quickbooks-good = QuickBooks is open with a company, and only you use the file.
check-quickbooks-open = QuickBooks is open.
check-quickbooks-unseen = QuickBooks is open. Deskside cannot see whether your company is open, whether only you use the file, and whether you are signed in as Admin.
check-quickbooks-closed = QuickBooks is closed. Open it with the company that you want to connect.
check-quickbooks-sign-in = QuickBooks asks who you are. Sign in as Admin.
check-quickbooks-window = A window in QuickBooks waits for an answer. Answer it.
check-quickbooks-hung = QuickBooks does not answer at the moment. Wait until it does.
check-quickbooks-no-company = No company is open in QuickBooks. Open the one that you want to connect.
check-quickbooks-multi-user = QuickBooks is in multi-user mode. Choose “Switch to Single-user Mode” in its File menu.
check-quickbooks-not-admin = You are signed in to QuickBooks as { $user }. Sign in as Admin for this once.
check-quickbooks-elsewhere = QuickBooks is open for somebody else on this computer. Ask them to close it, then open it here.
check-quickbooks-unknown = Deskside cannot tell whether QuickBooks is open.

check-web-connector = Web Connector
check-web-connector-good = The QuickBooks Web Connector is on this computer.
check-web-connector-comes = It is not on this computer yet. The steps on the page bring it along.
check-web-connector-perhaps = It is not on this computer yet. The steps on the page may bring it along.
check-web-connector-bad = The QuickBooks Web Connector is not on this computer. Ask whoever looks after it to install it.
check-web-connector-unknown = Deskside cannot tell whether the QuickBooks Web Connector is here.

check-way = Way to { $host }
check-way-good = { $host } answers.
check-way-bad = { $host } does not answer. Check this computer's internet connection.
check-way-unknown = Nobody has looked yet whether { $host } answers.

check-clock = Clock
check-clock-good = This computer's clock is right.
check-clock-bad = This computer's clock is wrong by { $minutes } minutes. Switch on “Set time automatically” in Windows.
check-clock-unknown = Deskside cannot tell yet whether this computer's clock is right.

## How far a link has come

link-preflight = Before the page opens
    .cause = Something on this computer should be put right first. You may also go on as it is.
link-ready = Everything is ready
    .cause = The page can open now.
link-maybe-ready = Nothing is known to be wrong
    .cause = Deskside cannot tell whether everything is ready. The page can open now.
link-fetching = Getting the page
    .cause = Deskside is asking for your connection page.
link-waiting = Waiting for the steps in your browser
    .cause = Follow the page in your browser. Deskside notices by itself when you are done.
link-waiting-untold = Waiting for the steps in your browser
    .cause = Follow the page in your browser until it says that you are done. Deskside ticks off what it sees on this computer.
link-returned = Your browser is back
    .cause = Deskside is asking whether the connection works. That can take some minutes.
link-confirmed = Connected
    .cause = The steps are done and the connection works.
link-confirmed-untold = Connected
    .cause = The steps are done: the Web Connector has run the new application without an error.
link-linked = Connected
    .cause = The steps are done. The first data comes at its next planned time.
link-cancelled = The steps were not finished
    .cause = Start again with a new link whenever you like.
link-failed = The steps did not work
    .cause = The page in your browser said that something went wrong. Start again with a new link.
link-unsupported = This cannot be connected
    .cause = The provider does not support what was chosen. Ask your application's support.
link-expired = The link has run out
    .cause = Nobody finished the steps in time. Start again with a new link.
link-unconfirmed = Nobody can confirm it
    .cause = The steps seem to be done, but nobody could say whether the connection works.
link-unconfirmed-untold = Nobody can confirm it
    .cause = Deskside cannot tell whether the steps were finished. If your application gets no data, ask it for a new link and click it on this computer.
link-not-fetched = No connection page
    .cause = Your application gave no page to connect with. Try again in a few minutes.
link-ask-again = Ask your application for a new link, and click it on this computer.

link-used = This link was opened before
    .cause = It works only once, so it was not opened again.
    .step-1 = Ask your application for a new link and click it on this computer.

## What the user does in the browser and after it

step-choose-desktop = On the page, choose QuickBooks Desktop.
step-run-installer = Download the installer from the page and run it.
step-download-file = Download the file for the Web Connector from the page.
step-open-in-web-connector = Open that file with the QuickBooks Web Connector, and confirm that the application is added.
step-allow-access = In QuickBooks, choose “Yes, always; allow access even if QuickBooks is not running”.
step-paste-password = Copy the password from the page into the Web Connector, and let it be saved.
step-switch-on-auto-run = In the Web Connector, tick Auto-Run for the new line and choose Update Selected.
step-verify = On the page, choose the button that verifies the connection.

## Details of a connection

detail-provider = Provider
detail-application = Application
detail-company = Company
detail-state = State
detail-why = Why
detail-mode = How QuickBooks is used
detail-mode-attended = Open while you work
detail-mode-unattended = Opened by the Web Connector
detail-mode-multiple-files = Several companies
detail-data = Data
detail-data-waiting = Waits for its planned time
detail-data-syncing = Being copied now
detail-data-complete = Up to date
detail-data-failed = The last copy did not work
detail-data-reauthorize = The permission must be given again
detail-data-came = Data last came
detail-cannot-tell = Cannot tell

## A notification; for example “Larch Bakery and 2 more: No company is open”

name-and-more = { $name } and { $count } more

## Stopping and removing

stopping = No more data will flow. What { $name } has copied so far stays there, and you can connect again later.
removing-at-application = The connection is removed at { $name } too, and no more data flows. What was copied so far is kept or deleted there by their rules.
removing-here = Deskside forgets this connection and its key on this computer. At { $name } the connection and the data stay.
removing-link = Deskside forgets this connection on this computer. With your application it stays as it is.
not-stopped = The connection was not stopped
    .cause = { $name } could not be told.
    .step-1 = Try again when the internet connection works.
not-removed = The connection was not removed
    .cause = { $name } could not be told.
    .step-1 = Try again when the internet connection works.
connection-busy = This was not done
    .cause = Something else is under way for { $name }.
    .step-1 = Try again when that is done.
not-connected = No new connection was made
    .cause = { $name } gave no usable answer.
    .step-1 = Try again in a few minutes.

## The page that the browser shows when it has come back

came-back-title = You can close this page
came-back-body = Deskside goes on by itself. Its icon is beside the clock.
