### What a person reads about a problem: a title, its cause in one sentence, and what to do, in order.
###
### The name of a message is the code of the problem, with - for . and _. The words are for a
### bookkeeper: present tense, no blame, no codes, nothing to look up, at most 25 words a sentence.
### Only where whoever looks after the computer must act, a step names what to tell them.
###
### KNOWN($x) is "yes" where there is a value at all, and "no" otherwise.

## Deskside itself

companion-vault-unavailable = Passwords cannot be read
    .cause = This computer's password store is locked or missing, so Deskside cannot sign in to ask how your connection is.
    .step-1 = Unlock the password store, or sign out of this computer and in again.
    .step-2 = Deskside notices by itself when it is back.

companion-vault-forbidden = Windows keeps no passwords here
    .cause = This computer's settings, or the way in which you signed in, let no program keep passwords, so Deskside cannot sign in.
    .step-1 = Tell whoever looks after this computer that Windows refuses to keep passwords, with error 1312.
    .step-2 = Ask them about the Windows policy that lets no program keep passwords for the network.
    .step-3 = Sign in to Windows at this computer or by Remote Desktop with your own password.

companion-credentials-rejected = This computer is no longer linked
    .cause = { KNOWN($host) ->
        [yes] { $host } no longer accepts this computer's sign-in; that is not your computer's fault.
       *[no] The application's website no longer accepts this computer's sign-in; that is not your computer's fault.
    }
    .step-1 = Ask the maker of your application for a new Deskside link.
    .step-2 = Click that link on this computer.

companion-key-rejected = Key no longer accepted
    .cause = { KNOWN($host) ->
        [yes] This computer has no key that { $host } accepts.
       *[no] This computer has no key that the service accepts.
    }
    .step-1 = { KNOWN($host) ->
        [yes] Sign in to your account at { $host }, and see whether your key still exists; if not, make a new one.
       *[no] Sign in to your account there, and see whether your key still exists; if not, make a new one.
    }
    .step-2 = Add the connection to Deskside again with that key, as it was done the first time.

companion-scheme-taken = Links open another program
    .cause = { KNOWN($program) ->
        [yes] Links to Deskside open another program: { $program }.
       *[no] Links to Deskside open another program.
    }
    .step-1 = Tell whoever looks after this computer that another program has taken the links that begin with “deskside:”.
    .step-2 = Remove the other program, then start Deskside again.

companion-webview-missing = Deskside cannot show its window
    .cause = A part of Windows that shows windows like this one is missing: the Microsoft Edge WebView2 Runtime.
    .step-1 = Ask whoever looks after this computer to install “WebView2 Runtime” from Microsoft's website.
    .step-2 = Start Deskside again.

companion-reports-stuck = Reports do not get through
    .cause = For a long time no report from Deskside has reached your application; the connection itself may be fine.
    .step-1 = Tell whoever looks after this computer that Deskside's outgoing reports are refused or blocked.
    .step-2 = Ask them to see whether a firewall or a proxy stops them.

## The network

network-offline = No internet connection
    .cause = This computer has no connection to the internet.
    .step-1 = Check the network cable or the Wi-Fi.
    .step-2 = Open any website to see that it works again.

network-sign-in = The network asks you to sign in
    .cause = This network lets nobody through before they have signed in, as in hotels and at airports.
    .step-1 = Open any website in your browser, and sign in on the page that comes.
    .step-2 = Deskside notices by itself when the way is free.

network-name-not-resolved = The website's address is not found
    .cause = { KNOWN($host) ->
        [yes] This computer cannot find the address of { $host }.
       *[no] This computer cannot find the address of the application's website.
    }
    .step-1 = { KNOWN($host) ->
        [yes] Tell whoever looks after this computer that DNS does not resolve { $host } here.
       *[no] Tell whoever looks after this computer that DNS does not resolve the application's website here.
    }
    .step-2 = Ask them whether a filter, a VPN or the DNS server keeps this name back.

