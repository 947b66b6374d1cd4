//! How much room the disk has that holds this user's data.

use sysinfo::{DiskRefreshKind, Disks};

use super::Finding;
use crate::place;

/// In millions of bytes.
pub(super) fn disk_free_mb() -> Finding<u64> {
    let folder = match place::data_folder() {
        Ok(folder) => folder,
        Err(why) => return Finding::Unknown(why.to_string()),
    };
    let disks =
        match Disks::new_with_refreshed_list_specifics(DiskRefreshKind::nothing().with_storage()) {
            Ok(disks) => disks,
            Err(why) => return Finding::Unknown(why.to_string()),
        };
    // Of disks that are mounted inside each other, the innermost holds the folder.
    let holds = |disk: &&sysinfo::Disk| folder.starts_with(disk.mount_point());
    let innermost = disks.iter().filter(holds).max_by_key(|d| d.mount_point().as_os_str().len());
    innermost.map_or_else(
        || Finding::Unknown("no disk is known to hold this user's data".into()),
        |disk| Finding::Known(disk.available_space() / 1_000_000),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_of_this_user_has_a_size() {
        assert!(matches!(disk_free_mb(), Finding::Known(free) if free > 0), "{:?}", disk_free_mb());
    }
}
