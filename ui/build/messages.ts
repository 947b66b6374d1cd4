// What the files with the page's texts say, as data: every message with its variables; what is wrong with them; and
// the types that are made of them.

import { FluentParser, type Message, Visitor } from "@fluent/syntax";

/** The messages of a file by their names, each with the names of its variables in order. */
export type Messages = ReadonlyMap<string, readonly string[]>;

/** Finds the variables of a message, and what only makes texts harder to follow. */
class Look extends Visitor {
  readonly variables = new Set<string>();
  readonly faults: string[] = [];

  override visitVariableReference({ id }: { id: { name: string } }): void {
    this.variables.add(id.name);
  }
  override visitMessageReference(): void {
    this.faults.push("refers to another message; every message stands by itself");
  }
  override visitTermReference(): void {
    this.faults.push("refers to a term; every message stands by itself");
  }
  override visitFunctionReference(): void {
    this.faults.push("the page knows no functions");
  }
}

/** Throws for what is said twice or cannot be read. */
export function read(file: string): Messages {
  const messages = new Map<string, readonly string[]>();
  for (const entry of new FluentParser().parse(file).body) {
    if (entry.type === "Junk") throw new Error(`not readable: ${entry.content.trim()}`);
    if (entry.type === "Term") throw new Error(`-${entry.id.name}: nothing uses terms`);
    if (entry.type !== "Message") continue;
    const name = entry.id.name;
    if (messages.has(name)) throw new Error(`${name}: said twice`);
    messages.set(name, variables(entry));
  }
  return messages;
}

function variables(message: Message): string[] {
  const look = new Look();
  look.visit(message);
  if (message.attributes.length > 0) look.faults.push("has attributes; the page says whole messages");
  if (look.faults.length > 0) throw new Error(`${message.id.name}: ${look.faults.join("; ")}`);
  return [...look.variables].sort();
}

/** Where another language does not fit English. It may lack a message, which is then said in English. */
export function differences(english: Messages, other: Messages): string[] {
  return [...other].flatMap(([name, found]) => {
    const expected = english.get(name);
    if (expected === undefined) return [`${name}: English has no such message`];
    if (expected.join() === found.join()) return [];
    return [`${name}: has [${found.join(", ")}], but in English [${expected.join(", ")}]`];
  });
}

/** The messages that no source names. Sources write names out in full, so that a search finds who says what. */
export function unused(messages: Messages, sources: readonly string[]): string[] {
  return [...messages.keys()].filter((name) => !sources.some((source) => source.includes(`"${name}"`)));
}

/** What `say` accepts: for each message what follows its name. */
export function types(messages: Messages): string {
  const lines = [...messages].map(([name, variables]) => {
    const values = variables.map((variable) => `${variable}: string`).join("; ");
    return `  "${name}": [${values && `values: { ${values} }`}];\n`;
  });
  return `// Made by build/words.ts from the English window.ftl.\n\nexport interface Messages {\n${lines.join("")}}\n`;
}
