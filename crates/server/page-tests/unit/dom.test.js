// Elements. Text never becomes markup, here and in any file of the page.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { fakeDocument } from "../support/document.js";
import { fill, h, svg } from "../../page/js/dom.js";

fakeDocument();

/** @param {unknown} element */
const seen = (element) => /** @type {import("../support/document.js").FakeElement} */ (element);

const HOSTILE = '<img src=x onerror="alert(1)">';

test("text stays text, as a child, in a list and in an attribute", () => {
  const element = seen(h("p", { title: HOSTILE, data: { name: HOSTILE } }, HOSTILE, [HOSTILE, h("b", null, HOSTILE)]));
  assert.equal(element.textContent, HOSTILE.repeat(3));
  assert.deepEqual(element.childNodes.slice(0, 2), [HOSTILE, HOSTILE]);
  assert.equal(element.attributes.get("title"), HOSTILE);
  assert.equal(element.dataset["name"], HOSTILE);
});

test("what is not there makes no child and no attribute, and zero is there", () => {
  const element = seen(h("p", { title: null, hidden: false, lang: undefined, inert: true }, null, undefined, false, 0, ""));
  assert.deepEqual(element.childNodes, ["0", ""]);
  assert.deepEqual([...element.attributes], [["inert", ""]]);
});

test("classes, listeners and styles are set one by one", () => {
  const click = () => {};
  const element = seen(h("button", { class: "a b", on: { click }, style: { width: "5px" } }));
  assert.equal(element.className, "a b");
  assert.equal(element.listeners.get("click"), click);
  assert.deepEqual(element.styles, { width: "5px" });
  assert.equal(element.attributes.size, 0);
});

test("filling an element takes away what it held", () => {
  const element = h("p", null, "before");
  fill(element, "after", null, [h("b", null, "!")]);
  assert.equal(element.textContent, "after!");
});

test("drawings take attributes as they are named", () => {
  const drawing = seen(svg("path", { d: "M0 0", "stroke-width": 2 }, HOSTILE));
  assert.equal(drawing.attributes.get("stroke-width"), "2");
  assert.deepEqual(drawing.childNodes, [HOSTILE]);
});

test("no file of the page has a way to make markup or code of text", () => {
  const page = new URL("../../page/js/", import.meta.url);
  const ways = /\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|\beval\(|new Function\(|srcdoc|javascript:/;
  const files = readdirSync(page, { recursive: true }).map(String).filter((name) => name.endsWith(".js"));
  assert.ok(files.length > 10);
  assert.deepEqual(files.filter((name) => ways.test(readFileSync(new URL(name, page), "utf8"))), []);
});
