// @ts-check
// A manual page of a finding's code, cut into what it is made of: headings, paragraphs, lists and examples.
//
// Only what our own pages use; anything else stays a paragraph, as it is written.

/**
 * @typedef {{ kind: "heading" | "text" | "code", text: string } | { kind: "list", items: string[] }} Block
 * @typedef {{ text: string, as: "text" | "code" | "strong" }} Run
 */

/**
 * @param {string} page
 * @returns {Block[]}
 */
export function blocksOf(page) {
  /** @type {Block[]} */
  const blocks = [];
  for (const chunk of chunksOf(page)) {
    const [first = ""] = chunk;
    if (/^#+ /.test(first)) blocks.push({ kind: "heading", text: joined(chunk).replace(/^#+ /, "") });
    else if (chunk.every((line) => line.startsWith("    ") || !line)) blocks.push({ kind: "code", text: chunk.map((line) => line.slice(4)).join("\n") });
    else if (first.startsWith("- ")) blocks.push({ kind: "list", items: itemsOf(chunk) });
    else blocks.push({ kind: "text", text: joined(chunk) });
  }
  return blocks;
}

/**
 * Lines that belong together: empty lines part them, but for those within an example.
 *
 * @param {string} page
 */
function chunksOf(page) {
  /** @type {string[][]} */
  const chunks = [];
  /** @type {string[]} */
  let chunk = [];
  const end = () => {
    while (chunk.at(-1) === "") chunk.pop();
    if (chunk.length) chunks.push(chunk);
    chunk = [];
  };
  for (const line of page.split("\n").map((one) => one.trimEnd())) {
    const isCode = line.startsWith("    ");
    const wasCode = chunk[0]?.startsWith("    ") ?? false;
    if (wasCode && (isCode || !line)) chunk.push(line);
    else if (!line) end();
    else if (chunk.length && (wasCode || (isCode && !chunk[0]?.startsWith("- ")))) (end(), chunk.push(line));
    else if (line.startsWith("- ") && chunk.length && !chunk[0]?.startsWith("- ")) (end(), chunk.push(line));
    else chunk.push(line);
  }
  end();
  return chunks;
}

/** @param {string[]} lines */
const joined = (lines) => lines.map((line) => line.trim()).join(" ");

/** @param {string[]} lines */
function itemsOf(lines) {
  /** @type {string[]} */
  const items = [];
  for (const line of lines) {
    if (line.startsWith("- ")) items.push(line.slice(2));
    else items.push(`${items.pop() ?? ""} ${line.trim()}`.trim());
  }
  return items;
}

/**
 * What is strong and what is code within a line.
 *
 * @param {string} text
 * @returns {Run[]}
 */
export function runsOf(text) {
  /** @type {Run[]} */
  const runs = [];
  for (const part of text.split(/(\*\*[^*]+\*\*|``? ?[^`]+ ?``?)/)) {
    if (!part) continue;
    if (/^\*\*.+\*\*$/.test(part)) runs.push({ text: part.slice(2, -2), as: "strong" });
    else if (/^`.+`$/.test(part)) runs.push({ text: part.replace(/^`+ ?| ?`+$/g, ""), as: "code" });
    else runs.push({ text: part, as: "text" });
  }
  return runs;
}