network-proxy-needs-password = The network asks for a password
    .cause = { KNOWN($host) ->
        [yes] The way to { $host } leads through your network's proxy, which asks for a password that this computer does not have.
       *[no] The way to the application leads through your network's proxy, which asks for a password that this computer does not have.
    }
    .step-1 = Tell whoever looks after this computer that the proxy asks Deskside and the Web Connector to sign in.
    .step-2 = { KNOWN($host) ->
        [yes] Ask them to let { $host } through the proxy without a password.
       *[no] Ask them to let the application's website through the proxy without a password.
    }

network-tls-intercepted = Secure connection is not private
    .cause = { KNOWN($host) ->
        [yes] Something between this computer and { $host } opens the secure connection, as antivirus and office networks sometimes do.
       *[no] Something between this computer and the application opens the secure connection, as antivirus and office networks sometimes do.
    }
    .step-1 = { KNOWN($host) ->
        [yes] Tell whoever looks after this computer that the TLS certificate that arrives here for { $host } is not its own.
       *[no] Tell whoever looks after this computer that the TLS certificate that arrives here for the application is not its own.
    }
    .step-2 = { KNOWN($host) ->
        [yes] Ask them to exempt { $host } from TLS inspection in the antivirus, the firewall and the proxy.
       *[no] Ask them to exempt the application's website from TLS inspection in the antivirus, the firewall and the proxy.
    }

network-certificate-invalid = Website cannot prove who it is
    .cause = { KNOWN($host) ->
        [yes] What { $host } shows to prove who it is does not count at this time; it is not your computer.
       *[no] What the application's website shows to prove who it is does not count at this time; it is not your computer.
    }
    .step-1 = Nothing on this computer needs changing.
    .step-2 = Choose “Copy details” and send them to the maker of your application.

network-no-secure-connection = No secure connection
    .cause = { KNOWN($host) ->
        [yes] This computer cannot make a secure connection to { $host }.
       *[no] This computer cannot make a secure connection to the application's website.
    }
    .step-1 = See that the date and the time of this computer are right.
    .step-2 = { KNOWN($host) ->
        [yes] Tell whoever looks after this computer that TLS to { $host } fails here, and to look at the certificate that arrives.
       *[no] Tell whoever looks after this computer that TLS to the application fails here, and to look at the certificate that arrives.
    }
    .step-3 = If it is the same on other computers, tell the maker of your application.

network-blocked = The network blocks the application
    .cause = { KNOWN($host) ->
        [yes] A firewall, a security program or a proxy blocks the way from this computer to { $host }.
       *[no] A firewall, a security program or a proxy blocks the way from this computer to the application's website.
    }
    .step-1 = { KNOWN($host) ->
        [yes] Tell whoever looks after this computer that outgoing connections to { $host }, port 443, are blocked.
       *[no] Tell whoever looks after this computer that outgoing connections to the application's website, port 443, are blocked.
    }
    .step-2 = Ask them to allow these on this computer, in its firewall and antivirus, and in the network.

network-provider-unreachable = No answer from the application
    .cause = { KNOWN($host) ->
        [yes] { $host } does not answer at the moment: it is out of order, or something on the way keeps it back.
       *[no] The application's website does not answer at the moment: it is out of order, or something on the way keeps it back.
    }
    .step-1 = Wait: Deskside keeps trying and tells you if you are needed.
    .step-2 = If it answers on another network, such as a phone's, tell whoever looks after this computer that something blocks it.

## The computer

computer-disk-full = The disk is full
    .cause = This computer's disk is full, so QuickBooks and the Web Connector cannot save anything.
    .step-1 = Empty the Recycle Bin, and delete large files that nobody needs any more.
    .step-2 = If that is not enough, ask whoever looks after this computer for more room.

computer-locked = Windows was locked
    .cause = Windows refused the Web Connector while this computer was locked or its remote desktop was closed.
    .step-1 = Sign in to this computer and unlock it.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Check the box before your application, then choose “Update Selected”.
    .step-4 = If it happens at night, leave yourself signed in, and ask whoever looks after this computer about the remote desktop.

computer-clock-wrong = The clock is wrong
    .cause = { KNOWN($skew) ->
        [yes] { $skew ->
            [one] This computer's clock is { $skew } minute off, so secure connections to websites fail.
           *[other] This computer's clock is { $skew } minutes off, so secure connections to websites fail.
        }
       *[no] This computer's date or time is wrong, so secure connections to websites fail.
    }
    .step-1 = In Windows' settings for date and time, turn on “Set time automatically” and choose “Sync now”.
    .step-2 = See that the date and the time zone are right, too.

