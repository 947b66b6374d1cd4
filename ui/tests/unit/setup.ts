// Stubs for the browser features that the page's modules use when they are imported.

import { vi } from "vitest";

// The calendar day depends on the time zone.
vi.stubEnv("TZ", "UTC");
vi.stubGlobal("navigator", { languages: ["en-US"] });
