### What Deskside itself says: states, notices, the tray, what this computer shows.
###
### A message with a cause is shown as a title, one sentence and what to do, in order.

# For example “Larch Bakery: QuickBooks is closed”, or “Network: Connected”.
named = { $name }: { $text }

## How things are

no-connection = No connection yet
all-work = All connections work
state-healthy = Connected and working
state-ready = This computer is ready
state-waiting = Waiting for the steps in your browser
state-unknown = Cannot tell yet
state-problem = Something needs a hand

## What a connection is called, and through whom it comes

connection-unnamed = QuickBooks connection
through-an-application = An application
through-own-key = { KNOWN($provider) ->
    [yes] { $provider }, with your own key
   *[no] A provider, with your own key
}

## Questions

asking-account = Asking { $host } whose link this is…
linking-computer = Linking this computer to { $host }…

## Notices

working-again = Working again
    .cause = The connection works again: { $names }.

vault-keeps-links-out = Passwords cannot be read
    .cause = This computer's password store is locked or missing, so Deskside cannot take on new connections.
    .step-1 = Unlock the password store, or sign out of this computer and in again.
    .step-2 = Deskside notices by itself when it is back.

vault-forbids-link = Windows keeps no passwords here
    .cause = This computer's settings, or the way in which you signed in, let no program keep passwords, so the link was not used.
    .step-1 = Tell whoever looks after this computer that Windows refuses to keep passwords, with error 1312.
    .step-2 = Once that has changed, click the link again.

vault-forbids-connections = Windows keeps no passwords here
    .cause = This computer's settings, or the way in which you signed in, let no program keep passwords, so Deskside cannot take on new connections.
    .step-1 = Tell whoever looks after this computer that Windows refuses to keep passwords, with error 1312.
    .step-2 = Deskside notices by itself when that has changed.

vault-refused-link = Passwords cannot be stored
    .cause = This computer's password store is locked or missing, so the link was not used.
    .step-1 = Unlock the password store, or sign out of this computer and in again.
    .step-2 = Then click the link again.

browser-failed = The browser did not open
    .cause = This computer could not open your web browser.
    .step-1 = Open your web browser once by hand.
    .step-2 = Ask for a new link and click it.

enrollment-unknown-code = This computer was not linked
    .cause = { $host } does not know this link.
    .step-1 = Ask your application for a new link and click it on this computer.

enrollment-spent-code = This computer was not linked
    .cause = This link is too old, or it was used before.
    .step-1 = Ask your application for a new link and click it on this computer.

enrollment-interrupted = This computer was not linked
    .cause = Deskside was ended while it was being linked to { $host }, and the link can be used only once.
    .step-1 = Ask your application for a new link and click it on this computer.

enrollment-unreachable = This computer was not linked
    .cause = { $host } does not answer; the link can still be used.
    .step-1 = Click the link again in a few minutes.

enrollment-unusable = This computer was not linked
    .cause = { $host } gave an answer that Deskside cannot use.
    .step-1 = Tell the maker of your application.

enrollment-too-long = This computer was not linked
    .cause = { $host } gave a sign-in that this computer cannot store.
    .step-1 = Tell the maker of your application.

## A link that was not used; $text is one of the sentences below

link-not-used = That link was not used
    .cause = { $text }
    .step-1 = Ask whoever sent you the link for a new one.

link-not-deskside = That is not a Deskside link.
link-too-long = The link is longer than any real one, so Deskside did not use it.
link-damaged = The link is damaged; ask for a new one and click it without changing it.
link-ambiguous = The link says the same thing twice, so Deskside cannot tell what it means.
link-unknown-action = The link asks for something that this version of Deskside does not know.
link-insecure = The link leads to a page without protection.
link-with-user-name = The link carries a user name, which a real one never does.
link-unusual = The link has a form that a real one never has.
link-unknown-website = The link leads to a website that Deskside does not know.
link-unknown-page = The link asks for a page that Deskside does not have.

## Something that Deskside was asked to open; $text is one of the two sentences below

