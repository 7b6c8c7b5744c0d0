// Style sheets under a policy that allows neither style elements nor a nonce in kept pages.
// style-mod writes a <style> into documents; a sheet that script constructs and the document
// adopts is no inline style, so `style-src 'self'` lets it pass (CSSOM; Constructable Stylesheets).

import { StyleModule } from "style-mod";

const sheets = new Map(); // module → its sheet

const sheetOf = (module) => {
  if (!sheets.has(module)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(module.getRules());
    sheets.set(module, sheet);
  }
  return sheets.get(module);
};

// Later modules take precedence over earlier ones, as later sheets do.
export const adoptStyles = () => {
  StyleModule.mount = (root, modules) => {
    const ours = [modules].flat().map(sheetOf);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((one) => !ours.includes(one)), ...ours];
  };
};