computer-sleeps = This computer goes to sleep
    .cause = { KNOWN($minutes) ->
        [yes] { $minutes ->
            [one] This computer sleeps after { $minutes } minute without use; no data flows then.
           *[other] This computer sleeps after { $minutes } minutes without use; no data flows then.
        }
       *[no] This computer sleeps when nobody uses it; no data flows then.
    }
    .step-1 = In Windows' settings for power and sleep, choose “Never” when plugged in.

computer-sleeps-on-battery = This computer sleeps on battery
    .cause = { KNOWN($minutes) ->
        [yes] { $minutes ->
            [one] On battery, as now, this computer sleeps after { $minutes } minute without use; no data flows then.
           *[other] On battery, as now, this computer sleeps after { $minutes } minutes without use; no data flows then.
        }
       *[no] On battery, as now, this computer sleeps when nobody uses it; no data flows then.
    }
    .step-1 = Plug the computer in.
    .step-2 = In Windows' settings for power and sleep, choose “Never” on battery, too, if data should flow then.

computer-restart-pending = Windows wants to restart
    .cause = Windows waits for a restart, for example to finish an update.
    .step-1 = Save your work and restart this computer when it suits you.

## QuickBooks

quickbooks-crashed = QuickBooks has stopped working
    .cause = Windows says that QuickBooks has stopped working.
    .step-1 = Close the message from Windows, if there is one.
    .step-2 = Open QuickBooks and your company file again.

quickbooks-repairing = QuickBooks is being repaired
    .cause = A repair or a check of QuickBooks or its file is going on.
    .step-1 = Let it finish.
    .step-2 = Then open QuickBooks and your company file.

quickbooks-not-installed = QuickBooks is not on this computer
    .cause = QuickBooks Desktop is not installed on this computer.
    .step-1 = Find the computer where you work with QuickBooks Desktop.
    .step-2 = Open the message with the link of your application there, and click the link.

quickbooks-other-session = QuickBooks is open for someone else
    .cause = QuickBooks is open on this computer, but for another person who is signed in.
    .step-1 = If data usually flows while that person is signed in, leave it as it is.
    .step-2 = Otherwise ask that person to close QuickBooks.
    .step-3 = Open QuickBooks and your company file here.

quickbooks-not-running = QuickBooks is closed
    .cause = QuickBooks Desktop is not open on this computer.
    .step-1 = Open QuickBooks Desktop.
    .step-2 = Open your company file and leave it open.

quickbooks-elevation-mismatch = QuickBooks cannot be reached
    .cause = Only one of QuickBooks and the Web Connector runs as administrator, so they cannot see each other.
    .step-1 = Close QuickBooks and the Web Connector: choose Exit at the Web Connector's icon by the clock.
    .step-2 = Open both again with a normal double-click, not with “Run as administrator”.
    .step-3 = If it comes back, ask whoever looks after this computer to clear “Run this program as an administrator” on both programs' Compatibility tab.

quickbooks-leftover-process = QuickBooks did not close completely
    .cause = A part of QuickBooks still runs without a window and is in the way.
    .step-1 = Save your work and close QuickBooks.
    .step-2 = Restart this computer.
    .step-3 = Open QuickBooks and your company file.

quickbooks-waiting-unseen = QuickBooks waits where nobody sees it
    .cause = QuickBooks works without a window and has stopped in the middle: it probably waits for an answer that nobody can see.
    .step-1 = Wait for a quarter of an hour if this is the first sync of a large company file.
    .step-2 = Otherwise restart this computer.
    .step-3 = Open QuickBooks with your company file, and answer what it asks about updates and backups.
    .step-4 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-5 = Check the box before your application, then choose “Update Selected”.

quickbooks-two-companies = Two companies are open
    .cause = Two company files are open in QuickBooks, and then no other program can use either of them.
    .step-1 = Go to the QuickBooks window of the second company, and choose File, then “Close Company”.
    .step-2 = Leave only the company open that you connected.

