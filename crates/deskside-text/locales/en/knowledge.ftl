### What is known about a code or a message of QuickBooks, the Web Connector or a provider: a title, one or two
### sentences for a bookkeeper, and what to do, in order.
###
### The steps of a message that has none are one of the lists at the end, because several codes need the same.
### The rules of words are those of the problems: at most 25 words a sentence, no codes, nothing to look up.

## QuickBooks' request processor

known-part-too-old = A part of QuickBooks does not fit
    .cause = The part of QuickBooks that talks to other programs cannot be reached or is too old.

known-request-unreadable = QuickBooks cannot read the request
    .cause = QuickBooks is open and reached, but the application asked in a form that it cannot read.

known-quickbooks-not-reached = QuickBooks could not be reached
    .cause = QuickBooks is closed, or does not let itself be reached.
    .step-1 = Open QuickBooks and your company file, or close and open them again.
    .step-2 = Open QuickBooks and the Web Connector normally, not with “Run as administrator”.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-something-unexpected = QuickBooks met something unexpected
    .cause = QuickBooks met something unexpected and says no more.
    .step-1 = Save your work, then close QuickBooks and the Web Connector.
    .step-2 = Open both again and choose “Update Selected”.
    .step-3 = If it comes back, copy the details on Deskside's Diagnostics page and send them to the maker of your application.

known-company-not-opened = The company file could not be opened
    .cause = QuickBooks could not open the company file that the application is connected to.
    .step-1 = See whether the file is still in its place and opens in QuickBooks by hand.
    .step-2 = If it was moved or renamed, move it back, or ask for a new link.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-company-moved = The company file is not where it was
    .cause = The place that the application is connected to holds no company file: it was moved or renamed.
    .step-1 = Move the company file back to its old place and name.
    .step-2 = If it must stay where it is now, ask the maker of your application for a new link.

known-quickbooks-not-started = QuickBooks could not be started
    .cause = The Web Connector tried to start QuickBooks with the company file, and could not.
    .step-1 = Open QuickBooks and the right company file on this computer, and close any other one.
    .step-2 = If the file was renamed or moved, give it back its old place and name.
    .step-3 = Open QuickBooks and the Web Connector normally, not with “Run as administrator”.
    .step-4 = If somebody has the file open in single-user mode, ask that person to close it.
    .step-5 = If somebody is signed in as the application's QuickBooks user, ask that person to sign out.
    .step-6 = If QuickBooks does not open, restart this computer: a part of it may still be running.

known-other-years-file = File and QuickBooks do not match
    .cause = The company file belongs to another year's QuickBooks than the one that is open.
    .step-1 = Close QuickBooks.
    .step-2 = Open the company file in the QuickBooks of the right year.

known-other-company-open = Another company file is open
    .cause = QuickBooks has another company file open than the one that the application is connected to.

known-conversation-had-ended = The conversation had already ended
    .cause = The Web Connector went on with a conversation that QuickBooks had already ended.

known-file-in-other-mode = The company file is in the other mode
    .cause = The company file is open in another mode than the application asks for, usually single-user mode.
    .step-1 = In QuickBooks, choose File, then Switch to Multi-user Mode.
    .step-2 = If somebody else has it in single-user mode, ask that person to switch.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-window-waits = A window in QuickBooks is waiting
    .cause = QuickBooks shows a window that waits for an answer, and lets nothing else through.
    .step-1 = Go to QuickBooks and answer or close that window.
    .step-2 = In the Web Connector, choose “Update Selected”.

known-quickbooks-closed = QuickBooks is closed
    .cause = QuickBooks is not open, and the application does not say which company file to open.

known-no-company-open = No company is open
    .cause = QuickBooks is open without a company, and the application does not say which one it wants.

known-admin-must-allow = The Admin must allow it once
    .cause = The application is new to this company file, and only QuickBooks' Admin can let it in.

known-admin-must-allow-again = The Admin must allow it again
    .cause = Something changed in the application or in QuickBooks, so QuickBooks' Admin must let the application in again.

