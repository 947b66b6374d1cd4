; Deskside's installer for a single user. It needs no administrator rights and asks only questions
; that it cannot answer itself.
;
; Switches of the installer: /S silent, /P progress without questions, /D=FOLDER (last, unquoted) for
; a first installation. Switches of the uninstaller: /S, /P, and /PURGE, which also removes
; connections, settings and saved passwords. An existing installation is replaced in place.
;
; `cargo xtask dist` defines CPU, VERSION, FILES (the folder with the files to install), ICON, OUTPUT
; and ESTIMATED_KB; FAST turns compression off; SIGN is a command that signs the file %1.

; Must come first, because it determines the target of everything else.
Target ${CPU}
!ifdef FAST
  SetCompress off
!else
  SetCompressor /SOLID /FINAL lzma
!endif

!include "LogicLib.nsh"
!include "FileFunc.nsh"
!include "WordFunc.nsh"
!include "WinVer.nsh"
!include "x64.nsh"
!include "nsDialogs.nsh"
!include "Win\COM.nsh"
!include "Win\Propkey.nsh"
!include "MUI2.nsh"

!define NAME "Deskside"
!define IDENTIFIER "com.deskside.companion"
!define SCHEME "deskside"
!define PROGRAM "deskside.exe"
!define CLI "deskside-cli.exe"
!define UNINSTALLER "uninstall.exe"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define RUN_APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define SCHEME_KEY "Software\Classes\${SCHEME}"
; What the app itself registers, so that Windows keeps notifications. No program has this identifier.
!define TOAST_ACTIVATOR "{E2B41D0C-6B0F-4B0B-8E0F-3C5D9A7714F6}"
; System.AppUserModel.ToastActivatorCLSID.
!define PKEY_ToastActivator '"{9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3}",26'
!define AUMID_KEY "Software\Classes\AppUserModelId\${IDENTIFIER}"
; The Windows Installer code for "another version is already installed", for deployment tools.
!define OTHER_VERSION_INSTALLED 1638
; The Windows Installer code for "this system is not supported".
!define SYSTEM_NOT_SUPPORTED 1633
; The Windows Installer code for "forbidden here".
!define PACKAGE_REJECTED 1625
; Windows' code for "this program is blocked by group policy".
!define START_FORBIDDEN 1260
; Windows' code for "the process terminated unexpectedly".
!define NOT_STARTED 1067
; How many seconds a sign-out may take.
!define PATIENCE 20

Name "${NAME}"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS Win10
BrandingText "${NAME} ${VERSION}"
ShowInstDetails nevershow
ShowUninstDetails nevershow
VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${NAME} installer"
VIAddVersionKey "CompanyName" "${NAME}"
VIAddVersionKey "LegalCopyright" "Apache-2.0 OR MIT"
!ifdef SIGN
  !uninstfinalize `${SIGN}` = 0
!endif

Var Passive
Var Before      ; the folder of an existing installation, or empty
Var WasRunning
Var Purge
Var PurgeBox

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipDirectory
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
UninstPage custom un.AskPurge un.TakePurge
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Shows a message, except in silent and passive runs.
!macro Say TEXT
  ${If} $Passive = 0
    MessageBox MB_OK|MB_ICONSTOP "${TEXT}" /SD IDOK
  ${EndIf}
!macroend

; Quits without changes. In silent and passive runs only the exit code says why.
!macro Refuse CODE TEXT
  !insertmacro Say "${TEXT}"
  SetErrorLevel ${CODE}
  Quit
!macroend

; Sets $Passive. GetOptions matches prefixes, and /PURGE begins with /P, so the rest must be empty.
!macro LearnPassive
  StrCpy $Passive 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/P" $1
  ${IfNot} ${Errors}
  ${AndIf} $1 == ""
    StrCpy $Passive 1
    SetAutoClose true
  ${EndIf}
!macroend

