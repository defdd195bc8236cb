// @ts-check
// Elements. Text is always set as text: names of files are a stranger's words and never become markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * What an element is made with: `class`, `on` (listeners by event), `data`, `style` (properties, set one by one, which
 * the content policy allows), and attributes, where `false`, null and undefined mean none and `true` an empty one.
 *
 * @typedef {{ class?: string, on?: Record<string, (event: any) => void>, data?: Record<string, string>,
 *   style?: Record<string, string>, [attribute: string]: any }} Properties
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Properties | null} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  dress(element, properties ?? {});
  element.append(...flat(children));
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...flat(children));
  return element;
}

/**
 * Puts these in the place of what an element holds.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
}

/**
 * @param {HTMLElement} element
 * @param {Properties} properties
 */
function dress(element, { class: names, on, data, style, ...attributes }) {
  if (names) element.className = names;
  for (const [event, heard] of Object.entries(on ?? {})) element.addEventListener(event, heard);
  for (const [name, value] of Object.entries(data ?? {})) element.dataset[name] = value;
  for (const [name, value] of Object.entries(style ?? {})) element.style.setProperty(name, value);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "value" && "value" in element) element.value = value;
    else if (name === "checked" && element instanceof HTMLInputElement) element.checked = Boolean(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/**
 * @param {(Child | Child[])[]} children
 * @returns {(Node | string)[]}
 */
function flat(children) {
  /** @type {(Node | string)[]} */
  const out = [];
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    out.push(typeof child === "number" ? String(child) : child);
  }
  return out;
}