known-automatic-login-not-allowed = It may not sign in by itself
    .cause = QuickBooks does not let the application open the company file while QuickBooks is closed.

known-user-signed-in-elsewhere = The QuickBooks user is in use elsewhere
    .cause = QuickBooks lets each user sign in only once, and the user that the application works as is signed in elsewhere.
    .step-1 = On the other computer or in the other Windows session, sign that user out of QuickBooks.
    .step-2 = Better, as Admin, give the application a QuickBooks user of its own.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-file-perhaps-in-other-mode = The file may be in the other mode
    .cause = QuickBooks says that the company file is used in a way that it does not allow.
    .step-1 = In QuickBooks, open the File menu: if it offers “Switch to Single-user Mode”, choose that, otherwise the other.
    .step-2 = In the Web Connector, choose “Update Selected”.

known-application-not-allowed = The application is not allowed in
    .cause = QuickBooks does not allow this application to reach the company file.

known-busy-for-a-moment = QuickBooks is busy for a moment
    .cause = QuickBooks could not look up the application's permission just now.

known-trouble-with-file = QuickBooks has trouble with the file
    .cause = Something inside QuickBooks failed while it opened the company file.
    .step-1 = Save your work, close QuickBooks and open it again with your company file.
    .step-2 = If it comes back, choose File, Utilities, Verify Data in QuickBooks.

known-quickbooks-must-be-open = QuickBooks must be open for it
    .cause = The application may reach the company file only while QuickBooks is open, and it is closed.
    .step-1 = Open QuickBooks and your company file, and leave them open.
    .step-2 = To do without, choose Edit, Preferences, Integrated Applications, Company Preferences as Admin.
    .step-3 = Select the application, choose Properties, and tick that it may log in automatically.

known-permission-has-run-out = The permission has run out
    .cause = The application's proof of identity has expired, so QuickBooks wants to ask again.

known-edition-cannot = This edition cannot do it
    .cause = QuickBooks Basic does not work with other programs; Pro or a higher edition does.
    .step-1 = Ask your QuickBooks dealer about Pro, Premier or Enterprise.

known-application-refused = The application was refused
    .cause = Somebody answered No when QuickBooks asked about this application, or took its permission away.

known-quickbooks-has-a-message = QuickBooks has something to say
    .cause = QuickBooks stopped the work with a message of its own. Its text says why.
    .step-1 = Read the text next to this code, and do what it asks in QuickBooks.
    .step-2 = If it is not clear, send it to the maker of your application.

known-another-program-shares = Another program shares the file
    .cause = The application needs the company file for itself, in single-user mode, and another program is using it.
    .step-1 = Close the other program that works with QuickBooks.
    .step-2 = In QuickBooks, choose File, then Switch to Single-user Mode.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-quickbooks-too-old = QuickBooks is too old for it
    .cause = The application speaks to QuickBooks in a newer way than this QuickBooks understands.
    .step-1 = In QuickBooks, choose Help, then Update QuickBooks Desktop.
    .step-2 = If it is up to date, send this code to the maker of your application.

known-still-starting = QuickBooks is still starting
    .cause = QuickBooks was asked before it had finished starting.

known-not-registered = QuickBooks is not registered
    .cause = This QuickBooks is not registered, so it does not work with other programs.
    .step-1 = In QuickBooks, choose Help and register it.
    .step-2 = Then choose “Update Selected” again.

known-calls-from-elsewhere = QuickBooks refuses calls from elsewhere
    .cause = QuickBooks was called from another computer, which it does not allow.
    .step-1 = Run QuickBooks and the Web Connector on the same computer, for the same person.

known-proof-withdrawn = The application's proof was withdrawn
    .cause = The application's proof of identity has been withdrawn, so QuickBooks does not trust it.

known-several-copies = QuickBooks runs more than once
    .cause = Several copies of QuickBooks seem to run, one of them without a window.
    .step-1 = Save your work and close QuickBooks.
    .step-2 = Restart this computer.
    .step-3 = Open QuickBooks and your company file.

