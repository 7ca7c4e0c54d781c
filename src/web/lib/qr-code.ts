import { encode } from 'uqr';

const SVG = 'http://www.w3.org/2000/svg';
/** The empty margin that readers look for around a code, in modules (ISO/IEC 18004). */
const QUIET_ZONE = 4;

/**
 * Draws `text` as a QR code that assistive technology knows by `name`. Dark on light in every colour scheme, for not every reader takes it
 * the other way round; with attributes only, since the content security policy allows no style in place.
 */
export function qrCode(text: string, name: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE });
  const modules = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  const image = shape('svg', {
    class: 'qr',
    role: 'img',
    'aria-label': name,
    viewBox: `0 0 ${size} ${size}`,
    'shape-rendering': 'crispEdges',
  });
  image.append(
    shape('rect', { width: String(size), height: String(size), fill: '#fff' }),
    shape('path', { d: modules.join(''), fill: '#000' }),
  );
  return image;
}

function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