; Sets $0 to 1 if the installed program is running: a running program cannot be opened for writing.
!macro InUse UN
Function ${UN}InUse
  StrCpy $0 0
  ${If} ${FileExists} "$INSTDIR\${PROGRAM}"
    ClearErrors
    FileOpen $1 "$INSTDIR\${PROGRAM}" a
    ${If} ${Errors}
      StrCpy $0 1
    ${Else}
      FileClose $1
    ${EndIf}
  ${EndIf}
FunctionEnd
!macroend

; Asks the running program to quit, and waits until it has. $2 is the program that sends the request.
; Sets $WasRunning.
; If it does not quit, installation continues, because its files can still be renamed.
!macro EndRunning UN
Function ${UN}EndRunning
  Call ${UN}InUse
  StrCpy $WasRunning $0
  ${If} $WasRunning = 0
    Return
  ${EndIf}
  DetailPrint "Ending ${NAME}"
  nsExec::Exec '"$2" quit'
  Pop $0
  ${If} $0 != 0
    Return
  ${EndIf}
  ; The program no longer responds, but Windows may need a moment to end its process.
  ${For} $3 1 100
    Call ${UN}InUse
    ${If} $0 = 0
      ${Break}
    ${EndIf}
    Sleep 100
  ${Next}
FunctionEnd
!macroend

!insertmacro InUse ""
!insertmacro InUse "un."
!insertmacro EndRunning ""
!insertmacro EndRunning "un."

; Removes a file. A file in use is renamed instead, and deleted by the next installation.
!macro Away FILE
  ${If} ${FileExists} "$INSTDIR\${FILE}"
    Delete "$INSTDIR\${FILE}"
    ${If} ${FileExists} "$INSTDIR\${FILE}"
      GetTempFileName $0 $INSTDIR
      Delete $0
      Rename "$INSTDIR\${FILE}" $0
    ${EndIf}
  ${EndIf}
!macroend

; Removes the new version's command line program from where it was tried, and files that were renamed.
; A program that has just ended may still be in use for a moment, by Windows or by a virus scanner.
!macro Tidy UN
Function ${UN}Tidy
  SetOutPath $INSTDIR
  ${For} $3 1 50
    Delete "$INSTDIR\setup\${CLI}"
    Delete "$INSTDIR\ns*.tmp"
    RMDir "$INSTDIR\setup"
    ${IfNot} ${FileExists} "$INSTDIR\setup\*.*"
    ${AndIfNot} ${FileExists} "$INSTDIR\ns*.tmp"
      ${Break}
    ${EndIf}
    Sleep 100
  ${Next}
FunctionEnd
!macroend

!insertmacro Tidy ""
!insertmacro Tidy "un."

!macro Install FILE
  !insertmacro Away "${FILE}"
  File "${FILES}\${FILE}"
!macroend

!macro EachFile DO
  !insertmacro ${DO} "${PROGRAM}"
  !insertmacro ${DO} "${CLI}"
  !if /FileExists "${FILES}\WebView2Loader.dll"
    !insertmacro ${DO} "WebView2Loader.dll"
  !endif
  !insertmacro ${DO} "deskside.ico"
  !insertmacro ${DO} "LICENSE-APACHE"
  !insertmacro ${DO} "LICENSE-MIT"
  !insertmacro ${DO} "third-party-notices.txt"
!macroend

Function .onInit
  !insertmacro LearnPassive
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    !insertmacro Refuse ${SYSTEM_NOT_SUPPORTED} "${NAME} needs Windows 10 or newer, 64-bit."
  ${EndIf}
  ; The profiles of Windows' own accounts lie in its folder. Tools that manage computers run programs
  ; as SYSTEM, and would install it for nobody.
  StrLen $0 $WINDIR
  StrCpy $0 $LOCALAPPDATA $0
  ${If} $0 == $WINDIR
    !insertmacro Refuse ${PACKAGE_REJECTED} "This is an account of Windows itself, not a person's. Run this installer as the person who uses QuickBooks, or install the MSI."
  ${EndIf}
  SetRegView 64
  ; The MSI, which installs for all users, writes this value.
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 != ""
    !insertmacro Refuse ${OTHER_VERSION_INSTALLED} "${NAME} is installed already, for everybody who uses this computer. Two of them would take each other's links."
  ${EndIf}
  Call FindBefore