known-perhaps-trouble-with-file = QuickBooks has trouble with the file
    .cause = Something inside QuickBooks seems to have failed while it opened the company file.

known-unexplained-about-permissions = No public source explains this code
    .cause = No public source that Deskside knows says what it means. Its neighbours are about permissions.

known-unexplained-of-quickbooks = No public source explains this code
    .cause = This is a code of QuickBooks, but no public source that Deskside knows says what it means.

## Windows

known-part-missing = A part of QuickBooks is missing
    .cause = The part of QuickBooks that talks to other programs is not installed properly.

known-windows-cannot-start-quickbooks = Windows could not start QuickBooks
    .cause = Windows tried to start QuickBooks and got no answer. Often a copy of QuickBooks without a window still runs, or one runs as administrator.

known-quickbooks-is-busy = QuickBooks was busy
    .cause = QuickBooks did not take the call, because it was in the middle of something or a window was open in it.
    .step-1 = Finish what is open in QuickBooks, and close its windows.
    .step-2 = In the Web Connector, choose “Update Selected”.

known-quickbooks-reported-an-error = QuickBooks reported an error
    .cause = QuickBooks broke off the call. The text beside this code says why.

known-part-damaged = A part of QuickBooks is missing
    .cause = A file that QuickBooks or the Web Connector needs is missing or damaged.

known-quickbooks-stuck = QuickBooks is stuck
    .cause = QuickBooks failed in the middle of a call. Often it is stuck with another company file.

known-quickbooks-crashed = QuickBooks has crashed
    .cause = QuickBooks met something that it could not go on from, and ended.
    .step-1 = Close the message about it.
    .step-2 = Open QuickBooks and your company file again.
    .step-3 = If it comes back, restart this computer.

known-ended-in-the-middle = QuickBooks ended in the middle of work
    .cause = QuickBooks ended or crashed while the Web Connector was talking to it.
    .step-1 = Open QuickBooks and your company file again.
    .step-2 = In the Web Connector, choose “Update Selected”.
    .step-3 = If it comes back, restart this computer.

known-different-rights = Windows refused access
    .cause = QuickBooks and the Web Connector run with different rights or for different people, or this computer was locked at the time.
    .step-1 = Sign in to this computer and unlock it.
    .step-2 = Close QuickBooks and the Web Connector.
    .step-3 = Open both as the same person with a normal double-click, not with “Run as administrator”.

## What the Web Connector quotes of a website's answer

known-no-secure-connection = No secure connection
    .cause = The Web Connector reaches the application's website, but cannot make a secure connection to it.

known-website-not-found = The website's name is not found
    .cause = This computer cannot find the application's website on the internet.
    .step-1 = Open any website to see that the internet works.
    .step-2 = If it does, see whether a filter or a VPN keeps back the name of the application's website.
    .step-3 = In the Web Connector, choose “Update Selected”.
    .step-4 = If it fails again, send this message to the maker of the application.

known-network-asks-password = Your network asks for a password
    .cause = The way from this network to the internet asks for a password that the Web Connector does not give.
    .step-1 = In Windows' network settings, find the proxy that this computer must use.
    .step-2 = Let the application's website pass it without a password.

known-page-not-there = The website's page is not there
    .cause = The application's website answers, but the page that the setup file names is not there.

known-website-refuses = The website refuses the Web Connector
    .cause = The application's website answers that it cannot or will not do this.

known-website-silent = The website does not answer
    .cause = The application's website does not answer, or hangs up. It may be away, or something on this network stops the call.

known-sign-in-answer-unreadable = The website's answer makes no sense
    .cause = The application's website answered the Web Connector's sign-in, but not in a form that it can read.

## The Web Connector's own codes

known-setup-file-of-two-websites = The setup file is not valid
    .cause = The setup file names two different websites for the application and its help, which the Web Connector refuses.

known-setup-file-of-a-number = The setup file is not valid
    .cause = The setup file gives a number instead of a website's name, which the Web Connector refuses.

known-help-page-silent = The help page does not answer
    .cause = The Web Connector cannot reach the help page that the setup file names.

