import type { Operation } from '../../shared/run/operation';
import { create } from './create/create';
import { get } from './get';
import { list } from './list';
import { wait } from './wait';

/** Alphabetical, as n8n requires of its menus. */
export const operations: Operation[] = [create, get, list, wait];