FunctionEnd

; An existing installation keeps its folder: moving it would leave files behind.
Function FindBefore
  ReadRegStr $Before HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $Before == ""
    Return
  ${EndIf}
  StrCpy $Before $Before -1 1 ; removes the quotation marks
  ${IfNot} ${FileExists} "$Before\${PROGRAM}"
  ${AndIfNot} ${FileExists} "$Before\${UNINSTALLER}"
    StrCpy $Before ""
    Return
  ${EndIf}
  StrCpy $INSTDIR $Before
  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ${VersionCompare} $0 "${VERSION}" $1
  ${If} $1 = 1
    !insertmacro Refuse ${OTHER_VERSION_INSTALLED} "${NAME} $0 is installed, and this is the older ${VERSION}. Nothing was changed. To go back, uninstall the newer one first; your connections are kept."
  ${EndIf}
FunctionEnd

Function SkipDirectory
  ${If} $Before != ""
  ${OrIf} $Passive = 1
    Abort
  ${EndIf}
FunctionEnd

Section
  SetAutoClose true
  InitPluginsDir
  SetOutPath "$INSTDIR\setup"
  File "${FILES}\${CLI}"
  ; The folder of a program that runs, or has just ended, cannot be removed.
  SetOutPath $PLUGINSDIR
  StrCpy $2 "$INSTDIR\setup\${CLI}"
  Call TryStart
  ; Uses the new version's program, because an older one may not support the request.
  Call EndRunning

  Call Tidy
  !insertmacro EachFile Install
  WriteUninstaller "$INSTDIR\${UNINSTALLER}"
  Call WriteRegistry
  Call WriteShortcut
SectionEnd

; AppLocker and App Control often forbid programs in the user's folders. Then nothing is changed: a
; program that Windows does not start is not installed.
Function TryStart
  nsExec::Exec '"$2" --version'
  Pop $0
  ${If} $0 == 0
    Return
  ${EndIf}
  Call Tidy
  SetOutPath $TEMP
  RMDir $INSTDIR
  !insertmacro Refuse ${START_FORBIDDEN} "Windows does not let programs start in $INSTDIR, so nothing was changed. Ask your IT people for the MSI, which installs ${NAME} where programs may start."
FunctionEnd

; The app itself sets the value for start at login, because the user decides that there.
Function WriteRegistry
  WriteRegStr HKCU "${SCHEME_KEY}" "" "URL:${NAME}"
  WriteRegStr HKCU "${SCHEME_KEY}" "URL Protocol" ""
  WriteRegStr HKCU "${SCHEME_KEY}\DefaultIcon" "" '"$INSTDIR\${PROGRAM}",0'
  WriteRegStr HKCU "${SCHEME_KEY}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
  WriteRegStr HKCU "${AUMID_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${AUMID_KEY}" "IconUri" "$INSTDIR\deskside.ico"
  WriteRegStr HKCU "${AUMID_KEY}" "CustomActivator" "${TOAST_ACTIVATOR}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\deskside.ico"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" '"$INSTDIR"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${ESTIMATED_KB}
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
  ${RefreshShellIcons}
FunctionEnd