known-log-not-written = The Web Connector cannot write its log
    .cause = The Web Connector does not run without its log, and it may not create or write it.

known-web-connector-not-started = The Web Connector could not start
    .cause = The Web Connector could not start. Most often it may not write its log.

known-quickbooks-gave-up-on = QuickBooks could not be reached
    .cause = The Web Connector tried to reach QuickBooks and gave up. QuickBooks is closed or busy, or shows a window.

known-setup-file-not-secure = The setup file is not valid
    .cause = The setup file names a website without a secure connection, which the Web Connector refuses.

known-application-not-listed = The application is no longer listed
    .cause = The Web Connector no longer finds this application in its list on this computer.
    .step-1 = Close the Web Connector with Exit and open it again.
    .step-2 = If the application is still missing, open its setup file again.

known-sign-in-failed = The Web Connector could not sign in
    .cause = The Web Connector could not sign in to the application's website. The text behind this code says why.

known-quickbooks-not-opened = QuickBooks could not be opened
    .cause = The Web Connector could not open QuickBooks or the company file. The text behind this code says why.
    .step-1 = Open QuickBooks and the right company file, and close every other window in it.
    .step-2 = Open QuickBooks and the Web Connector normally, not with “Run as administrator”.
    .step-3 = In the Web Connector, choose “Update Selected”.

known-first-questions-unanswered = QuickBooks gave no answer
    .cause = QuickBooks did not answer the Web Connector's first questions about the company.

known-not-left-cleanly = QuickBooks was not left cleanly
    .cause = The data is through, but the Web Connector could not say goodbye to QuickBooks.
    .step-1 = There is nothing to do.
    .step-2 = If it happens every time, close QuickBooks and open it again.

known-no-application-chosen = No application is chosen
    .cause = The Web Connector has no application to work for: none is ticked, or none is listed.
    .step-1 = In the Web Connector, tick the box in front of your application.
    .step-2 = If the list is empty, open the application's setup file again.

known-one-application-failed = One of the applications failed
    .cause = The Web Connector ran, but not for every application. Each one's own message says why.
    .step-1 = In the Web Connector, read the message next to the application that failed.
    .step-2 = Ask Deskside about the code in that message.

known-about-to-close = The Web Connector is about to close
    .cause = The Web Connector asks whether to close although work is planned. Closed, it carries no data.
    .step-1 = Choose No.
    .step-2 = To get it out of the way, choose Hide instead of Exit.

known-part-does-not-fit = A part of QuickBooks does not fit
    .cause = The part of QuickBooks that talks to other programs is missing, damaged or too old.

known-quickbooks-needed-to-add = QuickBooks could not be reached
    .cause = To add the application, the Web Connector needs QuickBooks, which is closed or busy, or shows a window.
    .step-1 = Open QuickBooks and the right company file, signed in as Admin.
    .step-2 = Answer or close every other window that QuickBooks shows.
    .step-3 = Open the setup file again.

known-company-not-marked = The company file could not be marked
    .cause = The Web Connector could not note the application in the company file, which needs the Admin alone in it.
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Open the setup file again.

known-saved-password-unusable = The saved password cannot be used
    .cause = The Web Connector cannot lock or unlock the password that it keeps for this application.

known-key-not-entered = The key was not entered
    .cause = The Web Connector asked for the key to its saved passwords, and did not get it.
    .step-1 = In the Web Connector, choose “Update Selected” and, when it asks, enter the key.
    .step-2 = If nobody knows the key, type the application's password again and save it.

known-password-missing = The password is missing
    .cause = The Web Connector has no password for this application, so it cannot sign in.

known-computer-not-found = This computer does not find itself
    .cause = The setup file points to this computer itself, whose own name “localhost” does not work.
    .step-1 = Correct the entry for localhost in Windows' hosts file.
    .step-2 = If this is no test, ask the maker of the application for a new setup file.

known-acceptance-unclear = The website's answer makes no sense
    .cause = The application's website did not say properly whether it accepts this Web Connector.

