import type { Operation } from '../../shared/run/operation';
import { create } from './create/create';
import { deleteOne } from './delete';
import { get } from './get';
import { list } from './list';

/** In the order of the alphabet, as n8n wants its menus. */
export const operations: Operation[] = [create, deleteOne, get, list];
