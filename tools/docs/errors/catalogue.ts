import { create } from './entries/create';
import { credentials } from './entries/credential';
import { elements } from './entries/elements';
import { downloads, hints } from './entries/hints';
import { images } from './entries/images';
import { codes, network } from './entries/kling';
import { parameters } from './entries/parameters';
import { wait } from './entries/wait';
import type { Section } from './entry';

/** Every error and hint that a user can meet, once. */
export const CATALOGUE: Section[] = [
	images,
	parameters,
	create,
	wait,
	elements,
	codes,
	network,
	credentials,
	hints,
	downloads,
];
