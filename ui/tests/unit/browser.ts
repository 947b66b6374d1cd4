// What the page's sources ask a browser for as soon as they are read.

import { vi } from "vitest";

vi.stubGlobal("navigator", { languages: ["en-US"] });