; Windows assigns notifications to the shortcut with the same identifier (AppUserModelID). NSIS's own
; instruction cannot set that identifier.
Function WriteShortcut
  CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\${PROGRAM}"
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P= 0
    Return
  ${EndIf}
  ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
  ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r2)'
  ${If} $1 P<> 0
  ${AndIf} $2 P<> 0
    ${IPersistFile::Load} $1 '("$SMPROGRAMS\${NAME}.lnk",${STGM_READWRITE}).r3'
    ${If} $3 = 0
      Call WriteAumid
      ${IPersistFile::Save} $1 '("$SMPROGRAMS\${NAME}.lnk",1)'
    ${EndIf}
  ${EndIf}
  !insertmacro ComHlpr_SafeRelease $2
  !insertmacro ComHlpr_SafeRelease $1
  !insertmacro ComHlpr_SafeRelease $0
FunctionEnd

; $2 is an IPropertyStore. It copies the values, so the buffers can be freed.
Function WriteAumid
  System::Call '*(&w64 "${IDENTIFIER}")p.r4'
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r5'
  ; PROPVARIANT: the type, three reserved fields, the pointer, and the rest of the union.
  System::Call '*(&i2 ${VT_LPWSTR},&i2 0,&i2 0,&i2 0,p r4,p 0)p.r6'
  ${IPropertyStore::SetValue} $2 '(r5,r6)'
  System::Free $6
  System::Free $5
  System::Free $4
  System::Call '*(&g16 "${TOAST_ACTIVATOR}")p.r4'
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_ToastActivator})p.r5'
  System::Call '*(&i2 ${VT_CLSID},&i2 0,&i2 0,&i2 0,p r4,p 0)p.r6'
  ${IPropertyStore::SetValue} $2 '(r5,r6)'
  ${IPropertyStore::Commit} $2 ''
  System::Free $6
  System::Free $5
  System::Free $4
FunctionEnd

Function .onInstSuccess
  ${If} $WasRunning = 1
    StrCpy $2 "--background"
    Call Start
    ; Nobody else can be this user's companion now, so it must be running.
    ${If} $0 = 0
      !insertmacro Say "${NAME} is installed, but it could not be started."
      SetErrorLevel ${NOT_STARTED}
    ${EndIf}
  ${ElseIfNot} ${Silent}
  ${AndIf} $Passive = 0
    StrCpy $2 ""
    Call Start
  ${EndIf}
FunctionEnd

; Starts the program with the arguments $2, and sets $0 to 1 if it is running. An installer that was
; started as administrator would pass its rights on, and other programs could then not reach this one.
; So the desktop's shell starts it, which takes no arguments, but shortcuts that have them.
Function Start
  UserInfo::GetAccountType
  Pop $0
  ClearErrors
  ${If} $0 == "Admin"
    CreateShortcut "$PLUGINSDIR\${NAME}.lnk" "$INSTDIR\${PROGRAM}" $2
    Exec '"$WINDIR\explorer.exe" "$PLUGINSDIR\${NAME}.lnk"'
  ${Else}
    Exec '"$INSTDIR\${PROGRAM}" $2'
  ${EndIf}
  StrCpy $0 0
  ${If} ${Errors}
    Return
  ${EndIf}
  ; The shortcut is deleted with this installer, so it must have been used before.
  ${For} $3 1 200
    Call InUse
    ${If} $0 = 1
      ${Break}
    ${EndIf}
    Sleep 100
  ${Next}
FunctionEnd

Function un.onInit
  !insertmacro LearnPassive
  SetRegView 64
  StrCpy $Purge 0
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/PURGE" $1
  ${IfNot} ${Errors}
    StrCpy $Purge 1
  ${EndIf}
FunctionEnd

Function un.AskPurge
  ${If} $Passive = 1
    Abort
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "Remove ${NAME}" "QuickBooks and your company files are not touched."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateCheckBox} 0 0 100% 12u "&Also delete its connections, settings and saved passwords"
  Pop $PurgeBox
  ${NSD_CreateLabel} 12u 14u 95% 24u "Leave this empty to find everything as it was when you install ${NAME} again."
  Pop $0
  nsDialogs::Show
FunctionEnd

Function un.TakePurge
  ${NSD_GetState} $PurgeBox $Purge
FunctionEnd

