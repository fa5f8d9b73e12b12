import type { Operation } from '../../shared/run/operation';
import { create } from './create/create';
import { deleteOne } from './delete';
import { get } from './get';
import { list } from './list';

/** Alphabetical, as n8n requires of its menus. */
export const operations: Operation[] = [create, deleteOne, get, list];