known-web-connector-too-old = The Web Connector is too old
    .cause = The application asks for another release of the Web Connector than the one on this computer.
    .step-1 = Search for “QuickBooks Web Connector” on Intuit's support site.
    .step-2 = Install the newest one, then open it.

known-company-already-marked = The company file is already marked
    .cause = The company file already carries the mark of an earlier setup file of this application.
    .step-1 = Ask the maker of your application for a new setup file, and mention this code.
    .step-2 = Or remove the mark with Intuit's tool CP3 (“Remove Stamp”) and the same setup file.

known-setup-file-asks-too-little = The setup file asks for too little
    .cause = The setup file asks for reading only, and QuickBooks then refuses the mark that the Web Connector must set.

known-application-not-added = The application could not be added
    .cause = The Web Connector could not add the application. The text behind this code says why.
    .step-1 = If the text speaks of the Admin, open the setup file again, signed in to QuickBooks as Admin.
    .step-2 = Otherwise send the whole message to the maker of your application and ask for a new setup file.

known-password-not-accepted = The password is not accepted
    .cause = The application does not accept the password that the Web Connector keeps.

known-no-work = All is well
    .cause = The application accepted the Web Connector and had no work for it.

known-file-locked-elsewhere = The company file is locked
    .cause = Another computer or another Windows user is syncing this company file, or a sync was cut off and its lock is left.
    .step-1 = Wait for 15 minutes and do not end the Web Connector while it works.
    .step-2 = See whether the Web Connector also runs on another computer or for another Windows user, and let only one do it.
    .step-3 = If it stays so, restart that computer, switch QuickBooks to single-user mode and back, and choose “Update Selected”.

known-web-connector-not-reached = The Web Connector does not answer
    .cause = The application waits for the Web Connector on the computer with QuickBooks, and hears nothing.

known-answer-wrong-at-work = The website's answer makes no sense
    .cause = In the middle of the work, the application's website answered wrongly or not at all.

known-website-not-verified = The website could not be verified
    .cause = The Web Connector could not make sure that the application's website is what it says.

known-log-perhaps-unusable = The Web Connector cannot use its log
    .cause = This code is said to mean that the Web Connector cannot use its log. Sources disagree.

known-unexplained-of-web-connector = No public source explains this code
    .cause = This is a code of the Web Connector, but no public source that Deskside knows says what it means.

## What QuickBooks shows in a window of its own

known-file-computer-silent = The file's computer does not answer
    .cause = The company file lies on another computer, and QuickBooks cannot reach the part of QuickBooks there.
    .step-1 = See that the other computer is on and that this one reaches its shared folder.
    .step-2 = On it, see that QuickBooks Database Server Manager runs and is allowed in the firewall.
    .step-3 = Close the window in QuickBooks and open the company file again.

known-file-computer-not-set-up = The file's computer needs setting up
    .cause = The company file lies on another computer, which is not set up to share it.
    .step-1 = Turn on hosting in QuickBooks on the computer that holds the file, and only there.
    .step-2 = On that computer, scan the file's folder with QuickBooks Database Server Manager.
    .step-3 = Close the window in QuickBooks and open the company file again.

known-file-perhaps-unopenable = QuickBooks cannot open the file
    .cause = These codes are said to mean that QuickBooks cannot open the company file. Its window waits for an answer.
    .step-1 = See whether the company file is where it was, and whether its computer is on.
    .step-2 = If it is, let QuickBooks File Doctor from Intuit look at it.
    .step-3 = Close the window in QuickBooks and open the company file again.

known-licence-perhaps-unreadable = QuickBooks' licence cannot be read
    .cause = This code is said to be about QuickBooks' licence. Its window waits for an answer.
    .step-1 = Register QuickBooks again.
    .step-2 = If its window comes back, ask whoever looks after this computer to repair QuickBooks.

known-update-perhaps-failed = QuickBooks cannot update itself
    .cause = This code is said to be about updates of QuickBooks or its payroll. Its window waits for an answer.
    .step-1 = Close the window in QuickBooks.
    .step-2 = If you need the update, see that the internet works and try it again.