quickbooks-starting = QuickBooks is starting
    .cause = QuickBooks has been started, and its window is not there yet.
    .step-1 = Wait a few minutes.
    .step-2 = If nothing comes, restart this computer.

quickbooks-not-responding = QuickBooks does not respond
    .cause = QuickBooks is open but does not respond.
    .step-1 = Wait a few minutes: while data is being transferred, QuickBooks may be busy, so let it finish.
    .step-2 = If it stays so, close QuickBooks and open it again.

quickbooks-sign-in = QuickBooks asks you to sign in
    .cause = QuickBooks is waiting for somebody to sign in.
    .step-1 = Go to QuickBooks and sign in to your company file.

quickbooks-at-work = QuickBooks is busy with its file
    .cause = QuickBooks backs up, checks or updates, and lets no other program in meanwhile.
    .step-1 = Let it finish.
    .step-2 = Nothing else is needed: data flows again afterwards.

quickbooks-not-hosted = File's computer does not answer
    .cause = { KNOWN($window) ->
        [yes] The computer that keeps the company file does not let QuickBooks here in: “{ $window }”.
       *[no] The computer that keeps the company file does not let QuickBooks here in.
    }
    .step-1 = See that the computer that keeps the company file is on.
    .step-2 = Tell whoever looks after this computer that QuickBooks shows a multi-user error (H101, H202, H303 or H505).
    .step-3 = Ask them to turn on hosting there, and only there: File, Utilities, Host Multi-User Access.
    .step-4 = Ask them to start the QuickBooks Database Server Manager on that computer, and to allow it in its firewall.

quickbooks-window-blocking = QuickBooks waits for an answer
    .cause = { KNOWN($window) ->
        [yes] QuickBooks waits for you in the window “{ $window }”.
       *[no] QuickBooks waits for you in one of its windows.
    }
    .step-1 = Go to QuickBooks and look at that window: if it shows progress, let it finish.
    .step-2 = Otherwise answer or close it.

quickbooks-window-asks-permission = QuickBooks waits for an answer
    .cause = { KNOWN($window) ->
        [yes] QuickBooks asks in the window “{ $window }” whether your application may come in.
       *[no] QuickBooks asks whether your application may come in.
    }
    .step-1 = Go to QuickBooks, signed in as Admin; do not close that window, because that keeps your application out.
    .step-2 = Choose “Yes, always; allow access even if QuickBooks is not running”, then Continue, then Yes.

quickbooks-no-company = No company is open
    .cause = QuickBooks is open, but no company file is.
    .step-1 = In QuickBooks, choose File, then “Open or Restore Company”, and open your company file.
    .step-2 = Leave it open.

quickbooks-other-company = Another company is open
    .cause = { KNOWN($expected) ->
        [yes] { KNOWN($open) ->
            [yes] “{ $open }” is open in QuickBooks, but this connection belongs to “{ $expected }”.
           *[no] Another company is open in QuickBooks, but this connection belongs to “{ $expected }”.
        }
       *[no] { KNOWN($open) ->
            [yes] “{ $open }” is open in QuickBooks, but this connection belongs to another company.
           *[no] Another company is open in QuickBooks than the one that this connection belongs to.
        }
    }
    .step-1 = { KNOWN($several) ->
        [yes] Several companies are connected here: in QuickBooks, choose File, then “Close Company”.
       *[no] { KNOWN($expected) ->
            [yes] In QuickBooks, choose File, then “Open or Restore Company”, and open “{ $expected }”.
           *[no] In QuickBooks, choose File, then “Open or Restore Company”, and open the company that you connected.
        }
    }
    .step-2 = { KNOWN($several) ->
        [yes] Leave QuickBooks open without a company: each application then opens its own.
       *[no] Leave that company open.
    }

quickbooks-file-mode = Company file keeps others out
    .cause = { $mode ->
        [single] The company file is open in single-user mode, and your application needs multi-user mode.
        [multi] The company file is open in multi-user mode, and your application needs single-user mode.
       *[other] The company file is open in a mode in which your application cannot use it.
    }
    .step-1 = Ask everybody else who has the company file open, and other programs that use it, to close it.
    .step-2 = { $mode ->
        [multi] In QuickBooks, choose File, then “Switch to Single-user Mode”.
       *[other] In QuickBooks, choose File, then “Switch to Multi-user Mode”.
    }
    .step-3 = If the choice is not there, close the company file and open it again.
    .step-4 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-5 = Check the box before your application, then choose “Update Selected”.

