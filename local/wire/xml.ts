/** Text as XML content. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An element that holds text. */
export function element(name: string, value: unknown): string {
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** What stands inside a document's root element. */
export function innerXml(document: string): string {
  const open = document.indexOf('>');
  return document[open - 1] === '/' ? '' : document.slice(open + 1, document.lastIndexOf('</'));
}
