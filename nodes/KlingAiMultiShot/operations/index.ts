import { create } from './create/create';
import { get } from './get';
import { list } from './list';
import type { Operation, Work } from '../../shared/run/operation';
import { wait } from './wait';

export type { Operation, Work };

/** In the order of the alphabet, as n8n wants its menus. */
export const operations: Operation[] = [create, get, list, wait];
