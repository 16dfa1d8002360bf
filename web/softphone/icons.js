/** The icons of the softphone, drawn for it; 24 × 24. */

const SVG = 'http://www.w3.org/2000/svg';

/** @type {Record<string, string>} name → path */
const PATHS = {
  phone:
    'M6.6 2.5 9.7 6 8.4 9.3c1.2 2.7 3.6 5.1 6.3 6.3l3.3-1.3 3.5 3.1-1.2 3.6c-.2.5-.7.9-1.3.8C10.6 21 3 13.4 2.2 5c0-.6.3-1.1.8-1.3z',
  hangup:
    'M2 14.8c-.8-4.5 4.3-7.3 10-7.3s10.8 2.8 10 7.3l-.5 1.7-5.2-.7-.8-3.3a16 16 0 0 0-7 0l-.8 3.3-5.2.7z',
  mic: 'M12 2a3.5 3.5 0 0 1 3.5 3.5v6a3.5 3.5 0 0 1-7 0v-6A3.5 3.5 0 0 1 12 2zM5 10.5h2v1a5 5 0 0 0 10 0v-1h2v1a7 7 0 0 1-6 6.9V21h3v2H8v-2h3v-2.6a7 7 0 0 1-6-6.9z',
  hold: 'M6 4h4v16H6zM14 4h4v16h-4z',
  record:
    'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2.2a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6zM12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
  keypad:
    'M4 3h4v4H4zM10 3h4v4h-4zM16 3h4v4h-4zM4 10h4v4H4zM10 10h4v4h-4zM16 10h4v4h-4zM4 17h4v4H4zM10 17h4v4h-4zM16 17h4v4h-4z',
  person: 'M12 3a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM3 21c0-5 4-7.5 9-7.5s9 2.5 9 7.5z',
  transfer:
    'M9 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM1 20c0-4.5 3.5-7 8-7s8 2.5 8 7zM18 4h2v3h3v2h-3v3h-2V9h-3V7h3z',
  merge: 'M6 3h2.2l5 6.5L18.2 3H20.5v2.5l-6.3 7.5V21h-2.4v-8L5.5 5.5V3z',
  swap: 'M8 3 3 8l5 5V9.5h13v-3H8zM16 11v3.5H3v3h13V21l5-5z',
  remove: 'M5 5l2-2 5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5z',
  queue: 'M3 5h18v3H3zM3 10.5h18v3H3zM3 16h12v3H3z',
  flow: 'M4 3h7v5H8.5v3H15V9h6v6h-6v-2H8.5v3H11v5H4v-5h2.5V8H4z',
  book: 'M5 2h13a2 2 0 0 1 2 2v18H6.5A2.5 2.5 0 0 1 4 19.5V3a1 1 0 0 1 1-1zm2 15v3h11v-3zM9 6v2h7V6zm0 4v2h5v-2z',
  supervisor:
    'M12 3a9 9 0 0 0-9 9v6a2 2 0 0 0 2 2h3v-8H5a7 7 0 0 1 14 0h-3v8h3a2 2 0 0 0 2-2v-6a9 9 0 0 0-9-9z',
  message: 'M3 4h18v13H9l-5 4v-4H3z',
  work: 'M9 3h6a2 2 0 0 1 2 2v2h4v13H3V7h4V5a2 2 0 0 1 2-2zm0 2v2h6V5z',
  settings:
    'M10 2h4l.6 3 2 .9 2.6-1.7 2.8 2.8-1.7 2.6.9 2 3 .6v4l-3 .6-.9 2 1.7 2.6-2.8 2.8-2.6-1.7-2 .9-.6 3h-4l-.6-3-2-.9-2.6 1.7L2 20.4l1.7-2.6-.9-2L0 15.2v-4l3-.6.9-2L2 6l2.8-2.8L7.4 4.9l2-.9zm2 7a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
};

/** Puts the icons into the page, so that `<use href="#icon-…">` finds them. */
export function installIcons() {
  const sprite = document.createElementNS(SVG, 'svg');
  sprite.setAttribute('hidden', '');
  sprite.setAttribute('aria-hidden', 'true');
  for (const [name, path] of Object.entries(PATHS)) {
    const symbol = document.createElementNS(SVG, 'symbol');
    symbol.id = `icon-${name}`;
    symbol.setAttribute('viewBox', '0 0 24 24');
    const drawing = document.createElementNS(SVG, 'path');
    drawing.setAttribute('d', path);
    symbol.append(drawing);
    sprite.append(symbol);
  }
  document.body.prepend(sprite);
}