quickbooks-file-shared = Another program uses the company file
    .cause = Your application must have the company file to itself, but another program uses it too.
    .step-1 = Close the other programs that use the company file, and ask everybody else to close it.
    .step-2 = In QuickBooks, choose File, then “Switch to Single-user Mode”.
    .step-3 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-4 = Check the box before your application, then choose “Update Selected”.

quickbooks-file-missing = Company file is not in its place
    .cause = Your application cannot find the company file: it was moved or renamed, or its drive is not there.
    .step-1 = If the file is on another drive or computer, turn that on and open the file in QuickBooks.
    .step-2 = If it was moved or renamed, move it back to its old place and name.
    .step-3 = If it must stay where it is, ask the maker of your application for a new link.

quickbooks-file-locked = Company file is locked
    .cause = Another Web Connector is using the company file, or a sync was cut off and its lock is left.
    .step-1 = Wait for 15 minutes, and do not close the Web Connector while it works.
    .step-2 = If the Web Connector also runs on another computer or for another Windows user, let only one of them do it.
    .step-3 = If it stays so, restart that computer, then choose “Update Selected” in the Web Connector.

quickbooks-user-in-use = QuickBooks user is signed in elsewhere
    .cause = QuickBooks lets each user sign in only once, and your application's user is signed in somewhere else.
    .step-1 = On the other computer, sign that user out of QuickBooks.
    .step-2 = To prevent it, give your application a QuickBooks user of its own, as QuickBooks' Admin.
    .step-3 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-4 = Check the box before your application, then choose “Update Selected”.

quickbooks-no-permission = QuickBooks user may not do this
    .cause = The QuickBooks user of this connection is not allowed to do what your application asks for.
    .step-1 = As QuickBooks' Admin, choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-2 = Select your application, choose Properties, and look at the user beside “Login as”.
    .step-3 = Choose Company, then Users, and give that user full access.
    .step-4 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-5 = Check the box before your application, then choose “Update Selected”.

quickbooks-not-registered = QuickBooks is not registered
    .cause = This QuickBooks is not registered, or its subscription has ended, so other programs cannot use it.
    .step-1 = In QuickBooks, choose Help and register it, or renew the subscription.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Check the box before your application, then choose “Update Selected”.

quickbooks-unsupported-version = QuickBooks' version does not fit
    .cause = { KNOWN($other) ->
        [yes] QuickBooks { $open } is open, and it cannot work with the company file; QuickBooks { $other } is on this computer, too.
       *[no] { KNOWN($open) ->
            [yes] QuickBooks { $open } cannot work with this version of the company file, or with what your application asks for.
           *[no] This version of QuickBooks cannot work with the company file, or with what your application asks for.
        }
    }
    .step-1 = { KNOWN($other) ->
        [yes] Close QuickBooks { $open }, and open the company file in QuickBooks { $other }, if that is the one you usually use.
       *[no] Open the company file in the version of QuickBooks that you usually use for it.
    }
    .step-2 = In QuickBooks, choose Help, then Update QuickBooks Desktop, and install the update.
    .step-3 = If it stays so, ask the maker of your application which versions of QuickBooks it works with.

quickbooks-edition-unsupported = QuickBooks' edition does not fit
    .cause = Other programs cannot use this edition of QuickBooks; it takes QuickBooks Pro or a higher one.
    .step-1 = Open the company file in QuickBooks Pro, Premier or Enterprise.
    .step-2 = If you have none of these, ask the maker of your application what to do.

## The Web Connector

web-connector-not-installed = Web Connector is missing
    .cause = The QuickBooks Web Connector, which carries the data, is not on this computer.
    .step-1 = Search for “QuickBooks Web Connector” on Intuit's support site.
    .step-2 = Download it, install it, and open it once.

web-connector-run-interrupted = Web Connector stopped halfway
    .cause = The QuickBooks Web Connector, which carries the data, has stopped in the middle of its work.
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Check the box before your application, then choose “Update Selected”.

