import { readPackaged } from './face-models.js';
import { makeNetworks, type Networks } from './networks.js';

/** Networks that say how a face is shown, whoever's it is. */
export type PortraitNetworks = Networks<'landmark' | 'pose' | 'eye' | 'liveness'>;

export const makePortraitNetworks = (): PortraitNetworks =>
  makeNetworks({
    landmark: () => readPackaged('landmark'),
    pose: () => readPackaged('pose'),
    eye: () => readPackaged('eye'),
    liveness: () => readPackaged('liveness'),
  });
