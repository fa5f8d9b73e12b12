import { downloadReasons } from './downloads';
import { whyNoCallback, whyNoPause } from '../../../../nodes/shared/waiting/park';
import { REUSED_TASK } from '../../../../nodes/shared/waiting/parkUntilCallback';
import { pollingInstead } from '../../../../nodes/shared/waiting/pollingInstead';
import { contextWith } from '../context';
import type { Entry, Section } from '../entry';
import { createHints } from './create';
import { elementHints } from './elements';
import { checkUrl } from './images';

type Given = Parameters<typeof contextWith>[0];

function noPause(when: string, given: Given): Entry {
	return { when, show: () => pollingInstead(whyNoPause(contextWith(given)) ?? '') };
}

function noCallback(when: string, resumeUrl?: string): Entry {
	const given = resumeUrl === undefined ? {} : { resumeUrl };
	return { when, show: () => pollingInstead(whyNoCallback(contextWith(given), false) ?? '') };
}

function unchecked(when: string, given: Given): Entry {
	const parameters = { imageSource: 'url', imageUrl: 'https://example.com/front.jpg' };
	return { when, show: async () => await checkUrl(contextWith({ parameters, ...given })) };
}

export const hints: Section = {
	heading: 'Hints above the output',
	isTable: true,
	about:
		'n8n shows the hints of a paused execution while it waits. It drops them when the execution resumes.',
	entries: [
		...createHints,
		...elementHints,
		{
			when: 'A pause, if the task exists already and another execution created it.',
			show: () => pollingInstead(REUSED_TASK),
		},
		noCallback('A pause, if n8n has no HTTPS address.', 'http://n8n.example.com/webhook-waiting/5'),
		noCallback(
			"A pause, if n8n's address is in a private network.",
			'https://192.168.0.10/webhook-waiting/5',
		),
		noCallback(
			"A pause, if n8n's address is its own machine.",
			'https://localhost:5678/webhook-waiting/5',
		),
		noCallback('A pause, if n8n has no address.'),
		{
			when: 'A pause, with the workflow setting binaryMode: combined.',
			show: () => {
				const resumeUrl = 'https://n8n.example.com/webhook-waiting/5';
				const context = contextWith({ resumeUrl, binaryMode: 'combined' });
				return pollingInstead(whyNoCallback(context, false) ?? '');
			},
		},
		noPause('A pause, as the tool of an AI agent.', { isTool: true }),
		noPause("A pause, on n8n's new engine.", { engineType: 'v2' }),
		unchecked('With Check Image URL, if the server does not answer n8n.', {}),
		unchecked('With Check Image URL, if the server refuses n8n.', {
			answer: { statusCode: 403, headers: {} },
		}),
		unchecked('With Check Image URL, if the server redirects too often.', {
			answer: { statusCode: 302, headers: { location: 'https://example.com/front.jpg' } },
		}),
	],
};

export const downloads: Section = {
	heading: 'Images that were not downloaded',
	isTable: true,
	about: 'In `download_error` of an image, or as `reason` in `download_errors` of a task.',
	entries: downloadReasons,
};