web-connector-not-running = Web Connector is closed
    .cause = The QuickBooks Web Connector, which carries the data, is not open.
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Leave it open: closing its window only hides it, and only Exit at its icon by the clock ends it.

web-connector-not-responding = Web Connector does not respond
    .cause = The QuickBooks Web Connector, which carries the data, is open but does not respond.
    .step-1 = Wait a few minutes: while data is being transferred, let it finish.
    .step-2 = If it stays so, restart this computer.
    .step-3 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.

web-connector-component-missing = A part of QuickBooks is missing
    .cause = The part of QuickBooks through which other programs reach it is missing or damaged.
    .step-1 = Tell whoever looks after this computer that the QuickBooks component QBXMLRP2 is missing or damaged.
    .step-2 = Ask them to repair QuickBooks in Windows' list of installed apps, and to restart this computer.

web-connector-tls-outdated = Web Connector cannot connect securely
    .cause = The Web Connector cannot make a secure connection to the application, although other programs on this computer can.
    .step-1 = Tell whoever looks after this computer that the Web Connector cannot use TLS 1.2.
    .step-2 = Ask them to install the newest Web Connector and Windows updates, and to turn on strong cryptography for .NET Framework.
    .step-3 = If that does not help, ask them whether an antivirus or the network opens secure connections.
    .step-4 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-5 = Check the box before your application, then choose “Update Selected”.

web-connector-outdated = Web Connector is too old
    .cause = Your application needs a newer QuickBooks Web Connector than the one on this computer.
    .step-1 = Search for “QuickBooks Web Connector” on Intuit's support site.
    .step-2 = Close the Web Connector, install the new one, and open it once.

web-connector-log-unwritable = Web Connector cannot write its log
    .cause = The Web Connector cannot write its own log, and does nothing without it.
    .step-1 = Tell whoever looks after this computer that the Web Connector cannot write QWCLog.txt.
    .step-2 = Ask them to let everybody who uses this computer write to C:\ProgramData\Intuit\QBWebConnector\log.
    .step-3 = Close the Web Connector and open it again.

web-connector-setup-file-wrong = The setup file is not right
    .cause = The Web Connector cannot use the file that sets up your application; that is not your computer's fault.
    .step-1 = Ask the maker of your application for a new setup file.
    .step-2 = Remove the old entry from the Web Connector, then open the new file.

web-connector-already-stamped = Company file was set up before
    .cause = The company file still has the mark of an earlier setup of your application; that is not your computer's fault.
    .step-1 = Tell the maker of your application about that mark, and ask for a new setup file.
    .step-2 = Remove the old entry from the Web Connector, then open the new file.

web-connector-password-wrong = Web Connector needs its password
    .cause = The password that the Web Connector keeps for your application is wrong or missing.
    .step-1 = Copy the password from the page where you got the setup file; if it is gone, ask your application's support for it.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Click into the password field of your application, paste the password, press Enter, and choose Yes to save it.
    .step-4 = Check the box before your application, then choose “Update Selected”.

web-connector-consent-needs-admin = QuickBooks' Admin must allow it
    .cause = Only QuickBooks' Admin can allow your application into this company file, and has not done so yet.
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Check the box before your application, then choose “Update Selected”.
    .step-4 = In the window that QuickBooks shows, choose “Yes, always; allow access even if QuickBooks is not running”.

web-connector-consent-denied = QuickBooks keeps the application out
    .cause = Your application does not have permission in QuickBooks to use this company file.
    .step-1 = Open the company file in QuickBooks, signed in as Admin, in single-user mode.
    .step-2 = Choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-3 = Select the application, choose Properties, and allow its access.
    .step-4 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-5 = Check the box before your application, then choose “Update Selected”.

web-connector-auto-login-off = QuickBooks must be open for this
    .cause = Your application does not have permission to sign in while QuickBooks is closed.
    .step-1 = Open QuickBooks with your company file, and leave it open.
    .step-2 = To do without that, sign in as Admin and choose Edit, Preferences, Integrated Applications, Company Preferences.
    .step-3 = Select the application, choose Properties, and tick “Allow this application to login automatically”.