known-payroll-perhaps-failed = QuickBooks cannot update its payroll
    .cause = This code is said to be about payroll updates. Its window waits for an answer.
    .step-1 = Close the window in QuickBooks.
    .step-2 = If you need payroll, try its update again, or ask Intuit's support.

## QuickBooks' answers to single requests: the connection works

known-request-done = All is well
    .cause = QuickBooks did what it was asked.

known-nothing-found = Nothing was found
    .cause = The connection is fine. QuickBooks found no record that fits the question.

known-something-not-found = A record was not found
    .cause = The connection is fine. QuickBooks did not find something that the application asked for.

known-field-unknown = A field is not known here
    .cause = The connection is fine. The application used a field or a value that this QuickBooks does not have.

known-request-failed-inside = QuickBooks failed at one request
    .cause = The connection is fine. Something inside QuickBooks failed at this one request.

known-name-taken = The name is already taken
    .cause = The connection is fine. QuickBooks refused one record because its name is in use already.

known-record-not-found = A record was not found
    .cause = The connection is fine. QuickBooks did not find the record that was to be used or changed.

known-record-points-to-nothing = A record points to nothing
    .cause = The connection is fine. QuickBooks refused one record because something that it mentions does not exist.

known-change-refused = A change was refused
    .cause = The connection is fine. QuickBooks refused to change one record; sources disagree about why.

known-record-in-use = A record is in use
    .cause = The connection is fine. Somebody has the record, or one that belongs to it, open in QuickBooks.
    .step-1 = Save and close what you have open in QuickBooks.
    .step-2 = The next run tries again.

known-record-not-saved = A record could not be saved
    .cause = The connection is fine. QuickBooks could not save one record, often only for a moment.
    .step-1 = Wait: the next run tries again.
    .step-2 = If it stays, tell the maker of your application.

known-record-changed-meanwhile = The record has changed meanwhile
    .cause = The connection is fine. The application wanted to change a record as it was before somebody else changed it.

known-feature-off = A feature is turned off
    .cause = The connection is fine. The record needs a feature that is turned off in QuickBooks.
    .step-1 = Ask the maker of your application which feature it needs.
    .step-2 = In QuickBooks, choose Edit, then Preferences, and turn it on as Admin.

known-user-may-not = The QuickBooks user may not do this
    .cause = The QuickBooks user that the application works as lacks a permission.
    .step-1 = As Admin, choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-2 = Select the application, choose Properties, and look at the user beside “Login as”.
    .step-3 = Choose Company, Users, and give that user full access.
    .step-4 = In the Web Connector, choose “Update Selected”.

known-application-may-only-read = The application may only read
    .cause = The connection is fine. QuickBooks refused a mark because the application may only read.

known-list-changed-meanwhile = A list has changed meanwhile
    .cause = The connection is fine. Somebody changed the same list in QuickBooks at the same time.

known-remark = QuickBooks has a remark
    .cause = The connection is fine. QuickBooks did what it was asked, with a remark.

known-warning = QuickBooks has a warning
    .cause = The connection is fine. QuickBooks answered, but perhaps not as the application expected.

known-request-refused = QuickBooks refused one request
    .cause = The connection is fine. QuickBooks could not do what one request asked.

known-request-unknown = QuickBooks does not know this request
    .cause = The connection is fine. The application asked for something that this QuickBooks cannot do.

known-record-refused = QuickBooks refused one record
    .cause = The connection is fine. QuickBooks refused one record, and the application knows which.

## Conductor

known-not-connected-yet = Not connected yet
    .cause = The connection was asked for, but its setup was never finished on the QuickBooks computer.

known-computer-not-calling = The QuickBooks computer does not answer
    .cause = The connection is set up, but the Web Connector on the QuickBooks computer does not call.

known-connection-refused = QuickBooks refuses the connection
    .cause = The Web Connector runs, but could not open QuickBooks or the company file.
    .step-1 = Open QuickBooks and the right company file, and close every other window in it.
    .step-2 = Follow the message that comes with this code.

