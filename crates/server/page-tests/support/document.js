// As much of a document as building elements takes, for modules that are tested without a browser.
//
// What parses text as markup is not there, or throws: a module that would do so fails.

class FakeNode {
  /** @type {(FakeNode | string)[]} */
  childNodes = [];

  /** @param {...(FakeNode | string)} children */
  append(...children) {
    this.childNodes.push(...children);
  }

  /** @param {...(FakeNode | string)} children */
  replaceChildren(...children) {
    this.childNodes = children;
  }

  get textContent() {
    /** @type {(node: FakeNode | string) => string} */
    const text = (node) => (typeof node === "string" ? node : node.childNodes.map(text).join(""));
    return text(this);
  }
}

export class FakeElement extends FakeNode {
  className = "";
  /** @type {Record<string, string>} */
  dataset = {};
  /** @type {Map<string, string>} */
  attributes = new Map();
  /** @type {Map<string, (event: any) => void>} */
  listeners = new Map();
  /** What was set of the style, by property. @type {Record<string, string>} */
  styles = {};
  style = {
    /**
     * @param {string} name
     * @param {string} value
     */
    setProperty: (name, value) => {
      this.styles[name] = value;
    },
  };

  /** @param {string} tagName */
  constructor(tagName) {
    super();
    this.tagName = tagName;
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  setAttribute(name, value) {
    this.attributes.set(name, String(value));
  }

  /**
   * @param {string} event
   * @param {(event: any) => void} heard
   */
  addEventListener(event, heard) {
    this.listeners.set(event, heard);
  }

  /** @param {unknown} _ */
  set innerHTML(_) {
    throw new Error("text became markup");
  }

  /** @param {unknown} _ */
  set outerHTML(_) {
    throw new Error("text became markup");
  }

  insertAdjacentHTML() {
    throw new Error("text became markup");
  }
}

/** Puts it where modules look for a browser's. */
export function fakeDocument() {
  Object.assign(globalThis, {
    document: {
      createElement: (/** @type {string} */ name) => new FakeElement(name),
      createElementNS: (/** @type {string} */ _, /** @type {string} */ name) => new FakeElement(name),
    },
    HTMLInputElement: class {},
  });
}
