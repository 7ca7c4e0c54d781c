import type { Slot } from './capture-api.js';

/** Addresses of the photos taken in this page, for showing them. The service never gives a photo back to the learner. */
export interface Previews {
  get(slot: Slot): string | undefined;
  set(slot: Slot, photo: Blob): void;
  forget(slot: Slot): void;
  forgetAll(): void;
}

export function makePreviews(): Previews {
  const addresses = new Map<Slot, string>();
  const forget = (slot: Slot) => {
    const address = addresses.get(slot);
    if (address !== undefined) URL.revokeObjectURL(address);
    addresses.delete(slot);
  };
  return {
    get: (slot) => addresses.get(slot),
    set(slot, photo) {
      forget(slot);
      addresses.set(slot, URL.createObjectURL(photo));
    },
    forget,
    forgetAll() {
      for (const slot of [...addresses.keys()]) forget(slot);
    },
  };
}