known-took-too-long = QuickBooks took too long
    .cause = QuickBooks did not answer in time. It is busy, shows a window, or was asked for very much.
    .step-1 = Answer or close every window that QuickBooks shows.
    .step-2 = Wait until it is idle, then try again.

known-key-not-valid = The application's key is not accepted
    .cause = The application signs in to Conductor with a key that is not valid.

known-connection-gone = The connection is gone
    .cause = Conductor no longer knows this connection: it was probably removed.
    .step-1 = Ask the maker of your application for a new link, if the connection is still wanted.

known-answer-empty = The answer was empty
    .cause = The application did not find in QuickBooks' answer what it had asked for.

known-answer-unreadable = The answer makes no sense
    .cause = The application could not read what Conductor answered.

known-conductor-not-reached = Conductor was not reached
    .cause = The application got no answer from Conductor. QuickBooks was not asked at all.

known-computer-needs-a-hand = The QuickBooks computer needs a hand
    .cause = Something at the QuickBooks computer keeps the connection from working. The code beside it says what.
    .step-1 = Open QuickBooks and the right company file, and close every other window in it.
    .step-2 = See that the Web Connector is open, then follow the message that comes with this code.

known-asked-wrongly = The application asked wrongly
    .cause = The application asked Conductor for something that it does not accept.

known-key-missing-or-wrong = The application's key is not accepted
    .cause = The application signs in to Conductor without a key, or with a wrong one.

known-key-does-not-allow = The application may not do this
    .cause = The application's key for Conductor does not allow what it asked for.

known-conductor-fault = Conductor has a fault
    .cause = Something failed at Conductor itself. This computer is not at fault.

## Codat

known-permission-taken-away = The permission was taken away
    .cause = The connection worked once and may no longer reach QuickBooks.

known-setup-cancelled = The setup was cancelled
    .cause = Somebody stopped the steps on the connection page before they were finished.

known-setup-failed = The setup did not end well
    .cause = At the end of Codat's connection page this means that something else went wrong there.
    .step-1 = Open the connection page again and follow its steps.
    .step-2 = If it comes back, send this message to the maker of your application.

known-setup-not-supported = This cannot be connected
    .cause = At the end of Codat's connection page this means that the application does not take what was chosen.

known-codat-waits = The QuickBooks computer does not answer
    .cause = Codat waits for the Web Connector on the QuickBooks computer, which has not called yet.

known-codat-unanswered = QuickBooks did not answer Codat
    .cause = QuickBooks was closed, or waits for somebody to allow the application again.

known-permission-ended-at-codat = The permission no longer holds
    .cause = Codat may no longer read this company file.

known-data-not-fetched = Data could not be fetched
    .cause = Codat could not fetch some of the data. Asking again may be enough.
    .step-1 = Ask the maker of your application to start the fetch again.

known-codat-fault = Codat has a fault
    .cause = Codat has the data, but failed while it worked on it. This computer is not at fault.

known-data-incomplete = Some data is incomplete
    .cause = The connection is fine. Some of the data lacks something that Codat needs.

known-too-much-asked = Too much was asked at once
    .cause = The connection is fine. So much was asked that the rest must wait.

known-user-may-not-read = The application may not read this
    .cause = The QuickBooks user that the application works as may not read some of the data.

known-permission-ended = The permission no longer holds
    .cause = The connection worked once and has ended. Where only one transfer was wanted, this is its normal end.

known-connection-ended = The connection was ended
    .cause = The maker of your application ended the connection; what was transferred is kept.
    .step-1 = Ask the maker of your application for a new link, if the connection is still wanted.

known-waits-for-its-time = Waiting for the next run
    .cause = The data is asked for, and waits for the QuickBooks computer and its planned time.
    .step-1 = Leave this computer on, with the Web Connector open.
    .step-2 = Wait for the planned time.

known-linked-or-complete = All is well
    .cause = The connection is set up, or the data is there.

known-not-in-quickbooks = QuickBooks does not have this
    .cause = This kind of data does not exist in QuickBooks Desktop. Nothing is wrong.

