import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { EMPTY_RANGE, makeMerkleTree } from '../../src/domain/merkle.js';
import { rootByPath } from '../support/inclusion.js';

const sha256 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const tree = makeMerkleTree(sha256);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leavesOf = (contents: readonly string[]) =>
  contents.map((content) => tree.leaf(new Uint8Array(Buffer.from(content, 'hex'))));

/** The tree hash by its recursive definition (RFC 9162, 2.1.1), to hold the incremental one against. */
function rootByDefinition(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (!first) return sha256();
  if (leaves.length === 1) return first;
  const split = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(
    Uint8Array.of(1),
    rootByDefinition(leaves.slice(0, split)),
    rootByDefinition(leaves.slice(split)),
  );
}

/** The contents that implementations of RFC 6962 are tried on, and the root after each of them. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['', '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
  ['00', 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  ['10', 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
  ['2021', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'],
  ['3031', '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
  ['40414243', '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef'],
  ['5051525354555657', 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
  ['606162636465666768696a6b6c6d6e6f', '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
];

const hashes = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 70 });

describe('the Merkle tree', () => {
  it('has the empty hash where it has no leaf', () => {
    expect(hex(tree.root(EMPTY_RANGE))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('has the known roots of RFC 6962', () => {
    for (const [index, [, root]] of KNOWN.entries()) {
      const leaves = leavesOf(KNOWN.slice(0, index + 1).map(([content]) => content));
      expect(hex(tree.root(tree.append(EMPTY_RANGE, leaves)))).toBe(root);
    }
  });

  it('has the root of the definition, in however many parts it grew', () => {
    fc.assert(
      fc.property(hashes, fc.array(fc.nat({ max: 70 })), (leaves, cuts) => {
        const ends = [...cuts.filter((cut) => cut < leaves.length), leaves.length].sort((a, b) => a - b);
        const grown = ends.reduce(
          (range, end) => tree.append(range, leaves.slice(range.size, end)),
          EMPTY_RANGE,
        );
        expect(grown.size).toBe(leaves.length);
        expect(hex(tree.root(grown))).toBe(hex(rootByDefinition(leaves)));
      }),
    );
  });

  it('keeps one hash for each bit of its size', () => {
    fc.assert(
      fc.property(hashes, (leaves) => {
        const bits = leaves.length.toString(2).replaceAll('0', '').length;
        expect(tree.append(EMPTY_RANGE, leaves).roots).toHaveLength(bits);
      }),
    );
  });

  it('leaves the range that it goes on from as it was', () => {
    const before = tree.append(EMPTY_RANGE, leavesOf(['00', '10', '20']));
    const copy = before.roots.map(hex);
    tree.append(before, leavesOf(['30', '40']));
    expect(before.roots.map(hex)).toEqual(copy);
  });

  it('proves each new leaf, and no other leaf or place', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
          minLength: 1,
          maxLength: 70,
          selector: hex,
        }),
        fc.nat({ max: 69 }),
        (leaves, cut) => {
          const before = tree.append(EMPTY_RANGE, leaves.slice(0, cut % leaves.length));
          const added = leaves.slice(before.size);
          const root = hex(tree.root(tree.append(before, added)));
          const prove = tree.prover(before, added);
          for (const [offset, leaf] of added.entries()) {
            const index = before.size + offset;
            const reached = rootByPath(leaf, index, leaves.length, prove(index));
            expect(reached && hex(reached)).toBe(root);
            const other = leaves[(index + 1) % leaves.length];
            if (!other || leaves.length === 1) continue;
            const forged = rootByPath(other, index, leaves.length, prove(index));
            expect(forged && hex(forged)).not.toBe(root);
          }
        },
      ),
    );
  });
});
