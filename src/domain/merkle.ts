/** SHA-256 over its parts, one behind the other. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/**
 * All of a tree that is needed to go on with it: the hashes of the perfect subtrees it consists of, largest first. There is one for each
 * bit that is set in its size.
 */
export interface CompactRange {
  /** Leaves of the tree. */
  readonly size: number;
  readonly roots: readonly Uint8Array[];
}

/** Whether there are as many subtrees as the size says. */
export const isWhole = ({ size, roots }: CompactRange): boolean =>
  roots.length === size.toString(2).replaceAll('0', '').length;

export const EMPTY_RANGE: CompactRange = { size: 0, roots: [] };

/** Tell a leaf from an inner node, so that neither can pass for the other. */
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The largest power of two that is not above `size`: how many leaves its first perfect subtree has. */
const largestPower = (size: number): number => {
  let power = 1;
  while (power * 2 <= size) power *= 2;
  return power;
};
/** Where a tree of more than one leaf is split: its left part is perfect and at least as large as the right. */
const splitOf = (size: number): number => largestPower(size - 1);

/** The Merkle tree of RFC 9162, section 2.1 (as RFC 6962), over a hash function that is handed in. Hashes are 32 bytes. */
export function makeMerkleTree(sha256: Sha256) {
  const node = (left: Uint8Array, right: Uint8Array) => sha256(NODE, left, right);

  return {
    /** The hash of a leaf with that content. */
    leaf: (content: Uint8Array): Uint8Array => sha256(LEAF, content),

    /** Puts leaves behind those that a tree has. Costs as many hashes as there are new leaves, however large the tree is. */
    append(range: CompactRange, leaves: readonly Uint8Array[]): CompactRange {
      const roots = [...range.roots];
      let { size } = range;
      for (const leaf of leaves) {
        let hash = leaf;
        // Each 1 at the end of the size in binary is a subtree as large as what is being put beside it.
        for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
          const left = roots.pop();
          if (!left) throw new Error('range_invalid');
          hash = node(left, hash);
        }
        roots.push(hash);
        size++;
      }
      return { size, roots };
    },

    /** The tree hash (RFC 9162, 2.1.1). */
    root({ roots }: CompactRange): Uint8Array {
      return roots.length === 0 ? sha256() : roots.reduceRight((right, left) => node(left, right));
    },

    /**
     * Inclusion proofs (RFC 9162, 2.1.3) for leaves that were put behind `before`, in the tree that they made with it.
     *
     * @returns takes the index of a leaf in that whole tree, not below `before.size`; gives the hashes beside its way, lowest first
     */
    prover(before: CompactRange, leaves: readonly Uint8Array[]): (index: number) => readonly Uint8Array[] {
      const known = new Map<string, Uint8Array>();
      let begin = 0;
      for (const hash of before.roots) {
        const length = largestPower(before.size - begin);
        known.set(`${begin}+${length}`, hash);
        begin += length;
      }
      const hashOf = (start: number, length: number): Uint8Array => {
        const name = `${start}+${length}`;
        const found = known.get(name) ?? (length === 1 ? leaves[start - before.size] : undefined);
        if (found) return found;
        const left = splitOf(length);
        const hash = node(hashOf(start, left), hashOf(start + left, length - left));
        known.set(name, hash);
        return hash;
      };
      const pathOf = (index: number, start: number, length: number): readonly Uint8Array[] => {
        if (length === 1) return [];
        const left = splitOf(length);
        return index < start + left
          ? [...pathOf(index, start, left), hashOf(start + left, length - left)]
          : [...pathOf(index, start + left, length - left), hashOf(start, left)];
      };
      return (index) => pathOf(index, 0, before.size + leaves.length);
    },
  };
}
