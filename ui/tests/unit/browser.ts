// What the page's sources ask a browser for as soon as they are read.

import { vi } from "vitest";

// Which day it is depends on where one is.
vi.stubEnv("TZ", "UTC");
vi.stubGlobal("navigator", { languages: ["en-US"] });
