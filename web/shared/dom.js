/** Small helpers around the DOM; every page uses these instead of a framework. */

/**
 * The element with this id, checked to be of the expected class.
 *
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} type
 * @returns {E}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} with the id "${id}"`);
  }
  return found;
}

/**
 * The first element inside `root` that matches, checked to be of the expected class.
 *
 * @template {Element} E
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => E} type
 * @returns {E}
 */
export function within(root, selector, type) {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) {
    throw new Error(`Nothing of class ${type.name} matches "${selector}"`);
  }
  return found;
}

/**
 * A new element. A function becomes the listener of the event named by its key, `true` an empty
 * attribute, `false`, null and undefined nothing, everything else an attribute.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      made.addEventListener(name, /** @type {EventListener} */ (value));
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  made.append(...children);
  return made;
}

const SVG = 'http://www.w3.org/2000/svg';

/**
 * A decorative icon out of the page's own sprite.
 *
 * @param {string} name the part of the symbol's id after "icon-"
 * @returns {SVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Writes text only when it differs, so that live regions and selections are left in peace.
 *
 * @param {Element} target
 * @param {string} text
 */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

/**
 * Whether the event was aimed at something in which the reader types.
 *
 * @param {Event} event
 * @returns {boolean}
 */
export function isTyping(event) {
  const target = event.target;
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