web-connector-auto-run-off = Web Connector does nothing by itself
    .cause = The Web Connector is open, but your application has not run for a while; its Auto-Run may be off.
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Check the box Auto-Run next to your application.
    .step-3 = Check the box before your application, then choose “Update Selected”.

web-connector-autostart-off = Web Connector does not start by itself
    .cause = After a restart of this computer nobody starts the Web Connector.
    .step-1 = Ask whoever looks after this computer to put the Web Connector back into Windows' Startup folder.
    .step-2 = Until then, open the Web Connector once after each restart.

web-connector-logging-off = Web Connector writes no log
    .cause = The Web Connector writes no log, so Deskside cannot see whether it does its work.
    .step-1 = Ask whoever looks after this computer to set the Web Connector's log level from NONE to DEBUG.
    .step-2 = Close the Web Connector and open it again.

## The connection

connection-deauthorized = Permission has ended
    .cause = The permission for your application to use this company's QuickBooks has ended.
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = Choose “Open the connection page” and follow the steps in your browser.

connection-unlinked = Connection was stopped
    .cause = Somebody has stopped this connection on purpose; the data from before is kept.
    .step-1 = Nothing needs to be done.
    .step-2 = To use it again, ask the maker of your application, or choose “Open the connection page”.

connection-one-time-done = The one sync is done
    .cause = This connection was meant for one time; the data has arrived, and the permission has ended as planned.
    .step-1 = Nothing needs to be done.
    .step-2 = If your application should get new data, ask its maker for a new link.

connection-not-finished = Not finished yet
    .cause = The steps that connect QuickBooks were begun or planned, and are not finished.
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = Choose “Open the connection page”, or the link that you were sent, and follow the steps to their end.

connection-first-data = First data is being transferred
    .cause = QuickBooks' data goes to your application for the first time, which may take hours.
    .step-1 = Leave this computer on, and QuickBooks open, until it is done.

connection-transferring = Data is being transferred
    .cause = QuickBooks is busy with a sync, and does not respond meanwhile.
    .step-1 = Let it finish.

connection-removed = Connection no longer exists
    .cause = Your application does not know this connection any more.
    .step-1 = If you still need it, ask the maker of your application for a new Deskside link.
    .step-2 = Choose “Remove” to take it off this computer.

connection-link-cancelled = Steps in the browser were cancelled
    .cause = The steps in the browser were cancelled before QuickBooks was connected.
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = Choose “Open the connection page” and follow the steps to their end.

connection-link-expired = Connection page has run out
    .cause = The steps in the browser were not finished in time, so that page no longer works.
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = Choose “Open the connection page” and follow the steps to their end.

connection-not-set-up = Not connected yet
    .cause = QuickBooks on this computer is not connected yet.
    .step-1 = Open QuickBooks with your company file, signed in as Admin.
    .step-2 = Choose “Open the connection page” and follow the steps in your browser.

connection-vendor-fault = The application has a fault
    .cause = The application's website asks or answers something that does not work; it is not your computer.
    .step-1 = Nothing on this computer needs changing.
    .step-2 = Choose “Copy details” and send them to the maker of your application.

connection-run-failed = The last sync failed
    .cause = The last sync of your application failed.
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Check the box before your application, then choose “Update Selected”.
    .step-3 = If it fails again, choose “Copy details” and send them to the maker of your application.

connection-inactive = No data is coming through
    .cause = The connection is set up, but requests to this computer's QuickBooks get no answer.
    .step-1 = Leave this computer on, awake and signed in.
    .step-2 = Open QuickBooks with your company.
    .step-3 = Choose File, then App Management, then Update Web Services.
    .step-4 = Check the box before your application and its box Auto-Run, then choose “Update Selected”.

connection-broken = Connection to QuickBooks fails
    .cause = { KNOWN($known) ->
        [yes] Your application cannot get through to QuickBooks: “{ $known }”.
       *[no] Your application cannot get through to QuickBooks.
    }
    .step-1 = { KNOWN($message) ->
        [yes] Follow the message below.
       *[no] Answer every window that QuickBooks or the Web Connector shows.
    }
    .step-2 = Then choose “Check now”.

