import type { Operation } from '../../shared/run/operation';
import { create } from './create/create';
import { get } from './get';
import { list } from './list';
import { wait } from './wait';

/** In the order of the alphabet, as n8n wants its menus. */
export const operations: Operation[] = [create, get, list, wait];