known-transfer-cancelled = This transfer was cancelled
    .cause = This transfer was cancelled, for example because a newer one replaced it.

known-work-going-on = Work is going on
    .cause = Codat is working on this data.
    .step-1 = Leave this computer on, with the Web Connector open, until it is done.

## Whatever no source explains

known-nothing = No public source explains this
    .cause = No public source that Deskside knows says what this means.

## What to do, where several codes need the same

steps-ask =
    .step-1 = Copy the whole message.
    .step-2 = Send it to the maker of your application and ask what it means.

steps-new-setup-file =
    .step-1 = Send this code to the maker of your application and ask for a new setup file.
    .step-2 = Remove the old entry from the Web Connector, then open the new file.

steps-tell-the-maker =
    .step-1 = Nothing on this computer needs changing.
    .step-2 = Send this message to the maker of your application.

steps-check-the-internet =
    .step-1 = Open any website to see that the internet works.
    .step-2 = In the Web Connector, choose “Update Selected”.
    .step-3 = If it fails again, send this message to the maker of your application.

steps-check-security =
    .step-1 = See that this computer's date, time and time zone are right.
    .step-2 = Ask whether antivirus or network software opens secure connections, and exempt this website.
    .step-3 = If both are fine, ask the maker of the application to check the website's certificate.

steps-open-the-company =
    .step-1 = Open QuickBooks and the right company file.
    .step-2 = Answer or close every other window that QuickBooks shows.
    .step-3 = In the Web Connector, choose “Update Selected”.

steps-restart-quickbooks =
    .step-1 = Save your work, close QuickBooks and open it again with your company file.
    .step-2 = In the Web Connector, choose “Update Selected”.
    .step-3 = If it comes back, restart this computer.

steps-repair =
    .step-1 = Update QuickBooks and the Web Connector to their newest release.
    .step-2 = If it stays so, repair QuickBooks in Windows' list of installed apps.
    .step-3 = Restart the computer.

steps-free-the-log =
    .step-1 = Close the Web Connector and look at C:\ProgramData\Intuit\QBWebConnector\log.
    .step-2 = Let every person who uses this computer write to that folder, and see that the disk has room.
    .step-3 = Rename QWCLog.txt and start the Web Connector.

steps-type-the-password =
    .step-1 = Copy the password from the page where you got the setup file.
    .step-2 = In the Web Connector, click into the password field, type it, press Enter and save it.
    .step-3 = Choose “Update Selected”.

steps-allow-automatic-login =
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-3 = Select the application, choose Properties, and check “Allow this application to login automatically”.
    .step-4 = If it is checked already, uncheck it, choose OK, then check it again.

steps-allow-as-admin =
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = In the Web Connector, choose “Update Selected”.
    .step-3 = In the window that QuickBooks shows, choose “Yes, always”.

steps-allow-again =
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-3 = Select the application, choose Properties, and allow its access.
    .step-4 = In the Web Connector, choose “Update Selected”.

steps-correct-the-record =
    .step-1 = Nothing on this computer needs changing.
    .step-2 = Send this code to the maker of your application, who sees which record it is about.

steps-wait =
    .step-1 = Wait: the next run tries again by itself.

steps-nothing =
    .step-1 = There is nothing to do.

steps-open-the-link =
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = In Deskside, open the connection page and follow its steps.
    .step-3 = If there is no link, ask the maker of your application for a new one.

steps-wake-the-web-connector =
    .step-1 = See that this computer is on, awake and connected to the internet.
    .step-2 = In QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = See that Auto-Run is ticked next to your application, then choose Hide.

steps-switch-company =
    .step-1 = In QuickBooks, open the company file that the application is connected to.
    .step-2 = Or close the company that is on the screen.
    .step-3 = In the Web Connector, choose “Update Selected”.

steps-allow-in-setup =
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Open the setup file again.
    .step-3 = In the window that QuickBooks shows, choose “Yes, always”.

steps-open-the-right-company =
    .step-1 = In QuickBooks, open the company file that the application is connected to.
