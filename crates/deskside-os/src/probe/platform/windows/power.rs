//! When this computer sleeps, what closing its lid does, and whether it runs on battery.
//! docs/sources/platform.md#power
#![expect(unsafe_code, reason = "power settings are available only through Win32")]

use std::ptr::null_mut;

use deskside_model::evidence::{Finding, Lid};
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::Foundation::{HLOCAL, LocalFree, WIN32_ERROR};
use windows_sys::Win32::System::LibraryLoader::{GetModuleHandleW, GetProcAddress};
use windows_sys::Win32::System::Power::{
    GetPwrCapabilities, GetSystemPowerStatus, PowerGetActiveScheme, SYSTEM_POWER_CAPABILITIES,
    SYSTEM_POWER_STATUS,
};
use windows_sys::Win32::System::Registry::HKEY;
use windows_sys::Win32::System::SystemServices::{
    GUID_HIBERNATE_TIMEOUT, GUID_LIDCLOSE_ACTION, GUID_SLEEP_SUBGROUP, GUID_STANDBY_TIMEOUT,
    GUID_SYSTEM_BUTTON_SUBGROUP,
};
use windows_sys::core::{GUID, PCSTR, s, w};

use super::registry::{self, RegistryView};
use super::{Lookup, describe_last_error, finding};

/// The power supply; most settings exist once for each.
#[derive(Clone, Copy)]
enum Supply {
    Mains,
    Battery,
}

/// A Windows power setting: its group, its identifier, and the identifier as policies spell it.
struct Setting {
    group: GUID,
    id: GUID,
    policy: &'static str,
}

const SLEEP: Setting = Setting {
    group: GUID_SLEEP_SUBGROUP,
    id: GUID_STANDBY_TIMEOUT,
    policy: "29F6C1DB-86DA-48C5-9FDB-F2B67B1F44DA",
};
const HIBERNATE: Setting = Setting {
    group: GUID_SLEEP_SUBGROUP,
    id: GUID_HIBERNATE_TIMEOUT,
    policy: "9D7815A6-7EE4-497E-8888-515A05F02364",
};
const LID: Setting = Setting {
    group: GUID_SYSTEM_BUTTON_SUBGROUP,
    id: GUID_LIDCLOSE_ACTION,
    policy: "5CA83367-6E45-459F-A27B-476B1D01C936",
};

/// After how many idle minutes the computer sleeps or hibernates while plugged in.
pub(crate) fn sleeps_plugged_in() -> Finding<u32> {
    finding(capabilities().and_then(|able| sleeps(Supply::Mains, &able)))
}

/// The same on battery; absent also without a battery.
pub(crate) fn sleeps_on_battery() -> Finding<u32> {
    finding(capabilities().and_then(|able| match able.SystemBatteriesPresent {
        true => sleeps(Supply::Battery, &able),
        false => Ok(None),
    }))
}

/// The earlier of sleep and hibernation. Many virtual machines have the settings and support neither.
/// docs/sources/platform.md#power
fn sleeps(supply: Supply, able: &SYSTEM_POWER_CAPABILITIES) -> Lookup<u32> {
    let can_sleep = able.SystemS1 || able.SystemS2 || able.SystemS3 || able.AoAc;
    let can_hibernate = able.SystemS4 && able.HiberFilePresent;
    let possible = [(can_sleep, SLEEP), (can_hibernate, HIBERNATE)].into_iter().filter(|way| way.0);
    let seconds = possible.map(|(_, way)| way.read(supply)).collect::<Result<Vec<u32>, _>>()?;
    // Zero means never.
    let first = seconds.into_iter().filter(|seconds| *seconds > 0).min();
    Ok(first.map(|seconds| seconds.div_ceil(60)))
}

/// The effect of closing the lid while plugged in.
pub(crate) fn lid() -> Finding<Lid> {
    match capabilities() {
        Ok(able) if !able.LidPresent => Finding::Absent,
        Ok(_) => LID.read(Supply::Mains).map_or_else(Finding::Unknown, lid_action),
        Err(why) => Finding::Unknown(why),
    }
}

/// The values of the setting `LIDACTION`. docs/sources/platform.md#power
fn lid_action(action: u32) -> Finding<Lid> {
    match action {
        0 => Finding::Known(Lid::Nothing),
        1 | 2 => Finding::Known(Lid::Sleeps),
        3 => Finding::Known(Lid::ShutsDown),
        _ => Finding::Unknown(format!("closing the lid has an unknown effect: {action}")),
    }
}

/// Whether the computer runs on battery.
pub(crate) fn on_battery() -> Finding<bool> {
    let mut status = SYSTEM_POWER_STATUS::default();
    // SAFETY: `status` outlives the call.
    if unsafe { GetSystemPowerStatus(&raw mut status) } == 0 {
        return Finding::Unknown(describe_last_error("Windows does not report the power supply"));
    }
    supply(status.BatteryFlag, status.ACLineStatus)
}

/// Whether the computer runs on battery; false if unknown.
pub fn on_battery_now() -> bool {
    on_battery() == Finding::Known(true)
}

