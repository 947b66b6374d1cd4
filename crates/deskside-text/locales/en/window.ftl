### What the window's page says by itself; what a connection's state is called stands in app.ftl.
###
### Plain words, present tense, no blame, no codes. Every message is one text without attributes,
### and all of its variables are texts.

window-title = { $page } – Deskside

nav-label = Pages
page-status = Status
page-setup = Set up
page-diagnostics = Diagnostics
page-settings = Settings

page-starting = Deskside is looking at this computer.
page-refused = Deskside did not take that. Please try again.
silent-title = Deskside does not answer
silent-text = Close this window and open Deskside again from the icon beside the clock.

sandbox-banner = Trial mode: not for real companies
sandbox-text = This Deskside is set up for trials and accepts addresses on this computer. Do not use it with a real company.

## How things are

status-idle = Not connected yet
status-healthy = Working
status-ready = Ready on this computer
status-waiting = Waiting
status-unknown = Cannot tell
status-problem = Needs attention

check-state-good = Good
check-state-bad = Needs attention
check-state-unknown = Cannot tell

severity-info = Good to know
severity-warning = Needs attention soon
severity-blocking = No data is flowing

notice-severity-info = Good to know
notice-severity-warning = Needs attention
notice-severity-blocking = Stops Deskside from working

who-user = You can fix this.
who-it = Ask whoever looks after this computer.
who-vendor = Not your computer: the application’s maker must act.
who-nobody = Nothing to do: it heals by itself.

## What can be done

command-check = Check now
command-open-link = Open the connection page
command-go-on = Open the page
command-cancel-link = Cancel this link
command-stop-syncing = Stop syncing
command-copy-details = Copy details
command-open-quickbooks = Open QuickBooks
command-start-web-connector = Start the Web Connector
command-open-log = Open the Web Connector’s log
command-open-sleep-settings = Open Windows’ sleep settings
command-remove = Remove

# What a screen reader says: “Check now: Larch Bakery”.
command-for = { $command }: { $name }

## Moments

time-just-now = just now
time-unknown = at an unknown time
time-on = on { $day }

## Messages

notices-label = Messages
# What a screen reader says when one comes: “Needs attention: That link was not opened”.
notices-said = { $severity }: { $title }
notices-dismiss = Dismiss
notices-dismiss-of = Dismiss: { $title }

## The page “Status”

status-connections = Connections
begin-title = How to begin
begin-step-1 = Go to the application that needs data from QuickBooks Desktop, or find the message it sent you.
begin-step-2 = Open its link on this computer, the one where QuickBooks runs.
begin-step-3 = Deskside comes up and asks before it does anything.
begin-more = Show me the steps

# A moment follows, as in “Last checked 5 minutes ago”.
status-checked = Last checked
status-last-success = Data last came
status-never-checked = Not checked yet
# A moment follows, as in “began 5 minutes ago”.
status-began = began
status-steps = What to do
status-provider-says = The provider says:
status-check-note = “Check now” reaches into QuickBooks and can take up to a minute.
status-busy = Working on it. This can take up to a minute.

support-title = Details for support
support-problem = Problem
support-request = Request
support-since = Since
support-copy-request = Copy request number

copy-done = Copied.
copy-failed = The details are not available right now. Please try again.
copy-by-hand = Windows did not allow the copy. Select this text and press Ctrl+C.
copy-text = Text to copy

details-title = Details
# What a screen reader says: “Details: Larch Bakery”.
details-of = Details: { $name }

# The program says what stopping and removing do; its sentences stand between title and answers.
stop-title = Stop syncing this connection?
stop-keep = Keep syncing
stop-stop = Stop syncing

remove-title = Remove this connection?
remove-keep = Keep it
remove-remove = Remove

## A link on its way to a connection

link-anyway = Open it anyway
link-checks = What Deskside sees on this computer
link-steps = What to do
link-fetching = Getting the link
link-returned = Asking whether it works
# The host follows.
link-host = The page is at

# What follows is a span of time, as in “Runs out in 23 minutes”.
countdown-left = Runs out { $when }
step-done = Done
# Both are numbers, as in “2 of 5 done”.
steps-done = { $done } of { $all } done

## Questions