quickbooks-not-opened = QuickBooks did not open
    .cause = { $text }
    .step-1 = Open QuickBooks by hand, from its own icon.

web-connector-not-opened = The Web Connector did not open
    .cause = { $text }
    .step-1 = In QuickBooks, choose File, then App Management, then Update Web Services.

log-not-opened = The log did not open
    .cause = { $text }
    .step-1 = Open it by hand in the Web Connector.

settings-not-opened = The settings did not open
    .cause = { $text }
    .step-1 = In Windows' settings, look for “Power & sleep”.

windows-did-not-open-it = Windows did not open it.
it-has-not-come-up = It was started, but it has not come up.

## The tray's menu

tray-answer = Answer a question…
tray-open = Open Deskside
tray-look-again = Look again
tray-diagnostics = What this computer shows
tray-quit = Quit Deskside

## What this computer shows

fact-quickbooks = QuickBooks Desktop
fact-web-connector = QuickBooks Web Connector
fact-quickbooks-program = QuickBooks' program
fact-web-connector-program = Web Connector's program
fact-web-connector-starts = Web Connector starts by itself
fact-sleeps = Sleeps when plugged in
fact-network = Network
fact-vault = Password store

fact-cannot-tell = Cannot tell
fact-yes = Yes
fact-no = No
fact-never = Never
fact-after-minutes = After { $minutes } min
fact-closed = Closed
fact-starting = Starting
fact-open = Open
fact-open-elsewhere = Open for somebody else
fact-open-hung = Open, does not respond
fact-open-sign-in = Open, asks to sign in
fact-open-blocked = Open, waits for an answer
fact-open-without-company = Open, without a company
fact-open-with-company = Open, with a company
fact-installed = { KNOWN($version) ->
    [yes] Installed, version { $version }
   *[no] Installed
}
fact-not-installed = Not installed
fact-connected = Connected
fact-not-connected = Not connected
fact-working = Working
fact-locked = Locked
fact-forbidden = Forbidden by Windows
fact-silent = Does not answer
fact-missing = Missing

## What “Copy details” copies, line by line

details-connection = Connection: { $id }
details-through = Through: { $text }
details-state = State: { $text }
details-heard = Last heard: { $at }
details-problem = Problem: { $code } since { $at }
details-cause = Cause: { $text }
details-message = Message: { $text }
details-request = Request: { $id }

## There is no window; in a box, which asks whether to open the page with Microsoft's runtime

box-missing = Deskside's window needs the Microsoft Edge WebView2 Runtime, and this computer does not have it. It is free and comes from Microsoft.
box-damaged = Deskside's window did not appear. It is drawn by the Microsoft Edge WebView2 Runtime, which may be damaged. Installing it again from Microsoft usually helps.
box-keeps-working = { KNOWN($state) ->
    [yes] Deskside itself keeps working beside the clock. Right now: { $state }.
   *[no] Deskside itself keeps working beside the clock.
}
box-question-waits = A link that you clicked waits for your answer. Deskside takes that answer in its window only, so nothing was opened or linked. Click the link again when the window works.
box-download = Open Microsoft's download page in your browser?

## There is no window; in a notification

notice-no-window = Deskside cannot show its window
notice-missing = What draws it is missing.
notice-empty = It did not appear.
notice-question-waits = A link waits for your answer in it.
notice-keeps-working = { KNOWN($state) ->
    [yes] Deskside itself keeps working. Right now: { $state }.
   *[no] Deskside itself keeps working.
}

## The program ends before it has begun; $why is for whoever looks after the computer

cannot-start = Deskside cannot start
cannot-start-because = Deskside cannot start: { $why }.
crash-loop = it stopped three times within 15 minutes because of errors of its own. Start it from the Start menu to try again
link-waits = The link that you clicked has not arrived in Deskside: { $why }.

## Deskside crashed, and runs again

crashed-title = Deskside had stopped and is running again
crashed-body = It stopped because of an error of its own. Your connections are checked again now. If this happens again, send a support file to IT support.
