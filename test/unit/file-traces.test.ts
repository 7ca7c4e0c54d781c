import sharp from 'sharp';
import { saysAltered } from '../../src/adapters/images/file-traces.js';

const picture = () => sharp({ create: { width: 40, height: 40, channels: 3, background: '#8a6d5c' } });
const withExif = (words: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  picture().withExif(words).jpeg().toBuffer();
const withXmp = (words: string) =>
  picture()
    .withXmp(
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ${words}/></rdf:RDF></x:xmpmeta>`,
    )
    .jpeg()
    .toBuffer();

describe('what a file says of where it comes from', () => {
  it.each([
    ['an editor', withExif({ IFD0: { Software: 'Adobe Photoshop 25.9 (Windows)' } })],
    [
      'another editor, in a PNG',
      picture()
        .withExif({ IFD0: { Software: 'GIMP 2.10.36' } })
        .png()
        .toBuffer(),
    ],
    ['a generator’s settings', withExif({ IFD2: { UserComment: 'a man, Steps: 30, Sampler: DPM++ 2M' } })],
    ['a virtual camera', withExif({ IFD0: { Software: 'ManyCam' } })],
    [
      'the mark of generated media',
      withXmp(
        'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"',
      ),
    ],
  ])('is noticed: %s', async (_from, file) => {
    expect(await saysAltered(await file)).toBe(true);
  });

  it.each([
    ['a telephone', withExif({ IFD0: { Make: 'Apple', Model: 'iPhone 15', Software: '18.1' } })],
    ['another telephone', withExif({ IFD0: { Make: 'samsung', Software: 'S901BXXU9EXE1' } })],
    ['a browser’s canvas', picture().jpeg().toBuffer()],
    ['a messenger', picture().webp().toBuffer()],
    [
      'a camera that writes a date in the words of an editor’s maker',
      withXmp('xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:DateCreated="2026-05-01"'),
    ],
    ['nothing that can be read', Promise.resolve(Buffer.from('Adobe Photoshop'))],
  ])('is not suspected: %s', async (_from, file) => {
    expect(await saysAltered(await file)).toBe(false);
  });

  it('is understood in two bytes a character', async () => {
    const words = Buffer.from('Steps: 20, Sampler: Euler', 'utf16le');
    const block = Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'), words]);
    const marker = Buffer.from([0xff, 0xe1, 0, block.length + 2]);
    const jpeg = await picture().jpeg().toBuffer();
    const file = Buffer.concat([jpeg.subarray(0, 2), marker, block, jpeg.subarray(2)]);
    expect(await saysAltered(file)).toBe(true);
  });
});