question-no = No
question-cancel = Cancel
question-share = Shared: whether the connection works, and what is wrong if not. Never: company data, passwords, file names, window titles.

open-title = Open { $provider }’s connection page?
open-text = It opens in your browser, at this address:
open-checks = This computer now:
open-share = Deskside only opens the page. It never sends company data, passwords, file names or window titles.
open-yes = Open in browser
open-no = No, don’t open

enroll-title = Link this computer to { $vendor }?
enroll-title-unknown = Link this computer to a site Deskside does not know?
enroll-at = The site is:
enroll-warning = If you did not start this on that site yourself, or do not know it, choose No.
enroll-started = I started this from that site just now
enroll-yes = Link

# One question in two parts. Between them the page sets the account and, in brackets, its host.
account-tell = Tell
account-how = how this computer’s QuickBooks connection is doing?
account-yes = Yes, tell them

## The page “Set up”

setup-title = Set up a connection
setup-intro = Do this on the computer where QuickBooks Desktop runs.
setup-quickbooks-title = Get QuickBooks ready
setup-quickbooks-text = Open QuickBooks Desktop and the company file. The first time, sign in as Admin and use single-user mode.
setup-link-title = Open the link
setup-link-text = Open the link from your application on this computer. Deskside shows where it leads and asks before it opens your browser.
setup-browser-title = Follow the page in your browser
setup-browser-text = It leads you through the rest. When QuickBooks asks whether the application may have access, read who is asking, then allow it.
# Where something can be chosen, this takes the place of the link and the browser.
setup-choose-title = Choose what to connect
setup-choose-text = Deskside looks at this computer, then opens a page in your browser that leads you through the rest. When QuickBooks asks whether the application may have access, read who is asking, then allow it.
connect-at = Connect at { $name }
connect-to = Connect { $name }
connect-asked = Asking { $name }. What comes of it appears on the page “Status”.
connect-loading = Asking { $name } what can be connected.
connect-failed = Deskside could not ask { $name } what can be connected. What is connected goes on working.
connect-ask-again = Ask again
setup-present = This computer now
stuck-title = If nothing happens after the browser
stuck-step-1 = Look at QuickBooks: a question may be waiting behind another window.
stuck-step-2 = Open the link in your application again. Links run out, and many work only once, so ask for a new one if it is refused.
stuck-step-2-chosen = Choose “Open the connection page” on the page “Status” once more. Links run out, and many work only once.
stuck-step-3 = Still nothing? Copy the details on the Diagnostics page and send them to the people who gave you the link.

## The page “Diagnostics”

diagnostics-title = Diagnostics
diagnostics-intro = What Deskside sees on this computer. Looking changes nothing in QuickBooks.
diagnostics-machine = This computer
diagnostics-again = Look again
diagnostics-looking = Looking again. What changes appears here by itself.
diagnostics-nothing = Nothing has been looked at yet.
diagnostics-shortcuts = Deskside can open these for you
diagnostics-opening = Opening. This can take a minute or two.
diagnostics-support = For support
diagnostics-support-text = Copies a description without passwords, links or company data.
diagnostics-no-connections = There is no connection to describe yet. This copies what Deskside sees on this computer, without passwords, links or company data.
diagnostics-fact = { $label }: { $value }

## The page “Settings”

settings-title = Settings
settings-on = On
settings-off = Off
settings-notifications = Notifications
settings-notifications-text = Tell me when a connection stops working and when it works again.
settings-login-start = Start Deskside when I sign in to this computer
settings-login-start-text = It starts beside the clock, without opening this window.
login-start-turned-off-in-task-manager = Turned off in Task Manager. Turn it on again there, under Startup apps.
login-start-by-administrator = Whoever looks after this computer has decided this.
login-start-cannot-tell = Deskside cannot look at this on this computer.
linked-title = Linked applications
linked-text = They are told how their connections on this computer are doing.
sign-out = Sign this computer out
sign-out-title = Sign this computer out of { $name }?
sign-out-text = { $name } is told at once, or as soon as there is a network. Its connections disappear from this computer; the data stays there, at { $name }.
sign-out-keep = Stay signed in
sign-out-yes = Sign out
about-title = About
about-version = Version
about-program = Deskside { $version }
about-computer = This computer’s name
about-computer-text = Applications you link to know this computer by this name.