connection-request-refused = QuickBooks refused one record
    .cause = The connection works, but QuickBooks refused one record of your application; it is not your computer.
    .step-1 = Nothing on this computer needs changing.
    .step-2 = Choose “Copy details” and send them to the maker of your application.

connection-waiting-for-schedule = Waiting for the next run
    .cause = Everything is set up, and data flows at the next planned time, often in the evening or at night.
    .step-1 = Leave this computer on, and wait.

## Why nothing can be said

doubt-just-found = Looking closer
    .cause = Something has just changed, and it is too early to tell whether it matters.
    .step-1 = Wait a minute: Deskside looks again by itself.

doubt-run-failed = The last sync failed
    .cause = { KNOWN($known) ->
        [yes] The last sync failed (“{ $known }”), and nothing on this computer shows the reason now.
       *[no] The last sync failed, and nothing on this computer shows the reason now.
    }
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Check the box before your application, then choose “Update Selected”.

doubt-said-but-failed = Two answers that do not agree
    .cause = { KNOWN($known) ->
        [yes] { KNOWN($host) ->
            [yes] { $host } says that it works, but the last sync on this computer failed: “{ $known }”.
           *[no] The application says that it works, but the last sync on this computer failed: “{ $known }”.
        }
       *[no] { KNOWN($host) ->
            [yes] { $host } says that it works, but the last sync on this computer failed.
           *[no] The application says that it works, but the last sync on this computer failed.
        }
    }
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-2 = Check the box before your application, then choose “Update Selected”.

doubt-said-but-empty = Two answers that do not agree
    .cause = { KNOWN($host) ->
        [yes] { $host } says that it works, but no application is set up in the Web Connector on this computer.
       *[no] The application says that it works, but nothing is set up in the Web Connector on this computer.
    }
    .step-1 = If another computer carries the data, nothing needs to be done here.
    .step-2 = Otherwise choose “Open the connection page” and follow the steps to their end.

doubt-no-run = No sync for a while
    .cause = Your application has not run for longer than usual; the computer may have slept, or a long run is under way.
    .step-1 = Wait for the next run, or start it yourself in the Web Connector.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Check the box before your application, then choose “Update Selected”.

doubt-log-unread = The log cannot be read
    .cause = Deskside cannot read the Web Connector's log, so it cannot tell whether the last sync worked.
    .step-1 = Ask whoever looks after this computer to let you read QWCLog.txt.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.

doubt-no-answer = No answer yet
    .cause = { KNOWN($host) ->
        [yes] { $host } has not said yet how the connection is.
       *[no] The application has not said yet how the connection is.
    }
    .step-1 = Wait a minute: Deskside keeps asking.
    .step-2 = Choose “Check now” if it takes longer.

doubt-old-answer = The last answer is old
    .cause = { KNOWN($host) ->
        [yes] The last answer of { $host } is too old to count.
       *[no] The last answer of the application is too old to count.
    }
    .step-1 = Wait a minute: Deskside keeps asking.
    .step-2 = Choose “Check now” if it takes longer.

doubt-says-unknown = The application does not know
    .cause = { KNOWN($host) ->
        [yes] { $host } answers, but does not know how the connection is.
       *[no] The application answers, but does not know how the connection is.
    }
    .step-1 = Choose “Check now”.
    .step-2 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.
    .step-3 = Check the box before your application, then choose “Update Selected”.

doubt-quickbooks-unseen = QuickBooks cannot be seen
    .cause = Deskside could not look at QuickBooks, so it cannot tell whether your company is open.
    .step-1 = Look yourself: QuickBooks should be open with your company, without a window that asks something.

doubt-quickbooks-hidden = QuickBooks has no window
    .cause = A QuickBooks without a window runs on this computer; a sync may be using it.
    .step-1 = Wait a few minutes.
    .step-2 = If it stays so, open QuickBooks with your company file.

doubt-web-connector-unseen = Web Connector cannot be seen
    .cause = Deskside could not see whether the Web Connector runs.
    .step-1 = Open the Web Connector: in QuickBooks, choose File, then App Management, then Update Web Services.

doubt-network-unseen = The network cannot be seen
    .cause = Deskside could not see whether this computer has a network.
    .step-1 = Open any website in your browser to see whether the network works.
