import { LosslessNumber, parse } from 'lossless-json';

import { parseWithIds } from '../../../../../nodes/shared/transport/parseJson';
import { seededRandom } from '../../../../kling';
import { WHOLE_TASK } from '../../../../support/parameters';
import { useStage } from '../../../../support/stage';
import { told } from './told';

const stage = useStage({ mode: 'manual' });

beforeEach(() => stage.kling.reset());

/** More than a number of JavaScript holds: both would end in other digits. */
const TASK_ID = '9007199254740993';
const ELEMENT_ID = '867283741759111203';

it.each([
	[`{"task_id":${TASK_ID}}`, { task_id: TASK_ID }],
	[`{"element_id" : ${ELEMENT_ID} }`, { element_id: ELEMENT_ID }],
	[`[{"task_id":\n\t${TASK_ID}\n},{"element_id":5}]`, [{ task_id: TASK_ID }, { element_id: '5' }]],
	[
		`{"data":{"elements":[{"element_id":${ELEMENT_ID}}]}}`,
		{ data: { elements: [{ element_id: ELEMENT_ID }] } },
	],
	['{"task_id":-7,"element_id":0}', { task_id: '-7', element_id: '0' }],
	['{"task_id":"5","element_id":null}', { task_id: '5', element_id: null }],
	['{"task_id":1.5,"element_id":2e3}', { task_id: 1.5, element_id: 2000 }],
	['{"task_ids":5,"my_task_id":6,"created_at":7}', { task_ids: 5, my_task_id: 6, created_at: 7 }],
	['{"a":"\\\\","task_id":5}', { a: '\\', task_id: '5' }],
	['{"a":"\\"task_id\\":5,"}', { a: '"task_id":5,' }],
	['{"a":"\\\\\\"task_id\\":5,"}', { a: '\\"task_id":5,' }],
	['{"\\"task_id":5}', { '"task_id': 5 }],
	['["task_id",5]', ['task_id', 5]],
	['5', 5],
])('%s', (text, expected) => {
	expect(parseWithIds(text)).toEqual(expected);
});

it.each(['', 'text', '{"task_id":5', '{"task_id":5}}', '{"task_id":05}', '<html>'])(
	'%j is no JSON',
	(text) => {
		expect(parseWithIds(text)).toBeUndefined();
	},
);

it('reads 3,000 random texts as lossless-json does', () => {
	const random = seededRandom(20_261_126);
	let ids = 0;
	for (let round = 0; round < 3_000; round++) {
		const text = randomJson(random, 4);
		const expected = parse(text, (key, value) => {
			if (!(value instanceof LosslessNumber)) return value;
			const isId = /^(task|element)_id$/.test(key) && /^-?\d+$/.test(value.value);
			if (isId) ids++;
			return isId ? value.value : Number(value.value);
		});
		expect([text, parseWithIds(text)]).toEqual([text, expected]);
	}
	expect(ids).toBeGreaterThan(1_000);
});

it('stays quick with 10 MB that seem to begin an id again and again', () => {
	const text = JSON.stringify({ a: '"task_id":1'.repeat(600_000) });
	const startedAt = process.cpuUsage();
	expect(parseWithIds(text)).toEqual(JSON.parse(text));
	expect(process.cpuUsage(startedAt).user / 1000).toBeLessThan(1_500);
});

it('through the node: the digits of ids that came as numbers are kept', async () => {
	const task = `"task_status":"succeed","final":{"element_id":${ELEMENT_ID}}`;
	const body = `{"code":0,"data":{"task_id":${TASK_ID},${task}}}`;
	stage.kling.fault({ on: 'get', kind: 'body', body });
	const run = await stage.engine.runNode({
		parameters: { ...WHOLE_TASK, operation: 'get', taskId: TASK_ID },
	});
	expect(told(run)).toBe('');
	expect(run.items[0]?.json).toMatchObject({ task_id: TASK_ID, final: { element_id: ELEMENT_ID } });
});

const KEYS = ['task_id', 'element_id', 'id', 'task_id\\"', '\\\\', 'größe', ''];
const TEXTS = [
	'',
	'\\\\',
	'\\"task_id\\":12345678901234567890,',
	'{\\"element_id\\" : 5}',
	'\\u0041🙂',
	'task_id',
];
const NUMBERS = [
	'0',
	'-0',
	'7',
	'-12',
	'1.5',
	'2e5',
	'-3.25E-2',
	TASK_ID,
	ELEMENT_ID,
	`-${ELEMENT_ID}`,
];

type Random = () => number;

function pick(random: Random, all: readonly string[]): string {
	return all[Math.floor(random() * all.length)] ?? '';
}

function blank(random: Random): string {
	return pick(random, ['', '', '', ' ', '\n\t', '  \r\n']);
}

/** Each key at most once in an object: what holds for the second one is not defined. */
function randomJson(random: Random, depth: number): string {
	const kind = random();
	if (depth === 0 || kind < 0.4) return pick(random, NUMBERS);
	if (kind < 0.55) return `"${pick(random, TEXTS)}"`;
	if (kind < 0.6) return pick(random, ['null', 'true', 'false']);
	const keys = KEYS.filter(() => random() < 0.4);
	const members = keys.map((key) => {
		const value = `${blank(random)}${randomJson(random, depth - 1)}${blank(random)}`;
		return kind < 0.7 ? value : `${blank(random)}"${key}"${blank(random)}:${value}`;
	});
	return kind < 0.7 ? `[${members.join(',')}]` : `{${members.join(',')}}`;
}