Section "Uninstall"
  SetAutoClose true
  ${If} $Purge = 1
    Call un.SignOut
  ${EndIf}
  StrCpy $2 "$INSTDIR\${CLI}"
  Call un.EndRunning
  ${If} $Purge = 1
    Call un.PurgeData
  ${EndIf}
  Call un.RemoveRegistry
  Delete "$SMPROGRAMS\${NAME}.lnk"
  !insertmacro EachFile Away
  Call un.Tidy
  Delete "$INSTDIR\${UNINSTALLER}"
  ; Removes the folder only if it is empty, because the user may have chosen a shared one.
  SetOutPath $TEMP
  RMDir $INSTDIR
SectionEnd

; Tells every backend that this computer leaves it: one that is not told would go on accepting this
; computer's token. A backend that cannot be reached holds this up for a while only.
Function un.SignOut
  StrCpy $2 1
  Call un.ReadTokens
  ${If} $5 = 0
    Return
  ${EndIf}
  DetailPrint "Signing out"
  ; A companion tells the backends, and one that starts now does so at once.
  Call un.InUse
  ${If} $0 = 0
    Exec '"$INSTDIR\${PROGRAM}" --background'
  ${EndIf}
  StrCpy $2 0
  ${For} $4 1 ${PATIENCE}
    Call un.ReadTokens
    ${If} $5 = 0
      ${Break}
    ${EndIf}
    Sleep 1000
  ${Next}
FunctionEnd

; Sets $5 to the number of backends whose tokens are kept, and signs out of each if $2 is 1. In the list
; of secrets, a line of theirs is "backend/IDENTIFIER/token", a tab, and a state.
Function un.ReadTokens
  StrCpy $5 0
  nsExec::ExecToStack '"$INSTDIR\${CLI}" secret list'
  Pop $0
  Pop $1
  StrCpy $3 0  ; the place in the list
  StrCpy $6 "" ; the word before it
  ${Do}
    StrCpy $7 $1 1 $3
    IntOp $3 $3 + 1
    ${If} $7 == "$\t"
      StrCpy $8 $6 8
      StrCpy $9 $6 "" -6
      ${If} "$8$9" == "backend//token"
        IntOp $5 $5 + 1
        ${If} $2 = 1
          StrCpy $6 $6 -6 8
          nsExec::Exec '"$INSTDIR\${CLI}" connection sign-out "$6"'
          Pop $0
        ${EndIf}
      ${EndIf}
    ${EndIf}
    ${If} $7 == "$\t"
    ${OrIf} $7 == "$\n"
      StrCpy $6 ""
    ${Else}
      StrCpy $6 "$6$7"
    ${EndIf}
  ${LoopUntil} $7 == ""
FunctionEnd

; Secrets come first, because only the data contains their names.
Function un.PurgeData
  nsExec::Exec '"$INSTDIR\${CLI}" secret delete --all'
  Pop $0
  ${If} $0 != 0
    !insertmacro Say "The saved passwords could not be deleted, so nothing was removed."
    Abort
  ${EndIf}
  RMDir /r "$LOCALAPPDATA\${NAME}"
  ; The window's cache and position.
  RMDir /r "$LOCALAPPDATA\${IDENTIFIER}"
  RMDir /r "$APPDATA\${IDENTIFIER}"
FunctionEnd

Function un.RemoveRegistry
  ReadRegStr $0 HKCU "${SCHEME_KEY}\shell\open\command" ""
  ; If another copy has registered itself for the links, its registration stays.
  ${If} $0 == '"$INSTDIR\${PROGRAM}" "%1"'
    DeleteRegKey HKCU "${SCHEME_KEY}"
  ${EndIf}
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegValue HKCU "${RUN_APPROVED_KEY}" "${NAME}"
  DeleteRegKey HKCU "${AUMID_KEY}"
  DeleteRegKey HKCU "${UNINSTALL_KEY}"
FunctionEnd