/// The values of `SYSTEM_POWER_STATUS`. docs/sources/platform.md#power
fn supply(battery: u8, line: u8) -> Finding<bool> {
    const NO_BATTERY: u8 = 128;
    const UNKNOWN: u8 = 255;
    match (battery, line) {
        (UNKNOWN, _) | (_, 2..) => Finding::Unknown("Windows does not know the battery".into()),
        (battery, _) if battery & NO_BATTERY != 0 => Finding::Absent,
        (_, line) => Finding::Known(line == 0),
    }
}

fn capabilities() -> Result<SYSTEM_POWER_CAPABILITIES, String> {
    let mut able = SYSTEM_POWER_CAPABILITIES::default();
    // SAFETY: `able` outlives the call.
    let ok = unsafe { GetPwrCapabilities(&raw mut able) };
    if ok {
        Ok(able)
    } else {
        Err(describe_last_error("Windows does not report the power capabilities"))
    }
}

impl Setting {
    /// The value of the policy, or else of the active scheme: seconds or an action, depending on the
    /// setting.
    fn read(&self, supply: Supply) -> Result<u32, String> {
        match self.by_policy(supply)? {
            Some(value) => Ok(value),
            None => self.by_scheme(supply),
        }
    }

    /// Key and names are those of Windows' own `Power.admx`. docs/sources/platform.md#power
    fn by_policy(&self, supply: Supply) -> Lookup<u32> {
        let key = format!(r"SOFTWARE\Policies\Microsoft\Power\PowerSettings\{}", self.policy);
        let Some(key) = registry::open(LOCAL_MACHINE, RegistryView::Bits64, &key)? else {
            return Ok(None);
        };
        let name = match supply {
            Supply::Mains => "ACSettingIndex",
            Supply::Battery => "DCSettingIndex",
        };
        registry::number(&key, name)
    }

    fn by_scheme(&self, supply: Supply) -> Result<u32, String> {
        let name = match supply {
            Supply::Mains => s!("PowerReadACValueIndex"),
            Supply::Battery => s!("PowerReadDCValueIndex"),
        };
        let read = reader(name).ok_or("Windows does not report its power settings")?;
        let scheme = Scheme::active()?;
        let mut value = 0;
        // SAFETY: every pointer outlives the call.
        let code = unsafe {
            let (group, id) = (&raw const self.group, &raw const self.id);
            read(null_mut(), scheme.0, group, id, &raw mut value)
        };
        if code == 0 { Ok(value) } else { Err(unread(code)) }
    }
}

fn unread(code: WIN32_ERROR) -> String {
    let why = std::io::Error::from_raw_os_error(code.cast_signed());
    format!("the power settings cannot be read: {why}")
}

type ReadValueIndex = unsafe extern "system" fn(
    root: HKEY,
    scheme: *const GUID,
    group: *const GUID,
    setting: *const GUID,
    value: *mut u32,
) -> WIN32_ERROR;

/// Lookup up instead of linked: Wine lacks these functions, and the program would not start with a missing
/// import. docs/sources/platform.md#wine
fn reader(name: PCSTR) -> Option<ReadValueIndex> {
    // SAFETY: both names end with a zero. The library is already loaded, because other calls are linked.
    let found = unsafe { GetProcAddress(GetModuleHandleW(w!("powrprof.dll")), name) }?;
    // SAFETY: both requested functions have exactly this signature.
    Some(unsafe {
        std::mem::transmute::<unsafe extern "system" fn() -> isize, ReadValueIndex>(found)
    })
}

/// The active power scheme, freed when dropped.
struct Scheme(*mut GUID);

impl Scheme {
    fn active() -> Result<Self, String> {
        let mut scheme = null_mut();
        // SAFETY: `scheme` outlives the call.
        match unsafe { PowerGetActiveScheme(null_mut(), &raw mut scheme) } {
            0 => Ok(Self(scheme)),
            code => Err(unread(code)),
        }
    }
}

impl Drop for Scheme {
    fn drop(&mut self) {
        // SAFETY: allocated by the call that created this, and freed once.
        unsafe { LocalFree(self.0 as HLOCAL) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn battery_state_is_known_absent_or_unknown() {
        assert_eq!(supply(1, 0), Finding::Known(true));
        assert_eq!(supply(8 | 1, 1), Finding::Known(false));
        assert_eq!(supply(128, 1), Finding::Absent);
        assert!(matches!(supply(255, 1), Finding::Unknown(_)));
        assert!(matches!(supply(1, 255), Finding::Unknown(_)));
    }

    #[test]
    fn each_lid_action_has_a_meaning_or_a_reason() {
        assert_eq!(lid_action(0), Finding::Known(Lid::Nothing));
        assert_eq!(lid_action(2), Finding::Known(Lid::Sleeps));
        assert_eq!(lid_action(3), Finding::Known(Lid::ShutsDown));
        assert!(matches!(lid_action(9), Finding::Unknown(_)));
    }

    #[test]
    fn computer_unable_to_sleep_or_hibernate_never_does() {
        let unable = SYSTEM_POWER_CAPABILITIES { SystemS4: true, ..Default::default() };
        assert_eq!(sleeps(Supply::Mains, &unable), Ok(None));
    }

    #[test]
    fn this_computer_reports_its_power_state() {
        capabilities().unwrap();
        assert!(!matches!(on_battery(), Finding::Unknown(_)), "{:?}", on_battery());
        assert_eq!(on_battery_now(), on_battery() == Finding::Known(true));
    }
}
