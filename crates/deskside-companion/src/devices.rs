//! The backends that this computer is linked to: a new one, one that rejects this computer, one that it
//! leaves.

use deskside_model::DeviceId;
use deskside_model::connection::Device;
use deskside_model::evidence::Fault;
use deskside_model::exchange::{Enrollment, Source};
use jiff::Timestamp;

use super::connections::Connections;

impl Connections {
    pub(super) fn device(&self, id: &DeviceId) -> Option<&Device> {
        self.saved.devices.iter().find(|device| device.id == *id)
    }

    pub(super) fn device_mut(&mut self, id: &DeviceId) -> Option<&mut Device> {
        self.saved.devices.iter_mut().find(|device| device.id == *id)
    }

    /// Takes in a new device. It replaces the older ones of the same backend, which are returned:
    /// this computer leaves them.
    pub(super) fn take_device(&mut self, now: Timestamp, enrolled: Enrollment) -> Vec<Device> {
        let Enrollment { device, connections } = enrolled;
        let replaced = |old: &&Device| old.backend == device.backend && old.id != device.id;
        let old: Vec<Device> = self.saved.devices.iter().filter(replaced).cloned().collect();
        let id = device.id.clone();
        for device in &old {
            // Its connections keep their state, also during an outage.
            self.move_connections(&device.id, &id);
            self.leave(device.clone());
        }
        self.saved.devices.retain(|known| known.id != id);
        // Linked again before the backend was told that this computer left: nothing to tell now.
        self.saved.leaving.retain(|known| known.id != id);
        self.saved.devices.push(device);
        self.record_list(&id, connections, now);
        old
    }

    /// Leaves a backend: its connections are gone at once, and it is told until it confirms.
    pub(super) fn leave(&mut self, device: Device) {
        for id in self.of(&Source::Backend(device.id.clone())) {
            self.remove(&id);
        }
        self.saved.devices.retain(|known| known.id != device.id);
        self.saved.leaving.push(device);
    }

    /// A backend refused a report: the same as rejecting a poll.
    pub(super) fn handle_refused_report(&mut self, now: Timestamp, id: &DeviceId) {
        if let Some(device) = self.device_mut(id) {
            device.rejected = true;
            device.reports_refused = true;
        }
        self.failed(&Source::Backend(id.to_owned()), Fault::Rejected, now);
    }

    /// Takes in whether a backend has answered a poll. One that answers polls but refuses reports
    /// still rejects this computer.
    pub(super) fn handle_poll(&mut self, now: Timestamp, id: &DeviceId, fault: Option<Fault>) {
        let Some(device) = self.device_mut(id) else { return };
        match fault {
            None => device.rejected = false,
            Some(Fault::Rejected) => device.rejected = true,
            Some(Fault::Unreachable | Fault::Unusable | Fault::NoCredential) => {}
        }
        if fault.is_none() && device.reports_refused {
            self.failed(&Source::Backend(id.to_owned()), Fault::Rejected, now);
        }
    }
}
